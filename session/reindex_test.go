package session_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

// A busy store is written to while all of it is read, and notes how many marks it is asked for at once.
type busy struct {
	*kv.DB
	meanwhile func()
	once      sync.Once
	most      int
}

func (b *busy) Marks(ctx context.Context, n int) ([]session.Mark, error) {
	b.most = max(b.most, n)
	return b.DB.Marks(ctx, n)
}

func (b *busy) All(ctx context.Context, after session.ID) iter.Seq2[session.Session, error] {
	all := b.DB.All(ctx, after)
	return func(yield func(session.Session, error) bool) {
		for s, err := range all {
			b.once.Do(b.meanwhile) // what is read is as it was before
			if !yield(s, err) {
				return
			}
		}
	}
}

// TestReindex takes in what was there when it began, by marks in stretches, and leaves what came meanwhile
// to be taken in after it.
func TestReindex(t *testing.T) {
	const sessions = 9000
	d := newDesk(t)
	var changes []session.Change
	for range sessions {
		s := session.Session{ID: session.NewID(d.now()), Company: "acme", Status: session.Success, CreatedAt: d.now(), UpdatedAt: d.now()}
		changes = append(changes, session.Change{Session: &s})
	}
	for len(changes) > 0 {
		n := min(len(changes), 1000)
		if _, err := d.db.CommitAll(t.Context(), changes[:n]); err != nil {
			t.Fatal(err)
		}
		changes = changes[n:]
	}
	store := &busy{DB: d.db, meanwhile: func() { d.doubtful() }}
	svc := session.NewService(session.Options{Store: store, Index: d.index, Now: d.now})
	if err := svc.Reindex(t.Context(), session.System); err != nil {
		t.Fatal(err)
	}
	if n, err := d.db.Backlog(t.Context()); n != 1 || err != nil {
		t.Errorf("after the rebuild %d sessions wait, %v; want the one that came meanwhile", n, err)
	}
	if store.most > sessions/2 {
		t.Errorf("it asks for %d marks at once", store.most)
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := d.Find(t.Context(), session.System, session.Query{}); err != nil || found.Total != sessions+1 {
		t.Errorf("found are %d sessions, %v; want %d", found.Total, err, sessions+1)
	}
}

// A lost index is broken until it is built anew.
type lost struct {
	*index.Index
	broken atomic.Bool
}

func (l *lost) NeedsRebuild() bool { return l.broken.Load() || l.Index.NeedsRebuild() }

func (l *lost) Rebuild(ctx context.Context, all iter.Seq2[session.Session, error]) error {
	defer l.broken.Store(false)
	return l.Index.Rebuild(ctx, all)
}

// TestIndexCannotBeBuilt: what searches say is true while it is tried and between two tries.
func TestIndexCannotBeBuilt(t *testing.T) {
	d := newDesk(t)
	d.ingest(session.Submission{Company: "acme"})
	ix := &unbuildable{Index: d.index, tries: make(chan error)}
	svc := session.NewService(session.Options{Store: d.db, Index: ix, Now: d.now})
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { svc.Work(ctx) })
	t.Cleanup(working.Wait)
	t.Cleanup(stop)
	says := func(want string) {
		t.Helper()
		got := ""
		for end := time.Now().Add(20 * time.Second); !strings.Contains(got, want); time.Sleep(time.Millisecond) {
			if got = svc.Gap(t.Context(), session.System); time.Now().After(end) {
				t.Fatalf("it says %q, want %q", got, want)
			}
		}
	}
	says("is being built: 0 of 1 sessions so far. Until")
	ix.tries <- errors.New("no space left on device")
	says("could not be built, and is tried again at 12:00:01 UTC. The log of the server says why. Until")
	ix.tries <- errors.New("no space left on device") // the next try is under way
	says("could not be built, and is tried again at 12:00:02 UTC")
}

// An unbuildable index is never built: a try takes until somebody says how it ends.
type unbuildable struct {
	*index.Index
	tries chan error
}

func (*unbuildable) NeedsRebuild() bool { return true }

func (u *unbuildable) Rebuild(ctx context.Context, _ iter.Seq2[session.Session, error]) error {
	select {
	case err := <-u.tries:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestIndexLostAtRest: an index that a search finds broken is built anew, though nobody writes.
func TestIndexLostAtRest(t *testing.T) {
	d := newDesk(t)
	d.ingest(session.Submission{Company: "acme"})
	ix := &lost{Index: d.index}
	svc := session.NewService(session.Options{Store: d.db, Index: ix, Now: d.now})
	var working sync.WaitGroup
	working.Go(func() { svc.Work(t.Context()) })
	t.Cleanup(working.Wait)
	whole := func() bool { return svc.Gap(t.Context(), session.System) == "" }
	for !whole() {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // it has come to rest
	ix.broken.Store(true)
	if whole() {
		t.Error("a search is whole while the index is broken")
	}
	for end := time.Now().Add(20 * time.Second); !whole(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the index was not built anew")
		}
	}
}
