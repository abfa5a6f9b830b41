package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A Fetcher gets a published file. fetch.Client is the one we ship.
type Fetcher interface {
	// Fetch gets the file at url, or says that it is still the one with this ETag or date.
	Fetch(ctx context.Context, url, etag, modified string) (Fetched, error)
}

// Fetched is a file, and what to ask with the next time.
type Fetched struct {
	Body     []byte
	ETag     string
	Modified string
	Same     bool // it has not changed; there is no Body
}

// Sources returns the addresses that lists are fetched from, by list id.
func (s *Service) Sources() map[string]string { return maps.Clone(s.sources) }

// RefreshList fetches a list from its source and brings it into force as UpdateList does. That the
// source has nothing new is a refresh too.
func (s *Service) RefreshList(ctx context.Context, actor Actor, id string) (ListChange, error) {
	const op = "session.RefreshList"
	if err := actor.need(op, MayList); err != nil {
		return ListChange{}, err
	}
	url, ok := s.sources[id]
	if !ok || s.fetcher == nil {
		return ListChange{}, &Error{Code: Invalid, Op: op, Message: fmt.Sprintf("The list %s has no source. Set list-source to %s=https://… and start again, or load a file.", clip(id, 40), clip(id, 40))}
	}
	before, had := s.lists.Load().record(id)
	got, err := s.fetcher.Fetch(ctx, url, before.ETag, before.Modified)
	if err != nil {
		why := &Error{Code: Unavailable, Op: op, Message: "The list could not be fetched: " + err.Error() + ". The one in force stays.", Err: err}
		return ListChange{}, s.refuse(ctx, actor, ListUpdate{List: id, Source: url}, why)
	}
	if got.Same && had {
		s.updating.Lock()
		defer s.updating.Unlock()
		r, err := s.confirmList(context.WithoutCancel(ctx), actor, id, s.now().UTC())
		return ListChange{Record: r, Same: true}, err
	}
	return s.UpdateList(ctx, actor, ListUpdate{List: id, Source: url, Raw: got.Body, ETag: got.ETag, Modified: got.Modified})
}

// RefreshAll refreshes every list that has a source; one that fails holds up none of the others.
func (s *Service) RefreshAll(ctx context.Context, actor Actor) error {
	var all error
	for _, id := range slices.Sorted(maps.Keys(s.sources)) {
		if _, err := s.RefreshList(ctx, actor, id); err != nil {
			all = errors.Join(all, err)
		}
	}
	return all
}
