package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

// ninos are n sessions of people called Nino.
func ninos(n int) model {
	m := model{}
	for i := range n {
		m.put(nino(i))
	}
	return m
}

func nino(i int) session.Session {
	return session.Session{ID: session.NewID(start.Add(time.Duration(i) * time.Minute)), Company: "acme",
		Reference: fmt.Sprintf("n-%d", i), Person: session.Person{FirstName: "Nino"}}
}

func rebuild(t testing.TB, ix *Index, m model) {
	t.Helper()
	if err := ix.Rebuild(t.Context(), m.all()); err != nil {
		t.Fatal(err)
	}
	if ix.NeedsRebuild() {
		t.Error("it needs a rebuild after one")
	}
}

func total(t testing.TB, ix *Index, text string) int {
	t.Helper()
	return find(t, ix, session.Query{Text: text}).Total
}

// damage changes files of a closed index in ways that disks and people do.
var damages = []struct {
	name   string
	damage func(t *testing.T, dir string)
}{
	{"no file current", func(t *testing.T, dir string) { remove(t, filepath.Join(dir, current)) }},
	{"current is empty", func(t *testing.T, dir string) { write(t, filepath.Join(dir, current), "") }},
	{"current leads elsewhere", func(t *testing.T, dir string) {
		write(t, filepath.Join(dir, current), fmt.Sprintf(`{"mapping":%d,"generation":"../other"}`, mapping))
	}},
	{"another mapping", func(t *testing.T, dir string) {
		write(t, filepath.Join(dir, current), strings.Replace(read(t, filepath.Join(dir, current)), fmt.Sprintf(`"mapping":%d`, mapping), `"mapping":0`, 1))
	}},
	{"generation gone", func(t *testing.T, dir string) { remove(t, one(t, dir, generationPrefix+"*")) }},
	{"a segment gone", func(t *testing.T, dir string) { remove(t, one(t, dir, generationPrefix+"*", "*.zap")) }},
	{"a segment cut short", func(t *testing.T, dir string) {
		path := one(t, dir, generationPrefix+"*", "*.zap")
		write(t, path, read(t, path)[:100])
	}},
	{"a segment empty", func(t *testing.T, dir string) { write(t, one(t, dir, generationPrefix+"*", "*.zap"), "") }},
	{"a flipped bit", func(t *testing.T, dir string) {
		path := one(t, dir, generationPrefix+"*", "*.zap")
		data := []byte(read(t, path))
		data[len(data)/2] ^= 4
		write(t, path, string(data))
	}},
	{"no root file", func(t *testing.T, dir string) { remove(t, one(t, dir, generationPrefix+"*", "root.bolt")) }},
	{"root file empty", func(t *testing.T, dir string) { write(t, one(t, dir, generationPrefix+"*", "root.bolt"), "") }},
	{"root file of zeros", func(t *testing.T, dir string) {
		path := one(t, dir, generationPrefix+"*", "root.bolt")
		write(t, path, strings.Repeat("\x00", len(read(t, path))))
	}},
	{"root file cut short", func(t *testing.T, dir string) {
		path := one(t, dir, generationPrefix+"*", "root.bolt")
		write(t, path, read(t, path)[:9000])
	}},
}

func TestOpenDamaged(t *testing.T) {
	for _, tt := range damages {
		t.Run(tt.name, func(t *testing.T) {
			dir, m := t.TempDir(), ninos(50)
			ix := open(t, dir)
			rebuild(t, ix, m)
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			tt.damage(t, dir)
			ix = open(t, dir)
			if !ix.NeedsRebuild() {
				t.Fatal("the damage went unnoticed")
			}
			if n := total(t, ix, "nino"); n != 0 {
				t.Errorf("%d sessions found in what was thrown away", n)
			}
			rebuild(t, ix, m)
			if n := total(t, ix, "nino"); n != 50 {
				t.Errorf("%d sessions found after the rebuild, want 50", n)
			}
		})
	}
}

// TestOpenUnfinished: an index that was never rebuilt is not complete, however much was put into it.
func TestOpenUnfinished(t *testing.T) {
	dir := t.TempDir()
	ix := open(t, dir)
	if !ix.NeedsRebuild() {
		t.Error("a new index does not ask for a rebuild")
	}
	put(t, ix, nino(1))
	if n := total(t, ix, "nino"); n != 1 {
		t.Errorf("found %d, want the one that was put", n)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	ix = open(t, dir)
	if !ix.NeedsRebuild() || total(t, ix, "nino") != 0 {
		t.Error("an index without a rebuild counts as complete")
	}
	if others, _ := filepath.Glob(filepath.Join(dir, generationPrefix+"*")); len(others) != 1 {
		t.Errorf("generations left: %v, want one", others)
	}
}

// TestOpenAfterCrash leaves what a crash in the middle of a rebuild leaves.
func TestOpenAfterCrash(t *testing.T) {
	dir, m := t.TempDir(), ninos(20)
	ix := open(t, dir)
	rebuild(t, ix, m)
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, current+"-123"), "{")
	if err := os.MkdirAll(filepath.Join(dir, generationPrefix+"9", "more"), 0o700); err != nil {
		t.Fatal(err)
	}
	ix = open(t, dir)
	if ix.NeedsRebuild() || total(t, ix, "nino") != 20 {
		t.Error("the complete index was not kept")
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 2 {
		t.Errorf("left in the folder: %v, want the file current and one generation", left)
	}
}

func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	ix := open(t, dir)
	rebuild(t, ix, ninos(20))
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second Open: %v", err)
	}
	if n := total(t, ix, "nino"); n != 20 {
		t.Errorf("found %d after the refused Open, want 20", n)
	}
}

// TestRebuildKeepsWrites writes and searches all the time while a slow rebuild runs on a snapshot from
// before. Nothing written may be lost, nothing deleted come back, and no search may fail or find less.
func TestRebuildKeepsWrites(t *testing.T) {
	for _, where := range []string{"memory", "disk"} {
		t.Run(where, func(t *testing.T) {
			dir := ""
			if where == "disk" {
				dir = t.TempDir()
			}
			ix, m := open(t, dir), ninos(300)
			rebuild(t, ix, m)
			started, built := make(chan struct{}), make(chan error, 1)
			go func() { built <- ix.Rebuild(t.Context(), slowly(m.all(), started)) }()
			<-started
			if err := ix.Rebuild(t.Context(), m.all()); session.CodeOf(err) != session.Conflict {
				t.Errorf("a second rebuild: %v, want Conflict", err)
			}
			changed, gone := nino(5), nino(6)
			for id, k := range m { // the last two of those in the snapshot
				switch k.Reference {
				case "n-5":
					changed.ID = id
				case "n-6":
					gone.ID = id
				}
			}
			changed.Person.FirstName = "Tamar"
			put(t, ix, changed, nino(1000))
			if err := ix.Delete(t.Context(), []session.ID{gone.ID}); err != nil {
				t.Fatal(err)
			}
			if !ix.Stats().Building {
				t.Fatal("the rebuild ended too soon to test anything")
			}
			check := func(when string) {
				if n, tamars := total(t, ix, "nino"), total(t, ix, "tamar"); n != 299 || tamars != 1 {
					t.Errorf("%s: %d called Nino, want 299; %d called Tamar, want 1", when, n, tamars)
				}
			}
			for running := true; running; {
				check("meanwhile")
				select {
				case err := <-built:
					if err != nil {
						t.Fatal(err)
					}
					running = false
				default:
				}
			}
			check("after")
			if dir != "" {
				ix = reopen(t, ix, dir)
				check("opened again")
			}
		})
	}
}

// TestPacedRebuild: a rebuild that leaves room for searches comes out as one that does not, takes in what is
// written while it rests, and ends with the index.
func TestPacedRebuild(t *testing.T) {
	ix, err := Open(t.TempDir(), Options{Paced: true})
	if err != nil {
		t.Fatal(err)
	}
	m := ninos(2*buildBatch + 100)
	rebuild(t, ix, m) // the first is not paced: nobody can search
	late := nino(len(m))
	meanwhile := func(yield func(session.Session, error) bool) {
		n := 0
		for s, err := range m.all() {
			if n++; n == buildBatch+1 { // one batch is under way
				put(t, ix, late)
			}
			if !yield(s, err) {
				return
			}
		}
	}
	if err := ix.Rebuild(t.Context(), meanwhile); err != nil {
		t.Fatal(err)
	}
	if n := total(t, ix, "nino"); n != len(m)+1 {
		t.Errorf("found %d, want %d", n, len(m)+1)
	}
	began := make(chan struct{})
	ended := make(chan error, 1)
	go func() { ended <- ix.Rebuild(t.Context(), slowly(m.all(), began)) }()
	<-began
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; session.CodeOf(err) != session.Unavailable {
		t.Errorf("the rebuild under way says %v, want Unavailable", err)
	}
}

// slowly yields all, and says when it has begun.
func slowly(all iter.Seq2[session.Session, error], started chan struct{}) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		n := 0
		for s, err := range all {
			if n++; n == 250 {
				close(started)
				time.Sleep(300 * time.Millisecond)
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

func TestRebuildFails(t *testing.T) {
	dir, m := t.TempDir(), ninos(30)
	ix := open(t, dir)
	rebuild(t, ix, m)
	ctx, cancel := context.WithCancel(t.Context())
	err := ix.Rebuild(ctx, func(yield func(session.Session, error) bool) {
		for i := range 10 {
			if i == 5 {
				cancel()
			}
			if !yield(nino(i), nil) {
				return
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled rebuild: %v", err)
	}
	if n := total(t, ix, "nino"); n != 30 || ix.Stats().Building {
		t.Errorf("found %d after the canceled rebuild, want 30", n)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, generationPrefix+"*")); len(left) != 1 {
		t.Errorf("generations left: %v, want one", left)
	}
}

// TestRebuildPassesOver: sessions that cannot be read or indexed do not stop a rebuild.
func TestRebuildPassesOver(t *testing.T) {
	ix := open(t, "")
	err := ix.Rebuild(t.Context(), func(yield func(session.Session, error) bool) {
		_ = yield(nino(1), nil) && yield(session.Session{}, errors.New("torn")) && yield(session.Session{ID: "x"}, nil) && yield(nino(2), nil)
	})
	if err != nil || total(t, ix, "nino") != 2 {
		t.Errorf("found %d, error %v, want both that can be read", total(t, ix, "nino"), err)
	}
}

func TestClose(t *testing.T) {
	ix := open(t, t.TempDir())
	rebuild(t, ix, ninos(10))
	started, built := make(chan struct{}), make(chan error, 1)
	go func() { built <- ix.Rebuild(context.Background(), slowly(ninos(300).all(), started)) }()
	<-started
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
	if err := <-built; session.CodeOf(err) != session.Unavailable {
		t.Errorf("a rebuild while closing: %v, want Unavailable", err)
	}
	if err := ix.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	_, err := ix.Search(t.Context(), session.Query{})
	for what, err := range map[string]error{
		"Search": err, "Put": ix.Put(t.Context(), []session.Session{nino(1)}), "Delete": ix.Delete(t.Context(), []session.ID{nino(1).ID}),
		"Rebuild": ix.Rebuild(t.Context(), ninos(1).all()),
	} {
		if session.CodeOf(err) != session.Unavailable {
			t.Errorf("%s after Close: %v, want Unavailable", what, err)
		}
	}
}

// TestMemoryStaysFast: many small writes in memory become few segments, and none is lost.
func TestMemoryStaysFast(t *testing.T) {
	ix, m := open(t, ""), model{}
	for i := range 5 * recentSegments {
		s := nino(i)
		if i%7 == 6 { // writes over an older one
			for id := range m {
				s.ID = id
				break
			}
		}
		m.put(s)
		put(t, ix, s)
	}
	if n := ix.Stats().Segments; n > recentSegments+1 {
		t.Errorf("%d segments after %d writes", n, 5*recentSegments)
	}
	compare(t, ix, m, session.Query{Text: "nino", Limit: 200})
}

// TestConcurrent searches, writes and rebuilds at once, for the race detector.
func TestConcurrent(t *testing.T) {
	ix, m := open(t, t.TempDir()), ninos(200)
	rebuild(t, ix, m)
	var all sync.WaitGroup
	for w := range 3 {
		batch := make([]session.Session, 15)
		for i := range batch {
			batch[i] = nino(1000 + 100*w + i)
			m.put(batch[i]) // in the store before it is in the index
		}
		all.Go(func() {
			for _, s := range batch {
				put(t, ix, s)
				_ = ix.Stats()
			}
		})
		all.Go(func() {
			for range 60 {
				if n := total(t, ix, "nin"); n < 200 {
					t.Errorf("found %d, want at least 200", n)
				}
			}
		})
	}
	rebuild(t, ix, m)
	all.Wait()
	if n := total(t, ix, "nino"); n != 245 {
		t.Errorf("found %d in the end, want 245", n)
	}
}

func one(t *testing.T, dir string, pattern ...string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(append([]string{dir}, pattern...)...))
	if len(found) != 1 {
		t.Fatalf("%v matches %v, want one file", pattern, found)
	}
	return found[0]
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
