package session

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/sanctions"
)

// A Suppression is the recorded decision that a person is not an entry. It holds down the hits of every
// session of the company whose person has the same fingerprint, while the entry says the same; when
// either side changes in what matters, the alert opens again.
type Suppression struct {
	ID      string `json:"id"`      // ULID
	Version int    `json:"version"` // counts writes; guards against lost updates
	Company string `json:"company"`
	Session ID     `json:"session"` // where it was decided
	Alert   string `json:"alert"`
	// Alone says that it holds in its own session only: the person has neither a whole birth date nor a
	// number, so that somebody else may well bear the same facts.
	Alone       bool                `json:"alone,omitempty"`
	Fingerprint string              `json:"person_fingerprint"`
	Matcher     string              `json:"matcher"` // whose fingerprint it is
	List        string              `json:"list"`
	EntryIDs    []string            `json:"entry_ids"` // the entry's id, then all that it had before
	Seen        Sides               `json:"seen"`
	Reason      string              `json:"reason,omitempty"` // code, see DispositionReasons
	Text        string              `json:"text,omitempty"`
	By          string              `json:"by"`
	ApprovedBy  string              `json:"approved_by,omitempty"`
	Owner       string              `json:"owner"` // who answers for it: who made it or confirmed it last
	MadeAt      time.Time           `json:"made_at"`
	ReviewAt    time.Time           `json:"review_at"`
	Reviews     []SuppressionReview `json:"reviews,omitempty"` // oldest first
	EndedAt     time.Time           `json:"ended_at,omitzero"`
	EndedBy     string              `json:"ended_by,omitempty"`
	EndReason   string              `json:"end_reason,omitempty"`
}

// A SuppressionReview is a look at a suppression that confirmed it for another year.
type SuppressionReview struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// maxReviews bounds how often one suppression can be confirmed; then it is to be decided anew.
const maxReviews = 100

// reviewAfter is how many years a suppression holds before somebody is to look at it again.
const reviewAfter = 1

// InForce reports whether it holds hits down.
func (p Suppression) InForce() bool { return p.EndedAt.IsZero() }

// Overdue reports whether its review should have taken place by now. It holds until somebody ends it.
func (p Suppression) Overdue(now time.Time) bool { return p.InForce() && !p.ReviewAt.After(now) }

// NewSuppression records that the person of got is not the entry of h, which was decided to be no match.
func NewSuppression(got *Session, h Hit) Suppression {
	d := h.Disposition
	at := d.settledAt()
	return Suppression{ID: ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String(), Company: got.Company, Session: got.ID,
		Alert: h.Alert, Alone: !got.Person.tellsApart(), Fingerprint: got.Screening.Person, Matcher: got.Screening.Matcher,
		List: h.List, EntryIDs: append([]string{h.EntryID}, h.Entry.FormerIDs...), Seen: got.sides(h),
		Reason: d.Reason, Text: d.Text, By: d.By, ApprovedBy: d.ApprovedBy, Owner: d.By, MadeAt: at, ReviewAt: at.AddDate(reviewAfter, 0, 0)}
}

// tellsApart reports whether another person would hardly have the same facts.
func (p Person) tellsApart() bool {
	return len(p.BirthDate) == len(time.DateOnly) || p.DocumentNumber != "" || p.PersonalNumber != ""
}

// speaksOf reports whether p was made for the entry of h, by any id that either has or had, and may
// hold in this session.
func (p Suppression) speaksOf(h Hit, id ID) bool {
	if p.List != h.List || p.Alone && p.Session != id {
		return false
	}
	return slices.Contains(p.EntryIDs, h.EntryID) ||
		slices.ContainsFunc(h.Entry.FormerIDs, func(former string) bool { return slices.Contains(p.EntryIDs, former) })
}

// disposition is that of a hit which p holds down.
func (p Suppression) disposition() Disposition {
	return Disposition{State: DispositionNoMatch, Reason: p.Reason, Text: p.Text, By: p.By, At: p.MadeAt, ApprovedBy: p.ApprovedBy, Suppression: p.ID}
}

// end is p as it holds no more.
func (p Suppression) end(actor Actor, now time.Time, why string) Suppression {
	p.EndedAt, p.EndedBy, p.EndReason = now, actor.ID, why
	return p
}

func (p Suppression) event(actor Actor, now time.Time, action string) Event {
	return actor.Event(now, action, p.Company, p.Session, map[string]string{"suppression": p.ID, "list": p.List, "entry": p.EntryIDs[0]})
}

// Suppression returns one suppression that the actor may see.
func (s *Service) Suppression(ctx context.Context, actor Actor, id string) (Suppression, error) {
	if err := actor.need("session.Suppression", MayRead); err != nil {
		return Suppression{}, err
	}
	p, err := s.store.Suppression(ctx, id)
	if err == nil && !actor.Sees(p.Company) {
		return Suppression{}, notFound("session.Suppression", "suppression")
	}
	return p, err
}

// Suppressions returns those that the actor sees, the next to review first.
func (s *Service) Suppressions(ctx context.Context, actor Actor, f SuppressionFilter) (all []Suppression, next string, total int, err error) {
	if err := actor.need("session.Suppressions", MayRead); err != nil {
		return nil, "", 0, err
	}
	f.Companies = within(actor, f.Companies)
	return s.store.Suppressions(ctx, f)
}

// EndSuppression ends a suppression before its time. The alerts that it held down open again at once.
func (s *Service) EndSuppression(ctx context.Context, actor Actor, id, why string) (Suppression, error) {
	p, err := s.onSuppression(ctx, actor, "session.EndSuppression", id, why, func(p *Suppression, now time.Time) (Event, error) {
		*p = p.end(actor, now, strings.TrimSpace(why))
		return p.event(actor, now, ActSuppressionEnded), nil
	})
	if err != nil {
		return p, err
	}
	return p, s.reopenHeld(ctx, actor, p)
}

// RenewSuppression confirms a suppression after a review: it holds for another year, and the actor
// answers for it.
func (s *Service) RenewSuppression(ctx context.Context, actor Actor, id, why string) (Suppression, error) {
	const op = "session.RenewSuppression"
	return s.onSuppression(ctx, actor, op, id, why, func(p *Suppression, now time.Time) (Event, error) {
		if len(p.Reviews) >= maxReviews {
			return Event{}, conflict(op, "This suppression was confirmed too often. End it, and decide the alert anew.")
		}
		p.Owner, p.ReviewAt = actor.ID, now.AddDate(reviewAfter, 0, 0)
		p.Reviews = append(p.Reviews, SuppressionReview{At: now, By: actor.ID, Text: strings.TrimSpace(why)})
		return p.event(actor, now, ActSuppressionRenewed), nil
	})
}

// onSuppression changes a suppression that is in force, for a reason.
func (s *Service) onSuppression(ctx context.Context, actor Actor, op, id, why string, do func(*Suppression, time.Time) (Event, error)) (Suppression, error) {
	if err := actor.need(op, MayDecide); err != nil {
		return Suppression{}, err
	}
	p, err := s.store.Suppression(ctx, id)
	if err != nil || !actor.Sees(p.Company) {
		return Suppression{}, cmp.Or(err, notFound(op, "suppression"))
	}
	var bad Fields
	if strings.TrimSpace(why) == "" {
		bad.Add("reason", "Say why.")
	}
	checkText(&bad, "reason", why, maxLongText)
	if err := bad.Err(op); err != nil {
		return p, err
	}
	if !p.InForce() {
		return p, conflict(op, "This suppression has ended already.")
	}
	event, err := do(&p, s.now().UTC())
	if err != nil {
		return p, err
	}
	_, err = s.store.Commit(ctx, Change{Suppressions: []Suppression{p}, Events: []Event{event}, Once: onceOf(ctx, p.Session)})
	p.Version++
	return p, err
}

// renewFingerprints brings suppressions in force under the fingerprints of this matcher. An upgrade may
// fold names another way; without this it would open every alert again that was ever closed.
func (s *Service) renewFingerprints(ctx context.Context) error {
	f := SuppressionFilter{MatcherNot: sanctions.MatcherVersion, Limit: 50, Uncounted: true}
	for {
		all, next, _, err := s.store.Suppressions(ctx, f)
		if err != nil {
			return err
		}
		var c Change
		for _, p := range all {
			p.Matcher, p.Fingerprint = sanctions.MatcherVersion, p.Seen.screened().Fingerprint()
			p.Seen.Fingerprint = p.Fingerprint
			c.Suppressions = append(c.Suppressions, p)
		}
		if len(c.Suppressions) > 0 {
			if _, err := s.store.Commit(ctx, c); err != nil {
				return err
			}
		}
		if f.Cursor = next; next == "" {
			return nil
		}
	}
}

// reopenHeld screens the sessions again in which p, which has ended, held a hit down. What it does not
// come to, because of a crash, the next re-screening does.
func (s *Service) reopenHeld(ctx context.Context, actor Actor, p Suppression) error {
	f := AlertFilter{Suppression: p.ID, Limit: 200, Uncounted: true}
	for {
		alerts, next, _, err := s.store.Alerts(ctx, f)
		if err != nil {
			return err
		}
		for _, a := range alerts {
			if err := s.screenAgain(ctx, actor, a.Session); err != nil && CodeOf(err) != NotFound {
				return err
			}
		}
		if f.Cursor = next; next == "" {
			return nil
		}
	}
}

// holdOthers screens the sessions again that have an open alert of the same person and entry, now that p
// was made.
func (s *Service) holdOthers(ctx context.Context, actor Actor, p Suppression) error {
	if p.Alone {
		return nil
	}
	alerts, err := s.openLike(ctx, p)
	for _, a := range alerts {
		if err == nil && a.Fingerprint == p.Fingerprint && a.Session != p.Session {
			if err = s.screenAgain(ctx, actor, a.Session); CodeOf(err) == NotFound { // erased meanwhile
				err = nil
			}
		}
	}
	return err
}

// openLike returns the open alerts among which those are that p could hold down: of sessions with the same
// number, for an entry may have thousands. Of a person without a number it looks at the newest of the
// entry; those beyond them wait for the next re-screening.
func (s *Service) openLike(ctx context.Context, p Suppression) (all []Alert, err error) {
	f := AlertFilter{Companies: []string{p.Company}, List: p.List, Entry: p.EntryIDs[0], State: DispositionOpen, Limit: 200, Uncounted: true}
	if !p.byNumber() {
		all, _, _, err = s.store.Alerts(ctx, f)
		return all, err
	}
	twins, err := s.store.Twins(ctx, p.Company, p.Seen.Person.DocumentNumber, p.Seen.Person.PersonalNumber, p.Session)
	for _, t := range twins {
		if err != nil {
			break
		}
		var alerts []Alert
		f.Session = t.ID
		alerts, _, _, err = s.store.Alerts(ctx, f)
		all = append(all, alerts...)
	}
	return all, err
}

// byNumber reports whether whoever has the fingerprint of p has a number of its person: screening leaves
// out what is no number of a document.
func (p Suppression) byNumber() bool {
	without := p.Seen
	without.Person.DocumentNumber, without.Person.PersonalNumber = "", ""
	return without.screened().Fingerprint() != p.Seen.screened().Fingerprint()
}

// screenAgain brings the hits of a session up to date after a suppression was made or ended.
func (s *Service) screenAgain(ctx context.Context, actor Actor, id ID) error {
	_, err := s.change(onceDone(ctx), System, id, 0, func(got *Session) (Change, error) {
		if got.Status == InProgress || got.screenable() != "" { // screened when it is finished
			return Change{}, errNothing
		}
		company, err := s.store.Company(ctx, got.Company)
		if err != nil {
			return Change{}, err
		}
		var c Change
		if err := s.screen(ctx, got, company, actor.ID, &c); err != nil {
			return c, err
		}
		c.Events = append(c.Events, actor.Event(s.now().UTC(), ActScreened, got.Company, id, map[string]string{"status": string(got.Screening.Status)}))
		if got.Status == AwaitingAction {
			err = s.findAgain(ctx, got)
		}
		return c, err
	})
	return err
}
