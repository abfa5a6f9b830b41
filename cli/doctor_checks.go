package cli

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

const restoreIt = "keep a copy of the data folder and restore the last good backup (docs/operations.md)"

// checkSettings looks at what the configuration says. What no command would start with, such as an
// unknown key, has been refused before.
func (c *serveSettings) checkSettings(say func(finding) error) error {
	problems := []error{c.checkCertificate(time.Now())}
	_, err := time.LoadLocation(c.Timezone)
	problems = append(problems, err)
	_, err = c.schedule(time.UTC)
	problems = append(problems, err)
	_, err = c.sourceSettings.fetcher()
	problems = append(problems, err, c.metricsSettings.check())
	err = errors.Join(problems...)
	if err == nil {
		return say(finding{Check: "settings", Level: ok, Text: "they can be read"})
	}
	return say(finding{Check: "settings", Level: fail, Text: err.Error(), Remedy: "correct them; dossier config shows where each comes from"})
}

// certificateWarning is how long before its end a certificate is spoken of.
const certificateWarning = 14 * 24 * time.Hour

func (c *serveSettings) checkCertificate(now time.Time) error {
	if c.TLSCert == "" {
		return nil
	}
	data, err := os.ReadFile(c.TLSCert)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return fmt.Errorf("tls-cert: %s holds no certificate", c.TLSCert)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("tls-cert: %w", err)
	}
	if now.Add(certificateWarning).After(cert.NotAfter) {
		return fmt.Errorf("tls-cert: the certificate ends on %s", cert.NotAfter.Format(time.DateOnly))
	}
	_, err = os.Stat(c.TLSKey)
	return err
}

// checkFolder looks at the data folder from outside: whose it is, and the room on its disk.
func (s storeSettings) checkFolder(say func(finding) error) error {
	f := finding{Check: "folder", Level: ok, Text: s.Data}
	info, err := os.Stat(s.storeDir())
	switch {
	case notExist(err):
		return say(finding{Check: "folder", Level: fail, Text: "there is no database in " + s.Data, Remedy: "name the data folder with --data or DOSSIER_DATA"})
	case err != nil:
		return say(finding{Check: "folder", Level: fail, Text: err.Error(), Remedy: "run this as the user that Dossier runs as"})
	case info.Mode().Perm()&0o077 != 0:
		f.Level, f.Text = warn, fmt.Sprintf("others on this machine may look into %s", s.storeDir())
		f.Remedy = "chmod 700 " + s.storeDir()
	}
	if owner, known := info.Sys().(*syscall.Stat_t); known && int(owner.Uid) != os.Geteuid() && os.Geteuid() != 0 {
		f = finding{Check: "folder", Level: fail, Text: fmt.Sprintf("%s belongs to user %d, and this runs as %d", s.storeDir(), owner.Uid, os.Geteuid()), Remedy: "run Dossier and its commands as one user"}
	}
	if err := say(f); err != nil {
		return err
	}
	free, least, err := kv.FreeSpace(s.storeDir())
	if err != nil {
		return say(finding{Check: "space", Level: fail, Text: err.Error()})
	}
	f = finding{Check: "space", Level: ok, Text: megabytes(free) + " are free"}
	switch {
	case free < least:
		f.Level, f.Text, f.Remedy = fail, f.Text+", so nothing can be stored", "make room: writes go on by themselves"
	case free < 4*least:
		f.Level, f.Remedy = warn, "make room before it is full: below "+megabytes(least)+" nothing is stored"
	}
	return say(f)
}

// checkUpgrades names the backups from before upgrades: nothing else would tell of them.
func (s backupSettings) checkUpgrades(say func(finding) error) error {
	if s.BackupDir == "" {
		return nil
	}
	names, err := fileNames(s.BackupDir)
	if notExist(err) {
		return nil // none was made yet
	}
	if err != nil {
		return say(finding{Check: "upgrades", Level: warn, Text: err.Error(), Remedy: "run this as the user that Dossier runs as"})
	}
	kept := upgradeBackups(names)
	if len(kept) == 0 {
		return nil
	}
	f := finding{Check: "upgrades", Level: ok, Text: fmt.Sprintf("%d backups from before upgrades are kept in %s; they hold what was erased since", len(kept), s.BackupDir)}
	for _, b := range kept {
		f.More = append(f.More, b.name)
	}
	return say(f)
}

func megabytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// examineStopped looks at a data folder that no server holds.
func (c *doctorCmd) examineStopped(env *Env, say func(finding) error) (err error) {
	if _, err := os.Stat(c.storeDir()); notExist(err) {
		return nil // said already
	}
	db, err := c.openAsIs(env)
	if err != nil {
		f := finding{Check: "store", Level: fail, Text: tell(err)}
		switch session.CodeOf(err) {
		case session.Unavailable: // another process has it, and the index
			return say(f)
		case session.Internal:
			f.Remedy = restoreIt
		}
		return errors.Join(say(f), c.checkIndex(env.Ctx, say))
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	e := examination{db: db, staleAfter: c.StaleAfter, now: time.Now, say: say}
	return e.run(env.Ctx, c.checkIndex)
}

// checkIndex looks at an index that nobody has open.
func (s storeSettings) checkIndex(_ context.Context, say func(finding) error) error {
	f := finding{Check: "index", Level: ok, Text: "it is whole"}
	if err := index.Examine(filepath.Join(s.Data, "index")); err != nil {
		text, _, _ := strings.Cut(err.Error(), "\n") // a panic of the library's comes with its stack
		f = finding{Check: "index", Level: warn, Text: text, Remedy: "nothing to do: the next start builds it anew"}
	}
	return say(f)
}

// An examination looks at an open database.
type examination struct {
	db         *kv.DB
	staleAfter time.Duration
	now        func() time.Time
	say        func(finding) error
}

// run says what each check gives; index is the check that depends on whether the server runs.
func (e examination) run(ctx context.Context, index func(context.Context, func(finding) error) error) error {
	checks := []func(context.Context) error{e.schema, e.clock,
		func(ctx context.Context) error { return index(ctx, e.say) }, e.lists, e.backups, e.everything}
	for _, check := range checks {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (e examination) schema(ctx context.Context) error {
	have, current, err := e.db.Schema(ctx)
	if err != nil {
		return err
	}
	f := finding{Check: "schema", Level: ok, Text: fmt.Sprintf("the database has schema %d", have)}
	if have < current {
		f.Level, f.Text, f.Remedy = warn, fmt.Sprintf("the database has schema %d, this version writes %d", have, current), "make a backup, then start the server: it brings it up to date"
	}
	return e.say(f)
}

// clock compares the time with that of the newest event, which nobody can have written in the future.
func (e examination) clock(ctx context.Context) error {
	events, _, err := e.db.Events(ctx, session.EventFilter{Limit: 1})
	if err != nil {
		return e.say(finding{Check: "clock", Level: warn, Text: "the newest event cannot be read, so the clock cannot be compared: " + tell(err)})
	}
	now := e.now().UTC()
	if len(events) > 0 && events[0].At.After(now.Add(time.Minute)) {
		return e.say(finding{Check: "clock", Level: fail, Remedy: "set the clock of this machine",
			Text: fmt.Sprintf("it says %s, and the newest event is of %s", now.Format(time.DateTime), events[0].At.Format(time.DateTime))})
	}
	return e.say(finding{Check: "clock", Level: ok, Text: now.Format(time.DateTime) + " UTC"})
}

func (e examination) lists(ctx context.Context) error {
	lists, err := e.db.ListRecords(ctx)
	if err != nil {
		return e.say(finding{Check: "lists", Level: fail, Text: tell(err), Remedy: restoreIt})
	}
	if len(lists) == 0 {
		return e.say(finding{Check: "lists", Level: warn, Text: "no sanctions list is loaded, so nobody is called clear", Remedy: "dossier sanctions load or update"})
	}
	var stale []string
	for _, l := range lists {
		if l.Stale(e.now(), e.staleAfter) {
			stale = append(stale, l.ID)
		}
	}
	if len(stale) > 0 {
		return e.say(finding{Check: "lists", Level: warn, Text: fmt.Sprintf("not confirmed for more than %s: %s", e.staleAfter, list(stale)), Remedy: "dossier sanctions update, or load a file"})
	}
	return e.say(finding{Check: "lists", Level: ok, Text: fmt.Sprintf("%d in force, all fresh", len(lists))})
}

// backupAge is how old the last backup may be before doctor and the page System say so.
const backupAge = 7 * 24 * time.Hour

func (e examination) backups(ctx context.Context) error {
	n, err := e.db.BackupNote(ctx)
	if err != nil {
		return e.say(finding{Check: "backup", Level: fail, Text: tell(err), Remedy: restoreIt})
	}
	f := finding{Check: "backup", Level: ok}
	switch {
	case !n.FailedAt.IsZero():
		f.Level, f.Text, f.Remedy = fail, fmt.Sprintf("the backup of %s failed: %s", n.FailedAt.Format(time.DateTime), n.Reason), "correct that, then run dossier backup"
	case n.At.IsZero():
		f.Level, f.Text, f.Remedy = warn, "there was never one", "dossier backup FILE, or set backup-dir"
	default:
		f.Text = fmt.Sprintf("the last one is of %s, %d sessions, %s", n.At.Format(time.DateTime), n.Sessions, megabytes(n.Bytes))
		if e.now().Sub(n.At) > backupAge {
			f.Level, f.Remedy = warn, "dossier backup FILE, or set backup-dir"
		}
	}
	return e.say(f)
}

// everything looks at all that is stored.
func (e examination) everything(ctx context.Context) error {
	v, err := e.db.Verify(ctx, nil)
	if err != nil {
		return e.say(finding{Check: "store", Level: fail, Text: tell(err), Remedy: restoreIt})
	}
	for _, part := range []struct {
		part   kv.Part
		whole  string
		remedy string
	}{
		{kv.PartTables, "all checksums are right", restoreIt},
		{kv.PartRecords, fmt.Sprintf("all %d are as they were stored", v.Records), restoreIt},
		{kv.PartSessions, fmt.Sprintf("all %d can be read", v.Sessions), restoreIt},
		{kv.PartPhotos, fmt.Sprintf("all %d give their SHA-256", v.Photos), "hand the photo in again, or " + restoreIt},
		{kv.PartLists, fmt.Sprintf("all %d archived files give their SHA-256", v.Lists), "load the file again, or " + restoreIt},
		{kv.PartAudit, fmt.Sprintf("the chain of %d events is whole", v.Events), restoreIt},
	} {
		f := finding{Check: string(part.part), Level: ok, Text: part.whole}
		if part.part == kv.PartLists {
			f.Check = "archive"
		}
		if p := v.Problems[part.part]; p.Count > 0 {
			f.Level, f.Remedy, f.More = fail, part.remedy, p.First
			f.Text = fmt.Sprintf("%d problems", p.Count)
		}
		if err := e.say(f); err != nil {
			return err
		}
	}
	return nil
}
