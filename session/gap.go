package session

import (
	"context"
	"fmt"
	"time"
)

// lateAfter is for how long the index may be behind what was written before searches say so.
const lateAfter = 10 * time.Second

// Gap says in words why searches may leave out sessions that they should find, or "" where they find all: until
// the index is built, after it was lost or damaged and in a restored folder, and while it is behind for longer
// than [lateAfter]. Ask before the search: between the two the gap may close. How many sessions there are is for
// those who see all companies; others get it as a share.
func (s *Service) Gap(ctx context.Context, actor Actor) string {
	if actor.need("session.Gap", MayRead) != nil {
		return ""
	}
	switch {
	case s.index.NeedsRebuild():
		all, err := s.store.Count(ctx)
		if err == nil && all == 0 {
			return "" // a first start: there is nobody to miss
		}
		s.catchUp.ring() // a search may have found the damage, and the indexer waits for writes
		state := "is being built" + progress(s.index.Progress(), all, actor.Everyone)
		if again := s.catchUp.rests(); !again.IsZero() {
			state = "could not be built, and is tried again at " + again.UTC().Format("15:04:05") + " UTC. The log of the server says why"
		}
		return "The search index " + state + ". Until it is complete, lists, counts and searches show only part of the sessions, or none: who is not found may be here all the same. No list can be exported until then."
	case s.catchUp.late():
		return "The search index is behind. Until it has caught up, sessions that came in or changed lately may be missing from lists, counts and searches. No list can be exported until then."
	}
	return ""
}

// progress says how far a build is: in sessions, or as a share.
func progress(done, all int, counted bool) string {
	switch done = min(done, all); {
	case all == 0: // it could not be counted
		return ""
	case counted:
		return fmt.Sprintf(": %s of %s sessions so far", thousands(done), thousands(all))
	}
	return fmt.Sprintf(": %d %% so far", done*100/all)
}

// thousands writes n with a comma at the thousands.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// whole is an error where a search had a gap: for what must be all that there is, or nothing.
func whole(op, gap string) error {
	if gap == "" {
		return nil
	}
	return &Error{Code: Unavailable, Op: op, Message: gap}
}

// Whole is an error where the page may leave sessions out, see [Service.Gap].
func (p Page) Whole() error { return whole("session.Find", p.Gap) }
