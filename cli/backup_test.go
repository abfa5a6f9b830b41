package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that takes in sessions is backed up by a command beside it. The copy holds every session that
// was answered before the backup began, each as the server shows it, and nothing half.
func TestBackupOfRunningServer(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "out.backup")
	key := newKey(t, data)
	server := serve(t, "--data", data)
	ingest := func(n int) string {
		status, got := server.ask(key, http.MethodPost, "/api/v1/sessions", map[string]any{"reference": fmt.Sprint("ref", n), "finish": true,
			"person": map[string]any{"first_name": "Greta", "last_name": "Unrelated", "document_number": fmt.Sprint("N", n)}})
		if status != http.StatusCreated {
			t.Errorf("session %d: %d", n, status)
		}
		return fmt.Sprint(got["id"])
	}
	var before []string
	for n := range 100 {
		before = append(before, ingest(n))
	}
	stop, stopped := make(chan struct{}), make(chan int)
	go func() {
		n := 100
		for ; ; n++ {
			select {
			case <-stop:
				stopped <- n
				return
			default:
				ingest(n)
			}
		}
	}()
	var made madeBackup
	if err := json.Unmarshal([]byte(dossier(t, "", "backup", file, "--data", data)), &made); err != nil {
		t.Fatal(err)
	}
	close(stop)
	if all := <-stopped; made.Sessions < 100 || made.Sessions > all {
		t.Errorf("the backup has %d sessions, want 100 to %d", made.Sessions, all)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 || info.Size() != made.Bytes {
		t.Errorf("the file: %v, %v; want mode 0600 and %d bytes", info, err, made.Bytes)
	}
	if info, err := os.Stat(filepath.Join(data, "store", "control")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v; want mode 0600", info, err)
	}

	copied := filepath.Join(t.TempDir(), "copy")
	dossier(t, "", "restore", file, "--check", "--data", copied)
	second := serve(t, "--data", copied)
	for _, id := range before {
		_, want := server.ask(key, http.MethodGet, "/api/v1/sessions/"+id, nil)
		status, got := second.ask(key, http.MethodGet, "/api/v1/sessions/"+id, nil)
		if a, b := fmt.Sprint(want), fmt.Sprint(got); status != http.StatusOK || a != b {
			t.Fatalf("session %s in the copy: %d\n%s\nwant\n%s", id, status, b, a)
		}
	}
	status, page := second.ask(key, http.MethodGet, "/api/v1/sessions?limit=1", nil)
	if total, _ := page["total"].(float64); status != http.StatusOK || int(total) != made.Sessions {
		t.Errorf("the copy finds %v sessions (%d), want %d", page["total"], status, made.Sessions)
	}
}

// A backup that breaks off leaves no file, and the file that was there stays.
func TestBackupThatFails(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "out.backup")
	newKey(t, data)
	if err := os.WriteFile(file, []byte("the one of yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(data, "store", "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatal("there is no table", err)
	}
	if err := os.Truncate(tables[0], 100); err != nil {
		t.Fatal(err)
	}
	if said := fails(t, "backup", file, "--force", "--data", data); !strings.Contains(said, "damaged") {
		t.Errorf("it says %s", said)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if content, readErr := os.ReadFile(file); err != nil || readErr != nil || len(left) != 1 || string(content) != "the one of yesterday" {
		t.Errorf("%d files are left, %v, %v", len(left), err, readErr)
	}
}
