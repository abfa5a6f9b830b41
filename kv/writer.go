package kv

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A writer is the only one who writes. It runs the changes that callers want in order, and commits what they
// wrote in one Badger transaction with one sync for all who came while the one before was synced: group
// commit. What one transaction does not take is written ahead. A change that fails leaves nothing, and the others of its batch do not notice.
type writer struct {
	badger *badger.DB
	state  *current
	// room says why so many bytes may not be written, or nil.
	room  func(bytes int64) error
	fresh *fresh
	known *known
	// written is told what was stored before anybody is answered.
	written func(batch writes)
	ops     chan *op              // has room for as many as are taken at once
	done    chan struct{}         // closed when everything is answered
	limit   int64                 // bytes of a transaction, and so of a batch of several changes
	most    int64                 // bytes of a change, see ahead
	inline  int                   // values from this size on go elsewhere, and do not count
	largest int                   // bytes of a value
	count   int                   // writes of a transaction, like limit
	broken  atomic.Pointer[error] // why nothing can be written any more

	latency latency
}

// maxBatch is how many changes are taken at once. A session of 3 KB takes about a thousandth of Badger's limit.
const (
	maxBatch     = 160
	maxBulkBatch = 512 // of a bulk, whose limit is larger, too
)

// maxKey bounds a key; Badger takes 65,000 bytes.
const maxKey = 60_000

// An op is a change that waits.
type op struct {
	run    func(t *tx) error
	taken  atomic.Bool // by the writer, or by a caller who gave up
	failed error       // what run returned last
	err    chan error  // gets exactly one answer, if the writer took it
}

func (db *DB) startWriter(o Options) *writer {
	b, most := db.badger, maxBatch
	if o.Bulk {
		most = maxBulkBatch
	}
	w := &writer{badger: b, state: &db.current, room: db.room, fresh: db.fresh, known: &db.known, written: db.written, ops: make(chan *op, most), done: make(chan struct{}),
		limit: b.MaxBatchSize() * 9 / 10, count: int(b.MaxBatchCount() * 9 / 10),
		inline: int(b.Opts().ValueThreshold), largest: int(b.Opts().ValueLogFileSize / 4)}
	w.most = int64(w.largest / 2)
	if b.Opts().InMemory { // there is no elsewhere
		w.inline, w.largest, w.most = largestInMemory+1, largestInMemory, 0
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

// loop fills one batch while the one before is on its way to the disk. Should that one fail, what ran on top
// of it runs again.
func (w *writer) loop() {
	defer close(w.done)
	var before *batch
	var left []*op // to run first
	for open := true; open || len(left) > 0; {
		b := &batch{before: before, writes: writes{}, fresh: map[ulid.ULID]*session.Session{}, stored: make(chan struct{})}
		left, open = w.fill(b, left)
		if before != nil && before.wait() != nil {
			b.leave()
			before, left = nil, slices.Concat(b.ops, left)
			continue
		}
		before, b.before = b, nil
		go w.finish(b)
	}
	if before != nil {
		<-before.stored
	}
}

// writes are what a transaction writes, by key.
type writes map[string]*badger.Entry

// A batch is what one transaction will write.
type batch struct {
	before *batch  // on its way to the disk while this one is filled
	under  *shared // the state before both; nil until something ran
	writes writes
	fresh  map[ulid.ULID]*session.Session // that it writes, as far as the index takes them
	bytes  int64
	ops    []*op // that ran
	stored chan struct{}
	err    error // why it was not stored; not to be looked at before stored is closed
}

// wait returns the outcome.
func (b *batch) wait() error {
	<-b.stored
	return b.err
}

func (b *batch) leave() {
	if b.under != nil {
		b.under.leave()
	}
}

// fill runs ops into b until it is full, or nobody waits any more and it can be stored. It returns what has
// no room, and whether more can come.
func (w *writer) fill(b *batch, left []*op) (rest []*op, open bool) {
	for i, o := range left {
		if !w.run(b, o) {
			return left[i:], true
		}
	}
	for len(b.ops) < cap(w.ops) {
		o, open := w.next(b)
		switch {
		case o == nil:
			return nil, open
		case o.taken.CompareAndSwap(false, true) && !w.run(b, o): // else its caller has given up
			return []*op{o}, true
		}
	}
	return nil, true
}

// next returns the next op, or nil when b has some already and need not wait for more.
func (w *writer) next(b *batch) (o *op, open bool) {
	if len(b.ops) == 0 {
		o, open = <-w.ops
		return o, open
	}
	select {
	case o, open = <-w.ops:
		return o, open
	default:
	}
	if b.before == nil {
		return nil, true
	}
	select {
	case o, open = <-w.ops:
		return o, open
	case <-b.before.stored:
		return nil, true
	}
}

// run runs o on top of what b holds already. It reports whether there was room for what o wrote.
func (w *writer) run(b *batch, o *op) bool {
	if b.under == nil {
		b.under = w.state.enter()
	}
	t := &tx{under: b.under.snapshot, known: w.known, earlier: [2]writes{b.writes}, writes: writes{}, fresh: map[ulid.ULID]*session.Session{},
		inline: w.inline, limit: w.limit, count: w.count}
	if b.before != nil {
		t.earlier[1] = b.before.writes
	}
	o.failed = o.try(t)
	switch {
	case o.failed != nil:
	case t.key > maxKey || t.value > w.largest || w.overflows(t.bytes, len(t.writes)) && t.writes.size() > w.most:
		o.failed = &session.Error{Code: session.TooLarge, Op: "kv", Message: "This is too much to store in one step."}
	case len(b.writes) > 0 && w.overflows(b.bytes+t.bytes, len(b.writes)+len(t.writes)):
		return false
	default:
		w.known.add(t.writes)
		maps.Copy(b.writes, t.writes)
		maps.Copy(b.fresh, t.fresh)
		b.bytes += t.bytes
	}
	b.ops = append(b.ops, o)
	return true
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

// finish makes a batch durable and answers its ops. Where it cannot be stored, an op that failed may have
// done so because of one that is not stored either: all are told the same.
func (w *writer) finish(b *batch) {
	before := w.state.enter() // so that who starts to read meanwhile shares it, and need not wait for the commit
	b.leave()
	b.err = w.store(b)
	before.leave()
	for _, o := range b.ops {
		if b.err != nil {
			o.failed = b.err
		}
		o.err <- o.failed
	}
	close(b.stored)
}

// store makes a batch durable. After Badger has failed, what is in its memory may be more than what is
// on disk: nothing is written any more until the database is opened anew, which finds whole batches.
func (w *writer) store(b *batch) error {
	if len(b.writes) == 0 {
		return nil
	}
	if cause := w.broken.Load(); cause != nil {
		return unavailable("kv", "Nothing can be stored since the database failed. The operator has to restart Dossier.", *cause)
	}
	entries, room := slices.Collect(maps.Values(b.writes)), b.writes.size()
	first, large := entries, w.overflows(b.bytes, len(b.writes))
	if large {
		var err error
		if first, err = ahead(entries); err != nil {
			return err
		}
		room *= 3
	}
	if err := w.room(room); err != nil {
		return err
	}
	txn := w.badger.NewTransaction(true)
	defer txn.Discard()
	if err := enter(txn, first); err != nil {
		return fmt.Errorf("kv: batch of %d changes, %d bytes: %w", len(b.ops), b.bytes, err)
	}
	w.fresh.leave(b.writes)
	began := time.Now()
	err := txn.Commit()
	if err == nil && large {
		err = w.follow(entries)
	}
	w.latency.add(len(b.ops), time.Since(began))
	w.state.over() // before anybody is told, who would then look for what was written
	w.written(b.writes)
	if err != nil {
		w.broken.CompareAndSwap(nil, &err)
		return err
	}
	w.fresh.come(b)
	return nil
}

// overflows reports whether so much is more than one transaction takes.
func (w *writer) overflows(bytes int64, writes int) bool { return bytes > w.limit || writes > w.count }

// size is how many bytes all of it will take on disk, at most.
func (all writes) size() int64 {
	n := int64(0)
	for _, e := range all {
		n += int64(len(e.Key) + len(e.Value))
	}
	return n
}
