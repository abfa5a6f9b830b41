package session

import (
	"context"
	"time"
)

// Sessions that are erased one by one are taken out of the files in the background, right away and one purge
// after the other. A purge rewrites files and builds the index anew, so that a script which erases many must
// not have one for each: it rests, and the next one takes what came together meanwhile.
const (
	purgeRest  = 4                // times as long as the purge took
	purgeAgain = 10 * time.Minute // after one that failed, and twice that after the next
	purgeTries = 7                // doublings: then it is most of a day, and the nightly run sees to it as well
)

// askPurge has Work take out of the files what was erased.
func (s *Service) askPurge(actor Actor) {
	select {
	case s.purges <- actor:
	default: // one waits, which will see to it
	}
}

// keepPurging carries out the purges that are asked for, and one that an earlier process still owes, until
// ctx ends.
func (s *Service) keepPurging(ctx context.Context) {
	if owed, err := s.store.ErasureOwed(ctx); err == nil && (owed.Files || owed.Words) {
		s.askPurge(System)
	}
	for failed := 0; ; {
		select {
		case <-ctx.Done():
			return
		case actor := <-s.purges:
			began := time.Now()
			err := s.purgeSingle(ctx, actor)
			rest := purgeRest * time.Since(began)
			if failed++; err == nil {
				failed = 0
			} else {
				rest = max(rest, purgeAgain<<min(failed-1, purgeTries))
				s.askPurge(actor)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(rest):
			}
		}
	}
}

// purgeSingle is a run that erases nothing itself: it stands in the log for the sessions that were erased one
// by one since the last.
func (s *Service) purgeSingle(ctx context.Context, actor Actor) error {
	owed, err := s.store.ErasureOwed(ctx)
	erased := int(s.single.Swap(0))
	if err != nil || !owed.Files && !owed.Words && erased == 0 { // another run has done it
		return err
	}
	run, end := s.beginErasure(actor)
	defer end()
	run.Records = erased
	if err := s.store.PutErasure(ctx, run); err != nil {
		return err
	}
	err = s.purge(ctx)
	if noted := s.endErasure(ctx, actor, &run, err); err == nil {
		err = noted
	}
	return err
}
