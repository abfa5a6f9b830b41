package kv

import (
	"bytes"
	"context"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// PutRun stores a run, new or further on, with its events. One without a cursor, which begins or begins
// anew, has confirmed nobody.
func (db *DB) PutRun(ctx context.Context, r session.Run, events ...session.Event) error {
	const op = "kv.PutRun"
	if r.ID == "" || len(r.ID) > 100 {
		return invalid(op, "A run has an id of 1 to 100 characters.")
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := t.setJSON(of(atRun).last(r.ID), r); err != nil {
			return err
		}
		if run, err := ulid.ParseStrict(r.ID); err == nil && r.Cursor == "" {
			stretches := of(atConfirmed).session(run)
			for rest := range t.under.scan(span{prefix: stretches}) {
				t.delete(append(key{}, stretches...).bytes(rest))
			}
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

// Advance stores how far a run is, and which sessions it confirmed on the way.
func (db *DB) Advance(ctx context.Context, r session.Run, c session.Confirmation) error {
	const op = "kv.Advance"
	run, err := ulid.ParseStrict(r.ID)
	if err != nil {
		return invalid(op, "This is no id of a run.")
	}
	var ids []byte // the one before the first, then those left out
	to := ulid.ULID{}
	for i, id := range append([]session.ID{c.To, c.After}, c.Except...) {
		u, err := ulid.ParseStrict(string(id))
		if err != nil && !(i == 1 && id == "") {
			return invalid(op, "This is no session id.")
		}
		if i == 0 {
			to = u
			continue
		}
		ids = append(ids, u[:]...)
	}
	k := of(atConfirmed).session(run).session(to)
	return db.update(ctx, op, func(t *tx) error {
		t.set(k, seal(k, ids))
		return t.setJSON(of(atRun).last(r.ID), r)
	})
}

// recentRuns is how many runs are asked whether they confirmed a session. Those before them are older
// than any list that may still count as fresh.
const recentRuns = 100

// Confirmed returns the newest run started after t that confirmed the session, or "".
func (db *DB) Confirmed(ctx context.Context, id session.ID, t time.Time) (run string, err error) {
	const op = "kv.Confirmed"
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return "", nil
	}
	err = db.view(ctx, op, func(s snapshot) error {
		n := 0
		for rest := range s.scan(span{prefix: of(atRun), reverse: true}) {
			r, err := ulid.ParseStrict(string(rest))
			if n++; err != nil || n > recentRuns || r.Timestamp().Before(t.Truncate(time.Millisecond)) {
				return nil
			}
			ok, err := s.confirmedBy(op, r, u)
			if err != nil {
				return err
			}
			if ok {
				run = r.String()
				return nil
			}
		}
		return nil
	})
	return run, err
}

// confirmedBy reports whether a run confirmed the session: whether it is in the stretch that ends with
// it or after it.
func (s snapshot) confirmedBy(op string, run, id ulid.ULID) (bool, error) {
	prefix := of(atConfirmed).session(run)
	for _, item := range s.scan(span{prefix: prefix, from: append(key{}, prefix...).session(id)}) {
		k := item.KeyCopy(nil)
		value, err := item.ValueCopy(nil)
		if err != nil {
			return false, err
		}
		ids, err := unseal(k, value)
		if err != nil || len(ids)%16 != 0 || len(ids) == 0 {
			return false, damaged(op, k, errDamaged)
		}
		if bytes.Compare(ids[:16], id[:]) >= 0 { // the stretch begins after it
			return false, nil
		}
		for except := ids[16:]; len(except) > 0; except = except[16:] {
			if bytes.Equal(except[:16], id[:]) {
				return false, nil
			}
		}
		return true, nil
	}
	return false, nil
}
