package kv

import (
	"context"
	"fmt"

	"dossier/session"
)

// The migrations bring a database from one schema to the next. A database has schema n when the first
// n have run. Only append to them.
var migrations = []func(t *tx) error{
	func(*tx) error { return nil }, // 1: the layout of key.go
}

// migrate runs what an older database lacks, each migration with its new number in one transaction.
func (db *DB) migrate(ctx context.Context) error {
	var have uint64
	err := db.view(ctx, "kv.Open", func(s snapshot) (err error) {
		have, err = getNumber(s, schemaKey)
		return err
	})
	if err != nil {
		return err
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
