package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWriteWhole writes beside what a killed writer left for all to read, and where a link leads elsewhere.
func TestWriteWhole(t *testing.T) {
	for name, leave := range map[string]func(tmp, other string) error{
		"a file for all to read": func(tmp, _ string) error { return os.WriteFile(tmp, []byte("half"), 0o644) },
		"a link elsewhere":       func(tmp, other string) error { return os.Symlink(other, tmp) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, other := filepath.Join(dir, "people.csv"), filepath.Join(dir, "other")
			if err := errors.Join(os.WriteFile(other, []byte("keep"), 0o600), leave(path+".tmp", other)); err != nil {
				t.Fatal(err)
			}
			err := writeWhole(path, true, func(w io.Writer) error { _, err := io.WriteString(w, "all"); return err })
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Lstat(path)
			if err != nil || info.Mode() != 0o600 {
				t.Errorf("%v, %v; want a file for its owner alone", info.Mode(), err)
			}
			for file, want := range map[string]string{path: "all", other: "keep"} {
				if got, err := os.ReadFile(file); err != nil || string(got) != want {
					t.Errorf("%s holds %q, %v; want %q", filepath.Base(file), got, err, want)
				}
			}
		})
	}
}

// TestWriteWholeTwiceAtOnce: of two who write one file at once the one that began last writes it, whole.
func TestWriteWholeTwiceAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.csv")
	write := func(text string, meanwhile func() error) error {
		return writeWhole(path, true, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, meanwhile())
		})
	}
	var first error
	begun, over, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		first = write("first", func() error { close(begun); <-over; return nil })
	}()
	<-begun
	err := write("second", func() error { close(over); <-done; return nil })
	if err != nil || first == nil || !strings.Contains(first.Error(), "another command") {
		t.Errorf("the first ends with %v, the second with %v", first, err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "second" {
		t.Errorf("the file holds %q, %v", got, err)
	}
}
