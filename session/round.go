package session

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"dossier/sanctions"
)

const (
	runChunk   = 4000 // how many sessions a run does between two notes of how far it is
	runBatch   = 64   // how many of these it reads and writes together
	runBatches = 8    // how many batches are under way at once: while some wait for the store, others are compared
)

// fewChanges of the lists hardly change how rare a name is, however short the lists are.
const fewChanges = 100

// Reasons for which a run leaves a session out.
const (
	excludedNoPerson = "no person yet"
	excludedOpen     = "in progress: screened when finished"
	excludedCompany  = "the company does not screen"
	excludedNewer    = "came in after the run began: screened then"
	excludedGone     = "erased since"
)

// A round is a run under way.
type round struct {
	s         *Service
	run       *Run
	lists     *inForce
	part      *sanctions.Index   // what changed of the lists, where that is enough to look at; nil is all
	companies map[string]Company // as they were when the chunk began
	began     time.Time          // before the sessions were read
	nobody    Screening          // what a screening without hits says of the lists
	mu        sync.Mutex         // over run, while sessions are written
	cores     chan struct{}      // held by the batches that compute: who is served meanwhile needs some, too
}

// newRound prepares a run to begin, or to go on after its cursor.
func (s *Service) newRound(ctx context.Context, run *Run, changed *delta) (*round, error) {
	r := &round{s: s, run: run, lists: s.lists.Load(), began: s.now().UTC(), cores: make(chan struct{}, maxWorkers())}
	lists, reason := listsAt(r.lists.records, r.began, s.staleAfter)
	r.nobody = Screening{Reason: reason}
	if run.BeganAt = run.Began(); run.BeganAt.IsZero() {
		run.BeganAt = r.began
	} else if err := r.recount(ctx); err != nil { // nobody goes unscreened for a count
		s.log.Error("re-screening: what a run has found so far cannot be counted", "run", run.ID, "err", err)
	}
	if run.Cursor != "" && (run.Matcher != sanctions.MatcherVersion || !maps.Equal(hashesOf(run.Lists), hashesOf(lists))) {
		run.startOver() // or it would claim these lists for persons that met others
	}
	if run.Cursor == "" { // who comes in from now on meets these lists by himself; who came in while the run waited may have met others
		run.StartedAt = r.began
	}
	run.Delta, run.Entries = false, 0
	enough, err := s.enough(ctx, changed, r.lists)
	if err != nil {
		return nil, err
	}
	if enough {
		r.part = r.lists.index.Only(changed.keys)
		run.Delta, run.Entries = true, len(changed.keys)
	}
	run.Status, run.Matcher, run.Lists = RunRunning, sanctions.MatcherVersion, lists
	return r, s.store.PutRun(ctx, *run)
}

// enough reports whether comparing the changed entries proves as much as comparing the whole lists: the
// lists in force are those before with the changes, and everybody has met those before.
func (s *Service) enough(ctx context.Context, changed *delta, now *inForce) (bool, error) {
	if changed == nil || !maps.Equal(changed.target, now.hashes()) {
		return false, nil
	}
	if len(changed.before) == 0 { // the changes are the whole lists
		return true, nil
	}
	if n := len(changed.keys); n > fewChanges && n > now.index.Len()/10 { // other names are rare now
		return false, nil
	}
	runs, err := s.store.Runs(ctx, 200)
	for _, r := range runs {
		if r.Status == RunDone && r.Failed == 0 && r.Sessions == nil && r.Matcher == sanctions.MatcherVersion && maps.Equal(hashesOf(r.Lists), changed.before) {
			return true, err
		}
	}
	return false, err
}

// hashesOf is the SHA-256 of each list by its id.
func hashesOf(lists []ScreenedList) map[string]string {
	hashes := map[string]string{}
	for _, l := range lists {
		hashes[l.ID] = l.SHA256
	}
	return hashes
}

// all goes through the sessions in chunks, and reads one while the one before is compared; after each it
// notes how far it is.
func (r *round) all(ctx context.Context) error {
	if r.run.Sessions != nil {
		return r.named(ctx)
	}
	walk, stop := context.WithCancel(ctx)
	portions := make(chan portion)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer stop()
	after := r.run.Cursor
	reading.Go(func() {
		defer close(portions)
		r.read(walk, after, portions)
	})
	for p := range portions {
		if p.err != nil {
			return p.err
		}
		if err := r.chunk(ctx, p.sessions, p.unread); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// A portion is what was read for a chunk.
type portion struct {
	sessions []Session
	unread   []RunFailure
	err      error // the walk itself broke off
}

// read sends the sessions after one, in portions, until ctx ends.
func (r *round) read(ctx context.Context, after ID, portions chan<- portion) {
	var p portion
	send := func() bool {
		select {
		case portions <- p:
			p = portion{sessions: make([]Session, 0, runChunk)}
			return true
		case <-ctx.Done():
			return false
		}
	}
	for got, err := range r.s.store.Subjects(ctx, after) {
		switch {
		case err != nil && got.ID == "":
			p = portion{err: err}
			send()
			return
		case err != nil:
			p.unread = append(p.unread, RunFailure{got.ID, MessageOf(err)})
			r.s.log.Error("re-screening: a session cannot be read", "run", r.run.ID, "session", got.ID, "err", err)
		default:
			p.sessions = append(p.sessions, got)
		}
		if len(p.sessions)+len(p.unread) == runChunk && !send() {
			return
		}
	}
	send()
}

// named does the sessions that the run names.
func (r *round) named(ctx context.Context) error {
	r.run.startOver()
	for some := range slices.Chunk(r.run.Sessions, 100) {
		sessions, err := r.s.store.Load(ctx, some)
		if err != nil {
			return err
		}
		var unread []RunFailure
		for _, id := range missing(some, sessions) {
			if _, err := r.s.store.Session(ctx, id); CodeOf(err) == NotFound {
				r.run.count("", Coverage{Population: 1, Excluded: map[string]int{excludedGone: 1}})
			} else {
				unread = append(unread, RunFailure{id, MessageOf(err)})
			}
		}
		if err := r.chunk(ctx, sessions, unread); err != nil {
			return err
		}
	}
	return nil
}

// An outcome is what comparing one session again gave.
type outcome struct {
	excluded string
	same     bool
	failed   string
	seen     *sighting // what the matcher found of the person as read, where it is known
}

// chunk compares sessions, rewrites those whose screening comes out otherwise, and notes how far the run is.
func (r *round) chunk(ctx context.Context, sessions []Session, unread []RunFailure) error {
	if len(sessions)+len(unread) == 0 {
		return nil
	}
	var err error
	if r.companies, err = r.s.companiesBySlug(ctx); err != nil {
		return err
	}
	outcomes := make([]outcome, len(sessions))
	sideBySide((len(sessions)+runBatch-1)/runBatch, runBatches, 1, func(b int) {
		from, to := b*runBatch, min((b+1)*runBatch, len(sessions))
		r.batch(ctx, sessions[from:to], outcomes[from:to])
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	done := Confirmation{After: r.run.Cursor, At: r.began}
	for i, o := range outcomes {
		got := &sessions[i]
		c := Coverage{Population: 1}
		switch {
		case o.excluded != "":
			c.exclude(o.excluded, 1)
		case o.failed != "":
			c.Failed = 1
			r.run.fail(got.ID, o.failed)
		default:
			c.Screened = 1
		}
		if c.Screened == 0 && !got.Screening.ScreenedAt.IsZero() {
			done.Except = append(done.Except, got.ID)
		}
		r.run.count(got.Company, c)
		done.To = max(done.To, got.ID)
	}
	for _, f := range unread {
		r.run.count("", Coverage{Population: 1, Failed: 1})
		r.run.fail(f.Session, f.Why)
		done.Except, done.To = append(done.Except, f.Session), max(done.To, f.Session)
	}
	if r.run.Sessions != nil { // each was rewritten, and there is no stretch to confirm
		return r.s.store.PutRun(ctx, *r.run)
	}
	r.run.Cursor = done.To
	if err = r.s.store.Advance(context.WithoutCancel(ctx), *r.run, done); err != nil {
		r.run.startOver() // how far it is is not on record, and neither is who was confirmed
	}
	return err
}
