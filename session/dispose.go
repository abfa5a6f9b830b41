package session

import (
	"context"
	"strings"
)

// Alert returns one alert that the actor may see.
func (s *Service) Alert(ctx context.Context, actor Actor, id string) (Alert, error) {
	if err := actor.need("session.Alert", MayRead); err != nil {
		return Alert{}, err
	}
	a, err := s.store.Alert(ctx, id)
	if err == nil && !actor.Sees(a.Company) {
		return Alert{}, notFound("session.Alert", "alert")
	}
	return a, err
}

// Alerts returns the alerts that the actor sees, newest first.
func (s *Service) Alerts(ctx context.Context, actor Actor, f AlertFilter) (alerts []Alert, next string, total int, err error) {
	if err := actor.need("session.Alerts", MayRead); err != nil {
		return nil, "", 0, err
	}
	f.Companies = within(actor, f.Companies)
	return s.store.Alerts(ctx, f)
}

// Dispose decides an alert: the person is the entry, is not, or somebody else must look. It changes
// the hit of the session and its screening status, never the session's decision.
func (s *Service) Dispose(ctx context.Context, actor Actor, alertID string, d Disposition) (Alert, error) {
	if err := actor.need("session.Dispose", MayDecide); err != nil {
		return Alert{}, err
	}
	if err := d.check(); err != nil {
		return Alert{}, err
	}
	a, err := s.Alert(ctx, actor, alertID)
	if err != nil {
		return Alert{}, err
	}
	now := s.now().UTC()
	d.By, d.At, d.Text = actor.ID, now, strings.TrimSpace(d.Text)
	_, err = s.change(ctx, actor, a.Session, 0, func(got *Session) (Change, error) {
		for i := range got.Screening.Hits {
			h := &got.Screening.Hits[i]
			if h.Alert != alertID {
				continue
			}
			h.Disposition = d
			a.Hit, a.Disposition = *h, d
			got.Screening.Status = got.Screening.outcome()
			c := Change{Alerts: []Alert{a}, Events: []Event{actor.Event(now, ActDisposition, got.Company, got.ID,
				map[string]string{"alert": alertID, "list": h.List, "entry": h.EntryID, "state": string(d.State), "reason": d.Reason})}}
			if got.Status != AwaitingAction {
				return c, nil
			}
			return c, s.findAgain(ctx, got)
		}
		return Change{}, conflict("session.Dispose", "The person no longer meets this entry: there is nothing to decide.")
	})
	return a, err
}

func (d Disposition) check() error {
	var bad Fields
	switch d.State {
	case DispositionMatch, DispositionNoMatch, DispositionEscalated:
	default:
		bad.Add("state", "Use match, no_match or escalated.")
	}
	if strings.TrimSpace(d.Text) == "" && d.Reason == "" {
		bad.Add("text", "Say why, in a reason code or in words.")
	}
	checkText(&bad, "reason", d.Reason, 60)
	checkText(&bad, "text", d.Text, maxLongText)
	return bad.Err("session.Dispose")
}
