package kv

import (
	"sync"

	"github.com/dgraph-io/ristretto/v2/z"

	"github.com/oklog/ulid/v2"
)

// known tells of some keys that they are not there, without a look into the tables, which is what a bulk asks
// of nearly every one: the idempotency key, the session, other sessions with its numbers. It knows each key
// that is stored and some that are not. The zero value knows nothing and rules nothing out.
type known struct {
	mu   sync.RWMutex
	keys *z.Bloom
}

// Room for a million more sessions, with one mistake in a hundred keys; past that there are more mistakes.
const (
	knownKeys     = 4 // of a session
	knownMore     = 1_000_000
	knownMistakes = 0.01
)

// absent reports whether key, of which known names the likes, is not stored.
func (k *known) absent(key []byte) bool {
	if k.keys == nil {
		return false
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return !k.keys.Has(z.MemHash(key))
}

// add takes in what will be stored, before it can be read.
func (k *known) add(w writes) {
	if k.keys == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for key := range w {
		k.put([]byte(key))
	}
}

// put takes in a stored key, if it is one to know.
func (k *known) put(key []byte) {
	switch key[0] {
	case atNumber: // of whichever session
		key = key[:len(key)-len(ulid.ULID{})]
	case atOnce, atSession:
	case atKept: // each session has one, much smaller than the session
		key = append(of(atSession), key[len(key)-len(ulid.ULID{}):]...)
	default:
		return
	}
	k.keys.Add(z.MemHash(key))
}

// learn goes through all keys that are to be known. Where a table is damaged it knows nothing: its walks would
// pass over what stands behind the damage, which a look-up still finds.
func (db *DB) learn() error {
	if err := db.verifyTables(); err != nil {
		db.log.Error("a table is damaged. Run dossier doctor", "err", err)
		return nil
	}
	now := db.current.enter()
	defer now.leave()
	n, err := counter(now.snapshot, countKey)
	if err != nil {
		return err
	}
	db.known.keys = z.NewBloomFilter(float64(knownKeys*(n+knownMore)), knownMistakes)
	for _, prefix := range []byte{atNumber, atOnce, atKept} {
		for _, item := range now.scan(span{prefix: of(prefix)}) {
			db.known.put(item.Key())
		}
	}
	return nil
}
