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
	Runs       []Run          // oldest first, with the counts of the companies of the report
	Alerts     []ReportedHit  // raised or decided in the period, oldest first
	Raised     int            // in the period
	Decided    map[string]int // in the period, by state
	Open       int            // at the end of the period, as far as that is known now
	ToAlert    Durations      // from the publication of a list to the alerts that its runs raised
	ToDecision Durations      // from the publication to the decision of such an alert
	InQueue    Durations      // from any alert that waited to its decision
}

// A ListSpan is a version of a list with the time in which it was in force.
type ListSpan struct {
	ListRecord
	Until time.Time // zero while it is in force
}

// A ReportedHit is an alert with what the report computes of it.
type ReportedHit struct {
	Alert
	Version   string    // of the list that raised it
	Published time.Time // of that version; zero where a new person and not a new list raised the alert
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
	r := ScreeningReport{ReportWish: w, Made: s.now().UTC(), Decided: map[string]int{}}
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

// reportRuns takes the runs, and the population of the last whole one.
func (s *Service) reportRuns(ctx context.Context, r *ScreeningReport) error {
	if r.Run != "" {
		run, err := s.store.Run(ctx, r.Run)
		if err != nil {
			return err
		}
		if run.Going() {
			return conflict("session.ScreeningReport", "The run is not over yet.")
		}
		r.From, r.To = run.StartedAt, run.FinishedAt.Add(time.Nanosecond)
		r.Runs = []Run{run}
	} else {
		runs, err := s.store.Runs(ctx, 20_000)
		if err != nil {
			return err
		}
		for _, run := range slices.Backward(runs) {
			if r.during(run.StartedAt) {
				r.Runs = append(r.Runs, run)
			}
		}
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		run.Coverage = run.of(r.ReportWish)
		if run.Status == RunDone && run.Sessions == nil {
			r.Population, r.CountedBy = run.Coverage, run.ID
		}
		run.Companies, run.Failures, run.Sessions = nil, nil, nil // other companies' too
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
	for _, id := range KnownLists() {
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
				r.Lists = append(r.Lists, span)
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

// reportAlerts takes the alerts of the period and measures how long they took.
func (s *Service) reportAlerts(ctx context.Context, r *ScreeningReport, histories map[string][]ListSpan) error {
	runs := map[string]bool{}
	for _, run := range r.Runs {
		runs[run.ID] = true
	}
	var toAlert, toDecision, inQueue []time.Duration
	for a, err := range s.store.EachAlert(ctx) {
		if err != nil {
			return err
		}
		if !r.of(a.Company) || r.Run != "" && a.RaisedBy != r.Run {
			continue
		}
		a.History, a.Reopened, a.Hit.Entry, a.Hit.Reasons = nil, nil, ListEntry{}, nil // nine tenths of it, and no part of a report
		hit := ReportedHit{Alert: a, DecidedAt: a.decidedAt()}
		raised, decided := r.during(a.RaisedAt), !hit.DecidedAt.IsZero() && (r.during(hit.DecidedAt) || r.Run != "")
		if a.RaisedAt.Before(r.To) && (hit.DecidedAt.IsZero() || !hit.DecidedAt.Before(r.To)) {
			r.Open++
		}
		if !raised && !decided {
			continue
		}
		if len(r.Alerts) == maxReported {
			return Fields{"to": fmt.Sprintf("The period has more than %d alerts: choose a shorter one.", maxReported)}.Err("session.ScreeningReport")
		}
		hit.raisedBy(histories[a.Hit.List])
		if raised {
			r.Raised++
			if !hit.Published.IsZero() {
				toAlert = append(toAlert, a.RaisedAt.Sub(hit.Published))
			}
		}
		if decided {
			r.Decided[string(a.Disposition.State)]++
		}
		if decided && a.Disposition.State != DispositionGone && !a.heldAtOnce() {
			inQueue = append(inQueue, hit.DecidedAt.Sub(a.RaisedAt))
			if !hit.Published.IsZero() {
				toDecision = append(toDecision, hit.DecidedAt.Sub(hit.Published))
			}
		}
		r.Alerts = append(r.Alerts, hit)
	}
	slices.SortFunc(r.Alerts, func(a, b ReportedHit) int {
		return cmp.Or(a.RaisedAt.Compare(b.RaisedAt), cmp.Compare(a.ID, b.ID))
	})
	r.ToAlert, r.ToDecision, r.InQueue = durationsOf(toAlert), durationsOf(toDecision), durationsOf(inQueue)
	return nil
}

// decidedAt is when an alert was closed: by a match or no match that holds, or because its hit is gone. One
// that an older decision holds down was closed when it was raised.
func (a Alert) decidedAt() time.Time {
	d := a.Disposition
	switch {
	case d.State.undecided():
		return time.Time{}
	case a.heldAtOnce():
		return a.RaisedAt
	}
	return d.settledAt()
}

// heldAtOnce reports whether the decision is older than the alert, so that nobody had to look at it.
func (a Alert) heldAtOnce() bool { return a.Disposition.settledAt().Before(a.RaisedAt) }

// settledAt is when the decision came into force.
func (d Disposition) settledAt() time.Time {
	if d.ApprovedAt.IsZero() {
		return d.At
	}
	return d.ApprovedAt
}

// raisedBy finds the version of the list that was in force when the alert was raised. Its publication
// counts where a run raised the alert: somebody who came in later could not have been found before.
func (h *ReportedHit) raisedBy(history []ListSpan) {
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
}

func durationsOf(all []time.Duration) Durations {
	if len(all) == 0 {
		return Durations{}
	}
	slices.Sort(all)
	at := func(share int) time.Duration { return all[(len(all)*share+99)/100-1] }
	return Durations{N: len(all), Median: at(50), P95: at(95), Worst: all[len(all)-1]}
}
