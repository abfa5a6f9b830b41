package kv

import (
	"context"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// claimFor is after how long a claim that nobody looks at goes away by itself.
const claimFor = 24 * time.Hour

func claimKey(id ulid.ULID) key { return of(atClaim).session(id) }

// PutClaim stores c, see session.Claims.
func (db *DB) PutClaim(ctx context.Context, c session.Claim, over string, e session.Event, once *session.Once) (session.Claim, error) {
	const op = "kv.PutClaim"
	id, err := ulid.ParseStrict(string(c.Session))
	if err != nil {
		return session.Claim{}, notFound(op, "session")
	}
	put := c
	err = db.update(ctx, op, func(t *tx) error {
		put = c // a second run starts anew
		if h, err := storedHead(t, op, id); err != nil {
			return err
		} else if h.version == 0 || h.version != c.Version {
			return conflict(op, "This session changed meanwhile. Look at it again.")
		}
		var held session.Claim
		if _, err := getJSON(t, op, claimKey(id), &held); err != nil {
			return err
		}
		events := []session.Event{e}
		switch {
		case held.By == c.By && held.Holds(c.Seen) && c.AssignedBy == "":
			put.Since, put.AssignedBy, events = held.Since, held.AssignedBy, nil
		case held.By != c.By && held.By != over && held.Holds(c.Seen):
			return conflict(op, held.Name+" works on this session already.")
		}
		if err := t.putClaim(id, put); err != nil {
			return err
		}
		if err := t.once(op, once); err != nil {
			return err
		}
		return t.record(op, events)
	})
	return put, err
}

// putClaim stores a claim; one that a master gave out stays until it is taken away.
func (t *tx) putClaim(id ulid.ULID, c session.Claim) error {
	value, err := sealJSON(claimKey(id), c)
	if err != nil {
		return err
	}
	if c.AssignedBy != "" {
		t.set(claimKey(id), value)
	} else {
		t.setFor(claimKey(id), value, claimFor)
	}
	return nil
}

// TouchClaim keeps a claim alive, see session.Claims.
func (db *DB) TouchClaim(ctx context.Context, c session.Claim) error {
	const op = "kv.TouchClaim"
	id, err := ulid.ParseStrict(string(c.Session))
	if err != nil {
		return notFound(op, "session")
	}
	return db.update(ctx, op, func(t *tx) error {
		var held session.Claim
		if _, err := getJSON(t, op, claimKey(id), &held); err != nil || held.By != c.By {
			return err
		}
		held.Seen = c.Seen
		return t.putClaim(id, held)
	})
}

// DropClaim takes a member's claim away, see session.Claims.
func (db *DB) DropClaim(ctx context.Context, id session.ID, by string, e session.Event, once *session.Once) error {
	const op = "kv.DropClaim"
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return notFound(op, "session")
	}
	return db.update(ctx, op, func(t *tx) error {
		var held session.Claim
		if _, err := getJSON(t, op, claimKey(u), &held); err != nil || held.By != by {
			return err
		}
		t.delete(claimKey(u))
		if err := t.once(op, once); err != nil {
			return err
		}
		return t.record(op, []session.Event{e})
	})
}

// Claims returns the claims on sessions, by session.
func (db *DB) Claims(ctx context.Context, ids []session.ID) (map[session.ID]session.Claim, error) {
	const op = "kv.Claims"
	claims := map[session.ID]session.Claim{}
	err := db.view(ctx, op, func(s snapshot) error {
		for _, id := range ids {
			u, err := ulid.ParseStrict(string(id))
			if err != nil {
				continue
			}
			var c session.Claim
			there, err := getJSON(s, op, claimKey(u), &c)
			if err != nil {
				return err
			}
			if there {
				claims[id] = c
			}
		}
		return nil
	})
	return claims, err
}

// ClaimsBy returns the claims of a member, newest session first.
func (db *DB) ClaimsBy(ctx context.Context, member string) ([]session.Claim, error) {
	all, err := list[session.Claim](ctx, db, "kv.ClaimsBy", span{prefix: of(atClaim), reverse: true}, 0)
	return slices.DeleteFunc(all, func(c session.Claim) bool { return c.By != member }), err
}

// Preferences returns what a member chose.
func (db *DB) Preferences(ctx context.Context, member string) (p session.Preferences, err error) {
	const op = "kv.Preferences"
	err = db.view(ctx, op, func(s snapshot) error {
		_, err := getJSON(s, op, of(atPreferences).last(member), &p)
		return err
	})
	p.Member = member
	return p, err
}

// PutPreferences stores what a member chose. It returns Conflict unless the stored version is p's.
func (db *DB) PutPreferences(ctx context.Context, p session.Preferences) error {
	const op = "kv.PutPreferences"
	if err := checkName("member", p.Member); err != nil {
		return err
	}
	k := of(atPreferences).last(p.Member)
	return db.update(ctx, op, func(t *tx) error {
		var old session.Preferences
		if _, err := getJSON(t, op, k, &old); err != nil {
			return err
		}
		if old.Version != p.Version {
			return conflict(op, "This was changed in another window. Load the page again.")
		}
		next := p
		next.Version++
		return t.setJSON(k, next)
	})
}
