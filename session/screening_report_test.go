package session_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

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
