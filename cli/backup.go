package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"dossier/kv"
	"dossier/session"
)

type backupCmd struct {
	storeSettings
	recipientSettings
	File  string `arg:"" help:"File to write, which must not be there yet; - is the standard output."`
	Force bool   `help:"Write over a file that is there."`
}

// A madeBackup is what backup prints.
type madeBackup struct {
	File      string  `json:"file"`
	Sessions  int     `json:"sessions"`
	Events    int     `json:"events"`
	Records   int64   `json:"records"`
	Bytes     int64   `json:"bytes"` // of the file
	Encrypted bool    `json:"encrypted"`
	Seconds   float64 `json:"seconds"`
	Damaged   int64   `json:"damaged,omitempty"`
}

// Run writes everything as it is at one moment into one file. A running server makes the backup, while it
// serves; else the command opens the data folder itself.
func (c *backupCmd) Run(env *Env) error {
	recipients, err := c.recipients()
	if err != nil {
		return err
	}
	began := time.Now()
	out := madeBackup{File: c.File, Encrypted: len(recipients) > 0}
	write := func(w io.Writer) (err error) {
		counted := &counter{w: w}
		defer func() { out.Bytes = counted.n }()
		b, err := c.take(env, encryptTo(counted, recipients))
		out.Sessions, out.Events, out.Records, out.Damaged = b.Sessions, b.Events, b.Records, b.Damaged
		return err
	}
	told := env.Stdout
	if c.File == "-" {
		told = env.Stderr
		err = write(env.Stdout)
	} else {
		err = writeWhole(c.File, c.Force, write)
	}
	if err != nil {
		return err
	}
	out.Seconds = time.Since(began).Seconds()
	if out.Damaged > 0 {
		fmt.Fprintf(env.Stderr, "dossier: the database is damaged in %d places, and the backup holds what can be read of it: keep older backups, run dossier doctor\n", out.Damaged)
	}
	return json.NewEncoder(told).Encode(out)
}

// take writes the backup to w, by way of the server if one runs, and closes w.
func (c *backupCmd) take(env *Env, w io.WriteCloser) (b kv.Backup, err error) {
	bar := newBar(env.Stderr, -1, "backing up")
	defer bar.Finish()
	to := io.MultiWriter(w, bar)
	file := c.File
	if file != "-" {
		file = filepath.Base(file)
	}
	err = c.askServer(env.Ctx, "/backup?file="+url.QueryEscape(file), func(r io.Reader) error {
		_, err := io.Copy(to, r)
		return err
	}, &b)
	if errors.Is(err, errNotRunning) {
		b, err = c.takeStopped(env, to, file)
	}
	return b, errors.Join(err, w.Close())
}

// takeStopped makes a backup of a data folder that no server holds. An older schema stays as it is: this
// is how one makes a backup before an upgrade that has happened already.
func (c *backupCmd) takeStopped(env *Env, w io.Writer, file string) (b kv.Backup, err error) {
	db, err := c.openAsIs(env)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return backup(env.Ctx, db, w, file, time.Now)
}

// openAsIs opens the database of a data folder that must be there, without changing its schema.
func (s storeSettings) openAsIs(env *Env) (*kv.DB, error) {
	if !kv.Exists(s.storeDir()) {
		return nil, fmt.Errorf("there is no database in %s: name the data folder with --data or DOSSIER_DATA", s.Data)
	}
	o := s.storeOptions(s.logger(env.Stderr), time.Now)
	o.AsIs = true
	return kv.Open(s.storeDir(), o)
}

// backup writes a backup of db to w and notes it.
func backup(ctx context.Context, db *kv.DB, w io.Writer, file string, now func() time.Time) (kv.Backup, error) {
	counted := &counter{w: w}
	b, err := db.Backup(ctx, counted, Version)
	if err != nil {
		return b, err
	}
	return b, noteBackup(ctx, db, file, b, counted.n, now())
}

// noteBackup remembers a good backup in the database and the audit log. A database of an older schema,
// which only the server may bring up to date, stays as it is.
func noteBackup(ctx context.Context, db *kv.DB, file string, b kv.Backup, size int64, at time.Time) error {
	if have, current, err := db.Schema(ctx); err != nil || have < current {
		return err
	}
	note := kv.BackupNote{At: at.UTC(), File: file, Sessions: b.Sessions, Bytes: size}
	return db.PutBackupNote(ctx, note, session.System.Event(note.At, session.ActBackup, "", "", map[string]string{"file": file, "sessions": fmt.Sprint(b.Sessions)}))
}

// answerBackup streams a backup over the control socket.
func (a *appliance) answerBackup(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", outcomeTrailer)
	b, err := backup(r.Context(), a.db, w, r.FormValue("file"), a.now)
	if err != nil {
		a.log.Error("backup", "err", err)
		panic(http.ErrAbortHandler) // the client must see that the stream broke off
	}
	outcome, err := json.Marshal(b)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set(outcomeTrailer, string(outcome))
}

// A counter counts what is written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
