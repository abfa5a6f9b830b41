package kv

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dossier/session"
)

// someEvents are events of every kind of actor, action and detail, those that JSON escapes too.
func someEvents(n int) []session.Event {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	texts := []string{"member:x", "member:xx", "system", "key:ab12", "member:", "a \"quoted\" <b>", "", "session.viewed", "session.viewed.twice", "login.failed", "x"}
	var events []session.Event
	for i := range n {
		events = append(events, session.Event{At: at.Add(time.Duration(i) * time.Minute), Actor: texts[i%len(texts)], Action: texts[(i/3)%len(texts)],
			Detail: map[string]string{"member": texts[(i/7)%len(texts)], "note": `"action":"session.viewed"`}})
	}
	return events
}

// TestFilterOnStoredBytes: what the test on stored bytes lets through is all that a filter wants, as it is
// without that test.
func TestFilterOnStoredBytes(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	if err := db.Record(t.Context(), someEvents(700)...); err != nil {
		t.Fatal(err)
	}
	var all []session.Event
	for e, err := range db.EachEvent(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	slices.Reverse(all)
	for _, action := range []string{"", "session.", "session.viewed", "login.", "none.", "a \"quoted\" <b>"} {
		for _, actor := range []string{"", "member:x", "member:", "system", "key:ab12", "a \"quoted\" <b>", "nobody"} {
			for _, from := range []time.Time{{}, all[len(all)/2].At} {
				f := session.EventFilter{Action: action, Actor: actor, From: from, Limit: 1000}
				var want []uint64
				for _, e := range all {
					if wanted(f, e) {
						want = append(want, e.Seq)
					}
				}
				found, next, err := db.Events(t.Context(), f)
				var got []uint64
				for _, e := range found {
					got = append(got, e.Seq)
				}
				if err != nil || next != 0 || !slices.Equal(got, want) {
					t.Errorf("action %q, actor %q, from %v: %d events (next %d, %v), want %d", action, actor, from, len(got), next, err, len(want))
				}
			}
		}
	}
}

// BenchmarkRareEvent looks for an action that no event has: by the stored bytes, and by decoding each, which
// an action takes that JSON would have to escape.
func BenchmarkRareEvent(b *testing.B) {
	db, err := Open("", Options{Memory: true})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for n := range 20 {
		var events []session.Event
		for i := range 1000 {
			events = append(events, session.Event{At: time.Now(), Actor: "member:01J5ZK", Name: "Nino Example", IP: "192.0.2.7", Action: session.ActViewed,
				Company: "acme", Session: session.ID(fmt.Sprintf("01J%023d", n*1000+i))})
		}
		if err := db.Record(b.Context(), events...); err != nil {
			b.Fatal(err)
		}
	}
	for name, action := range map[string]string{"bytes": "session.none", "decoded": "session none"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if found, _, err := db.Events(b.Context(), session.EventFilter{Action: action}); err != nil || len(found) > 0 {
					b.Fatal(len(found), err)
				}
			}
		})
	}
}
