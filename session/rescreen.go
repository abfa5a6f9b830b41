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

// runChunk is how many sessions a run does between two notes of how far it is.
const runChunk = 2000

// Reasons for which a run leaves a session out.
const (
	excludedNoPerson = "no person yet"
	excludedOpen     = "in progress: screened when finished"
	excludedCompany  = "the company does not screen"
	excludedNewer    = "came in after the run began: screened then"
)

// queue holds what runs that wait are to compare; a run that is not in it compares whole lists.
type queue struct {
	mu   sync.Mutex
	keys map[string][]sanctions.Key
	wake chan struct{}
	stop map[string]context.CancelFunc
}

func newQueue() *queue {
	return &queue{keys: map[string][]sanctions.Key{}, wake: make(chan struct{}, 1), stop: map[string]context.CancelFunc{}}
}

// Rescreen asks for a re-screening of everybody and returns its record; Work carries it out, and
// where there is no Work, Drain does.
func (s *Service) Rescreen(ctx context.Context, actor Actor, trigger string) (Run, error) {
	if err := actor.need("session.Rescreen", MayList); err != nil {
		return Run{}, err
	}
	return s.request(ctx, actor, trigger, nil)
}

// request stores a run that waits. One that asks for the same and has not begun is enough.
func (s *Service) request(ctx context.Context, actor Actor, trigger string, keys []sanctions.Key) (Run, error) {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	waiting, err := s.waiting(ctx)
	if err != nil {
		return Run{}, err
	}
	for _, r := range waiting {
		if r.Status == RunQueued && s.queue.keys[r.ID] == nil && keys == nil {
			return r, nil
		}
	}
	now := s.now().UTC()
	run := Run{ID: ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String(), Trigger: trigger, By: actor.ID,
		Status: RunQueued, StartedAt: now, Entries: len(keys)}
	if keys != nil {
		s.queue.keys[run.ID] = keys
	}
	err = s.store.PutRun(ctx, run, actor.Event(now, ActRunStarted, "", "", map[string]string{"run": run.ID, "trigger": trigger}))
	select {
	case s.queue.wake <- struct{}{}:
	default:
	}
	return run, err
}

// waiting returns the runs that are queued or were cut off, oldest first.
func (s *Service) waiting(ctx context.Context) ([]Run, error) {
	runs, err := s.store.Runs(ctx, 50)
	runs = slices.DeleteFunc(runs, func(r Run) bool { return r.Status != RunQueued && r.Status != RunRunning })
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

// Drain carries out every run that waits, one at a time.
func (s *Service) Drain(ctx context.Context) error {
	s.running.Lock()
	defer s.running.Unlock()
	for {
		waiting, err := s.waiting(ctx)
		if err != nil || len(waiting) == 0 {
			return err
		}
		if err := s.carryOut(ctx, waiting[0]); err != nil {
			return err
		}
	}
}

// Cancel stops a run; what it has done stays done.
func (s *Service) Cancel(ctx context.Context, actor Actor, id string) error {
	if err := actor.need("session.Cancel", MayList); err != nil {
		return err
	}
	s.queue.mu.Lock()
	stop, under := s.queue.stop[id]
	s.queue.mu.Unlock()
	if under {
		stop()
		return nil
	}
	run, err := s.store.Run(ctx, id)
	if err != nil {
		return err
	}
	if run.Status != RunQueued && run.Status != RunRunning {
		return conflict("session.Cancel", "The run is over.")
	}
	run.Status, run.FinishedAt = RunCancelled, s.now().UTC()
	return s.store.PutRun(ctx, run, actor.Event(run.FinishedAt, ActRunFinished, "", "", map[string]string{"run": id, "status": string(run.Status)}))
}

// carryOut does one run from where it is to its end. A run that ctx cuts off stays as it is and goes
// on at the next start.
func (s *Service) carryOut(ctx context.Context, run Run) error {
	if run.Excluded == nil { // a stored run without any has lost the map
		run.Excluded = map[string]int{}
	}
	inner, stop := context.WithCancel(ctx)
	defer stop()
	s.queue.mu.Lock()
	keys := s.queue.keys[run.ID]
	s.queue.stop[run.ID] = stop
	s.queue.mu.Unlock()
	defer func() {
		s.queue.mu.Lock()
		defer s.queue.mu.Unlock()
		delete(s.queue.stop, run.ID)
		delete(s.queue.keys, run.ID)
	}()

	r, err := s.newRound(inner, &run, keys)
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
	return s.store.PutRun(ctx, run, System.Event(run.FinishedAt, ActRunFinished, "", "", map[string]string{
		"run": run.ID, "status": string(run.Status), "population": fmt.Sprint(run.Population), "alerts": fmt.Sprint(run.Alerts)}))
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

// RunRecord returns one re-screening. Its counts are of all companies, so only those see them who see
// all companies or look after the lists.
func (s *Service) RunRecord(ctx context.Context, actor Actor, id string) (Run, error) {
	if err := actor.need("session.RunRecord", MayRead); err != nil {
		return Run{}, err
	}
	r, err := s.store.Run(ctx, id)
	return r.asSeenBy(actor), err
}

func (r Run) asSeenBy(actor Actor) Run {
	if actor.Everyone || actor.Can(MayList) {
		return r
	}
	return Run{ID: r.ID, Trigger: r.Trigger, Status: r.Status, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Lists: r.Lists, Matcher: r.Matcher}
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
