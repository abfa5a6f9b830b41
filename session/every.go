package session

import (
	"context"
	"fmt"
	"iter"
	"strings"
)

// Every yields all sessions that q finds, newest first, for exports. Where some are damaged it yields all
// others, and then an error that names them. Where the index does not know all sessions it ends with Unavailable.
func (s *Service) Every(ctx context.Context, actor Actor, q Query) iter.Seq2[Session, error] {
	if err := actor.need("session.Every", MayExport); err != nil {
		return func(yield func(Session, error) bool) { yield(Session{}, err) }
	}
	q.Limit = 200
	return s.every(ctx, actor, q, s.search)
}

// A finder is a way to search.
type finder func(context.Context, Actor, Query) (Found, error)

// every reads page by page, so that memory stays small.
func (s *Service) every(ctx context.Context, actor Actor, q Query, find finder) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		var gap unreadable
		for {
			found, err := find(ctx, actor, q)
			if err == nil {
				err = whole("session.Every", found.Gap)
			}
			var sessions []Session
			if err == nil {
				sessions, err = s.readable(ctx, found.IDs, &gap)
			}
			if err != nil {
				yield(Session{}, err)
				return
			}
			for _, got := range sessions {
				if !yield(got, nil) {
					return
				}
			}
			if q.Cursor, q.Lagging = found.Next, true; q.Cursor == "" {
				break
			}
		}
		if len(gap) > 0 {
			yield(Session{}, &Error{Code: Internal, Op: "session.Every", Message: gap.Error(), Err: gap})
		}
	}
}

// readable returns the sessions with these ids that are there, and adds to gap those that are damaged.
func (s *Service) readable(ctx context.Context, ids []ID, gap *unreadable) ([]Session, error) {
	sessions, err := s.store.Load(ctx, ids)
	if err != nil || len(sessions) < len(ids) {
		if sessions, err = s.readEach(ctx, ids, gap); err != nil {
			return nil, err
		}
	}
	return sessions, s.date(ctx, pointers(sessions)...)
}

func (s *Service) readEach(ctx context.Context, ids []ID, gap *unreadable) (sessions []Session, err error) {
	for _, id := range ids {
		got, err := s.store.Session(ctx, id)
		switch {
		case err == nil:
			sessions = append(sessions, got)
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case CodeOf(err) == Internal:
			s.log.Error("a session is damaged and left out of an export", "session", id, "err", err)
			*gap = append(*gap, id)
		case CodeOf(err) != NotFound: // that is erased meanwhile
			return nil, err
		}
	}
	return sessions, nil
}

// unreadable are the sessions that an export leaves out because they are damaged.
type unreadable []ID

// Error names the first of them.
func (u unreadable) Error() string {
	const most = 20
	var names []string
	for _, id := range u[:min(len(u), most)] {
		names = append(names, string(id))
	}
	if len(u) > most {
		names = append(names, "…")
	}
	return fmt.Sprintf("Damaged in the database and left out: %d sessions (%s). The operator can restore them from a backup.", len(u), strings.Join(names, ", "))
}
