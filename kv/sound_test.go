package kv

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/session"
	"dossier/session/storetest"
)

// damagedTable makes a database with a damaged block in a table, of which the start needs nothing.
func damagedTable(t *testing.T) (dir, table string) {
	t.Helper()
	dir = filled(t, 3)
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	for _, table := range tables {
		whole, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for at := 200; at+64 < len(whole); at += 2048 {
			rewrite(t, table, func(data []byte) []byte { clear(data[at : at+64]); return data })
			if db, err := Open(dir, Options{AsIs: true}); err == nil {
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				return dir, table
			}
			rewrite(t, table, func([]byte) []byte { return whole })
		}
	}
	t.Fatal("every damage keeps the database from being opened")
	return "", ""
}

// A damaged table is told by the check and by a backup, which Badger's walks pass over without a word; a look
// at the database leaves the table as it is.
func TestDamagedTableIsTold(t *testing.T) {
	dir, table := damagedTable(t)
	before, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	db := openTest(t, dir, Options{AsIs: true})
	if err := db.Check(t.Context()); session.CodeOf(err) != session.Internal || !strings.Contains(err.Error(), "table of the database is damaged") {
		t.Errorf("Check: %v", err)
	}
	var file bytes.Buffer
	if b, err := db.Backup(t.Context(), &file, "test"); err != nil || b.Damaged == 0 {
		t.Errorf("Backup: %+v, %v; want damages", b, err)
	}
	if v, err := db.Verify(t.Context(), nil); err != nil || v.Problems[PartTables].Count == 0 {
		t.Errorf("Verify: %+v, %v", v, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(table); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the table was changed or merged: %v", err)
	}
}

// A damaged block of a table costs the sessions in it, which are named; those behind it in the table are read.
func TestDamagedBlockCostsOnlyItsOwn(t *testing.T) {
	const sessions = 300
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{})
	var changes []session.Change
	for n := range sessions {
		s := storetest.Example(n)
		s.Photos = nil
		changes = append(changes, session.Change{Session: &s})
	}
	if _, err := db.CommitAll(ctx, changes); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	costly := false
	for _, table := range tables {
		whole, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, table, func(data []byte) []byte { data[len(data)/2] ^= 1; return data })
		db := openTest(t, dir, Options{AsIs: true})
		read, lost := map[session.ID]bool{}, []session.ID{}
		for s, err := range db.All(ctx, "") {
			switch {
			case err == nil:
				read[s.ID] = true
			case s.ID == "":
				t.Errorf("%s: %v", table, err)
			default:
				lost = append(lost, s.ID)
			}
		}
		if len(read)+len(lost) != sessions || len(lost) > sessions/4 {
			t.Errorf("%s: %d sessions are read, %d are named as lost, of %d", table, len(read), len(lost), sessions)
		}
		for _, id := range lost {
			costly = true
			if _, err := db.Session(ctx, id); session.CodeOf(err) != session.Internal {
				t.Errorf("the lost session %s: %v, want that it is damaged", id, err)
			}
		}
		if v, err := db.Verify(ctx, nil); err != nil || len(lost) > 0 && !strings.Contains(strings.Join(v.Problems[PartSessions].First, "\n"), string(lost[0])) {
			t.Errorf("Verify does not name %s: %+v, %v", lost[0], v.Problems[PartSessions], err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		rewrite(t, table, func([]byte) []byte { return whole })
	}
	if !costly {
		t.Error("no damage has cost a session")
	}
}

// What a damage has cost is told even when no table is damaged any more.
func TestLossIsTold(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, t.TempDir(), Options{})
	lost := commitExample(t, db, 1)
	commitExample(t, db, 2)
	if err := db.Check(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.update(ctx, "test", func(tx *tx) error { tx.delete(sessionKey(mustULID(t, lost.ID))); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := db.Check(ctx); session.CodeOf(err) != session.Internal || !strings.Contains(session.MessageOf(err), "sessions are missing") {
		t.Errorf("Check: %v", err)
	}
	var file bytes.Buffer
	if b, err := db.Backup(ctx, &file, "test"); err != nil || b.Damaged != 1 {
		t.Errorf("Backup: %+v, %v; want one damage", b, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := db.Check(ended); err == nil {
		t.Error("a check that was told to end finds nothing")
	}
}
