package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what one submission may carry.
const (
	maxText     = 200  // runes of a name or number
	maxLongText = 4000 // runes of a note or extra value
	maxLines    = 4    // of a machine readable zone
	maxLine     = 200  // runes of such a line
	maxPhotos   = 24   // of a session
	clockSkew   = 5 * time.Minute
)

// A Submission is what the capture side, an API client or an import says of a session. Nil parts
// leave what is stored as it is. What Dossier itself finds out (status, findings, screening) cannot be
// handed in: such fields are refused by name.
type Submission struct {
	Company   string         `json:"company,omitempty"` // slug; may be left out where only one is possible
	Reference string         `json:"reference,omitempty"`
	Locale    string         `json:"locale,omitempty"` // BCP 47
	Person    *Person        `json:"person,omitempty"`
	Document  *Document      `json:"document,omitempty"`
	Checks    *Checks        `json:"checks,omitempty"`
	Activity  *Activity      `json:"activity,omitempty"`
	Extra     map[string]any `json:"extra,omitempty"`
	Attempts  []Attempt      `json:"attempts,omitempty"` // earlier ones, for sessions that come at once
	Finish    bool           `json:"finish,omitempty"`   // the applicant is done: run the rules
}

// PhotoData is an image that comes with a submission.
type PhotoData struct {
	Kind    PhotoKind
	Attempt int // 0 is the current one
	Data    []byte
	TakenAt time.Time
}

// DecodeSubmission reads the JSON form of a submission. Errors are as those of [Decode].
func DecodeSubmission(r io.Reader) (Submission, error) {
	var sub Submission
	data, err := io.ReadAll(r)
	if err != nil {
		return sub, &Error{Code: Invalid, Op: "session.DecodeSubmission", Message: "The body could not be read.", Err: err}
	}
	return sub, Decode(data, &sub)
}

// Decode reads one JSON object into v. Unknown fields, wrong types and text after the end are Invalid
// errors that name the field.
func Decode(data []byte, v any) error {
	switch text := bytes.TrimSpace(data); {
	case len(text) == 0:
		return &Error{Code: Invalid, Op: "session.Decode", Message: "The body is empty. Send a JSON object."}
	case text[0] != '{' && json.Valid(text):
		return &Error{Code: Invalid, Op: "session.Decode", Message: "This is JSON, but no object. Send one in { }."}
	case !utf8.Valid(data): // encoding/json would put U+FFFD there without a word
		return &Error{Code: Invalid, Op: "session.Decode", Message: "The body is not UTF-8 text."}
	}
	if err := decodeStrict(data, v); err != nil {
		return jsonError(err)
	}
	return nil
}

func jsonError(err error) error {
	const op = "session.Decode"
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		field := strings.TrimPrefix(wrongType.Field, "Submission.") // where it is embedded
		if field == "" {
			field = "body"
		}
		return Fields{field: fmt.Sprintf("The %s here must be %s.", wrongType.Value, jsonKind(wrongType.Type.Kind().String()))}.Err(op)
	case errors.As(err, &syntax):
		return &Error{Code: Invalid, Op: op, Message: fmt.Sprintf("This is not JSON: %s at byte %d.", syntax.Error(), syntax.Offset), Err: err}
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		name := strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)
		return Fields{clip(name, 80): unknownField(name)}.Err(op)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &Error{Code: Invalid, Op: op, Message: "This JSON object is cut short: its end is missing.", Err: err}
	}
	var timeError *time.ParseError
	if errors.As(err, &timeError) {
		return &Error{Code: Invalid, Op: op, Message: fmt.Sprintf("%s is not a time. Write RFC 3339, such as 2026-11-23T14:05:00Z.", clip(timeError.Value, 40)), Err: err}
	}
	return &Error{Code: Invalid, Op: op, Message: "This is not one whole JSON object: " + err.Error() + ".", Err: err}
}

// unknownField says why a field is not taken: Dossier finds some of them out itself.
func unknownField(name string) string {
	switch name {
	case "id", "version", "status", "verified", "decided_by", "decided_at", "findings", "rules_version", "screening",
		"notes", "tags", "photos", "created_at", "updated_at", "retention":
		return "Dossier finds this out itself: leave it out."
	}
	return "There is no such field."
}

func jsonKind(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "string":
		return "text in quotes"
	case kind == "slice":
		return "a list in [ ]"
	}
	return "an object in { }"
}

// check reports every problem of sub by itself; the company's own rules for extra fields come later.
func (sub Submission) check(now time.Time) error {
	var bad Fields
	checkText(&bad, "reference", sub.Reference, maxText)
	checkText(&bad, "locale", sub.Locale, 35)
	sub.Person.check(&bad)
	sub.Document.check(&bad)
	sub.Checks.check(&bad)
	sub.Activity.check(&bad, now)
	if len(sub.Attempts) > 50 {
		bad.Add("attempts", "At most 50 are taken.")
	}
	for i, a := range sub.Attempts {
		if len(a.Photos) > 0 {
			bad.Add(fmt.Sprintf("attempts[%d].photos", i), "Send the images themselves, with the attempt's number.")
		}
		a.Checks.check(&bad)
		a.Document.check(&bad)
		checkTime(&bad, fmt.Sprintf("attempts[%d].started_at", i), a.StartedAt, now)
		checkTime(&bad, fmt.Sprintf("attempts[%d].finished_at", i), a.FinishedAt, now)
		checkText(&bad, fmt.Sprintf("attempts[%d].reason", i), a.Reason, maxLongText)
		checkText(&bad, fmt.Sprintf("attempts[%d].outcome", i), a.Outcome, 40)
	}
	return bad.Err("session.Submission")
}

func (p *Person) check(bad *Fields) {
	if p == nil {
		return
	}
	for _, f := range p.textFields() {
		checkText(bad, "person."+f.name, *f.value, maxText)
	}
	p.BirthDate.check(bad, "person.birth_date")
	p.ExpirationDate.check(bad, "person.expiration_date")
	if p.Sex != "" && !slices.Contains([]string{"M", "F", "X"}, p.Sex) {
		bad.Add("person.sex", "Use M, F or X.")
	}
	if p.Nationality != "" && !stateCode(p.Nationality) {
		bad.Add("person.nationality", "Use the ISO 3166-1 alpha-3 or ICAO code, such as DEU, D or UNO.")
	}
	if len(p.Edits) > 0 {
		bad.Add("person.edits", "Edits are written by Dossier.")
	}
	for field, source := range p.Sources {
		if !slices.Contains([]string{FromMRZ, FromOCR, FromAPI}, source) {
			bad.Add("person.sources."+clip(field, 40), "Use mrz, ocr or api.")
		}
	}
}

type textField struct {
	name  string // in JSON
	value *string
}

// textFields are the fields of p that are plain text, names first.
func (p *Person) textFields() []textField {
	fields := []textField{
		{"first_name", &p.FirstName}, {"last_name", &p.LastName}, {"document_number", &p.DocumentNumber},
		{"personal_number", &p.PersonalNumber}, {"sex", &p.Sex}, {"nationality", &p.Nationality}, {"place_of_birth", &p.PlaceOfBirth},
	}
	if p.Local != nil {
		fields = append(fields, textField{"local.first_name", &p.Local.FirstName}, textField{"local.last_name", &p.Local.LastName}, textField{"local.lang", &p.Local.Lang})
	}
	return fields
}

func (d *Document) check(bad *Fields) {
	if d == nil {
		return
	}
	if d.Type != "" && !slices.Contains(DocumentTypes, d.Type) {
		bad.Add("document.type", "Use passport, id_card, residence_permit, driving_licence or visa.")
	}
	checkText(bad, "document.issuing_state", d.IssuingState, 40)
	if len(d.MRZ) > maxLines {
		bad.Add("document.mrz", fmt.Sprintf("A machine readable zone has 2 or 3 lines; these are %d.", len(d.MRZ)))
	}
	for i, line := range d.MRZ {
		checkText(bad, fmt.Sprintf("document.mrz[%d]", i), line, maxLine)
	}
	if d.MRZFormat != "" || d.MRZProblem != "" || d.Valid != nil || len(d.MRZErrors) > 0 || d.Truncated {
		bad.Add("document", "Dossier reads the zone itself: send type, issuing_state and mrz only.")
	}
}

func (c *Checks) check(bad *Fields) {
	if c == nil {
		return
	}
	if c.LivenessType != "" && c.LivenessType != "2d" && c.LivenessType != "3d" {
		bad.Add("checks.liveness_type", "Use 2d or 3d.")
	}
	if c.FaceMatchLevel != nil && (*c.FaceMatchLevel < 0 || *c.FaceMatchLevel > 7) {
		bad.Add("checks.face_match_level", "Use 1 to 7, or 0 for no match at all.")
	}
	if c.MatchConfidence != nil && (*c.MatchConfidence < 0 || *c.MatchConfidence > 100) {
		bad.Add("checks.match_confidence", "Use 0 to 100.")
	}
	if c.FrontBackDistance != nil && (*c.FrontBackDistance < 0 || *c.FrontBackDistance > 1000) {
		bad.Add("checks.front_back_distance", "Use 0 or more.")
	}
}

func (a *Activity) check(bad *Fields, now time.Time) {
	if a == nil {
		return
	}
	checkText(bad, "activity.user_agent.raw", a.UserAgent.Raw, 1000)
	checkText(bad, "activity.user_agent.device_name", a.UserAgent.DeviceName, maxText)
	checkText(bad, "activity.user_agent.browser", a.UserAgent.Browser, maxText)
	checkText(bad, "activity.user_agent.os", a.UserAgent.OS, maxText)
	if t := a.UserAgent.DeviceType; t != "" && !slices.Contains([]string{"pc", "mobile", "tablet", "other"}, t) {
		bad.Add("activity.user_agent.device_type", "Use pc, mobile, tablet or other.")
	}
	if a.ClientIP != "" {
		if _, err := netip.ParseAddr(a.ClientIP); err != nil {
			bad.Add("activity.client_ip", "This is no IP address.")
		}
	}
	if a.Country != "" && !stateCode(a.Country) {
		bad.Add("activity.country", "Use the ISO 3166-1 code, such as DEU or DE.")
	}
	checkTime(bad, "activity.started_at", a.StartedAt, now)
	checkTime(bad, "activity.finished_at", a.FinishedAt, now)
	if !a.FinishedAt.IsZero() && a.FinishedAt.Before(a.StartedAt) {
		bad.Add("activity.finished_at", "This is before started_at.")
	}
	if a.Attempts < 0 || a.Attempts > 1000 {
		bad.Add("activity.attempts", "Use 0 to 1000.")
	}
}

func checkTime(bad *Fields, field string, t, now time.Time) {
	if t.IsZero() {
		return
	}
	if t.After(now.Add(clockSkew)) {
		bad.Add(field, "This is in the future.")
	} else if t.Year() < 2000 {
		bad.Add(field, "This is before the year 2000.")
	}
}

// checkText refuses text that is too long, that was damaged on its way, or that carries characters
// which nobody sees: controls, and those that turn text around or hide in it. The joiners that Persian
// and Indian scripts need are let through.
func checkText(bad *Fields, field, text string, limit int) {
	switch {
	case !utf8.ValidString(text):
		bad.Add(field, "This is not UTF-8 text.")
	case utf8.RuneCountInString(text) > limit:
		bad.Add(field, fmt.Sprintf("At most %d characters are taken.", limit))
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		bad.Add(field, "Control characters are not taken.")
	case strings.ContainsRune(text, utf8.RuneError):
		bad.Add(field, "This text was damaged on its way: it holds the replacement character U+FFFD.")
	case strings.ContainsFunc(text, hidden):
		bad.Add(field, "Invisible characters and those that change the direction of text are not taken.")
	}
}

func hidden(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2069 || r == 0x200B || r == 0xFEFF
}
