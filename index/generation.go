package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	bleve "github.com/blevesearch/bleve_index_api"

	"dossier/session"
)

// A generation is one Bleve index, in a folder of its own or in memory.
type generation struct {
	dir      string // "" is in memory
	scorch   *scorch.Scorch
	analysis *bleve.AnalysisQueue
	failed   func(error) // told of what goes wrong in the background

	viewing  sync.Mutex
	segments map[uint64]*segment // by Bleve's id; guarded by viewing

	works   sync.WaitGroup // of Bleve's under way, see wait
	closing chan struct{}
	broken  chan struct{} // closed when Bleve's background work has died: nothing more gets durable
	breaks  sync.Once

	recent recent // in memory only
}

// lockTimeout is how long opening waits for another process to let go of the files.
const lockTimeout = time.Second

// A purpose is what a generation is opened for.
type purpose struct {
	analysts int            // goroutines that make terms out of documents
	config   map[string]any // Bleve's
}

// largest is how many sessions Bleve puts into one segment on disk. A merge has the dictionary of its
// result in memory, and the order of a new segment has to be made: both bound it.
const largest = 250_000

var (
	// serving keeps segments few while sessions come in a few at a time.
	serving = purpose{4, map[string]any{"scorchMergePlanOptions": map[string]any{"MaxSegmentSize": largest, "MaxSegmentsPerTier": 6}}}
	// filling leaves all merging to the end, see settle.
	filling = purpose{4, map[string]any{
		"scorchMergePlanOptions": map[string]any{"MaxSegmentsPerTier": 1 << 20},
		"scorchPersisterOptions": map[string]any{"MemoryPressurePauseThreshold": 0}, // no merging in memory either
	}}
	// fillingBeside leaves processors to those who search meanwhile.
	fillingBeside = purpose{1, filling.config}
	// settling merges a filled generation once.
	settling = mergeplan.MergePlanOptions{MaxSegmentsPerTier: 1, TierGrowth: 1, MaxSegmentSize: largest,
		SegmentsPerMergeTask: 1 << 10, FloorSegmentSize: largest, ReclaimDeletesWeight: 2}
)

// openGeneration opens the index in dir, or makes a new one there; "" is in memory. failed is called
// from other goroutines.
func openGeneration(dir string, to purpose, failed func(error)) (*generation, error) {
	g := &generation{
		dir: dir, failed: failed, analysis: bleve.NewAnalysisQueue(to.analysts), segments: map[uint64]*segment{},
		closing: make(chan struct{}), broken: make(chan struct{}),
	}
	config := map[string]any{
		"path":                   dir,
		"bolt_timeout":           lockTimeout.String(),
		"numSnapshotsToKeep":     1,
		"unsafe_batch":           true, // we wait, see batch
		"asyncErrorCallbackName": callbackName,
	}
	maps.Copy(config, to.config)
	inner, err := scorch.NewScorch(scorch.Name, config, g.analysis)
	if err == nil {
		generations.Store(g, nil)
		err = inner.Open()
	}
	if err != nil {
		generations.Delete(g)
		g.analysis.Close()
		return nil, fmt.Errorf("index: open %s: %w", dir, err)
	}
	g.scorch = inner.(*scorch.Scorch) // what NewScorch makes
	return g, nil
}

// close waits for works under way, whose callers may have left, and closes the files.
func (g *generation) close() error {
	close(g.closing)
	ended := make(chan struct{})
	go func() { g.works.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-g.broken: // they would never end
	}
	err := g.scorch.Close()
	generations.Delete(g)
	g.analysis.Close()
	return err
}

// remove closes g and deletes its files. Views that still read it keep what they need.
func (g *generation) remove() error {
	return errors.Join(g.close(), removeFolder(g.dir))
}

func removeFolder(dir string) error {
	if dir == "" {
		return nil
	}
	return os.RemoveAll(dir)
}

func (g *generation) snapshot() (*scorch.IndexSnapshot, error) {
	r, err := g.scorch.Reader()
	if err != nil {
		return nil, fmt.Errorf("index: read: %w", err)
	}
	snap, ok := r.(*scorch.IndexSnapshot)
	if !ok || snap == nil {
		return nil, errClosed("index.snapshot")
	}
	return snap, nil
}

// An op puts an entry, or deletes one where forget is set.
type op struct {
	entry
	forget bool
}

// apply makes ops durable, all or none.
func (g *generation) apply(ctx context.Context, ops []op) error {
	b := bleve.NewBatch()
	for _, o := range ops {
		if o.forget {
			b.Delete(o.id)
		} else {
			b.Update(o.document())
		}
	}
	return g.batch(ctx, b)
}

// batch writes b, and returns when it is on disk. Bleve's own waiting is off: where a file cannot be written
// it gives up at the first try, and closes what searches already read.
func (g *generation) batch(ctx context.Context, b *bleve.Batch) error {
	if g.dir == "" {
		return g.wait(ctx, func() error { return g.scorch.Batch(b) })
	}
	durable := make(chan struct{})
	b.SetPersistedCallback(func(error) { close(durable) }) // called once, after the try that succeeds
	return g.wait(ctx, func() error {
		if err := g.scorch.Batch(b); err != nil {
			return err
		}
		select {
		case <-durable:
			return nil
		case <-g.closing:
			return errClosed("index.Put")
		}
	})
}

// wait waits for work of Bleve's, but neither longer than ctx nor for a Bleve that has died.
func (g *generation) wait(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	g.works.Go(func() { done <- g.survive(work) })
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("index: write: %w", err)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-g.broken:
		return &session.Error{Code: session.Unavailable, Op: "index.Put", Message: "The search index has to be rebuilt."}
	}
}

// survive makes a panic of Bleve's an error, and has the index rebuilt: it must not take the store with it.
func (g *generation) survive(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", scorch.ErrAsyncPanic, p, debug.Stack())
			g.asyncError(err)
		}
	}()
	return work()
}

// settle merges a generation that was filled into few segments, and opens it for serving.
func (g *generation) settle(ctx context.Context, failed func(error)) (*generation, error) {
	if g.dir == "" {
		return g, nil
	}
	err := g.wait(ctx, func() error { return g.scorch.ForceMerge(ctx, &settling) })
	if err == nil {
		err = g.markBuilt(ctx) // which waits until the merged state is on disk
	}
	if err = errors.Join(err, g.close()); err != nil {
		return nil, err
	}
	return openGeneration(g.dir, serving, failed)
}

// builtKey marks a generation as complete within itself. A Bleve index without any state opens as an
// empty one, and so does one whose state was lost: the mark tells them apart.
var builtKey = []byte("built")

func (g *generation) markBuilt(ctx context.Context) error {
	b := bleve.NewBatch()
	b.SetInternal(builtKey, []byte(time.Now().UTC().Format(time.RFC3339)))
	return g.batch(ctx, b)
}

// callbackName is under which Bleve finds our callbacks.
const callbackName = "dossier"

// generations are those open: Bleve's callbacks are global and know a folder only.
var generations sync.Map

func init() {
	scorch.RegistryAsyncErrorCallbacks[callbackName] = func(err error, path string) {
		generations.Range(func(g, _ any) bool {
			if g := g.(*generation); g.dir == path {
				g.asyncError(err)
			}
			return true
		})
	}
}

// errLost is why a generation whose files somebody deleted cannot be written any more.
var errLost = errors.New("index: its folder is gone")

// asyncError hears of an error in Bleve's background. A panic there has ended the goroutine that makes
// writes durable. A write that failed, as on a full disk, is tried again at once and for ever: waiting
// here slows that down. Without a folder it would never succeed.
func (g *generation) asyncError(err error) {
	if _, gone := os.Stat(g.dir); g.dir != "" && errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(errLost, err)
	}
	if errors.Is(err, scorch.ErrAsyncPanic) || errors.Is(err, errLost) {
		g.breaks.Do(func() { // once: what follows it says nothing new, and may come when the next is in force
			g.failed(err)
			close(g.broken)
		})
	} else {
		g.failed(err)
	}
	select {
	case <-g.closing:
	case <-time.After(time.Second):
	}
}

// merged reports whether Bleve has merged or written segments since the last view.
func (g *generation) merged() bool {
	snap, err := g.snapshot()
	if err != nil {
		return false
	}
	defer snap.Close()
	g.viewing.Lock()
	defer g.viewing.Unlock()
	for _, s := range snap.Segments() {
		if g.segments[s.Id()] == nil {
			return true
		}
	}
	return len(snap.Segments()) != len(g.segments)
}
