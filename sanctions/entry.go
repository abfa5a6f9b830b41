package sanctions

import "time"

// A Type says what an entry is.
type Type string

// The types of an [Entry].
const (
	Individual Type = "person"
	Entity     Type = "entity"
	Vessel     Type = "vessel"
	Aircraft   Type = "aircraft"
)

// Topics of an [Entry]: what a match would mean.
const (
	TopicSanction = "sanction"
	TopicPEP      = "pep"
	TopicOther    = "other" // wanted notices, debarments and the like
)

// An Entry is one person or entity on one list, as published.
type Entry struct {
	List          string     `json:"list"`                 // list id: "un_sc", "ofac_sdn", ...
	ID            string     `json:"id"`                   // the publisher's stable id, such as "QDi.291"
	FormerIDs     []string   `json:"former_ids,omitempty"` // ids the publisher used before
	Type          Type       `json:"type"`
	Topic         string     `json:"topic,omitempty"` // one of the Topic constants
	Names         []Name     `json:"names"`           // never empty; the first is the primary name
	Births        []Date     `json:"births,omitempty"`
	BirthPlaces   []string   `json:"birth_places,omitempty"`
	Nationalities []string   `json:"nationalities,omitempty"` // ISO 3166-1 alpha-3, or as printed where it is no country we know
	Sexes         []string   `json:"sexes,omitempty"`         // M, F
	Documents     []Document `json:"documents,omitempty"`
	Addresses     []string   `json:"addresses,omitempty"`
	Programs      []string   `json:"programs,omitempty"`
	ListedOn      string     `json:"listed_on,omitempty"` // YYYY-MM-DD
	Remarks       string     `json:"remarks,omitempty"`
	SourceURL     string     `json:"source_url,omitempty"`
}

// A NameKind says how an entry came by a name.
type NameKind string

// The kinds of a [Name].
const (
	Primary  NameKind = "primary"
	Alias    NameKind = "aka"
	Former   NameKind = "fka"
	Original NameKind = "original" // the name in its own script
)

// A Name is one spelling of an entry's name. Full is always set; the parts only where the list gives
// them. In UN lists the parts are positions, not given and family name, so only Full is set there.
type Name struct {
	Full       string   `json:"full"`
	Given      string   `json:"given,omitempty"`
	Middle     string   `json:"middle,omitempty"`
	Patronymic string   `json:"patronymic,omitempty"`
	Family     string   `json:"family,omitempty"`
	Title      string   `json:"title,omitempty"` // not part of Full
	Kind       NameKind `json:"kind"`
	Weak       bool     `json:"weak,omitempty"`   // a low quality alias
	Script     string   `json:"script,omitempty"` // ISO 15924, such as "Latn", "Arab"
}

// A Day is a civil day. The zero Day is unknown.
type Day struct {
	Year  int16 `json:"y"`
	Month int8  `json:"m"`
	Day   int8  `json:"d"`
}

// A Date is a date as far as a list knows it: the span From..To, both inclusive. An exact day has
// From == To; "1962" is 1962-01-01..1962-12-31; a month is its first to its last day.
type Date struct {
	From  Day    `json:"from"`
	To    Day    `json:"to"`
	Circa bool   `json:"circa,omitempty"`
	Text  string `json:"text,omitempty"` // as printed, where the span does not say it all (a Hijri date, a note)
}

// A Document is an identity document of an entry.
type Document struct {
	Kind    string `json:"kind,omitempty"` // as printed: "Passport", "National ID No."
	Number  string `json:"number"`
	Country string `json:"country,omitempty"` // ISO 3166-1 alpha-3, or as printed
	Note    string `json:"note,omitempty"`    // "fraudulent", "expired" and the like
}

// A List is one published list in one version.
type List struct {
	ListInfo
	Content  string    // SHA-256 of what was read, unpacked: the same however the file is compressed
	Records  []Entry   // in the publisher's order
	Problems []Problem // records that were left out or taken in part, the first maxProblems
	Unsaid   int       // how many more there were
}

// Troubled is how many problems the list has in all.
func (l List) Troubled() int { return len(l.Problems) + l.Unsaid }

// ListInfo names a version of a list; it stands on every result that the list gave.
type ListInfo struct {
	ID        string    `json:"id"`                  // "un_sc"
	Format    string    `json:"format,omitempty"`    // "un-xml", "ofac-sdn-xml", ...
	Version   string    `json:"version"`             // what the publisher calls it, else the date
	Published time.Time `json:"published,omitzero"`  // zero where the file does not say
	Fetched   time.Time `json:"fetched_at,omitzero"` // when we took it in; set by the caller
	SHA256    string    `json:"sha256"`              // of the raw file, hex; set by the caller
	Entries   int       `json:"entries"`
}

// A Problem is a record that a reader could not take as it stands.
type Problem struct {
	Line   int    `json:"line,omitempty"`   // 1-based, for formats of lines
	Offset int64  `json:"offset,omitempty"` // bytes into the decompressed file, for XML
	Entry  string `json:"entry,omitempty"`  // id of the entry, where it was read
	Text   string `json:"text"`
}
