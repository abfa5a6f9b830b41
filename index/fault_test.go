package index

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"dossier/session"
)

// bar puts folders in the place of the next segments, so that none can be written. They are not empty, or
// Bleve would clear them away.
func bar(ix *Index) (bars []string) {
	for i := range 100 {
		path := filepath.Join(ix.generation().dir, fmt.Sprintf("%012x.zap", i))
		if err := os.MkdirAll(filepath.Join(path, "full"), 0o700); err == nil {
			bars = append(bars, path)
		}
	}
	return bars
}

// TestWritesThatFail: while nothing can be written, as on a full disk, what is there is found; what comes
// meanwhile is found as soon as it can be written.
func TestWritesThatFail(t *testing.T) {
	ix, m := open(t, t.TempDir()), ninos(10)
	rebuild(t, ix, m)
	bars := bar(ix)
	written := make(chan error, 1)
	go func() { written <- ix.Put(t.Context(), []session.Session{nino(11)}) }()
	for ix.Stats().Errors < 2 {
		if n := total(t, ix, "nino"); n < 10 { // what waits may be found, too
			t.Errorf("found %d while nothing can be written, want 10", n)
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, path := range bars {
		remove(t, path)
	}
	if err := <-written; err != nil {
		t.Errorf("what waited for room: %v", err)
	}
	if n := total(t, ix, "nino"); n != 11 || ix.NeedsRebuild() {
		t.Errorf("found %d in the end, want 11; needs a rebuild: %v", n, ix.NeedsRebuild())
	}
}

// TestClosedWhileNothingCanBeWritten: the end of the program does not wait for room on the disk.
func TestClosedWhileNothingCanBeWritten(t *testing.T) {
	ix := open(t, t.TempDir())
	rebuild(t, ix, ninos(10))
	bar(ix)
	written := make(chan error, 1)
	go func() { written <- ix.Put(t.Context(), []session.Session{nino(11)}) }()
	for ix.Stats().Errors < 1 {
		time.Sleep(10 * time.Millisecond)
	}
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
	if err := <-written; err == nil {
		t.Error("what was never written counts as written")
	}
}

// TestFolderLostWhileOpen: a write notices that the files are gone, what is mapped is found until then, and
// a rebuild heals the index.
func TestFolderLostWhileOpen(t *testing.T) {
	ix, m := open(t, filepath.Join(t.TempDir(), "index")), ninos(10)
	rebuild(t, ix, m)
	remove(t, ix.dir)
	if n := total(t, ix, "nino"); n != 10 {
		t.Errorf("found %d after the folder went, want 10", n)
	}
	if err := ix.Put(t.Context(), []session.Session{nino(11)}); err == nil || !ix.NeedsRebuild() {
		t.Errorf("a write into a folder that is gone gives %v; needs a rebuild: %v", err, ix.NeedsRebuild())
	}
	if n := total(t, ix, "nino"); n < 10 {
		t.Errorf("found %d after the write, want 10", n)
	}
	rebuild(t, ix, m)
	put(t, ix, nino(11))
	if n := total(t, ix, "nino"); n != 11 {
		t.Errorf("found %d in the end, want 11", n)
	}
}

// TestBackgroundErrors: what goes wrong in Bleve's background is counted; a panic there ends waiting
// writes and asks for a rebuild, which then heals the index.
func TestBackgroundErrors(t *testing.T) {
	ix, m := open(t, t.TempDir()), ninos(10)
	rebuild(t, ix, m)
	report := scorch.RegistryAsyncErrorCallbacks[callbackName]
	path := ix.generation().dir
	report(scorch.NewScorchError("persister", "no space left on device", scorch.ErrPersist), path)
	if ix.NeedsRebuild() || ix.Stats().Errors != 1 {
		t.Errorf("a write that is tried again: fresh %v, %d errors counted", ix.NeedsRebuild(), ix.Stats().Errors)
	}
	report(scorch.NewScorchError("persister", "index out of range", scorch.ErrAsyncPanic), path)
	if !ix.NeedsRebuild() {
		t.Error("a panic in the background does not ask for a rebuild")
	}
	if n := total(t, ix, "nino"); n != 10 {
		t.Errorf("found %d after the panic, want 10", n)
	}
	rebuild(t, ix, m)
	put(t, ix, nino(11))
	if n := total(t, ix, "nino"); n != 11 {
		t.Errorf("found %d in the end, want 11", n)
	}
}
