package session

import (
	"context"
	"maps"
	"slices"
	"time"
)

// AssignAlert gives an alert to a member who may decide it, or to nobody with the zero Actor.
func (s *Service) AssignAlert(ctx context.Context, actor Actor, alertID string, to Actor) (Alert, error) {
	return s.assignAlert(ctx, actor, alertID, func(a *Alert) error {
		if to.ID != "" && !(to.Can(MayDecide) && to.Sees(a.Company)) {
			return Fields{"to": "This member may not decide alerts of the company."}.Err("session.AssignAlert")
		}
		a.Assignee = to.ID
		return nil
	})
}

func (s *Service) assignAlert(ctx context.Context, actor Actor, alertID string, do func(*Alert) error) (Alert, error) {
	const op, tries = "session.AssignAlert", 8
	if err := actor.need(op, MayDecide); err != nil {
		return Alert{}, err
	}
	for try := 1; ; try++ {
		a, err := s.Alert(ctx, actor, alertID)
		if err != nil {
			return a, err
		}
		before := a.Assignee
		if err := do(&a); err != nil || a.Assignee == before {
			return a, err
		}
		e := actor.Event(s.now().UTC(), ActAlertAssigned, a.Company, a.Session, map[string]string{"alert": a.ID, "to": a.Assignee})
		_, err = s.store.Commit(ctx, Change{Alerts: []Alert{a}, Events: []Event{e}})
		if CodeOf(err) == Conflict && try < tries {
			continue
		}
		a.Version++
		return a, err
	}
}

// TakeNextAlert gives the actor the next open alert that f chooses and nobody else has, after the one that
// f.After names; at the end it begins again. It returns NotFound when there is none.
func (s *Service) TakeNextAlert(ctx context.Context, actor Actor, f AlertFilter) (Alert, error) {
	const op = "session.TakeNextAlert"
	if err := actor.need(op, MayDecide); err != nil {
		return Alert{}, err
	}
	f.Companies, f.State, f.Assignees = within(actor, f.Companies), DispositionOpen, []string{"", actor.ID}
	f.Cursor, f.Limit, f.Uncounted = "", 20, true // some may be taken meanwhile
	for rounds := 0; rounds < 2; {
		alerts, _, _, err := s.store.Alerts(ctx, f)
		if err != nil {
			return Alert{}, err
		}
		for _, a := range alerts {
			got, err := s.assignAlert(ctx, actor, a.ID, func(a *Alert) error {
				if a.Disposition.State != DispositionOpen || a.Assignee != "" && a.Assignee != actor.ID {
					return conflict(op, "Somebody else has taken this alert.")
				}
				a.Assignee = actor.ID
				return nil
			})
			if CodeOf(err) != Conflict {
				return got, err
			}
			f.After = a.ID
		}
		if len(alerts) == 0 {
			f.After = ""
			rounds++
		}
	}
	return Alert{}, &Error{Code: NotFound, Op: op, Message: "No open alert is left that nobody else has."}
}

// AlertsOfPerson returns at most n other alerts of the session that a was raised for, and of sessions of
// the company with the same document or personal number.
func (s *Service) AlertsOfPerson(ctx context.Context, actor Actor, a Alert, n int) ([]Alert, error) {
	got, err := s.Get(ctx, actor, a.Session)
	if err != nil {
		return nil, err
	}
	twins, err := s.store.Twins(ctx, got.Company, got.Person.DocumentNumber, got.Person.PersonalNumber, got.ID)
	ids := []ID{got.ID}
	for _, t := range twins {
		ids = append(ids, t.ID)
	}
	var others []Alert
	for _, id := range ids[:min(len(ids), n+1)] {
		if err != nil || len(others) >= n {
			break
		}
		var alerts []Alert
		if alerts, _, _, err = s.Alerts(ctx, actor, AlertFilter{Session: id, Limit: n + 1, Uncounted: true}); err == nil {
			others = append(others, slices.DeleteFunc(alerts, func(o Alert) bool { return o.ID == a.ID })...)
		}
	}
	return others[:min(len(others), n)], err
}

// A BulkResult is what came of one alert of several that were decided together.
type BulkResult struct {
	Alert   Alert
	Problem string // why it was not decided, or ""
}

// maxBulk bounds how many alerts are decided at once.
const maxBulk = 200

// DisposeAll decides several alerts of one entry alike, each with its own basis, event and, where the
// company asks for it, second pair of eyes. One that cannot be decided does not keep the others back.
func (s *Service) DisposeAll(ctx context.Context, actor Actor, list, entry string, basis map[string]string, d Disposition) ([]BulkResult, error) {
	const op = "session.DisposeAll"
	if err := actor.need(op, MayDecide); err != nil {
		return nil, err
	}
	var bad Fields
	if len(basis) == 0 {
		bad.Add("alerts", "Choose at least one alert.")
	}
	if len(basis) > maxBulk {
		bad.Add("alerts", "At most 200 alerts are decided at once.")
	}
	if err := bad.Err(op); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	results := make([]BulkResult, 0, len(basis))
	for _, id := range slices.Sorted(maps.Keys(basis)) {
		a, err := s.Alert(ctx, actor, id)
		if err == nil && (a.Hit.List != list || a.Hit.EntryID != entry) {
			err = conflict(op, "This alert is about another entry.")
		}
		if err == nil {
			one := d
			one.Basis = basis[id]
			var decided Alert
			if decided, err = s.Dispose(ctx, actor, id, one); err == nil {
				a = decided
			}
		}
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		r := BulkResult{Alert: a}
		if err != nil {
			r.Problem = MessageOf(err)
		}
		results = append(results, r)
	}
	return results, nil
}

// Age is how long the alert has been waiting at t, 0 once it is decided.
func (a Alert) Age(t time.Time) time.Duration {
	if !a.Disposition.State.undecided() {
		return 0
	}
	return max(0, t.Sub(a.RaisedAt))
}
