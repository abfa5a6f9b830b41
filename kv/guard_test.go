package kv

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/session"
)

// wantRefusal fails unless dir is refused with the code and a message that holds text.
func wantRefusal(t *testing.T, dir string, code session.Code, text string) {
	t.Helper()
	db, err := Open(dir, Options{})
	if err == nil {
		db.Close()
	}
	if session.CodeOf(err) != code || !strings.Contains(session.MessageOf(err), text) {
		t.Errorf("Open: %v, want %s with %q", err, code, text)
	}
}

func TestSecondOpenerIsRefused(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, Options{})
	wantRefusal(t, dir, session.Unavailable, "is using "+dir)
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{})
	if err := db.update(t.Context(), "test", func(tx *tx) error { tx.setNumber(schemaKey, 99); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, session.Unavailable, "newer Dossier (schema 99")
}

// filled makes a database with n rounds of 20 sessions, each flushed to a table of its own.
func filled(t *testing.T, rounds int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for round := range rounds {
		db, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 20 {
			commitExample(t, db, round*20+n)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whatever is cut off a MANIFEST, the database is refused or whole, and no table is deleted.
func TestTruncatedManifest(t *testing.T) {
	dir := filled(t, 5) // Badger merges some of them as it likes
	manifest := filepath.Join(dir, "MANIFEST")
	whole, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	if len(tables) < 2 {
		t.Fatalf("%d tables, want 2 at least", len(tables))
	}
	for size := range len(whole) {
		if err := os.WriteFile(manifest, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, dir, session.Internal, "is damaged") // that, or a table that it names was merged since
	}
	flipped := bytes.Clone(whole)
	flipped[len(whole)-3] ^= 4
	if err := os.WriteFile(manifest, flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, session.Internal, "MANIFEST")
	if err := os.Remove(manifest); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, session.Internal, "MANIFEST is missing")

	if err := os.WriteFile(manifest, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := wholeSessions(t, openTest(t, dir, Options{})); n != 100 {
		t.Errorf("with its MANIFEST back the database has %d sessions, want 100", n)
	}
}

func TestMissingTable(t *testing.T) {
	dir := filled(t, 1)
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err := os.Remove(tables[0]); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, session.Internal, "damaged")
}

// A byte of a table flips, anywhere: the database is refused, or what it gives is right or an error.
func TestDamagedTable(t *testing.T) {
	dir := filled(t, 1)
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	whole, err := os.ReadFile(tables[0])
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += len(whole)/40 + 1 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x10
		if err := os.WriteFile(tables[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if n, err := countWhole(t, dir); err == nil && n != 20 {
			t.Errorf("byte %d of %d flipped: %d sessions without an error, want 20", at, len(whole), n)
		}
	}
}

// countWhole opens the database and returns how many sessions and events it gives, and the first error.
func countWhole(t *testing.T, dir string) (n int, err error) {
	db, err := Open(dir, Options{})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	for _, failed := range db.All(t.Context(), "") {
		if err == nil {
			err = failed
		}
		n++
	}
	return n, err
}

// A byte of a photo or a raw list changes in the value log, or the log is cut: never wrong bytes.
func TestDamagedValueLog(t *testing.T) {
	photo := crashPhoto(3)
	damages := map[string]func(log []byte) []byte{
		"flipped":   func(log []byte) []byte { log[bytes.Index(log, photo[1000:1100])] ^= 1; return log },
		"truncated": func(log []byte) []byte { return log[:bytes.Index(log, photo[1000:1100])] },
		"zeroed":    func(log []byte) []byte { clear(log[20:]); return log },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			sum, err := db.PutPhoto(t.Context(), photo)
			if err != nil {
				t.Fatal(err)
			}
			s := commitExample(t, db, 1)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			rewrite(t, filepath.Join(dir, "000001.vlog"), damage)

			db = openTest(t, dir, Options{})
			if data, err := db.Photo(t.Context(), sum); session.CodeOf(err) != session.Internal || data != nil {
				t.Errorf("Photo gives %d bytes, %v; want an Internal error", len(data), err)
			}
			if _, err := db.Session(t.Context(), s.ID); err != nil {
				t.Errorf("Session: %v", err)
			}
			if _, err := db.PutPhoto(t.Context(), photo); err != nil {
				t.Errorf("PutPhoto: %v", err)
			}
			if data, err := db.Photo(t.Context(), sum); err != nil || !bytes.Equal(data, photo) {
				t.Errorf("handing the photo in again does not mend it: %v", err)
			}
		})
	}
}

func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, change(data), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A value that is not what was stored is yielded as an error, and the others still come.
func TestDamagedSession(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	a, b := commitExample(t, db, 1), commitExample(t, db, 2)
	err := db.update(t.Context(), "test", func(tx *tx) error {
		k := sessionKey(mustULID(t, a.ID))
		value, _, err := tx.get(k)
		value = bytes.Clone(value)
		value[len(value)/2] ^= 1
		tx.set(k, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Session(t.Context(), a.ID); session.CodeOf(err) != session.Internal {
		t.Errorf("Session: %v, want Internal", err)
	}
	if _, err := db.Commit(t.Context(), session.Change{Session: &a}); session.CodeOf(err) != session.Internal {
		t.Errorf("Commit: %v, want Internal", err)
	}
	whole, broken := 0, 0
	for _, err := range db.All(t.Context(), "") {
		if err != nil {
			broken++
		} else {
			whole++
		}
	}
	if whole != 1 || broken != 1 {
		t.Errorf("All gives %d sessions and %d errors, want 1 and 1", whole, broken)
	}
	loaded, err := db.Load(t.Context(), []session.ID{a.ID, b.ID})
	if err != nil || len(loaded) != 1 || loaded[0].ID != b.ID {
		t.Errorf("Load gives %d sessions, %v; want the whole one", len(loaded), err)
	}
}

// Events that are gone from the end of the log leave a chain that is whole as far as it goes.
func TestLostEvent(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	commitExample(t, db, 1)
	commitExample(t, db, 2)
	err := db.update(t.Context(), "test", func(tx *tx) error { tx.delete(of(atEvent).number(2)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range db.EachEvent(t.Context()) {
		last = err
	}
	if session.CodeOf(last) != session.Internal {
		t.Errorf("EachEvent ends with %v, want an Internal error", last)
	}
}

// A session that has gone without being taken away is missed by a walk.
func TestLostSession(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	a := commitExample(t, db, 1)
	commitExample(t, db, 2)
	err := db.update(t.Context(), "test", func(tx *tx) error { tx.delete(sessionKey(mustULID(t, a.ID))); return nil })
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range db.All(t.Context(), "") {
		last = err
	}
	if session.CodeOf(last) != session.Internal {
		t.Errorf("All ends with %v, want an Internal error", last)
	}
}
