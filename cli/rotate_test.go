package cli

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"dossier/kv"
	"dossier/session"
	"dossier/session/storetest"
)

// A keyed folder is an encrypted database and its keys, of which it has one at a time.
type keyedFolder struct {
	data  string
	keys  [2][]byte
	files [2]string // that hold them
	photo string    // SHA-256
}

func newKeyedFolder(t *testing.T) *keyedFolder {
	t.Helper()
	dir := t.TempDir()
	f := &keyedFolder{data: filepath.Join(dir, "data")}
	for i, text := range []string{strings.Repeat("01", kv.KeySize), strings.Repeat("02", kv.KeySize)} {
		var key encryptionKey
		f.files[i] = filepath.Join(dir, "key"+strconv.Itoa(i))
		if err := errors.Join(key.UnmarshalText([]byte(text)), os.WriteFile(f.files[i], []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		f.keys[i] = key.bytes
	}
	db, err := kv.Open(f.store(), kv.Options{Key: f.keys[0]})
	if err != nil {
		t.Fatal(err)
	}
	photo := make([]byte, 300_000)
	for i := range photo {
		photo[i] = byte(rand.Uint32())
	}
	s := storetest.Example(1)
	if f.photo, err = db.PutPhoto(t.Context(), photo); err == nil {
		s.Photos = []session.Photo{{Kind: session.Selfie, SHA256: f.photo}}
		_, err = db.Commit(t.Context(), session.Change{Session: &s})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *keyedFolder) store() string { return filepath.Join(f.data, "store") }

// has returns which of the keys the database has, and looks whether all that was in it is there.
func (f *keyedFolder) has(t *testing.T) (which int) {
	t.Helper()
	which = -1
	for i, key := range f.keys {
		db, err := kv.Open(f.store(), kv.Options{Key: key})
		if session.CodeOf(err) == session.Unavailable {
			continue
		}
		if err != nil {
			t.Fatalf("with key %d: %v", i, err)
		}
		if which >= 0 {
			t.Errorf("the database opens with either key")
		}
		which = i
		if n, err := db.Count(t.Context()); n != 1 || err != nil {
			t.Errorf("%d sessions, %v", n, err)
		}
		if _, err := db.Photo(t.Context(), f.photo); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if which < 0 {
		t.Fatal("the database opens with neither key")
	}
	return which
}

// rotate starts the command that changes the key from one to the other.
func (f *keyedFolder) rotate(from int) (cmd *exec.Cmd, said *bytes.Buffer) {
	cmd = exec.Command(os.Args[0], "rotate-key", "--data", f.data, "--new-key-file", f.files[1-from])
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_ENCRYPTION_KEY_FILE="+f.files[from])
	said = &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	return cmd, said
}

// TestKilledWhileTheKeyChanges kills rotate-key at random moments, and in every other round as soon as it
// writes. The database then has one of the two keys and lacks nothing, and the command can be run again.
// DOSSIER_CRASH_ROUNDS asks for more rounds than those of every test run.
func TestKilledWhileTheKeyChanges(t *testing.T) {
	rounds := 6
	if n, err := strconv.Atoi(os.Getenv("DOSSIER_CRASH_ROUNDS")); err == nil {
		rounds = n
	}
	f := newKeyedFolder(t)
	began := time.Now()
	if cmd, said := f.rotate(0); cmd.Run() != nil || f.has(t) != 1 {
		t.Fatalf("rotate-key says %s", said)
	}
	took, ended := time.Since(began), [2]int{}
	for round := range rounds {
		from := f.has(t)
		cmd, _ := f.rotate(from)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		gone := make(chan struct{})
		go func() { cmd.Wait(); close(gone) }()
		if round%2 == 0 {
			f.waitForWriting(gone)
		} else {
			time.Sleep(rand.N(took))
		}
		cmd.Process.Kill()
		<-gone
		now := f.has(t)
		ended[(now+from)%2]++
		if cmd, said := f.rotate(from); cmd.Run() != nil || f.has(t) != 1-from {
			t.Fatalf("after round %d rotate-key says %s", round, said)
		}
	}
	t.Logf("%d kills left the old key, %d the new one", ended[0], ended[1])
}

// waitForWriting waits until the new key registry is being written, or the command is gone.
func (f *keyedFolder) waitForWriting(gone <-chan struct{}) {
	for {
		select {
		case <-gone:
			return
		default:
		}
		if _, err := os.Stat(filepath.Join(f.store(), badger.KeyRegistryRewriteFileName)); err == nil {
			return
		}
	}
}
