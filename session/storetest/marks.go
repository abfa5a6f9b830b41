package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

func testTwins(t *testing.T, store session.Store) {
	ctx := t.Context()
	me, same, name, foreign := Example(1), Example(2), Example(3), Example(4)
	same.Person.DocumentNumber = "p-0000 001" // as people type it
	name.Person.PersonalNumber = me.Person.PersonalNumber
	foreign.Company, foreign.Person.DocumentNumber = "beta", me.Person.DocumentNumber
	me, same, name = put(t, store, me), put(t, store, same), put(t, store, name)
	put(t, store, foreign)

	twins := func(s session.Session) []session.Twin {
		t.Helper()
		got, err := store.Twins(ctx, s.Company, s.Person.DocumentNumber, s.Person.PersonalNumber, s.ID)
		if err != nil {
			t.Fatalf("Twins: %v", err)
		}
		return got
	}
	want := []session.Twin{{ID: same.ID, Name: "Nino Example-2", Document: true}, {ID: name.ID, Name: "Nino Example-3"}}
	if got := twins(me); !reflect.DeepEqual(got, want) {
		t.Errorf("Twins = %+v\nwant %+v", got, want)
	}

	same.Person.LastName = "Other"
	same = put(t, store, same)
	if got := twins(me); len(got) != 2 || got[0].Name != "Nino Other" {
		t.Errorf("after a change of name Twins = %+v", got)
	}
	same.Person.DocumentNumber, name.Person.PersonalNumber = "Q7", ""
	put(t, store, same)
	put(t, store, name)
	if got := twins(me); len(got) != 0 {
		t.Errorf("after a change of numbers Twins = %+v, want none", got)
	}
	if got, err := store.Twins(ctx, "alpha", "", " - ", ""); err != nil || len(got) != 0 {
		t.Errorf("Twins without a number = %+v, %v; want none", got, err)
	}
}

func testUnfinished(t *testing.T, store session.Store) {
	var ids []session.ID
	for n := range 5 {
		ids = append(ids, put(t, store, Example(n)).ID)
	}
	done, err := store.Session(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	done.Status = session.Success
	put(t, store, done)

	check := func(before time.Time, after session.ID, n int, want ...session.ID) {
		t.Helper()
		got, err := store.Unfinished(t.Context(), before, after, n)
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("Unfinished = %v, %v; want %v", got, err, want)
		}
	}
	check(start.Add(time.Hour), "", 10, ids[0], ids[2], ids[3], ids[4])
	check(start.Add(time.Hour), "", 2, ids[0], ids[2])
	check(start.Add(time.Hour), ids[2], 10, ids[3], ids[4])
	check(start.Add(3*time.Second), "", 10, ids[0], ids[2])
	check(start, "", 10)
}

func testMarks(t *testing.T, store session.Store) {
	ctx := t.Context()
	marks := func(n int) []session.Mark {
		t.Helper()
		m, err := store.Marks(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	idsOf := func(marks []session.Mark) (ids []session.ID) {
		for _, m := range marks {
			ids = append(ids, m.ID)
		}
		return ids
	}
	if got := marks(10); len(got) != 0 {
		t.Errorf("an empty store has marks: %v", got)
	}
	a, b, c := put(t, store, Example(3)), put(t, store, Example(1)), put(t, store, Example(2))
	if got := idsOf(marks(2)); !reflect.DeepEqual(got, []session.ID{a.ID, b.ID}) {
		t.Errorf("Marks(2) = %v, want the two set first", got)
	}
	a = put(t, store, a) // set again: now the newest
	seen := marks(10)
	if got := idsOf(seen); !reflect.DeepEqual(got, []session.ID{b.ID, c.ID, a.ID}) {
		t.Errorf("Marks = %v, want each session once, the one set again last", got)
	}
	put(t, store, b) // while the index works on what it saw
	if err := store.ClearMarks(ctx, seen); err != nil {
		t.Fatal(err)
	}
	if got := idsOf(marks(10)); !reflect.DeepEqual(got, []session.ID{b.ID}) {
		t.Errorf("Marks = %v, want the one set again after it was seen", got)
	}
	if err := store.ClearMarks(ctx, marks(10)); err != nil {
		t.Fatal(err)
	}
	last, err := store.LastMark(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d := put(t, store, Example(4))
	if got := marks(10); !reflect.DeepEqual(idsOf(got), []session.ID{d.ID}) || got[0].Seq <= last {
		t.Errorf("Marks = %v, want the new one, after %d", got, last)
	}
	if now, err := store.LastMark(ctx); err != nil || now < marks(10)[0].Seq {
		t.Errorf("LastMark = %d, %v; the newest is %v", now, err, marks(10))
	}
	for _, kept := range []session.Session{a, d} {
		if _, err := store.Commit(ctx, session.Change{Session: &kept, Unsearched: true}); err != nil {
			t.Fatal(err)
		}
	}
	if got := idsOf(marks(10)); !reflect.DeepEqual(got, []session.ID{d.ID}) {
		t.Errorf("Marks = %v after changes that no search meets, want those before", got)
	}
}

// testForIndex wants what the index gets to be the newest, and the same as what is stored, before and after
// the marks are cleared; and nothing of an erased session.
func testForIndex(t *testing.T, store session.Store) {
	ctx := t.Context()
	s, exact := Example(1), Example(2)
	s.Person.Local = &session.LocalName{FirstName: "ნინო", LastName: "მაგალითი"}
	s.Findings = []session.Finding{{Code: "document_expired", Severity: session.Reject, Text: "It has expired."}}
	s.Proposal = &session.Proposal{By: "member:1", At: start, Verdict: session.VerdictReject}
	exact.Extra = map[string]any{"income": json.Number("1.50")} // comes back as 1.5
	put(t, store, exact)
	s = put(t, store, s)
	s.Reference = "changed"
	s = put(t, store, s)
	s.Extra["occupation"] = "smith" // by the caller, whose copy it is
	ids := []session.ID{s.ID, "nonsense", Example(9).ID, exact.ID}
	same := func(when string) {
		t.Helper()
		got, err := store.ForIndex(ctx, ids)
		stored, loadErr := store.Load(ctx, ids)
		if err != nil || loadErr != nil || len(got) != 2 || len(stored) != 2 {
			t.Fatalf("%s: ForIndex = %d, %v; Load = %d, %v; want 2", when, len(got), err, len(stored), loadErr)
		}
		for i := range got {
			got, ok := got[i].ForIndex()
			want, wantOK := stored[i].ForIndex()
			if !ok || !wantOK || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: ForIndex = %+v\nwant %+v", when, got, want)
			}
		}
	}
	same("after the writes")
	marks, err := store.Marks(ctx, 10)
	if err == nil {
		err = store.ClearMarks(ctx, marks)
	}
	if err != nil {
		t.Fatal(err)
	}
	same("after the marks are cleared")
	s, err = store.Session(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Erase(ctx, put(t, store, s).ID, s.Version+1); err != nil {
		t.Fatal(err)
	}
	if got, err := store.ForIndex(ctx, []session.ID{s.ID}); err != nil || len(got) != 0 {
		t.Errorf("ForIndex = %v, %v of an erased session", got, err)
	}
}

// testForIndexChange takes a session in, as the index does, while it is written again and again: when no mark
// is left, what was taken in last must be what was written last.
func testForIndexChange(t *testing.T, store session.Store) {
	s := put(t, store, Example(1))
	ctx, stop := context.WithCancel(t.Context())
	var indexing sync.WaitGroup
	indexed := ""
	takeIn := func() (left int) {
		marks, err := store.Marks(t.Context(), 10)
		if err != nil {
			t.Error(err)
		}
		if len(marks) == 0 {
			return 0
		}
		got, err := store.ForIndex(t.Context(), []session.ID{s.ID})
		if err != nil || len(got) != 1 {
			t.Errorf("ForIndex = %d, %v", len(got), err)
			return 0
		}
		indexed = got[0].Reference
		if err := store.ClearMarks(t.Context(), marks); err != nil {
			t.Error(err)
		}
		return len(marks)
	}
	indexing.Go(func() {
		for ctx.Err() == nil {
			takeIn()
		}
	})
	written := s
	for n := range 100 {
		written.Reference = fmt.Sprint("changed ", n)
		written = put(t, store, written)
	}
	stop()
	indexing.Wait()
	for takeIn() > 0 {
	}
	if indexed != written.Reference {
		t.Errorf("no mark is left, and the index has %q; %q was written last", indexed, written.Reference)
	}
}
