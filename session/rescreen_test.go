package session_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/mrz"
	"dossier/sanctions"
	"dossier/session"
)

// person is a passport holder of that name, with a number of their own.
func person(first, last, born string, n int) mrz.Person {
	return mrz.Person{FirstName: first, LastName: last, BirthDate: born, Sex: "M", DocumentNumber: fmt.Sprintf("N%08d", n), ExpirationDate: "2031-04-15"}
}

func (d *desk) drain() {
	d.t.Helper()
	if err := d.Drain(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) lastRun() session.Run {
	d.t.Helper()
	runs, err := d.RunRecords(d.t.Context(), session.System, 1)
	if err != nil || len(runs) != 1 {
		d.t.Fatalf("runs: %v, %v", runs, err)
	}
	return runs[0]
}

func wantCoverage(t *testing.T, r session.Run) {
	t.Helper()
	if r.Status != session.RunDone || r.Screened+r.Failed+r.ExcludedTotal() != r.Population || r.Failed != 0 {
		t.Errorf("run %s is %s: %d screened + %d failed + %v excluded of %d", r.ID, r.Status, r.Screened, r.Failed, r.Excluded, r.Population)
	}
}

func TestNewListRaisesExactlyTheAlertsOfTheDifference(t *testing.T) {
	d := newDesk(t)
	d.drain()
	clear := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	listed := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	dropped := d.ingest(good(t, person("TERENCE", "QUILLFEATHER", "1955-01-01", 3)))
	bystander := d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 4)))
	if clear.Status != session.Success || listed.Status != session.AwaitingAction || dropped.Status != session.AwaitingAction {
		t.Fatalf("before: %s, %s, %s", clear.Status, listed.Status, dropped.Status)
	}
	if open := d.alerts(session.DispositionOpen); len(open) != 2 {
		t.Fatalf("%d open alerts before", len(open))
	}

	d.pass(time.Hour)
	v2 := strings.Replace(listV1, "X-3,person,Terence Quillfeather,,1955-01-01,GBR,,EXAMPLE\n", "", 1) + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n"
	change := d.load(v2)
	if change.Record.Added != 1 || change.Record.Removed != 1 || change.Record.Changed != 0 {
		t.Fatalf("delta is +%d -%d ~%d", change.Record.Added, change.Record.Removed, change.Record.Changed)
	}
	d.drain()
	run := d.lastRun()
	wantCoverage(t, run)
	if run.Trigger != "list:custom" || run.Entries != 2 || run.Alerts != 1 || run.NewHits != 1 || run.Gone != 1 || run.Population != 4 {
		t.Errorf("run is %+v", run)
	}
	open := d.alerts(session.DispositionOpen)
	if len(open) != 2 || open[0].Session != clear.ID || open[0].Hit.EntryID != "X-9" || open[1].Session != listed.ID {
		t.Errorf("open alerts are %+v", open)
	}
	if gone := d.alerts(session.DispositionGone); len(gone) != 1 || gone[0].Session != dropped.ID {
		t.Errorf("gone alerts are %+v", gone)
	}
	now := d.get(clear.ID)
	if now.Status != session.Success || now.Screening.Status != session.PotentialMatch || len(now.Notes) != 1 || now.DecidedBy != session.DecidedByRules {
		t.Errorf("a new hit on a finished session leaves it %s, %s, notes %+v", now.Status, now.Screening.Status, now.Notes)
	}
	if still := d.get(bystander.ID); still.Version != bystander.Version || still.Screening.Run != run.ID || still.Screening.Lists[0].SHA256 != change.Record.SHA256 {
		t.Errorf("a bystander is at version %d with screening %+v", still.Version, still.Screening)
	}

	d.pass(time.Hour)
	if again := d.load(v2); !again.Same {
		t.Errorf("the same file again counts as a change")
	}
	if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	wantCoverage(t, d.lastRun())
	if second := d.lastRun(); second.Alerts != 0 || second.NewHits != 0 || second.Screened != 4 {
		t.Errorf("the same facts again: %+v", second)
	}
	d.wantWholeAudit()
}

func TestRunCountsWhatItLeavesOut(t *testing.T) {
	d := newDesk(t)
	d.drain()
	d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 1)))
	d.ingest(session.Submission{Company: "acme"})
	empty := good(t, anna)
	empty.Document = nil
	d.ingest(empty)
	elsewhere := good(t, person("TERENCE", "QUILLFEATHER", "1955-01-01", 3))
	elsewhere.Company, elsewhere.Extra = "orbit", map[string]any{"plan": "b"}
	if got := d.ingest(elsewhere); got.Screening.Status != session.NotScreened || got.Status != session.Success {
		t.Errorf("where the company does not screen: %s, %s", got.Screening.Status, got.Status)
	}
	d.pass(time.Minute)
	if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	run := d.lastRun()
	wantCoverage(t, run)
	if run.Population != 4 || run.Screened != 1 || len(run.Excluded) != 3 {
		t.Errorf("run is %+v", run)
	}
}

func TestRunGoesOnAfterACrash(t *testing.T) {
	d := newDesk(t)
	d.drain()
	var ids []session.ID
	for i := range 5 {
		ids = append(ids, d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", i))).ID)
		d.pass(time.Second)
	}
	run, err := d.Rescreen(t.Context(), session.System, "manual")
	if err != nil {
		t.Fatal(err)
	}
	records, err := d.Lists(session.System)
	if err != nil {
		t.Fatal(err)
	}
	run.Status, run.Cursor, run.Population, run.Screened = session.RunRunning, ids[1], 2, 2 // as a crash leaves it
	run.Matcher, run.Lists = sanctions.MatcherVersion, []session.ScreenedList{{ID: "custom", SHA256: records[0].SHA256}}
	if err := d.db.PutRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	again := session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now})
	if err := again.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := again.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := d.lastRun()
	wantCoverage(t, done)
	if done.ID != run.ID || done.Population != 5 || done.Screened != 5 {
		t.Errorf("the resumed run is %+v", done)
	}
	for i, id := range ids { // the first two were done before the crash, and are not done again
		if by, _, err := d.db.Confirmed(t.Context(), id, time.Time{}); err != nil || (by == run.ID) != (i >= 2) {
			t.Errorf("session %d is confirmed by %q, %v", i, by, err)
		}
	}
}

func TestDispositionHoldsUntilASideChanges(t *testing.T) {
	d := newDesk(t)
	d.drain()
	got := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	officer := member("acme", session.MayRead, session.MayDecide)
	dispose := func(state session.DispositionState) {
		t.Helper()
		if _, err := d.Dispose(t.Context(), officer, got.Screening.Hits[0].Alert, session.Disposition{State: state, Text: "another father's name"}); err != nil {
			t.Fatal(err)
		}
	}
	dispose(session.DispositionNoMatch)
	if now := d.get(got.ID); now.Screening.Status != session.Clear || now.Status != session.AwaitingAction {
		t.Errorf("after no match: %s, %s", now.Screening.Status, now.Status)
	}
	rescreen := func() {
		t.Helper()
		d.pass(time.Minute)
		if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
			t.Fatal(err)
		}
		d.drain()
	}
	rescreen()
	if n := len(d.alerts(session.DispositionOpen)); n != 0 {
		t.Errorf("the same facts open %d alerts again", n)
	}
	d.load(strings.Replace(listV1, "Orlindo Brastemar,,1970", "Orlindo Brastemar,,1970-06-07", 1))
	d.drain()
	if n := len(d.alerts(session.DispositionOpen)); n != 1 {
		t.Errorf("%d open alerts after the entry changed", n)
	}
	dispose(session.DispositionNoMatch)
	if _, err := d.Amend(t.Context(), officer, got.ID, session.Amendment{Fields: map[string]string{"birth_date": "1970-06-08"}, Reason: "misread"}); err != nil {
		t.Fatal(err)
	}
	if n := len(d.alerts(session.DispositionOpen)); n != 1 {
		t.Errorf("%d open alerts after the person changed", n)
	}
	dispose(session.DispositionMatch)
	rescreen()
	if now := d.get(got.ID); now.Screening.Status != session.Match {
		t.Errorf("a confirmed match is %s after a re-screening", now.Screening.Status)
	}
}

func TestListUpdatesThatAreRefused(t *testing.T) {
	many := listHead
	for i := range 10 {
		many += fmt.Sprintf("Y-%d,person,Person Number%d,,,,,\n", i, i)
	}
	tests := []struct{ name, raw, want string }{
		{"empty", "", "refused"},
		{"only a head", listHead, "refused"},
		{"no list", "hello, world", "refused"},
		{"another list of the same length", strings.NewReplacer("Y-1,", "Y-1,", "Y-2,", "Y-2,", "Y-", "Z-").Replace(many), "only 2 of the 10 entries in force are in it"},
		{"a fifth less and one", strings.Join(strings.SplitAfter(many, "\n")[:8], ""), "7 entries where the one in force has 10"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			before := d.load(many).Record
			_, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custom", Source: "new.csv", Raw: []byte(tt.raw)})
			if session.CodeOf(err) != session.Invalid || !strings.Contains(session.MessageOf(err), tt.want) {
				t.Errorf("answer is %v", err)
			}
			records, _ := d.Lists(session.System)
			if len(records) != 1 || records[0].SHA256 != before.SHA256 {
				t.Errorf("in force is %+v", records)
			}
			if refused, err := d.Attempts(t.Context(), session.System, "custom", 1); err != nil || len(refused) != 1 || refused[0].Source != "new.csv" || refused[0].Result != session.AttemptRefused {
				t.Errorf("refusals are %+v, %v", refused, err)
			}
		})
	}
	d := newDesk(t)
	d.load(many)
	if _, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custom", Source: "new.csv", Raw: []byte(listV1), Force: true}); err != nil {
		t.Errorf("with force: %v", err)
	}
}

func TestStaleListsAreNeverClear(t *testing.T) {
	d := newDesk(t)
	d.pass(73 * time.Hour)
	got := d.ingest(good(t, anna))
	if got.Screening.Status != session.NotScreened || codes(got.Findings) != "lists_stale:review" || !got.Screening.Lists[0].Stale {
		t.Errorf("against a stale list: %s, [%s], %+v", got.Screening.Status, codes(got.Findings), got.Screening.Lists)
	}
	hit := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	if hit.Screening.Status != session.PotentialMatch {
		t.Errorf("a hit on a stale list is %s", hit.Screening.Status)
	}
	d.load(listV1)
	if fresh := d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 4))); fresh.Screening.Status != session.Clear {
		t.Errorf("the list was confirmed, and the screening is %s: %s", fresh.Screening.Status, fresh.Screening.Reason)
	}
}

func TestAMisspeltListIsRefused(t *testing.T) {
	d := newDesk(t)
	_, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custmo", Raw: []byte(listV1)})
	if session.CodeOf(err) != session.Invalid || !containsField(err, "list") {
		t.Errorf("answer is %v", err)
	}
	if records, _ := d.Lists(session.System); len(records) != 1 {
		t.Errorf("%d lists are in force", len(records))
	}
}

func TestAlertsCloseWhenNobodyScreensAnyMore(t *testing.T) {
	d := newDesk(t)
	d.drain()
	got := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	if _, err := d.Dispose(t.Context(), session.System, got.Screening.Hits[0].Alert, session.Disposition{State: session.DispositionEscalated, Text: "ask"}); err != nil {
		t.Fatal(err)
	}
	c, err := d.Company(t.Context(), session.System, "acme")
	if err != nil {
		t.Fatal(err)
	}
	c.Settings.Screen = false
	if _, err := d.SaveCompany(t.Context(), session.System, c, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.RescreenOne(t.Context(), session.System, got.ID); err != nil {
		t.Fatal(err)
	}
	if open, gone := d.alerts(session.DispositionEscalated), d.alerts(session.DispositionGone); len(open) != 0 || len(gone) != 1 {
		t.Errorf("%d escalated, %d gone", len(open), len(gone))
	}
}

// TestAListOfWhichNothingWasScreenedIsMetAtTheNextStart: a crash between the list and its run.
func TestAListOfWhichNothingWasScreenedIsMetAtTheNextStart(t *testing.T) {
	d := newDesk(t)
	d.drain()
	got := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	d.pass(time.Hour)
	raw := []byte(listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
	d.load(string(raw))
	run := d.lastRun()
	run.Status = session.RunCancelled
	if err := d.db.PutRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	again := session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now})
	if err := again.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := again.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := d.get(got.ID); now.Screening.Status != session.PotentialMatch {
		t.Errorf("screening is %s", now.Screening.Status)
	}
}

func TestStaleListsRewriteNothingEachNight(t *testing.T) {
	d := newDesk(t)
	d.drain()
	d.pass(80 * time.Hour)
	got := d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 4)))
	for range 3 {
		d.pass(24 * time.Hour)
		if _, err := d.Rescreen(t.Context(), session.System, "schedule"); err != nil {
			t.Fatal(err)
		}
		d.drain()
	}
	if now := d.get(got.ID); now.Version != got.Version {
		t.Errorf("three nights made version %d of %d", now.Version, got.Version)
	}
}

// TestRunCoversWhoCameInWhileItWaited: a run that waits takes changes of lists in; who came in between met
// the lists before them.
func TestRunCoversWhoCameInWhileItWaited(t *testing.T) {
	for name, ask := range map[string]func(d *desk){
		"a run of whole lists":  func(d *desk) { d.rescreen() },
		"a run over the change": func(d *desk) { d.load(listV1 + "X-8,person,Somebody Else,,1999-01-01,,,EXAMPLE\n") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.drain()
			d.pass(time.Minute)
			ask(d)
			d.pass(time.Minute)
			between := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
			d.pass(time.Minute)
			d.load(listV1 + "X-8,person,Somebody Else,,1999-01-01,,,EXAMPLE\n" + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
			d.pass(time.Minute)
			d.drain()
			wantCoverage(t, d.lastRun())
			if open := d.alerts(session.DispositionOpen); len(open) != 1 || open[0].Session != between.ID {
				t.Errorf("open alerts are %+v, want one of the session that came in between", open)
			}
		})
	}
}

func (d *desk) rescreen() {
	d.t.Helper()
	if _, err := d.Rescreen(d.t.Context(), session.System, "manual"); err != nil {
		d.t.Fatal(err)
	}
}

// TestResumeOfAnOldRun: a run that so many newer ones have passed is not taken up again, or it would wait
// for ever.
func TestResumeOfAnOldRun(t *testing.T) {
	d := newDesk(t)
	d.drain()
	d.rescreen()
	old := d.lastRun()
	if err := d.Cancel(t.Context(), session.System, old.ID); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		d.pass(time.Hour)
		d.rescreen()
		d.drain()
	}
	if r, err := d.Resume(t.Context(), session.System, old.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("resumed: %s, %v", r.Status, err)
	}
}

// TestARunLeavesOtherFindings: it says anew what the screening says, as judging everything again does.
func TestARunLeavesOtherFindings(t *testing.T) {
	d := newDesk(t)
	d.drain()
	hit := good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 1))
	hit.Checks.FaceMatchLevel = ptr(1)
	free := good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 2))
	free.Checks.FaceMatchLevel = ptr(1)
	ids := []session.ID{d.ingest(hit).ID, d.ingest(free).ID}
	wantFindings := func(when string, wanted ...string) {
		t.Helper()
		for i, id := range ids {
			if got := codes(d.get(id).Findings); got != wanted[i] {
				t.Errorf("%s: session %d has %q, want %q", when, i, got, wanted[i])
			}
		}
	}
	const face = "low_face_match:review"
	wantFindings("before", "sanctions_hit:review "+face, face)
	d.pass(time.Hour)
	d.load(listHead + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
	d.drain()
	wantCoverage(t, d.lastRun())
	wantFindings("after the run", face, "sanctions_hit:review "+face)
	for _, id := range ids {
		byRun := d.get(id).Findings
		again, err := d.RescreenOne(t.Context(), session.System, id)
		if err != nil || !slices.Equal(again.Findings, byRun) {
			t.Errorf("judged whole: %+v, %v\nby the run: %+v", again.Findings, err, byRun)
		}
	}
}
