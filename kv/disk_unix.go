//go:build unix

package kv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const lockName = "dossier.lock"

// lock takes the directory for this process. It comes before Badger's own lock, because the files are
// looked at before Badger opens them.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("kv: lock %s: %w", dir, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		holder, _ := os.ReadFile(f.Name())
		f.Close()
		return nil, unavailable("kv.Open", fmt.Sprintf("Another dossier process (%s) is using %s. Stop it first, or name another data directory.",
			strings.TrimSpace(string(holder)), dir), err)
	}
	if err == nil {
		err = errors.Join(f.Truncate(0), writeAll(f, fmt.Sprintf("pid %d\n", os.Getpid())))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("kv: lock %s: %w", dir, err)
	}
	return f, nil
}

func writeAll(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

// FreeSpace returns the bytes that may still be written to the disk of dir, and those below which the
// database would take no more.
func FreeSpace(dir string) (free, least int64, err error) {
	free, total, err := diskSpace(dir)
	return free, leastFree(total), err
}

// taken is what a file has taken from its disk: less than its length, where it is mapped beyond its end.
func taken(path string) int64 {
	var s unix.Stat_t
	if err := unix.Stat(path, &s); err != nil {
		return 0
	}
	return s.Blocks * 512
}

// diskSpace returns the bytes that we may still write on the disk of dir, and its size.
func diskSpace(dir string) (free, total int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}
