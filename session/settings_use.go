package session

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// A usage is what settings of a company are about to lose, and may not where sessions hold it.
type usage struct {
	extra map[string]bool // keys of extra fields
	tags  map[string]bool // rejection sub-groups
}

// dropped are the fields and sub-groups that before has and c has not.
func (c Company) dropped(before Company) usage {
	u := usage{map[string]bool{}, map[string]bool{}}
	for _, f := range before.Settings.Extra {
		if !slices.ContainsFunc(c.Settings.Extra, func(kept ExtraField) bool { return kept.Key == f.Key }) {
			u.extra[f.Key] = true
		}
	}
	for _, tag := range before.Settings.Tags {
		if !slices.ContainsFunc(c.Settings.Tags, func(kept OwnTag) bool { return kept.Name == tag.Name }) {
			u.tags[tag.Name] = true
		}
	}
	return u
}

// mayDrop refuses settings that drop what a session of the company holds: such a field can be hidden,
// such a sub-group retired. It walks the sessions, as dropping is rare.
func (s *Service) mayDrop(ctx context.Context, before, after Company) error {
	u := after.dropped(before)
	if len(u.extra)+len(u.tags) == 0 {
		return nil
	}
	var bad Fields
	for got, err := range s.store.All(ctx, "") {
		if err != nil {
			return err
		}
		if got.Company != after.Slug {
			continue
		}
		for key := range got.Extra {
			if u.extra[key] {
				delete(u.extra, key)
				bad.Add("extra", fmt.Sprintf("Sessions hold values of %q: hide the field, its values stay.", key))
			}
		}
		for _, tag := range got.Tags {
			if u.tags[tag] {
				delete(u.tags, tag)
				bad.Add("tags", fmt.Sprintf("Sessions were rejected for %q: retire the sub-group, they keep it.", tag))
			}
		}
		if len(u.extra)+len(u.tags) == 0 {
			break
		}
	}
	return bad.Err("session.SaveCompany")
}

// searchable is s without the answers that its company does not want to be found by.
func (s Session) searchable(companies map[string]Company) Session {
	company, ok := companies[s.Company]
	if !ok || len(s.Extra) == 0 {
		return s
	}
	found := map[string]any{}
	for _, f := range company.Settings.Extra {
		if value, given := s.Extra[f.Key]; given && f.Searchable {
			found[f.Key] = value
		}
	}
	s.Extra = found
	return s
}

// indexable gives the index sessions as they may be searched.
func (s *Service) indexable(ctx context.Context, sessions iter.Seq2[Session, error]) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		companies, err := s.companiesBySlug(ctx)
		if err != nil {
			yield(Session{}, err)
			return
		}
		for got, err := range sessions {
			if !yield(got.searchable(companies), err) {
				return
			}
		}
	}
}

func (s *Service) companiesBySlug(ctx context.Context) (map[string]Company, error) {
	all, err := s.store.AllCompanies(ctx)
	bySlug := make(map[string]Company, len(all))
	for _, c := range all {
		bySlug[c.Slug] = c
	}
	return bySlug, err
}
