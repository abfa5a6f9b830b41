package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/robfig/cron/v3"

	"dossier/kv"
	"dossier/session"
)

// backupSettings say when the server makes backups by itself, and where.
type backupSettings struct {
	recipientSettings
	BackupDir  string `group:"Settings" help:"Folder for scheduled backups, best on another disk; empty makes none." type:"path" placeholder:"DIR"`
	BackupAt   string `group:"Settings" help:"When the server makes a backup, as a cron expression." default:"30 1 * * *"`
	BackupKeep int    `group:"Settings" help:"How many scheduled backups are kept." default:"7"`
}

// A backupPlan is the settings, read.
type backupPlan struct {
	at         cron.Schedule // nil is never
	dir        string
	keep       int
	recipients []age.Recipient
}

func (s backupSettings) plan() (p backupPlan, err error) {
	p = backupPlan{dir: s.BackupDir, keep: s.BackupKeep}
	if p.recipients, err = s.recipients(); err != nil {
		return p, err
	}
	if s.BackupDir == "" {
		return p, nil
	}
	if s.BackupKeep < 1 {
		return p, fmt.Errorf("backup-keep: keep at least 1")
	}
	if p.at, err = parseCron("backup-at", s.BackupAt); err == nil && p.at == nil {
		err = fmt.Errorf("backup-at: say when; to make no backups, leave backup-dir empty")
	}
	return p, err
}

// The names of scheduled backups sort by time, and so do those from before upgrades after their schema.
const (
	backupPrefix  = "dossier-"
	upgradePrefix = "before-schema-"
	backupSuffix  = ".backup"
	ageSuffix     = ".age"
	backupTime    = "20060102T150405Z"
)

// How long backups from before upgrades are kept: they hold what was erased since.
const (
	upgradesKept    = 2
	upgradesKeptFor = 30 * 24 * time.Hour
)

// scheduledBackup makes a backup under the name of its time, looks at it, and then removes the oldest beyond
// those to keep. When it fails, the log, doctor, the page System and the metrics say so, and no older one goes.
func (a *appliance) scheduledBackup(ctx context.Context, p backupPlan) error {
	began := a.now().UTC()
	name := backupPrefix + began.Format(backupTime) + backupSuffix
	if len(p.recipients) > 0 {
		name += ageSuffix
	}
	err := a.backupInto(ctx, p, name)
	if err == nil {
		err = p.removeOld(began)
	}
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, a.noteFailure(ctx, began, err))
	}
	return err
}

// beforeUpgrade returns the function that makes a backup before a newer program changes the database.
func (p backupPlan) beforeUpgrade(ctx context.Context, log *slog.Logger) func(db *kv.DB, from, to int) error {
	return func(db *kv.DB, from, to int) error {
		if p.at == nil {
			log.Warn("no backup is made before the upgrade: backup-dir is not set")
			return nil
		}
		name := fmt.Sprintf("%s%d-%s%s", upgradePrefix, to, time.Now().UTC().Format(backupTime), backupSuffix)
		if len(p.recipients) > 0 {
			name += ageSuffix
		}
		b, _, err := p.write(ctx, db, name)
		if err != nil {
			return fmt.Errorf("the backup before the upgrade failed, so the database stays as it is: %w", err)
		}
		log.Info("backup made before the upgrade", "file", name, "schema", from, "sessions", b.Sessions)
		return nil
	}
}

func (a *appliance) backupInto(ctx context.Context, p backupPlan, name string) error {
	began := a.now()
	b, size, err := p.write(ctx, a.db, name)
	if err != nil {
		return err
	}
	if b.Damaged > 0 {
		return fmt.Errorf("the database is damaged in %d places, and %s holds what can be read of it: run dossier doctor", b.Damaged, name)
	}
	if len(p.recipients) == 0 { // an encrypted one only its recipient can read
		if err := readAgain(filepath.Join(p.dir, name)); err != nil {
			return fmt.Errorf("%s was written and does not read as it should: %w", name, err)
		}
	}
	a.log.Info("backup made", "file", name, "sessions", b.Sessions, "took", a.now().Sub(began).Round(time.Millisecond))
	return noteBackup(ctx, a.db, name, b, size, a.now())
}

// write writes a backup of db into the folder for them.
func (p backupPlan) write(ctx context.Context, db *kv.DB, name string) (b kv.Backup, size int64, err error) {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return b, 0, err
	}
	counted := &counter{}
	err = writeWhole(filepath.Join(p.dir, name), false, func(w io.Writer) (err error) {
		counted.w = &careful{w: w, dir: p.dir}
		sealed := encryptTo(counted, p.recipients)
		b, err = db.Backup(ctx, sealed, Version)
		return errors.Join(err, sealed.Close())
	})
	return b, counted.n, err
}

func readAgain(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = kv.ReadBackup(f, nil, nil)
	return err
}

// removeOld removes the oldest backups beyond those to keep, and what a killed server left half written.
func (p backupPlan) removeOld(now time.Time) error {
	names, err := fileNames(p.dir)
	if err != nil {
		return err
	}
	var whole, gone []string
	for _, name := range names {
		switch mine := strings.HasPrefix(name, backupPrefix); {
		case mine && isBackup(name):
			whole = append(whole, name)
		case (mine || strings.HasPrefix(name, upgradePrefix)) && isBackup(strings.TrimSuffix(name, ".tmp")) && !isBackup(name):
			gone = append(gone, name)
		}
	}
	slices.Sort(whole)
	gone = append(gone, whole[:max(0, len(whole)-p.keep)]...)
	for i, b := range upgradeBackups(names) {
		if i >= upgradesKept || now.Sub(b.at) > upgradesKeptFor {
			gone = append(gone, b.name)
		}
	}
	var problems []error
	for _, name := range gone {
		problems = append(problems, os.Remove(filepath.Join(p.dir, name)))
	}
	return errors.Join(problems...)
}

// fileNames are those of the regular files in dir.
func fileNames(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func isBackup(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, ageSuffix), backupSuffix)
}

// An upgradeBackup was made before an upgrade.
type upgradeBackup struct {
	name string
	at   time.Time
}

// upgradeBackups are those among the names, newest first. One whose name holds no time is none of ours.
func upgradeBackups(names []string) (found []upgradeBackup) {
	for _, name := range names {
		rest, is := strings.CutPrefix(name, upgradePrefix)
		if !is || !isBackup(name) {
			continue
		}
		_, text, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(rest, ageSuffix), backupSuffix), "-")
		if at, err := time.Parse(backupTime, text); err == nil {
			found = append(found, upgradeBackup{name, at})
		}
	}
	slices.SortFunc(found, func(a, b upgradeBackup) int { return b.at.Compare(a.at) })
	return found
}

// noteFailure remembers in the database and in the audit log that a backup failed.
func (a *appliance) noteFailure(ctx context.Context, at time.Time, why error) error {
	n, err := a.db.BackupNote(ctx)
	if err != nil {
		return err
	}
	n.FailedAt, n.Reason = at, tell(why)
	return a.db.PutBackupNote(ctx, n, session.System.Event(at, session.ActBackupFailed, "", "", map[string]string{"reason": n.Reason}))
}

// A careful writer stops before a disk is so full that the database could not write any more: the backups
// may be on its disk.
type careful struct {
	w       io.Writer
	dir     string
	written int64 // since the last look
}

// lookEvery is how many bytes may be written before the free space is looked at again.
const lookEvery = 16 << 20

func (c *careful) Write(p []byte) (int, error) {
	if c.written == 0 || c.written >= lookEvery {
		c.written = 0
		free, least, err := kv.FreeSpace(c.dir)
		if err != nil {
			return 0, err
		}
		if free < least+lookEvery {
			return 0, fmt.Errorf("the disk of %s has only %s left; make room, or keep fewer backups", c.dir, megabytes(free))
		}
	}
	n, err := c.w.Write(p)
	c.written += int64(n)
	return n, err
}
