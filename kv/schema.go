package kv

import (
	"context"
	"fmt"
)

// Schema returns the schema of the database, and that which this program writes.
func (db *DB) Schema(ctx context.Context) (have, current int, err error) {
	err = db.view(ctx, "kv.Schema", func(s snapshot) error {
		n, err := getNumber(s, schemaKey)
		have = int(n)
		return err
	})
	return have, len(migrations), err
}

// migrate runs what an older database lacks; each migration counts when its number is stored after it.
// A database that has tables has a schema too, unless the table that holds it is damaged.
func (db *DB) migrate(ctx context.Context, dir string, tables int, o Options) error {
	have, current, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	if have == 0 && tables > 0 {
		return damagedFiles(dir, "it does not tell its schema", nil)
	}
	if have > current {
		return newerSchema(have, "The database")
	}
	if o.AsIs {
		return nil
	}
	if 0 < have && have < current {
		db.log.Warn("the database is brought to a newer schema; an older Dossier cannot open it then", "from", have, "to", current)
		if o.Upgrade != nil {
			if err := o.Upgrade(db, have, current); err != nil {
				return err
			}
		}
	}
	for n := have; n < current; n++ {
		if err := migrations[n](ctx, db); err != nil {
			return fmt.Errorf("kv: migration to schema %d: %w", n+1, err)
		}
		err := db.update(ctx, "kv.Open", func(t *tx) error { t.setNumber(schemaKey, uint64(n+1)); return nil })
		if err != nil {
			return fmt.Errorf("kv: migration to schema %d: %w", n+1, err)
		}
	}
	return nil
}
