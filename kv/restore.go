package kv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/ristretto/v2/z"

	"dossier/session"
)

// restoring is added to the name of a directory that is being restored.
const restoring = ".restoring"

// restoreBatch is how many bytes of records are written at once.
const restoreBatch = 2 << 20

// restoreTable is what tables are made of while restoring: 32 of it are in one table, and several tables
// are in memory at once.
const restoreTable = 128 << 10

// Restore makes the database in dir from a backup. dir must not be there, or be empty. All is done in a
// directory beside it, which takes its name at the end: after the stream has proved whole, and after
// accept, if not nil, has looked at the open database without an error. Where it fails, or the process
// dies, nothing is in dir.
func Restore(ctx context.Context, dir string, r io.Reader, o Options, accept func(*DB, Backup) error) (b Backup, err error) {
	if err := mustBeEmpty(dir); err != nil {
		return b, err
	}
	aside := filepath.Clean(dir) + restoring
	if err := os.RemoveAll(aside); err != nil { // of a restore that was killed
		return b, fmt.Errorf("kv: restore: %w", err)
	}
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return b, fmt.Errorf("kv: restore: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(aside))
		}
	}()
	if b, err = load(ctx, aside, r, o); err != nil {
		return b, err
	}
	if err = tryOpen(aside, b, o, accept); err != nil {
		return b, err
	}
	if err = os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return b, fmt.Errorf("kv: restore: %w", err)
	}
	if err = os.Rename(aside, dir); err != nil {
		return b, fmt.Errorf("kv: restore: %w", err)
	}
	return b, syncDir(filepath.Dir(dir))
}

func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		return conflict("kv.Restore", fmt.Sprintf("%s is not empty. Restore into an empty data directory; nothing was changed.", dir))
	}
	return err
}

// tryOpen opens the restored database as the server will, which also brings it to today's schema.
func tryOpen(dir string, b Backup, o Options, accept func(*DB, Backup) error) error {
	db, err := Open(dir, o)
	if err != nil {
		return err
	}
	if accept != nil {
		err = accept(db, b)
	}
	return errors.Join(err, db.Close())
}

// load writes the records of a backup into a new database, in order and straight into tables.
func load(ctx context.Context, dir string, r io.Reader, o Options) (b Backup, err error) {
	space, err := openSpace(dir, o.MinFree, o.logger())
	if err != nil {
		return b, err
	}
	db, err := badger.Open(profile(dir, o).WithBaseTableSize(restoreTable))
	if err != nil {
		return b, explainOpen(dir, err)
	}
	l := &loader{ctx: ctx, space: space, stream: db.NewStreamWriter(), buf: z.NewBuffer(restoreBatch, "restore")}
	defer l.buf.Release()
	if err := l.stream.Prepare(); err != nil {
		l.stream.Cancel()
		return b, errors.Join(fmt.Errorf("kv: restore: %w", err), db.Close())
	}
	b, err = ReadBackup(r, l.start, l.add)
	if err == nil {
		err = l.flush()
	}
	if err == nil {
		err = l.stream.Flush()
	} else {
		l.stream.Cancel()
	}
	return b, errors.Join(err, db.Close())
}

// A loader gathers records and writes them in batches.
type loader struct {
	ctx    context.Context
	space  *space
	stream *badger.StreamWriter
	buf    *z.Buffer
}

// start refuses what this program would not understand, before anything is written.
func (l *loader) start(b Backup) error {
	if b.Schema < 1 {
		return brokenBackup("it does not tell its schema", nil)
	}
	if b.Schema > len(migrations) {
		return newerSchema(b.Schema, "The backup")
	}
	return nil
}

func (l *loader) add(r Record) error {
	badger.KVToBuffer(&pb.KV{Key: r.Key, Value: r.Value, ExpiresAt: r.Expires, Version: 1}, l.buf)
	if l.buf.LenNoPadding() < restoreBatch {
		return nil
	}
	return l.flush()
}

func (l *loader) flush() error {
	if err := errors.Join(l.ctx.Err(), l.space.check(int64(2*l.buf.LenNoPadding()))); err != nil {
		return err
	}
	if err := l.stream.Write(l.buf); err != nil {
		return fmt.Errorf("kv: restore: %w", err)
	}
	l.buf.Reset()
	return nil
}

func newerSchema(have int, what string) error {
	return &session.Error{Code: session.Unavailable, Op: "kv.Open",
		Message: fmt.Sprintf("%s was written by a newer Dossier (schema %d, this program knows %d). Use that version, or restore a backup from before the upgrade.", what, have, len(migrations))}
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
