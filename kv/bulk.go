package kv

import (
	"fmt"
	"math"
	"os"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// A bulk is a database that takes in very many changes and answers little else meanwhile, as an import does.
// With the usual profile, most of what that costs is compressing tables and merging them, over and over while
// more come. A bulk makes large tables of large memory tables, compresses none and merges none: whoever opens
// the database next does it in one go while it works, see openBadger.
const bulkMemTableSize = 32 << 20

// bulkProfile makes tables that are at least twice as large as the usual memory table, which keeps Badger from
// merging them within level 0: it would make one table of them all, in memory.
func bulkProfile(b badger.Options) badger.Options {
	return b.WithMemTableSize(bulkMemTableSize).WithCompression(options.None).
		WithNumCompactors(0).WithNumLevelZeroTablesStall(math.MaxInt)
}

// openBadger opens the database, in which a bulk may have left more than the usual profile is made for: tables
// that are not merged, for which writers must not wait, and after a crash logs of memory tables that do not fit
// into the usual ones. These become tables first.
func openBadger(dir string, found tables, o Options) (*badger.DB, error) {
	p := profile(dir, o)
	if o.Memory {
		return badger.Open(p)
	}
	logs, err := otherLogs(dir, p.MemTableSize)
	if err != nil {
		return nil, err
	}
	if logs > 0 && !o.Bulk {
		bulk := o
		bulk.Bulk = true
		b, err := badger.Open(profile(dir, bulk))
		if err == nil {
			err = b.Close()
		}
		if err != nil {
			return nil, err
		}
	}
	if p.NumCompactors > 0 {
		p.NumLevelZeroTablesStall += found.unmerged + logs
	}
	return badger.Open(p)
}

// otherLogs counts the logs that are not of the size which Badger gives to those of such a memory table: they
// are of larger ones, or an end that a crash had cut off was taken away.
func otherLogs(dir string, memTable int64) (n int, err error) {
	logs, err := numbered(dir, "*.mem")
	if err != nil {
		return 0, err
	}
	for _, path := range logs {
		info, err := os.Stat(path)
		if err != nil {
			return 0, fmt.Errorf("kv: %w", err)
		}
		if info.Size() != 2*memTable {
			n++
		}
	}
	return n, nil
}

// room says why so many bytes may not be written, or nil. What a bulk has not merged takes room when it is
// merged: less than half of its size, for it is compressed then.
func (db *DB) room(bytes int64) error {
	if db.bulk {
		bytes += db.badger.Levels()[0].Size/2 + bulkMemTableSize
	}
	return db.space.check(bytes)
}
