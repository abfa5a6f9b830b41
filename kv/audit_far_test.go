package kv

import (
	"testing"
	"time"

	"dossier/session"
)

// TestFarEvent: an event that is further back than one answer looks is found by going on.
func TestFarEvent(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	db.farLook = 3
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	events := []session.Event{{At: at, Actor: "member:x", Action: session.ActRejected}}
	for range 7 {
		events = append(events, session.Event{At: at, Actor: "system", Action: session.ActListChecked})
	}
	if err := db.Record(t.Context(), events...); err != nil {
		t.Fatal(err)
	}
	f := session.EventFilter{Action: session.ActRejected}
	var found []session.Event
	steps := 0
	for steps < 10 {
		page, next, err := db.Events(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, page...)
		steps++
		if f.Before = next; next == 0 {
			break
		}
	}
	if len(found) != 1 || found[0].Seq != 1 || steps != 3 {
		t.Errorf("found %v in %d steps, want the first event in 3", found, steps)
	}
}
