package kv

import (
	"context"
	"errors"

	"dossier/session"
)

// A table of which a block is damaged loses what stands behind it: Badger's iterators end there as if nothing
// followed, and when it merges the table with others, the rest is gone for good. So whoever walks through
// everything compares what was met with what was counted, and a server looks once a day.

// Check looks for damaged tables and for sessions and events that are missing. It is quicker than Verify, which
// reads every record. The error says what is wrong; that of an end of ctx is its cause.
func (db *DB) Check(ctx context.Context) error {
	const op = "kv.Check"
	return db.view(ctx, op, func(s snapshot) error {
		return errors.Join(db.checkTables(op), db.checkCounts(ctx, op, s))
	})
}

// checkTables looks at the checksums of all tables.
func (db *DB) checkTables(op string) error {
	if err := db.verifyTables(); err != nil {
		return &session.Error{Code: session.Internal, Op: op, Err: errors.New(firstLine(err)),
			Message: "A table of the database is damaged. Run dossier doctor, and restore a backup."}
	}
	return nil
}

// checkCounts counts sessions and events, as far as walks still meet them.
func (db *DB) checkCounts(ctx context.Context, op string, s snapshot) error {
	met := map[byte]uint64{}
	for _, prefix := range []byte{atSession, atEvent} {
		for range s.scan(span{prefix: of(prefix)}) {
			if met[prefix]++; met[prefix]%1024 == 0 {
				if err := db.walkEnded(ctx, op); err != nil {
					return err
				}
			}
		}
	}
	if err := db.walkEnded(ctx, op); err != nil {
		return err
	}
	return s.compare(op, met)
}

// compare compares how many sessions and events were met, by prefix, with how many there are.
func (s snapshot) compare(op string, met map[byte]uint64) error {
	return errors.Join(s.checkCount(op, met[atSession]), s.checkEnd(op, met[atEvent]))
}
