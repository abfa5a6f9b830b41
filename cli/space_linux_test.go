package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestServeOnFullDisk fills the disk under a running server: what would be stored is refused with 507, reads go
// on, doctor tells it, and all is well when there is room again.
func TestServeOnFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=320m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v): run the tests as root to see a disk fill up", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(disk, unix.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	data := filepath.Join(disk, "data")
	key := newKey(t, data)
	server := serve(t, "--data", data)
	ingest := func(reference string) (int, map[string]any) {
		return server.ask(key, http.MethodPost, "/api/v1/sessions", map[string]any{"reference": reference, "finish": true,
			"person": map[string]any{"first_name": "Greta", "last_name": "Unrelated"}})
	}
	status, made := ingest("before")
	if status != http.StatusCreated {
		t.Fatalf("before: %d", status)
	}
	filler := filepath.Join(disk, "somebody else's")
	fillDisk(t, filler)
	status, problem := ingest("full")
	if detail, _ := problem["detail"].(string); status != http.StatusInsufficientStorage || problem["code"] != "no_space" || !strings.Contains(detail, "disk is full") {
		t.Errorf("on the full disk: %d, %v", status, problem)
	}
	if status, got := server.ask(key, http.MethodGet, "/api/v1/sessions/"+made["id"].(string), nil); status != http.StatusOK || got["reference"] != "before" {
		t.Errorf("reading on the full disk: %d, %v", status, got)
	}
	if found, well := doctor(t, data); well || found["space"].Level != fail {
		t.Errorf("doctor on the full disk: %s", found["space"])
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if status, _ = ingest("after"); status == http.StatusCreated {
			return
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("with room again: %d", status)
		}
	}
}

// fillDisk takes what is free but for a few MB.
func fillDisk(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &s); err != nil {
		t.Fatal(err)
	}
	if err := unix.Fallocate(int(f.Fd()), 0, 0, int64(s.Bavail)*s.Bsize-8<<20); err != nil {
		t.Fatal(err)
	}
}
