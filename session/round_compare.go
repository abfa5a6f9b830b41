package session

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"dossier/sanctions"
)

// compareAll compares the sessions of a batch; it writes nothing.
func (r *round) compareAll(ctx context.Context, sessions []Session, outcomes []outcome) {
	for i := range sessions {
		err := guarded(func() error {
			outcomes[i] = r.compare(ctx, &sessions[i])
			return nil
		})
		if err != nil {
			outcomes[i] = outcome{failed: MessageOf(err)}
			r.s.log.Error("re-screening: a session cannot be compared", "run", r.run.ID, "session", sessions[i].ID, "err", err)
		}
	}
}

// sideBySide calls do for 0 to n-1, in shares, by so many workers at once.
func sideBySide(n, workers, share int, do func(i int)) {
	var done sync.WaitGroup
	slots := make(chan struct{}, workers)
	for start := 0; start < n; start += share {
		slots <- struct{}{}
		done.Go(func() {
			defer func() { <-slots }()
			for i := start; i < min(start+share, n); i++ {
				do(i)
			}
		})
	}
	done.Wait()
}

// guarded turns a panic of do into an error: one session must end neither the run nor, at every start
// anew, the process.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("session: re-screening panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

func (r *round) compare(ctx context.Context, got *Session) outcome {
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
	if r.run.Sessions != nil { // they failed: what they hold is written anew
		return outcome{}
	}
	person, o, was := got.screened(), company.Settings.matching(), &got.Screening
	quiet := len(was.Hits) == 0 && !was.ScreenedAt.IsZero() && was.Matcher == sanctions.MatcherVersion && was.Threshold == o.Threshold &&
		slices.Equal(was.WeakMuted, o.WeakNeedMore) && was.Status == r.nobody.outcome() && was.Reason == r.nobody.Reason
	if quiet && r.part != nil && len(r.part.Screen(person, o)) == 0 { // a person who changes is screened at once
		return outcome{same: true}
	}
	if !quiet && len(was.Hits) == 0 { // it is written anew whatever is found
		seen := r.lists.look(person, company)
		return outcome{seen: &seen}
	}
	hits := r.lists.index.Screen(person, o)
	if len(hits) == 0 && len(was.Hits) == 0 {
		return outcome{same: was.Person == person.Fingerprint()}
	}
	after := *got
	var c Change
	err := r.s.screenWith(ctx, &after, company, r.run.ID, r.lists, sighting{hits: hits}, &c) // a failure shows when it is written
	return outcome{same: err == nil && got.Screening.sameAs(after.Screening)}
}

// sameAs reports whether two screenings found the same, whenever they were made.
func (s Screening) sameAs(o Screening) bool {
	return s.Status == o.Status && s.Reason == o.Reason && s.Person == o.Person && s.Matcher == o.Matcher && s.Threshold == o.Threshold &&
		slices.Equal(s.WeakMuted, o.WeakMuted) && slices.EqualFunc(s.Hits, o.Hits, func(a, b Hit) bool {
		return a.key() == b.key() && a.Score == b.Score && a.EntryHash == b.EntryHash && a.Disposition.State == b.Disposition.State
	})
}
