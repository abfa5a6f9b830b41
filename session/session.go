package session

import (
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/mrz"
	"dossier/sanctions"
)

// An ID names a session: a ULID, whose time is when the session started, so that ids sort by time.
type ID string

// NewID returns an id for a session that started at t.
func NewID(t time.Time) ID {
	return ID(ulid.MustNew(ulid.Timestamp(t), ulid.DefaultEntropy()).String())
}

// ParseID returns the id that text spells, in capitals, or a NotFound error: an id that cannot exist
// and one that does not are the same to whoever asks.
func ParseID(text string) (ID, error) {
	u, err := ulid.ParseStrict(text)
	if err != nil {
		return "", &Error{Code: NotFound, Op: "session.ParseID", Message: "There is no such session.", Err: err}
	}
	return ID(u.String()), nil
}

// Time is when the session started, to the millisecond.
func (id ID) Time() time.Time {
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return time.Time{}
	}
	return ulid.Time(u.Time()).UTC()
}

// A Status says how far a session is.
type Status string

// The statuses of a session.
const (
	InProgress     Status = "in_progress"
	AwaitingAction Status = "awaiting_action"
	Success        Status = "success"
	Rejected       Status = "rejected"
	Expired        Status = "expired" // not finished within the company's session length
)

// Statuses lists every status in the order in which a page offers them.
var Statuses = []Status{AwaitingAction, InProgress, Success, Rejected, Expired}

// DecidedByRules is the DecidedBy of a session that no member decided.
const DecidedByRules = "rules"

// A Session is one applicant's verification, as last stored. Pointers and zero times are unknown.
type Session struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"` // counts writes; guards against lost updates
	Company   string    `json:"company"` // slug
	Reference string    `json:"reference,omitempty"`
	Locale    string    `json:"locale,omitempty"`
	Status    Status    `json:"status"`
	Verified  *bool     `json:"verified"`
	DecidedBy string    `json:"decided_by,omitempty"` // "rules" or "member:<id>"
	DecidedAt time.Time `json:"decided_at,omitzero"`

	Person       Person         `json:"person"`
	Document     Document       `json:"document"`
	Checks       Checks         `json:"checks"`
	Activity     Activity       `json:"activity"`
	Extra        map[string]any `json:"extra,omitempty"`
	Findings     []Finding      `json:"findings"`
	RulesVersion int            `json:"rules_version,omitempty"` // of the company's settings that the findings rest on
	Screening    Screening      `json:"screening"`
	// PastScreenings are earlier ones that came out otherwise, oldest first.
	PastScreenings []Screening `json:"past_screenings,omitempty"`
	Notes          []Note      `json:"notes,omitempty"`
	Tags           []string    `json:"tags,omitempty"`     // rejection sub-groups
	Proposal       *Proposal   `json:"proposal,omitempty"` // a decision that awaits approval
	Attempts       []Attempt   `json:"attempts"`
	Photos         []Photo     `json:"photos,omitempty"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Retention Retention `json:"retention"`
}

// A Person is what was read of the applicant, and where each field came from.
type Person struct {
	FirstName      string            `json:"first_name,omitempty"`
	LastName       string            `json:"last_name,omitempty"`
	DocumentNumber string            `json:"document_number,omitempty"`
	PersonalNumber string            `json:"personal_number,omitempty"`
	Sex            string            `json:"sex,omitempty"` // M, F or X
	BirthDate      Date              `json:"birth_date,omitempty"`
	ExpirationDate Date              `json:"expiration_date,omitempty"`
	Nationality    string            `json:"nationality,omitempty"` // ISO 3166-1 alpha-3 or ICAO code
	PlaceOfBirth   string            `json:"place_of_birth,omitempty"`
	Local          *LocalName        `json:"local,omitempty"`
	Sources        map[string]string `json:"sources,omitempty"` // by JSON field name: mrz, ocr, api or member
	Edits          []Edit            `json:"edits,omitempty"`
}

// FullName is first and last name as a line of text, or "".
func (p Person) FullName() string { return joinNonEmpty(" ", p.FirstName, p.LastName) }

// A LocalName is the name in the applicant's own script.
type LocalName struct {
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Lang      string `json:"lang,omitempty"` // BCP 47
}

// Full is the whole name as a line of text, or "".
func (l *LocalName) Full() string {
	if l == nil {
		return ""
	}
	return joinNonEmpty(" ", l.FirstName, l.LastName)
}

// Where a field of a [Person] came from.
const (
	FromMRZ    = "mrz"
	FromOCR    = "ocr"
	FromAPI    = "api"
	FromMember = "member"
)

// An Edit is a change that a person made to a reading. The reading itself stays here as Old.
type Edit struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Field  string    `json:"field"`
	Old    string    `json:"old"`
	New    string    `json:"new"`
	Reason string    `json:"reason,omitempty"`
}

// A DocumentType is a kind of identity document.
type DocumentType string

// The document types.
const (
	Passport        DocumentType = "passport"
	IDCard          DocumentType = "id_card"
	ResidencePermit DocumentType = "residence_permit"
	DrivingLicence  DocumentType = "driving_licence"
	Visa            DocumentType = "visa"
)

// DocumentTypes lists every type.
var DocumentTypes = []DocumentType{Passport, IDCard, ResidencePermit, DrivingLicence, Visa}

// A Document is the identity document shown, and what its machine readable zone says of itself.
type Document struct {
	Type         DocumentType `json:"type,omitempty"`
	IssuingState string       `json:"issuing_state,omitempty"`
	MRZ          []string     `json:"mrz,omitempty"`
	MRZFormat    string       `json:"mrz_format,omitempty"`
	MRZProblem   string       `json:"mrz_problem,omitempty"` // why the zone could not be read at all
	Valid        *bool        `json:"valid"`
	MRZErrors    []mrz.Error  `json:"mrz_errors,omitempty"`
	Truncated    bool         `json:"mrz_name_truncated,omitempty"` // the zone had no room for the whole name
}

// Checks are the outcomes that the capture side measured. Nil is "not performed".
type Checks struct {
	LivenessPassed    *bool    `json:"liveness_passed"`
	LivenessType      string   `json:"liveness_type,omitempty"` // 2d or 3d
	FaceMatchLevel    *int     `json:"face_match_level"`        // 1 to 7, see MatchFAR
	MatchConfidence   *float64 `json:"match_confidence"`        // 0 to 100, where 2D
	IDReal            *bool    `json:"id_real"`
	FullIDDetected    *bool    `json:"full_id_detected"`
	DocumentValid     *bool    `json:"document_valid"`
	FrontBackDistance *int     `json:"front_back_distance"` // edits between visual zone and MRZ, the worst field
	Consent           *bool    `json:"consent"`
}

// MatchFAR is the false acceptance rate of a face match level, as "1/10,000", or "" outside 1 to 7.
func MatchFAR(level int) string {
	rates := [...]string{1: "1/100", 2: "1/250", 3: "1/500", 4: "1/1,000", 5: "1/10,000", 6: "1/100,000", 7: "1/500,000"}
	if level < 1 || level >= len(rates) {
		return ""
	}
	return rates[level]
}

// An Activity says on what and when the applicant went through the steps.
type Activity struct {
	UserAgent        UserAgent `json:"user_agent"`
	ClientIP         string    `json:"client_ip,omitempty"`
	Country          string    `json:"country,omitempty"` // of the client's address, ISO 3166-1 alpha-2 or alpha-3
	StartedAt        time.Time `json:"started_at,omitzero"`
	FinishedAt       time.Time `json:"finished_at,omitzero"`
	LivenessFinished *bool     `json:"liveness_finished"`
	DocumentFinished *bool     `json:"document_finished"`
	Attempts         int       `json:"attempts"`
}

// An Attempt is one run through the capture steps, as it ended.
type Attempt struct {
	Number     int       `json:"number"`
	StartedAt  time.Time `json:"started_at,omitzero"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	Outcome    string    `json:"outcome,omitempty"` // a status, or "abandoned"
	Reason     string    `json:"reason,omitempty"`
	Checks     Checks    `json:"checks"`
	Document   Document  `json:"document"`
	Photos     []Photo   `json:"photos,omitempty"` // of earlier attempts; those of the current one are the session's
}

// A Severity says what a finding calls for.
type Severity string

// The severities of a [Finding].
const (
	Info   Severity = "info"
	Review Severity = "review"
	Reject Severity = "reject"
)

// A Finding is what one rule has to say about a session.
type Finding struct {
	Code     string   `json:"code"` // the rule's name, see Rules
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	Field    string   `json:"field,omitempty"`
}

// A Note is a remark that stays with the session.
type Note struct {
	At     time.Time  `json:"at"`
	By     string     `json:"by"` // a name to show
	Action NoteAction `json:"action"`
	Text   string     `json:"text,omitempty"`
}

// A NoteAction says what a note was written for.
type NoteAction string

// The actions of a [Note].
const (
	NoteVerified NoteAction = "verified"
	NoteRejected NoteAction = "rejected"
	NoteComment  NoteAction = "comment"
	NoteEdited   NoteAction = "edited"
	NoteReopened NoteAction = "reopened"
	NoteProposed NoteAction = "proposed"
	NoteSentBack NoteAction = "sent_back"
)

// A PhotoKind says what a photo shows.
type PhotoKind string

// The kinds of a [Photo].
const (
	DocumentFront PhotoKind = "document_front"
	DocumentBack  PhotoKind = "document_back"
	Portrait      PhotoKind = "portrait"
	Selfie        PhotoKind = "selfie"
	Liveness      PhotoKind = "liveness"
	OtherPhoto    PhotoKind = "other"
)

// PhotoKinds lists every kind in the order in which pages show them.
var PhotoKinds = []PhotoKind{DocumentFront, DocumentBack, Portrait, Selfie, Liveness, OtherPhoto}

// A Photo names a stored image by the SHA-256 of its original bytes.
type Photo struct {
	Kind        PhotoKind `json:"kind"`
	Attempt     int       `json:"attempt"`
	SHA256      string    `json:"sha256"`
	ContentType string    `json:"content_type"` // image/jpeg, image/png or image/webp
	Width       int       `json:"width"`        // pixels
	Height      int       `json:"height"`
	Bytes       int       `json:"bytes"`
	TakenAt     time.Time `json:"taken_at,omitzero"`
}

// A ScreeningStatus is the outcome of a screening.
type ScreeningStatus string

// The screening statuses.
const (
	NotScreened    ScreeningStatus = "not_screened"
	Clear          ScreeningStatus = "clear"
	PotentialMatch ScreeningStatus = "potential_match"
	Match          ScreeningStatus = "match"
	ScreeningError ScreeningStatus = "error"
)

// ScreeningStatuses lists every screening status.
var ScreeningStatuses = []ScreeningStatus{NotScreened, Clear, PotentialMatch, Match, ScreeningError}

// A Screening is the evidence of one comparison of the person with the lists in force.
type Screening struct {
	ScreenedAt time.Time       `json:"screened_at,omitzero"`
	Status     ScreeningStatus `json:"status"`
	Reason     string          `json:"reason,omitempty"` // why it was not screened
	Run        string          `json:"run,omitempty"`    // the re-screening that confirmed it last
	Lists      []ScreenedList  `json:"lists,omitempty"`
	Matcher    string          `json:"matcher,omitempty"`
	Threshold  float64         `json:"threshold,omitempty"`
	WeakMuted  []string        `json:"weak_aliases_muted,omitempty"` // lists whose weak aliases alone made no hit
	Hits       []Hit           `json:"hits,omitempty"`
	Near       []NearMiss      `json:"near,omitempty"`               // the best entries below the threshold
	Query      *Compared       `json:"query,omitempty"`              // what was compared
	Person     string          `json:"person_fingerprint,omitempty"` // of the facts compared, see sanctions.Person.Fingerprint
}

// Compared is what a screening took of the person.
type Compared struct {
	FirstName    string   `json:"first_name,omitempty"`
	LastName     string   `json:"last_name,omitempty"`
	Local        string   `json:"local,omitempty"` // the name in its own script
	BirthDate    Date     `json:"birth_date,omitempty"`
	PlaceOfBirth string   `json:"place_of_birth,omitempty"`
	Nationality  string   `json:"nationality,omitempty"`
	Sex          string   `json:"sex,omitempty"`
	Documents    []string `json:"documents,omitempty"` // numbers
	Truncated    bool     `json:"truncated,omitempty"` // the MRZ had no room for the whole name
}

// A NearMiss is an entry that was compared and fell short of the threshold.
type NearMiss struct {
	List        string  `json:"list"`
	EntryID     string  `json:"entry_id"`
	Name        string  `json:"name"`
	MatchedName string  `json:"matched_name,omitempty"`
	Score       float64 `json:"score"`
}

// A ScreenedList names a list as it was when a person was compared with it.
type ScreenedList struct {
	ID        string    `json:"id"`
	Version   string    `json:"version"`
	Published time.Time `json:"published,omitzero"`
	SHA256    string    `json:"sha256"`
	Entries   int       `json:"entries"`
	Stale     bool      `json:"stale,omitempty"` // not refreshed within its limit at the time
}

// A Hit is an entry that the person may be, with the entry as it stood and what was decided of it.
type Hit struct {
	sanctions.Hit
	EntryHash   string          `json:"entry_hash"` // content of the entry, see sanctions.Entry.Hash
	Entry       sanctions.Entry `json:"entry"`      // as it stood
	Alert       string          `json:"alert"`      // id of the alert it raised
	Disposition Disposition     `json:"disposition"`
}

// A Disposition is what was decided of a hit.
type Disposition struct {
	State       DispositionState `json:"state"`
	Wants       DispositionState `json:"wants,omitempty"`  // of a proposal: match or no_match
	Reason      string           `json:"reason,omitempty"` // code, see DispositionReasons
	Text        string           `json:"text,omitempty"`
	Steps       []string         `json:"steps,omitempty"` // those of ReviewSteps that were taken
	By          string           `json:"by,omitempty"`
	Behind      string           `json:"behind,omitempty"` // the member who made the API key that decided
	At          time.Time        `json:"at,omitzero"`
	ApprovedBy  string           `json:"approved_by,omitempty"` // the second pair of eyes, where the company asks for one
	ApprovedAt  time.Time        `json:"approved_at,omitzero"`
	Suppression string           `json:"suppression,omitempty"` // id of the one that holds the hit down
	Basis       string           `json:"basis,omitempty"`       // what the decider had before them, see Hit.Basis
}

// A DispositionState is the state of a hit or an alert.
type DispositionState string

// The disposition states.
const (
	DispositionOpen      DispositionState = "open"
	DispositionMatch     DispositionState = "match"
	DispositionNoMatch   DispositionState = "no_match"
	DispositionEscalated DispositionState = "escalated"
	DispositionProposed  DispositionState = "proposed" // waits for another member to approve
	DispositionGone      DispositionState = "gone"     // nobody decided before the entry met the person no more, or its list was taken out of force
)
