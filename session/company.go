package session

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Company is whose customers are verified.
type Company struct {
	Slug      string    `json:"slug"` // a-z, 0-9 and -, at most 40
	Name      string    `json:"name"`
	Version   int       `json:"version"` // counts changes of the settings; sessions name the one that decided them
	Settings  Settings  `json:"settings"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Settings are the rules of a company. [DefaultSettings] says what each is unless changed.
type Settings struct {
	AwaitingAction    bool           `json:"awaiting_action"`      // off: what would be reviewed is rejected
	ReviewRejections  bool           `json:"review_rejections"`    // on: a human looks before a rule rejects
	ReviewAll         bool           `json:"review_all"`           // a human looks at every document
	MinFaceMatch      int            `json:"min_face_match"`       // 1 to 7
	MinConfidence     int            `json:"min_match_confidence"` // 0 to 100, where the face match is 2D and gives no level
	LivenessRequired  bool           `json:"liveness_required"`    //
	FullMRZ           bool           `json:"full_mrz"`             // off: only document number, dates and their digits count
	CompareFrontBack  bool           `json:"compare_front_back"`   // visual zone against MRZ
	MaxFrontBackEdits int            `json:"max_front_back_edits"` // a field
	ExpiredDocument   Severity       `json:"expired_document"`     // reject, review or info
	MinimumAge        int            `json:"minimum_age"`          // years; 0 is off
	UnderAge          Severity       `json:"under_age"`            //
	HighRisk          []HighRisk     `json:"high_risk,omitempty"`  //
	Duplicate         Severity       `json:"duplicate"`            // same number, another name
	MaxAttempts       int            `json:"max_attempts"`         //
	MaxMinutes        int            `json:"max_minutes"`          // from start to finish
	Documents         []DocumentType `json:"documents"`            // allowed
	FourEyes          FourEyes       `json:"four_eyes"`            // who proposes a decision does not approve it
	Screen            bool           `json:"screen"`               // against sanctions lists
	Threshold         float64        `json:"threshold,omitempty"`  // 0: the matcher's default
	SanctionsHit      Severity       `json:"sanctions_hit"`        //
	StaleLists        Severity       `json:"stale_lists"`          //
	Extra             []ExtraField   `json:"extra,omitempty"`      //
	PhotoDays         int            `json:"photo_days"`           // kept after the decision; 0 is for ever
	RecordDays        int            `json:"record_days"`          //
	Colour            string         `json:"colour,omitempty"`     // #rrggbb, the accent of pages and PDF
	Logo              []byte         `json:"logo,omitempty"`       // PNG or JPEG, at most 200 KB
}

// FourEyes says which decisions need a second member, who is never the one that proposed them.
type FourEyes string

// The values of [FourEyes].
const (
	FourEyesOff       FourEyes = "off"
	FourEyesSanctions FourEyes = "sanctions" // what concerns a sanctions hit
	FourEyesAll       FourEyes = "all"       // every decision
)

// A HighRisk country, and what a nationality or a client address there calls for ("" is nothing).
type HighRisk struct {
	Country     string   `json:"country"` // ISO 3166-1 alpha-3
	Nationality Severity `json:"nationality,omitempty"`
	ClientIP    Severity `json:"client_ip,omitempty"`
}

// An ExtraField is a question of the company's own.
type ExtraField struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	Type       string   `json:"type"` // text, number, date, choice, email, phone, boolean
	Required   bool     `json:"required,omitempty"`
	Pattern    string   `json:"pattern,omitempty"` // RE2, the whole text
	Choices    []string `json:"choices,omitempty"`
	Searchable bool     `json:"searchable,omitempty"`
}

// DefaultSettings are those of a new company.
func DefaultSettings() Settings {
	return Settings{
		AwaitingAction: true, MinFaceMatch: 4, MinConfidence: 80, LivenessRequired: true, FullMRZ: true, CompareFrontBack: true,
		MaxFrontBackEdits: 2, ExpiredDocument: Reject, MinimumAge: 18, UnderAge: Reject, Duplicate: Review,
		FourEyes: FourEyesOff, MaxAttempts: 3, MaxMinutes: 20, Documents: slices.Clone(DocumentTypes), Screen: true,
		SanctionsHit: Review, StaleLists: Review, RecordDays: 5 * 365, PhotoDays: 5 * 365, Colour: "#2457c5",
	}
}

// NewCompany returns a company with default settings, to be stored with SaveCompany.
func NewCompany(slug, name string, now time.Time) Company {
	return Company{Slug: slug, Name: name, Settings: DefaultSettings(), CreatedAt: now, UpdatedAt: now}
}

var (
	slugForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	keyForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	emailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneForm  = regexp.MustCompile(`^\+?[0-9 ()./-]{5,24}$`)
)

// Validate reports every problem of c.
func (c Company) Validate() error {
	var bad Fields
	if !slugForm.MatchString(c.Slug) {
		bad.Add("slug", "Use 1 to 40 of a-z, 0-9 and -, with a letter or digit at both ends.")
	}
	if name := strings.TrimSpace(c.Name); name == "" || utf8.RuneCountInString(name) > 120 {
		bad.Add("name", "Give a name of 1 to 120 characters.")
	}
	c.Settings.check(&bad)
	return bad.Err("session.Company")
}

func (s Settings) check(bad *Fields) {
	checkRange(bad, "min_face_match", s.MinFaceMatch, 1, 7)
	checkRange(bad, "minimum_age", s.MinimumAge, 0, 120)
	checkRange(bad, "max_attempts", s.MaxAttempts, 1, 20)
	checkRange(bad, "max_minutes", s.MaxMinutes, 1, 7*24*60)
	checkRange(bad, "max_front_back_edits", s.MaxFrontBackEdits, 0, 10)
	for field, severity := range map[string]Severity{"expired_document": s.ExpiredDocument, "under_age": s.UnderAge, "duplicate": s.Duplicate,
		"sanctions_hit": s.SanctionsHit, "stale_lists": s.StaleLists} {
		if severity == "" {
			bad.Add(field, "Use info, review or reject.")
		}
		checkSeverity(bad, field, severity)
	}
	if !slices.Contains([]FourEyes{"", FourEyesOff, FourEyesSanctions, FourEyesAll}, s.FourEyes) {
		bad.Add("four_eyes", "Use off, sanctions or all.")
	}
	for i, h := range s.HighRisk {
		field := fmt.Sprintf("high_risk[%d]", i)
		if !stateCode(h.Country) {
			bad.Add(field+".country", "Use the ISO 3166-1 alpha-3 code.")
		}
		checkSeverity(bad, field+".nationality", h.Nationality)
		checkSeverity(bad, field+".client_ip", h.ClientIP)
	}
	checkRange(bad, "photo_days", s.PhotoDays, 0, 100*366)
	checkRange(bad, "record_days", s.RecordDays, 0, 100*366)
	checkRange(bad, "min_match_confidence", s.MinConfidence, 0, 100)
	if len(s.Logo) > 200<<10 {
		bad.Add("logo", "At most 200 KB are taken.")
	}
	if s.Threshold < 0 || s.Threshold > 1 {
		bad.Add("threshold", "Use 0 (the default) to 1.")
	}
	if s.Colour != "" && !colourForm.MatchString(s.Colour) {
		bad.Add("colour", "Write a colour as #rrggbb.")
	}
	for _, d := range s.Documents {
		if !slices.Contains(DocumentTypes, d) {
			bad.Add("documents", fmt.Sprintf("%q is no document type.", d))
		}
	}
	seen := map[string]bool{}
	for i, f := range s.Extra {
		f.check(bad, fmt.Sprintf("extra[%d]", i))
		if seen[f.Key] {
			bad.Add(fmt.Sprintf("extra[%d].key", i), "Another field has this key.")
		}
		seen[f.Key] = true
	}
}

func checkSeverity(bad *Fields, field string, s Severity) {
	if s != "" && s != Info && s != Review && s != Reject {
		bad.Add(field, "Use info, review or reject.")
	}
}

func checkRange(bad *Fields, field string, n, low, high int) {
	if n < low || n > high {
		bad.Add(field, fmt.Sprintf("Use %d to %d.", low, high))
	}
}

func (f ExtraField) check(bad *Fields, field string) {
	if !keyForm.MatchString(f.Key) {
		bad.Add(field+".key", "Use a-z, 0-9 and _, with a letter first, at most 40.")
	}
	if !slices.Contains([]string{"text", "number", "date", "choice", "email", "phone", "boolean"}, f.Type) {
		bad.Add(field+".type", "Use text, number, date, choice, email, phone or boolean.")
	}
	if _, err := regexp.Compile(f.Pattern); err != nil {
		bad.Add(field+".pattern", "This is no regular expression: "+err.Error())
	}
}
