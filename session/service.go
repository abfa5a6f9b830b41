package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Service is the back office: the only way in which sessions, lists and alerts change. Use
// [NewService], then [Service.Start], and keep [Service.Work] running.
type Service struct {
	store      Store
	index      *countedIndex
	now        func() time.Time
	log        *slog.Logger
	staleAfter time.Duration
	fetcher    Fetcher
	sources    map[string]string
	countries  Countries

	created   atomic.Uint64 // sessions since the start
	lists     atomic.Pointer[inForce]
	updating  sync.Mutex   // one list update at a time
	replaying sync.Mutex   // one replay at a time
	running   sync.Mutex   // one re-screening at a time
	erasing   atomic.Bool  // one erasure at a time
	erasures  chan Actor   // who asks for one
	underWay  sync.Map     // ids of erasures
	purging   sync.Mutex   // one purge at a time
	purges    chan Actor   // who erased something
	single    atomic.Int64 // sessions erased one by one since the last purge of such
	catchUp   catchUp
	queue     *queue
	refresh   chan refreshWish
	exports   chan exportJob
	looks     looks
	hooks     *hooks
	deliverer Deliverer
	tallies   *tallies
	known     knownCompanies // see knownCompany
}

// Options of a [Service]. Store and Index are required.
type Options struct {
	Store      Store
	Index      Index
	Now        func() time.Time // the clock; time.Now by default
	Log        *slog.Logger
	StaleAfter time.Duration     // of lists; StaleAfter by default
	Fetcher    Fetcher           // for lists with a source; nil where none is fetched
	Sources    map[string]string // addresses of lists, by list id
	Deliverer  Deliverer         // for webhooks; nil where nothing is sent
	Countries  Countries         // of addresses; nil where none is known
}

// Countries says in which country an internet address is.
type Countries interface {
	// Country is the ISO 3166-1 alpha-2 code, or "".
	Country(address string) string
}

// NewService returns a service. It reads nothing until Start.
func NewService(o Options) *Service {
	s := &Service{store: o.Store, index: &countedIndex{Index: o.Index}, now: o.Now, log: o.Log, staleAfter: o.StaleAfter,
		fetcher: o.Fetcher, sources: o.Sources, queue: newQueue(), erasures: make(chan Actor, 1), purges: make(chan Actor, 1), refresh: make(chan refreshWish, maxRefreshes), exports: make(chan exportJob, exportQueue), looks: newLooks(),
		hooks: newHooks(), deliverer: o.Deliverer, tallies: newTallies(), countries: o.Countries}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.staleAfter == 0 {
		s.staleAfter = StaleAfter
	}
	s.lists.Store(newInForce(nil, nil))
	s.catchUp.init()
	return s
}

// Start loads the lists in force and the webhooks, gives up exports that the last process left, and asks
// for the re-screening that a crash right after a change of lists has kept from being asked for. Call it
// once, before anything else.
func (s *Service) Start(ctx context.Context) error {
	if err := errors.Join(s.loadLists(ctx), s.hooks.load(ctx, s.store)); err != nil {
		return err
	}
	if err := s.failLeftExports(ctx); err != nil {
		return err
	}
	if err := s.renewFingerprints(ctx); err != nil {
		return err
	}
	return s.oweRescreening(ctx)
}

// Work keeps the index caught up, expires sessions that were left, re-screens, erases, exports, tells webhooks
// and counts for the dashboard, until ctx ends. It returns when everything under way has stopped.
func (s *Service) Work(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.keepIndexed(ctx) })
	all.Go(func() { s.keepExpiring(ctx) })
	all.Go(func() { s.keepScreening(ctx) })
	all.Go(func() { s.keepErasing(ctx) })
	all.Go(func() { s.keepPurging(ctx) })
	all.Go(func() { s.keepRefreshing(ctx) })
	all.Go(func() { s.keepExporting(ctx) })
	all.Go(func() { s.keepDelivering(ctx) })
	all.Go(func() { s.keepTallying(ctx) })
	all.Wait()
}

// keepExpiring closes sessions that the applicant left unfinished for longer than the company allows.
func (s *Service) keepExpiring(ctx context.Context) {
	every := time.NewTicker(time.Minute)
	defer every.Stop()
	for {
		if err := s.ExpireLeft(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("expire sessions", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// expiring is how many sessions are closed at once: the store writes them together. A server that stood still
// for long, or an import, has many to close at the start, while people already work.
const expiring = 16

// ExpireLeft closes the sessions that were left unfinished for too long by now. One that cannot be closed
// holds up none of the others; the first error is returned.
func (s *Service) ExpireLeft(ctx context.Context) error {
	const batch = 500
	limits, err := s.sessionLimits(ctx)
	if err != nil {
		return err
	}
	var failed error
	for after := ID(""); ; {
		ids, err := s.store.Unfinished(ctx, s.now(), after, batch)
		if err != nil || len(ids) == 0 {
			return cmp.Or(failed, err)
		}
		var closing errgroup.Group
		closing.SetLimit(expiring)
		for _, id := range ids {
			closing.Go(func() error {
				if err := s.expire(ctx, id, limits); err != nil && CodeOf(err) != Conflict && CodeOf(err) != NotFound {
					return fmt.Errorf("session %s: %w", id, err)
				}
				return nil
			})
		}
		failed = cmp.Or(failed, closing.Wait())
		after = ids[len(ids)-1]
	}
}

func (s *Service) sessionLimits(ctx context.Context) (map[string]time.Duration, error) {
	companies, err := s.store.AllCompanies(ctx)
	limits := map[string]time.Duration{}
	for _, c := range companies {
		limits[c.Slug] = time.Duration(c.Settings.MaxMinutes) * time.Minute
	}
	return limits, err
}

func (s *Service) expire(ctx context.Context, id ID, limits map[string]time.Duration) error {
	got, err := s.store.Session(ctx, id)
	if err != nil || got.Status != InProgress {
		return err
	}
	now := s.now().UTC()
	started := got.currentAttempt().StartedAt
	if now.Sub(started) <= limits[got.Company] {
		return nil
	}
	got.Status = Expired
	got.endAttempt(now, string(Expired), "The applicant did not finish in time.")
	return s.commit(ctx, &got, Change{Events: []Event{System.Event(now, ActExpired, got.Company, id, nil)}})
}

// commit stores got with its version, and wakes the indexer. got holds what was stored afterwards.
func (s *Service) commit(ctx context.Context, got *Session, c Change) error {
	got.UpdatedAt = s.now().UTC()
	if err := s.date(ctx, got); err != nil {
		return err
	}
	return s.put(ctx, got, c)
}

// put is commit for a session that says already when it changed and when it may go.
func (s *Service) put(ctx context.Context, got *Session, c Change) error {
	c.Session = got
	if c.Once == nil {
		c.Once = onceOf(ctx, got.ID)
	}
	c.Hooks = s.deliveries(got, c.Events)
	stored, err := s.store.Commit(ctx, c)
	if err != nil {
		return err
	}
	if *got = stored; stored.Version == 1 {
		s.created.Add(1)
	}
	s.catchUp.written()
	if len(c.Hooks) > 0 {
		s.hooks.ring()
	}
	return nil
}

// putAll is put for stored sessions that change together, and not at the wish of one request.
func (s *Service) putAll(ctx context.Context, changes []Change) error {
	told := false
	for i, c := range changes {
		changes[i].Hooks = s.deliveries(c.Session, c.Events)
		told = told || len(changes[i].Hooks) > 0
	}
	stored, err := s.store.CommitAll(ctx, changes)
	if err != nil {
		return err
	}
	for i, c := range changes {
		*c.Session = stored[i]
	}
	s.catchUp.written()
	if told {
		s.hooks.ring()
	}
	return nil
}

// Created returns how many sessions were taken in since the start.
func (s *Service) Created() uint64 { return s.created.Load() }

// errNothing says that a change has nothing to change.
var errNothing = errors.New("session: nothing to change")

// change reads a session that the actor sees, lets do change it, and stores it; when somebody else was
// quicker it starts again. A version above 0 is the one that the actor saw and must still be true.
func (s *Service) change(ctx context.Context, actor Actor, id ID, version int, do func(*Session) (Change, error)) (Session, error) {
	const tries = 8
	for try := 1; ; try++ {
		got, err := s.visible(ctx, actor, id)
		if err != nil {
			return Session{}, err
		}
		if version > 0 && got.Version != version {
			return got, conflict("session.change", "Somebody else changed this session since you opened it. Look at it again, then decide.")
		}
		c, err := do(&got)
		if errors.Is(err, errNothing) {
			return got, nil
		}
		if err != nil {
			return Session{}, err
		}
		err = s.commit(ctx, &got, c)
		if CodeOf(err) == Conflict && version == 0 && try < tries {
			continue
		}
		return got, err
	}
}

// visible returns the session, or NotFound where it belongs to a company that the actor does not see.
func (s *Service) visible(ctx context.Context, actor Actor, id ID) (Session, error) {
	const op = "session.visible"
	got, err := s.store.Session(ctx, id)
	if CodeOf(err) == Internal && !actor.Everyone && ctx.Err() == nil {
		// Whose it is, only the audit log still says. That it is there is nothing to tell others.
		told, _, logErr := s.store.Events(ctx, EventFilter{Session: id, Companies: actor.scope(), Limit: 1})
		if logErr != nil {
			return Session{}, logErr
		}
		if len(told) == 0 {
			s.log.Error("a session cannot be read", "session", id, "err", err)
			return Session{}, notFound(op, "session")
		}
	}
	if err != nil {
		return Session{}, err
	}
	if !actor.Sees(got.Company) {
		return Session{}, notFound(op, "session")
	}
	return got, nil
}
