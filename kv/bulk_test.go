package kv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"dossier/session"
	"dossier/session/storetest"
)

func TestStoreInBulk(t *testing.T) {
	storetest.Run(t, func(t *testing.T) session.Store { return openTest(t, "", Options{Bulk: true, Memory: true}) })
}

// TestCrashOfABulk opens what a crash of a bulk leaves, which is more than fits into the usual memory tables,
// in every way in which it may be opened next.
func TestCrashOfABulk(t *testing.T) {
	crashed, ids, photos := crashedBulk(t)
	cutOff := copyFolder(t, crashed) // by a second crash, while what the first one left was read
	for _, log := range glob(t, cutOff, "*.mem") {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(log, int64(len(strings.TrimRight(string(data), "\x00")))); err != nil {
			t.Fatal(err)
		}
	}
	for name, of := range map[string]struct {
		dir  string
		next Options
	}{"as usual": {crashed, Options{}}, "for a look": {crashed, Options{AsIs: true}}, "once more": {crashed, Options{Bulk: true}}, "cut off": {cutOff, Options{}}} {
		t.Run(name, func(t *testing.T) {
			dir, stored := copyFolder(t, of.dir), slices.Clone(ids)
			for _, o := range []Options{of.next, {}} {
				db, err := Open(dir, o)
				if err != nil {
					t.Fatal(err)
				}
				if found, err := db.Load(t.Context(), stored); err != nil || len(found) != len(stored) {
					t.Errorf("%d of %d sessions are there, %v", len(found), len(stored), err)
				}
				for _, sum := range photos {
					if _, err := db.Photo(t.Context(), sum); err != nil {
						t.Fatalf("a photo: %v", err)
					}
				}
				if !o.AsIs {
					stored = append(stored, commitPlain(t, db, len(stored)).ID)
				}
				if v, err := db.Verify(t.Context(), nil); err != nil || len(v.Problems) > 0 {
					t.Errorf("%+v, %v", v, err)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// crashedBulk is a folder as it was while a bulk had it open, with what that had stored.
func crashedBulk(t *testing.T) (dir string, ids []session.ID, photos []string) {
	db := openTest(t, t.TempDir(), Options{Bulk: true})
	const size = valueThreshold - 1000 // stays in the tables
	photos = make([]string, 2*memTableSize/size)
	var all errgroup.Group
	for n := range photos {
		all.Go(func() (err error) {
			photos[n], err = db.PutPhoto(context.WithoutCancel(t.Context()), randomPhoto(size-n))
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		ids = append(ids, commitPlain(t, db, n).ID)
	}
	return copyFolder(t, db.space.dir), ids, photos
}

func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s in %s, %v", pattern, dir, err)
	}
	return files
}

func copyFolder(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestBulkIsMergedLater stores more tables than the usual profile lets be, and finds all of it afterwards.
func TestBulkIsMergedLater(t *testing.T) {
	dir := t.TempDir()
	var ids []session.ID
	for n := range 8 {
		db, err := Open(dir, Options{Bulk: true})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, commitPlain(t, db, n).ID)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := openTest(t, dir, Options{})
	ids = append(ids, commitPlain(t, db, len(ids)).ID)
	if found, err := db.Load(t.Context(), ids); err != nil || len(found) != len(ids) {
		t.Errorf("%d of %d sessions are there, %v", len(found), len(ids), err)
	}
	if v, err := db.Verify(t.Context(), nil); err != nil || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// commitPlain stores the nth example without its photos.
func commitPlain(t *testing.T, db *DB, n int) session.Session {
	t.Helper()
	s := storetest.Example(n)
	s.Photos = nil
	s, err := db.Commit(t.Context(), session.Change{Session: &s,
		Events: []session.Event{session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTwinsInBulk compares what a bulk finds with what the database finds as usual: right after each answer,
// while others write, and for numbers from before the bulk began.
func TestTwinsInBulk(t *testing.T) {
	const sessions, numbers = 600, 250
	example := func(n int) session.Session {
		s := storetest.Example(n)
		s.Company = "acme"
		s.Person.DocumentNumber, s.Person.PersonalNumber = fmt.Sprintf("D-%d", n%numbers), fmt.Sprintf("P %d", n%(numbers+7))
		return s
	}
	dir := t.TempDir()
	for from := 0; from < sessions; from += sessions / 3 {
		db, err := Open(dir, Options{Bulk: from > 0})
		if err != nil {
			t.Fatal(err)
		}
		var all errgroup.Group
		for n := from; n < from+sessions/3; n++ {
			all.Go(func() error {
				s := example(n)
				if _, err := db.Commit(context.Background(), session.Change{Session: &s}); err != nil {
					return err
				}
				twins, err := db.Twins(context.Background(), s.Company, s.Person.DocumentNumber, "", "")
				if err != nil || !has(twins, s.ID) {
					return fmt.Errorf("session %d was answered, and is no twin by its document: %+v, %w", n, twins, err)
				}
				twins, err = db.Twins(context.Background(), s.Company, "", s.Person.PersonalNumber, "")
				if err != nil || !has(twins, s.ID) {
					return fmt.Errorf("session %d was answered, and is no twin by its personal number: %+v, %w", n, twins, err)
				}
				return nil
			})
		}
		if err := all.Wait(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	found := map[bool][][]session.Twin{}
	for _, bulk := range []bool{false, true} {
		db, err := Open(dir, Options{Bulk: bulk})
		if err != nil {
			t.Fatal(err)
		}
		for n := range sessions + numbers {
			s := example(n)
			twins, err := db.Twins(t.Context(), s.Company, s.Person.DocumentNumber, s.Person.PersonalNumber, s.ID)
			if err != nil {
				t.Fatal(err)
			}
			found[bulk] = append(found[bulk], twins)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(found[true], found[false]) || len(found[true][0]) < 2 {
		t.Errorf("a bulk finds other twins: %v, as usual %v", found[true], found[false])
	}
}

func has(twins []session.Twin, id session.ID) bool {
	for _, t := range twins {
		if t.ID == id {
			return true
		}
	}
	return false
}
