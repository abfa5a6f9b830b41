package sanctions

// A Person is who is screened. Any field may be empty; a person without a name and without a document
// number has no hits.
type Person struct {
	Full      string   // the whole name, where the parts are not known
	First     string   // given names
	Middle    string   // further given names or a patronymic
	Last      string   // family name
	Local     []string // the whole name in other scripts, as the document prints it
	Truncated bool     // the MRZ cut the name: its last token may be a prefix

	Born          Date     // zero if unknown
	BirthPlace    string   //
	Nationalities []string // ISO 3166-1 alpha-3 or alpha-2, ICAO code, or a country's name
	Sex           string   // M, F, X or empty
	Documents     []string // document and personal numbers
}

// Options of one screening.
type Options struct {
	Threshold      float64  // hits score at least this much, 0..1; 0 means DefaultThreshold
	Top            int      // at most so many hits, best first; 0 means all
	WeakNeedMore   []string // lists, or the bases of lists, whose weak aliases alone never make a hit: they need an agreeing birth date or document
	IncludeAllType bool     // entities, vessels and aircraft too; by default a person meets individuals only
}

// A Hit is an entry that a person may be, and why.
type Hit struct {
	List        string   `json:"list"`
	EntryID     string   `json:"entry_id"`
	Type        Type     `json:"type,omitempty"`
	Topic       string   `json:"topic,omitempty"`
	Name        string   `json:"name"`         // the entry's primary name
	MatchedName string   `json:"matched_name"` // the spelling that met the query best
	WeakAlias   bool     `json:"weak_alias,omitempty"`
	Score       float64  `json:"score"` // 0..1, rounded to 4 digits
	Reasons     []Reason `json:"reasons"`
	Programs    []string `json:"programs,omitempty"`
}

// A Reason is one part of a score, in words a compliance officer reads.
type Reason struct {
	Field  string  `json:"field"`           // name, birth_date, nationality, sex, place, document_number
	Kind   string  `json:"kind"`            // same, spelling, sound, initial, joined, transliterated, unmatched, year, swapped, differs, ...
	Query  string  `json:"query,omitempty"` // the part of the person
	Entry  string  `json:"entry,omitempty"` // the part of the entry that it met
	Points float64 `json:"points"`          // what it added to the score, or took when negative
	Text   string  `json:"text"`            // "MOHAMED met MUHAMMAD: another spelling of one name"
}
