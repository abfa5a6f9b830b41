package kv

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// exportFor is when an export and its pieces go away by themselves, after the last of them was written:
// later than session.ExportTime, which counts from the start.
const exportFor = session.ExportTime + 2*time.Hour

func exportKey(id string) key { return of(atExport).last(id) }

func pieceKey(id string, n int) key { return of(atExportPiece).text(id).number(uint64(n)) }

func rowsPrefix(id string) key { return of(atExportRows).text(id) }

func (t *tx) putExport(e session.Export) error {
	value, err := sealJSON(exportKey(e.ID), e)
	if err == nil {
		t.setFor(exportKey(e.ID), value, exportFor)
	}
	return err
}

// storedExport returns an export that can go on: NotFound where it was deleted or has failed.
func (t *tx) storedExport(op, id string) (e session.Export, err error) {
	if err = find(t, op, exportKey(id), "export", &e); err == nil && e.Status == session.ExportFailed {
		err = notFound(op, "export")
	}
	return e, err
}

// PutExport stores an export, new or further on, see session.Exports.
func (db *DB) PutExport(ctx context.Context, e session.Export, events ...session.Event) error {
	const op = "kv.PutExport"
	if err := checkName("export", e.ID); err != nil {
		return err
	}
	return db.update(ctx, op, func(t *tx) error {
		if _, there, err := t.get(exportKey(e.ID)); err != nil || there {
			if _, err = t.storedExport(op, e.ID); err != nil {
				return err
			}
		}
		if err := t.putExport(e); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// AddToExport stores one more piece of a file, see session.Exports.
func (db *DB) AddToExport(ctx context.Context, e session.Export, piece []byte, sessions []session.ID) error {
	const op = "kv.AddToExport"
	small, err := compress(piece)
	if err != nil {
		return err
	}
	k := pieceKey(e.ID, e.Pieces-1)
	value := seal(k, small)
	rows, err := rowsOf(op, sessions)
	if err != nil {
		return err
	}
	lost := false
	err = db.update(ctx, op, func(t *tx) error {
		stored, err := t.storedExport(op, e.ID)
		if err != nil {
			return err
		}
		for _, id := range rows {
			if _, there, err := t.get(sessionKey(id)); err != nil {
				return err
			} else if !there {
				lost = true
				return t.loseExport(stored, db.now())
			}
		}
		t.setFor(k, value, exportFor)
		at := rowsPrefix(e.ID).number(uint64(e.Pieces - 1))
		t.setFor(at, seal(at, encodeRows(rows)), exportFor)
		return t.putExport(e)
	})
	if err == nil && lost {
		err = cmp.Or(db.dropAllLost(context.WithoutCancel(ctx), op), notFound(op, "export"))
	}
	return err
}

// dropAllLost deletes the files of exports that have failed. What a crash leaves of them goes away by itself.
func (db *DB) dropAllLost(ctx context.Context, op string) error {
	for left := true; left; {
		err := db.update(ctx, op, func(t *tx) (err error) {
			left, err = t.dropLost(op)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func rowsOf(op string, sessions []session.ID) ([]ulid.ULID, error) {
	rows := make([]ulid.ULID, len(sessions))
	for i, id := range sessions {
		if err := rows[i].UnmarshalText([]byte(id)); err != nil {
			return nil, invalid(op, "This is no session id.")
		}
	}
	return rows, nil
}

func encodeRows(rows []ulid.ULID) []byte {
	b := make([]byte, 0, len(rows)*len(ulid.ULID{}))
	for _, id := range rows {
		b = append(b, id[:]...)
	}
	return b
}

// loseExports makes all exports that hold a session fail. What has no room in this transaction of their
// files is left for dropLost.
func (t *tx) loseExports(op string, id ulid.ULID, now time.Time) error {
	lost := map[string]bool{}
	for _, k := range t.keys(of(atExportRows)) {
		name, _ := pieceOf(k)
		if lost[name] {
			continue
		}
		value, _, err := t.get(k)
		if err != nil {
			return err
		}
		rows, err := unseal(k, value)
		if err == nil && !hasRow(rows, id) { // whom a damaged one holds nobody knows: it goes
			continue
		}
		lost[name] = true
		var e session.Export
		there, err := getJSON(t, op, exportKey(name), &e)
		if err == nil && there {
			err = t.loseExport(e, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pieceOf is the export that a key under atExportRows belongs to, and the piece.
func pieceOf(k []byte) (export string, piece int) {
	return string(k[1 : len(k)-9]), int(lastNumber(k)) // before the zero byte and the number
}

// dropLost deletes pieces of exports that have failed, and reports whether some are left.
func (t *tx) dropLost(op string) (left bool, err error) {
	failed := map[string]bool{}
	for _, k := range t.keys(of(atExportRows)) {
		name, piece := pieceOf(k)
		gone, known := failed[name]
		if !known {
			var e session.Export
			there, err := getJSON(t, op, exportKey(name), &e)
			if err != nil {
				return false, err
			}
			gone = !there || e.Status == session.ExportFailed
			failed[name] = gone
		}
		if !gone {
			continue
		}
		if t.full() {
			return true, nil
		}
		t.delete(pieceKey(name, piece))
		t.delete(k)
	}
	return false, nil
}

func hasRow(rows []byte, id ulid.ULID) bool {
	for ; len(rows) >= len(id); rows = rows[len(id):] {
		if ulid.ULID(rows[:len(id)]) == id {
			return true
		}
	}
	return false
}

// loseExport makes an export fail, one of whose sessions is erased: nobody gets its file any more.
func (t *tx) loseExport(e session.Export, now time.Time) error {
	e.Lose(now)
	return t.putExport(e)
}

func orNotFound(err error, op, what string) error {
	if err != nil {
		return err
	}
	return notFound(op, what)
}

// Export returns the export, or a NotFound error.
func (db *DB) Export(ctx context.Context, id string) (e session.Export, err error) {
	const op = "kv.Export"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, exportKey(id), "export", &e) })
	return e, err
}

// ExportPiece returns a piece of the file of an export.
func (db *DB) ExportPiece(ctx context.Context, id string, n int) (piece []byte, err error) {
	const op = "kv.ExportPiece"
	err = db.view(ctx, op, func(s snapshot) error {
		k := pieceKey(id, n)
		value, there, err := s.get(k)
		if err != nil || !there {
			return orNotFound(err, op, "piece of an export")
		}
		small, err := unseal(k, value)
		if err == nil {
			piece, err = decompress(small, 0)
		}
		if err != nil {
			return damaged(op, k, err)
		}
		return nil
	})
	return piece, err
}

// ExportsOf returns the exports of a member, newest first; "" is everybody's.
func (db *DB) ExportsOf(ctx context.Context, member string) ([]session.Export, error) {
	all, err := list[session.Export](ctx, db, "kv.ExportsOf", span{prefix: of(atExport), reverse: true}, 0)
	return slices.DeleteFunc(all, func(e session.Export) bool { return member != "" && e.By != member }), err
}

// DropExport deletes an export, then its file in steps: what a crash leaves of it goes away by itself.
func (db *DB) DropExport(ctx context.Context, id string, event session.Event) error {
	const op = "kv.DropExport"
	var e session.Export
	err := db.update(ctx, op, func(t *tx) error {
		e = session.Export{}
		if err := find(t, op, exportKey(id), "export", &e); err != nil {
			return err
		}
		t.delete(exportKey(id))
		return t.record(op, []session.Event{event})
	})
	if err != nil {
		return err
	}
	return db.steps(context.WithoutCancel(ctx), op, e.Pieces, func(t *tx, n int) error {
		t.delete(pieceKey(id, n))
		t.delete(rowsPrefix(id).number(uint64(n)))
		return nil
	})
}
