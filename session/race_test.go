package session_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/kv"
	"dossier/sanctions"
	"dossier/session"
)

// A slowStore is the real store, in which something happens right before the next session is committed.
type slowStore struct {
	*kv.DB
	mu     sync.Mutex
	before func()
}

func (s *slowStore) Commit(ctx context.Context, c session.Change) (session.Session, error) {
	s.mu.Lock()
	before := s.before
	s.before = nil
	s.mu.Unlock()
	if before != nil {
		before()
	}
	return s.DB.Commit(ctx, c)
}

const listV2 = listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n"

// TestAListThatComesBetweenScreeningAndCommit: the run over stored persons cannot see the session yet,
// so the session itself must be compared again.
func TestAListThatComesBetweenScreeningAndCommit(t *testing.T) {
	d := newDesk(t)
	d.drain()
	store := &slowStore{DB: d.db}
	svc := session.NewService(session.Options{Store: store, Index: d.index, Now: d.now})
	if err := svc.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	store.before = func() {
		d.pass(time.Minute)
		if _, err := svc.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custom", Source: "v2", Raw: []byte(listV2)}); err != nil {
			t.Error(err)
		}
		if err := svc.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	}
	got, err := svc.Ingest(t.Context(), session.System, session.Intake{Submission: good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1))})
	if err != nil {
		t.Fatal(err)
	}
	stored := d.get(got.ID)
	if stored.Screening.Status != session.PotentialMatch || got.Version != stored.Version {
		t.Errorf("stored as %s v%d, answered v%d: the new list was missed", stored.Screening.Status, stored.Version, got.Version)
	}
	if open := d.alerts(session.DispositionOpen); len(open) != 1 {
		t.Errorf("%d alerts", len(open))
	}
}

// TestAResumedRunComparesWithOneSetOfLists: what was done before the lists changed is done again, or
// the run would claim lists that it never met.
func TestAResumedRunComparesWithOneSetOfLists(t *testing.T) {
	d := newDesk(t)
	d.drain()
	first := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	d.pass(time.Second)
	d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 2)))
	d.pass(time.Hour)
	run, err := d.Rescreen(t.Context(), session.System, "manual")
	if err != nil {
		t.Fatal(err)
	}
	records, err := d.Lists(session.System)
	if err != nil {
		t.Fatal(err)
	}
	run.Status, run.Cursor, run.Population, run.Screened = session.RunRunning, first.ID, 1, 1 // as a crash leaves it
	run.Matcher, run.Lists = sanctions.MatcherVersion, []session.ScreenedList{{ID: "custom", SHA256: records[0].SHA256}}
	if err := d.db.PutRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	d.load(listV2)
	d.drain()
	done, err := d.RunRecord(t.Context(), session.System, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantCoverage(t, done)
	if done.Population != 2 || done.Screened != 2 || done.NewHits != 1 {
		t.Errorf("the resumed run is %+v", done)
	}
}

// A brokenOff store takes a run's sessions, and the first time not how far the run is.
type brokenOff struct {
	*kv.DB
	broke bool
	kill  context.CancelFunc // ends the process then; nil goes on
}

func (b *brokenOff) Advance(ctx context.Context, r session.Run, c session.Confirmation) error {
	if b.broke {
		return b.DB.Advance(ctx, r, c)
	}
	if b.broke = true; b.kill != nil {
		b.kill()
	}
	return &session.Error{Code: session.Unavailable, Op: "test", Message: "This was not stored."}
}

// TestARunCountsWhatItFoundBeforeItBrokeOff: the sessions that it has rewritten come out the same when it
// does them again, and what it found of them counts all the same, once.
func TestARunCountsWhatItFoundBeforeItBrokeOff(t *testing.T) {
	for name, killed := range map[string]bool{"killed": true, "failed and resumed": false} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.drain()
			d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
			d.ingest(good(t, person("ORLINDO", "BRASTEMAR", "1970-06-07", 2)))
			d.ingest(good(t, person("TERENCE", "QUILLFEATHER", "1955-01-01", 3)))
			d.ingest(good(t, person("GRETA", "UNRELATED", "1991-01-01", 4)))
			d.pass(time.Minute)
			d.load(strings.NewReplacer("Orlindo Brastemar,,1970", "Orlindo Brastemar,,1970-06-07", "X-3,person,Terence", "X-5,person,Theodor").Replace(listV2))
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			broken := &brokenOff{DB: d.db}
			if killed {
				broken.kill = kill
			}
			svc := session.NewService(session.Options{Store: broken, Index: d.index, Now: d.now})
			start := func() {
				t.Helper()
				if err := svc.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			start()
			if err := svc.Drain(ctx); (err != nil) != killed {
				t.Fatalf("the run that broke off: %v", err)
			}
			was := d.lastRun()
			if open := d.alerts(session.DispositionOpen); len(open) != 2 || was.Status == session.RunDone || was.Population != 0 {
				t.Fatalf("%d open alerts, and the run that broke off is %+v", len(open), was)
			}
			d.pass(time.Minute)
			if killed {
				svc = session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now})
				start()
			} else if _, err := svc.Resume(t.Context(), session.System, was.ID); err != nil {
				t.Fatal(err)
			}
			if err := svc.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			done := d.lastRun()
			wantCoverage(t, done)
			want := session.Coverage{Population: 4, Screened: 4, NewHits: 1, Changed: 1, Gone: 1, Alerts: 1}
			if done.ID != was.ID || !reflect.DeepEqual(done.Coverage, want) || !reflect.DeepEqual(*done.Companies["acme"], want) {
				t.Errorf("the resumed run is %+v, want %+v", done, want)
			}
		})
	}
}
