package kv

import (
	"context"
	"encoding/binary"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A tx is one change under way: it reads the snapshot of its batch, what earlier changes wrote since, and
// what it wrote itself. It reaches the batch only as a whole, or not at all.
type tx struct {
	under   snapshot
	known   *known
	earlier [2]writes // of its batch and of the one before, which is on its way to the disk
	writes  writes
	fresh   map[ulid.ULID]*session.Session // that it writes, as far as the index takes them
	bytes   int64
	value   int   // bytes of the largest value
	key     int   // bytes of the largest key
	inline  int   // from this size on a value counts nothing, see writer
	limit   int64 // bytes that a transaction takes: a change that is larger is written ahead
	count   int   // of writes, like limit
}

// A pending write with this mark in UserMeta deletes its key. Nothing with the mark is ever stored.
const deletion = 0xFF

func (t *tx) get(key []byte) ([]byte, bool, error) {
	if e, ok := t.pending(key); ok {
		return e.Value, e.UserMeta != deletion, nil
	}
	return t.under.get(key)
}

func (t *tx) look(key []byte, do func([]byte) error) (bool, error) {
	if e, ok := t.pending(key); ok {
		if e.UserMeta == deletion {
			return false, nil
		}
		return true, do(e.Value)
	}
	return t.under.look(key, do)
}

// pending returns what the change itself or an earlier one wrote under key, if anything.
func (t *tx) pending(key []byte) (*badger.Entry, bool) {
	for _, w := range [...]writes{t.writes, t.earlier[0], t.earlier[1]} {
		if e, ok := w[string(key)]; ok {
			return e, true
		}
	}
	return nil, false
}

// keys returns the keys with a prefix, as the change sees them.
func (t *tx) keys(prefix []byte) (found [][]byte) {
	for _, item := range t.under.scan(span{prefix: prefix}) {
		if _, changed := t.pending(item.Key()); !changed {
			found = append(found, item.KeyCopy(nil))
		}
	}
	for _, w := range [...]writes{t.writes, t.earlier[0], t.earlier[1]} {
		for k, e := range w {
			if now, _ := t.pending([]byte(k)); strings.HasPrefix(k, string(prefix)) && now == e && e.UserMeta != deletion {
				found = append(found, []byte(k)) // not e's own key: Badger makes another of it
			}
		}
	}
	return found
}

func (t *tx) set(key, value []byte) { t.put(badger.NewEntry(key, value)) }

// setFor sets a value that goes away by itself after ttl.
func (t *tx) setFor(key, value []byte, ttl time.Duration) {
	t.put(badger.NewEntry(key, value).WithTTL(ttl))
}

func (t *tx) delete(key []byte) { t.put(&badger.Entry{Key: key, UserMeta: deletion}) }

func (t *tx) put(e *badger.Entry) {
	if before, ok := t.writes[string(e.Key)]; ok { // a key that moves and comes back counts once
		t.bytes -= entrySize(before, t.inline)
	}
	t.writes[string(e.Key)] = e
	t.bytes += entrySize(e, t.inline)
	t.value, t.key = max(t.value, len(e.Value)), max(t.key, len(e.Key))
}

func (t *tx) setNumber(key []byte, n uint64) { t.set(key, binary.BigEndian.AppendUint64(nil, n)) }

func (t *tx) setJSON(key []byte, v any) error {
	value, err := sealJSON(key, v)
	if err == nil {
		t.set(key, value)
	}
	return err
}

// serial returns the next number of the counter that orders marks, list versions and refusals.
func (t *tx) serial() (uint64, error) {
	n, err := counter(t, serialKey)
	t.setNumber(serialKey, n+1)
	return n + 1, err
}

// full reports whether half of what a transaction takes is written: time to stop for a change that can go on
// in the next one, see steps.
func (t *tx) full() bool { return 2*t.bytes > t.limit || 2*len(t.writes) > t.count }

// entrySize is what Badger counts for an entry of a transaction, a little rounded up.
func entrySize(e *badger.Entry, inline int) int64 {
	n := int64(len(e.Key)) + 32
	if len(e.Value) < inline {
		n += int64(len(e.Value))
	}
	return n
}

// update runs f in the writer and answers after its writes are durable. A caller whose ctx ends while f
// waits gets ctx's error and f never runs; once f has begun, its outcome is awaited and told.
func (db *DB) update(ctx context.Context, op string, f func(t *tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !db.gate.enter() {
		return closing(op)
	}
	defer db.gate.leave()
	return explain(op, db.writer.do(ctx, f))
}

// steps runs do for each of n things that need not be written together, as many in one transaction as fit.
func (db *DB) steps(ctx context.Context, op string, n int, do func(t *tx, i int) error) error {
	for next := 0; next < n; {
		reached := next
		err := db.update(ctx, op, func(t *tx) error {
			for reached = next; reached < n && !t.full(); reached++ {
				if err := do(t, reached); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		next = reached
	}
	return nil
}

// deleteSteps deletes keys, as many in one transaction as fit.
func (db *DB) deleteSteps(ctx context.Context, op string, keys []key) error {
	return db.steps(ctx, op, len(keys), func(t *tx, i int) error {
		t.delete(keys[i])
		return nil
	})
}
