package kv

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"
)

// A reader gets values by key: a snapshot, or a tx that also sees what it wrote.
type reader interface {
	// get returns a copy of the value; ok is false where there is none.
	get(key []byte) (value []byte, ok bool, err error)
	// look calls do with the value, which is only good until do returns; false where there is none.
	look(key []byte, do func(value []byte) error) (bool, error)
}

// A snapshot is the database as it was at one moment.
type snapshot struct{ txn *badger.Txn }

// view calls f with a snapshot. Close waits for f.
func (db *DB) view(ctx context.Context, op string, f func(s snapshot) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !db.gate.enter() {
		return closing(op)
	}
	defer db.gate.leave()
	now := db.current.enter()
	defer now.leave()
	return explain(op, f(now.snapshot))
}

// A shared snapshot is in the hands of several readers.
type shared struct {
	snapshot
	users atomic.Int64
}

// leave gives the snapshot up when the last one is out.
func (s *shared) leave() {
	if s.users.Add(-1) == 0 {
		s.txn.Discard()
	}
}

// current is the state of the database that all share who start to read between two commits. Badger itself
// lets whoever starts to read wait for the commit under way, which under load is most of what a read takes.
type current struct {
	badger *badger.DB
	mu     sync.Mutex
	now    *shared // guarded by mu; nobody may be left in it
}

// enter returns the newest state that is durable. The caller leaves it.
func (c *current) enter() *shared {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil || !c.now.join() {
		c.now = &shared{snapshot: snapshot{c.badger.NewTransaction(false)}}
		c.now.users.Store(1)
	}
	return c.now
}

// join lets one more in, unless everybody has left.
func (s *shared) join() bool {
	for n := s.users.Load(); n > 0; n = s.users.Load() {
		if s.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

// over says that a commit has made another state the newest.
func (c *current) over() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = nil
}

func (s snapshot) get(key []byte) (value []byte, ok bool, err error) {
	ok, err = s.look(key, func(found []byte) error {
		value = bytes.Clone(found)
		return nil
	})
	return value, ok && err == nil, err
}

func (s snapshot) look(key []byte, do func([]byte) error) (bool, error) {
	item, err := s.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, item.Value(do)
}

// A span is a part of the database to walk through.
type span struct {
	prefix  []byte
	from    []byte // the key to start at, or nil for the end of the prefix
	reverse bool
}

// scan yields the keys of a span in order, without their prefix, and their items. Both are only good
// until the next step. An iterator must be finished before the next one of a tx's snapshot starts.
func (s snapshot) scan(w span) iter.Seq2[[]byte, *badger.Item] {
	return func(yield func([]byte, *badger.Item) bool) {
		it := s.txn.NewIterator(badger.IteratorOptions{Prefix: w.prefix, Reverse: w.reverse})
		defer it.Close()
		for it.Seek(w.start()); it.Valid(); it.Next() {
			if !yield(it.Item().Key()[len(w.prefix):], it.Item()) {
				return
			}
		}
	}
}

// start is the key to seek. Badger goes down from the sought key, so that a walk back starts after
// every key that has the prefix.
func (w span) start() []byte {
	switch {
	case w.from != nil:
		return w.from
	case w.reverse:
		return append(bytes.Clone(w.prefix), bytes.Repeat([]byte{0xFF}, 64)...)
	}
	return w.prefix
}

// getJSON reads the sealed JSON under key into v; false where there is none.
func getJSON(r reader, op string, key []byte, v any) (bool, error) {
	ok, err := r.look(key, func(value []byte) error {
		if err := unsealJSON(key, value, v); err != nil {
			return damaged(op, key, err)
		}
		return nil
	})
	return ok && err == nil, err
}

// itemJSON reads the sealed JSON of an item into v.
func itemJSON(op string, item *badger.Item, v any) error {
	return item.Value(func(value []byte) error {
		if err := unsealJSON(item.Key(), value, v); err != nil {
			return damaged(op, item.KeyCopy(nil), err)
		}
		return nil
	})
}

// getNumber reads the number under key, 0 where there is none.
func getNumber(r reader, key []byte) (uint64, error) {
	value, ok, err := r.get(key)
	if err != nil || !ok {
		return 0, err
	}
	if len(value) != 8 {
		return 0, damaged("kv", key, errDamaged)
	}
	return binary.BigEndian.Uint64(value), nil
}

// counter reads one of the counters, which are there from the first day.
func counter(r reader, key []byte) (uint64, error) {
	value, _, err := r.get(key)
	if err != nil {
		return 0, err
	}
	if len(value) != 8 {
		return 0, damaged("kv", key, errDamaged)
	}
	return binary.BigEndian.Uint64(value), nil
}

// lastLink reads where the audit chain ends.
func lastLink(r reader, op string) (end chainEnd, err error) {
	ok, err := getJSON(r, op, chainKey, &end)
	if err == nil && !ok {
		err = damaged(op, chainKey, errDamaged)
	}
	return end, err
}
