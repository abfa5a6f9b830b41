package cli

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A clockwork appliance on a data folder, whose time the test sets.
func openAppliance(t *testing.T, now *time.Time) (*appliance, storeSettings) {
	t.Helper()
	s := storeSettings{Data: filepath.Join(t.TempDir(), "data"), LogLevel: "error", StaleAfter: 72 * time.Hour}
	a, err := s.open(t.Context(), slog.New(slog.DiscardHandler), sourceSettings{}, func() time.Time { return *now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a, s
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// Scheduled backups are kept as many as wanted, each whole; one that fails is told and removes none.
func TestScheduledBackups(t *testing.T) {
	now := time.Date(2026, 3, 1, 1, 30, 0, 0, time.UTC)
	a, _ := openAppliance(t, &now)
	dir := filepath.Join(t.TempDir(), "backups")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	others := []string{"dossier-20200101T000000Z.backup.tmp", "dossier.toml", "of-somebody-else.backup"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings := backupSettings{BackupDir: dir, BackupAt: "30 1 * * *", BackupKeep: 2}
	plan, err := settings.plan()
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := a.scheduledBackup(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 1)
	}
	want := []string{"dossier-20260303T013000Z.backup", "dossier-20260304T013000Z.backup", "dossier.toml", "of-somebody-else.backup"}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
	if n, err := a.db.BackupNote(t.Context()); err != nil || n.File != want[1] || !n.FailedAt.IsZero() {
		t.Errorf("the note: %+v, %v", n, err)
	}

	settings.BackupDir = filepath.Join(dir, "dossier.toml", "no-folder")
	broken, err := settings.plan()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.scheduledBackup(t.Context(), broken); err == nil {
		t.Error("a backup into a folder that cannot be made succeeds")
	}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("after a failure there are %q, want %q", got, want)
	}
	if f := backupFinding(t, a); f.Level != fail || !strings.Contains(f.Text, "failed") {
		t.Errorf("doctor says %s", f)
	}

	settings.BackupDir, settings.BackupRecipient = dir, []string{"age17tnqsj3uur4drrn5qm5jglfltlcn0n3sf08dhgpzc5v8lnyn4pas5zs3ln"}
	if plan, err = settings.plan(); err != nil {
		t.Fatal(err)
	}
	if err := a.scheduledBackup(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	sealed := filepath.Join(dir, "dossier-20260305T013000Z.backup.age")
	if data, err := os.ReadFile(sealed); err != nil || !strings.HasPrefix(string(data), ageMagic) || strings.Contains(string(data), "DOSSIER BACKUP") {
		t.Errorf("the encrypted backup: %d bytes, %v", len(data), err)
	}
	if f := backupFinding(t, a); f.Level != ok {
		t.Errorf("doctor says %s", f)
	}
}

func backupFinding(t *testing.T, a *appliance) (found finding) {
	t.Helper()
	e := examination{db: a.db, now: a.now, say: func(f finding) error { found = f; return nil }}
	if err := e.backups(t.Context()); err != nil {
		t.Fatal(err)
	}
	return found
}

// Backups from before upgrades are kept two at a time, for a month, and go after a good backup; doctor names
// those that are there.
func TestUpgradeBackupsGo(t *testing.T) {
	now := time.Date(2026, 3, 20, 1, 30, 0, 0, time.UTC)
	a, _ := openAppliance(t, &now)
	dir := t.TempDir()
	newest, old := "before-schema-10-20260310T010000Z.backup", "before-schema-9-20260301T010000Z.backup.age"
	for _, name := range []string{newest, old, "before-schema-8-20260215T010000Z.backup", "before-schema-8-20260215T010000Z.backup.tmp", "before-schema-of-mine.backup"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings := backupSettings{BackupDir: dir, BackupAt: "30 1 * * *", BackupKeep: 1}
	plan, err := settings.plan()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		days int
		want []string // beside the scheduled one
	}{{0, []string{newest, old}}, {15, []string{newest}}, {30, nil}} {
		now = now.AddDate(0, 0, test.days)
		if err := a.scheduledBackup(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		want := append(slices.Clone(test.want), "before-schema-of-mine.backup", "dossier-"+now.Format(backupTime)+".backup")
		if got := names(t, dir); !slices.Equal(got, want) {
			t.Errorf("after %d days there are %q, want %q", test.days, got, want)
		}
		var told finding
		if err := settings.checkUpgrades(func(f finding) error { told = f; return nil }); err != nil || !slices.Equal(told.More, test.want) {
			t.Errorf("after %d days doctor says %s, %v", test.days, told, err)
		}
	}
}

// A newer program makes a backup of the database as it was before it changes it, and changes nothing
// where that fails.
func TestBackupBeforeUpgrade(t *testing.T) {
	data, dir := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backups")
	unpackInto(t, "../kv/testdata/schema1.tar.gz", data)
	full := filepath.Join(dir, "a file")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := fails(t, "serve", "--addr", "127.0.0.1:0", "--data", data, "--backup-dir", full); !strings.Contains(said, "stays as it is") {
		t.Errorf("serve says %s", said)
	}
	if found, _ := doctor(t, data); found["schema"].Level != warn {
		t.Errorf("after a failure: %s", found["schema"])
	}
	serve(t, "--data", data, "--backup-dir", dir)
	if found, well := doctor(t, data); !well || found["schema"].Level != ok {
		t.Errorf("after the upgrade: %s", found["schema"])
	}
	made, err := filepath.Glob(filepath.Join(dir, "before-schema-*.backup"))
	if err != nil || len(made) != 1 {
		t.Fatalf("%q were made, %v", made, err)
	}
	if said := dossier(t, "", "restore", made[0], "--dry-run"); !strings.Contains(said, `"schema":1,"sessions":82`) {
		t.Errorf("the backup: %s", said)
	}
}

func unpackInto(t *testing.T, archive, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("tar", "-xzf", archive, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("no tar here: %v, %s", err, said)
	}
}

func TestBackupPlan(t *testing.T) {
	for _, test := range []struct {
		name string
		s    backupSettings
		want string // in the error; "" is none
	}{
		{"off", backupSettings{BackupAt: "nonsense", BackupKeep: 0}, ""},
		{"on", backupSettings{BackupDir: "/b", BackupAt: "@daily", BackupKeep: 1}, ""},
		{"no schedule", backupSettings{BackupDir: "/b", BackupKeep: 1}, "backup-at"},
		{"wrong schedule", backupSettings{BackupDir: "/b", BackupAt: "TZ=0", BackupKeep: 1}, "backup-at"},
		{"none kept", backupSettings{BackupDir: "/b", BackupAt: "@daily"}, "backup-keep"},
		{"wrong recipient", backupSettings{recipientSettings: recipientSettings{[]string{"age1x"}}, BackupDir: "/b", BackupAt: "@daily", BackupKeep: 1}, "backup-recipient"},
	} {
		if _, err := test.s.plan(); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}
