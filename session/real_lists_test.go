package session_test

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/sanctions"
	"dossier/session"
)

// realList is a published list file, with its entries that are persons, by id. The files are beside the
// repository, not in it.
func realList(t *testing.T, name string) (raw []byte, persons map[string]sanctions.Entry) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "lists", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real list " + name + " is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := session.ReadList(raw, "", name)
	if err != nil {
		t.Fatal(err)
	}
	persons = map[string]sanctions.Entry{}
	for _, e := range list.Records {
		if e.Type == sanctions.Individual {
			persons[e.ID] = e
		}
	}
	return raw, persons
}

// applicant is who an entry is about, as a passport would say it.
func applicant(e sanctions.Entry) session.Submission {
	first, last, _ := strings.Cut(e.Names[0].Full, " ")
	p := session.Person{FirstName: first, LastName: cmp.Or(last, first)}
	if len(e.Births) > 0 && e.Births[0].From == e.Births[0].To {
		p.BirthDate = session.Date(e.Births[0].From.String())
	}
	return session.Submission{Company: "acme", Person: &p, Finish: true}
}

// TestTwoRealListsOneAfterTheOther: the UN list of a day and the one three months later, over applicants who
// are on the one, on the other, on both and on neither. The second list raises the alerts of what is new in
// it, closes those of what it took off, leaves the rest alone, and raises nothing when it comes again.
func TestTwoRealListsOneAfterTheOther(t *testing.T) {
	before, old := realList(t, "un-consolidated-2025-11-20.xml.gz")
	after, now := realList(t, "un-consolidated-2026-02-27.xml.gz")
	d := newDesk(t)
	d.pass(time.Hour)
	load := func(raw []byte) session.ListChange {
		t.Helper()
		change, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{Source: "un.xml.gz", Raw: raw})
		if err != nil {
			t.Fatal(err)
		}
		d.drain()
		return change
	}
	load(before)
	sessions := map[session.ID]session.Person{}
	of := map[string]session.Session{} // by entry
	ingest := func(entry string, sub session.Submission) {
		got := d.ingest(sub)
		sessions[got.ID] = got.Person
		if entry != "" {
			of[entry] = got
		}
	}
	both := 0
	for _, id := range slices.Sorted(maps.Keys(old)) {
		_, stays := now[id]
		if !stays || both < 40 {
			ingest(id, applicant(old[id]))
		}
		if stays {
			both++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if _, was := old[id]; !was {
			ingest(id, applicant(now[id]))
		}
	}
	for i := range 40 {
		ingest("", good(t, person("GRETA", "UNRELATED", "1991-01-01", i)))
	}

	// met is who meets which entries now, asked of the whole lists one by one.
	met := func() map[string]bool {
		t.Helper()
		all := map[string]bool{}
		for id, p := range sessions {
			found, err := d.Screen(t.Context(), session.System, session.Question{Person: p, Top: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range found.Hits {
				all[string(id)+" "+h.EntryID] = true
			}
		}
		return all
	}
	alerts := func(states ...session.DispositionState) map[string]bool {
		t.Helper()
		all := map[string]bool{}
		for _, state := range states {
			for _, a := range d.alerts(state) {
				if all[string(a.Session)+" "+a.Hit.EntryID] {
					t.Errorf("%s is there twice", a.ID)
				}
				all[string(a.Session)+" "+a.Hit.EntryID] = true
			}
		}
		return all
	}
	first := met()
	if raised := alerts(session.DispositionOpen); !maps.Equal(raised, first) || len(first) < both/20 {
		t.Fatalf("the first list raises %v, want %v", raised, first)
	}
	var ruled session.Alert // holds, since its entry stays as it is
	for _, a := range d.alerts(session.DispositionOpen) {
		if _, stays := now[a.Hit.EntryID]; stays {
			ruled = d.dispose(officerOf("acme", "member:1"), a.ID, session.DispositionNoMatch)
			break
		}
	}

	d.pass(time.Hour)
	if change := load(after); change.Record.Added != 4 || change.Record.Removed != 1 || change.Record.Changed != 2 {
		t.Errorf("the second list brought %+v", change.Record)
	}
	run := d.lastRun()
	wantCoverage(t, run)
	second := met()
	fresh, gone := 0, 0
	for pair := range second {
		if !first[pair] {
			fresh++
		}
	}
	for pair := range first {
		if !second[pair] {
			gone++
		}
	}
	if run.Population != len(sessions) || run.Alerts != fresh || run.NewHits != fresh || run.Gone != gone || fresh == 0 || !run.Delta {
		t.Errorf("the run over the second list: %+v; want %d new hits and %d gone", run, fresh, gone)
	}
	held := d.alerts(session.DispositionNoMatch)
	if len(held) == 0 || !slices.ContainsFunc(held, func(a session.Alert) bool { return a.ID == ruled.ID }) {
		t.Errorf("what was decided is %+v", held)
	}
	if standing := alerts(session.DispositionOpen, session.DispositionNoMatch); !maps.Equal(standing, second) {
		t.Errorf("after the second list the alerts are %v, want %v", standing, second)
	}
	for id, e := range now {
		if _, was := old[id]; !was && !second[string(of[id].ID)+" "+id] {
			t.Errorf("%s was added and its applicant is not found", e.ID)
		}
	}

	d.pass(time.Hour)
	if again := load(after); !again.Same {
		t.Error("the second list again counts as a change")
	}
	if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	wantCoverage(t, d.lastRun())
	if last := d.lastRun(); last.ID == run.ID || last.Alerts+last.NewHits+last.Changed+last.Gone != 0 {
		t.Errorf("the same list once more: %+v", last)
	}
	if standing := alerts(session.DispositionOpen, session.DispositionNoMatch); !maps.Equal(standing, second) {
		t.Errorf("the second time the alerts are %v", standing)
	}
}
