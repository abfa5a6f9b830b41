package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"dossier/session"
)

var _ session.Index = (*Index)(nil)

// Options say how an index is kept.
type Options struct {
	Memory bool         // keep nothing on disk: it is new at every start
	Paced  bool         // building it anew leaves room for requests, while there is one to search in
	Logger *slog.Logger // nil discards
}

// An Index finds sessions. It is safe for concurrent use.
type Index struct {
	dir   string // "" is in memory
	paced bool
	log   *slog.Logger

	mu   sync.Mutex
	view *view // nil when closed; guarded by mu

	ctx    context.Context // ends with the index
	cancel context.CancelFunc
	watch  sync.WaitGroup // of followMerges

	writes     sync.RWMutex // held for reading by writes, for writing when a generation takes over
	building   sync.Mutex   // held by the one rebuild
	journal    *journal     // not nil while building; changed under writes
	distrusted atomic.Bool
	stats      counters
}

// Open opens the index in dir, making it where there is none. One that is missing, broken or of another
// mapping is thrown away, and [Index.NeedsRebuild] then asks for a rebuild. A folder that another process uses
// is an error.
func Open(dir string, o Options) (*Index, error) {
	ix := &Index{dir: dir, paced: o.Paced, log: o.Logger}
	if ix.log == nil {
		ix.log = slog.New(slog.DiscardHandler)
	}
	if o.Memory {
		ix.dir = ""
	}
	g, err := ix.openCurrent()
	if err != nil {
		return nil, err
	}
	g.viewing.Lock()
	v, err := g.view()
	g.viewing.Unlock()
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	ix.view = v
	ix.ctx, ix.cancel = context.WithCancel(context.Background())
	ix.watch.Go(ix.followMerges)
	return ix, nil
}

// Close ends a rebuild and writes under way, and closes the files.
func (ix *Index) Close() error {
	ix.cancel()
	ix.watch.Wait()
	ix.building.Lock()
	defer ix.building.Unlock()
	ix.writes.Lock()
	defer ix.writes.Unlock()
	ix.mu.Lock()
	v := ix.view
	ix.mu.Unlock()
	if v == nil {
		return nil
	}
	ix.publish(nil)
	return v.gen.close()
}

// NeedsRebuild reports whether the index needs a rebuild: it is new, was broken or of another mapping, or
// something went wrong since.
func (ix *Index) NeedsRebuild() bool { return ix.distrusted.Load() }

// Progress is how many sessions the rebuild under way has written, 0 where none is.
func (ix *Index) Progress() int {
	if !ix.stats.building.Load() {
		return 0
	}
	return int(ix.stats.done.Load())
}

// distrust notes that the index needs a rebuild.
func (ix *Index) distrust(err error) {
	ix.distrusted.Store(true)
	if errors.Is(err, errNone) {
		ix.log.Debug("the search index is new")
		return
	}
	ix.log.Error("the search index needs a rebuild", "err", err)
}

// inBackground hears what goes wrong in g's background.
func (ix *Index) inBackground(err error) {
	ix.stats.errors.Add(1)
	if errors.Is(err, errPanic) || errors.Is(err, errLost) {
		ix.distrust(err)
		return
	}
	ix.log.Error("the search index could not be written and tries again", "err", err)
}

// mergesEvery is how often segments that Bleve merged by itself are taken over. Until then searches
// read the old ones, which keep their files.
const mergesEvery = 2 * time.Second

func (ix *Index) followMerges() {
	tick := time.NewTicker(mergesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ix.ctx.Done():
			return
		case <-tick.C:
		}
		if g := ix.generation(); g != nil && g.merged() {
			_ = ix.refresh(g) // logged there; the next tick tries again
		}
	}
}

func (ix *Index) generation() *generation {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.view == nil {
		return nil
	}
	return ix.view.gen
}

// Put indexes sessions, replacing what it had of them, and returns when that is durable and searches
// see it.
func (ix *Index) Put(ctx context.Context, sessions []session.Session) error {
	ops := make([]op, 0, len(sessions))
	for _, s := range sessions {
		e, err := newEntry(s)
		if err != nil {
			return err
		}
		ops = append(ops, op{entry: e})
	}
	return ix.write(ctx, ops)
}

// Delete forgets sessions. Unknown ids are no error.
func (ix *Index) Delete(ctx context.Context, ids []session.ID) error {
	ops := make([]op, 0, len(ids))
	for _, id := range ids {
		ops = append(ops, op{entry{id: string(id)}, true})
	}
	return ix.write(ctx, ops)
}

// writeBatch is how many entries Bleve takes at once: more need less time and more memory.
const writeBatch = 2000

func (ix *Index) write(ctx context.Context, ops []op) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ix.ctx, func() { cancel(errClosed("index.Put")) })()
	ix.writes.RLock()
	defer ix.writes.RUnlock()
	g := ix.generation()
	if g == nil {
		return errClosed("index.Put")
	}
	if ix.journal != nil {
		ix.journal.add(ops)
	}
	apply := g.apply
	if g.dir == "" {
		apply = g.applyInMemory
	}
	for len(ops) > 0 {
		n := min(writeBatch, len(ops))
		if err := apply(ctx, ops[:n]); err != nil {
			return err
		}
		ops = ops[n:]
	}
	return ix.refresh(g)
}

func errClosed(op string) error {
	return &session.Error{Code: session.Unavailable, Op: op, Message: "The search index is closed."}
}

// newDir makes an empty folder for the next generation.
func (ix *Index) newDir() (string, error) {
	if ix.dir == "" {
		return "", nil
	}
	if err := os.MkdirAll(ix.dir, 0o700); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(ix.dir, generationPrefix)
	if err != nil {
		return "", fmt.Errorf("index: make a folder for the index: %w", err)
	}
	return dir, nil
}
