package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/sanctions"
)

// RetireList takes a list out of force with nothing in its place, such as one that was loaded under the
// wrong id. Its file and its history stay as evidence; a run takes its hits from everybody and closes
// their alerts. A source that is set for it brings it back only when somebody asks for it.
func (s *Service) RetireList(ctx context.Context, actor Actor, id, reason string) (ListRecord, error) {
	const op = "session.RetireList"
	if err := actor.need(op, MayList); err != nil {
		return ListRecord{}, err
	}
	reason = strings.TrimSpace(reason)
	var bad Fields
	if reason == "" {
		bad.Add("reason", "Say why the list is taken out of force.")
	}
	checkText(&bad, "reason", reason, maxLongText)
	if err := bad.Err(op); err != nil {
		return ListRecord{}, err
	}
	ctx = context.WithoutCancel(ctx)
	s.updating.Lock()
	defer s.updating.Unlock()
	before := s.lists.Load()
	record, ok := before.record(id)
	if !ok {
		return ListRecord{}, notFound(op, "list")
	}
	record.Retired = &Retirement{At: s.now().UTC(), By: actor.ID, Reason: reason}
	keys := make([]sanctions.Key, 0, len(before.lists[id].Records))
	for _, e := range before.lists[id].Records {
		keys = append(keys, sanctions.Key{List: id, ID: e.ID})
	}
	next := before.without(id, *record.Retired)
	if err := s.store.RetireList(ctx, id, *record.Retired, actor.Event(record.Retired.At, ActListRetired, "", "", map[string]string{
		"list": id, "version": record.Version, "sha256": record.SHA256, "entries": fmt.Sprint(record.Entries), "reason": clip(reason, 500)})); err != nil {
		return ListRecord{}, err
	}
	s.lists.Store(next)
	_, err := s.request(ctx, actor, "retired:"+id, &delta{keys: keys, before: before.hashes(), target: next.hashes()})
	return record, err
}

// RetiredLists returns the ids of the lists that were taken out of force with nothing in their place.
func (s *Service) RetiredLists(actor Actor) ([]string, error) {
	return slices.Sorted(maps.Keys(s.lists.Load().retired)), actor.need("session.RetiredLists", MayRead)
}
