package kv

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/oklog/ulid/v2"

	"dossier/sanctions"
	"dossier/session"
)

// largestEntries are the n largest of a published list, which is beside the repository.
func largestEntries(t *testing.T, name string, n int) []sanctions.Entry {
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
	sizes := map[string]int{}
	for _, e := range list.Records {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		sizes[e.ID] = len(data)
	}
	slices.SortFunc(list.Records, func(a, b sanctions.Entry) int { return cmp.Compare(sizes[b.ID], sizes[a.ID]) })
	return list.Records[:min(n, len(list.Records))]
}

// TestHundredHitsReplacedAtOnce: somebody has as many hits as one screening takes, on the largest entries of
// a list, each decided, reopened and decided again; then the list changes all of them, and names as many
// others. A session and its alerts are stored together or not at all, and this is more than a transaction takes.
func TestHundredHitsReplacedAtOnce(t *testing.T) {
	for _, list := range []string{"ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz", "opensanctions-ua_war_sanctions-2026-03-13.targets.simple.csv.gz"} {
		t.Run(list, func(t *testing.T) { replaceHits(t, largestEntries(t, list, 200)) })
	}
}

// replaceHits raises alerts on half of the entries, then opens these again and raises the other half at once.
func replaceHits(t *testing.T, entries []sanctions.Entry) {
	hits := len(entries) / 2
	why := strings.Repeat("Born in another year and another country, other names of the parents, a photo that is nobody's we know. ", 3)
	dir := t.TempDir()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := commitExample(t, db, 1)
	var first, second session.Change
	for i, e := range entries {
		a := alertOn(s, i)
		a.ID = session.AlertID(s.ID, "list", e.ID)
		a.Hit.List, a.Hit.EntryID, a.Hit.Entry = "list", e.ID, e
		a.Turns = []session.Turn{{At: s.CreatedAt, State: session.DispositionOpen, Raised: "ingest", Person: a.Person}}
		if i >= hits {
			second.Alerts = append(second.Alerts, a)
			continue
		}
		seen := session.Sides{Person: s.Person, Fingerprint: letters(64), Entry: e, EntryHash: letters(64)}
		p := session.Suppression{ID: ulid.Make().String(), Company: s.Company, Session: s.ID, Alert: a.ID, Fingerprint: seen.Fingerprint,
			List: "list", EntryIDs: []string{e.ID}, Seen: seen, Text: why, MadeAt: s.CreatedAt}
		no := session.Disposition{State: session.DispositionNoMatch, Text: why, At: s.CreatedAt, Suppression: p.ID}
		held := a
		held.Disposition = no
		held.History = []session.Judgement{{Disposition: no, Seen: seen}, {Disposition: no, Seen: seen}}
		first.Alerts, first.Suppressions = append(first.Alerts, held), append(first.Suppressions, p)

		changed := e
		changed.Remarks += " " + letters(100)
		open := held
		open.Version, open.Hit.Entry = 1, changed
		open.Disposition = session.Disposition{State: session.DispositionOpen}
		open.Reopened = &session.Reopening{At: s.CreatedAt, Seen: seen}
		p.Version, p.EndedAt, p.EndReason = 1, s.CreatedAt, letters(40)
		second.Alerts, second.Suppressions = append(second.Alerts, open), append(second.Suppressions, p)
	}
	for _, a := range second.Alerts {
		s.Screening.Hits = append(s.Screening.Hits, a.Hit)
		second.Events = append(second.Events, session.System.Event(s.CreatedAt, session.ActAlert, s.Company, s.ID, map[string]string{"alert": a.ID, "list": "list", "entry": a.Hit.EntryID}))
	}
	for i := range first.Alerts { // when they come, they come one by one, or together with few others
		if _, err := db.Commit(t.Context(), session.Change{Alerts: first.Alerts[i : i+1], Suppressions: first.Suppressions[i : i+1]}); err != nil {
			t.Fatal(err)
		}
	}
	second.Session = &s
	stored, err := db.Commit(t.Context(), second)
	if err != nil {
		t.Errorf("%d alerts reopened and %d raised: %v", hits, hits, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	if got, err := db.Session(t.Context(), s.ID); err != nil || got.Version != stored.Version || len(got.Screening.Hits) != 2*hits {
		t.Errorf("the session has version %d and %d hits, want %d and %d: %v", got.Version, len(got.Screening.Hits), stored.Version, 2*hits, err)
	}
	for _, want := range second.Alerts {
		want.Version++
		if got, err := db.Alert(t.Context(), want.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("alert %s: %v, not as stored", want.ID, err)
		}
	}
	if n := records(t, db, atFingerprint); n != 0 {
		t.Errorf("%d suppressions are in force, want none", n)
	}
	if n := wholeChain(t, db); n != 1+2*hits {
		t.Errorf("%d events, want %d", n, 1+2*hits)
	}
}
