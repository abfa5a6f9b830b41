package session_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

// noise is text that hardly compresses, without commas.
func noise(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ."[r.IntN(64)]
	}
	return string(b)
}

// crowded is a list on which one name stands many times, in entries of so many bytes.
func crowded(entries, bytes, version int) string {
	r := rand.New(rand.NewPCG(1, uint64(version)))
	var b strings.Builder
	b.WriteString(listHead)
	for i := range entries {
		fmt.Fprintf(&b, "C-%03d,person,Orlindo Brastemar,%s,1970,BRA,,%s\n", i, strings.Repeat("Somebody Else;", 20), noise(r, bytes))
	}
	return b.String()
}

// TestManyHitsOnLargeEntries: whoever meets a hundred entries, however much each holds, is taken in,
// screened again, edited and erased like everybody.
func TestManyHitsOnLargeEntries(t *testing.T) {
	for _, bytes := range []int{3_000, 40_000, 90_000} {
		t.Run(fmt.Sprint(bytes), func(t *testing.T) {
			d := newDesk(t)
			d.load(crowded(130, bytes, 1))
			d.drain()
			got := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
			if s := got.Screening; s.Status != session.PotentialMatch || len(s.Hits) != 100 {
				t.Fatalf("taken in: %s with %d hits", s.Status, len(s.Hits))
			}
			d.pass(time.Hour)
			d.load(crowded(130, bytes, 2))
			d.drain()
			if run := d.lastRun(); run.Status != session.RunDone || run.Failed != 0 || run.Screened != 1 {
				t.Errorf("the run: %s, %d failed, %v", run.Status, run.Failed, run.Failures)
			}
			if s := d.get(got.ID).Screening; s.Status != session.PotentialMatch || len(s.Hits) < 100 || s.Run == "" {
				t.Errorf("screened again: %s with %d hits, by %q", s.Status, len(s.Hits), s.Run)
			}
			alerts, _, _, err := d.Alerts(t.Context(), session.System, session.AlertFilter{State: session.DispositionOpen, Limit: 1})
			if err != nil || len(alerts) != 1 || alerts[0].Hit.Entry.ID == "" {
				t.Fatalf("%d alerts, %v", len(alerts), err)
			}
			if err := d.db.Erase(t.Context(), got.ID, d.get(got.ID).Version); err != nil {
				t.Errorf("erased: %v", err)
			}
		})
	}
}

// TestAllHitsChange: where a new version of a list has quite other entries, which all meet the same person, as
// many alerts are closed as are raised, and all of it is stored, version after version.
func TestAllHitsChange(t *testing.T) {
	d := newDesk(t)
	version := func(v int) string { return strings.ReplaceAll(crowded(130, 40_000, v), "C-", fmt.Sprintf("V%d-", v)) }
	d.load(version(1))
	d.drain()
	got := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	for v := 2; v <= 3; v++ {
		d.pass(time.Hour)
		if _, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custom", Raw: []byte(version(v)), Force: true}); err != nil {
			t.Fatal(err)
		}
		d.drain()
		if run := d.lastRun(); run.Failed != 0 {
			t.Errorf("version %d: %d failed, %v", v, run.Failed, run.Failures)
		}
		for _, h := range d.get(got.ID).Screening.Hits {
			if want := fmt.Sprintf("V%d-", v); !strings.HasPrefix(h.EntryID, want) {
				t.Fatalf("version %d: a hit on %s", v, h.EntryID)
			}
		}
		open, _, total, err := d.Alerts(t.Context(), session.System, session.AlertFilter{State: session.DispositionOpen, Limit: 1})
		if err != nil || len(open) != 1 || total != 100 {
			t.Errorf("version %d: %d alerts are open, %v", v, total, err)
		}
	}
}
