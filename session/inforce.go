package session

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dossier/sanctions"
)

// An inForce is the lists that persons are compared with, all of one moment. It is never changed.
type inForce struct {
	index   *sanctions.Index
	records []ListRecord // by id
	lists   map[string]sanctions.List
	retired map[string]Retirement // lists that were, by id
}

func newInForce(records []ListRecord, lists map[string]sanctions.List) *inForce {
	var all []sanctions.List
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		all = append(all, lists[id])
	}
	return &inForce{index: sanctions.NewIndex(all...), records: records, lists: lists}
}

// with is f with one list more, or in another version.
func (f *inForce) with(r ListRecord, list sanctions.List) *inForce {
	records := slices.DeleteFunc(slices.Clone(f.records), func(old ListRecord) bool { return old.ID == r.ID })
	at, _ := slices.BinarySearchFunc(records, r, func(a, b ListRecord) int { return cmp.Compare(a.ID, b.ID) })
	lists := maps.Clone(f.lists)
	if lists == nil {
		lists = map[string]sanctions.List{}
	}
	list.ListInfo = r.ListInfo
	lists[r.ID] = list
	next := newInForce(slices.Insert(records, at, r), lists)
	next.retired = maps.Clone(f.retired)
	delete(next.retired, r.ID)
	return next
}

func (f *inForce) record(id string) (ListRecord, bool) {
	for _, r := range f.records {
		if r.ID == id {
			return r, true
		}
	}
	return ListRecord{}, false
}

// without is f with one list less.
func (f *inForce) without(id string, r Retirement) *inForce {
	lists := maps.Clone(f.lists)
	delete(lists, id)
	next := newInForce(slices.DeleteFunc(slices.Clone(f.records), func(r ListRecord) bool { return r.ID == id }), lists)
	next.retired = map[string]Retirement{}
	maps.Copy(next.retired, f.retired)
	next.retired[id] = r
	return next
}

// hashes is the SHA-256 of each list by its id. One that cannot be compared with has none.
func (f *inForce) hashes() map[string]string {
	hashes := map[string]string{}
	for _, r := range f.records {
		hashes[r.ID] = r.SHA256
		if r.broken != "" {
			hashes[r.ID] = r.broken
		}
	}
	return hashes
}

// oweRescreening asks for a run when none has met, or waits to meet, every list in force.
func (s *Service) oweRescreening(ctx context.Context) error {
	runs, err := s.store.Runs(ctx, recentRuns)
	if err != nil {
		return err
	}
	met := map[string]bool{}
	for _, r := range runs {
		if r.Status == RunQueued || r.Status == RunRunning {
			return nil
		}
		for _, l := range r.Lists {
			met[l.SHA256] = true
		}
	}
	for _, r := range s.lists.Load().records {
		if !met[r.SHA256] {
			_, err := s.request(ctx, System, "start", nil)
			return err
		}
	}
	return nil
}

// gone is the disposition of a hit that a screening no longer has, and that nobody decided: why, and who is
// behind it.
func (f *inForce) gone(h Hit, after Screening, now time.Time, by string) Disposition {
	d := Disposition{State: DispositionGone, At: now, By: by}
	retired, isRetired := f.retired[h.List]
	_, listed := f.index.Entry(h.List, h.EntryID)
	switch {
	case after.ScreenedAt.IsZero():
		d.Text = "The company does not screen any more."
	case isRetired:
		d.By = retired.By
		d.Text = fmt.Sprintf("The list was taken out of force on %s: %s", retired.At.UTC().Format("2006-01-02 15:04 UTC"), retired.Reason)
	case !listed:
		d.Text = "The entry was taken off its list."
	case len(after.Hits) >= maxHits+maxBeyond:
		d.Text = fmt.Sprintf("The entry met this person less well than %d others, of whom the best are kept.", maxHits+maxBeyond)
	default:
		d.Text = "The entry no longer meets this person."
	}
	return d
}
