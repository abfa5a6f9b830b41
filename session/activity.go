package session

import (
	"context"
	"iter"
	"strings"
)

// Activity returns the audit log as far as the actor sees it, newest first, and where to go on: the
// Before of a filter that looks further back, 0 at the beginning of the log. There may be more to look
// at when no event was found, see [Audit].
func (s *Service) Activity(ctx context.Context, actor Actor, f EventFilter) (events []Event, next uint64, err error) {
	if err := actor.need("session.Activity", MayExport); err != nil {
		return nil, 0, err
	}
	f.Companies = within(actor, f.Companies)
	return s.store.Events(ctx, f)
}

// EachActivity yields all that Activity has, newest first: for exports.
func (s *Service) EachActivity(ctx context.Context, actor Actor, f EventFilter) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		f.Limit = 500
		for {
			events, next, err := s.Activity(ctx, actor, f)
			if err != nil {
				yield(Event{}, err)
				return
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
			if f.Before = next; next == 0 {
				return
			}
		}
	}
}

// Record notes something that is no operation of ours: log-ins, exports, settings of members.
func (s *Service) Record(ctx context.Context, actor Actor, action, company string, id ID, detail map[string]string) error {
	return s.store.Record(ctx, actor.Event(s.now().UTC(), action, company, id, detail))
}

// RecordMember notes something about a member with each of the member's companies, so that their own
// auditors see it; everyone belongs to all of them.
func (s *Service) RecordMember(ctx context.Context, actor Actor, action string, everyone bool, companies []string, detail map[string]string) error {
	if everyone {
		companies = []string{""}
	}
	return s.recordWith(ctx, actor, action, companies, detail)
}

func (s *Service) recordWith(ctx context.Context, actor Actor, action string, companies []string, detail map[string]string) error {
	events := make([]Event, len(companies))
	for i, c := range companies {
		events[i] = actor.Event(s.now().UTC(), action, c, "", detail)
	}
	return s.store.Record(ctx, events...)
}

// RecordSearch notes that a program has read sessions by a search: with the names of the filters it
// used, never with what it looked for. A full disk keeps nobody from reading.
func (s *Service) RecordSearch(ctx context.Context, actor Actor, filters []string) error {
	companies := actor.scope()
	if actor.Everyone {
		companies = []string{""}
	}
	for _, company := range companies {
		e := actor.Event(s.now().UTC(), ActSearched, company, "", map[string]string{"filters": strings.Join(filters, " ")})
		if err := s.saw(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// VerifyAudit walks the whole chain and returns how many events it has, and the first broken link.
func (s *Service) VerifyAudit(ctx context.Context, actor Actor) (uint64, error) {
	if err := actor.need("session.VerifyAudit", MayExport); err != nil {
		return 0, err
	}
	var chain Chain
	for e, err := range s.store.EachEvent(ctx) {
		if err == nil {
			err = chain.Check(e)
		}
		if err != nil {
			return chain.Seq, err
		}
	}
	return chain.Seq, ctx.Err()
}
