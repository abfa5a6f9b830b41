package kv

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/oklog/ulid/v2"

	"dossier/session"
	"dossier/session/storetest"
)

// openTest opens a database that the test closes.
func openTest(t testing.TB, dir string, o Options) *DB {
	t.Helper()
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := Open(dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

func TestStoreInMemory(t *testing.T) {
	storetest.Run(t, func(t *testing.T) session.Store { return openTest(t, "", Options{Memory: true}) })
}

func TestStoreOnDisk(t *testing.T) {
	storetest.Run(t, func(t *testing.T) session.Store { return openTest(t, t.TempDir(), Options{}) })
}

func mustULID(t *testing.T, id session.ID) ulid.ULID {
	t.Helper()
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func ptr[T any](v T) *T { return &v }

// randomPhoto returns bytes that do not compress, others for each size.
func randomPhoto(size int) []byte {
	data := crashPhoto(size)
	for len(data) < size {
		data = append(data, crashPhoto(len(data))...)
	}
	return append(fmt.Appendf(nil, "%d", size), data[:size]...)
}
