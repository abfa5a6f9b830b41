package kv

import (
	"errors"

	"github.com/dgraph-io/badger/v4"
)

// A change that is larger than a transaction, as a screening that opens a hundred alerts again at once can be,
// is written ahead: all that it writes, as one value, for the value log takes values of any size. From then on
// it is durable. Its writes follow in as many transactions as they take, while whoever reads is still given the
// state before, see current; then what was written ahead is deleted. What a crash cuts off is done over when
// the database is opened: nothing else was written in between.
var aheadKey = of(atAhead)

// ahead is what is written ahead of entries.
func ahead(entries []*badger.Entry) ([]*badger.Entry, error) {
	value, err := sealJSON(aheadKey, entries)
	return []*badger.Entry{badger.NewEntry(aheadKey, value)}, err
}

// follow writes what was written ahead.
func (w *writer) follow(entries []*badger.Entry) error {
	for len(entries) > 0 {
		n := w.fitting(entries)
		if err := w.commit(entries[:n]); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return w.commit([]*badger.Entry{{Key: aheadKey, UserMeta: deletion}})
}

// fitting is how many of the entries one transaction takes.
func (w *writer) fitting(entries []*badger.Entry) int {
	bytes := int64(0)
	for n, e := range entries {
		if bytes += entrySize(e, w.inline); n > 0 && w.overflows(bytes, n+1) {
			return n
		}
	}
	return len(entries)
}

func (w *writer) commit(entries []*badger.Entry) error {
	txn := w.badger.NewTransaction(true)
	defer txn.Discard()
	if err := enter(txn, entries); err != nil {
		return err
	}
	return txn.Commit()
}

// enter gives a transaction what it is to write.
func enter(txn *badger.Txn, entries []*badger.Entry) error {
	for _, e := range entries {
		var err error
		if e.UserMeta == deletion {
			err = txn.Delete(e.Key)
		} else {
			err = txn.SetEntry(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finishAhead does what a crash left of a change. It is called before anybody else writes.
func (db *DB) finishAhead() error {
	const op = "kv.Open"
	var entries []*badger.Entry
	now := db.current.enter()
	there, err := getJSON(now, op, aheadKey, &entries)
	now.leave()
	if errors.Is(err, errDamaged) {
		db.log.Error("a change that a crash cut off cannot be finished, and a part of it may be stored: run dossier doctor", "error", err)
		return nil
	}
	if err != nil || !there {
		return err
	}
	defer db.current.over()
	return explain(op, db.writer.follow(entries))
}
