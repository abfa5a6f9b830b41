package kv

import (
	"context"
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// The kinds of number by which sessions are twins.
const (
	documentNumber = 'd'
	personalNumber = 'p'
)

// maxTwins bounds what one number that everybody types, such as a specimen's, may cost.
const maxTwins = 1000

func numberPrefix(company string, kind byte, normal string) key {
	return append(of(atNumber).text(company), kind).text(normal)
}

// Twins returns other sessions of the company with this document or personal number, newest first, at
// most a thousand of each kind. Numbers are compared by letters and digits only. A session that shows
// both numbers comes once.
func (db *DB) Twins(ctx context.Context, company, document, personal string, not session.ID) (twins []session.Twin, err error) {
	seen := map[session.ID]bool{not: true}
	err = db.view(ctx, "kv.Twins", func(s snapshot) error {
		for _, by := range []struct {
			kind   byte
			number string
		}{{documentNumber, document}, {personalNumber, personal}} {
			found, err := twinsBy(s, &db.known, company, by.kind, by.number)
			if err != nil {
				return err
			}
			for _, t := range found {
				if !seen[t.ID] {
					seen[t.ID] = true
					twins = append(twins, t)
				}
			}
		}
		return nil
	})
	return twins, err
}

func twinsBy(s snapshot, known *known, company string, kind byte, number string) (twins []session.Twin, err error) {
	normal := normalNumber(number)
	if normal == "" {
		return nil, nil
	}
	prefix := numberPrefix(company, kind, normal)
	if known.absent(prefix) {
		return nil, nil
	}
	for rest, item := range s.scan(span{prefix: prefix, reverse: true}) {
		name, err := item.ValueCopy(nil)
		if err != nil {
			return nil, err
		}
		twins = append(twins, session.Twin{ID: idAt(rest), Name: string(name), Document: kind == documentNumber})
		if len(twins) == maxTwins {
			break
		}
	}
	return twins, nil
}

// Unfinished returns sessions in progress that started before t, oldest first, at most n, after the given one.
func (db *DB) Unfinished(ctx context.Context, t time.Time, after session.ID, n int) (ids []session.ID, err error) {
	w := span{prefix: of(atOpen)}
	if after != "" {
		u, err := ulid.ParseStrict(string(after))
		if err != nil {
			return nil, invalid("kv.Unfinished", "This is no session id.")
		}
		w.from = append(of(atOpen).session(u), 0) // the next key after it
	}
	err = db.view(ctx, "kv.Unfinished", func(s snapshot) error {
		for rest := range s.scan(w) {
			id := idAt(rest)
			if len(ids) >= n || !id.Time().Before(t) {
				break
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// onceFor is how long an idempotency key is remembered.
const onceFor = 30 * 24 * time.Hour

// Once returns the idempotency record of key, or a NotFound error.
func (db *DB) Once(ctx context.Context, name string) (once session.Once, err error) {
	const op = "kv.Once"
	k := of(atOnce).last(name)
	if db.known.absent(k) {
		return once, notFound(op, "idempotency key")
	}
	err = db.view(ctx, op, func(s snapshot) error {
		ok, err := getJSON(s, op, k, &once)
		if err == nil && !ok {
			err = notFound(op, "idempotency key")
		}
		return err
	})
	return once, err
}

func (t *tx) once(op string, o *session.Once) error {
	if o == nil {
		return nil
	}
	if o.Key == "" || len(o.Key) > 1024 {
		return invalid(op, "An idempotency key has 1 to 1024 bytes.")
	}
	k := of(atOnce).last(o.Key)
	if !t.known.absent(k) {
		if _, taken, err := t.get(k); err != nil || taken {
			return orConflict(err, op, "A request with this idempotency key was carried out before.")
		}
	}
	value, err := sealJSON(k, o)
	t.setFor(k, value, onceFor)
	return err
}

func orConflict(err error, op, message string) error {
	if err != nil {
		return err
	}
	return conflict(op, message)
}

// A markFloor is a serial below which there is no mark. Without it, every look at the marks would pass
// over the tombstones of all that were ever cleared.
type markFloor struct{ atomic.Uint64 }

// mark puts the index mark of a session, in place of its old one.
func (t *tx) mark(id ulid.ULID, old uint64) (uint64, error) {
	n, err := t.serial()
	if err != nil {
		return 0, err
	}
	if old != 0 {
		t.delete(of(atMark).number(old))
	}
	t.set(of(atMark).number(n), id[:])
	return n, nil
}

// Marks returns sessions that changed since they were last indexed, oldest mark first, at most n. A
// session has one mark, the newest.
func (db *DB) Marks(ctx context.Context, n int) (marks []session.Mark, err error) {
	err = db.view(ctx, "kv.Marks", func(s snapshot) error {
		floor, err := counter(s, serialKey)
		if err != nil {
			return err
		}
		for rest, item := range s.scan(span{prefix: of(atMark), from: of(atMark).number(db.marks.Load())}) {
			if len(marks) >= n {
				break
			}
			m := session.Mark{Seq: binary.BigEndian.Uint64(rest)}
			if err := item.Value(func(id []byte) error { m.ID = idAt(id); return nil }); err != nil {
				return err
			}
			marks = append(marks, m)
			floor = min(floor, m.Seq)
		}
		if n > 0 {
			db.marks.raise(floor)
		}
		return nil
	})
	return marks, err
}

// LastMark returns the number up to which marks were given.
func (db *DB) LastMark(ctx context.Context) (seq uint64, err error) {
	err = db.view(ctx, "kv.LastMark", func(s snapshot) error {
		seq, err = counter(s, serialKey)
		return err
	})
	return seq, err
}

func (f *markFloor) raise(to uint64) {
	for {
		have := f.Load()
		if to <= have || f.CompareAndSwap(have, to) {
			return
		}
	}
}

// ClearMarks takes the marks away. A mark set again since has another number and stays.
func (db *DB) ClearMarks(ctx context.Context, marks []session.Mark) error {
	err := db.steps(ctx, "kv.ClearMarks", len(marks), func(t *tx, i int) error {
		t.delete(of(atMark).number(marks[i].Seq))
		return nil
	})
	if err == nil {
		db.fresh.done(marks)
	}
	return err
}

// Backlog counts the marks: sessions that the index has not taken in yet.
func (db *DB) Backlog(ctx context.Context) (int, error) {
	return db.countKeys(ctx, "kv.Backlog", span{prefix: of(atMark), from: of(atMark).number(db.marks.Load())})
}

// countKeys counts what a span holds, without reading it.
func (db *DB) countKeys(ctx context.Context, op string, w span) (n int, err error) {
	err = db.view(ctx, op, func(s snapshot) error {
		for range s.scan(w) {
			n++
		}
		return ctx.Err()
	})
	return n, err
}
