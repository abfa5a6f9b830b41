package session

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// batch compares some sessions, and stores what came out otherwise. Where these cannot be stored together,
// because one was changed meanwhile or holds too much, each is read and stored by itself.
func (r *round) batch(ctx context.Context, sessions []Session, outcomes []outcome) {
	changed, renewed, err := r.compute(ctx, sessions, outcomes)
	if err == nil {
		err = guarded(func() error { return r.store(ctx, renewed) })
	}
	if err == nil {
		return
	}
	for _, i := range changed {
		o, id := &outcomes[i], sessions[i].ID
		switch err := guarded(func() error { return r.rewrite(ctx, id) }); {
		case err == nil || ctx.Err() != nil:
		case CodeOf(err) == NotFound:
			o.excluded = excludedGone
		default:
			o.failed = MessageOf(err)
			r.s.log.Error("re-screening: a session cannot be written", "run", r.run.ID, "session", id, "err", err)
		}
	}
}

// compute is the part of batch that takes no turn at writing: it says which sessions come out otherwise, and how.
func (r *round) compute(ctx context.Context, sessions []Session, outcomes []outcome) (changed []int, renewed []renewal, err error) {
	r.cores <- struct{}{}
	defer func() { <-r.cores }()
	r.compareAll(ctx, sessions, outcomes)
	for i, o := range outcomes {
		if o.excluded == "" && o.failed == "" && !o.same {
			changed = append(changed, i)
		}
	}
	if len(changed) > 0 {
		err = guarded(func() (err error) {
			renewed, err = r.renewAll(ctx, sessions, outcomes, changed)
			return err
		})
	}
	return changed, renewed, err
}

// A renewal is a new screening of a session, to be stored.
type renewal struct {
	Change
	found tally
}

// renewAll makes the new screenings of the sessions that changed.
func (r *round) renewAll(ctx context.Context, sessions []Session, outcomes []outcome, changed []int) ([]renewal, error) {
	ids := make([]ID, len(changed))
	for k, i := range changed {
		ids[k] = sessions[i].ID
	}
	stored, err := r.s.store.Load(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(stored) < len(ids) {
		return nil, notFound("session.renewAll", "session")
	}
	renewed := make([]renewal, len(stored))
	for k := range stored {
		got, company, seen := &stored[k], r.companies[stored[k].Company], outcomes[changed[k]].seen
		if seen == nil || got.Version != sessions[changed[k]].Version {
			now := r.lists.look(got.screened(), company)
			seen = &now
		}
		c, found, err := r.renew(ctx, got, *seen)
		if err != nil {
			return nil, err
		}
		got.UpdatedAt = r.s.now().UTC()
		got.dateBy(company.Settings)
		c.Session = got
		renewed[k] = renewal{c, found}
	}
	return renewed, nil
}

// store stores new screenings, all or none.
func (r *round) store(ctx context.Context, renewed []renewal) error {
	if len(renewed) == 0 {
		return nil
	}
	changes := make([]Change, len(renewed))
	for k := range renewed {
		changes[k] = renewed[k].Change
	}
	if err := r.s.putAll(ctx, changes); err != nil {
		return err
	}
	for _, n := range renewed {
		r.rewritten(*n.Session, n.found)
	}
	return nil
}

// rewrite stores the new screening of a session as it is now.
func (r *round) rewrite(ctx context.Context, id ID) error {
	var found tally
	got, err := r.s.change(ctx, System, id, 0, func(got *Session) (c Change, err error) {
		c, found, err = r.renew(ctx, got, r.lists.look(got.screened(), r.companies[got.Company]))
		return c, err
	})
	if err == nil {
		r.rewritten(got, found)
	}
	return err
}

// renew brings the screening of a session up to what the matcher found, raises its alerts, and leaves its
// decision alone.
func (r *round) renew(ctx context.Context, got *Session, seen sighting) (c Change, found tally, err error) {
	before, reasons := got.Screening, got.Reasons()
	if err := r.s.screenWith(ctx, got, r.companies[got.Company], r.run.ID, r.lists, seen, &c); err != nil {
		return c, found, err
	}
	got.Screening.Run = r.run.ID
	found = tallyOf(before, got.Screening)
	for _, e := range c.Events {
		if e.Action == ActAlert {
			found.alerts++
		}
	}
	now := r.s.now().UTC()
	c.Events = append([]Event{System.Event(now, ActScreened, got.Company, got.ID, map[string]string{
		"run": r.run.ID, "status": string(got.Screening.Status), "new": fmt.Sprint(found.new), "changed": fmt.Sprint(found.changed),
		"gone": fmt.Sprint(found.gone), "alerts": fmt.Sprint(found.alerts)})}, c.Events...)
	err = r.follow(ctx, got, found, now)
	c.Unsearched = got.Screening.Status == before.Status && slices.Equal(got.Reasons(), reasons)
	return c, found, err
}

// rewritten counts what a session that was stored brought.
func (r *round) rewritten(got Session, found tally) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.count(got.Company, Coverage{NewHits: found.new, Changed: found.changed, Gone: found.gone, Alerts: found.alerts})
	r.s.log.Debug("re-screened", "session", got.ID, "status", got.Screening.Status)
}

// recount brings the counts of a run that goes on up to what the audit log says it found. Sessions are stored
// before the run notes that it counted them, and what a crash came between is done again and comes out the same.
func (r *round) recount(ctx context.Context) error {
	found := map[string]*Coverage{}
	f := EventFilter{Action: ActScreened, From: r.run.BeganAt, Limit: 1000}
	for more := true; more; more = f.Before > 0 {
		events, next, err := r.s.store.Events(ctx, f)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Detail["run"] != r.run.ID {
				continue
			}
			if found[e.Company] == nil {
				found[e.Company] = &Coverage{}
			}
			n := func(of string) int { n, _ := strconv.Atoi(e.Detail[of]); return n }
			found[e.Company].add(Coverage{NewHits: n("new"), Changed: n("changed"), Gone: n("gone"), Alerts: n("alerts")})
		}
		f.Before = next
	}
	for company, c := range found {
		var noted Coverage
		if was := r.run.Companies[company]; was != nil {
			noted = *was
		}
		r.run.count(company, Coverage{NewHits: max(0, c.NewHits-noted.NewHits), Changed: max(0, c.Changed-noted.Changed),
			Gone: max(0, c.Gone-noted.Gone), Alerts: max(0, c.Alerts-noted.Alerts)})
	}
	return nil
}

// follow brings the findings of an undecided session up to date, and writes a note on new hits. Under the
// settings that its findings rest on, only those on the screening can have changed by it.
func (r *round) follow(ctx context.Context, got *Session, found tally, now time.Time) error {
	if found.new > 0 {
		h := found.best
		got.note(System, now, NoteComment, fmt.Sprintf("Re-screening found %d new hit(s); the best is %s on %s, score %.2f.", found.new, h.Name, h.List, h.Score))
	}
	if got.Status != AwaitingAction {
		return nil
	}
	company := r.companies[got.Company]
	if got.RulesVersion == company.Version {
		got.findOnScreening(company.Settings)
		return nil
	}
	return r.s.findBy(ctx, got, company)
}

// A tally counts how the hits of two screenings differ.
type tally struct {
	new, changed, gone, alerts int
	best                       Hit // of the new ones
}

func tallyOf(before, after Screening) tally {
	var t tally
	old := byAlert(before.Hits)
	for _, h := range after.Hits {
		was, known := old[h.Alert]
		delete(old, h.Alert)
		if !known {
			if t.new == 0 {
				t.best = h
			}
			t.new++
		} else if was.EntryHash != h.EntryHash || was.Score != h.Score {
			t.changed++
		}
	}
	t.gone = len(old)
	return t
}
