package session

import (
	"context"
	"time"
)

// settle carries over what was decided of the hits that a new screening found. A match and an escalation
// stay with their session; a proposal stands while both sides are what they were; that a person is not
// an entry, suppressions say.
func (s *Service) settle(ctx context.Context, got *Session, before Screening, now time.Time, c *Change) error {
	if len(got.Screening.Hits) == 0 {
		return nil
	}
	held, err := s.store.SuppressionsOf(ctx, got.Company, got.Screening.Person)
	if err != nil {
		return err
	}
	lapsed := map[string]bool{}
	for i := range got.Screening.Hits {
		h := &got.Screening.Hits[i]
		old, known := before.hitOn(h.List, h.EntryID, h.Entry.FormerIDs)
		if known {
			h.Alert = old.Alert
		}
		if known && old.stands(*h, before.Person == got.Screening.Person) {
			h.Disposition = old.Disposition
			continue
		}
		for _, p := range held {
			switch {
			case !p.speaksOf(*h, got.ID):
			case p.Seen.EntryHash == h.EntryHash:
				h.Disposition = p.disposition()
			case !lapsed[p.ID]:
				lapsed[p.ID] = true
				p = p.end(System, now, "The entry changed.")
				c.Suppressions = append(c.Suppressions, p)
				c.Events = append(c.Events, p.event(System, now, ActSuppressionEnded))
			}
		}
	}
	return nil
}

// stands reports whether what was decided of h goes on for now, the same hit in a newer screening.
func (h Hit) stands(now Hit, samePerson bool) bool {
	switch h.Disposition.State {
	case DispositionMatch, DispositionEscalated:
		return true
	case DispositionProposed:
		return samePerson && h.EntryHash == now.EntryHash
	}
	return false
}

func byAlert(hits []Hit) map[string]Hit {
	all := make(map[string]Hit, len(hits))
	for _, h := range hits {
		all[h.Alert] = h
	}
	return all
}

// undecided reports whether somebody still has to look.
func (s DispositionState) undecided() bool {
	return s == DispositionOpen || s == DispositionEscalated || s == DispositionProposed
}

// raise adds to c the alerts of hits that are new or not what they were, and of those that are gone with
// nothing decided.
func (s *Service) raise(ctx context.Context, got *Session, before Screening, lists *inForce, now time.Time, by string, c *Change) error {
	old := byAlert(before.Hits)
	for i := range got.Screening.Hits {
		h := &got.Screening.Hits[i]
		if h.Alert == "" {
			h.Alert = AlertID(got.ID, h.List, h.EntryID)
		}
		was, known := old[h.Alert]
		delete(old, h.Alert)
		if known && was.EntryHash == h.EntryHash && before.Person == got.Screening.Person && was.Disposition.State == h.Disposition.State &&
			was.Disposition.Suppression == h.Disposition.Suppression {
			continue
		}
		if err := s.update(ctx, got, *h, now, by, c); err != nil {
			return err
		}
	}
	for _, h := range before.Hits { // in their order, not the map's
		if _, gone := old[h.Alert]; gone && h.Disposition.State.undecided() {
			h.Disposition = lists.gone(h, got.Screening, now, by)
			if err := s.update(ctx, got, h, now, by, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// update adds the alert of h to c as it is now. One that was decided and is open again says why.
func (s *Service) update(ctx context.Context, got *Session, h Hit, now time.Time, by string, c *Change) error {
	a, err := s.store.Alert(ctx, h.Alert)
	if CodeOf(err) == NotFound {
		a, err = Alert{ID: h.Alert, Session: got.ID, Company: got.Company, RaisedAt: now, RaisedBy: by}, nil
	}
	if err != nil {
		return err
	}
	was, raised := a.Disposition, ""
	if was.State == "" || !was.State.undecided() && h.Disposition.State.undecided() {
		raised = by
	}
	if h.Disposition.State == DispositionOpen && was.State != DispositionOpen {
		if a.Reopened, err = s.reopening(ctx, got, h, a, now); err != nil {
			return err
		}
		a.RaisedAt, a.RaisedBy = now, by
		c.Events = append(c.Events, System.Event(now, ActAlert, got.Company, got.ID, map[string]string{"alert": a.ID, "list": h.List, "entry": h.EntryID}))
	}
	a.Person, a.Fingerprint, a.Hit, a.Disposition = got.Person.FullName(), got.Screening.Person, h, h.Disposition
	if was.State != h.Disposition.State || was.Suppression != h.Disposition.Suppression {
		a.turn(now, raised)
	}
	c.Alerts = append(c.Alerts, a)
	return nil
}

// reopening says what has changed since a was decided; nil where it was not.
func (s *Service) reopening(ctx context.Context, got *Session, h Hit, a Alert, now time.Time) (*Reopening, error) {
	var seen Sides
	switch {
	case a.Disposition.Suppression != "":
		p, err := s.store.Suppression(ctx, a.Disposition.Suppression)
		if CodeOf(err) == NotFound { // erased with the session where it was made
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		seen = p.Seen
	case len(a.History) > 0:
		seen = a.History[len(a.History)-1].Seen
	default:
		return nil, nil
	}
	r := &Reopening{At: now, Why: SuppressionEnded, Seen: seen}
	switch {
	case seen.Fingerprint != got.Screening.Person:
		r.Why = PersonChanged
	case seen.EntryHash != h.EntryHash:
		r.Why = EntryChanged
	}
	return r, nil
}
