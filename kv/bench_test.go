package kv

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/session"
	"dossier/session/storetest"
)

// BenchmarkCommit measures durable commits of new sessions of 3 KB with an event each, by so many
// callers at once. Each waits for its answer before it sends the next.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 16, 64, 128} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			db := openTest(b, b.TempDir(), Options{})
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range callers {
				all.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						commitExample(b, db, int(n))
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

func commitExample(tb testing.TB, db *DB, n int) session.Session {
	s := storetest.Example(n)
	s, err := db.Commit(tb.Context(), session.Change{Session: &s,
		Events: []session.Event{session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)}})
	if err != nil {
		tb.Error(err)
	}
	return s
}

// seeded returns a database with DOSSIER_BENCH_SESSIONS sessions, 20,000 unless set, and their ids.
func seeded(b *testing.B) (*DB, []session.ID) {
	n, err := strconv.Atoi(os.Getenv("DOSSIER_BENCH_SESSIONS"))
	if err != nil {
		n = 20_000
	}
	db := openTest(b, b.TempDir(), Options{})
	ids := make([]session.ID, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				ids[i] = commitExample(b, db, int(i)).ID
			}
		})
	}
	all.Wait()
	return db, ids
}

func BenchmarkSession(b *testing.B) {
	db, ids := seeded(b)
	n := 0
	for b.Loop() {
		if _, err := db.Session(b.Context(), ids[n*7919%len(ids)]); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

func BenchmarkAll(b *testing.B) {
	db, ids := seeded(b)
	for b.Loop() {
		n := 0
		for _, err := range db.All(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(ids) {
			b.Fatalf("All gives %d sessions, want %d", n, len(ids))
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(ids))/b.Elapsed().Seconds(), "sessions/s")
}

func BenchmarkMarks(b *testing.B) {
	db, _ := seeded(b)
	for { // as the index does: look, index, clear
		marks, err := db.Marks(b.Context(), 1000)
		if err != nil {
			b.Fatal(err)
		}
		if len(marks) == 0 {
			break
		}
		if err := db.ClearMarks(b.Context(), marks); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := db.Marks(b.Context(), 1000); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUpgrade brings the database in DOSSIER_BENCH_DATA, which it changes, to today's schema: run it
// once, on a copy.
func BenchmarkUpgrade(b *testing.B) {
	dir := os.Getenv("DOSSIER_BENCH_DATA")
	if dir == "" {
		b.Skip("DOSSIER_BENCH_DATA names no database")
	}
	for b.Loop() {
		db := openTest(b, dir, Options{})
		n, err := db.Count(b.Context())
		if err != nil || n == 0 {
			b.Fatalf("%d sessions, %v", n, err)
		}
		b.ReportMetric(float64(n), "sessions")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkErase measures erasures, sixteen at once as a run does them, of sessions that were changed lately,
// while there are 20,000 idempotency records and as many messages to webhooks.
func BenchmarkErase(b *testing.B) {
	b.Setenv("DOSSIER_BENCH_SESSIONS", strconv.Itoa(max(b.N, 1000))) // or one of them would have more than an erasure takes
	db, ids := seeded(b)
	err := db.steps(b.Context(), "test", 20_000, func(t *tx, n int) error {
		about, at := ids[n%len(ids)], time.UnixMilli(int64(n))
		if err := t.once("test", &session.Once{Key: "key/" + strconv.Itoa(n), Hash: strings.Repeat("h", 64), Session: about}); err != nil {
			return err
		}
		return t.putDelivery("test", session.Delivery{ID: string(session.NewID(at)), Webhook: "hook", Session: about, State: session.DeliveryDone, Next: at})
	})
	if err != nil {
		b.Fatal(err)
	}
	db.now = func() time.Time { return storetest.Example(0).UpdatedAt } // all were changed lately
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range 16 {
		all.Go(func() {
			for n := next.Add(1) - 1; n < int64(b.N); n = next.Add(1) - 1 {
				if err := db.Erase(b.Context(), ids[n], 1); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
}
