package kv

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sys/unix"

	"dossier/session"
	"dossier/session/storetest"
)

// filesWith names the files below dir that hold a marker, as it is or compressed as tables are, by marker.
func filesWith(t *testing.T, dir string, markers map[string][]byte) map[string][]string {
	t.Helper()
	for {
		found := map[string][]string{}
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == reserveName {
				return err
			}
			for what, marker := range markers {
				if held, err := fileHolds(path, marker); err != nil {
					return err
				} else if held {
					found[what] = append(found[what], d.Name())
				}
			}
			return nil
		})
		if errors.Is(err, os.ErrNotExist) { // Badger merged it into others meanwhile, which may have been passed over
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// fileHolds reads the parts of a file that are on disk: the logs are mostly holes.
func fileHolds(path string, marker []byte) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	for from := int64(0); ; {
		from, err = unix.Seek(int(f.Fd()), from, unix.SEEK_DATA)
		if err != nil { // there is no more
			return false, nil
		}
		to, err := unix.Seek(int(f.Fd()), from, unix.SEEK_HOLE)
		if err != nil {
			return false, err
		}
		data := make([]byte, to-from)
		if _, err := f.ReadAt(data, from); err != nil {
			return false, err
		}
		if bytes.Contains(data, marker) || tableHolds(data, marker) {
			return true, nil
		}
		from = to
	}
}

// tableHolds looks into the compressed blocks of a table.
func tableHolds(data, marker []byte) bool {
	magic := []byte{0x28, 0xB5, 0x2F, 0xFD}
	for at := bytes.Index(data, magic); at >= 0; {
		frame := data[at:min(len(data), at+2*blockSize)]
		plain, _ := decompress(frame, 2*blockSize) // with what comes after it: an error, and what it holds
		if bytes.Contains(plain, marker) {
			return true
		}
		next := bytes.Index(data[at+1:], magic)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

// TestErasedLeavesTheFiles looks for a name, a number and a photo in all files, before and after an
// erasure. What others have stays, a photo that two share included.
func TestErasedLeavesTheFiles(t *testing.T) {
	dir, ctx, now := t.TempDir(), t.Context(), time.Now()
	db := openTest(t, dir, Options{Now: func() time.Time { return now }, small: true})
	stay, leave := storetest.Example(1), storetest.Example(2)
	leave.Person.LastName, leave.Person.DocumentNumber = "Zzyzxleaver", "ZZLEAVES7"
	photos := map[string][]byte{}
	for name, size := range map[string]int{"large": 1_200_000, "small": 20_000, "shared": 300_000} {
		photos[name] = randomPhoto(size)
	}
	put := func(s *session.Session, names ...string) {
		s.Photos = nil
		for _, name := range names {
			sum, err := db.PutPhoto(ctx, photos[name])
			if err != nil {
				t.Fatal(err)
			}
			s.Photos = append(s.Photos, session.Photo{Kind: session.OtherPhoto, SHA256: sum})
		}
		var err error
		if *s, err = db.Commit(ctx, session.Change{Session: s}); err != nil {
			t.Fatal(err)
		}
	}
	put(&stay, "shared")
	put(&leave, "shared", "large", "small")
	for n := range 300 { // so that the tables have more than one block
		s := storetest.Example(100 + n)
		put(&s)
	}
	markers := map[string][]byte{"name": []byte("Zzyzxleaver"), "number": []byte("ZZLEAVES7"), "large photo": photos["large"][700_000:700_100], "small photo": photos["small"][9_000:9_100]}
	before := filesWith(t, dir, markers)
	for what := range markers {
		if len(before[what]) == 0 {
			t.Fatalf("the %s is in no file before the erasure: the test would prove nothing", what)
		}
	}
	now = now.Add(2 * time.Hour)
	if err := db.Erase(ctx, leave.ID, leave.Version); err != nil {
		t.Fatal(err)
	}
	if err := db.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	for what, files := range filesWith(t, dir, markers) {
		t.Errorf("the %s is still in %v", what, files)
	}
	if owed, err := db.ErasureOwed(ctx); owed.Files || err != nil {
		t.Errorf("after the purge there is more to purge: %v, %v", owed, err)
	}
	for _, p := range stay.Photos {
		if data, err := db.Photo(ctx, p.SHA256); err != nil || !bytes.Equal(data, photos["shared"]) {
			t.Errorf("the photo of the session that stays: %d bytes, %v", len(data), err)
		}
	}
	if n := wholeSessionsOf(t, db); n != 301 {
		t.Errorf("%d sessions, want 301", n)
	}
}

// TestErasedSoonAfterIntake erases a session whose photo was handed in a moment ago, which another intake may
// be about to show. The purge says that it is still there until it is not.
func TestErasedSoonAfterIntake(t *testing.T) {
	dir, ctx, now := t.TempDir(), t.Context(), time.Now()
	db := openTest(t, dir, Options{Now: func() time.Time { return now }, small: true})
	data := randomPhoto(300_000)
	marker := map[string][]byte{"photo": data[100_000:100_100]}
	sum, err := db.PutPhoto(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Example(1)
	s.Photos = []session.Photo{{Kind: session.OtherPhoto, SHA256: sum}}
	if s, err = db.Commit(ctx, session.Change{Session: &s}); err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(ctx, s.ID, s.Version); err != nil {
		t.Fatal(err)
	}
	var logs []string
	for _, later := range []time.Duration{0, 30 * time.Minute} {
		now = now.Add(later)
		if err := db.Purge(ctx); session.CodeOf(err) != session.Unavailable {
			t.Errorf("a purge while the photo is kept: %v, want Unavailable", err)
		}
		had := logs
		if logs, err = db.valueLogs(); err != nil || later > 0 && !slices.Equal(logs, had) {
			t.Errorf("a purge that can only wait rewrote the files: %v, %v before it, %v", logs, had, err)
		}
		if owed, err := db.ErasureOwed(ctx); !owed.Files || err != nil || len(filesWith(t, dir, marker)) == 0 {
			t.Errorf("the photo is kept and not owed: %v, %v", owed, err)
		}
	}
	now = now.Add(31 * time.Minute)
	if err := db.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	if owed, err := db.ErasureOwed(ctx); owed.Files || err != nil {
		t.Errorf("after the purge there is more to purge: %v, %v", owed, err)
	}
	if files := filesWith(t, dir, marker); len(files) > 0 {
		t.Errorf("the photo is still in %v", files)
	}
}

// TestWrittenAheadLeavesTheFiles looks for what was written ahead of a large change when that is over.
func TestWrittenAheadLeavesTheFiles(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{small: true})
	first, err := ahead([]*badger.Entry{badger.NewEntry(of(atOnce).last("large"), randomPhoto(400_000))})
	if err != nil {
		t.Fatal(err)
	}
	marker := map[string][]byte{"note": bytes.Clone(first[0].Value[200_000:200_100])}
	if err := db.writer.commit(first); err != nil {
		t.Fatal(err)
	}
	if len(filesWith(t, dir, marker)) == 0 {
		t.Fatal("what was written ahead is in no file: the test would prove nothing")
	}
	if err := db.writer.follow(nil); err != nil {
		t.Fatal(err)
	}
	if err := db.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if files := filesWith(t, dir, marker); len(files) > 0 {
		t.Errorf("what was written ahead is still in %v", files)
	}
}

// TestErasedDuringAPurge: what was erased after a purge had begun is owed when it ends.
func TestErasedDuringAPurge(t *testing.T) {
	ctx, first, second := t.Context(), storetest.Example(1), storetest.Example(2)
	db := openTest(t, t.TempDir(), Options{small: true})
	for _, s := range []*session.Session{&first, &second} {
		s.Photos = nil
		var err error
		if *s, err = db.Commit(ctx, session.Change{Session: s}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Erase(ctx, first.ID, first.Version); err != nil {
		t.Fatal(err)
	}
	begun, err := db.debt(ctx, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(ctx, second.ID, second.Version); err != nil {
		t.Fatal(err)
	}
	if err := db.settle(ctx, "test", begun.deleted); err != nil {
		t.Fatal(err)
	}
	if owed, err := db.ErasureOwed(ctx); !owed.Files || err != nil {
		t.Errorf("the second erasure is not owed: %+v, %v", owed, err)
	}
	if err := db.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	if owed, err := db.ErasureOwed(ctx); owed.Files || err != nil {
		t.Errorf("after its purge there is more to purge: %+v, %v", owed, err)
	}
}

// wholeSessionsOf reads every session.
func wholeSessionsOf(t *testing.T, db *DB) (n int) {
	t.Helper()
	for _, err := range db.All(t.Context(), "") {
		if err != nil {
			t.Error(err)
		}
		n++
	}
	return n
}

// TestPurgeWithAReader keeps a reader of an older state through the first purge: it says that something
// is left, and the next one finishes.
func TestPurgeWithAReader(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{small: true})
	s := storetest.Example(1)
	s.Person.LastName = "Zzyzxleaver"
	s, err := db.Commit(ctx, session.Change{Session: &s})
	if err != nil {
		t.Fatal(err)
	}
	db.Commit(ctx, session.Change{Session: ptr(storetest.Example(2))})
	for range db.All(ctx, "") { // reads the state before the erasure, until it is left
		if err := db.Erase(ctx, s.ID, s.Version); err != nil {
			t.Fatal(err)
		}
		if err := db.Purge(ctx); session.CodeOf(err) != session.Unavailable {
			t.Errorf("a purge while somebody reads: %v, want Unavailable", err)
		}
		break
	}
	if owed, err := db.ErasureOwed(ctx); !owed.Files || err != nil {
		t.Errorf("what is left is not owed: %v, %v", owed, err)
	}
	if err := db.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	if files := filesWith(t, dir, map[string][]byte{"name": []byte("Zzyzxleaver")}); len(files) > 0 {
		t.Errorf("the name is still in %v", files)
	}
}
