// Package storetest is what every session.Store has to pass. kv's tests run it; a second store would too.
package storetest

import (
	"fmt"
	"testing"
	"time"

	"dossier/session"
)

// Run runs every test against fresh stores that open makes. open also sees to their closing.
func Run(t *testing.T, open func(t *testing.T) session.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s session.Store)
	}{
		{"commit and read", testCommit},
		{"a session is stored at the version it was read at", testVersions},
		{"one of many writers wins", testRace},
		{"a change that fails leaves nothing", testAtomic},
		{"together", testTogether},
		{"an idempotency key is used once", testOnce},
		{"a cancelled change is whole or absent", testCancel},
		{"rows", testRows},
		{"rows are those of the last write", testRowsChange},
		{"all", testAll},
		{"all may be left early and nested", testAllNested},
		{"twins", testTwins},
		{"unfinished", testUnfinished},
		{"marks", testMarks},
		{"for the index", testForIndex},
		{"for the index, while it changes", testForIndexChange},
		{"photos", testPhotos},
		{"audit chain", testAudit},
		{"audit filters", testEventFilters},
		{"companies", testCompanies},
		{"lists", testLists},
		{"attempts", testAttempts},
		{"alerts", testAlerts},
		{"open alerts", testOpenAlerts},
		{"alert pages", testAlertPages},
		{"suppressions", testSuppressions},
		{"runs", testRuns},
		{"confirmations", testConfirm},
		{"claims", testClaims},
		{"one of many claims holds", testClaimRace},
		{"preferences", testPreferences},
		{"exports", testExports},
		{"erased from exports", testErasedFromExports},
		{"webhooks", testWebhooks},
		{"deliveries", testDeliveries},
		{"kept", testKept},
		{"erase", testErase},
		{"purge", testPurge},
		{"erasures", testErasures},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// start is when the first invented session started.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Example returns an invented session, the nth: in progress, with a passport, about 3 KB as JSON.
func Example(n int) session.Session {
	at := start.Add(time.Duration(n) * time.Second)
	level, yes := 5, true
	s := session.Session{
		ID: session.NewID(at), Company: "alpha", Reference: fmt.Sprintf("customer-%d", n), Status: session.InProgress,
		Person: session.Person{FirstName: "Nino", LastName: fmt.Sprintf("Example-%d", n), DocumentNumber: fmt.Sprintf("P%07d", n),
			PersonalNumber: fmt.Sprintf("01-%09d", n), Sex: "F", BirthDate: "1990-04-17", ExpirationDate: "2031-01-09", Nationality: "GEO",
			Sources: map[string]string{"first_name": session.FromMRZ, "last_name": session.FromMRZ, "document_number": session.FromMRZ}},
		Document: session.Document{Type: session.Passport, IssuingState: "GEO", MRZFormat: "TD3", Valid: &yes,
			MRZ: []string{"P<GEOEXAMPLE<<NINO<<<<<<<<<<<<<<<<<<<<<<<<<<", fmt.Sprintf("P%07d<3GEO9004171F3101097<<<<<<<<<<<<<<04", n)}},
		Checks:   session.Checks{LivenessPassed: &yes, LivenessType: "3d", FaceMatchLevel: &level, IDReal: &yes, FullIDDetected: &yes, Consent: &yes},
		Activity: session.Activity{ClientIP: "192.0.2.7", Country: "GE", StartedAt: at, Attempts: 1},
		Extra:    map[string]any{"occupation": "baker", "purpose": "savings account"},
		Attempts: []session.Attempt{{Number: 1, StartedAt: at}}, CreatedAt: at, UpdatedAt: at,
		Screening: session.Screening{Status: session.Clear, ScreenedAt: at, Matcher: "1", Threshold: 0.85},
	}
	for _, id := range []string{"un_sc", "ofac_sdn", "ofac_consolidated", "eu_fsf"} {
		s.Screening.Lists = append(s.Screening.Lists, session.ScreenedList{ID: id, Version: "2026-02-27", Published: start, Entries: 1000,
			SHA256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
	}
	for _, kind := range session.PhotoKinds[:4] {
		s.Photos = append(s.Photos, session.Photo{Kind: kind, Attempt: 1, ContentType: "image/jpeg", Width: 1200, Height: 800, Bytes: 300_000, TakenAt: at,
			SHA256: "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"})
	}
	return s
}

// event is an event about s.
func event(s session.Session, action string) session.Event {
	return session.System.Event(start, action, s.Company, s.ID, map[string]string{"version": fmt.Sprint(s.Version)})
}

// put commits s with one event.
func put(t *testing.T, store session.Store, s session.Session) session.Session {
	t.Helper()
	stored, err := store.Commit(t.Context(), session.Change{Session: &s, Events: []session.Event{event(s, session.ActCreated)}})
	if err != nil {
		t.Fatalf("Commit(%s): %v", s.ID, err)
	}
	return stored
}

// wantCode fails unless err has the code; "" is no error.
func wantCode(t *testing.T, what string, err error, want session.Code) {
	t.Helper()
	if got := session.CodeOf(err); got != want {
		t.Errorf("%s: error %v has code %q, want %q", what, err, got, want)
	}
}
