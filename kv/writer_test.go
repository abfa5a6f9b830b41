package kv

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"dossier/session"
	"dossier/session/storetest"
)

// Sessions of 50 KB by 200 callers make batches of several times Badger's limit.
func TestBatchesAreSplit(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	const callers = 200
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			s := storetest.Example(n)
			s.Extra = map[string]any{"essay": strings.Repeat("x", 50_000)}
			if _, err := db.Commit(t.Context(), session.Change{Session: &s, Events: []session.Event{{Action: session.ActCreated}}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := wholeSessions(t, db); n != callers {
		t.Errorf("%d sessions, want %d", n, callers)
	}
}

func TestTooMuchAtOnceIsRefused(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{small: true})
	events := make([]session.Event, 4000)
	for i := range events {
		events[i] = session.Event{Action: session.ActViewed, Detail: map[string]string{"page": strings.Repeat("x", 1000)}}
	}
	err := db.Record(t.Context(), events...)
	if session.CodeOf(err) != session.TooLarge {
		t.Errorf("4 MB of events: %v, want TooLarge", err)
	}
	if err := db.Record(t.Context(), events[:100]...); err != nil {
		t.Errorf("100 KB of events: %v", err)
	}
	if n := wholeChain(t, db); n != 100 {
		t.Errorf("%d events, want 100: nothing of what was refused", n)
	}
}

func TestLargeSessionGoesToTheValueLog(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	s := storetest.Example(1)
	s.Extra = map[string]any{"essay": strings.Repeat("long ", 1_000_000)}
	if _, err := db.Commit(t.Context(), session.Change{Session: &s}); err != nil {
		t.Fatal(err)
	}
	got, err := db.Session(t.Context(), s.ID)
	if err != nil || len(got.Extra["essay"].(string)) != 5_000_000 {
		t.Errorf("a session of 5 MB does not come back: %v", err)
	}
}

func TestPanicInOneChangeSparesTheOthers(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	err := db.update(t.Context(), "test", func(tx *tx) error {
		tx.set(of(atOnce).last("half"), []byte("x"))
		panic("a slip")
	})
	if session.CodeOf(err) != session.Internal || !strings.Contains(err.Error(), "a slip") {
		t.Errorf("the change that panicked: %v", err)
	}
	commitExample(t, db, 1)
	err = db.view(t.Context(), "test", func(s snapshot) error {
		if _, ok, err := s.get(of(atOnce).last("half")); ok || err != nil {
			t.Errorf("the change that panicked left something: %v, %v", ok, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingIsWrittenAfterBadgerFailed(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	s := commitExample(t, db, 1)
	cause := errors.New("input/output error")
	db.writer.broken.Store(&cause)
	_, err := db.Commit(t.Context(), session.Change{Session: &s})
	if session.CodeOf(err) != session.Unavailable || !errors.Is(err, cause) {
		t.Errorf("Commit: %v, want Unavailable with the cause", err)
	}
	if err := db.Writable(t.Context()); session.CodeOf(err) != session.Unavailable {
		t.Errorf("Writable: %v, want Unavailable", err)
	}
	if _, err := db.Session(t.Context(), s.ID); err != nil {
		t.Errorf("reading must go on: %v", err)
	}
}

// A change that runs while another is on its way to the disk builds on that one. It is answered after it, and
// when the other does not get there, it runs again without it.
func TestChangeOnTopOfOneUnderWay(t *testing.T) {
	full := &session.Error{Code: session.NoSpace}
	for name, test := range map[string]struct {
		outcome error
		saw     []string // of the first change's key, each time that the second one ran
	}{
		"stored": {nil, []string{"first"}},
		"full":   {full, []string{"first", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, "", Options{Memory: true})
			underWay, outcome := make(chan struct{}), make(chan error)
			db.writer.room = func(int64) error { underWay <- struct{}{}; return <-outcome }
			var all sync.WaitGroup
			answers := make(chan string, 3)
			begin := func(name string, want session.Code, f func(t *tx) error) {
				all.Go(func() {
					err := db.update(t.Context(), "test", f)
					if session.CodeOf(err) != want {
						t.Errorf("the %s change: %v, want %q", name, err, want)
					}
					answers <- name
				})
			}
			k := of(atOnce).last("first")
			begin("first", session.CodeOf(test.outcome), func(tx *tx) error { tx.set(k, []byte("first")); return nil })
			<-underWay
			var saw []string
			ran := make(chan struct{}, 2)
			begin("second", "", func(tx *tx) error {
				value, _, err := tx.get(k)
				saw = append(saw, string(value))
				if keys := tx.keys(of(atOnce)); len(keys) > 1 || len(keys) == 1 != (len(value) > 0) {
					t.Errorf("the keys are %q where the value is %q", keys, value)
				}
				tx.set(of(atOnce).last("second"), value)
				ran <- struct{}{}
				return err
			})
			<-ran
			if len(answers) > 0 {
				t.Errorf("the %s change is answered before anything is stored", <-answers)
			}
			outcome <- test.outcome
			<-underWay
			if who := <-answers; who != "first" {
				t.Errorf("the %s change is answered first", who)
			}
			outcome <- nil
			all.Wait()
			if !slices.Equal(saw, test.saw) {
				t.Errorf("the second change saw %q, want %q", saw, test.saw)
			}
			err := db.view(t.Context(), "test", func(s snapshot) error {
				value, ok, err := s.get(of(atOnce).last("second"))
				if last := test.saw[len(test.saw)-1]; !ok || string(value) != last {
					t.Errorf("the second change stored %q, %t, want %q", value, ok, last)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Who is refused because of a change of the same batch is told so when that one is stored, and not before.
func TestRefusedByOneUnderWay(t *testing.T) {
	for want, outcome := range map[session.Code]error{session.Conflict: nil, session.NoSpace: &session.Error{Code: session.NoSpace}} {
		db := openTest(t, "", Options{Memory: true})
		underWay, release := make(chan struct{}), make(chan error)
		db.writer.room = func(int64) error { underWay <- struct{}{}; return <-release }
		var all sync.WaitGroup
		ran := make(chan struct{}, 3)
		write := func(name string) error {
			return db.update(t.Context(), "test", func(tx *tx) error {
				defer func() { ran <- struct{}{} }()
				return tx.once("test", &session.Once{Key: name})
			})
		}
		all.Go(func() { _ = write("other") })
		<-underWay // so that the next two share a batch
		refused := make(chan error, 2)
		for range 2 {
			all.Go(func() { refused <- write("same") })
		}
		for range 3 {
			<-ran
		}
		release <- nil
		<-underWay
		release <- outcome
		first, second := <-refused, <-refused
		if first == nil {
			first, second = second, first
		}
		if session.CodeOf(first) != want || session.CodeOf(second) != session.CodeOf(outcome) {
			t.Errorf("where the batch ends with %v, the answers are %v and %v", outcome, first, second)
		}
		all.Wait()
	}
}

// A caller who gives up while the change waits: the writer passes it over.
func TestCancelledWhileWaiting(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	begun, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = db.update(t.Context(), "test", func(*tx) error { close(begun); <-release; return nil })
	})
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error, 1)
	ran := false
	all.Go(func() { cancelled <- db.update(ctx, "test", func(*tx) error { ran = true; return nil }) })
	for len(db.writer.ops) == 0 { // until it waits
	}
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled change: %v", err)
	}
	close(release)
	all.Wait()
	commitExample(t, db, 1) // after it in the queue
	if ran {
		t.Error("the change ran although its caller was told that it did not")
	}
}

func TestCloseEndsWalksAndRefusesMore(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	for n := range 1000 {
		commitExample(t, db, n)
	}
	inside, closed := make(chan struct{}), make(chan error, 1)
	go func() { <-inside; closed <- db.Close() }()
	var last error
	met := 0
	for _, err := range db.All(t.Context(), "") {
		if met++; met == 1 {
			close(inside)
			<-db.gate.closed
		}
		last = err
	}
	if session.CodeOf(last) != session.Unavailable {
		t.Errorf("the walk met %d sessions and ended with %v, want Unavailable", met, last)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	_, err := db.Session(t.Context(), "01J00000000000000000000000")
	if session.CodeOf(err) != session.Unavailable {
		t.Errorf("Session after Close: %v, want Unavailable", err)
	}
	if err := db.Record(t.Context(), session.Event{}); session.CodeOf(err) != session.Unavailable {
		t.Errorf("Record after Close: %v, want Unavailable", err)
	}
}

func TestHead(t *testing.T) {
	for _, h := range []head{{}, {version: 1, mark: 1 << 40, keys: [][]byte{{}, {1, 2}, bytes.Repeat([]byte("k"), 300)}}} {
		got, rest, err := splitHead(append(h.encode(), "{}"...))
		if err != nil || string(rest) != "{}" || got.version != h.version || got.mark != h.mark || len(got.keys) != len(h.keys) {
			t.Errorf("splitHead gives %+v, %q, %v; want %+v", got, rest, err, h)
		}
	}
}

// FuzzHead: a head that splits encodes to the same bytes, and nothing makes it panic.
func FuzzHead(f *testing.F) {
	f.Add(head{version: 3, mark: 7, keys: [][]byte{{'o'}, {'n', 0}}}.encode())
	f.Add([]byte{1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, rest, err := splitHead(b)
		if err != nil {
			return
		}
		again, _, err := splitHead(h.encode())
		if err != nil || again.version != h.version || len(again.keys) != len(h.keys) || len(rest) > len(b) {
			t.Errorf("%x splits to %+v, which splits to %+v, %v", b, h, again, err)
		}
	})
}

// FuzzUnseal: only what seal made for that key comes back.
func FuzzUnseal(f *testing.F) {
	f.Add([]byte("k"), seal([]byte("k"), []byte("content")))
	f.Add([]byte("other"), seal([]byte("k"), []byte("content")))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		content, err := unseal(key, value)
		if err == nil && !bytes.Equal(seal(key, content), value) {
			t.Errorf("%x under %x unseals to %x, which seals otherwise", value, key, content)
		}
	})
}
