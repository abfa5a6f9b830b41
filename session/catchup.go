package session

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// indexBatch is how many changed sessions go to the index at once. When many come in, large batches
// leave few segments to merge.
const indexBatch = 4000

// freshFor is how long a search waits for what was written just before it.
const freshFor = 200 * time.Millisecond

// catchUp tells searches when the index has taken in what was written before them.
type catchUp struct {
	mu      sync.Mutex
	wrote   uint64        // writes so far
	indexed uint64        // writes that the index has
	behind  time.Time     // since when the index lacks something; zero where it has all
	again   time.Time     // when the indexer tries again what failed; zero while it works
	done    chan struct{} // closed and renewed whenever indexed grows
	wake    chan struct{} // tells the indexer that there is something
	asked   chan struct{} // tells the indexer that a search waits for it
}

func (c *catchUp) init() {
	c.done, c.wake, c.asked = make(chan struct{}), make(chan struct{}, 1), make(chan struct{}, 1)
	c.wake <- struct{}{} // what an earlier process left
	c.behind = time.Now().Add(-lateAfter)
}

func (c *catchUp) written() {
	c.mu.Lock()
	if c.wrote++; c.behind.IsZero() {
		c.behind = time.Now()
	}
	c.mu.Unlock()
	c.ring()
}

// ring has the indexer look what there is to do.
func (c *catchUp) ring() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// now is how many writes there are so far, and the time.
func (c *catchUp) now() (wrote uint64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wrote, time.Now()
}

// late reports whether the index has lacked something for longer than a plain catching up takes.
func (c *catchUp) late() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.behind.IsZero() && time.Since(c.behind) >= lateAfter
}

// failed notes that the indexer rests until then, or with the zero time that it works.
func (c *catchUp) failed(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.again = until
}

// rests says until when the indexer rests because it failed; zero while it works.
func (c *catchUp) rests() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.again
}

// caughtUp notes that the index has the writes so far, as now gave them.
func (c *catchUp) caughtUp(to uint64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.indexed, c.behind = max(c.indexed, to), time.Time{}
	if c.indexed < c.wrote {
		c.behind = at
	}
	close(c.done)
	c.done = make(chan struct{})
}

// wait returns when the index has what was written by now, or after freshFor.
func (c *catchUp) wait(ctx context.Context) {
	timeout := time.NewTimer(freshFor)
	defer timeout.Stop()
	target, _ := c.now()
	for {
		c.mu.Lock()
		done, there := c.done, c.indexed >= target
		c.mu.Unlock()
		if there {
			return
		}
		select {
		case c.asked <- struct{}{}:
		default:
		}
		select {
		case <-done:
		case <-timeout.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// comes waits some time for the index to take something in. It is false where the index cannot, and when ctx ends.
func (c *catchUp) comes(ctx context.Context) bool {
	c.mu.Lock()
	done, works := c.done, c.again.IsZero()
	c.mu.Unlock()
	if !works {
		return false
	}
	some, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	select {
	case <-done:
	case <-some.Done():
	}
	return ctx.Err() == nil
}

// keepIndexed gives the index what changed, as the marks in the store say. Marks go away only after
// the index has answered, so a failing index or a crash costs time and loses nothing.
func (s *Service) keepIndexed(ctx context.Context) {
	retry := time.Second
	for {
		s.catchUp.failed(time.Time{})
		wrote, at := s.catchUp.now()
		n, err := s.indexSome(ctx)
		if s.index.NeedsRebuild() { // it is new, or was found broken just now
			err = errors.Join(err, s.Reindex(ctx, System))
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("index lags behind; will try again", "err", err, "in", retry)
			s.catchUp.failed(s.now().Add(retry))
			sleep(ctx, retry)
			retry = min(2*retry, time.Minute)
			continue
		case n == indexBatch:
			continue
		}
		retry = time.Second
		s.catchUp.caughtUp(wrote, at)
		s.catchUp.gather(ctx, n)
	}
}

// gather returns when there is something to index, and some time for more to come in. Every batch makes a
// segment that must be merged later, which costs more than all the rest of an ingest: the more came in
// last, the longer it waits. A search that waits for the index ends it.
func (c *catchUp) gather(ctx context.Context, last int) {
	select {
	case <-ctx.Done():
		return
	case <-c.wake:
	}
	const each, most = 20 * time.Millisecond, time.Second
	timeout := time.NewTimer(min(each*time.Duration(last), most))
	defer timeout.Stop()
	select {
	case <-ctx.Done():
	case <-c.asked:
	case <-timeout.C:
	}
}

// CatchUp indexes everything that is marked, and returns.
func (s *Service) CatchUp(ctx context.Context) error {
	for wrote, at := s.catchUp.now(); ; {
		n, err := s.indexSome(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			s.catchUp.caughtUp(wrote, at)
			return nil
		}
	}
}

// indexSome indexes one batch of marked sessions and says how many.
func (s *Service) indexSome(ctx context.Context) (int, error) {
	marks, err := s.store.Marks(ctx, indexBatch)
	if err != nil || len(marks) == 0 {
		return 0, err
	}
	ids := make([]ID, len(marks))
	for i, m := range marks {
		ids[i] = m.ID
	}
	sessions, err := s.store.ForIndex(ctx, ids)
	if err != nil {
		return 0, err
	}
	companies, err := s.companiesBySlug(ctx)
	if err != nil {
		return 0, err
	}
	found := make([]Session, len(sessions))
	for i, got := range sessions {
		found[i] = got.searchable(companies)
	}
	if err := s.index.Put(ctx, found); err != nil {
		return 0, err
	}
	if gone := missing(ids, sessions); len(gone) > 0 {
		if err := s.index.Delete(ctx, gone); err != nil {
			return 0, err
		}
	}
	return len(marks), s.store.ClearMarks(ctx, marks)
}

// ForIndex is a copy of what the index takes of s, which shares nothing with s that may change. It is false
// where the index would take what is stored otherwise: answers of a type that JSON does not give back.
func (s Session) ForIndex() (Session, bool) {
	for _, answer := range s.Extra {
		switch answer.(type) {
		case nil, string, bool, float64:
		default:
			return Session{}, false
		}
	}
	of := Session{ID: s.ID, Company: s.Company, Reference: s.Reference, Status: s.Status, Extra: maps.Clone(s.Extra),
		Person: Person{FirstName: s.Person.FirstName, LastName: s.Person.LastName, Nationality: s.Person.Nationality,
			DocumentNumber: s.Person.DocumentNumber, PersonalNumber: s.Person.PersonalNumber},
		Document: Document{Type: s.Document.Type}, Findings: slices.Clone(s.Findings), Screening: Screening{Status: s.Screening.Status}}
	if local := s.Person.Local; local != nil {
		of.Person.Local = &LocalName{FirstName: local.FirstName, LastName: local.LastName}
	}
	if s.Proposal != nil {
		of.Proposal = &Proposal{}
	}
	return of, true
}

func missing(ids []ID, sessions []Session) []ID {
	there := make(map[ID]bool, len(sessions))
	for _, s := range sessions {
		there[s.ID] = true
	}
	var gone []ID
	for _, id := range ids {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return gone
}

// Reindex builds the index anew from the store; searches go on meanwhile.
func (s *Service) Reindex(ctx context.Context, actor Actor) error {
	if err := actor.need("session.Reindex", MayManage); err != nil {
		return err
	}
	started := s.now()
	last, err := s.store.LastMark(ctx) // of what the rebuild takes in
	if err != nil {
		return err
	}
	if err := s.index.Rebuild(ctx, s.indexable(ctx, s.store.All(ctx, ""))); err != nil {
		return err
	}
	if err := errors.Join(s.store.IndexRebuilt(ctx, last), s.clearMarks(ctx, last)); err != nil {
		return err
	}
	s.log.Info("index rebuilt", "took", s.now().Sub(started).Round(time.Millisecond))
	return s.store.Record(ctx, actor.Event(s.now().UTC(), ActReindexed, "", "", nil))
}

// clearMarks takes away the marks up to last; later ones stay.
func (s *Service) clearMarks(ctx context.Context, last uint64) error {
	for {
		marks, err := s.store.Marks(ctx, indexBatch)
		if err != nil {
			return err
		}
		marks = slices.DeleteFunc(marks, func(m Mark) bool { return m.Seq > last })
		if len(marks) == 0 {
			return nil
		}
		if err := s.store.ClearMarks(ctx, marks); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
