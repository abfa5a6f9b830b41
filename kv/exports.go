package kv

import (
	"context"
	"slices"
	"time"

	"dossier/session"
)

// exportFor is when an export and its pieces go away by themselves, after the last of them was written:
// later than session.ExportTime, which counts from the start.
const exportFor = session.ExportTime + 2*time.Hour

func exportKey(id string) key { return of(atExport).last(id) }

func pieceKey(id string, n int) key { return of(atExportPiece).text(id).number(uint64(n)) }

func (t *tx) putExport(e session.Export) error {
	value, err := sealJSON(exportKey(e.ID), e)
	if err == nil {
		t.setFor(exportKey(e.ID), value, exportFor)
	}
	return err
}

// PutExport stores an export, new or further on, with its events.
func (db *DB) PutExport(ctx context.Context, e session.Export, events ...session.Event) error {
	const op = "kv.PutExport"
	if err := checkName("export", e.ID); err != nil {
		return err
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := t.putExport(e); err != nil {
			return err
		}
		return t.record(op, events)
	})
}

// AddToExport stores one more piece of a file, see session.Exports.
func (db *DB) AddToExport(ctx context.Context, e session.Export, piece []byte) error {
	const op = "kv.AddToExport"
	small, err := compress(piece)
	if err != nil {
		return err
	}
	k := pieceKey(e.ID, e.Pieces-1)
	value := seal(k, small)
	return db.update(ctx, op, func(t *tx) error {
		if _, there, err := t.get(exportKey(e.ID)); err != nil || !there {
			return orNotFound(err, op, "export")
		}
		t.setFor(k, value, exportFor)
		return t.putExport(e)
	})
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

// DropExport deletes an export with its file.
func (db *DB) DropExport(ctx context.Context, id string, event session.Event) error {
	const op = "kv.DropExport"
	return db.update(ctx, op, func(t *tx) error {
		var e session.Export
		if err := find(t, op, exportKey(id), "export", &e); err != nil {
			return err
		}
		for n := range e.Pieces {
			t.delete(pieceKey(id, n))
		}
		t.delete(exportKey(id))
		return t.record(op, []session.Event{event})
	})
}
