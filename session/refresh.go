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

// RefreshList fetches a list from its source and brings it into force as UpdateList does. That the
// source has nothing new is a refresh too.
func (s *Service) RefreshList(ctx context.Context, actor Actor, id string) (ListChange, error) {
	const op = "session.RefreshList"
	if err := actor.need(op, MayList); err != nil {
		return ListChange{}, err
	}
	url, err := s.sourceOf(op, id)
	if err != nil {
		return ListChange{}, err
	}
	u := ListUpdate{List: id, Source: url, began: s.now().UTC()}
	before, had := s.lists.Load().record(id)
	if had && (before.Address != url || before.broken != "") { // what another address said of its file means nothing here
		before.ETag, before.Modified = "", ""
	}
	got, err := s.fetcher.Fetch(ctx, url, before.ETag, before.Modified)
	if err != nil {
		why := &Error{Code: Unavailable, Op: op, Message: "The list could not be fetched: " + err.Error() + ". The one in force stays.", Err: err}
		return ListChange{}, s.notTaken(context.WithoutCancel(ctx), actor, u, AttemptFailed, why)
	}
	if got.Same && had {
		return s.stillNewest(context.WithoutCancel(ctx), actor, u)
	}
	u.Raw, u.address, u.etag, u.modified = got.Body, url, got.ETag, got.Modified
	return s.UpdateList(ctx, actor, u)
}

func (s *Service) sourceOf(op, id string) (string, error) {
	url, ok := s.sources[id]
	switch {
	case !IsList(id):
		return "", Fields{"list": noSuchList(id)}.Err(op)
	case !ok || s.fetcher == nil:
		return "", &Error{Code: Invalid, Op: op, Message: fmt.Sprintf("The list %s has no source. Set list-source to %s, or to %s=https://…, and start again, or load a file.", clip(id, 40), clip(id, 40), clip(id, 40))}
	}
	return url, nil
}

// stillNewest notes that the source has nothing newer than the list in force.
func (s *Service) stillNewest(ctx context.Context, actor Actor, u ListUpdate) (ListChange, error) {
	s.updating.Lock()
	defer s.updating.Unlock()
	r, err := s.confirmList(ctx, actor, u.List, ListCheck{At: s.now().UTC()})
	if err != nil {
		return ListChange{}, err
	}
	change := ListChange{Record: r, Same: true}
	return change, s.noteTaken(ctx, actor, u, change)
}

// RefreshSoon has Work fetch a list, for those who cannot wait for it as long as it may take. What comes of
// it is on record among the list's attempts, and is sent to who still waits.
func (s *Service) RefreshSoon(actor Actor, id string) (<-chan Refreshed, error) {
	const op = "session.RefreshSoon"
	if err := actor.need(op, MayList); err != nil {
		return nil, err
	}
	if _, err := s.sourceOf(op, id); err != nil {
		return nil, err
	}
	w := refreshWish{actor, id, make(chan Refreshed, 1)}
	select {
	case s.refresh <- w:
		return w.done, nil
	default:
		return nil, conflict(op, "Several lists wait to be fetched already. Try again when they are done.")
	}
}

// Refreshed is what came of a list's refresh.
type Refreshed struct {
	Change ListChange
	Err    error
}

// A refreshWish is a list that somebody wants fetched.
type refreshWish struct {
	actor Actor
	id    string
	done  chan Refreshed
}

// maxRefreshes is how many lists can wait to be fetched.
const maxRefreshes = 50

// keepRefreshing fetches the lists that RefreshSoon is asked for.
func (s *Service) keepRefreshing(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-s.refresh:
			change, err := s.RefreshList(ctx, w.actor, w.id)
			if err != nil && ctx.Err() == nil {
				s.log.Error("list update", "list", w.id, "err", err)
			}
			w.done <- Refreshed{change, err}
		}
	}
}

// RefreshAll refreshes every list that has a source, but those that were retired; one that fails holds
// up none of the others.
func (s *Service) RefreshAll(ctx context.Context, actor Actor) error {
	var all error
	for _, id := range slices.Sorted(maps.Keys(s.sources)) {
		history, err := s.store.ListHistory(ctx, id)
		if err == nil && len(history) > 0 && history[0].Retired != nil {
			continue
		}
		if err == nil {
			_, err = s.RefreshList(ctx, actor, id)
		}
		all = errors.Join(all, err)
	}
	return all
}
