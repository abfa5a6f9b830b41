package kv

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/session"
)

// damagesTried is how many places of a file are damaged, one after the other.
const damagesTried = 8

// A crashed folder is as a killed process leaves it: with logs of the memory table, and a value log that was
// written to.
type crashed struct {
	options Options
	files   map[string][]byte
	ids     []session.ID // in the order in which they were stored
	photos  []string
}

func newCrashed(t *testing.T, o Options) crashed {
	t.Helper()
	o.small = true
	c := crashed{options: o, files: map[string][]byte{}}
	dir := t.TempDir()
	db := openTest(t, dir, o)
	for n := range 30 {
		if n%5 == 0 {
			sum, err := db.PutPhoto(t.Context(), randomPhoto(70_000+n))
			if err != nil {
				t.Fatal(err)
			}
			c.photos = append(c.photos, sum)
		}
		c.ids = append(c.ids, commitExample(t, db, n).ID)
	}
	for _, f := range []string{"*.mem", "*.vlog", "*.sst", "MANIFEST", "KEYREGISTRY", discardName} {
		paths, _ := filepath.Glob(filepath.Join(dir, f))
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c.files[filepath.Base(path)] = data
		}
	}
	return c
}

// one returns the only file with the ending, and how much of it was written.
func (c crashed) one(t *testing.T, ending string) (name string, used int) {
	t.Helper()
	for f, data := range c.files {
		if strings.HasSuffix(f, ending) {
			if name != "" {
				t.Fatalf("several files end in %s", ending)
			}
			name, used = f, len(bytes.TrimRight(data, "\x00"))
		}
	}
	return name, used
}

// with lays the folder out, with one file changed.
func (c crashed) with(t *testing.T, name string, data []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for f, was := range c.files {
		if f == name {
			was = data
		}
		if err := os.WriteFile(filepath.Join(dir, f), was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// flipped is a copy with one bit of a byte changed.
func flipped(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 1 << rand.IntN(8)
	return data
}

// inBoth runs a test on a plain and on an encrypted folder.
func inBoth(t *testing.T, test func(t *testing.T, c crashed)) {
	for name, o := range map[string]Options{"plain": {}, "encrypted": {Key: testKey(7)}} {
		t.Run(name, func(t *testing.T) { test(t, newCrashed(t, o)) })
	}
}

// A bit of the log of the memory table flips: the database is refused, or it has everything but the last
// transaction, which a crash may have cut off as well.
func TestDamagedMemoryLog(t *testing.T) {
	inBoth(t, func(t *testing.T, c crashed) {
		name, used := c.one(t, ".mem")
		refused := 0
		for range damagesTried {
			at := rand.IntN(used)
			dir := c.with(t, name, flipped(c.files[name], at))
			db, err := Open(dir, c.options)
			if err != nil {
				refused++
				if session.CodeOf(err) != session.Internal || !strings.Contains(session.MessageOf(err), "damaged") {
					t.Errorf("byte %d of %d: %v", at, used, err)
				}
				if left, err := os.ReadFile(filepath.Join(dir, name)); err != nil || len(left) != len(c.files[name]) {
					t.Errorf("byte %d of %d: the log was changed: %v", at, used, err)
				}
				continue
			}
			for _, id := range c.ids[:len(c.ids)-1] {
				if _, err := db.Session(t.Context(), id); err != nil {
					t.Fatalf("byte %d of %d: session %s: %v", at, used, id, err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if refused < damagesTried*2/3 {
			t.Errorf("%d of %d damages were refused, want nearly all", refused, damagesTried)
		}
	})
}

// The log of the memory table ends anywhere, as after a crash: the database has what came before, without holes.
func TestTornMemoryLog(t *testing.T) {
	inBoth(t, func(t *testing.T, c crashed) {
		name, used := c.one(t, ".mem")
		for range damagesTried {
			size := rand.IntN(used)
			torn := append(bytes.Clone(c.files[name][:size]), make([]byte, len(c.files[name])-size)...)
			if size%2 == 0 {
				torn = torn[:max(size, logHeader)]
			}
			db, err := Open(c.with(t, name, torn), c.options)
			if err != nil {
				if have, _, _ := strings.Cut(err.Error(), "\n"); size > logHeader {
					t.Errorf("cut at byte %d of %d: %s", size, used, have)
				}
				continue
			}
			missing := false
			for _, id := range c.ids {
				_, err := db.Session(t.Context(), id)
				if missing = missing || err != nil; missing && err == nil {
					t.Errorf("cut at byte %d of %d: a session before %s is missing", size, used, id)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A bit of the newest file of the value log flips: one photo is damaged, and said to be, and all others stay,
// also when the database is opened again.
func TestDamagedNewestValues(t *testing.T) {
	inBoth(t, func(t *testing.T, c crashed) {
		name, used := c.one(t, ".vlog")
		for range damagesTried {
			at := logHeader + rand.IntN(used-logHeader)
			dir := c.with(t, name, flipped(c.files[name], at))
			for range 2 {
				db, err := Open(dir, c.options)
				if err != nil {
					t.Fatalf("byte %d of %d: %v", at, used, err)
				}
				damaged := 0
				for _, sum := range c.photos {
					if _, err := db.Photo(t.Context(), sum); err != nil {
						damaged++
						if session.CodeOf(err) != session.Internal {
							t.Errorf("byte %d of %d: %v", at, used, err)
						}
					}
				}
				if damaged > 1 {
					t.Errorf("byte %d of %d: %d photos are lost, want at most one", at, used, damaged)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// A damaged file of the value log is not rewritten, which would lose what stands behind the damage.
func TestNoGarbageOfDamagedValues(t *testing.T) {
	inBoth(t, func(t *testing.T, c crashed) {
		ctx := t.Context()
		name, used := c.one(t, ".vlog")
		dir := c.with(t, name, flipped(c.files[name], used/2))
		db := openTest(t, dir, c.options)
		sound := map[string]bool{}
		for _, sum := range c.photos {
			_, err := db.Photo(ctx, sum)
			sound[sum] = err == nil
		}
		gone := c.photos[0] // no session shows it
		hash, _ := parseHash(gone)
		err := db.update(ctx, "test", func(t *tx) error {
			for _, k := range append(t.keys(of(atPhotoChunk).bytes(hash)), of(atPhoto).bytes(hash)) {
				t.delete(k)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Purge(ctx); session.CodeOf(err) != session.Internal || !strings.Contains(session.MessageOf(err), "value log is damaged") {
			t.Errorf("Purge: %v", err)
		}
		for _, sum := range c.photos[1:] {
			if _, err := db.Photo(ctx, sum); sound[sum] != (err == nil) {
				t.Errorf("photo %s after the purge: %v", sum, err)
			}
		}
	})
}

// DISCARD is only statistics: whatever is in it, nothing is lost, and values can be deleted.
func TestDamagedDiscard(t *testing.T) {
	c := newCrashed(t, Options{})
	for name, data := range map[string][]byte{"empty": {}, "torn": {0, 1, 2}, "cut": make([]byte, 40), "random": crashPhoto(9)[:4096]} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, c.with(t, discardName, data), c.options)
			for n, id := range c.ids {
				if err := db.Erase(t.Context(), id, 1); err != nil {
					t.Fatal(fmt.Errorf("session %d: %w", n, err))
				}
			}
			if _, err := db.SweepPhotos(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := db.Purge(t.Context()); err != nil {
				t.Errorf("Purge: %v", err)
			}
		})
	}
}
