package session_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
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

// TestHitsOnRecordAreBounded: however often other entries are the best, those on record do not grow without
// end, and a match stays among them.
func TestHitsOnRecordAreBounded(t *testing.T) {
	d := newDesk(t)
	list := func(group int) string { // of 300 entries that all meet the person, a hundred of them best
		var b strings.Builder
		b.WriteString(listHead)
		for i := range 300 {
			name := "Orlindo Brastemer"
			if i/100 == group {
				name = "Orlindo Brastemar"
			}
			fmt.Fprintf(&b, "C-%03d,person,%s,,1970-06-07,,,\n", i, name)
		}
		return b.String()
	}
	d.load(list(0))
	d.drain()
	got := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	matched := d.get(got.ID).Screening.Hits[99]
	if _, err := d.Dispose(t.Context(), session.System, matched.Alert, session.Disposition{State: session.DispositionMatch, Text: "the very man"}); err != nil {
		t.Fatal(err)
	}
	for group := 1; group <= 3; group++ {
		d.pass(time.Hour)
		d.load(list(group % 3))
		d.drain()
		hits := d.get(got.ID).Screening.Hits
		if len(hits) != 150 || !slices.ContainsFunc(hits, func(h session.Hit) bool {
			return h.Alert == matched.Alert && h.Disposition.State == session.DispositionMatch
		}) {
			t.Errorf("%d hits are on record, want 150 with the match among them", len(hits))
		}
		if _, _, open, err := d.Alerts(t.Context(), session.System, session.AlertFilter{State: session.DispositionOpen, Limit: 1}); err != nil || open != 149 {
			t.Errorf("%d alerts are open, %v", open, err)
		}
	}
}

// TestOwnListUnderAPublishedName: our own CSV does not become the list of a publisher by mistake.
func TestOwnListUnderAPublishedName(t *testing.T) {
	d := newDesk(t)
	own := session.ListUpdate{List: "un_sc", Source: "own.csv", Raw: []byte(listV1)}
	if _, err := d.UpdateList(t.Context(), session.System, own); session.CodeOf(err) != session.Invalid || !strings.Contains(session.MessageOf(err), "custom_NAME") {
		t.Errorf("under the name of a published list: %v", err)
	}
	for _, id := range []string{"custom", "custom_staff", "opensanctions_peps"} {
		own.List = id
		if _, err := d.UpdateList(t.Context(), session.System, own); err != nil {
			t.Errorf("as %s: %v", id, err)
		}
	}
	own.List, own.Force = "un_sc", true
	if _, err := d.UpdateList(t.Context(), session.System, own); err != nil {
		t.Errorf("with force: %v", err)
	}
}
