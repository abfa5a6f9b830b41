package kv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// What is deleted stays in Badger's files for a while: in the log of the memory table, in tables until
// they are merged down to the lowest level, in the value log until the file is rewritten. Badger does all
// that in its own time, and some of it never as long as little is written. Purge makes it do it now: it
// writes filler until the memory table and the file of the value log that are in use have been left
// behind, merges all tables into one level, and has every file of the value log rewritten that holds
// anything deleted.

// How a purge goes about it.
const (
	fillKeys   = 32                 // pieces in one write
	fillPiece  = 60 << 10           // of the memory table: below valueThreshold
	fillChunk  = chunkSize          // of the value log
	flushWait  = 2 * time.Minute    // for tables to be written and merged; usually it is a second
	purgeTries = 2                  // rounds, where readers of an older state kept something
	purgeRoom  = 3 * valueLogSize   // free bytes that it starts with, beside what writes need
	anyGarbage = 1.0 / valueLogSize // share of a file of the value log that is worth rewriting it: one byte
	maxBuried  = 100_000            // keys that one round deletes again
)

// Purge takes what was deleted before it out of the files. Reads and writes go on meanwhile. It returns
// Unavailable when somebody has been reading an older state all along, or a photo has to wait, see photoGrace:
// it is to be called again then.
func (db *DB) Purge(ctx context.Context) error {
	const op = "kv.Purge"
	if !db.gate.enter() {
		return closing(op)
	}
	defer db.gate.leave()
	db.purging.Lock()
	defer db.purging.Unlock()
	d, err := db.sweepOwed(ctx, op)
	if err != nil {
		return err
	}
	if d.owed && !d.files() || db.space.dir == "" { // a photo has to wait, or there are no files
		return db.settle(ctx, op, d.deleted)
	}
	if db.bulk {
		return unavailable(op, "What was erased stays in the files while very much is taken in. The next erasure tries again.", nil)
	}
	if err := db.space.check(purgeRoom); err != nil {
		return err
	}
	until := db.newestVersion()
	for range purgeTries {
		if err := db.purgeOnce(ctx, op); err != nil {
			return explain(op, err)
		}
		left, err := db.buried(ctx, op, until)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return db.settle(ctx, op, d.deleted)
		}
		if err := db.deleteAgain(ctx, op, left); err != nil {
			return err
		}
		until = db.newestVersion()
	}
	return unavailable(op, "What was erased is still in the files: an export, a backup or another long reader holds an older state. The next erasure tries again.", nil)
}

// sweepOwed deletes photos that erasures had to keep for a while, if it is over, and returns what is owed then.
func (db *DB) sweepOwed(ctx context.Context, op string) (debt, error) {
	d, err := db.debt(ctx, op)
	if err != nil || d.photo.IsZero() || db.now().Before(d.photo) {
		return d, err
	}
	if _, err := db.SweepPhotos(ctx); err != nil {
		return d, err
	}
	return db.debt(ctx, op)
}

// settle notes that nothing is in the files any more of what was deleted up to a serial. What was deleted since is
// owed, and so is a photo that has to wait.
func (db *DB) settle(ctx context.Context, op string, deleted uint64) error {
	var d debt
	err := db.update(ctx, op, func(t *tx) (err error) {
		t.setNumber(purgedKey, deleted+1)
		if d, err = debtOf(t); err == nil && !d.files() && !db.now().Before(d.photo) {
			t.setNumber(owedKey, 0)
		}
		return err
	})
	if err == nil && db.now().Before(d.photo) {
		err = unavailable(op, "A photo that was handed in less than an hour before it was erased is still in the files. It goes with the first try after "+d.photo.UTC().Format("15:04")+" UTC.", nil)
	}
	return err
}

func (db *DB) purgeOnce(ctx context.Context, op string) error {
	if err := db.leaveValueLog(ctx, op); err != nil {
		return err
	}
	if err := db.leaveMemory(ctx, op); err != nil {
		return err
	}
	if err := db.badger.Flatten(1); err != nil {
		return fmt.Errorf("kv: merge the tables: %w", err)
	}
	return db.rewriteLogs(ctx, anyGarbage)
}

// leaveValueLog writes filler until a new file of the value log is in use: the one in use is never rewritten.
func (db *DB) leaveValueLog(ctx context.Context, op string) error {
	before, err := db.valueLogs()
	for now := before; err == nil && len(now) > 0 && now[len(now)-1] == before[len(before)-1]; now, err = db.valueLogs() {
		if err := db.fill(ctx, op, fillChunk); err != nil {
			return err
		}
	}
	return err
}

// leaveMemory writes filler until everything written before it is in tables below the topmost level, where
// Badger lets tables lie side by side until there are several.
func (db *DB) leaveMemory(ctx context.Context, op string) error {
	mems, err := filepath.Glob(filepath.Join(db.space.dir, "*.mem"))
	if err != nil {
		return err
	}
	var top map[uint64]bool
	for deadline := time.Now().Add(flushWait); ; {
		if top == nil && gone(mems) {
			top = db.topTables()
		}
		if top != nil && !anyIn(top, db.topTables()) {
			return db.fill(ctx, op, 0)
		}
		if time.Now().After(deadline) {
			return unavailable(op, "The database is too busy to give back what was erased. The next erasure tries again.", nil)
		}
		if err := db.fill(ctx, op, fillPiece); err != nil {
			return err
		}
	}
}

// topTables are the tables of the topmost level.
func (db *DB) topTables() map[uint64]bool {
	top := map[uint64]bool{}
	for _, t := range db.badger.Tables() {
		if t.Level == 0 {
			top[t.ID] = true
		}
	}
	return top
}

func anyIn(some, all map[uint64]bool) bool {
	for id := range some {
		if all[id] {
			return true
		}
	}
	return false
}

// fill writes filler, pieces of a size; 0 takes it away.
func (db *DB) fill(ctx context.Context, op string, size int) error {
	value := make([]byte, size)
	return db.update(ctx, op, func(t *tx) error {
		for n := range min(fillKeys, uint64(db.writer.limit)/(2*fillPiece)) {
			if k := of(atFiller).number(n); size > 0 {
				t.set(k, value)
			} else {
				t.delete(k)
			}
		}
		return nil
	})
}

// newestVersion is that of the last write.
func (db *DB) newestVersion() uint64 {
	txn := db.badger.NewTransaction(false)
	defer txn.Discard()
	return txn.ReadTs()
}

// valueLogs are the files of the value log, oldest first; the last one is written to.
func (db *DB) valueLogs() ([]string, error) {
	return filepath.Glob(filepath.Join(db.space.dir, "*.vlog"))
}

func gone(files []string) bool {
	for _, f := range files {
		if _, err := os.Stat(f); !errors.Is(err, os.ErrNotExist) {
			return false
		}
	}
	return true
}

// rewriteLogs lets Badger rewrite files of the value log of which this share is deleted.
func (db *DB) rewriteLogs(ctx context.Context, share float64) error {
	for ctx.Err() == nil {
		if err := db.checkGarbage(share); err != nil {
			return err
		}
		err := db.badger.RunValueLogGC(share)
		if errors.Is(err, badger.ErrNoRewrite) || errors.Is(err, badger.ErrGCInMemoryMode) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// buried returns keys that were deleted up to a version and are in the files all the same: the tables were
// merged while somebody still read an older state.
func (db *DB) buried(ctx context.Context, op string, until uint64) (keys [][]byte, err error) {
	err = db.view(ctx, op, func(s snapshot) error {
		it := s.txn.NewIterator(badger.IteratorOptions{AllVersions: true})
		defer it.Close()
		var last []byte
		for it.Rewind(); it.Valid() && len(keys) < maxBuried; it.Next() {
			item := it.Item()
			if bytes.Equal(item.Key(), last) {
				continue // an older version: the newest comes first
			}
			last = item.KeyCopy(last)
			if item.IsDeletedOrExpired() && item.Version() <= until {
				keys = append(keys, bytes.Clone(last))
			}
		}
		return db.walkEnded(ctx, op)
	})
	return keys, err
}

// deleteAgain deletes keys that are not there: the new deletion takes the old values with it when it
// comes down to their level.
func (db *DB) deleteAgain(ctx context.Context, op string, keys [][]byte) error {
	return db.steps(ctx, op, len(keys), func(t *tx, i int) error {
		_, there, err := t.get(keys[i])
		if err == nil && !there {
			t.delete(keys[i])
		}
		return err
	})
}
