package demo

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"dossier/session"
)

// A Clock shows the time that Load has reached while it tells the demo's past, and the real time
// before and after. Give its Now to the service that is loaded.
type Clock struct{ past atomic.Pointer[time.Time] }

// Now is the time to show.
func (c *Clock) Now() time.Time {
	if t := c.past.Load(); t != nil {
		return *t
	}
	return time.Now()
}

func (c *Clock) set(t time.Time) {
	if c != nil {
		c.past.Store(&t)
	}
}

func (c *Clock) release() {
	if c != nil {
		c.past.Store(nil)
	}
}

// Reviewers are who does the steps of the cases.
type Reviewers struct{ Agent, Master session.Actor }

func (r Reviewers) who(role Role) session.Actor {
	if role == Master {
		return r.Master
	}
	return r.Agent
}

// Load tells svc the demo's last thirty days, event by event: companies, the list and its daily
// refreshing, the cases, what the reviewers did, sessions that expire, and a re-screening that finds
// somebody. With a clock, which must be the one that svc goes by, everything happens at its time;
// without one, all of it happens now. Photos are drawn ahead, by as many goroutines as there are
// processors.
func Load(ctx context.Context, svc *session.Service, clock *Clock, now time.Time, by Reviewers) error {
	defer clock.release()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cases := Cases(now)
	l := loader{svc: svc, by: by, intakes: drawAhead(ctx, cases)}
	for _, e := range l.events(cases, now.UTC()) {
		clock.set(e.at)
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", e.name, err)
		}
	}
	return ctx.Err()
}

type loader struct {
	svc     *session.Service
	by      Reviewers
	intakes []<-chan session.Intake
}

// An event is one thing that happened in the demo's past.
type event struct {
	at   time.Time
	name string // for errors
	do   func(context.Context) error
}

// drawAhead draws the photos of the cases in their order, a few cases ahead of whoever receives them.
func drawAhead(ctx context.Context, cases []Case) []<-chan session.Intake {
	ready := make([]<-chan session.Intake, len(cases))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	out := make([]chan session.Intake, len(cases))
	for i := range cases {
		out[i] = make(chan session.Intake, 1)
		ready[i] = out[i]
	}
	go func() {
		for i := range cases {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			go func() {
				defer func() { <-slots }()
				out[i] <- cases[i].Intake()
			}()
		}
	}()
	return ready
}

// events are all that happened, in the order of time.
func (l loader) events(cases []Case, now time.Time) []event {
	begin := cases[0].At.Add(-12 * time.Hour)
	all := []event{{begin, "companies", func(ctx context.Context) error { return l.companies(ctx, begin) }}}
	newest := now.Add(-20 * time.Hour)
	for at := begin; at.Before(newest); at = at.AddDate(0, 0, 1) {
		all = append(all, event{at, "list", func(ctx context.Context) error { return l.list(ctx, ListBefore()) }})
	}
	all = append(all, event{newest, "newest list", func(ctx context.Context) error { return l.list(ctx, ListCSV()) }})
	for i, c := range cases {
		all = append(all, l.caseEvents(c, l.intakes[i])...)
	}
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	return all
}

func (l loader) caseEvents(c Case, intake <-chan session.Intake) []event {
	var id session.ID
	name := c.Submission.Reference
	all := []event{{c.At, name, func(ctx context.Context) error {
		select {
		case in := <-intake:
			got, err := l.svc.Ingest(ctx, session.System, in)
			id = got.ID
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}}}
	for _, step := range c.After {
		all = append(all, event{step.At, name + " " + string(step.Do), func(ctx context.Context) error { return step.apply(ctx, l.svc, l.by.who(step.By), id) }})
	}
	if c.Left {
		all = append(all, event{c.At.Add(time.Hour), "expiry of " + name, l.svc.ExpireLeft})
	}
	return all
}

func (l loader) companies(ctx context.Context, at time.Time) error {
	for _, c := range Companies(at) {
		if _, err := l.svc.SaveCompany(ctx, session.System, c, ""); err != nil {
			return err
		}
	}
	return nil
}

// list brings a version of the list into force and waits for the re-screening that it calls for.
func (l loader) list(ctx context.Context, raw []byte) error {
	_, err := l.svc.UpdateList(ctx, session.System, session.ListUpdate{List: ListID, Source: "demo/list.csv", Raw: raw})
	if err != nil {
		return err
	}
	return l.svc.Drain(ctx)
}

// apply does the step in the name of who.
func (s Step) apply(ctx context.Context, svc *session.Service, who session.Actor, id session.ID) error {
	got, err := svc.Get(ctx, who, id)
	if err != nil {
		return err
	}
	switch s.Do {
	case Comment:
		_, err = svc.Comment(ctx, who, id, s.Text)
	case Verify:
		_, err = svc.Decide(ctx, who, id, session.Decision{Version: got.Version, Verdict: session.VerdictVerify, Note: s.Text})
	case Reject:
		_, err = svc.Decide(ctx, who, id, session.Decision{Version: got.Version, Verdict: session.VerdictReject, Tags: s.Tags, Note: s.Text})
	case Reopen:
		_, err = svc.Reopen(ctx, who, id, got.Version, s.Text)
	case Edit:
		_, err = svc.Amend(ctx, who, id, session.Amendment{Version: got.Version, Fields: s.Fields, Reason: s.Text})
	case Hold:
		_, err = svc.Hold(ctx, who, id, true, s.Text)
	case Dispose:
		err = s.dispose(ctx, svc, who, got)
	default:
		err = fmt.Errorf("there is no step %q", s.Do)
	}
	return err
}

// dispose decides every hit of the session that is not decided for good.
func (s Step) dispose(ctx context.Context, svc *session.Service, who session.Actor, got session.Session) error {
	for _, h := range got.Screening.Hits {
		if state := h.Disposition.State; state != session.DispositionOpen && state != session.DispositionEscalated {
			continue
		}
		d := session.Disposition{State: s.State, Reason: s.Reason, Text: s.Text}
		if _, err := svc.Dispose(ctx, who, h.Alert, d); err != nil {
			return err
		}
	}
	return nil
}
