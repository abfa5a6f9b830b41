package kv

import (
	"errors"
	"sync"
	"testing"

	"dossier/session"
	"dossier/session/storetest"
)

func TestReadersShareAState(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	number := func(s snapshot) uint64 {
		n, err := counter(s, countKey)
		if err != nil {
			t.Error(err)
		}
		return n
	}
	err := db.view(t.Context(), "test", func(before snapshot) error {
		same := db.view(t.Context(), "test", func(s snapshot) error {
			if s.txn != before.txn {
				t.Error("two readers of one state each have their own")
			}
			return nil
		})
		commitExample(t, db, 1)
		return errors.Join(same, db.view(t.Context(), "test", func(after snapshot) error {
			if number(before) != 0 || number(after) != 1 {
				t.Errorf("%d sessions before the commit and %d after it, want 0 and 1", number(before), number(after))
			}
			return nil
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What was answered is there for whoever reads next, while others go on writing and reading.
func TestAnsweredIsRead(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	var all sync.WaitGroup
	for writer := range 16 {
		all.Go(func() {
			for n := range 20 {
				s := storetest.Example(writer*20 + n)
				if _, err := db.Commit(t.Context(), session.Change{Session: &s}); err != nil {
					t.Error(err)
				}
				if _, err := db.Session(t.Context(), s.ID); err != nil {
					t.Errorf("session %s after its commit: %v", s.ID, err)
				}
			}
		})
	}
	all.Wait()
}
