package session

import (
	"context"
	"strings"
	"time"
)

// Hold sets the legal hold, for a reason, or lifts it: a session on hold is never erased.
func (s *Service) Hold(ctx context.Context, actor Actor, id ID, hold bool, reason string) (Session, error) {
	if err := actor.need("session.Hold", MayDecide); err != nil {
		return Session{}, err
	}
	var bad Fields
	checkText(&bad, "reason", reason, maxLongText)
	if hold && strings.TrimSpace(reason) == "" {
		bad.Add("reason", "Say what the session is held for, such as the number of the case.")
	}
	if err := bad.Err("session.Hold"); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, 0, func(got *Session) (Change, error) {
		if got.Retention.Hold == hold {
			return Change{}, errNothing
		}
		now, r := s.now().UTC(), &got.Retention
		r.Hold, r.HoldBy, r.HoldAt, r.HoldReason = hold, actor.ID, now, strings.TrimSpace(reason)
		state := "set"
		if !hold {
			r.HoldBy, r.HoldAt, r.HoldReason, state = "", time.Time{}, "", "lifted"
		}
		return Change{Events: []Event{actor.Event(now, ActHold, got.Company, id, map[string]string{"hold": state})}}, nil
	})
}
