package kv

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
	"dossier/session/storetest"
)

func testKey(n byte) []byte { return bytes.Repeat([]byte{n}, KeySize) }

// fillFolder stores a session with a photo, closes the database, opens it again, so that part of it
// is in tables and part in logs, and stores more. It returns what to look for in the files.
func fillFolder(t *testing.T, dir string, o Options) (*DB, map[string][]byte) {
	t.Helper()
	photo := randomPhoto(900_000)
	store := func(db *DB, n int) {
		t.Helper()
		s := storetest.Example(n)
		s.Person.LastName, s.Person.DocumentNumber = "Zzyzxname", "ZZNUMBER7"
		sum, err := db.PutPhoto(t.Context(), photo)
		if err != nil {
			t.Fatal(err)
		}
		s.Photos = []session.Photo{{Kind: session.Selfie, SHA256: sum}}
		if _, err := db.Commit(t.Context(), session.Change{Session: &s}); err != nil {
			t.Fatal(err)
		}
	}
	db := openTest(t, dir, o)
	store(db, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, o)
	store(db, 2)
	return db, map[string][]byte{"name": []byte("Zzyzxname"), "number": []byte("ZZNUMBER7"), "photo": photo[600_000:600_100]}
}

// TestEncryptedFiles looks for what is personal in all files, with encryption and without: without it,
// everything must be found, or the test would prove nothing.
func TestEncryptedFiles(t *testing.T) {
	for _, key := range [][]byte{nil, testKey(7)} {
		dir := t.TempDir()
		_, markers := fillFolder(t, dir, Options{Key: key, small: true})
		found := filesWith(t, dir, markers)
		for what := range markers {
			if files := found[what]; (len(files) == 0) == (key == nil) {
				t.Errorf("with a key of %d bytes the %s is in %q", len(key), what, files)
			}
		}
	}
}

// TestKeys holds what happens with the wrong key, none, and one too many, and after a change of the key.
func TestKeys(t *testing.T) {
	dir, plain := t.TempDir(), t.TempDir()
	db, _ := fillFolder(t, dir, Options{Key: testKey(7), small: true})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db, _ = fillFolder(t, plain, Options{small: true})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	refused := func(dir string, key []byte, want string) {
		t.Helper()
		db, err := Open(dir, Options{Key: key})
		if err == nil {
			db.Close()
		}
		if session.CodeOf(err) != session.Unavailable || !strings.Contains(session.MessageOf(err), want) {
			t.Errorf("Open = %v, want Unavailable: %s", err, want)
		}
	}
	refused(dir, testKey(8), "is not that of the database")
	refused(dir, nil, "is encrypted")
	refused(plain, testKey(7), "is not encrypted")
	if err := RotateKey(dir, testKey(8), testKey(9)); session.CodeOf(err) != session.Unavailable {
		t.Errorf("a change with the wrong key: %v", err)
	}
	if err := RotateKey(plain, nil, testKey(9)); session.CodeOf(err) != session.Unavailable {
		t.Errorf("a change of no key: %v", err)
	}
	if err := RotateKey(dir, testKey(7), testKey(9)); err != nil {
		t.Fatal(err)
	}
	refused(dir, testKey(7), "is not that of the database")
	db = openTest(t, dir, Options{Key: testKey(9), small: true})
	n := 0
	for s, err := range db.All(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Photo(t.Context(), s.Photos[0].SHA256); err != nil {
			t.Error(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d sessions after the change, want 2", n)
	}
}

// TestGuardsOfEncrypted damages an encrypted folder as guard_test does a plain one.
func TestGuardsOfEncrypted(t *testing.T) {
	dir := t.TempDir()
	db, _ := fillFolder(t, dir, Options{Key: testKey(7), small: true})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(dir, badger.ManifestFilename)
	whole, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what, want string) {
		t.Helper()
		db, err := Open(dir, Options{Key: testKey(7)})
		if err == nil {
			db.Close()
		}
		if session.CodeOf(err) != session.Internal || !strings.Contains(session.MessageOf(err), want) {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	if err := os.WriteFile(manifest, whole[:8], 0o600); err != nil {
		t.Fatal(err)
	}
	check("a truncated MANIFEST", "MANIFEST is truncated")
	if err := os.WriteFile(manifest, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	registry := filepath.Join(dir, badger.KeyRegistryFileName)
	if err := os.Rename(registry, registry+".kept"); err != nil {
		t.Fatal(err)
	}
	check("no KEYREGISTRY", "KEYREGISTRY is missing")
	if err := os.Rename(registry+".kept", registry); err != nil {
		t.Fatal(err)
	}
	openTest(t, dir, Options{Key: testKey(7), small: true})
}
