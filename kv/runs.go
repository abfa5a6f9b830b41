package kv

import (
	"context"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// PutRun stores a run, new or further on, with its events.
func (db *DB) PutRun(ctx context.Context, r session.Run, events ...session.Event) error {
	const op = "kv.PutRun"
	if r.ID == "" || len(r.ID) > 100 {
		return invalid(op, "A run has an id of 1 to 100 characters.")
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := t.setJSON(of(atRun).last(r.ID), r); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// Run returns the run, or a NotFound error.
func (db *DB) Run(ctx context.Context, id string) (r session.Run, err error) {
	const op = "kv.Run"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, of(atRun).last(id), "run", &r) })
	return r, err
}

// Runs returns the newest n runs.
func (db *DB) Runs(ctx context.Context, n int) ([]session.Run, error) {
	if n <= 0 {
		return nil, ctx.Err()
	}
	return list[session.Run](ctx, db, "kv.Runs", span{prefix: of(atRun), reverse: true}, n)
}

// Confirm notes that a run compared these sessions and found what they already hold. It writes some
// thousands at a time: each id holds or does not.
func (db *DB) Confirm(ctx context.Context, run string, ids []session.ID) error {
	const op = "kv.Confirm"
	for len(ids) > 0 {
		some := ids[:min(len(ids), maxStep)]
		err := db.update(ctx, op, func(t *tx) error {
			for _, id := range some {
				u, err := ulid.ParseStrict(string(id))
				if err != nil {
					return invalid(op, "This is no session id.")
				}
				t.set(of(atConfirmed).session(u), []byte(run))
			}
			return nil
		})
		if err != nil {
			return err
		}
		ids = ids[len(some):]
	}
	return nil
}

// Confirmed returns the last run that confirmed the session, or "".
func (db *DB) Confirmed(ctx context.Context, id session.ID) (run string, err error) {
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return "", nil
	}
	err = db.view(ctx, "kv.Confirmed", func(s snapshot) error {
		value, _, err := s.get(of(atConfirmed).session(u))
		run = string(value)
		return err
	})
	return run, err
}
