package session

import (
	"cmp"
	"context"
	"iter"
	"slices"
)

// A Page is what a search found, as stored.
type Page struct {
	Sessions []Session
	Total    int
	More     bool   // there are more than Total
	Next     string // cursor, "" at the end
	Forgiven bool   // found with one typing error
	Gap      string // why some may be missing, see [Service.Gap]
}

// Find searches the sessions that the actor sees, newest first. It waits a moment for the index to
// take in what was written just now.
func (s *Service) Find(ctx context.Context, actor Actor, q Query) (Page, error) {
	found, err := s.search(ctx, actor, q)
	if err != nil {
		return Page{}, err
	}
	sessions, err := s.store.Load(ctx, found.IDs)
	if err == nil {
		err = s.date(ctx, pointers(sessions)...)
	}
	return Page{Sessions: sessions, Total: found.Total, More: found.More, Next: found.Next, Forgiven: found.Forgiven, Gap: found.Gap}, err
}

// AwaitingTotal returns how many sessions that the actor sees await action, and whether there are more than
// that. It waits for the index as Find does, unless lagging is good enough.
func (s *Service) AwaitingTotal(ctx context.Context, actor Actor, lagging bool) (total int, more bool, err error) {
	if err := actor.need("session.AwaitingTotal", MayRead); err != nil {
		return 0, false, err
	}
	if !lagging {
		s.catchUp.wait(ctx)
	}
	found, err := s.index.awaiting(ctx, actor.scope())
	return found.Total, found.More, err
}

func (s *Service) search(ctx context.Context, actor Actor, q Query) (Found, error) {
	if err := actor.need("session.Find", MayRead); err != nil {
		return Found{}, err
	}
	q.Companies = within(actor, q.Companies)
	if !q.Lagging {
		s.catchUp.wait(ctx)
	}
	gap := s.Gap(ctx, actor)
	found, err := s.index.Search(ctx, q)
	found.Gap = gap
	return found, err
}

// within keeps the wanted companies that the actor sees; no wish means all of those.
func within(actor Actor, wanted []string) []string {
	scope := actor.scope()
	if len(wanted) == 0 || scope == nil {
		if len(wanted) == 0 {
			return scope
		}
		return wanted
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(c string) bool { return !slices.Contains(scope, c) })
}

// Get returns one session as it is, without a trace. Use View where a person looks at it.
func (s *Service) Get(ctx context.Context, actor Actor, id ID) (Session, error) {
	if err := actor.need("session.Get", MayRead); err != nil {
		return Session{}, err
	}
	got, err := s.visible(ctx, actor, id)
	if err == nil {
		err = s.date(ctx, &got)
	}
	if err != nil {
		return Session{}, err
	}
	return s.confirmed(ctx, got)
}

// View is Get, and notes in the audit log who looked.
func (s *Service) View(ctx context.Context, actor Actor, id ID) (Session, error) {
	got, err := s.Get(ctx, actor, id)
	if err != nil {
		return Session{}, err
	}
	return got, s.saw(ctx, actor.Event(s.now().UTC(), ActViewed, got.Company, id, nil))
}

// ViewWhile is View, and calls show with the session while the look is written down. It returns when both
// are done: where it returns an error, nothing of what show has made may be shown.
func (s *Service) ViewWhile(ctx context.Context, actor Actor, id ID, show func(Session) error) error {
	got, err := s.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	noted := make(chan error, 1)
	go func() { noted <- s.saw(ctx, actor.Event(s.now().UTC(), ActViewed, got.Company, id, nil)) }()
	err = show(got)
	return cmp.Or(<-noted, err)
}

// saw notes a look at something. A full disk keeps nobody from reading: it is told the log instead.
func (s *Service) saw(ctx context.Context, e Event) error {
	err := s.store.Record(ctx, e)
	if CodeOf(err) == NoSpace {
		s.log.Error("the disk is full: a view is not on record", "actor", e.Actor, "action", e.Action, "session", e.Session)
		return nil
	}
	return err
}

// confirmed brings the screening up to the last run that found what the session already holds.
func (s *Service) confirmed(ctx context.Context, got Session) (Session, error) {
	if got.Screening.ScreenedAt.IsZero() {
		return got, nil
	}
	runID, at, err := s.store.Confirmed(ctx, got.ID, got.Screening.ScreenedAt)
	if err != nil || runID == "" {
		return got, err
	}
	run, err := s.store.Run(ctx, runID)
	if CodeOf(err) == NotFound {
		return got, nil
	}
	if err != nil {
		return got, err
	}
	got.Screening.ScreenedAt, got.Screening.Lists, got.Screening.Run = at, run.Lists, run.ID
	return got, nil
}

// Events returns the audit log of one session, newest first.
func (s *Service) Events(ctx context.Context, actor Actor, id ID, limit int) ([]Event, error) {
	if _, err := s.Get(ctx, actor, id); err != nil {
		return nil, err
	}
	events, _, err := s.store.Events(ctx, EventFilter{Session: id, Limit: limit})
	return events, err
}

// RecordExport notes that sessions were taken out: with each company whose they are, so that its own
// auditors see it. company is the one that was asked for, "" is all that the actor sees.
func (s *Service) RecordExport(ctx context.Context, actor Actor, company string, detail map[string]string) error {
	if err := actor.need("session.RecordExport", MayExport); err != nil {
		return err
	}
	companies := actor.scope()
	if company != "" {
		if !actor.Sees(company) {
			return notFound("session.RecordExport", "company")
		}
		companies = []string{company}
	} else if actor.Everyone {
		companies = []string{""}
	}
	return s.recordWith(ctx, actor, ActExport, companies, detail)
}

// Each yields the sessions that the actor sees, oldest first: for exports.
func (s *Service) Each(ctx context.Context, actor Actor) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		if err := actor.need("session.Each", MayExport); err != nil {
			yield(Session{}, err)
			return
		}
		for got, err := range s.store.All(ctx, "") {
			if err == nil && !actor.Sees(got.Company) {
				continue
			}
			if err == nil {
				err = s.date(ctx, &got)
			}
			if !yield(got, err) {
				return
			}
		}
	}
}

// Count returns how many sessions there are, of all companies.
func (s *Service) Count(ctx context.Context) (int, error) { return s.store.Count(ctx) }
