package kv

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"dossier/sanctions"
	"dossier/session"
)

func historyKey(list string, serial uint64) key { return of(atHistory).text(list).number(serial) }

func problemsKey(list string, serial uint64) key { return of(atProblems).text(list).number(serial) }

// PutList brings a list into force: raw file, record, problems and events. The raw file is kept once,
// compressed; it must give the record's SHA-256.
func (db *DB) PutList(ctx context.Context, l session.ListRecord, raw []byte, problems []sanctions.Problem, events ...session.Event) error {
	const op = "kv.PutList"
	sum := sha256.Sum256(raw)
	if l.ID == "" || l.SHA256 != hex.EncodeToString(sum[:]) {
		return invalid(op, "The list has no id, or its SHA-256 is not that of its file.")
	}
	finish := func(*tx) error { return nil }
	if _, err := db.RawList(ctx, l.SHA256); err != nil {
		if finish, err = db.putChunks(ctx, op, rawLists, sum[:], raw); err != nil {
			return err
		}
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := finish(t); err != nil {
			return err
		}
		serial, err := t.serial()
		if err != nil {
			return err
		}
		t.setNumber(of(atList).last(l.ID), serial)
		if err := t.setJSON(historyKey(l.ID, serial), l); err != nil {
			return err
		}
		if len(problems) > 0 {
			if err := t.setJSON(problemsKey(l.ID, serial), problems); err != nil {
				return err
			}
		}
		return t.record(op, events)
	})
}

// ListVersion returns the newest version of a list with this SHA-256, or NotFound.
func (db *DB) ListVersion(ctx context.Context, id, sha256 string) (v session.ListVersion, err error) {
	const op = "kv.ListVersion"
	err = db.view(ctx, op, func(s snapshot) error {
		for rest := range s.scan(span{prefix: of(atHistory).text(id), reverse: true}) {
			serial := lastNumber(rest)
			var l session.ListRecord
			if err := find(s, op, historyKey(id, serial), "list", &l); err != nil {
				return err
			}
			if l.SHA256 == sha256 {
				v.ListRecord = l
				_, err := getJSON(s, op, problemsKey(id, serial), &v.Found)
				return err
			}
		}
		return notFound(op, "version of the list")
	})
	return v, err
}

// ConfirmList notes a look that found the list in force, or returns NotFound.
func (db *DB) ConfirmList(ctx context.Context, id string, c session.ListCheck, events ...session.Event) error {
	const op = "kv.ConfirmList"
	return db.changeList(ctx, op, id, events, func(_ *tx, l *session.ListRecord) { *l = l.Confirmed(c) })
}

// changeList lets do change the record of a list in force, or returns NotFound.
func (db *DB) changeList(ctx context.Context, op, id string, events []session.Event, do func(t *tx, l *session.ListRecord)) error {
	return db.update(ctx, op, func(t *tx) error {
		serial, err := getNumber(t, of(atList).last(id))
		if err != nil {
			return err
		}
		var l session.ListRecord
		if err := find(t, op, historyKey(id, serial), "list", &l); err != nil {
			return err
		}
		do(t, &l)
		if err := t.setJSON(historyKey(id, serial), l); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// RetireList takes a list out of force, or returns NotFound. Its versions stay in the history.
func (db *DB) RetireList(ctx context.Context, id string, r session.Retirement, events ...session.Event) error {
	const op = "kv.RetireList"
	return db.changeList(ctx, op, id, events, func(t *tx, l *session.ListRecord) {
		l.Retired = &r
		t.delete(of(atList).last(id))
	})
}

// ListRecords returns the lists in force, by id.
func (db *DB) ListRecords(ctx context.Context) (lists []session.ListRecord, err error) {
	const op = "kv.ListRecords"
	err = db.view(ctx, op, func(s snapshot) error {
		for id, item := range s.scan(span{prefix: of(atList)}) {
			value, err := item.ValueCopy(nil)
			if err != nil {
				return err
			}
			var l session.ListRecord
			if err := find(s, op, historyKey(string(id), lastNumber(value)), "list", &l); err != nil {
				return err
			}
			lists = append(lists, l)
		}
		return nil
	})
	slices.SortFunc(lists, func(a, b session.ListRecord) int { return cmp.Compare(a.ID, b.ID) })
	return lists, err
}

// ListIDs returns the ids of all lists that are in force or were, in order.
func (db *DB) ListIDs(ctx context.Context) (ids []string, err error) {
	err = db.view(ctx, "kv.ListIDs", func(s snapshot) error {
		for rest := range s.scan(span{prefix: of(atHistory)}) {
			id, _, _ := strings.Cut(string(rest), "\x00")
			if len(ids) == 0 || ids[len(ids)-1] != id {
				ids = append(ids, id)
			}
		}
		return nil
	})
	return ids, err
}

// ListHistory returns every version of a list that was in force, newest first.
func (db *DB) ListHistory(ctx context.Context, id string) ([]session.ListRecord, error) {
	return list[session.ListRecord](ctx, db, "kv.ListHistory", span{prefix: of(atHistory).text(id), reverse: true}, 0)
}

// keptAttempts is how many tries of a list are kept.
const keptAttempts = 200

func attemptKey(list string, serial uint64) key { return of(atAttempt).text(list).number(serial) }

// PutAttempt remembers a try to bring a list up to date, and forgets those of the list that are too old.
func (db *DB) PutAttempt(ctx context.Context, a session.ListAttempt, events ...session.Event) error {
	const op = "kv.PutAttempt"
	return db.update(ctx, op, func(t *tx) error {
		serial, err := t.serial()
		if err != nil {
			return err
		}
		n, of := 1, of(atAttempt).text(a.List)
		for rest := range t.under.scan(span{prefix: of, reverse: true}) {
			if n++; n > keptAttempts {
				t.delete(append(key{}, of...).bytes(rest))
			}
		}
		if err := t.setJSON(attemptKey(a.List, serial), a); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// Attempts returns the newest n tries of a list, "" is of every list.
func (db *DB) Attempts(ctx context.Context, id string, n int) ([]session.ListAttempt, error) {
	const op = "kv.Attempts"
	if n <= 0 {
		return nil, ctx.Err()
	}
	if id != "" {
		return list[session.ListAttempt](ctx, db, op, span{prefix: of(atAttempt).text(id), reverse: true}, n)
	}
	all, err := list[session.ListAttempt](ctx, db, op, span{prefix: of(atAttempt), reverse: true}, 0)
	slices.SortStableFunc(all, func(a, b session.ListAttempt) int { return b.At.Compare(a.At) })
	return all[:min(n, len(all))], err
}
