package session

import (
	"context"
	"time"
)

// ClaimTime is how long a claim holds after the last thing that its member did with the session.
const ClaimTime = 15 * time.Minute

// claimPulse is how often looking at a session is written down as being at work on it.
const claimPulse = time.Minute

// A Claim says who works on a session, so that two people do not take the same case. It keeps others
// from deciding, and from nothing else; they may take it over.
type Claim struct {
	Session    ID        `json:"session"`
	Company    string    `json:"company"`
	Version    int       `json:"version"` // of the session, when it was claimed
	By         string    `json:"by"`      // "member:<id>"
	Name       string    `json:"name"`    // to show
	Since      time.Time `json:"since"`
	Seen       time.Time `json:"seen"`                  // when its member last did something with the session
	AssignedBy string    `json:"assigned_by,omitempty"` // name of the master who gave it out: it then holds until the decision
}

// Holds reports whether c keeps others off the session at t.
func (c Claim) Holds(t time.Time) bool {
	return c.By != "" && (c.AssignedBy != "" || t.Sub(c.Seen) < ClaimTime)
}

// Claim takes a session that awaits action. Where somebody else has it, it is a Conflict, unless over
// names that member: then it is taken over.
func (s *Service) Claim(ctx context.Context, actor Actor, id ID, over string) (Claim, error) {
	return s.claim(ctx, actor, id, MayDecide, func(got Session, held Claim, now time.Time) (Claim, error) {
		detail := map[string]string{}
		if over == held.By && over != "" {
			detail["from"] = over
		}
		c := Claim{Session: id, Company: got.Company, Version: got.Version, By: actor.ID, Name: actor.Name, Since: now, Seen: now}
		return s.store.PutClaim(ctx, c, over, actor.Event(now, ActClaimed, got.Company, id, detail), onceOf(ctx, id))
	})
}

// Assign gives a session that awaits action to a member, whoever has it now. It is a master's.
func (s *Service) Assign(ctx context.Context, actor Actor, id ID, to Actor) (Claim, error) {
	return s.claim(ctx, actor, id, MayManage, func(got Session, held Claim, now time.Time) (Claim, error) {
		if !to.Can(MayDecide) || !to.Sees(got.Company) {
			return Claim{}, Fields{"member": "This member may not decide sessions of the company."}.Err("session.Assign")
		}
		c := Claim{Session: id, Company: got.Company, Version: got.Version, By: to.ID, Name: to.Name, Since: now, Seen: now, AssignedBy: actor.Name}
		return s.store.PutClaim(ctx, c, held.By, actor.Event(now, ActAssigned, got.Company, id, map[string]string{"to": to.ID}), onceOf(ctx, id))
	})
}

// claim has put store a claim on the session as it is, where the actor has the permission and it awaits
// action. Where the session changed in between, both look again.
func (s *Service) claim(ctx context.Context, actor Actor, id ID, p Permission, put func(got Session, held Claim, now time.Time) (Claim, error)) (Claim, error) {
	if err := actor.need("session.Claim", p); err != nil {
		return Claim{}, err
	}
	for seen := 0; ; {
		got, err := s.visible(ctx, actor, id)
		if err == nil && got.Status != AwaitingAction {
			err = conflict("session.Claim", "Only a session that awaits action can be claimed.")
		}
		if err != nil {
			return Claim{}, err
		}
		held, err := s.claimOf(ctx, id)
		if err != nil {
			return Claim{}, err
		}
		c, err := put(got, held, s.now().UTC())
		if CodeOf(err) != Conflict || got.Version == seen {
			return c, err
		}
		seen = got.Version
	}
}

// Release gives a session back: one's own, or as a master anybody's.
func (s *Service) Release(ctx context.Context, actor Actor, id ID) error {
	if err := actor.need("session.Release", MayDecide); err != nil {
		return err
	}
	got, err := s.visible(ctx, actor, id)
	if err != nil {
		return err
	}
	held, err := s.claimOf(ctx, id)
	if err != nil || held.By == "" {
		return err
	}
	if held.By != actor.ID && !actor.Can(MayManage) {
		return conflict("session.Release", held.Name+" has this session; take it over, or ask a master.")
	}
	return s.store.DropClaim(ctx, id, held.By, actor.Event(s.now().UTC(), ActReleased, got.Company, id, map[string]string{"from": held.By}), onceOf(ctx, id))
}

// ClaimOf returns who works on a session that the actor sees, the zero Claim for nobody. Looking keeps
// the actor's own claim alive.
func (s *Service) ClaimOf(ctx context.Context, actor Actor, got Session) (Claim, error) {
	if err := actor.need("session.ClaimOf", MayRead); err != nil || !actor.Sees(got.Company) || got.Status != AwaitingAction {
		return Claim{}, err
	}
	c, err := s.claimOf(ctx, got.ID)
	now := s.now().UTC()
	if err != nil || !c.Holds(now) {
		return Claim{}, err
	}
	if c.By == actor.ID && now.Sub(c.Seen) >= claimPulse {
		c.Seen = now
		return c, s.store.TouchClaim(ctx, c)
	}
	return c, nil
}

func (s *Service) claimOf(ctx context.Context, id ID) (Claim, error) {
	claims, err := s.store.Claims(ctx, []ID{id})
	return claims[id], err
}

// unclaimed is a Conflict where somebody else works on the session.
func (s *Service) unclaimed(ctx context.Context, actor Actor, id ID) error {
	c, err := s.claimOf(ctx, id)
	if err == nil && c.By != actor.ID && c.Holds(s.now()) {
		err = conflict("session.unclaimed", c.Name+" works on this session. Take it over first if you have to decide it.")
	}
	return err
}
