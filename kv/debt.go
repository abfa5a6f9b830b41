package kv

import (
	"context"
	"time"

	"dossier/session"
)

// A debt is what erasures left behind: in the files of the store until a purge, in those of the index until it
// is built anew. Serials tell which erasures came after those two. A database that owes something and has no
// serials is of an earlier program, and owes both.
type debt struct {
	owed    bool      // something is, or a photo has to go
	photo   time.Time // when the last photo may go that an erasure had to keep; zero where none has to
	deleted uint64    // serial of the last deletion
	purged  uint64    // serial from which on deletions may be in the files
	erased  uint64    // serial of the last session that was erased
	rebuilt uint64    // serial from which on the index may know words of erased sessions
}

// The names under atMeta of a debt.
var (
	owedKey    = of(atMeta).last("owed")
	deletedKey = of(atMeta).last("deleted")
	purgedKey  = of(atMeta).last("purged")
	erasedKey  = of(atMeta).last("erased")
	rebuiltKey = of(atMeta).last("rebuilt")
)

func debtOf(r reader) (d debt, err error) {
	var owed uint64
	for _, n := range []struct {
		key   key
		value *uint64
	}{{owedKey, &owed}, {deletedKey, &d.deleted}, {purgedKey, &d.purged}, {erasedKey, &d.erased}, {rebuiltKey, &d.rebuilt}} {
		if *n.value, err = getNumber(r, n.key); err != nil {
			return d, err
		}
	}
	if d.owed = owed > 0; owed > 1 {
		d.photo = time.Unix(int64(owed), 0)
	}
	return d, nil
}

// files reports whether those of the store may hold something that was deleted.
func (d debt) files() bool { return d.owed && d.deleted >= d.purged }

// words reports whether the index may know words of erased sessions.
func (d debt) words() bool { return (d.owed || d.erased > 0) && d.erased >= d.rebuilt }

// owe notes that something was deleted that is still in the files, or, with a time, that a photo is to be
// deleted then.
func (t *tx) owe(then time.Time) error {
	owed, err := getNumber(t, owedKey)
	if err != nil {
		return err
	}
	n, err := t.serial()
	if err != nil {
		return err
	}
	if !then.IsZero() {
		owed = max(owed, uint64(then.Unix())+1)
	}
	t.setNumber(owedKey, max(owed, 1))
	t.setNumber(deletedKey, n)
	return nil
}

// debt reads what is owed now.
func (db *DB) debt(ctx context.Context, op string) (d debt, err error) {
	err = db.view(ctx, op, func(s snapshot) error {
		d, err = debtOf(s)
		return err
	})
	return d, err
}

// ErasureOwed returns what is left to do after erasures.
func (db *DB) ErasureOwed(ctx context.Context) (session.Owed, error) {
	d, err := db.debt(ctx, "kv.ErasureOwed")
	return session.Owed{Files: d.owed, Words: d.words()}, err
}

// IndexRebuilt notes that the index was built anew from what was stored when LastMark was last, or later.
func (db *DB) IndexRebuilt(ctx context.Context, last uint64) error {
	return db.update(ctx, "kv.IndexRebuilt", func(t *tx) error {
		t.setNumber(rebuiltKey, last+1)
		return nil
	})
}
