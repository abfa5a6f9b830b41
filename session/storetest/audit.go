package storetest

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

// eventsOf returns the whole audit log and fails unless its chain is whole.
func eventsOf(t *testing.T, store session.Store) (events []session.Event) {
	t.Helper()
	var chain session.Chain
	for e, err := range store.EachEvent(t.Context()) {
		if err == nil {
			err = chain.Check(e)
		}
		if err != nil {
			t.Fatalf("audit chain: %v", err)
		}
		events = append(events, e)
	}
	return events
}

func testAudit(t *testing.T, store session.Store) {
	const writers, each = 8, 25
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				s := Example(w*each + n)
				change := session.Change{Session: &s, Events: []session.Event{event(s, session.ActCreated), event(s, session.ActFinished)}}
				if _, err := store.Commit(t.Context(), change); err != nil {
					t.Error(err)
				}
				if err := store.Record(t.Context(), event(s, session.ActViewed)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(eventsOf(t, store)); n != writers*each*3 {
		t.Errorf("%d events, want %d", n, writers*each*3)
	}
	for range store.EachEvent(t.Context()) {
		break // leaving early is allowed
	}
	if err := store.Record(t.Context()); err != nil {
		t.Errorf("Record of nothing: %v", err)
	}
}

func testEventFilters(t *testing.T, store session.Store) {
	one, two := Example(1), Example(2)
	two.Company = "beta"
	at := func(minute int, actor, action string, s session.Session) session.Event {
		return session.Event{At: start.Add(time.Duration(minute) * time.Minute), Actor: actor, Action: action, Company: s.Company, Session: s.ID}
	}
	err := store.Record(t.Context(),
		at(1, "key:a", session.ActCreated, one),                // 1
		at(2, "key:b", session.ActCreated, two),                // 2
		at(3, "member:x", session.ActLogin, session.Session{}), // 3
		at(4, "member:x", session.ActViewed, one),              // 4
		at(200, "member:x", session.ActVerified, one),          // 5
		at(300, "member:y", session.ActLoginFailed, session.Session{}),
		at(400, "member:x", session.ActRejected, two), // 7
	)
	if err != nil {
		t.Fatal(err)
	}
	about := session.Event{At: start.Add(500 * time.Minute), Actor: "member:z", Action: session.ActLogout, Detail: map[string]string{"member": "y"}}
	if err := store.Record(t.Context(), about); err != nil { // 8
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		filter session.EventFilter
		want   []uint64
	}{
		{"all", session.EventFilter{}, []uint64{8, 7, 6, 5, 4, 3, 2, 1}},
		{"limit", session.EventFilter{Limit: 2}, []uint64{8, 7}},
		{"next page", session.EventFilter{Limit: 2, Before: 6}, []uint64{5, 4}},
		{"the end", session.EventFilter{Before: 1}, nil},
		{"session", session.EventFilter{Session: one.ID}, []uint64{5, 4, 1}},
		{"session, next page", session.EventFilter{Session: one.ID, Before: 5, Limit: 1}, []uint64{4}},
		{"session of another company", session.EventFilter{Session: two.ID, Companies: []string{"alpha"}}, nil},
		{"no session", session.EventFilter{Session: "nonsense"}, nil},
		{"company", session.EventFilter{Companies: []string{"beta"}}, []uint64{7, 2}},
		{"company and installation", session.EventFilter{Companies: []string{"beta", ""}}, []uint64{8, 7, 6, 3, 2}},
		{"no company", session.EventFilter{Companies: []string{}}, nil},
		{"action", session.EventFilter{Action: session.ActLogin}, []uint64{3}},
		{"actions", session.EventFilter{Action: "session."}, []uint64{7, 5, 4, 2, 1}},
		{"actor", session.EventFilter{Actor: "member:x"}, []uint64{7, 5, 4, 3}},
		{"by or about", session.EventFilter{Actor: "member:y"}, []uint64{8, 6}},
		{"from", session.EventFilter{From: start.Add(300 * time.Minute)}, []uint64{8, 7, 6}},
		{"to", session.EventFilter{To: start.Add(3 * time.Minute)}, []uint64{2, 1}},
		{"from and to", session.EventFilter{From: start.Add(3 * time.Minute), To: start.Add(300 * time.Minute)}, []uint64{5, 4, 3}},
	}
	for _, test := range tests {
		events, next, err := store.Events(t.Context(), test.filter)
		var got []uint64
		for _, e := range events {
			got = append(got, e.Seq)
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: events %v, %v; want %v", test.name, got, err, test.want)
		}
		if goesOn := test.filter.Limit > 0 && len(got) == test.filter.Limit; goesOn && next != got[len(got)-1] || !goesOn && next != 0 {
			t.Errorf("%s: goes on before %d after %v", test.name, next, got)
		}
	}
}
