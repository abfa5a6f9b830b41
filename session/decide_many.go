package session

import "context"

// MaxPicked bounds how many sessions are decided at once.
const MaxPicked = 200

// A Picked is a session that was chosen from a list, at the version that the reviewer saw.
type Picked struct {
	ID      ID
	Version int
}

// An Outcome is what became of one of many.
type Outcome struct {
	Session Session // as it is now; only the ID where it cannot be read
	Err     error   // why it was not done
}

// DecideMany gives the same decision to many sessions: each by itself, under its own version and with its
// own audit event, so that one that changed meanwhile stays as it is and the others are done.
func (s *Service) DecideMany(ctx context.Context, actor Actor, picked []Picked, d Decision) ([]Outcome, error) {
	if err := actor.need("session.DecideMany", MayDecide); err != nil {
		return nil, err
	}
	d.Version = 1
	if err := d.check(); err != nil { // what is wrong with all of them
		return nil, err
	}
	if len(picked) == 0 || len(picked) > MaxPicked {
		return nil, Fields{"pick": "Choose 1 to 200 sessions."}.Err("session.DecideMany")
	}
	outcomes := make([]Outcome, len(picked))
	for i, p := range picked {
		d.Version = max(p.Version, 1)
		got, err := s.Decide(ctx, actor, p.ID, d)
		if err != nil {
			if now, getErr := s.visible(ctx, actor, p.ID); getErr == nil {
				got = now
			}
		}
		got.ID = p.ID
		outcomes[i] = Outcome{Session: got, Err: err}
	}
	return outcomes, ctx.Err()
}
