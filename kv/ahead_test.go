package kv

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
)

// largeChange writes more than three transactions take, replaces some of what there was and deletes some.
func largeChange(t *tx) error {
	for n := range 3000 {
		k := of(atOnce).number(uint64(n))
		switch n % 3 {
		case 0:
			t.set(k, []byte(strings.Repeat("new ", 700)))
		case 1:
			t.setFor(k, []byte(strings.Repeat("for a day ", 200)), 24*time.Hour)
		default:
			t.delete(k)
		}
	}
	return nil
}

// withOld is a database with something that largeChange changes.
func withOld(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.steps(t.Context(), "test", 3000, func(t *tx, n int) error {
		t.set(of(atOnce).number(uint64(n)), []byte("old"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// contents says what is stored under each key, and until about when.
func contents(t *testing.T, db *DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := db.view(t.Context(), "test", func(s snapshot) error {
		for k, item := range s.scan(span{}) {
			value, err := item.ValueCopy(nil)
			if err != nil {
				return err
			}
			all[string(k)] = fmt.Sprint(item.ExpiresAt()/3600, " ", len(value), checksum(nil, value))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLargeChangeCutOff: a change of several transactions is there whole after a crash at any moment since it
// was written ahead, and not at all after one before.
func TestLargeChangeCutOff(t *testing.T) {
	straight := withOld(t, t.TempDir())
	if err := straight.update(t.Context(), "test", largeChange); err != nil {
		t.Fatal(err)
	}
	want := contents(t, straight)
	if _, left := want[string(aheadKey)]; left || len(want) < 2000 {
		t.Errorf("%d keys after the change, and what was written ahead is there: %t", len(want), left)
	}
	if err := straight.Close(); err != nil {
		t.Fatal(err)
	}
	for parts, more := 0, true; more; parts++ { // that reached the disk
		dir := t.TempDir()
		db := withOld(t, dir)
		change := &tx{writes: writes{}, inline: db.writer.inline}
		if err := largeChange(change); err != nil {
			t.Fatal(err)
		}
		entries := slices.Collect(maps.Values(change.writes))
		first, err := ahead(entries)
		if err == nil {
			err = db.writer.commit(first)
		}
		for range parts {
			if n := db.writer.fitting(entries); err == nil {
				err = db.writer.commit(entries[:n])
				entries = entries[n:]
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if more = len(entries) > 0; !more && parts < 3 {
			t.Errorf("the change takes %d transactions, want several", parts)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if got := contents(t, openTest(t, dir, Options{})); !maps.Equal(got, want) {
			t.Errorf("cut off after %d parts: %d keys, want %d as after the whole change", parts, len(got), len(want))
		}
	}
}

// TestNobodySeesHalfOfALargeChange: who reads while it is written gets the state before, or all of it.
func TestNobodySeesHalfOfALargeChange(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	done := make(chan error, 1)
	go func() { done <- db.update(t.Context(), "test", largeChange) }()
	for over := false; !over; {
		select {
		case err := <-done:
			if over = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
		if n := records(t, db, atOnce); n != 2000 && (n != 0 || over) || records(t, db, atAhead) != 0 {
			t.Fatalf("%d of 2000 keys are seen", n)
		}
	}
}

// TestDamagedAhead: what cannot be finished keeps nobody from opening the database, and is found by who checks it.
func TestDamagedAhead(t *testing.T) {
	dir := t.TempDir()
	db := withOld(t, dir)
	if err := db.writer.commit([]*badger.Entry{badger.NewEntry(aheadKey, []byte("torn"))}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	if n := records(t, db, atOnce); n != 3000 {
		t.Errorf("%d keys, want all 3000 as they were", n)
	}
	if !isSealed(aheadKey) {
		t.Error("doctor does not look at what was written ahead")
	}
	if err := db.update(t.Context(), "test", largeChange); err != nil {
		t.Errorf("the next large change: %v", err)
	}
	if records(t, db, atAhead) != 0 {
		t.Error("the damaged one is still there after the next one")
	}
}

// TestKeyTooLong: it is refused by itself.
func TestKeyTooLong(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	err := db.update(t.Context(), "test", func(t *tx) error { t.set(of(atOnce).bytes(make([]byte, maxKey)), nil); return nil })
	if session.CodeOf(err) != session.TooLarge {
		t.Errorf("a key of %d bytes: %.200v, want TooLarge", maxKey+1, err)
	}
}
