package session_test

import (
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"dossier/session"
)

func TestOverview(t *testing.T) {
	d := newDesk(t)
	store := func(company string, daysAgo int, status session.Status, change func(*session.Session)) {
		at := d.now().AddDate(0, 0, -daysAgo)
		s := session.Session{ID: session.NewID(at), Company: company, Status: status, Activity: session.Activity{StartedAt: at, FinishedAt: at.Add(time.Minute)}}
		if change != nil {
			change(&s)
		}
		if _, err := d.db.Commit(t.Context(), session.Change{Session: &s}); err != nil {
			t.Fatal(err)
		}
	}
	decided := func(by string, after time.Duration, tags ...string) func(*session.Session) {
		return func(s *session.Session) {
			s.Verified, s.DecidedBy, s.DecidedAt, s.Tags = ptr(s.Status == session.Success), by, s.Activity.FinishedAt.Add(after), tags
		}
	}
	store("acme", 0, session.Success, decided(session.DecidedByRules, 0))
	store("acme", 0, session.Success, decided("member:1", time.Hour))
	store("acme", 2, session.Rejected, decided("member:1", 3*time.Hour, "Fake", "Age"))
	store("acme", 2, session.Rejected, decided(session.DecidedByRules, 0, "Age"))
	store("acme", 6, session.AwaitingAction, nil)
	store("acme", 7, session.Success, nil)  // outside of a week
	store("acme", 91, session.Success, nil) // outside of everything
	store("orbit", 0, session.Expired, nil) // another company's
	if err := d.Tally(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, ready, err := d.Overview(t.Context(), member("acme", session.MayRead), nil, 7)
	if err != nil || !ready || len(o.Days) != 7 {
		t.Fatalf("%d days, ready %v, %v", len(o.Days), ready, err)
	}
	if got, want := o.Total.Status, (map[session.Status]int{session.Success: 2, session.Rejected: 2, session.AwaitingAction: 1}); o.Total.N != 5 || !reflect.DeepEqual(got, want) {
		t.Errorf("total %d, %v; want 5, %v", o.Total.N, got, want)
	}
	if o.Days[6].N != 2 || o.Days[4].N != 2 || o.Days[0].N != 1 || !o.Days[6].Day.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("days %+v", o.Days)
	}
	if rate, ok := o.Total.SuccessRate(); !ok || rate != 0.5 {
		t.Errorf("success rate %v, %v", rate, ok)
	}
	if want := []session.ReasonCount{{Tag: "Age", N: 2}, {Tag: "Fake", N: 1}}; !reflect.DeepEqual(o.Reasons, want) {
		t.Errorf("reasons %v, want %v", o.Reasons, want)
	}
	if o.Decided != 2 || o.Median != time.Hour || o.P90 != 3*time.Hour {
		t.Errorf("decided %d, median %v, p90 %v", o.Decided, o.Median, o.P90)
	}
	if whole, _, err := d.Overview(t.Context(), session.System, nil, 90); err != nil || whole.Total.N != 7 {
		t.Errorf("90 days of all companies: %d, %v; want 7", whole.Total.N, err)
	}
	if other, _, err := d.Overview(t.Context(), member("acme", session.MayRead), []string{"orbit"}, 7); err != nil || other.Total.N != 0 {
		t.Errorf("a member of acme counts %d of orbit's, %v", other.Total.N, err)
	}
	if _, _, err := d.Overview(t.Context(), session.System, nil, 91); !containsField(err, "days") {
		t.Errorf("91 days: %v", err)
	}
}

func TestOverviewOfAlerts(t *testing.T) {
	d := newDesk(t)
	var alerts []session.Alert
	for _, hours := range []int{1, 23, 25, 100, 1000} {
		a := session.Alert{ID: session.AlertID("x", "l", string(rune('a'+len(alerts)))), Company: "acme", RaisedAt: d.now().Add(-time.Duration(hours) * time.Hour),
			Disposition: session.Disposition{State: session.DispositionOpen}}
		alerts = append(alerts, a)
	}
	if _, err := d.db.Commit(t.Context(), session.Change{Alerts: alerts}); err != nil {
		t.Fatal(err)
	}
	o, ready, err := d.Overview(t.Context(), session.System, nil, 7)
	if err != nil || ready {
		t.Errorf("nothing was counted and it is ready (%v), %v", ready, err)
	}
	var got []int
	for _, g := range o.Alerts {
		got = append(got, g.N)
	}
	if want := []int{2, 1, 1, 1}; o.OpenOnes != 5 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d open, by age %v; want %v", o.OpenOnes, got, want)
	}
}

// An officer with a flood of alerts sees how many there are, and how old each is.
func TestOverviewOfVeryManyAlerts(t *testing.T) {
	d := newDesk(t)
	const young, old = session.MaxCounted + 300, 200
	var alerts []session.Alert
	for n := range young + old {
		age := time.Hour
		if n >= young {
			age = 5 * 24 * time.Hour
		}
		alerts = append(alerts, session.Alert{ID: session.AlertID("x", "l", strconv.Itoa(n)), Company: "acme", RaisedAt: d.now().Add(-age),
			Disposition: session.Disposition{State: session.DispositionOpen}})
	}
	for some := range slices.Chunk(alerts, 500) {
		if _, err := d.db.Commit(t.Context(), session.Change{Alerts: some}); err != nil {
			t.Fatal(err)
		}
	}
	o, _, err := d.Overview(t.Context(), session.System, nil, 7)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, g := range o.Alerts {
		got = append(got, g.N)
	}
	if want := []int{young, 0, old, 0}; !reflect.DeepEqual(got, want) || o.OpenOnes != young+old {
		t.Errorf("%d open alerts, by age %v; want %d, %v", o.OpenOnes, got, young+old, want)
	}
}
