package kv

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
)

// A writer owns the only goroutine that writes. It takes all changes that wait, runs them in order on
// one snapshot, commits what they wrote in one Badger transaction with one sync, and then answers them:
// group commit. A change that fails leaves nothing, and the others of its batch do not notice.
type writer struct {
	badger *badger.DB
	state  *current
	space  *space
	// written is told what was stored before anybody is answered.
	written func(batch map[string]*badger.Entry)
	ops     chan *op
	done    chan struct{}
	limit   int64                 // bytes of a batch
	inline  int                   // values from this size on go elsewhere, and do not count
	largest int                   // bytes of a value
	count   int                   // writes of a batch
	broken  atomic.Pointer[error] // why nothing can be written any more

	latency latency
}

// maxBatch is how many changes are taken at once. A session of 3 KB takes about a thousandth of Badger's limit.
const maxBatch = 160

// An op is a change that waits.
type op struct {
	run   func(t *tx) error
	taken atomic.Bool // by the writer, or by a caller who gave up
	mine  bool        // the writer took it; only the writer looks
	err   chan error  // gets exactly one answer, if the writer took it
}

func startWriter(b *badger.DB, state *current, s *space, written func(batch map[string]*badger.Entry)) *writer {
	w := &writer{badger: b, state: state, space: s, written: written, ops: make(chan *op, maxBatch), done: make(chan struct{}),
		limit: b.MaxBatchSize() * 9 / 10, count: int(b.MaxBatchCount() * 9 / 10),
		inline: int(b.Opts().ValueThreshold), largest: int(b.Opts().ValueLogFileSize / 4)}
	if b.Opts().InMemory { // there is no elsewhere
		w.inline, w.largest = largestInMemory+1, largestInMemory
	}
	go w.loop()
	return w
}

// stop ends the goroutine after the changes that wait. The caller sees to it that no more come.
func (w *writer) stop() {
	close(w.ops)
	<-w.done
}

func (w *writer) do(ctx context.Context, f func(t *tx) error) error {
	o := &op{run: f, err: make(chan error, 1)}
	select {
	case w.ops <- o:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-o.err:
		return err
	case <-ctx.Done():
		if o.taken.CompareAndSwap(false, true) {
			return ctx.Err() // the writer will pass it over
		}
		return <-o.err
	}
}

func (w *writer) loop() {
	defer close(w.done)
	var ops []*op
	for first := range w.ops {
		ops = w.collect(append(ops[:0], first))
		for rest := ops; len(rest) > 0; {
			rest = rest[w.commit(rest):]
		}
	}
}

// collect adds what else waits, without waiting for more.
func (w *writer) collect(ops []*op) []*op {
	for len(ops) < maxBatch {
		select {
		case o, open := <-w.ops:
			if !open {
				return ops
			}
			ops = append(ops, o)
		default:
			return ops
		}
	}
	return ops
}

// commit runs as many ops as fit in one transaction, makes them durable and answers them. It returns
// how many it dealt with, at least one.
func (w *writer) commit(ops []*op) int {
	under := w.state.enter() // and stays in it, so that readers need not wait for the commit
	b := batch{under: under.snapshot, writes: map[string]*badger.Entry{}}
	n := w.fill(&b, ops)
	err := w.store(&b)
	under.leave()
	for _, o := range b.good {
		o.err <- err
	}
	return n
}

// A batch is what one transaction will write.
type batch struct {
	under  snapshot
	writes map[string]*badger.Entry
	bytes  int64
	good   []*op // ran without error, and are answered by the outcome of the commit
}

// fill runs ops until one does not fit. That one is left for the next batch, where it runs again.
func (w *writer) fill(b *batch, ops []*op) int {
	for i, o := range ops {
		if !o.claim() {
			continue
		}
		t := &tx{under: b.under, batch: b.writes, writes: map[string]*badger.Entry{}, inline: w.inline, limit: w.limit, count: w.count}
		err := o.try(t)
		switch {
		case err == nil && (t.bytes > w.limit || len(t.writes) > w.count || t.value > w.largest):
			o.err <- &session.Error{Code: session.TooLarge, Op: "kv", Message: "This is too much to store in one step."}
		case err != nil:
			o.err <- err
		case b.bytes+t.bytes > w.limit || len(b.writes)+len(t.writes) > w.count:
			return i
		default:
			b.add(o, t)
		}
	}
	return len(ops)
}

// claim takes the op, unless its caller has given up.
func (o *op) claim() bool {
	o.mine = o.mine || o.taken.CompareAndSwap(false, true)
	return o.mine
}

// try runs the op. The writer serves everybody, so that a panic in one change becomes its error.
func (o *op) try(t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("kv: a change panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return o.run(t)
}

func (b *batch) add(o *op, t *tx) {
	maps.Copy(b.writes, t.writes)
	b.bytes += t.bytes
	b.good = append(b.good, o)
}

// store makes a batch durable. After Badger has failed, what is in its memory may be more than what is
// on disk: nothing is written any more until the database is opened anew, which finds whole transactions.
func (w *writer) store(b *batch) error {
	if len(b.writes) == 0 {
		return nil
	}
	if cause := w.broken.Load(); cause != nil {
		return unavailable("kv", "Nothing can be stored since the database failed. The operator has to restart Dossier.", *cause)
	}
	if err := w.space.check(b.size()); err != nil {
		return err
	}
	txn := w.badger.NewTransaction(true)
	defer txn.Discard()
	for _, e := range b.writes {
		var err error
		if e.UserMeta == deletion {
			err = txn.Delete(e.Key)
		} else {
			err = txn.SetEntry(e)
		}
		if err != nil {
			return fmt.Errorf("kv: batch of %d changes, %d bytes: %w", len(b.good), b.bytes, err)
		}
	}
	began := time.Now()
	err := txn.Commit()
	w.latency.add(len(b.good), time.Since(began))
	w.state.over() // before anybody is told, who would then look for what was written
	w.written(b.writes)
	if err != nil {
		w.broken.CompareAndSwap(nil, &err)
	}
	return err
}

// size is how many bytes the batch will take on disk, at most.
func (b *batch) size() int64 {
	n := int64(0)
	for _, e := range b.writes {
		n += int64(len(e.Key) + len(e.Value))
	}
	return n
}
