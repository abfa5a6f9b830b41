package kv

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dossier/session"
)

// smallDisk mounts a disk of so many MB in memory, or skips the test where that is not allowed.
func smallDisk(t *testing.T, megabytes string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+megabytes+"m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v): run the tests as root to see a disk fill up", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// fill takes what is free on the disk but for so many bytes.
func fill(t *testing.T, path string, leave int64) {
	t.Helper()
	free, _, err := diskSpace(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Fallocate(int(f.Fd()), 0, 0, free-leave); err != nil {
		t.Fatal(err)
	}
}

// A disk that fills up: by us, then by somebody else almost to the brim. Writes are refused, reads go on, the
// database opens again, and all is well when there is room.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "256")
	dir := filepath.Join(disk, "db")
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := commitExample(t, db, 1)
	var photos []string
	for n := 0; err == nil && n < 1000; n++ {
		var sum string
		if sum, err = db.PutPhoto(t.Context(), crashPhoto(n)); err == nil {
			photos = append(photos, sum)
		}
	}
	if session.CodeOf(err) != session.NoSpace || len(photos) < 50 {
		t.Errorf("after %d photos: %v, want NoSpace", len(photos), err)
	}
	wantReadable(t, db, s.ID, photos)
	filler := filepath.Join(disk, "somebody else's")
	fill(t, filler, 8<<20)
	_, err = db.Commit(t.Context(), session.Change{Session: &s})
	if session.CodeOf(err) != session.NoSpace || session.CodeOf(db.Writable(t.Context())) != session.NoSpace {
		t.Errorf("Commit gives %v, Writable %v; want NoSpace", err, db.Writable(t.Context()))
	}
	wantReadable(t, db, s.ID, photos)
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if free, _, _ := diskSpace(dir); free >= minFreeLow/2 {
			break
		} else if time.Since(begun) > time.Minute {
			t.Fatalf("%d MB are free, want the reserve to be given up", free>>20)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("Close on a full disk: %v", err)
	}
	fill(t, filler+" as well", 1<<20)
	if _, err := Open(dir, Options{}); session.CodeOf(err) != session.NoSpace {
		t.Errorf("Open on a full disk: %v, want NoSpace", err)
	}

	for _, f := range []string{filler, filler + " as well"} {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	db = openTest(t, dir, Options{MinFree: 16 << 20})
	if _, err := db.Commit(t.Context(), session.Change{Session: &s}); err != nil {
		t.Errorf("Commit when there is room again: %v", err)
	}
	if n := wholeChain(t, db); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func wantReadable(t *testing.T, db *DB, id session.ID, photos []string) {
	t.Helper()
	if _, err := db.Session(t.Context(), id); err != nil {
		t.Errorf("Session: %v", err)
	}
	for _, sum := range photos {
		if _, err := db.Photo(t.Context(), sum); err != nil {
			t.Errorf("Photo: %v", err)
		}
	}
}
