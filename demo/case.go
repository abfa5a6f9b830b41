package demo

import (
	"time"

	"dossier/session"
)

// A Case is one applicant's session, with what the reviewers did afterwards.
type Case struct {
	At         time.Time          // when it came in; the moment to ingest it
	Submission session.Submission // names the company
	Photos     []Photo
	After      []Step // in the order of time

	Person Person
	Want   session.Status // what the rules make of it under the settings of Companies
	Left   bool           // the applicant went away and the session expires; Want is Expired
}

// Intake is the case as session.Service takes it. Drawing its photos is most of the work, see Load.
func (c Case) Intake() session.Intake {
	in := session.Intake{Submission: c.Submission}
	for _, p := range c.Photos {
		in.Photos = append(in.Photos, session.PhotoData{Kind: p.Kind, Attempt: p.Attempt, TakenAt: p.TakenAt, Data: p.Draw()})
	}
	return in
}

// A Step is what a reviewer did.
type Step struct {
	At     time.Time
	By     Role
	Do     Action
	Text   string            // the note, the reason of an edit or of reopening
	Tags   []string          // of a rejection
	Fields map[string]string // of an edit
	State  session.DispositionState
	Reason string // code of a disposition
}

// A Role is who does a step.
type Role int

// The roles.
const (
	Agent Role = iota
	Master
)

// An Action is a kind of step.
type Action string

// The actions of a [Step].
const (
	Comment Action = "comment"
	Verify  Action = "verify"
	Reject  Action = "reject"
	Reopen  Action = "reopen"
	Edit    Action = "edit"
	Hold    Action = "hold"
	Dispose Action = "dispose" // of every open hit
)

// finished fills what a capture that went well sends: it took between two and nine minutes and ended
// at c.At.
func (c *Case) finished(minutes int) {
	s := &c.Submission
	s.Finish = true
	s.Activity.StartedAt = c.At.Add(-time.Duration(minutes)*time.Minute - 17*time.Second)
	s.Activity.FinishedAt = c.At
	s.Activity.LivenessFinished, s.Activity.DocumentFinished = ptr(true), ptr(true)
	s.Checks = passed()
	c.taken(0, s.Activity.StartedAt.Add(40*time.Second))
}

// taken notes when the photos of an attempt were taken: half a minute apart.
func (c *Case) taken(attempt int, first time.Time) {
	n := 0
	for i := range c.Photos {
		if c.Photos[i].Attempt == attempt {
			c.Photos[i].TakenAt = first.Add(time.Duration(n) * 31 * time.Second)
			n++
		}
	}
}

// passed are the checks of an applicant with whom everything is right.
func passed() *session.Checks {
	return &session.Checks{
		LivenessPassed: ptr(true), LivenessType: "3d", FaceMatchLevel: ptr(6), IDReal: ptr(true),
		FullIDDetected: ptr(true), DocumentValid: ptr(true), Consent: ptr(true),
	}
}

// person is what the capture side read of the visual zone. The machine readable zone, where there is
// one and it is sound, fills the rest.
func (p Person) read(everything bool) *session.Person {
	out := &session.Person{
		FirstName: p.FirstName, LastName: p.LastName, DocumentNumber: p.Number, PersonalNumber: p.PersonalNumber,
		PlaceOfBirth: p.BirthPlace, Local: p.Local,
		Sources: map[string]string{},
	}
	if everything {
		out.Sex, out.Nationality, out.BirthDate, out.ExpirationDate = p.Sex, p.Nationality, p.Born, p.Expires
	}
	for _, field := range []string{"first_name", "last_name", "document_number", "personal_number", "place_of_birth",
		"sex", "nationality", "birth_date", "expiration_date", "local.first_name", "local.last_name", "local.lang"} {
		out.Sources[field] = session.FromOCR
	}
	return out
}

func (p Person) shown() *session.Document {
	return &session.Document{Type: p.Type, IssuingState: p.State, MRZ: p.MRZ}
}

func ptr[T any](v T) *T { return &v }
