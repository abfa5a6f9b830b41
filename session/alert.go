package session

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"dossier/sanctions"
)

// An Alert is a hit that somebody must look at, or that a suppression holds down. There is one for a
// session and an entry; the same facts never raise a second one.
type Alert struct {
	ID          string      `json:"id"`
	Version     int         `json:"version"` // counts writes; guards against lost updates
	Session     ID          `json:"session"`
	Company     string      `json:"company"`
	Person      string      `json:"person"`                       // name as screened
	Fingerprint string      `json:"person_fingerprint,omitempty"` // of the facts that were compared
	Hit         Hit         `json:"hit"`
	RaisedAt    time.Time   `json:"raised_at"`
	RaisedBy    string      `json:"raised_by"` // "ingest", "edit", the id of a run or who ended a suppression
	Assignee    string      `json:"assignee,omitempty"`
	Disposition Disposition `json:"disposition"`
	Reopened    *Reopening  `json:"reopened,omitempty"` // why it is open again after a decision
	History     []Judgement `json:"history,omitempty"`  // oldest first, at most maxHistory
	Turns       []Turn      `json:"turns,omitempty"`    // oldest first, at most maxTurns
}

// maxHistory bounds the judgements that an alert keeps with both sides as seen; the audit log keeps all.
const maxHistory = 100

// Sides are both sides of a hit as somebody saw them.
type Sides struct {
	Person      Person          `json:"person"` // without its edits
	Truncated   bool            `json:"mrz_name_truncated,omitempty"`
	Fingerprint string          `json:"person_fingerprint"`
	Version     int             `json:"session_version,omitempty"`
	Entry       sanctions.Entry `json:"entry"`
	EntryHash   string          `json:"entry_hash"`
	Score       float64         `json:"score"`
	Threshold   float64         `json:"threshold"`
	Matcher     string          `json:"matcher"`
}

// sides are what somebody who looks at hit h of s has before them.
func (s Session) sides(h Hit) Sides {
	p := s.Person
	p.Edits = nil
	return Sides{Person: p, Truncated: s.Document.Truncated, Fingerprint: s.Screening.Person, Version: s.Version,
		Entry: h.Entry, EntryHash: h.EntryHash, Score: h.Score, Threshold: s.Screening.Threshold, Matcher: s.Screening.Matcher}
}

// screened is the person of s as the matcher compares it.
func (s Sides) screened() sanctions.Person {
	return Session{Person: s.Person, Document: Document{Truncated: s.Truncated}}.screened()
}

// A Judgement is one step in the handling of an alert, with what its author had seen.
type Judgement struct {
	Disposition
	Act  JudgementAct `json:"act"`
	Seen Sides        `json:"seen"`
}

// A JudgementAct says what a [Judgement] did.
type JudgementAct string

// The acts of a [Judgement].
const (
	Decided  JudgementAct = "decided"
	Proposed JudgementAct = "proposed"  // to be approved by another member
	Approved JudgementAct = "approved"  //
	SentBack JudgementAct = "sent_back" // not approved: open again
)

// A Reopening says why an alert that was decided is open again.
type Reopening struct {
	At   time.Time       `json:"at"`
	Why  ReopeningReason `json:"why"`
	Seen Sides           `json:"seen"` // both sides as they were when it was decided
}

// A ReopeningReason says what opened an alert again.
type ReopeningReason string

// The reasons of a [Reopening].
const (
	PersonChanged    ReopeningReason = "person"
	EntryChanged     ReopeningReason = "entry"
	SuppressionEnded ReopeningReason = "ended" // somebody ended it, or decided anew
)

// A DispositionReason is a code for why an alert was decided, and its words.
type DispositionReason struct{ Code, Name string }

// DispositionReasons are the codes to choose from.
var DispositionReasons = []DispositionReason{
	{"name_differs", "The name differs"}, {"birth_date_differs", "The birth date differs"},
	{"nationality_differs", "The nationality differs"}, {"document_differs", "The document number differs"},
	{"sex_differs", "The sex differs"}, {"place_differs", "The place of birth differs"},
	{"type_differs", "The entry is no person"}, {"other_person", "Known to be another person"},
	{"weak_alias_only", "Only a weak alias agrees"}, {"all_fields_agree", "All fields agree"},
	{"document_agrees", "The document number agrees"}, {"known_match", "Known to be this person"},
	{"needs_information", "More information is needed"}, {"needs_compliance", "Compliance is to decide"}, {"other", "Another reason, in words"},
}

// A ReviewStep is one of the steps that OFAC asks for before a hit is called a match.
type ReviewStep struct{ Code, Question string }

// ReviewSteps are the five steps, in their order.
var ReviewSteps = []ReviewStep{
	{"list", "Which list is it, and what would a match there mean?"},
	{"type", "Is the listed target a person, as the applicant is?"},
	{"name", "How much of the listed name matches: all of it, or one part of several?"},
	{"fields", "Do all other fields agree: birth, nationality, sex, place, documents?"},
	{"several", "Are several things alike, or is it the name alone?"},
}

// Basis is a short mark of what a decision about h rests on: the person, the entry, and what was decided
// before. It changes with each of them.
func (h Hit) Basis(fingerprint string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s", fingerprint, h.EntryHash, h.Disposition.State, h.Disposition.By,
		h.Disposition.At.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:8])
}

// Basis is what a decision about the alert rests on, see Hit.Basis.
func (a Alert) Basis() string { return a.Hit.Basis(a.Fingerprint) }

// AlertID is the id of the alert that entry on list raises for a session.
func AlertID(id ID, list, entry string) string {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + list + "\x00" + entry))
	return hex.EncodeToString(sum[:12])
}
