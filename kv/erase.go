package kv

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// The kinds under atKept.
const (
	keptRecord = 'r'
	keptPhotos = 'p'
)

func keptPrefix(company string, kind byte) key { return append(of(atKept).text(company), kind) }

func keptKey(company string, kind byte, since time.Time) key {
	return keptPrefix(company, kind).time(since)
}

// Kept returns sessions in order of the time from which their periods count.
func (db *DB) Kept(ctx context.Context, company string, what session.ErasureKind, after session.Kept, until time.Time, n int) (kept []session.Kept, err error) {
	const op = "kv.Kept"
	kind := byte(keptRecord)
	if what == session.ErasePhotos {
		kind = keptPhotos
	}
	w := span{prefix: keptPrefix(company, kind), from: keptKey(company, kind, after.Since)}
	if after.ID != "" {
		id, err := ulid.ParseStrict(string(after.ID))
		if err != nil {
			return nil, invalid(op, "This is no session id.")
		}
		w.from = append(keptKey(company, kind, after.Since).session(id), 0) // the next key after it
	}
	err = db.view(ctx, op, func(s snapshot) error {
		for rest := range s.scan(w) {
			if len(rest) != 24 || len(kept) >= n {
				break
			}
			k := session.Kept{ID: idAt(rest[8:]), Since: time.Unix(0, int64(lastNumber(rest[:8]))).UTC()}
			if k.Since.After(until) {
				break
			}
			kept = append(kept, k)
		}
		return nil
	})
	return kept, err
}

// Erase deletes the session with everything that is about it, see session.Erasing.
func (db *DB) Erase(ctx context.Context, id session.ID, version int, events ...session.Event) error {
	const op = "kv.Erase"
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return notFound(op, "session")
	}
	passing, err := db.passingOf(ctx, op, id)
	if err != nil {
		return err
	}
	var left bool
	var rest []key
	err = db.update(ctx, op, func(t *tx) error {
		old, err := storedHead(t, op, u)
		if err != nil {
			return err
		}
		if old.version == 0 {
			return notFound(op, "session")
		}
		if old.version != version {
			return conflict(op, "Somebody else has changed this session since you opened it. Look at it again.")
		}
		t.delete(sessionKey(u))
		t.delete(subjectKey(u))
		t.delete(claimKey(u))
		kept, err := t.unpoint(op, old.keys, db.now())
		if err := errors.Join(err, t.owe(kept), t.loseExports(op, u, db.now())); err != nil {
			return err
		}
		marked, err := t.mark(u, old.mark)
		if err != nil {
			return err
		}
		t.setNumber(erasedKey, marked)
		n, err := counter(t, countKey)
		if err != nil {
			return err
		}
		t.setNumber(countKey, n-1)
		if err := t.record(op, events); err != nil {
			return err
		}
		if rest, left, err = t.eraseAbout(op, u, passing); left {
			t.set(of(atErasing).session(u), nil)
		}
		return err
	})
	if err != nil || !left {
		return err
	}
	return db.eraseRest(context.WithoutCancel(ctx), op, u, rest)
}

// eraseRest erases what one transaction did not take of what is about an erased session.
func (db *DB) eraseRest(ctx context.Context, op string, id ulid.ULID, passing []key) error {
	for left := true; left; {
		var rest []key
		err := db.update(ctx, op, func(t *tx) (err error) {
			if rest, left, err = t.eraseAbout(op, id, passing); err == nil && !left {
				t.delete(of(atErasing).session(id))
			}
			return err
		})
		if err != nil {
			return err
		}
		passing = rest
	}
	return nil
}

// finishErasures goes on with what a crash cut off.
func (db *DB) finishErasures(ctx context.Context) error {
	const op = "kv.Open"
	passing := map[session.ID][]key{}
	err := db.view(ctx, op, func(s snapshot) error {
		for rest := range s.scan(span{prefix: of(atErasing)}) {
			passing[idAt(rest)] = nil
		}
		return nil
	})
	if err != nil || len(passing) == 0 {
		return err
	}
	if err := db.gather(ctx, op, passing); err != nil {
		return err
	}
	for id, keys := range passing {
		if err := db.eraseRest(ctx, op, ulid.MustParse(string(id)), keys); err != nil {
			return err
		}
	}
	return nil
}

// eraseAbout deletes what is about a session that is erased, as much as this transaction takes, and reports
// whether something is left, with those of the passing keys that are.
func (t *tx) eraseAbout(op string, id ulid.ULID, passing []key) (rest []key, left bool, err error) {
	for i, k := range passing {
		if t.full() {
			return passing[i:], true, nil
		}
		t.delete(k)
	}
	if left, err = t.eraseAlerts(op, id); left || err != nil {
		return nil, left, err
	}
	if left, err = t.eraseSuppressions(op, id); left || err != nil {
		return nil, left, err
	}
	left, err = t.dropLost(op)
	return nil, left, err
}

// eraseAlerts deletes the alerts of a session, but for what reports of past periods count, with what held
// them down. None is raised meanwhile: that would change the session.
func (t *tx) eraseAlerts(op string, id ulid.ULID) (left bool, err error) {
	for _, k := range t.keys(of(atAlertSession).session(id)) {
		if t.full() {
			return true, nil
		}
		var a session.Alert
		name := of(atAlert).last(string(k[1+16+8:]))
		there, err := getJSON(t, op, name, &a)
		if err != nil {
			return false, err
		}
		if there {
			for _, order := range orderKeys(a) {
				t.delete(order)
			}
			if err := t.setJSON(of(atErasedAlert).last(a.ID), a.WithoutPerson()); err != nil {
				return false, err
			}
		}
		t.delete(name)
		t.delete(k)
		if err := t.dropStray(op, []string{a.Disposition.Suppression}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// eraseSuppressions deletes what was decided about the person of a session, unless it also holds down
// alerts of another session that shows the same person: then it goes with the last of those, see dropStray.
func (t *tx) eraseSuppressions(op string, id ulid.ULID) (left bool, err error) {
	for _, k := range t.keys(of(atMadeIn).session(id)) {
		if t.full() {
			return true, nil
		}
		if err := t.dropStray(op, []string{string(k[1+16+8:])}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// dropStray deletes those of the suppressions that hold nothing down, and whose session is erased.
func (t *tx) dropStray(op string, suppressions []string) error {
	for _, name := range suppressions {
		if name == "" || len(t.keys(of(atAlertHeld).text(name))) > 0 {
			continue
		}
		var p session.Suppression
		there, err := getJSON(t, op, of(atSuppression).last(name), &p)
		if err != nil {
			return err
		}
		made, err := ulid.ParseStrict(string(p.Session))
		if !there || err != nil {
			continue
		}
		if _, kept, err := t.get(sessionKey(made)); err != nil || kept {
			if err != nil {
				return err
			}
			continue
		}
		for _, pointer := range suppressionKeys(p) {
			t.delete(pointer)
		}
		t.delete(of(atSuppression).last(name))
		if err := t.owe(time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// unpoint deletes keys that pointed to a session, and photos that no session shows any more. It returns
// until when the last of those is kept that have to wait.
func (t *tx) unpoint(op string, keys [][]byte, now time.Time) (kept time.Time, err error) {
	for _, k := range keys {
		t.delete(bytes.Clone(k))
	}
	for _, k := range keys {
		if k[0] == atPhotoUse && len(k) == 1+32+16 {
			until, err := t.release(op, bytes.Clone(k[1:33]), now)
			if err != nil {
				return kept, err
			}
			if until.After(kept) {
				kept = until
			}
		}
	}
	return kept, nil
}

// PutErasure stores a run, new or further on, with its events.
func (db *DB) PutErasure(ctx context.Context, e session.Erasure, events ...session.Event) error {
	const op = "kv.PutErasure"
	if e.ID == "" || len(e.ID) > 100 {
		return invalid(op, "A run has an id of 1 to 100 characters.")
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := t.setJSON(of(atErasure).last(e.ID), e); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// Erasures returns the newest n runs.
func (db *DB) Erasures(ctx context.Context, n int) ([]session.Erasure, error) {
	if n <= 0 {
		return nil, ctx.Err()
	}
	return list[session.Erasure](ctx, db, "kv.Erasures", span{prefix: of(atErasure), reverse: true}, n)
}
