package kv

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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

// TestHundredHitsReplacedAtOnce: somebody has as many hits as one screening takes, on the largest entries
// of OFAC, each decided, reopened and decided again; then a list changes all of them, and names as many
// others. A session and its alerts are one transaction, and this one is the largest.
func TestHundredHitsReplacedAtOnce(t *testing.T) {
	const hits = 100
	why := strings.Repeat("Born in another year and another country, other names of the parents, a photo that is nobody's we know. ", 3)
	entries := largestEntries(t, "ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz", 2*hits)
	db := openTest(t, t.TempDir(), Options{})
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
	ready, err := newPending("test", s)
	if err != nil {
		t.Fatal(err)
	}
	err = db.update(t.Context(), "test", func(tx *tx) error {
		if err := tx.change("test", second, ready, db.now()); err != nil {
			return err
		}
		err := tx.record("test", second.Events)
		t.Logf("%d of %d bytes, %d of %d writes", tx.bytes, tx.limit, len(tx.writes), tx.count)
		return err
	})
	if err != nil {
		t.Errorf("%d alerts reopened and %d raised: %v", hits, hits, err)
	}
}
