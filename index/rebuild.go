package index

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"golang.org/x/sync/errgroup"

	"dossier/session"
)

// errPanic is how Bleve's background reports that it has died.
var errPanic = scorch.ErrAsyncPanic

// A journal is what was written while a rebuild ran: the last write of each session.
type journal struct {
	mu  sync.Mutex
	ops map[string]op
}

func (j *journal) add(ops []op) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, o := range ops {
		j.ops[o.id] = o
	}
}

// take empties the journal.
func (j *journal) take() []op {
	j.mu.Lock()
	defer j.mu.Unlock()
	ops := slices.Collect(maps.Values(j.ops))
	j.ops = map[string]op{}
	return ops
}

// Rebuild builds the next generation from all sessions and puts it in force. Searches and writes go on
// with the old one meanwhile; writes are repeated on the new one before it takes over, so all must take
// its snapshot of the store no sooner than it is first asked. A session that cannot be read is logged
// and left out. It returns Conflict while another rebuild runs. If it fails or the process dies, the old
// generation stays.
func (ix *Index) Rebuild(ctx context.Context, all iter.Seq2[session.Session, error]) (err error) {
	if !ix.building.TryLock() {
		return &session.Error{Code: session.Conflict, Op: "index.Rebuild", Message: "The search index is being rebuilt already."}
	}
	defer ix.building.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ix.ctx, func() { cancel(errClosed("index.Rebuild")) })()

	started := time.Now()
	ix.stats.start()
	defer func() { ix.stats.end(time.Since(started), err) }()
	to, paced := filling, ix.paced && !ix.NeedsRebuild()
	if paced {
		to = fillingBeside
	}
	next, err := ix.openNew(to, func(err error) {
		ix.inBackground(err)
		cancel(err) // Bleve itself would try again for ever
	})
	if err != nil {
		return err
	}
	ix.keepJournal(&journal{ops: map[string]op{}})
	defer ix.keepJournal(nil)
	if err := ix.fill(ctx, next, all, paced); err != nil {
		return errors.Join(err, next.remove())
	}
	dir := next.dir
	if next, err = next.settle(ctx, ix.inBackground); err != nil {
		return errors.Join(err, removeFolder(dir))
	}
	if err := ix.succeed(ctx, next); err != nil {
		return errors.Join(err, next.remove())
	}
	return nil
}

// keepJournal sets the journal that writes are noted in.
func (ix *Index) keepJournal(j *journal) {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	ix.journal = j
}

// Batches of a rebuild. Two are under way at once, so that one is analysed while the other is written; where they
// are paced it is one, and then a rest as long as it took.
const (
	buildBatch   = 2500    // entries
	buildBytes   = 4 << 20 // of their texts
	buildWorkers = 2
)

// fill writes all sessions into g.
func (ix *Index) fill(ctx context.Context, g *generation, all iter.Seq2[session.Session, error], paced bool) error {
	workers, working := errgroup.WithContext(ctx)
	if workers.SetLimit(buildWorkers); paced {
		workers.SetLimit(1)
	}
	var ops []op
	size := 0
	flush := func() {
		batch := ops
		ops, size = make([]op, 0, buildBatch), 0
		workers.Go(func() error {
			began := time.Now()
			err := g.apply(working, batch)
			if paced {
				rest(working, time.Since(began))
			}
			ix.stats.done.Add(int64(len(batch)))
			return err
		})
	}
	for s, err := range all {
		if working.Err() != nil {
			break
		}
		var e entry
		if err == nil {
			e, err = newEntry(s)
		}
		if err != nil {
			ix.log.Error("a session cannot be indexed", "id", s.ID, "err", err)
			continue
		}
		ops = append(ops, op{entry: e})
		for _, t := range e.texts {
			size += len(t)
		}
		if len(ops) >= buildBatch || size >= buildBytes {
			flush()
		}
	}
	if len(ops) > 0 && working.Err() == nil {
		flush()
	}
	if err := workers.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// rest returns after a time, or when ctx ends.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// succeed puts next in force in place of the generation before it.
func (ix *Index) succeed(ctx context.Context, next *generation) error {
	if err := next.applyAll(ctx, ix.journal.take()); err != nil {
		return err
	}
	ix.writes.Lock() // from here no write comes between
	defer ix.writes.Unlock()
	if err := next.applyAll(ctx, ix.journal.take()); err != nil {
		return err
	}
	if err := next.markBuilt(ctx); err != nil {
		return err
	}
	next.viewing.Lock()
	v, err := next.view()
	next.viewing.Unlock()
	if err != nil {
		return err
	}
	if err := ix.setCurrent(next); err != nil {
		return errors.Join(err, v.snap.Close())
	}
	before := ix.generation()
	ix.publish(v)
	ix.distrusted.Store(false)
	if err := before.remove(); err != nil {
		ix.log.Error("the former search index could not be removed; the next start will", "err", err)
	}
	return nil
}

// applyAll is apply in batches.
func (g *generation) applyAll(ctx context.Context, ops []op) error {
	for batch := range slices.Chunk(ops, buildBatch) {
		if err := g.apply(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}
