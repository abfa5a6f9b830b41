package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

func testCommit(t *testing.T, store session.Store) {
	ctx, s := t.Context(), Example(1)
	stored := put(t, store, s)
	if stored.Version != 1 || s.Version != 0 {
		t.Errorf("version %d after the first commit, want 1; the caller's copy has %d, want 0", stored.Version, s.Version)
	}
	got, err := store.Session(ctx, s.ID)
	if err != nil || !reflect.DeepEqual(got, stored) {
		t.Errorf("Session = %+v, %v\nwant %+v", got, err, stored)
	}
	_, err = store.Session(ctx, Example(2).ID)
	wantCode(t, "unknown session", err, session.NotFound)
	_, err = store.Session(ctx, "../etc/passwd")
	wantCode(t, "no id at all", err, session.NotFound)
	bad := Example(3)
	bad.ID = "x"
	_, err = store.Commit(ctx, session.Change{Session: &bad})
	wantCode(t, "commit without an id", err, session.Invalid)

	other := put(t, store, Example(2))
	loaded, err := store.Load(ctx, []session.ID{other.ID, Example(9).ID, "nonsense", s.ID})
	if err != nil || len(loaded) != 2 || loaded[0].ID != other.ID || loaded[1].ID != s.ID {
		t.Errorf("Load = %d sessions, %v; want the second, then the first", len(loaded), err)
	}
	if n, err := store.Count(ctx); n != 2 || err != nil {
		t.Errorf("Count = %d, %v; want 2", n, err)
	}
}

// testRows wants a row to say of each field that it has what the session says.
func testRows(t *testing.T, store session.Store) {
	s, empty := Example(1), session.Session{ID: Example(2).ID, Company: "alpha"}
	s.Status, s.DecidedBy, s.DecidedAt, s.Activity.FinishedAt = session.Success, "rules", start, start
	s.Person.Local = &session.LocalName{FirstName: "ნინო", LastName: "მაგალითი", Lang: "ka"}
	s.Findings = []session.Finding{{Code: "document_expired", Severity: session.Reject, Text: "It has expired."}}
	s.Proposal = &session.Proposal{By: "member:1", Name: "Mira", At: start, Verdict: session.VerdictReject, Tags: []string{"Spam"}}
	put(t, store, s)
	put(t, store, empty)
	rows, err := store.Rows(t.Context(), []session.ID{empty.ID, Example(9).ID, "nonsense", s.ID})
	if err != nil || len(rows) != 2 || rows[0].ID != empty.ID || rows[1].ID != s.ID {
		t.Fatalf("Rows = %d, %v; want the second, then the first", len(rows), err)
	}
	wantWithin(t, "empty", fields(t, rows[0]), fields(t, empty))
	wantWithin(t, "full", fields(t, rows[1]), fields(t, s))
	if rows[1].Name() != s.Person.FullName() || !slices.Equal(rows[1].Reasons(), s.Reasons()) || len(s.Reasons()) == 0 {
		t.Errorf("the row has the name %q and the reasons %v, want %q and %v", rows[1].Name(), rows[1].Reasons(), s.Person.FullName(), s.Reasons())
	}
}

// testRowsChange reads a row while the session is written again and again: what was read after an answer
// must have what was answered.
func testRowsChange(t *testing.T, store session.Store) {
	s := put(t, store, Example(1))
	id := s.ID
	row := func() session.Row {
		t.Helper()
		rows, err := store.Rows(t.Context(), []session.ID{id})
		if err != nil || len(rows) != 1 {
			t.Fatalf("Rows = %d, %v", len(rows), err)
		}
		return rows[0]
	}
	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	for range 4 {
		reading.Go(func() {
			for ctx.Err() == nil {
				_, _ = store.Rows(ctx, []session.ID{id})
			}
		})
	}
	for n := range 50 {
		s.Reference = fmt.Sprint("changed ", n)
		s = put(t, store, s)
		if got := row().Reference; got != s.Reference {
			t.Errorf("the row says %q after %q was stored", got, s.Reference)
		}
	}
	stop()
	reading.Wait()
	if err := store.Erase(t.Context(), id, s.Version); err != nil {
		t.Fatal(err)
	}
	if rows, err := store.Rows(t.Context(), []session.ID{id}); err != nil || len(rows) != 0 {
		t.Errorf("%d rows of an erased session, %v", len(rows), err)
	}
}

// fields is v as JSON has it.
func fields(t *testing.T, v any) (all map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// wantWithin reports what some has and all does not say. What all leaves out is the zero value.
func wantWithin(t *testing.T, at string, some, all any) {
	t.Helper()
	switch part := some.(type) {
	case map[string]any:
		whole, _ := all.(map[string]any)
		for name, v := range part {
			wantWithin(t, at+"."+name, v, whole[name])
		}
	case []any:
		whole, _ := all.([]any)
		if len(whole) != len(part) {
			t.Errorf("%s has %d items, want %d", at, len(part), len(whole))
			return
		}
		for i, v := range part {
			wantWithin(t, fmt.Sprintf("%s[%d]", at, i), v, whole[i])
		}
	default:
		left := all == nil && (some == nil || some == "" || some == "0001-01-01T00:00:00Z")
		if some != all && !left {
			t.Errorf("%s is %v, want %v", at, some, all)
		}
	}
}

func testVersions(t *testing.T, store session.Store) {
	ctx := t.Context()
	first := put(t, store, Example(1))
	second := put(t, store, first)
	if second.Version != 2 {
		t.Errorf("version %d after the second commit, want 2", second.Version)
	}
	for name, version := range map[string]int{"new again": 0, "stale": 1, "from the future": 3} {
		s := first
		s.Version = version
		_, err := store.Commit(ctx, session.Change{Session: &s})
		wantCode(t, name, err, session.Conflict)
	}
	ghost := Example(2)
	ghost.Version = 4
	_, err := store.Commit(ctx, session.Change{Session: &ghost})
	wantCode(t, "a version of what is not there", err, session.Conflict)
	if n, _ := store.Count(ctx); n != 1 {
		t.Errorf("Count = %d, want 1", n)
	}
}

func testRace(t *testing.T, store session.Store) {
	const writers = 32
	s := put(t, store, Example(1))
	var won, lost int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			mine := s
			_, err := store.Commit(t.Context(), session.Change{Session: &mine, Events: []session.Event{event(s, session.ActEdited)}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if session.CodeOf(err) == session.Conflict {
				lost++
			}
		})
	}
	all.Wait()
	if won != 1 || lost != writers-1 {
		t.Errorf("%d won and %d lost, want 1 and %d", won, lost, writers-1)
	}
	if events := eventsOf(t, store); len(events) != 2 {
		t.Errorf("%d events, want 2: one of the creation and one of the writer that won", len(events))
	}
}

func testAtomic(t *testing.T, store session.Store) {
	ctx, s := t.Context(), Example(1)
	_, err := store.Commit(ctx, session.Change{Session: &s, Events: []session.Event{event(s, session.ActCreated)},
		Once:   &session.Once{Key: "key:1/a", Session: s.ID},
		Alerts: []session.Alert{alert(1, s), {}}}) // the second has no id
	wantCode(t, "an alert without an id", err, session.Invalid)
	_, err = store.Session(ctx, s.ID)
	wantCode(t, "session", err, session.NotFound)
	_, err = store.Alert(ctx, alert(1, s).ID)
	wantCode(t, "alert", err, session.NotFound)
	_, err = store.Once(ctx, "key:1/a")
	wantCode(t, "once", err, session.NotFound)
	marks, _ := store.Marks(ctx, 10)
	count, _ := store.Count(ctx)
	if n := len(eventsOf(t, store)); n != 0 || count != 0 || len(marks) != 0 {
		t.Errorf("%d events, %d sessions, %d marks; want none", n, count, len(marks))
	}
}

// testTogether wants changes of several sessions stored all, or none.
func testTogether(t *testing.T, store session.Store) {
	ctx := t.Context()
	first, second := put(t, store, Example(1)), put(t, store, Example(2))
	changes := func(all ...session.Session) (changes []session.Change) {
		for i := range all {
			all[i].Reference = "together"
			changes = append(changes, session.Change{Session: &all[i], Events: []session.Event{event(all[i], session.ActScreened)}, Alerts: []session.Alert{alert(i+1, all[i])}})
		}
		return changes
	}
	stale := second
	stale.Version--
	before := len(eventsOf(t, store))
	_, err := store.CommitAll(ctx, changes(first, stale))
	wantCode(t, "one of them is stale", err, session.Conflict)
	_, err = store.CommitAll(ctx, changes(first, first))
	wantCode(t, "one of them twice", err, session.Conflict)
	_, err = store.Alert(ctx, alert(1, first).ID)
	wantCode(t, "an alert of what was not stored", err, session.NotFound)
	if got, err := store.Session(ctx, first.ID); err != nil || !reflect.DeepEqual(got, first) || len(eventsOf(t, store)) != before {
		t.Errorf("after changes that failed there are %d events, want %d, and version %d, %v", len(eventsOf(t, store)), before, got.Version, err)
	}
	stored, err := store.CommitAll(ctx, changes(first, second))
	if err != nil || len(stored) != 2 || stored[0].ID != first.ID || stored[1].ID != second.ID {
		t.Fatalf("CommitAll = %d sessions, %v", len(stored), err)
	}
	for i, want := range stored {
		got, err := store.Session(ctx, want.ID)
		if err != nil || got.Version != 2 || got.Reference != "together" || !reflect.DeepEqual(got, want) {
			t.Errorf("stored together: %+v, %v\nwant %+v", got, err, want)
		}
		if _, err := store.Alert(ctx, alert(i+1, got).ID); err != nil {
			t.Errorf("its alert: %v", err)
		}
	}
	if events := eventsOf(t, store); len(events) != before+2 || events[before].Session != first.ID || events[before+1].Session != second.ID {
		t.Errorf("the events are %+v", events)
	}
}

func testOnce(t *testing.T, store session.Store) {
	ctx := t.Context()
	const key = "key:ab12/7f3c"
	_, err := store.Once(ctx, key)
	wantCode(t, "unknown key", err, session.NotFound)

	const callers = 16
	var wins []session.ID
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			s := Example(n)
			_, err := store.Commit(ctx, session.Change{Session: &s, Once: &session.Once{Key: key, Hash: "h", Session: s.ID, At: start}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				wins = append(wins, s.ID)
			} else {
				wantCode(t, "used key", err, session.Conflict)
			}
		})
	}
	all.Wait()
	once, err := store.Once(ctx, key)
	if err != nil || len(wins) != 1 || once.Session != wins[0] || once.Hash != "h" || !once.At.Equal(start) {
		t.Errorf("Once = %+v, %v; winners %v", once, err, wins)
	}
	if n, _ := store.Count(ctx); n != 1 {
		t.Errorf("Count = %d, want 1", n)
	}
}

func testCancel(t *testing.T, store session.Store) {
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*50*time.Microsecond)
			defer cancel()
			s := Example(n)
			_, err := store.Commit(ctx, session.Change{Session: &s, Events: []session.Event{event(s, session.ActCreated)}})
			if err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Commit: %v", err)
			}
			_, there := store.Session(t.Context(), s.ID)
			if (err == nil) != (there == nil) {
				t.Errorf("Commit says %v, Session says %v", err, there)
			}
		})
	}
	all.Wait()
	n, err := store.Count(t.Context())
	if events := eventsOf(t, store); err != nil || len(events) != n {
		t.Errorf("%d events of %d sessions, %v", len(events), n, err)
	}
}

func testAll(t *testing.T, store session.Store) {
	ctx := t.Context()
	const many = 300 // more than one portion of any sensible store
	var want []session.ID
	for n := range many {
		want = append(want, put(t, store, Example(n)).ID)
	}
	for _, from := range []int{0, 1, many / 2, many} {
		after := session.ID("")
		if from > 0 {
			after = want[from-1]
		}
		var got []session.ID
		for s, err := range store.All(ctx, after) {
			if err != nil {
				t.Fatalf("All: %v", err)
			}
			got = append(got, s.ID)
		}
		if len(got) != many-from || len(got) > 0 && !reflect.DeepEqual(got, want[from:]) {
			t.Errorf("All after %d sessions gives %d, want %d in order", from, len(got), many-from)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range store.All(ctx, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("All with a cancelled context yields %v", err)
		}
	}
}

func testAllNested(t *testing.T, store session.Store) {
	for n := range 200 {
		put(t, store, Example(n))
	}
	seen := 0
	for s, err := range store.All(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if s.Version != 1 {
			t.Errorf("All yields version %d of %s: that is not in its snapshot", s.Version, s.ID)
		}
		put(t, store, s)
		put(t, store, Example(1000+seen)) // later ones are not in the snapshot either
		if seen++; seen == 150 {
			break
		}
	}
	if n, _ := store.Count(t.Context()); n != 350 {
		t.Errorf("Count = %d, want 350", n)
	}
}
