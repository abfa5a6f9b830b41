package kv

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/oklog/ulid/v2"

	"dossier/session"
	"dossier/session/storetest"
)

// A bulk on a damaged database takes no key for absent that a look would find: a walk passes over what stands
// behind the damage, and a session would be written over.
func TestBulkOnDamageRulesNothingOut(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{})
	var changes []session.Change
	for n := range 300 {
		s := storetest.Example(n)
		s.Photos = nil
		changes = append(changes, session.Change{Session: &s, Once: &session.Once{Key: string(s.ID)}})
	}
	if _, err := db.CommitAll(ctx, changes); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	for _, table := range tables {
		whole, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for at := 1; at < 40; at++ {
			rewrite(t, table, func(data []byte) []byte { data[len(data)*at/40] ^= 1; return data })
			db, err := Open(dir, Options{Bulk: true, AsIs: true})
			if err == nil {
				wrong, once := 0, 0
				for _, c := range changes {
					id := ulid.MustParse(string(c.Session.ID))
					if _, err := db.Session(ctx, c.Session.ID); err == nil && db.known.absent(sessionKey(id)) {
						wrong++
					}
					k := of(atOnce).last(c.Once.Key)
					_ = db.view(ctx, "test", func(s snapshot) error {
						if _, there, err := s.get(k); err == nil && there && db.known.absent(k) {
							once++
						}
						return nil
					})
				}
				if wrong+once > 0 {
					t.Errorf("damage at %d/40: %d sessions and %d idempotency keys that are there are taken for absent", at, wrong, once)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			rewrite(t, table, func([]byte) []byte { return whole })
		}
	}
}
