package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dossier/kv"
	"dossier/session"
)

// TestRetiredListLosesItsHits: the evidence stays, the alerts close, and nobody is clear of nothing.
func TestRetiredListLosesItsHits(t *testing.T) {
	d := newDesk(t)
	d.drain()
	hit := d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
	clear := d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 4)))
	d.pass(time.Hour)
	for _, reason := range []string{"", "  "} {
		if _, err := d.RetireList(t.Context(), session.System, "custom", reason); !containsField(err, "reason") {
			t.Errorf("without a reason: %v", err)
		}
	}
	if _, err := d.RetireList(t.Context(), member("acme", session.MayRead, session.MayManage), "custom", "x"); session.CodeOf(err) != session.Forbidden {
		t.Errorf("by somebody who may not: %v", err)
	}
	if _, err := d.RetireList(t.Context(), session.System, "custom", "loaded by mistake"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.RetireList(t.Context(), session.System, "custom", "again"); session.CodeOf(err) != session.NotFound {
		t.Errorf("a second time: %v", err)
	}
	d.drain()
	wantCoverage(t, d.lastRun())
	if open, gone := d.alerts(session.DispositionOpen), d.alerts(session.DispositionGone); len(open) != 0 || len(gone) != 1 || gone[0].Session != hit.ID {
		t.Errorf("%d alerts are open, %d gone", len(open), len(gone))
	} else if why := gone[0].Disposition; why.By != session.System.ID || why.Text != "The list was taken out of force on 2026-11-23 13:00 UTC: loaded by mistake" {
		t.Errorf("gone because of %+v", why)
	}
	for _, id := range []session.ID{hit.ID, clear.ID} {
		if now := d.get(id).Screening; now.Status != session.NotScreened || len(now.Hits) != 0 || !strings.Contains(now.Reason, "No sanctions list") {
			t.Errorf("with no list in force: %s, %d hits, %q", now.Status, len(now.Hits), now.Reason)
		}
	}
	history, err := d.ListHistory(t.Context(), session.System, "custom")
	if err != nil || len(history) != 1 || history[0].Retired == nil || history[0].Retired.Reason != "loaded by mistake" {
		t.Fatalf("history is %+v, %v", history, err)
	}
	if raw, err := d.db.RawList(t.Context(), history[0].SHA256); err != nil || string(raw) != listV1 {
		t.Errorf("the file is gone: %v", err)
	}
	d.pass(time.Hour)
	d.load(listV1)
	d.drain()
	if now := d.get(hit.ID).Screening; now.Status != session.PotentialMatch || len(d.alerts(session.DispositionOpen)) != 1 {
		t.Errorf("loaded again: %s", now.Status)
	}
	d.wantWholeAudit()
}

// TestChangesAreEnoughOnlyAfterAWholeRun: a run over changed entries would claim lists that nobody met.
func TestChangesAreEnoughOnlyAfterAWholeRun(t *testing.T) {
	d := newDesk(t)
	d.drain()
	early := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	late := d.ingest(good(t, person("MIRELLA", "OSTENGARD", "1981-02-03", 2)))
	d.pass(time.Hour)
	v2 := listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n"
	d.load(v2)
	if err := d.Cancel(t.Context(), session.System, d.lastRun().ID); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Hour)
	v3 := v2 + "X-10,person,Mirella Ostengard,,1981-02-03,,,EXAMPLE\n"
	d.load(v3)
	d.drain()
	if run := d.lastRun(); run.Delta || run.Alerts != 2 {
		t.Errorf("after a run that was cancelled: %+v", run)
	}
	for _, id := range []session.ID{early.ID, late.ID} {
		if now := d.get(id).Screening; now.Status != session.PotentialMatch {
			t.Errorf("%s is %s", id, now.Status)
		}
	}
	d.pass(time.Hour)
	v4 := strings.Replace(v3, "X-10,person,Mirella Ostengard", "X-10,person,Mirella Ostengaard", 1)
	d.load(v4)
	d.pass(time.Minute)
	d.load(v4 + "X-11,person,Somebody Else,,1981-02-03,,,EXAMPLE\n") // before the run has begun: both in one
	d.drain()
	run := d.lastRun()
	wantCoverage(t, run)
	if !run.Delta || run.Entries != 2 || run.Changed != 1 || run.Population != 2 {
		t.Errorf("two changes in one run: %+v", run)
	}
	v5 := v4
	for n := range 101 {
		v5 += fmt.Sprintf("X-%d,person,Mirella Other%c%c,,,,,EXAMPLE\n", 100+n, 'a'+n/26, 'a'+n%26)
	}
	d.load(v5)
	d.drain()
	if run := d.lastRun(); run.Delta {
		t.Errorf("after most entries changed, and with them how rare names are, the run compared changes alone: %+v", run)
	}
}

// TestResumedRunGoesOn where it was stopped.
func TestResumedRunGoesOn(t *testing.T) {
	d := newDesk(t)
	d.drain()
	for i := range 3 {
		d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", i)))
	}
	d.pass(time.Minute)
	run, err := d.Rescreen(t.Context(), session.System, "manual")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Resume(t.Context(), session.System, run.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("resuming a run that waits: %v", err)
	}
	if err := d.Cancel(t.Context(), session.System, run.ID); err != nil {
		t.Fatal(err)
	}
	d.drain()
	if now := d.lastRun(); now.Status != session.RunCancelled || now.Population != 0 {
		t.Fatalf("cancelled before it began: %+v", now)
	}
	if _, err := d.Resume(t.Context(), session.System, run.ID); err != nil {
		t.Fatal(err)
	}
	d.drain()
	wantCoverage(t, d.lastRun())
	if now := d.lastRun(); now.ID != run.ID || now.Population != 3 || !now.FinishedAt.Equal(d.now()) {
		t.Errorf("resumed: %+v", now)
	}
	if err := d.Cancel(t.Context(), session.System, run.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("cancelling a run that is over: %v", err)
	}
}

// A sick store cannot write one session, or panics at it.
type sickStore struct {
	*kv.DB
	sick   session.ID
	panics bool
}

func (s *sickStore) Commit(ctx context.Context, c session.Change) (session.Session, error) {
	if err := s.check(c); err != nil {
		return session.Session{}, err
	}
	return s.DB.Commit(ctx, c)
}

func (s *sickStore) CommitAll(ctx context.Context, changes []session.Change) ([]session.Session, error) {
	for _, c := range changes {
		if err := s.check(c); err != nil {
			return nil, err
		}
	}
	return s.DB.CommitAll(ctx, changes)
}

func (s *sickStore) check(c session.Change) error {
	switch {
	case c.Session == nil || c.Session.ID != s.sick:
		return nil
	case s.panics:
		panic("sick")
	}
	return &session.Error{Code: session.Internal, Op: "test", Message: "The record is damaged."}
}

// TestFailedOnesAreNamedAndRunAgain with the coverage proved for each run.
func TestFailedOnesAreNamedAndRunAgain(t *testing.T) {
	d := newDesk(t)
	d.drain()
	sick := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 2)))
	store := &sickStore{DB: d.db, sick: sick.ID}
	d.Service = session.NewService(session.Options{Store: store, Index: d.index, Now: d.now})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Hour)
	d.load(listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
	d.drain()
	run := d.lastRun()
	if run.Status != session.RunDone || !run.Whole() || run.Failed != 1 || run.Screened != 1 || len(run.Failures) != 1 ||
		run.Failures[0] != (session.RunFailure{Session: sick.ID, Why: "The record is damaged."}) || run.Companies["acme"].Failed != 1 {
		t.Fatalf("run is %+v", run)
	}
	if by, _, err := d.db.Confirmed(t.Context(), sick.ID, time.Time{}); by == run.ID || err != nil {
		t.Errorf("the one that failed is confirmed by %q, %v", by, err)
	}
	store.panics = true
	d.pass(time.Minute)
	if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	if run = d.lastRun(); run.Status != session.RunDone || run.Failed != 1 || run.Screened != 1 || run.Failures[0].Session != sick.ID {
		t.Fatalf("a run that panics at a session is %+v", run)
	}
	store.sick = ""
	d.pass(time.Minute)
	if _, err := d.RetryFailed(t.Context(), session.System, run.ID); err != nil {
		t.Fatal(err)
	}
	d.drain()
	again := d.lastRun()
	wantCoverage(t, again)
	if again.ID == run.ID || again.Population != 1 || again.Screened != 1 || again.Alerts != 1 || d.get(sick.ID).Screening.Status != session.PotentialMatch {
		t.Errorf("run again: %+v", again)
	}
	if _, err := d.RetryFailed(t.Context(), session.System, again.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("nobody failed: %v", err)
	}
}

// TestARunTellsEachCompanyItsOwn counts to those who see one company.
func TestARunTellsEachCompanyItsOwn(t *testing.T) {
	d := newDesk(t)
	d.drain()
	d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 1)))
	elsewhere := good(t, person("TERENCE", "QUILLFEATHER", "1955-01-01", 3))
	elsewhere.Company, elsewhere.Extra = "orbit", map[string]any{"plan": "b"}
	d.ingest(elsewhere)
	d.pass(time.Minute)
	run, err := d.Rescreen(t.Context(), session.System, "manual")
	if err != nil {
		t.Fatal(err)
	}
	d.drain()
	for slug, want := range map[string]session.Coverage{"acme": {Population: 1, Screened: 1}, "orbit": {Population: 1}, "other": {}} {
		seen, err := d.RunRecord(t.Context(), member(slug, session.MayRead), run.ID)
		if err != nil || seen.Population != want.Population || seen.Screened != want.Screened || !seen.Whole() || seen.Companies["acme"] != nil != (slug == "acme") {
			t.Errorf("%s sees %+v, %v", slug, seen, err)
		}
	}
	clerk := member("acme", session.MayRead, session.MayList) // as a key that brings lists up to date
	if seen, err := d.RunRecord(t.Context(), clerk, run.ID); err != nil || seen.Population != 2 || len(seen.Companies) != 1 || seen.Cursor != "" {
		t.Errorf("who may start runs sees %+v, %v; want the whole sums, and no other company", seen, err)
	}
	if seen, err := d.Companies(t.Context(), member("acme")); session.CodeOf(err) != session.Forbidden {
		t.Errorf("who may do nothing sees %v, %v", seen, err)
	}
	if seen, err := d.Company(t.Context(), member("acme"), "acme"); session.CodeOf(err) != session.Forbidden {
		t.Errorf("who may do nothing sees %v, %v", seen, err)
	}
}
