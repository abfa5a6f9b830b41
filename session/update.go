package session

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"dossier/sanctions"
)

// How much of the list in force a new version must have, unless forced: that many entries, and so many of
// the same ones. The publishers take off far fewer at once; another file under the same id does not.
const (
	keepShare = 0.8
	sameShare = 0.5
)

// A ListUpdate is a list file that may come into force.
type ListUpdate struct {
	List   string // list id; "" goes by the content
	Source string // URL or file name
	Raw    []byte // as published; gzip and zip are understood
	Force  bool   // take it although it is much smaller, older or another one

	address  string // that it was fetched from
	etag     string // of that address, to ask with the next time
	modified string
	began    time.Time // when somebody began to fetch or to read it
}

// A ListChange says what an update brought.
type ListChange struct {
	Record   ListRecord
	Delta    sanctions.Delta
	Problems []sanctions.Problem // records that were left out or taken in part
	Same     bool                // the file in force already
}

// UpdateList reads a list aside and, when it is sound, brings it into force and re-screens everybody
// against what changed. A file that is broken, empty, much smaller, older or of quite other
// entries is refused: the list in force stays, and the refusal is remembered.
func (s *Service) UpdateList(ctx context.Context, actor Actor, u ListUpdate) (ListChange, error) {
	const op = "session.UpdateList"
	if err := actor.need(op, MayList); err != nil {
		return ListChange{}, err
	}
	if u.List != "" && !IsList(u.List) {
		return ListChange{}, Fields{"list": noSuchList(u.List)}.Err(op)
	}
	ctx = context.WithoutCancel(ctx) // a client that leaves must not leave a list half taken
	s.updating.Lock()
	defer s.updating.Unlock()
	if u.began.IsZero() {
		u.began = s.now().UTC()
	}
	before := s.lists.Load().hashes()
	change, keys, err := s.takeList(ctx, actor, u)
	if CodeOf(err) == Invalid {
		return ListChange{}, s.notTaken(ctx, actor, u, AttemptRefused, err)
	}
	if err != nil {
		return ListChange{}, err
	}
	if !change.Same { // even where no entry changed: the run proves that everybody met this version
		if _, err := s.request(ctx, actor, "list:"+change.Record.ID, &delta{keys: keys, before: before, target: s.lists.Load().hashes()}); err != nil {
			return change, err
		}
	}
	return change, s.noteTaken(ctx, actor, u, change)
}

// takeList reads, checks and stores a list, swaps it in, and returns the entries that changed.
func (s *Service) takeList(ctx context.Context, actor Actor, u ListUpdate) (ListChange, []sanctions.Key, error) {
	list, err := ReadList(u.Raw, u.List, u.Source)
	if err != nil {
		return ListChange{}, nil, &Error{Code: Invalid, Op: "session.UpdateList", Message: "The list is refused: " + err.Error() + ". The one in force stays.", Err: err}
	}
	now := s.now().UTC()
	sum := sha256.Sum256(u.Raw)
	list.SHA256, list.Entries, list.Fetched = hex.EncodeToString(sum[:]), len(list.Records), now
	if list.Version == "" { // the file says nothing of itself
		list.Version = "loaded " + now.Format(time.DateOnly)
	}
	before, had := s.lists.Load().record(list.ID)
	if had && before.Content == list.Content && before.broken == "" {
		before, err := s.confirmList(ctx, actor, list.ID, u.check(now))
		return ListChange{Record: before, Same: true}, nil, err
	}
	if !had && !u.Force && list.Format == "custom-csv" && isPublished(list.ID) {
		return ListChange{}, nil, &Error{Code: Invalid, Op: "session.UpdateList", Message: fmt.Sprintf("The list is refused: this is a list of your own (CSV), and %s is what its publisher gives out. Load it as custom or custom_NAME; if it is that list in other form, load it with force (--force, or force=true).", list.ID)}
	}
	inForce := s.lists.Load().lists[list.ID].Records
	delta := sanctions.Diff(inForce, list.Records)
	if had && !u.Force {
		if err := acceptable(before, list.ListInfo, len(inForce), len(delta.Removed)); err != nil {
			return ListChange{}, nil, err
		}
	}
	r := ListRecord{ListInfo: list.ListInfo, Source: u.Source, LoadedAt: now, By: actor.ID, Problems: list.Troubled(),
		Added: len(delta.Added), Removed: len(delta.Removed), Changed: len(delta.Changed), Raw: len(u.Raw), Parser: sanctions.ReaderVersion, Content: list.Content}.Confirmed(u.check(now))
	event := actor.Event(now, ActListLoaded, "", "", map[string]string{"list": r.ID, "version": r.Version, "sha256": r.SHA256,
		"entries": fmt.Sprint(r.Entries), "added": fmt.Sprint(r.Added), "removed": fmt.Sprint(r.Removed), "changed": fmt.Sprint(r.Changed)})
	next := s.lists.Load().with(r, list) // built before it is stored, so that nothing can fail in between
	if err := s.store.PutList(ctx, r, u.Raw, clipped(list.Problems), event); err != nil {
		return ListChange{}, nil, err
	}
	s.lists.Store(next)
	return ListChange{Record: r, Delta: delta, Problems: list.Problems}, changedKeys(list.ID, delta), nil
}

// clipped are the problems of a list as they are kept: a broken record may have texts of any length.
func clipped(problems []sanctions.Problem) []sanctions.Problem {
	kept := slices.Clone(problems)
	for i := range kept {
		kept[i].Entry, kept[i].Text = clip(kept[i].Entry, 100), clip(kept[i].Text, 500)
	}
	return kept
}

// check is what the update found out about the list's source.
func (u ListUpdate) check(now time.Time) ListCheck {
	return ListCheck{At: now, Address: u.address, ETag: u.etag, Modified: u.modified}
}

// confirmList notes that the list in force is still the newest. The caller holds updating.
func (s *Service) confirmList(ctx context.Context, actor Actor, id string, c ListCheck) (ListRecord, error) {
	err := s.store.ConfirmList(ctx, id, c, actor.Event(c.At, ActListChecked, "", "", map[string]string{"list": id}))
	if err != nil {
		return ListRecord{}, err
	}
	next := *s.lists.Load()
	next.records = slices.Clone(next.records)
	for i := range next.records {
		if next.records[i].ID == id {
			next.records[i] = next.records[i].Confirmed(c)
		}
	}
	s.lists.Store(&next)
	r, _ := next.record(id)
	return r, nil
}

// acceptable says what keeps a new version from replacing the one in force.
// of and gone are how many entries are in force, and how many of them it has no more.
func acceptable(before ListRecord, list sanctions.ListInfo, of, gone int) error {
	refuse := func(format string, args ...any) error {
		return &Error{Code: Invalid, Op: "session.UpdateList", Message: fmt.Sprintf(format, args...)}
	}
	if float64(list.Entries) < keepShare*float64(before.Entries) {
		return refuse("The list is refused: it has %d entries where the one in force has %d. If the publisher really took so many off, load it with force (--force, or force=true).", list.Entries, before.Entries)
	}
	if !list.Published.IsZero() && list.Published.Before(before.Published) {
		return refuse("The list is refused: it was published on %s, and the one in force on %s. To go back, load it with force (--force, or force=true).",
			list.Published.Format(time.DateOnly), before.Published.Format(time.DateOnly))
	}
	if kept := of - gone; float64(kept) < sameShare*float64(of) {
		return refuse("The list is refused: only %d of the %d entries in force are in it, so that it looks like another list. If it is to take their place, load it with force (--force, or force=true)%s.", kept, of, beside(before.ID))
	}
	return nil
}

// isPublished reports whether a list is one that somebody publishes, and not a data set of anybody's choice.
func isPublished(id string) bool {
	base := BaseList(id)
	return base != sanctions.Custom && base != sanctions.OpenSanctions
}

// beside says how a list can stand beside the one with this id, where several may.
func beside(id string) string {
	switch base := BaseList(id); base {
	case sanctions.OpenSanctions, sanctions.Custom:
		return "; if both are to be in force, load it as the list " + base + "_NAME"
	}
	return ""
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

// loadLists reads the lists in force from the store. One that this version cannot read stays out and
// counts as stale, so that the program starts and says so instead of keeping everybody out.
func (s *Service) loadLists(ctx context.Context) error {
	records, err := s.store.ListRecords(ctx)
	if err != nil {
		return err
	}
	lists := map[string]sanctions.List{}
	for i, r := range records {
		raw, err := s.store.RawList(ctx, r.SHA256)
		var list sanctions.List
		if err == nil {
			list, err = ReadList(raw, r.ID, r.Source)
		}
		if err != nil {
			s.log.Error("a list in force cannot be read: load it again", "list", r.ID, "err", err)
			records[i].broken = "it cannot be read any more"
			continue
		}
		records[i].Content = list.Content // records of old do not have it
		list.ListInfo = r.ListInfo
		lists[r.ID] = list
	}
	now := newInForce(records, lists)
	if now.retired, err = s.retiredLists(ctx, now); err != nil {
		return err
	}
	s.lists.Store(now)
	return nil
}

// retiredLists are those that were taken out of force, with nothing in their place, by id.
func (s *Service) retiredLists(ctx context.Context, now *inForce) (map[string]Retirement, error) {
	ids, err := s.store.ListIDs(ctx)
	if err != nil {
		return nil, err
	}
	retired := map[string]Retirement{}
	for _, id := range ids {
		if _, in := now.record(id); in {
			continue
		}
		history, err := s.store.ListHistory(ctx, id)
		if err != nil {
			return nil, err
		}
		if len(history) > 0 && history[0].Retired != nil {
			retired[id] = *history[0].Retired
		}
	}
	return retired, nil
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

// ListVersion returns a version of a list that was in force, by the SHA-256 of its file.
func (s *Service) ListVersion(ctx context.Context, actor Actor, id, sha256 string) (ListVersion, error) {
	if err := actor.need("session.ListVersion", MayRead); err != nil {
		return ListVersion{}, err
	}
	return s.store.ListVersion(ctx, id, sha256)
}

// ListFile returns a version of a list with its file, as it was published and archived.
func (s *Service) ListFile(ctx context.Context, actor Actor, id, sha256 string) (ListVersion, []byte, error) {
	const op = "session.ListFile"
	if err := actor.need(op, MayExport); err != nil {
		return ListVersion{}, nil, err
	}
	r, err := s.store.ListVersion(ctx, id, sha256)
	if err != nil {
		return r, nil, err
	}
	raw, err := s.store.RawList(ctx, r.SHA256)
	if err != nil {
		return r, nil, err
	}
	return r, raw, s.RecordExport(ctx, actor, "", map[string]string{"what": "list file", "list": id, "sha256": r.SHA256})
}

// StaleAfter is how long a list may go without being refreshed.
func (s *Service) StaleAfter() time.Duration { return s.staleAfter }
