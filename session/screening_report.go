package session

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// A ReportWish says what a screening report is about: a run, or a period.
type ReportWish struct {
	Run       string    // id of a run; then the period is that of the run
	From, To  time.Time // [From, To)
	Companies []string  // nil is all that the actor sees
}

// A ScreeningReport shows an examiner what screening did.
type ScreeningReport struct {
	ReportWish
	Made       time.Time
	Population Coverage // of the last whole run in the period, of the companies of the report
	CountedBy  string   // id of that run, "" where there was none
	Lists      []ListSpan
	Runs       []Run          // oldest first, as they stood at the end of the period, with the counts of the companies of the report
	Alerts     []ReportedHit  // raised or decided in the period, oldest first; one that was raised again is there for each time
	Raised     int            // in the period
	Decided    map[string]int // in the period, by state
	Undecided  map[string]int // at the end of the period, by state; of a run, those that still are
	ToAlert    Durations      // from the publication of a list to the alerts that its runs raised
	ToDecision Durations      // from the publication to the decision of such an alert
	InQueue    Durations      // from any alert that waited to its decision
}

// A ListSpan is a version of a list with the time in which it was in force.
type ListSpan struct {
	ListRecord
	Until time.Time // zero where it was in force at the end of the period
}

// A ReportedHit is an alert from its raising to the end of the period, or to when it was raised again.
type ReportedHit struct {
	Turn      // what it was in the end
	Alert     string
	Session   ID
	Company   string
	List      string
	Version   string    // of the list that raised it
	Published time.Time // of that version; zero where a new person and not a new list raised the alert
	RaisedAt  time.Time
	RaisedBy  string
	DecidedAt time.Time // zero while it is undecided
}

// Durations are times of which the half, 95 of 100 and all were not longer.
type Durations struct {
	N                  int
	Median, P95, Worst time.Duration
}

// maxReported bounds the alerts that a report takes.
const maxReported = 200_000

// ScreeningReport gathers what screening did in a period, or in one run.
func (s *Service) ScreeningReport(ctx context.Context, actor Actor, w ReportWish) (ScreeningReport, error) {
	const op = "session.ScreeningReport"
	if err := actor.need(op, MayExport); err != nil {
		return ScreeningReport{}, err
	}
	for _, slug := range w.Companies {
		if _, err := s.company(ctx, actor, slug); err != nil {
			return ScreeningReport{}, err
		}
	}
	w.Companies = within(actor, w.Companies)
	r := ScreeningReport{ReportWish: w, Made: s.now().UTC(), Decided: map[string]int{}, Undecided: map[string]int{}}
	if err := s.reportRuns(ctx, &r); err != nil {
		return r, err
	}
	var bad Fields
	if !r.From.Before(r.To) {
		bad.Add("to", "The period must end after it begins.")
	}
	if err := bad.Err(op); err != nil {
		return r, err
	}
	histories, err := s.reportLists(ctx, &r)
	if err != nil {
		return r, err
	}
	if err := s.reportAlerts(ctx, &r, histories); err != nil {
		return r, err
	}
	detail := map[string]string{"what": "screening report", "from": r.From.Format(time.DateOnly), "to": r.To.Format(time.DateOnly), "alerts": fmt.Sprint(len(r.Alerts))}
	if len(w.Companies) == 0 {
		return r, s.store.Record(ctx, actor.Event(r.Made, ActExport, "", "", detail))
	}
	var events []Event
	for _, slug := range w.Companies {
		events = append(events, actor.Event(r.Made, ActExport, slug, "", detail))
	}
	return r, s.store.Record(ctx, events...)
}

// of reports whether a company is one of the report's.
func (w ReportWish) of(company string) bool {
	return w.Companies == nil || slices.Contains(w.Companies, company)
}

// during reports whether t is in the period.
func (w ReportWish) during(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// reportRuns takes the runs, those of a period as they stood at its end, and the population of the last
// whole one.
func (s *Service) reportRuns(ctx context.Context, r *ScreeningReport) error {
	if r.Run != "" {
		run, err := s.store.Run(ctx, r.Run)
		if err != nil {
			return err
		}
		if run.Going() {
			return conflict("session.ScreeningReport", "The run is not over yet.")
		}
		if began := run.Began(); !began.IsZero() {
			run.StartedAt = began
		}
		r.From, r.To = run.StartedAt, run.FinishedAt.Add(time.Nanosecond)
		r.Runs = []Run{run}
	} else {
		runs, err := s.store.Runs(ctx, 20_000)
		if err != nil {
			return err
		}
		for _, run := range slices.Backward(runs) {
			if run, was := run.in(r.From, r.To); was {
				r.Runs = append(r.Runs, run)
			}
		}
	}
	var counted time.Time
	for i := range r.Runs {
		run := &r.Runs[i]
		run.Coverage = run.of(r.ReportWish)
		if run.Status == RunDone && run.Sessions == nil && !run.FinishedAt.Before(counted) {
			r.Population, r.CountedBy, counted = run.Coverage, run.ID, run.FinishedAt
		}
		run.Companies, run.Failures, run.Sessions, run.Cursor = nil, nil, nil, "" // other companies' too
		run.Stops = append([]RunStop(nil), run.Stops...)
		for k := range run.Stops {
			run.Stops[k].Coverage, run.Stops[k].Companies = Coverage{}, nil
		}
	}
	return nil
}

// of is the coverage of the companies of a report.
func (r Run) of(w ReportWish) Coverage {
	if w.Companies == nil {
		return r.Coverage
	}
	var sum Coverage
	for company, c := range r.Companies {
		if w.of(company) {
			sum.add(*c)
		}
	}
	return sum
}

// reportLists takes the versions that were in force at some time of the period, and returns all that ever
// were, oldest first, by list.
func (s *Service) reportLists(ctx context.Context, r *ScreeningReport) (map[string][]ListSpan, error) {
	histories := map[string][]ListSpan{}
	ids, err := s.store.ListIDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		history, err := s.store.ListHistory(ctx, id)
		if err != nil {
			return nil, err
		}
		var until time.Time
		for _, l := range history { // newest first
			if l.Retired != nil {
				until = l.Retired.At
			}
			span := ListSpan{ListRecord: l, Until: until}
			histories[id] = append(histories[id], span)
			if l.LoadedAt.Before(r.To) && (until.IsZero() || until.After(r.From)) {
				r.Lists = append(r.Lists, span.before(r.To))
			}
			until = l.LoadedAt
		}
		slices.Reverse(histories[id])
	}
	slices.SortStableFunc(r.Lists, func(a, b ListSpan) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), a.LoadedAt.Compare(b.LoadedAt))
	})
	return histories, nil
}

// before is the span as it stood at t: what came after is no part of it.
func (l ListSpan) before(t time.Time) ListSpan {
	if !l.Until.Before(t) {
		l.Until, l.Retired = time.Time{}, nil
	}
	return l
}

// reportAlerts takes the alerts of the period as they stood at its end, and measures how long they took.
func (s *Service) reportAlerts(ctx context.Context, r *ScreeningReport, histories map[string][]ListSpan) error {
	var took reportTimes
	for a, err := range s.store.EachAlert(ctx) {
		if err != nil {
			return err
		}
		if !r.of(a.Company) {
			continue
		}
		for _, spell := range a.spells(r.asOf()) {
			raised, decided := r.has(spell)
			if spell.undecided() && (raised || r.Run == "") {
				r.Undecided[string(spell.State)]++
			}
			if !raised && !decided {
				continue
			}
			if len(r.Alerts) == maxReported {
				return Fields{"to": fmt.Sprintf("The period has more than %d alerts: choose a shorter one.", maxReported)}.Err("session.ScreeningReport")
			}
			hit := a.reported(spell, histories[a.Hit.List])
			if raised {
				r.Raised++
			}
			if decided {
				r.Decided[string(spell.State)]++
			}
			took.add(hit, spell, raised, r.Run != "" || r.during(spell.closed))
			r.Alerts = append(r.Alerts, hit)
		}
	}
	slices.SortFunc(r.Alerts, func(a, b ReportedHit) int {
		return cmp.Or(a.RaisedAt.Compare(b.RaisedAt), cmp.Compare(a.Alert, b.Alert))
	})
	r.ToAlert, r.ToDecision, r.InQueue = durationsOf(took.toAlert), durationsOf(took.toDecision), durationsOf(took.inQueue)
	return nil
}

// asOf is the moment before which the alerts are told: the end of the period; of a run, now.
func (r *ScreeningReport) asOf() time.Time {
	if r.Run != "" {
		return r.Made.Add(time.Nanosecond)
	}
	return r.To
}

// has reports whether a spell was raised, and whether it was decided, in the period, or by the run.
func (r *ScreeningReport) has(s spell) (raised, decided bool) {
	if r.Run != "" {
		return s.by == r.Run, s.by == r.Run && !s.undecided()
	}
	return r.during(s.raised), r.during(s.At) && !s.undecided()
}

// reported is a spell of the alert with the version of the list that was in force when it was raised. Its
// publication counts where a run raised the alert: somebody who came in later could not have been found
// before.
func (a Alert) reported(s spell, history []ListSpan) ReportedHit {
	h := ReportedHit{Turn: s.Turn, Alert: a.ID, Session: a.Session, Company: a.Company, List: a.Hit.List, RaisedAt: s.raised, RaisedBy: s.by}
	if !s.undecided() {
		h.DecidedAt = s.At
	}
	for _, l := range history {
		if l.LoadedAt.After(h.RaisedAt) {
			break
		}
		h.Version, h.Published = l.Version, l.Published
		if h.Published.IsZero() {
			h.Published = l.LoadedAt
		}
	}
	if len(h.RaisedBy) != 26 { // a run is named by its ULID
		h.Published = time.Time{}
	}
	return h
}

// reportTimes are how long things took in a period.
type reportTimes struct{ toAlert, toDecision, inQueue []time.Duration }

func (t *reportTimes) add(h ReportedHit, s spell, raised, closed bool) {
	listed := !h.Published.IsZero()
	if raised && listed {
		t.toAlert = append(t.toAlert, h.RaisedAt.Sub(h.Published))
	}
	if !closed || s.closed.IsZero() || s.held || s.State == DispositionGone {
		return
	}
	t.inQueue = append(t.inQueue, s.closed.Sub(s.raised))
	if listed {
		t.toDecision = append(t.toDecision, s.closed.Sub(h.Published))
	}
}

// settledAt is when the decision came into force.
func (d Disposition) settledAt() time.Time {
	if d.ApprovedAt.IsZero() {
		return d.At
	}
	return d.ApprovedAt
}

func durationsOf(all []time.Duration) Durations {
	if len(all) == 0 {
		return Durations{}
	}
	slices.Sort(all)
	at := func(share int) time.Duration { return all[(len(all)*share+99)/100-1] }
	return Durations{N: len(all), Median: at(50), P95: at(95), Worst: all[len(all)-1]}
}
