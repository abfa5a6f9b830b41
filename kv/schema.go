package kv

import (
	"context"
	"fmt"
)

// The migrations bring a database from one schema to the next. A database has schema n when the first
// n have run. Only append to them. One that is cut off runs again from its beginning, and must not mind.
var migrations = []func(ctx context.Context, db *DB) error{
	firstLayout,
	pointFromSessions,
}

// firstLayout starts the counters. They are there from the first day, so that one that is missing is a
// damage and never a zero: an audit chain that began anew would write over the old one.
func firstLayout(ctx context.Context, db *DB) error {
	return db.update(ctx, "kv.Open", func(t *tx) error {
		t.setNumber(schemaKey, 1) // with the counters: tables without a schema are taken for damage
		t.setNumber(countKey, 0)
		t.setNumber(serialKey, 0)
		return t.setJSON(chainKey, chainEnd{})
	})
}

// Schema returns the schema of the database, and that which this program writes.
func (db *DB) Schema(ctx context.Context) (have, current int, err error) {
	err = db.view(ctx, "kv.Schema", func(s snapshot) error {
		n, err := getNumber(s, schemaKey)
		have = int(n)
		return err
	})
	return have, len(migrations), err
}

// migrate runs what an older database lacks, each migration and then its new number. A
// database that has tables has a schema too, unless the table that holds it is damaged.
func (db *DB) migrate(ctx context.Context, dir string, tables int, asIs bool) error {
	n, current, err := db.Schema(ctx)
	have := uint64(n)
	if err != nil {
		return err
	}
	if have == 0 && tables > 0 {
		return damagedFiles(dir, "it does not tell its schema", nil)
	}
	if n > current {
		return newerSchema(have, "The database")
	}
	if asIs {
		return nil
	}
	if 0 < n && n < current {
		db.log.Warn("the database is brought to a newer schema; an older Dossier cannot open it then", "from", n, "to", current)
	}
	for n := have; n < uint64(len(migrations)); n++ {
		err := migrations[n](ctx, db)
		if err == nil {
			err = db.update(ctx, "kv.Open", func(t *tx) error { t.setNumber(schemaKey, n+1); return nil })
		}
		if err != nil {
			return fmt.Errorf("kv: migration %d: %w", n+1, err)
		}
	}
	return nil
}
