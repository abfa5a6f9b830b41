package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/oklog/ulid/v2"

	"dossier/sanctions"
)

// queue holds what the runs that wait are to compare, beside their records in the store.
type queue struct {
	mu     sync.Mutex
	deltas map[string]*delta // by run; a run without one compares whole lists, as after a restart
	stop   map[string]context.CancelFunc
	wake   chan struct{}
}

// A delta is what changed between two states of the lists.
type delta struct {
	keys           []sanctions.Key
	before, target map[string]string // SHA-256 by list id
}

func newQueue() *queue {
	return &queue{deltas: map[string]*delta{}, wake: make(chan struct{}, 1), stop: map[string]context.CancelFunc{}}
}

// Rescreen asks for a re-screening of everybody and returns its record; Work carries it out, and
// where there is no Work, Drain does.
func (s *Service) Rescreen(ctx context.Context, actor Actor, trigger string) (Run, error) {
	if err := actor.need("session.Rescreen", MayList); err != nil {
		return Run{}, err
	}
	run, err := s.request(ctx, actor, trigger, nil)
	return s.asked(ctx, actor, run, err)
}

// asked returns a run to who asked for it, and stores the idempotency key of the request. That is a step
// of its own: where a crash cuts it off the run waits still, and is what the next request gets.
func (s *Service) asked(ctx context.Context, actor Actor, run Run, err error) (Run, error) {
	if once := onceOf(ctx, ID(run.ID)); err == nil && once != nil {
		_, err = s.store.Commit(ctx, Change{Once: once})
	}
	return run.asSeenBy(actor), err
}

// request stores a run that waits. One of whole lists that has not begun does for every wish, and
// changes of lists that come in before their run has begun are compared in one.
func (s *Service) request(ctx context.Context, actor Actor, trigger string, d *delta) (Run, error) {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	waiting, err := s.waiting(ctx)
	if err != nil {
		return Run{}, err
	}
	for _, r := range waiting {
		_, begun := s.queue.stop[r.ID]
		if begun || r.Status != RunQueued || r.Sessions != nil {
			continue
		}
		earlier := s.queue.deltas[r.ID]
		if earlier == nil {
			return r, nil
		}
		if d != nil && maps.Equal(earlier.target, d.before) {
			return s.widen(ctx, r, earlier, d, trigger)
		}
	}
	run := s.newRun(actor, trigger)
	if d != nil {
		run.Delta, run.Entries = true, len(d.keys)
		s.queue.deltas[run.ID] = d
	}
	return run, s.enqueue(ctx, actor, run)
}

// widen adds a change of lists to a run that has not begun.
func (s *Service) widen(ctx context.Context, r Run, earlier, d *delta, trigger string) (Run, error) {
	known := map[sanctions.Key]bool{}
	for _, k := range earlier.keys {
		known[k] = true
	}
	for _, k := range d.keys {
		if !known[k] {
			earlier.keys = append(earlier.keys, k)
		}
	}
	earlier.target, r.Entries = d.target, len(earlier.keys)
	if r.Trigger != trigger {
		r.Trigger = "lists"
	}
	return r, s.store.PutRun(ctx, r)
}

func (s *Service) newRun(actor Actor, trigger string) Run {
	now := s.now().UTC()
	return Run{ID: ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String(), Trigger: trigger, By: actor.ID, Status: RunQueued, StartedAt: now}
}

// enqueue stores a run that waits, and wakes the worker.
func (s *Service) enqueue(ctx context.Context, actor Actor, run Run) error {
	err := s.store.PutRun(ctx, run, actor.Event(s.now().UTC(), ActRunStarted, "", "", map[string]string{"run": run.ID, "trigger": run.Trigger}))
	select {
	case s.queue.wake <- struct{}{}:
	default:
	}
	return err
}

// recentRuns is among how many of the newest runs those that wait are looked for.
const recentRuns = 50

// waiting returns the runs that are queued or were cut off, oldest first.
func (s *Service) waiting(ctx context.Context) ([]Run, error) {
	runs, err := s.store.Runs(ctx, recentRuns)
	runs = slices.DeleteFunc(runs, func(r Run) bool { return !r.Going() })
	slices.Reverse(runs)
	return runs, err
}

// keepScreening carries out runs as they are asked for, and first those that a crash cut off.
func (s *Service) keepScreening(ctx context.Context) {
	for {
		if err := s.Drain(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("re-screening", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.queue.wake:
		}
	}
}

// Drain carries out every run that waits, one at a time. The store admits one process, so that no other
// one carries out a run at the same time.
func (s *Service) Drain(ctx context.Context) error {
	s.running.Lock()
	defer s.running.Unlock()
	for {
		waiting, err := s.waiting(ctx)
		if err != nil || len(waiting) == 0 {
			return err
		}
		if err := s.carryOut(ctx, waiting[0].ID); err != nil {
			return err
		}
	}
}

// Cancel stops a run; what it has done stays done, and it may be resumed.
func (s *Service) Cancel(ctx context.Context, actor Actor, id string) error {
	if err := actor.need("session.Cancel", MayList); err != nil {
		return err
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if stop, under := s.queue.stop[id]; under {
		stop()
		return nil
	}
	run, err := s.store.Run(ctx, id)
	if err != nil {
		return err
	}
	if !run.Going() {
		return conflict("session.Cancel", "The run is over.")
	}
	delete(s.queue.deltas, id)
	run.Status, run.FinishedAt = RunCancelled, s.now().UTC()
	return s.store.PutRun(ctx, run, actor.Event(run.FinishedAt, ActRunFinished, "", "", map[string]string{"run": id, "status": string(run.Status)}))
}

// Resume lets a run that was cancelled or failed go on where it was; where the lists have changed since,
// from the beginning.
func (s *Service) Resume(ctx context.Context, actor Actor, id string) (Run, error) {
	const op = "session.Resume"
	if err := actor.need(op, MayList); err != nil {
		return Run{}, err
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	run, err := s.store.Run(ctx, id)
	if err != nil {
		return Run{}, err
	}
	if run.Status != RunCancelled && run.Status != RunFailed {
		return Run{}, conflict(op, "Only a run that was cancelled or broke off can be resumed.")
	}
	recent, err := s.store.Runs(ctx, recentRuns-1) // one more may come before its turn
	if err != nil {
		return Run{}, err
	}
	if !slices.ContainsFunc(recent, func(r Run) bool { return r.ID == id }) {
		return Run{}, conflict(op, "This run is too old to be resumed. Start a new one.")
	}
	if len(run.Stops) == maxStops {
		return Run{}, conflict(op, "This run was resumed often enough. Start a new one.")
	}
	run.resume(actor.ID, s.now().UTC())
	return s.asked(ctx, actor, run, s.enqueue(ctx, actor, run))
}

// RetryFailed asks for a run over the sessions that an earlier run could not screen.
func (s *Service) RetryFailed(ctx context.Context, actor Actor, id string) (Run, error) {
	const op = "session.RetryFailed"
	if err := actor.need(op, MayList); err != nil {
		return Run{}, err
	}
	run, err := s.store.Run(ctx, id)
	if err != nil {
		return Run{}, err
	}
	switch {
	case run.Going():
		return Run{}, conflict(op, "The run is not over yet.")
	case run.Failed == 0:
		return Run{}, conflict(op, "Nobody failed in this run.")
	case len(run.Failures) < run.Failed:
		all, err := s.request(ctx, actor, "retry", nil)
		return s.asked(ctx, actor, all, err)
	}
	again := s.newRun(actor, "retry")
	for _, f := range run.Failures {
		again.Sessions = append(again.Sessions, f.Session)
	}
	return s.asked(ctx, actor, again, s.enqueue(ctx, actor, again))
}

// begin takes a run out of the queue, with what it is to compare.
func (s *Service) begin(ctx context.Context, id string, stop context.CancelFunc) (Run, *delta, error) {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	run, err := s.store.Run(ctx, id)
	if err != nil {
		return Run{}, nil, err
	}
	s.queue.stop[id] = stop
	return run, s.queue.deltas[id], nil
}

func (s *Service) end(id string) {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	delete(s.queue.stop, id)
	delete(s.queue.deltas, id)
}

// carryOut does one run from where it is to its end. A run that ctx cuts off stays as it is and goes
// on at the next start.
func (s *Service) carryOut(ctx context.Context, id string) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	run, changed, err := s.begin(ctx, id, stop)
	if err != nil {
		return err
	}
	defer s.end(id)
	if !run.Going() { // cancelled in this moment
		return nil
	}
	r, err := s.newRound(inner, &run, changed)
	if err == nil {
		err = r.all(inner)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	run.Status, run.FinishedAt = RunDone, s.now().UTC()
	if inner.Err() != nil {
		run.Status = RunCancelled
	} else if err != nil {
		run.Status, run.Problem = RunFailed, MessageOf(err)
		s.log.Error("re-screening failed", "run", run.ID, "err", err)
	}
	return s.store.PutRun(ctx, run, System.Event(run.FinishedAt, ActRunFinished, "", "", map[string]string{"run": run.ID,
		"status": string(run.Status), "population": fmt.Sprint(run.Population), "failed": fmt.Sprint(run.Failed), "alerts": fmt.Sprint(run.Alerts)}))
}

// RescreenOne compares one stored person with the lists now, at somebody's wish.
func (s *Service) RescreenOne(ctx context.Context, actor Actor, id ID) (Session, error) {
	if err := actor.need("session.RescreenOne", MayDecide); err != nil {
		return Session{}, err
	}
	compared := s.lists.Load().index
	got, err := s.change(ctx, actor, id, 0, func(got *Session) (Change, error) {
		if why := got.screenable(); why != "" {
			return Change{}, conflict("session.RescreenOne", "There is nobody to screen: "+why+".")
		}
		now := s.now().UTC()
		c := Change{Events: []Event{actor.Event(now, ActScreened, got.Company, id, nil)}}
		if got.Status == AwaitingAction {
			return c, s.judgeAgain(ctx, got, &c)
		}
		company, err := s.store.Company(ctx, got.Company)
		if err == nil {
			err = s.screen(ctx, got, company, actor.ID, &c)
		}
		return c, err
	})
	if err != nil {
		return got, err
	}
	return s.upToDate(ctx, got, compared)
}

// RunRecord returns one re-screening, with the counts of the companies that the actor sees.
func (s *Service) RunRecord(ctx context.Context, actor Actor, id string) (Run, error) {
	if err := actor.need("session.RunRecord", MayRead); err != nil {
		return Run{}, err
	}
	r, err := s.store.Run(ctx, id)
	return r.asSeenBy(actor), err
}

// RunRecords returns the newest n re-screenings.
func (s *Service) RunRecords(ctx context.Context, actor Actor, n int) ([]Run, error) {
	if err := actor.need("session.RunRecords", MayRead); err != nil {
		return nil, err
	}
	runs, err := s.store.Runs(ctx, n)
	for i := range runs {
		runs[i] = runs[i].asSeenBy(actor)
	}
	return runs, err
}

// changedKeys names the entries of a list that a new version added, changed or took off.
func changedKeys(list string, d sanctions.Delta) []sanctions.Key {
	ids := map[string]bool{}
	for _, group := range [][]sanctions.Entry{d.Added, d.Removed} {
		for _, e := range group {
			ids[e.ID] = true
		}
	}
	for _, c := range d.Changed {
		ids[c.Old.ID], ids[c.New.ID] = true, true
	}
	keys := make([]sanctions.Key, 0, len(ids))
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		keys = append(keys, sanctions.Key{List: list, ID: id})
	}
	return keys
}
