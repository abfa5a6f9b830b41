package kv

import (
	"testing"
	"time"
)

// TestMergesRest stores the fill of some memory tables while each merge would rest for a day after a table:
// merges do rest, and writers do not wait for that.
func TestMergesRest(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(dir, Options{small: true, Paced: true})
	if err != nil {
		t.Fatal(err)
	}
	rested := func() bool {
		db.pace.mu.Lock()
		defer db.pace.mu.Unlock()
		db.pace.rest = 24 * time.Hour
		return !db.pace.next.IsZero()
	}
	const size = valueThreshold - 1000 // stays in the tables
	var photos []string
	for n := 0; !rested() || n < memTableSize/size; n++ {
		if n > 30*memTableSize/size {
			t.Fatal("no merge rested: Badger does not say that it made a table as it did, or the topmost level was always full")
		}
		hash, err := db.PutPhoto(t.Context(), randomPhoto(size-n%1000))
		if err != nil {
			t.Fatal(err)
		}
		photos = append(photos, hash)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	for _, hash := range photos {
		if _, err := db.Photo(t.Context(), hash); err != nil {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

// TestPaceReleased closes a database while a merge rests.
func TestPaceReleased(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	p := newPace()
	p.rest = 24 * time.Hour
	p.hold(db.badger)
	ended := make(chan struct{})
	go func() { defer close(ended); p.heard(madeTable + " 3 keys") }()
	select {
	case <-ended:
		t.Error("it did not rest")
	case <-time.After(mergeRest):
	}
	p.release()
	<-ended
}

// TestPaceOwesLittle: rests that were broken off, because writers came to wait, do not add up for later merges.
func TestPaceOwesLittle(t *testing.T) {
	p := newPace()
	p.rest = time.Hour
	for range 1000 {
		p.turn()
	}
	if most := time.Now().Add(mergersAtOnce * p.rest); p.turn().After(most.Add(time.Minute)) {
		t.Errorf("the next table waits until %s", p.next)
	}
}
