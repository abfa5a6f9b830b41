package session

import "context"

// maxPassed bounds how many sessions that others have a search for the next case passes over.
const maxPassed = 500

// Neighbour returns the session next to id in the list that q gives: the older one that comes after it,
// or the newer one before it. At the end of the list it is "".
func (s *Service) Neighbour(ctx context.Context, actor Actor, q Query, id ID, newer bool) (ID, error) {
	if err := actor.need("session.Neighbour", MayRead); err != nil {
		return "", err
	}
	q.Companies = within(actor, q.Companies)
	return s.index.Neighbour(ctx, q, id, newer)
}

// NextCase claims the next session of the queue that q gives for the actor, starting after the session
// not, and going round: one that awaits action, that nobody else works on and that does not wait for
// somebody else's approval. What the actor held at not is given back. It returns "" when there is none.
func (s *Service) NextCase(ctx context.Context, actor Actor, q Query, not ID) (ID, error) {
	if err := actor.need("session.NextCase", MayDecide); err != nil {
		return "", err
	}
	s.catchUp.wait(ctx)
	q.Status, q.Cursor = []Status{AwaitingAction}, ""
	q.Companies = within(actor, q.Companies)
	at, wrapped := not, not == ""
	if wrapped {
		at = newestID
	}
	for range maxPassed {
		next, err := s.index.Neighbour(ctx, q, at, false)
		if err != nil {
			return "", err
		}
		if next == "" && !wrapped {
			wrapped, at = true, newestID
			continue
		}
		if next == "" || next == not {
			return "", nil
		}
		taken, err := s.takeCase(ctx, actor, next)
		if err != nil {
			return "", err
		}
		if taken {
			return next, s.leave(ctx, actor, not)
		}
		at = next
	}
	return "", nil
}

// newestID comes after every id that there is.
const newestID ID = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

// takeCase claims a session for the actor, if it is free and there is something to decide.
func (s *Service) takeCase(ctx context.Context, actor Actor, id ID) (bool, error) {
	got, err := s.visible(ctx, actor, id)
	if CodeOf(err) == NotFound || err == nil && (got.Status != AwaitingAction || got.Proposal != nil && got.Proposal.By == actor.ID) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = s.Claim(ctx, actor, id, "")
	if CodeOf(err) == Conflict {
		return false, nil
	}
	return err == nil, err
}

// leave gives back what the actor claimed and went on from; what a master gave out stays.
func (s *Service) leave(ctx context.Context, actor Actor, id ID) error {
	if id == "" {
		return nil
	}
	c, err := s.claimOf(ctx, id)
	if err != nil || c.By != actor.ID || c.AssignedBy != "" {
		return err
	}
	return s.store.DropClaim(ctx, id, actor.ID, actor.Event(s.now().UTC(), ActReleased, c.Company, id, nil), nil)
}
