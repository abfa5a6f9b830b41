package session

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"dossier/sanctions"
)

// A round is a run under way.
type round struct {
	s         *Service
	run       *Run
	lists     *inForce
	index     *sanctions.Index // the whole lists, or only what changed of them
	only      map[entryKey]bool
	companies map[string]Company
}

func (s *Service) newRound(ctx context.Context, run *Run, keys []sanctions.Key) (*round, error) {
	r := &round{s: s, run: run, lists: s.lists.Load(), companies: map[string]Company{}}
	r.index = r.lists.index
	if keys != nil {
		r.index = r.index.Only(keys)
		r.only = map[entryKey]bool{}
		for _, k := range keys {
			r.only[entryKey{k.List, k.ID}] = true
		}
	}
	lists, _ := listsAt(r.lists.records, s.now().UTC(), s.staleAfter)
	if run.Cursor != "" && (run.Matcher != sanctions.MatcherVersion || !slices.EqualFunc(run.Lists, lists, sameList)) {
		run.startOver() // or it would claim these lists for persons that met others
	}
	if run.Excluded == nil {
		run.Excluded = map[string]int{}
	}
	run.Entries, run.Lists = len(keys), lists
	run.Status, run.Matcher = RunRunning, sanctions.MatcherVersion
	all, err := s.store.AllCompanies(ctx)
	for _, c := range all {
		r.companies[c.Slug] = c
	}
	return r, err
}

func sameList(a, b ScreenedList) bool { return a.ID == b.ID && a.SHA256 == b.SHA256 }

// startOver forgets how far the run was.
func (r *Run) startOver() {
	*r = Run{ID: r.ID, Trigger: r.Trigger, By: r.By, Status: r.Status, StartedAt: r.StartedAt, Alerts: r.Alerts}
}

// all goes through the sessions in chunks; after each it notes how far it is.
func (r *round) all(ctx context.Context) error {
	chunk := make([]Session, 0, runChunk)
	for got, err := range r.s.store.All(ctx, r.run.Cursor) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.run.Population++
			r.run.Failed++
			r.s.log.Error("re-screening: a session cannot be read", "run", r.run.ID, "err", err)
			continue
		}
		if chunk = append(chunk, got); len(chunk) == runChunk {
			if err := r.chunk(ctx, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return r.chunk(ctx, chunk)
}

// An outcome is what screening one session again gave.
type outcome struct {
	excluded string
	same     bool
}

func (r *round) chunk(ctx context.Context, sessions []Session) error {
	if len(sessions) == 0 {
		return nil
	}
	outcomes := r.screenAll(ctx, sessions)
	var same []ID
	for i, o := range outcomes {
		r.run.Population++
		switch {
		case o.excluded != "":
			r.run.Excluded[o.excluded]++
		case o.same:
			same = append(same, sessions[i].ID)
			r.run.Screened++
		default:
			if err := r.rewrite(ctx, sessions[i].ID); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				r.run.Failed++
				r.s.log.Error("re-screening: a session cannot be written", "run", r.run.ID, "session", sessions[i].ID, "err", err)
				continue
			}
			r.run.Screened++
		}
	}
	if err := r.s.store.Confirm(ctx, r.run.ID, same); err != nil {
		return err
	}
	r.run.Cursor = sessions[len(sessions)-1].ID
	return r.s.store.PutRun(ctx, *r.run)
}

// screenAll compares the sessions on all cores; it writes nothing.
func (r *round) screenAll(ctx context.Context, sessions []Session) []outcome {
	outcomes := make([]outcome, len(sessions))
	const share = 100
	var done sync.WaitGroup
	slots := make(chan struct{}, maxWorkers())
	for start := 0; start < len(sessions); start += share {
		slots <- struct{}{}
		done.Go(func() {
			defer func() { <-slots }()
			for i := start; i < min(start+share, len(sessions)); i++ {
				outcomes[i] = r.compare(ctx, sessions[i])
			}
		})
	}
	done.Wait()
	return outcomes
}

func (r *round) compare(ctx context.Context, got Session) outcome {
	company := r.companies[got.Company]
	switch {
	case !company.Settings.Screen:
		return outcome{excluded: excludedCompany}
	case got.Status == InProgress:
		return outcome{excluded: excludedOpen}
	case got.screenable() != "":
		return outcome{excluded: excludedNoPerson}
	case got.CreatedAt.After(r.run.StartedAt) && !got.Screening.ScreenedAt.Before(r.run.StartedAt):
		return outcome{excluded: excludedNewer}
	}
	after := got
	var c Change
	err := r.s.screenWith(ctx, &after, company, r.run.ID, r.lists, r.hits(got, company), &c) // a failure shows when it is written
	return outcome{same: err == nil && got.Screening.sameAs(after.Screening)}
}

// hits are what the person meets now. A run over changed entries keeps the hits of all others.
func (r *round) hits(got Session, company Company) []sanctions.Hit {
	found := r.index.Screen(got.screened(), company.Settings.matching())
	if r.only == nil {
		return found
	}
	for _, h := range got.Screening.Hits {
		if !r.only[h.key()] {
			found = append(found, h.Hit)
		}
	}
	slices.SortStableFunc(found, func(a, b sanctions.Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return found[:min(len(found), maxHits)]
}

// sameAs reports whether two screenings found the same, whenever they were made.
func (s Screening) sameAs(o Screening) bool {
	return s.Status == o.Status && s.Reason == o.Reason && s.Person == o.Person && s.Matcher == o.Matcher &&
		slices.EqualFunc(s.Hits, o.Hits, func(a, b Hit) bool {
			return a.key() == b.key() && a.Score == b.Score && a.EntryHash == b.EntryHash && a.Disposition.State == b.Disposition.State
		})
}

// rewrite stores the new screening of a session, raises its alerts, and leaves its decision alone.
func (r *round) rewrite(ctx context.Context, id ID) error {
	var found tally
	got, err := r.s.change(ctx, System, id, 0, func(got *Session) (Change, error) {
		company, before := r.companies[got.Company], got.Screening
		var c Change
		if err := r.s.screenWith(ctx, got, company, r.run.ID, r.lists, r.hits(*got, company), &c); err != nil {
			return c, err
		}
		got.Screening.Run = r.run.ID
		found = tallyOf(before, got.Screening)
		now := r.s.now().UTC()
		c.Events = append([]Event{System.Event(now, ActScreened, got.Company, got.ID, map[string]string{
			"run": r.run.ID, "status": string(got.Screening.Status), "new": fmt.Sprint(found.new), "gone": fmt.Sprint(found.gone)})}, c.Events...)
		for _, e := range c.Events {
			if e.Action == ActAlert {
				found.alerts++
			}
		}
		return c, r.follow(ctx, got, found, now)
	})
	if err == nil {
		r.run.NewHits += found.new
		r.run.Changed += found.changed
		r.run.Gone += found.gone
		r.run.Alerts += found.alerts
		r.s.log.Debug("re-screened", "session", got.ID, "status", got.Screening.Status)
	}
	return err
}

// follow brings the findings of an undecided session up to date, and writes a note on new hits.
func (r *round) follow(ctx context.Context, got *Session, found tally, now time.Time) error {
	if found.new > 0 {
		h := found.best
		got.note(System, now, NoteComment, fmt.Sprintf("Re-screening found %d new hit(s); the best is %s on %s, score %.2f.", found.new, h.Name, h.List, h.Score))
	}
	if got.Status != AwaitingAction {
		return nil
	}
	return r.s.findAgain(ctx, got)
}

// A tally counts how the hits of two screenings differ.
type tally struct {
	new, changed, gone, alerts int
	best                       Hit // of the new ones
}

func tallyOf(before, after Screening) tally {
	var t tally
	old := byAlert(before.Hits)
	for _, h := range after.Hits {
		was, known := old[h.Alert]
		delete(old, h.Alert)
		if !known {
			if t.new == 0 {
				t.best = h
			}
			t.new++
		} else if was.EntryHash != h.EntryHash || was.Score != h.Score {
			t.changed++
		}
	}
	t.gone = len(old)
	return t
}
