package session

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"dossier/sanctions"
)

// keepShare is how much of the list in force a new version must have, unless forced.
const keepShare = 0.8

// A ListUpdate is a list file that may come into force.
type ListUpdate struct {
	List     string // list id; "" goes by the content
	Source   string // URL or file name
	Raw      []byte // as published; gzip and zip are understood
	Force    bool   // take it although it is much smaller or older
	ETag     string // of the source, to ask with the next time
	Modified string
}

// A ListChange says what an update brought.
type ListChange struct {
	Record ListRecord
	Delta  sanctions.Delta
	Same   bool // the file in force already
}

// UpdateList reads a list aside and, when it is sound, brings it into force and re-screens everybody
// against what changed. A file that is broken, empty, much smaller or older is refused: the list in
// force stays, and the refusal is remembered.
func (s *Service) UpdateList(ctx context.Context, actor Actor, u ListUpdate) (ListChange, error) {
	if err := actor.need("session.UpdateList", MayList); err != nil {
		return ListChange{}, err
	}
	s.updating.Lock()
	defer s.updating.Unlock()
	change, keys, err := s.takeList(ctx, actor, u)
	if CodeOf(err) == Invalid {
		return ListChange{}, s.refuse(ctx, actor, u, err)
	}
	if err != nil || change.Same {
		return change, err
	}
	if err := s.reloadLists(ctx); err != nil {
		return change, err
	}
	if len(keys) > 0 {
		_, err = s.request(ctx, actor, "list:"+change.Record.ID, keys)
	}
	return change, err
}

func (s *Service) refuse(ctx context.Context, actor Actor, u ListUpdate, why error) error {
	now := s.now().UTC()
	r := ListRefusal{List: u.List, At: now, Source: u.Source, Reason: MessageOf(why)}
	s.log.Warn("list update refused", "list", u.List, "source", u.Source, "reason", r.Reason)
	return errors.Join(why, s.store.RefuseList(ctx, r, actor.Event(now, ActListRefused, "", "", map[string]string{"list": u.List, "reason": clip(r.Reason, 500)})))
}

// takeList reads, checks and stores a list, and returns the entries that changed.
func (s *Service) takeList(ctx context.Context, actor Actor, u ListUpdate) (ListChange, []sanctions.Key, error) {
	list, err := ReadList(u.Raw, u.List, u.Source)
	if err != nil {
		return ListChange{}, nil, &Error{Code: Invalid, Op: "session.UpdateList", Message: "The list is refused: " + err.Error() + ". The one in force stays.", Err: err}
	}
	now := s.now().UTC()
	sum := sha256.Sum256(u.Raw)
	list.SHA256, list.Entries, list.Fetched = hex.EncodeToString(sum[:]), len(list.Records), now
	if list.Version == "" { // the file says nothing of itself
		list.Version = now.Format(time.DateOnly)
	}
	before, had, err := s.inForce(ctx, list.ID)
	if err != nil {
		return ListChange{}, nil, err
	}
	if had && before.SHA256 == list.SHA256 {
		err := s.store.TouchList(ctx, list.ID, now, actor.Event(now, ActListChecked, "", "", map[string]string{"list": list.ID}))
		before.Checked = now
		return ListChange{Record: before, Same: true}, nil, errors.Join(err, s.reloadRecords(ctx))
	}
	if had && !u.Force {
		if err := acceptable(before, list.ListInfo); err != nil {
			return ListChange{}, nil, err
		}
	}
	delta, err := s.delta(ctx, before, had, list)
	if err != nil {
		return ListChange{}, nil, err
	}
	r := ListRecord{ListInfo: list.ListInfo, Source: u.Source, LoadedAt: now, Checked: now, By: actor.ID, Problems: len(list.Problems),
		Added: len(delta.Added), Removed: len(delta.Removed), Changed: len(delta.Changed), Raw: len(u.Raw), Parser: sanctions.ReaderVersion, ETag: u.ETag, Modified: u.Modified}
	event := actor.Event(now, ActListLoaded, "", "", map[string]string{"list": r.ID, "version": r.Version, "sha256": r.SHA256,
		"entries": fmt.Sprint(r.Entries), "added": fmt.Sprint(r.Added), "removed": fmt.Sprint(r.Removed), "changed": fmt.Sprint(r.Changed)})
	return ListChange{Record: r, Delta: delta}, changedKeys(list.ID, delta), s.store.PutList(ctx, r, u.Raw, event)
}

// acceptable says what keeps a new version from replacing the one in force.
func acceptable(before ListRecord, list sanctions.ListInfo) error {
	refuse := func(format string, args ...any) error {
		return &Error{Code: Invalid, Op: "session.UpdateList", Message: fmt.Sprintf(format, args...)}
	}
	if float64(list.Entries) < keepShare*float64(before.Entries) {
		return refuse("The list is refused: it has %d entries where the one in force has %d. If the publisher really took so many off, load it with force.", list.Entries, before.Entries)
	}
	if !list.Published.IsZero() && list.Published.Before(before.Published) {
		return refuse("The list is refused: it was published on %s, and the one in force on %s. To go back, load it with force.",
			list.Published.Format(time.DateOnly), before.Published.Format(time.DateOnly))
	}
	return nil
}

func (s *Service) inForce(ctx context.Context, id string) (ListRecord, bool, error) {
	records, err := s.store.ListRecords(ctx)
	for _, r := range records {
		if r.ID == id {
			return r, true, err
		}
	}
	return ListRecord{}, false, err
}

func (s *Service) delta(ctx context.Context, before ListRecord, had bool, list sanctions.List) (sanctions.Delta, error) {
	if !had {
		return sanctions.Diff(nil, list.Records), nil
	}
	raw, err := s.store.RawList(ctx, before.SHA256)
	if err != nil {
		return sanctions.Delta{}, err
	}
	old, err := ReadList(raw, before.ID, before.Source)
	if err != nil {
		return sanctions.Delta{}, fmt.Errorf("session: read the list in force again: %w", err)
	}
	return sanctions.Diff(old.Records, list.Records), nil
}

// ReadList reads a list file; a zip may hold the OFAC CSV set.
func ReadList(raw []byte, id, name string) (sanctions.List, error) {
	if archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw))); err == nil && len(archive.File) > 1 {
		parts := map[string]io.Reader{}
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				return sanctions.List{}, err
			}
			defer r.Close()
			parts[strings.ToLower(f.Name)] = r
		}
		return sanctions.ReadSet(parts, sanctions.ReadOptions{ID: id, Name: name})
	}
	return sanctions.Read(bytes.NewReader(raw), sanctions.ReadOptions{ID: id, Name: name})
}

// reloadLists builds the index of all lists in force aside and swaps it in.
func (s *Service) reloadLists(ctx context.Context) error {
	records, err := s.store.ListRecords(ctx)
	if err != nil {
		return err
	}
	lists := make([]sanctions.List, 0, len(records))
	for _, r := range records {
		raw, err := s.store.RawList(ctx, r.SHA256)
		if err != nil {
			return fmt.Errorf("session: list %s: %w", r.ID, err)
		}
		list, err := ReadList(raw, r.ID, r.Source)
		if err != nil {
			return fmt.Errorf("session: list %s: %w", r.ID, err)
		}
		list.ListInfo = r.ListInfo
		lists = append(lists, list)
	}
	s.lists.Store(&inForce{index: sanctions.NewIndex(lists...), records: records})
	return nil
}

// reloadRecords takes over when lists were last confirmed, without building the index again.
func (s *Service) reloadRecords(ctx context.Context) error {
	records, err := s.store.ListRecords(ctx)
	if err == nil {
		s.lists.Store(&inForce{index: s.lists.Load().index, records: records})
	}
	return err
}

// Lists returns the lists in force, by id.
func (s *Service) Lists(actor Actor) ([]ListRecord, error) {
	return s.lists.Load().records, actor.need("session.Lists", MayRead)
}

// ListHistory returns all versions of a list that were in force, newest first.
func (s *Service) ListHistory(ctx context.Context, actor Actor, id string) ([]ListRecord, error) {
	if err := actor.need("session.ListHistory", MayRead); err != nil {
		return nil, err
	}
	return s.store.ListHistory(ctx, id)
}

// Refusals returns the newest refused list updates.
func (s *Service) Refusals(ctx context.Context, actor Actor) ([]ListRefusal, error) {
	if err := actor.need("session.Refusals", MayRead); err != nil {
		return nil, err
	}
	return s.store.Refusals(ctx, 20)
}

// StaleAfter is how long a list may go without being refreshed.
func (s *Service) StaleAfter() time.Duration { return s.staleAfter }
