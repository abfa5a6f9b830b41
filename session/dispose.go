package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
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

// Alerts returns the alerts that the actor sees, without their histories.
func (s *Service) Alerts(ctx context.Context, actor Actor, f AlertFilter) (alerts []Alert, next string, total int, err error) {
	if err := actor.need("session.Alerts", MayRead); err != nil {
		return nil, "", 0, err
	}
	f.Companies = within(actor, f.Companies)
	alerts, next, total, err = s.store.Alerts(ctx, f)
	for i := range alerts {
		alerts[i].History, alerts[i].Turns = nil, nil
	}
	return alerts, next, total, err
}

// OpenAlerts returns how many alerts that the actor sees are open, counted up to most.
func (s *Service) OpenAlerts(ctx context.Context, actor Actor, most int) (int, error) {
	if err := actor.need("session.OpenAlerts", MayRead); err != nil {
		return 0, err
	}
	return s.store.OpenAlerts(ctx, actor.scope(), most)
}

// Dispose decides an alert: the person is the entry, is not, or somebody else must look. It changes
// the hit of the session and its screening status, never the session's decision. No match makes a
// [Suppression]. Where the company asks for four eyes, match and no match are proposed only, see
// [Service.Approve]. A Basis that is no longer true is a Conflict.
func (s *Service) Dispose(ctx context.Context, actor Actor, alertID string, d Disposition) (Alert, error) {
	if err := actor.need("session.Dispose", MayDecide); err != nil {
		return Alert{}, err
	}
	if err := d.check(); err != nil {
		return Alert{}, err
	}
	d.Text = strings.TrimSpace(d.Text)
	d.Wants, d.ApprovedBy, d.ApprovedAt, d.Suppression = "", "", time.Time{}, ""
	return s.onHit(ctx, actor, alertID, d.Basis, func(r *ruling) error {
		d := d
		d.By, d.Behind, d.At = actor.ID, actor.Behind, r.now
		act, action := Decided, ActDisposition
		if d.State != DispositionEscalated && r.company.Settings.FourEyes.OnHits() {
			d.Wants, d.State = d.State, DispositionProposed
			act, action = Proposed, ActAlertProposed
		}
		r.decide(d, act, action)
		return nil
	})
}

// Approve is the second pair of eyes on a proposed disposition: it comes into force, or is sent back
// and the alert is open again. Who proposed it may take it back, and never approves it; neither does a
// program, which has no eyes.
func (s *Service) Approve(ctx context.Context, actor Actor, alertID, basis string, yes bool, text string) (Alert, error) {
	const op = "session.Approve"
	if err := actor.need(op, MayDecide); err != nil {
		return Alert{}, err
	}
	var bad Fields
	text = strings.TrimSpace(text)
	checkText(&bad, "text", text, maxLongText)
	if !yes && text == "" {
		bad.Add("text", "Say why it is sent back.")
	}
	if err := bad.Err(op); err != nil {
		return Alert{}, err
	}
	return s.onHit(ctx, actor, alertID, basis, func(r *ruling) error {
		d := r.hit.Disposition
		switch {
		case d.State != DispositionProposed:
			return conflict(op, "Nothing waits for approval here any more.")
		case !yes:
			r.decide(Disposition{State: DispositionOpen, Text: text, By: actor.ID, At: r.now}, SentBack, ActAlertSentBack)
		case d.By == actor.ID || d.Behind == actor.ID:
			return conflict(op, "You proposed this: somebody else has to approve it.")
		case !actor.isMember():
			return conflict(op, "What is proposed is approved by a member, on the page of the alert.")
		default:
			d.State, d.Wants, d.ApprovedBy, d.ApprovedAt = d.Wants, "", actor.ID, r.now
			r.decide(d, Approved, ActAlertApproved)
		}
		return nil
	})
}

// OnHits reports whether what is decided of a hit needs a second member.
func (f FourEyes) OnHits() bool { return f == FourEyesSanctions || f == FourEyesAll }

// A ruling is a decision about one hit under way.
type ruling struct {
	actor   Actor
	now     time.Time
	company Company
	session *Session
	hit     *Hit
	alert   *Alert
	change  *Change
}

// onHit lets do decide the hit that an alert speaks of, and stores all of it in one transaction: session,
// alert, suppressions and events. A session that changes meanwhile is read again.
func (s *Service) onHit(ctx context.Context, actor Actor, alertID, basis string, do func(*ruling) error) (Alert, error) {
	const op = "session.onHit"
	first, err := s.Alert(ctx, actor, alertID)
	if err != nil {
		return Alert{}, err
	}
	var a Alert
	var done Change
	_, err = s.change(ctx, actor, first.Session, 0, func(got *Session) (c Change, err error) {
		if a, err = s.store.Alert(ctx, alertID); err != nil {
			return c, err
		}
		at := slices.IndexFunc(got.Screening.Hits, func(h Hit) bool { return h.Alert == alertID })
		if at < 0 {
			return c, conflict(op, "The person no longer meets this entry: there is nothing to decide.")
		}
		h := &got.Screening.Hits[at]
		switch {
		case got.screened().Fingerprint() != got.Screening.Person:
			return c, conflict(op, "The person is not the one who was screened. Screen the session again, then decide.")
		case basis != "" && basis != h.Basis(got.Screening.Person):
			return c, conflict(op, "The person, the entry or the decision has changed since you opened this. Look at it again, then decide.")
		}
		r := ruling{actor: actor, now: s.now().UTC(), session: got, hit: h, alert: &a, change: &c}
		if r.company, err = s.store.Company(ctx, got.Company); err != nil {
			return c, err
		}
		if err = s.endHeld(ctx, &r); err != nil {
			return c, err
		}
		if err = do(&r); err != nil {
			return c, err
		}
		got.Screening.Status = got.Screening.outcome()
		c.Alerts = []Alert{a}
		if got.Status == AwaitingAction {
			err = s.findAgain(ctx, got)
		}
		done = c
		return c, err
	})
	if err != nil {
		return a, err
	}
	a.Version++
	s.spread(ctx, actor, done.Suppressions)
	return a, nil
}

// spread brings other sessions up to date with suppressions that were made or have ended. What fails is
// only late: the next re-screening does it.
func (s *Service) spread(ctx context.Context, actor Actor, changed []Suppression) {
	for _, p := range changed {
		do := s.reopenHeld
		if p.InForce() {
			do = s.holdOthers
		}
		if err := do(ctx, actor, p); err != nil {
			s.log.Error("a suppression changed, and other sessions wait for the next re-screening", "suppression", p.ID, "err", err)
		}
	}
}

// endHeld ends the suppression that holds the hit down: what is decided now takes its place.
func (s *Service) endHeld(ctx context.Context, r *ruling) error {
	id := r.hit.Disposition.Suppression
	if id == "" {
		return nil
	}
	p, err := s.store.Suppression(ctx, id)
	if CodeOf(err) == NotFound || err == nil && !p.InForce() {
		return nil
	}
	if err != nil {
		return err
	}
	p = p.end(r.actor, r.now, "The alert was decided anew.")
	r.change.Suppressions = append(r.change.Suppressions, p)
	r.change.Events = append(r.change.Events, p.event(r.actor, r.now, ActSuppressionEnded))
	return nil
}

// decide gives the hit and its alert the disposition d, with the suppression and the events it calls for.
func (r *ruling) decide(d Disposition, act JudgementAct, action string) {
	r.hit.Disposition = d
	seen := r.session.sides(*r.hit)
	if d.State == DispositionNoMatch {
		p := NewSuppression(r.session, *r.hit)
		r.hit.Disposition.Suppression = p.ID
		r.change.Suppressions = append(r.change.Suppressions, p)
		r.change.Events = append(r.change.Events, p.event(r.actor, r.now, ActSuppressed))
	}
	a := r.alert
	a.Hit, a.Disposition, a.Person = *r.hit, r.hit.Disposition, r.session.Person.FullName()
	a.History = append(a.History, Judgement{Disposition: r.hit.Disposition, Act: act, Seen: seen})
	a.History = a.History[max(0, len(a.History)-maxHistory):]
	a.turn(r.now, "")
	detail := map[string]string{"alert": a.ID, "list": r.hit.List, "entry": r.hit.EntryID, "state": string(d.State), "reason": d.Reason}
	if d.Wants != "" {
		detail["wants"] = string(d.Wants)
	}
	if len(d.Steps) > 0 {
		detail["steps"] = strings.Join(d.Steps, ", ")
	}
	r.change.Events = append(r.change.Events, r.actor.Event(r.now, action, r.session.Company, r.session.ID, detail))
}

func (d Disposition) check() error {
	var bad Fields
	switch d.State {
	case DispositionMatch, DispositionNoMatch, DispositionEscalated:
	default:
		bad.Add("state", "Use match, no_match or escalated.")
	}
	if strings.TrimSpace(d.Text) == "" && (d.Reason == "" || d.Reason == "other") {
		bad.Add("text", "Say why, in a reason code or in words.")
	}
	if d.Reason != "" && !slices.ContainsFunc(DispositionReasons, func(r DispositionReason) bool { return r.Code == d.Reason }) {
		bad.Add("reason", "There is no such reason code.")
	}
	if len(d.Steps) > len(ReviewSteps) {
		bad.Add("steps", fmt.Sprintf("There are %d steps.", len(ReviewSteps)))
	}
	for _, step := range d.Steps {
		if !slices.ContainsFunc(ReviewSteps, func(r ReviewStep) bool { return r.Code == step }) {
			bad.Add("steps", "Use list, type, name, fields or several.")
		}
	}
	checkText(&bad, "text", d.Text, maxLongText)
	return bad.Err("session.Dispose")
}
