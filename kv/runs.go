package kv

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"
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
	ids := binary.BigEndian.AppendUint64(nil, nanos(c.At)) // then the one before the first, then those left out
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
	db.confirmed.raise(run, c.At)
	return db.update(ctx, op, func(t *tx) error {
		t.set(k, seal(k, ids))
		return t.setJSON(of(atRun).last(r.ID), r)
	})
}

// recentRuns is how many of the runs that were stored before the start are asked whether they confirmed a
// session. Those before them are older than any list that may still count as fresh.
const recentRuns = 100

// Confirmed returns the run that confirmed the session last, and as of when; "" where none did as of t or later.
func (db *DB) Confirmed(ctx context.Context, id session.ID, t time.Time) (run string, at time.Time, err error) {
	const op = "kv.Confirmed"
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return "", time.Time{}, nil
	}
	err = db.view(ctx, op, func(s snapshot) error {
		runs, err := db.confirmed.runs(s, op)
		for _, r := range runs {
			if err != nil || r.last.Before(t) || r.last.Before(at) {
				return err
			}
			var found time.Time
			if found, err = s.confirmedBy(op, r.run, u); found.After(at) && !found.Before(t) {
				run, at = r.run.String(), found
			}
		}
		return err
	})
	return run, at, err
}

// A confirming run may have confirmed sessions as of last and before.
type confirming struct {
	run  ulid.ULID
	last time.Time
}

// lastConfirmed remembers as of when each run confirmed sessions last, so that a look at a session asks few
// runs, and reads none of them to know which.
type lastConfirmed struct {
	mu    sync.Mutex
	known []confirming // the last one first: that need not be the newest, since a run may have waited or was resumed; never changed, but replaced
	read  bool         // those that were stored before the start are among them
}

// runs are those that confirmed any session.
func (l *lastConfirmed) runs(s snapshot, op string) ([]confirming, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.read {
		if err := l.readAll(s, op); err != nil {
			return nil, err
		}
		l.read = true
	}
	return l.known, nil
}

// readAll reads the last stretch of each recent run. The caller holds mu.
func (l *lastConfirmed) readAll(s snapshot, op string) error {
	n := 0
	for rest := range s.scan(span{prefix: of(atRun), reverse: true}) {
		run, err := ulid.ParseStrict(string(rest))
		if n++; err != nil || n > recentRuns {
			break
		}
		for _, item := range s.scan(span{prefix: of(atConfirmed).session(run), reverse: true}) {
			at, _, err := stretch(op, run, item)
			if err != nil {
				return err
			}
			l.set(run, at)
			break
		}
	}
	return nil
}

// raise is called before a run confirms sessions as of a time. One that begins anew stays where it was, which
// only has it asked in vain.
func (l *lastConfirmed) raise(run ulid.ULID, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set(run, at)
}

// set keeps the later time of a run. The caller holds mu.
func (l *lastConfirmed) set(run ulid.ULID, at time.Time) {
	others := make([]confirming, 0, len(l.known)+1)
	for _, r := range l.known {
		if r.run == run && !r.last.Before(at) {
			return
		}
		if r.run != run {
			others = append(others, r)
		}
	}
	l.known = append(others, confirming{run, at})
	slices.SortStableFunc(l.known, func(a, b confirming) int { return b.last.Compare(a.last) })
}

// confirmedBy says as of when a run confirmed the session: whether it is in the stretch that ends with it
// or after it. Zero is that it did not.
func (s snapshot) confirmedBy(op string, run, id ulid.ULID) (time.Time, error) {
	prefix := of(atConfirmed).session(run)
	for _, item := range s.scan(span{prefix: prefix, from: append(key{}, prefix...).session(id)}) {
		at, ids, err := stretch(op, run, item)
		if err != nil || bytes.Compare(ids[:16], id[:]) >= 0 { // the stretch begins after it
			return time.Time{}, err
		}
		for except := ids[16:]; len(except) > 0; except = except[16:] {
			if bytes.Equal(except[:16], id[:]) {
				return time.Time{}, nil
			}
		}
		return at, nil
	}
	return time.Time{}, nil
}

// stretch reads as of when sessions were confirmed, the one before them, and those between that were not.
// A stretch from before the time was kept was read when its run was asked for or later.
func stretch(op string, run ulid.ULID, item *badger.Item) (at time.Time, ids []byte, err error) {
	k := item.KeyCopy(nil)
	value, err := item.ValueCopy(nil)
	if err != nil {
		return at, nil, err
	}
	ids, err = unseal(k, value)
	switch {
	case err != nil || len(ids) < 16 || len(ids)%8 != 0:
		return at, nil, damaged(op, k, errDamaged)
	case len(ids)%16 == 0:
		return run.Timestamp(), ids, nil
	}
	return fromNanos(binary.BigEndian.Uint64(ids)), ids[8:], nil
}
