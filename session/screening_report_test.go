package session_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"dossier/kv"
	"dossier/session"
)

// TestScreeningReport: what a period holds, of whom, and how long it took.
func TestScreeningReport(t *testing.T) {
	d := newDesk(t)
	d.drain()
	began := d.now()
	late := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	atOnce := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	d.pass(24 * time.Hour)
	published := d.now() // our own lists say nothing of it: the day on which one came into force counts
	d.load(listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
	d.pass(time.Hour)
	d.drain()
	run := d.lastRun()
	d.pass(5 * time.Hour)
	officer := member("acme", session.MayRead, session.MayDecide, session.MayExport)
	if _, err := d.Dispose(t.Context(), officer, d.get(late.ID).Screening.Hits[0].Alert,
		session.Disposition{State: session.DispositionMatch, Reason: "all_fields_agree", Text: "it is him"}); err != nil {
		t.Fatal(err)
	}
	end := d.now().Add(time.Hour)
	r, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: began, To: end})
	if err != nil {
		t.Fatal(err)
	}
	if r.Raised != 2 || r.Decided["match"] != 1 || r.Undecided["open"] != 1 || len(r.Alerts) != 2 || r.Population.Population != 2 || r.CountedBy != run.ID || len(r.Lists) != 2 || len(r.Runs) != 2 {
		t.Errorf("report is %+v", r)
	}
	want := session.Durations{N: 1, Median: 6 * time.Hour, P95: 6 * time.Hour, Worst: 6 * time.Hour}
	if r.ToDecision != want || r.ToAlert.Worst != time.Hour || r.InQueue.Worst != 5*time.Hour || r.InQueue.N != 1 {
		t.Errorf("to alert %+v, to decision %+v, in the queue %+v", r.ToAlert, r.ToDecision, r.InQueue)
	}
	for _, a := range r.Alerts {
		if isLate := a.Session == late.ID; isLate != a.Published.Equal(published) || isLate == a.DecidedAt.IsZero() {
			t.Errorf("alert of %s: published %s, decided %s", a.Person, a.Published, a.DecidedAt)
		}
	}

	ofRun, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{Run: run.ID})
	if err != nil || len(ofRun.Alerts) != 1 || ofRun.Alerts[0].Session != late.ID || len(ofRun.Runs) != 1 {
		t.Errorf("of the run: %+v, %v", ofRun, err)
	}
	before, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: began, To: published})
	if err != nil || len(before.Alerts) != 1 || before.Alerts[0].Session != atOnce.ID || before.Undecided["open"] != 1 || len(before.Lists) != 1 {
		t.Errorf("of the day before: %+v, %v", before, err)
	}
	other, err := d.ScreeningReport(t.Context(), member("orbit", session.MayRead, session.MayExport), session.ReportWish{From: began, To: end})
	if err != nil || len(other.Alerts) != 0 || other.Population.Population != 0 {
		t.Errorf("another company sees %+v, %v", other, err)
	}
	for name, refused := range map[string]struct {
		actor session.Actor
		wish  session.ReportWish
		code  session.Code
	}{
		"a period that ends before it begins": {officer, session.ReportWish{From: end, To: began}, session.Invalid},
		"another company":                     {officer, session.ReportWish{From: began, To: end, Companies: []string{"orbit"}}, session.NotFound},
		"a run that never was":                {officer, session.ReportWish{Run: "01KJPZV2808X0AQJ20GJ5Q9VKF"}, session.NotFound},
		"somebody who may not":                {member("acme", session.MayRead), session.ReportWish{From: began, To: end}, session.Forbidden},
	} {
		if _, err := d.ScreeningReport(t.Context(), refused.actor, refused.wish); session.CodeOf(err) != refused.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReportOfSuppressedAlerts: an alert that a decision of last month holds down was closed when it was
// raised. It never waited, and it is part of the period in which it came.
func TestReportOfSuppressedAlerts(t *testing.T) {
	d := newDesk(t)
	officer := member("acme", session.MayRead, session.MayDecide, session.MayExport)
	before := d.now()
	first := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	d.pass(time.Hour)
	d.dispose(officer, first.Screening.Hits[0].Alert, session.DispositionNoMatch)
	d.pass(30 * 24 * time.Hour)
	began := d.now()
	if again := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2))); again.Screening.Hits[0].Disposition.State != session.DispositionNoMatch {
		t.Fatalf("the same person again: %+v", again.Screening.Hits[0].Disposition)
	}
	end := d.now().Add(time.Hour)
	for name, period := range map[string][2]time.Time{"of the decision": {before, began}, "of the suppressed alert": {began, end}} {
		r, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: period[0], To: period[1]})
		if err != nil || r.Raised != 1 || r.Decided["no_match"] != 1 || len(r.Undecided) != 0 || len(r.Alerts) != 1 {
			t.Errorf("month %s: raised %d, decided %v, undecided %v, %v", name, r.Raised, r.Decided, r.Undecided, err)
		}
	}
	r, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: before, To: end})
	if want := (session.Durations{N: 1, Median: time.Hour, P95: time.Hour, Worst: time.Hour}); err != nil || r.InQueue != want {
		t.Errorf("in the queue: %+v, %v", r.InQueue, err)
	}
}

// TestReportOfAClosedPeriod comes out the same when its alerts open again later, when they are decided
// anew, when the person changes, and when the list is replaced and taken out of force.
func TestReportOfAClosedPeriod(t *testing.T) {
	d := newDesk(t)
	d.drain()
	officer := member("acme", session.MayRead, session.MayDecide, session.MayExport)
	from := d.now()
	reopened := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	decidedAnew := d.ingest(good(t, person("TERENCE", "QUILLFEATHER", "1955-01-01", 3)))
	waits := d.ingest(good(t, person("VASILON", "KARMEIDES", "1961-04-05", 4)))
	alert := func(s session.Session) string { return s.Screening.Hits[0].Alert }
	d.pass(time.Hour)
	d.dispose(officer, alert(reopened), session.DispositionNoMatch)
	d.dispose(officer, alert(decidedAnew), session.DispositionMatch)
	d.dispose(officer, alert(waits), session.DispositionEscalated)
	d.pass(time.Hour)
	to := d.now()
	report := func(from, to time.Time) session.ScreeningReport {
		t.Helper()
		r, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: from, To: to})
		if err != nil {
			t.Fatal(err)
		}
		r.Made = time.Time{}
		return r
	}
	then := report(from, to)
	if then.Raised != 3 || then.Decided["no_match"] != 1 || then.Decided["match"] != 1 || then.Undecided["escalated"] != 1 || len(then.Alerts) != 3 || then.InQueue.N != 2 {
		t.Fatalf("at the time: %+v", then)
	}

	d.pass(300 * 24 * time.Hour)
	second := d.now()
	d.load(strings.Replace(listV1, "Orlindo Brastemar,,1970", "Orlindo Brastemar,,1970-06-07", 1))
	d.pass(time.Hour)
	d.drain()
	if open := d.alerts(session.DispositionOpen); len(open) != 1 || open[0].Session != reopened.ID {
		t.Fatalf("open again: %+v", open)
	}
	d.pass(time.Hour)
	d.dispose(officer, alert(decidedAnew), session.DispositionNoMatch)
	if _, err := d.Amend(t.Context(), officer, waits.ID, session.Amendment{Fields: map[string]string{"first_name": "VASSILON"}, Reason: "misread"}); err != nil {
		t.Fatal(err)
	}
	d.dispose(officer, alert(reopened), session.DispositionMatch)
	d.pass(time.Hour)
	if _, err := d.RetireList(t.Context(), session.System, "custom", "no longer used"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	d.pass(time.Hour)
	if now := report(from, to); !reflect.DeepEqual(now, then) {
		t.Errorf("300 days later: %+v\nand then %+v", now, then)
	}
	later := report(second, d.now())
	if later.Raised != 1 || later.Decided["match"] != 1 || later.Decided["no_match"] != 1 || later.Decided["gone"] != 1 || len(later.Undecided) != 0 || len(later.Alerts) != 3 || later.InQueue.N != 1 || later.InQueue.Worst != time.Hour {
		t.Errorf("the later period: %+v", later)
	}
	whole := report(from, d.now())
	if whole.Raised != 4 || len(whole.Alerts) != 4 { // the one that opened again is there twice
		t.Errorf("both periods: %+v", whole)
	}
}

// A cutStore lets somebody at a run that notes how far it is.
type cutStore struct {
	*kv.DB
	cut func(session.Run) error
}

func (s *cutStore) Advance(ctx context.Context, r session.Run, c session.Confirmation) error {
	if s.cut != nil {
		if err := s.cut(r); err != nil {
			return err
		}
	}
	return s.DB.Advance(ctx, r, c)
}

// TestReportOfAResumedRun: in the report of each period a run stands as it did at the end of it, however
// often it went on later.
func TestReportOfAResumedRun(t *testing.T) {
	d := newDesk(t)
	store := &cutStore{DB: d.db}
	d.Service = session.NewService(session.Options{Store: store, Index: d.index, Now: d.now})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.drain()
	officer := member("acme", session.MayRead, session.MayExport)
	report := func(from, to time.Time) session.ScreeningReport {
		t.Helper()
		r, err := d.ScreeningReport(t.Context(), officer, session.ReportWish{From: from, To: to})
		if err != nil {
			t.Fatal(err)
		}
		r.Made = time.Time{}
		return r
	}
	only := func(r session.ScreeningReport, status session.RunStatus, population int) {
		t.Helper()
		if len(r.Runs) != 1 || r.Runs[0].Status != status || r.Runs[0].Population != population {
			t.Fatalf("the runs are %+v; want one %s with %d persons", r.Runs, status, population)
		}
	}
	d.pass(time.Hour)
	january := d.now()
	for i := range 3 {
		d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", i)))
	}
	d.pass(time.Hour)
	run, err := d.Rescreen(t.Context(), session.System, "manual")
	if err != nil {
		t.Fatal(err)
	}
	if r := report(january, d.now().Add(time.Hour)); len(r.Runs) != 0 {
		t.Errorf("before it began: %+v", r.Runs)
	}
	d.pass(time.Hour)
	store.cut = func(r session.Run) error { return d.Cancel(t.Context(), session.System, r.ID) }
	d.drain()
	d.pass(time.Hour)
	february := d.now()
	then := report(january, february)
	only(then, session.RunCancelled, 3)
	if then.CountedBy != "" {
		t.Errorf("a cancelled run counted the population: %+v", then.Population)
	}

	d.pass(30 * 24 * time.Hour)
	march := d.now()
	quiet := report(february, march)
	if len(quiet.Runs) != 0 {
		t.Errorf("while it rested: %+v", quiet.Runs)
	}
	d.pass(time.Hour)
	late := d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 9)))
	if _, err := d.Resume(t.Context(), session.System, run.ID); err != nil {
		t.Fatal(err)
	}
	store.cut = func(session.Run) error {
		return &session.Error{Code: session.Unavailable, Op: "test", Message: "The disk is full."}
	}
	d.drain()
	d.pass(time.Hour)
	april := d.now()
	broken := report(march, april)
	only(broken, session.RunFailed, 0) // what it counted could not be stored

	d.pass(time.Hour)
	if _, err := d.Resume(t.Context(), session.System, run.ID); err != nil {
		t.Fatal(err)
	}
	store.cut = nil
	d.drain()
	d.pass(time.Hour)
	wantCoverage(t, d.lastRun())
	only(report(april, d.now()), session.RunDone, 4)
	if by, _, err := d.db.Confirmed(t.Context(), late.ID, time.Time{}); err != nil || by != run.ID {
		t.Errorf("who came in meanwhile is confirmed by %q, %v", by, err)
	}
	whole := report(january, d.now())
	only(whole, session.RunDone, 4)
	if stops := whole.Runs[0].Stops; len(stops) != 2 || stops[0].Status != session.RunCancelled || stops[1].Status != session.RunFailed || stops[1].ResumedBy != session.System.ID {
		t.Errorf("it was stopped: %+v", stops)
	}
	for name, period := range map[string]struct {
		from, to time.Time
		was      session.ScreeningReport
	}{"january": {january, february, then}, "february": {february, march, quiet}, "march": {march, april, broken}} {
		if now := report(period.from, period.to); !reflect.DeepEqual(now, period.was) {
			t.Errorf("%s: %+v\nand then %+v", name, now, period.was)
		}
	}
}

// TestTimeAtWork leaves out the time in which a run was stopped.
func TestTimeAtWork(t *testing.T) {
	began := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return began.Add(time.Duration(hours) * time.Hour) }
	stopped := session.Run{BeganAt: began, StartedAt: at(700), FinishedAt: at(703), Stops: []session.RunStop{{At: at(1), ResumedAt: at(500)}, {At: at(502), ResumedAt: at(700)}}}
	for name, tt := range map[string]struct {
		run  session.Run
		want time.Duration
	}{
		"in one go":   {session.Run{BeganAt: began, StartedAt: began, FinishedAt: at(2)}, 2 * time.Hour},
		"stopped":     {stopped, 6 * time.Hour},
		"under way":   {session.Run{BeganAt: began, StartedAt: began}, 0},
		"never begun": {session.Run{StartedAt: began, FinishedAt: at(9)}, 0},
		"of old":      {session.Run{StartedAt: began, FinishedAt: at(2), Matcher: "3"}, 2 * time.Hour},
	} {
		if got := tt.run.Took(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestReportOfARunAtTheTurnOfAPeriod: a run that is under way when a period ends is so in its report, and
// done in that of the next.
func TestReportOfARunAtTheTurnOfAPeriod(t *testing.T) {
	d := newDesk(t)
	store := &cutStore{DB: d.db}
	d.Service = session.NewService(session.Options{Store: store, Index: d.index, Now: d.now})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.drain()
	d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 1)))
	d.pass(time.Hour)
	from := d.now()
	if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
		t.Fatal(err)
	}
	var midnight time.Time
	report := func(from, to time.Time) session.ScreeningReport {
		r, err := d.ScreeningReport(t.Context(), session.System, session.ReportWish{From: from, To: to})
		if err != nil {
			t.Error(err)
		}
		r.Made = time.Time{}
		return r
	}
	var then session.ScreeningReport
	store.cut = func(session.Run) error {
		d.pass(time.Hour)
		midnight = d.now()
		d.pass(time.Hour)
		then = report(from, midnight)
		return nil
	}
	d.drain()
	now := report(from, midnight)
	if len(now.Runs) != 1 || now.Runs[0].Status != session.RunRunning || now.Runs[0].Population != 0 || now.CountedBy != "" || !reflect.DeepEqual(now, then) {
		t.Errorf("the evening: %+v\nand then %+v", now, then)
	}
	if next := report(midnight, d.now().Add(time.Hour)); len(next.Runs) != 1 || next.Runs[0].Status != session.RunDone || next.Population.Population != 1 {
		t.Errorf("the morning: %+v", next)
	}
}
