package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWriteWholeOverAMount: a file that is mounted by itself cannot be replaced, and stays as it was.
func TestWriteWholeOverAMount(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "people.csv"), filepath.Join(dir, "other")
	for _, file := range []string{path, other} {
		if err := os.WriteFile(file, []byte("keep"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mount(other, path, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("only root mounts here: %v", err)
	}
	defer syscall.Unmount(path, 0)
	err := writeWhole(path, true, func(w io.Writer) error { _, err := io.WriteString(w, "all"); return err })
	if err == nil || !strings.Contains(err.Error(), "mount its folder") {
		t.Errorf("over a mounted file: %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "keep" {
		t.Errorf("it holds %q, %v", got, err)
	}
	if _, err := os.Lstat(path + ".tmp"); !os.IsNotExist(err) {
		t.Errorf("what was written beside it: %v, want nothing", err)
	}
}
