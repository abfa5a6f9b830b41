package kv

import (
	"context"
	"fmt"

	"dossier/session"
)

// The migrations bring a database from one schema to the next. A database has schema n when the first
// n have run. Only append to them.
var migrations = []func(t *tx) error{
	firstLayout,
}

// firstLayout starts the counters. They are there from the first day, so that one that is missing is a
// damage and never a zero: an audit chain that began anew would write over the old one.
func firstLayout(t *tx) error {
	t.setNumber(countKey, 0)
	t.setNumber(serialKey, 0)
	return t.setJSON(chainKey, chainEnd{})
}

// migrate runs what an older database lacks, each migration with its new number in one transaction. A
// database that has tables has a schema too, unless the table that holds it is damaged.
func (db *DB) migrate(ctx context.Context, dir string, tables int) error {
	var have uint64
	err := db.view(ctx, "kv.Open", func(s snapshot) (err error) {
		have, err = getNumber(s, schemaKey)
		return err
	})
	if err != nil {
		return err
	}
	if have == 0 && tables > 0 {
		return damagedFiles(dir, "it does not tell its schema", nil)
	}
	if have > uint64(len(migrations)) {
		return &session.Error{Code: session.Unavailable, Op: "kv.Open",
			Message: fmt.Sprintf("The database was written by a newer Dossier (schema %d, this program knows %d). Use that version, or restore a backup from before the upgrade.", have, len(migrations))}
	}
	for n := have; n < uint64(len(migrations)); n++ {
		err := db.update(ctx, "kv.Open", func(t *tx) error {
			t.setNumber(schemaKey, n+1)
			return migrations[n](t)
		})
		if err != nil {
			return fmt.Errorf("kv: migration %d: %w", n+1, err)
		}
	}
	return nil
}
