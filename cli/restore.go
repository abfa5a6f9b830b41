package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dossier/kv"
	"dossier/session"
)

type restoreCmd struct {
	storeSettings
	File     string `arg:"" help:"The backup; - is the standard input."`
	Identity string `help:"File of the age identity for an encrypted backup." type:"path" placeholder:"FILE"`
	Check    bool   `help:"Prove the copy before it is put in place: every session, photo, list file and the audit chain."`
	DryRun   bool   `help:"Prove the backup in the same way and keep nothing; the data folder is not touched. Needs room in the folder for temporary files ($TMPDIR)."`
}

// A restored is what restore prints.
type restored struct {
	kv.Backup
	Checked bool         `json:"checked"`
	Kept    bool         `json:"kept"`
	Proof   *kv.Verified `json:"proof,omitempty"`
	Seconds float64      `json:"seconds"`
}

// Run makes a data folder from a backup. The search index is not in it: the server builds it anew.
func (c *restoreCmd) Run(env *Env) (err error) {
	began := time.Now()
	out := restored{Checked: c.Check || c.DryRun, Kept: !c.DryRun}
	dir := c.storeDir()
	if c.DryRun {
		temporary, tempErr := os.MkdirTemp("", "dossier-restore-")
		if tempErr != nil {
			return tempErr
		}
		defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
		dir = filepath.Join(temporary, "store")
	} else if err := c.mustBeEmpty(); err != nil {
		return err
	}
	from, err := c.openBackup(env)
	if err != nil {
		return err
	}
	defer from.Close()
	plain, err := decrypted(from, c.Identity)
	if err != nil {
		return err
	}
	out.Backup, err = kv.Restore(env.Ctx, dir, plain, c.storeOptions(c.logger(env.Stderr), time.Now), func(db *kv.DB, b kv.Backup) error {
		if out.Checked {
			if out.Proof, err = prove(env, db); err != nil {
				return err
			}
		}
		return db.Record(env.Ctx, session.System.Event(time.Now().UTC(), session.ActRestored, "", "",
			map[string]string{"made": b.Created.Format(time.RFC3339), "sessions": fmt.Sprint(b.Sessions)}))
	})
	if err != nil {
		return err
	}
	out.Seconds = time.Since(began).Seconds()
	return printJSON(env, out)
}

// prove looks at everything in the copy, and fails where anything is wrong.
func prove(env *Env, db *kv.DB) (*kv.Verified, error) {
	bar := newBar(env.Stderr, -1, "checking")
	defer bar.Finish()
	v, err := db.Verify(env.Ctx, func(n int64) { bar.Set64(n) })
	if err != nil {
		return nil, err
	}
	if v.Found == 0 {
		return &v, nil
	}
	var lines strings.Builder
	for _, part := range slices.Sorted(maps.Keys(v.Problems)) {
		p := v.Problems[part]
		fmt.Fprintf(&lines, "\n  %s: %d, first %s", part, p.Count, p.First[0])
	}
	return nil, fmt.Errorf("%d things in the backup are not as they were stored:%s\nThey were damaged in the database before the backup. Nothing was put in place; restore without --check to take it as it is", v.Found, lines.String())
}

// mustBeEmpty refuses a data folder with anything in it, but for what a restore that was killed has left.
func (c *restoreCmd) mustBeEmpty() error {
	entries, err := os.ReadDir(c.Data)
	if err != nil && !notExist(err) {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); name != "lost+found" && name != filepath.Base(c.storeDir())+".restoring" {
			return fmt.Errorf("%s is not empty: restore into an empty folder (--data), then put it in the place of the old one", c.Data)
		}
	}
	return nil
}

// openBackup opens the file, with a bar that follows the reading.
func (c *restoreCmd) openBackup(env *Env) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(env.Stdin), nil
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	bar := newBar(env.Stderr, info.Size(), "restoring")
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(f, bar), f}, nil
}
