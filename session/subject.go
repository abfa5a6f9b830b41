package session

import "time"

// A Subject is what screening takes of a session. Walks through all sessions for it read a tenth of the
// whole.
type Subject struct {
	ID        ID
	Version   int
	Company   string
	Status    Status
	Person    Person // names, dates, numbers; without edits
	Document  Document
	Screening Screening // without its lists, and whole only where there are hits
	CreatedAt time.Time
}

// Session is the session as far as the subject has it.
func (s Subject) Session() Session {
	return Session{ID: s.ID, Version: s.Version, Company: s.Company, Status: s.Status, Person: s.Person, Document: s.Document,
		Screening: s.Screening, CreatedAt: s.CreatedAt}
}
