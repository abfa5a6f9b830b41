package kv

import (
	"testing"
	"time"

	"dossier/session"
	"dossier/session/storetest"
)

// TestHeldByWhatWasEnded: a screening that read a suppression just before it was ended must not store an
// alert that nobody would ever see.
func TestHeldByWhatWasEnded(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	s := storetest.Example(1)
	p := session.Suppression{ID: "p", Company: s.Company, Session: s.ID, Fingerprint: "print", List: "custom", EntryIDs: []string{"X-1"}}
	if _, err := db.Commit(t.Context(), session.Change{Session: &s, Suppressions: []session.Suppression{p}}); err != nil {
		t.Fatal(err)
	}
	alert := func(id string) session.Change {
		return session.Change{Alerts: []session.Alert{{ID: id, Session: s.ID, Company: s.Company, RaisedAt: s.CreatedAt,
			Disposition: session.Disposition{State: session.DispositionNoMatch, Suppression: p.ID}}}}
	}
	if _, err := db.Commit(t.Context(), alert("before")); err != nil {
		t.Errorf("while it is in force: %v", err)
	}
	p.Version, p.EndedAt = 1, time.Now()
	if _, err := db.Commit(t.Context(), session.Change{Suppressions: []session.Suppression{p}}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Commit(t.Context(), alert("after")); session.CodeOf(err) != session.Conflict {
		t.Errorf("after it was ended: %v", err)
	}
}
