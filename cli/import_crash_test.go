package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/demo"
)

// TestKilledInTheMiddleOfAnImport kills an import with SIGKILL when more is in the log of its memory table than
// the usual ones take. Every command opens what it left, and the same import takes in only what is missing.
func TestKilledInTheMiddleOfAnImport(t *testing.T) {
	const sessions, log = 3000, 10 << 20
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "in.ndjson")
	key := newKey(t, data)
	for _, c := range demo.Companies(time.Now()) {
		if c.Slug != "acme" { // setup made that one
			dossier(t, "", "company", "add", "--data", data, "--name", c.Name, c.Slug)
		}
	}
	writeSessions(t, file, time.Now(), sessions)
	killImport(t, data, file, log)

	left, _ := doctor(t, copyData(t, data))
	for check, f := range left {
		if f.Level != ok && check != "lists" && check != "backup" && check != "index" { // which is built in the end
			t.Errorf("after the kill: %s", f)
		}
	}
	backup := filepath.Join(dir, "backup")
	dossier(t, "", "backup", "--data", copyData(t, data), backup)
	if info, err := os.Stat(backup); err != nil || info.Size() < log/20 {
		t.Errorf("the backup after the kill: %v, %v", info, err)
	}
	served := copyData(t, data)
	server := serve(t, "--data", served)
	wholeAfterCatchUp(t, served)
	if status, page := server.ask(key, http.MethodGet, "/api/v1/sessions", nil); status != http.StatusOK || page["total"].(float64) < sessions/4 {
		t.Errorf("the server after the kill: %d, %v sessions", status, page["total"])
	}

	var tally importTally
	if err := json.Unmarshal([]byte(dossier(t, "", "import", "--data", data, file)), &tally); err != nil {
		t.Fatal(err)
	}
	if tally.Imported+tally.Skipped != sessions || tally.Skipped < sessions/4 || tally.Rejected != 0 {
		t.Errorf("the import after the kill: %+v", tally)
	}
	if n := strings.Count(dossier(t, "", "export", "--data", data), "\n"); n != sessions {
		t.Errorf("there are %d sessions, want %d", n, sessions)
	}
	soundAfterErasure(t, data) // the index, too
}

// killImport kills an import as soon as the log of a memory table is written past a byte.
func killImport(t *testing.T, data, file string, past int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "import", "--data", data, file)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for !loggedPast(t, filepath.Join(data, "store"), past) {
		select {
		case err := <-ended:
			t.Fatalf("the import ended before it could be killed: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	cmd.Process.Kill()
	<-ended
}

// loggedPast reports whether there is a log that is written past a byte: behind its end are zeros.
func loggedPast(t *testing.T, store string, past int64) bool {
	logs, err := filepath.Glob(filepath.Join(store, "*.mem"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range logs {
		f, err := os.Open(path)
		if err != nil {
			continue // it was a moment ago
		}
		some := make([]byte, 64)
		n, _ := f.ReadAt(some, past)
		f.Close()
		if len(bytes.Trim(some[:n], "\x00")) > 0 {
			return true
		}
	}
	return false
}

func copyData(t *testing.T, data string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{".", "store", "index"} { // which nobody else may look into
		if err := os.Chmod(filepath.Join(to, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
