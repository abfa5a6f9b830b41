package session

import (
	"maps"
	"slices"
	"time"
)

// A Company is whose customers are verified.
type Company struct {
	Slug      string    `json:"slug"` // a-z, 0-9 and -, at most 40
	Name      string    `json:"name"`
	Version   int       `json:"version"` // counts changes of the settings; sessions name the one that decided them
	Settings  Settings  `json:"settings"`
	Revision  Revision  `json:"revision"` // of this version
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// A Revision says who made a version of a company's settings, why, and what it changed; the version's
// UpdatedAt says when.
type Revision struct {
	By     string   `json:"by,omitempty"`     // "member:<id>"
	Name   string   `json:"name,omitempty"`   // of the actor, to show
	Reason string   `json:"reason,omitempty"` //
	Fields []string `json:"fields,omitempty"` // that differ from the version before
}

// Settings are the rules of a company. [DefaultSettings] says what each is unless changed.
type Settings struct {
	AwaitingAction    bool                `json:"awaiting_action"`              // off: what would be reviewed is rejected
	ReviewRejections  bool                `json:"review_rejections"`            // on: a human looks before a rule rejects
	ReviewAll         bool                `json:"review_all"`                   // a human looks at every document
	MinFaceMatch      int                 `json:"min_face_match"`               // 1 to 7
	MinConfidence     int                 `json:"min_match_confidence"`         // 0 to 100, where the face match is 2D and gives no level
	LivenessRequired  bool                `json:"liveness_required"`            //
	Liveness          LivenessKind        `json:"liveness"`                     //
	FullMRZ           bool                `json:"full_mrz"`                     // off: only document number, dates and their digits count
	CompareFrontBack  bool                `json:"compare_front_back"`           // visual zone against MRZ
	MaxFrontBackEdits int                 `json:"max_front_back_edits"`         // a field
	MinimumAge        int                 `json:"minimum_age"`                  // years; 0 is off
	Severities        map[string]Severity `json:"severities,omitempty"`         // by code of a rule, where not the rule's own
	HighRisk          []HighRisk          `json:"high_risk,omitempty"`          //
	MaxAttempts       int                 `json:"max_attempts"`                 //
	MaxMinutes        int                 `json:"max_minutes"`                  // from start to finish
	Support           string              `json:"support,omitempty"`            // e-mail address or page that applicants are sent to for help
	Documents         []DocumentType      `json:"documents"`                    // allowed
	FourEyes          FourEyes            `json:"four_eyes"`                    // who proposes a decision does not approve it
	Screen            bool                `json:"screen"`                       // against sanctions lists
	Threshold         float64             `json:"threshold,omitempty"`          // 0: the matcher's default
	WeakMuted         []string            `json:"weak_aliases_muted,omitempty"` // lists whose weak aliases alone raise no alert
	Extra             []ExtraField        `json:"extra,omitempty"`              //
	Tags              []OwnTag            `json:"tags,omitempty"`               // rejection sub-groups beside the built-in ones
	PhotoDays         int                 `json:"photo_days"`                   // kept after the decision; 0 is for ever
	RecordDays        int                 `json:"record_days"`                  //
	EarlyErasure      bool                `json:"early_erasure"`                // a master may erase a session before its date
	Colour            string              `json:"colour,omitempty"`             // #rrggbb, the accent of pages and PDF
	Logo              []byte              `json:"logo,omitempty"`               // PNG or JPEG, at most 200 KB
	PDFHeader         string              `json:"pdf_header,omitempty"`         // a line under the company's name
	PDFFooter         string              `json:"pdf_footer,omitempty"`         // a line on every page
}

// A LivenessKind is the liveness check that a company asks for.
type LivenessKind string

// The values of [LivenessKind].
const (
	LivenessEither LivenessKind = "either"
	Liveness2D     LivenessKind = "2d"
	Liveness3D     LivenessKind = "3d"
)

// takes reports whether a check of this type is good enough; "" is not known. Settings that were stored
// before there was a choice ask for either.
func (k LivenessKind) takes(kind string) bool {
	return k == "" || k == LivenessEither || kind == "" || kind == string(k)
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
	InLists    bool     `json:"in_lists,omitempty"` // shown as a column of the list of sessions
	Hidden     bool     `json:"hidden,omitempty"`   // no longer asked for; what was answered stays
}

// DefaultSettings are those of a new company.
func DefaultSettings() Settings {
	return Settings{
		AwaitingAction: true, MinFaceMatch: 4, MinConfidence: 80, LivenessRequired: true, Liveness: LivenessEither, FullMRZ: true,
		CompareFrontBack: true, MaxFrontBackEdits: 2, MinimumAge: 18, FourEyes: FourEyesOff, MaxAttempts: 3, MaxMinutes: 20,
		Documents: slices.Clone(DocumentTypes), Screen: true, RecordDays: 5 * 365, PhotoDays: 5 * 365, Colour: "#2457c5",
	}
}

// NewCompany returns a company with default settings, to be stored with SaveCompany.
func NewCompany(slug, name string, now time.Time) Company {
	return Company{Slug: slug, Name: name, Settings: DefaultSettings(), CreatedAt: now, UpdatedAt: now}
}

// SetSeverity sets what a rule calls for; the rule's own severity is not kept.
func (c *Company) SetSeverity(rule string, severity Severity) {
	all := maps.Clone(c.Settings.Severities)
	if all == nil {
		all = map[string]Severity{}
	}
	all[rule] = severity
	maps.DeleteFunc(all, func(code string, s Severity) bool {
		return slices.ContainsFunc(Rules, func(r Rule) bool { return r.Code == code && r.Severity == s })
	})
	c.Settings.Severities = all
	if len(all) == 0 {
		c.Settings.Severities = nil
	}
}
