package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Preferences are what a member chose for the lists of sessions. Nobody else sees them.
type Preferences struct {
	Member  string        `json:"member"` // "member:<id>"
	Version int           `json:"version"`
	Columns []string      `json:"columns,omitempty"` // in order; none is the usual ones
	Filters []SavedFilter `json:"filters,omitempty"` // by name
}

// A SavedFilter is a search that a member gave a name.
type SavedFilter struct {
	Name  string `json:"name"`
	List  string `json:"list"`  // path of the list: "/awaiting"
	Query string `json:"query"` // query string, as the address of the list has it
}

// Bounds of the preferences.
const (
	maxFilters     = 30
	maxFilterName  = 40
	maxFilterQuery = 2000
	maxColumns     = 40
)

// Preferences returns what the actor chose.
func (s *Service) Preferences(ctx context.Context, actor Actor) (Preferences, error) {
	if err := actor.need("session.Preferences", MayRead); err != nil {
		return Preferences{}, err
	}
	return s.store.Preferences(ctx, actor.ID)
}

// SaveFilter keeps a search under a name; one with the same name is replaced.
func (s *Service) SaveFilter(ctx context.Context, actor Actor, f SavedFilter) error {
	var bad Fields
	f.Name = strings.TrimSpace(f.Name)
	if n := utf8.RuneCountInString(f.Name); n == 0 || n > maxFilterName {
		bad.Add("name", fmt.Sprintf("Give a name of 1 to %d characters.", maxFilterName))
	}
	if f.Query == "" || len(f.Query) > maxFilterQuery {
		bad.Add("query", "Choose something to search or filter by first.")
	}
	checkText(&bad, "name", f.Name, maxFilterName)
	if err := bad.Err("session.SaveFilter"); err != nil {
		return err
	}
	return s.prefer(ctx, actor, func(p *Preferences) error {
		p.Filters = slices.DeleteFunc(slices.Clone(p.Filters), func(o SavedFilter) bool { return o.Name == f.Name })
		if len(p.Filters) >= maxFilters {
			return Fields{"name": fmt.Sprintf("There are %d saved filters already: delete one first.", maxFilters)}.Err("session.SaveFilter")
		}
		p.Filters = append(p.Filters, f)
		slices.SortFunc(p.Filters, func(a, b SavedFilter) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
		return nil
	})
}

// DropFilter forgets the search with this name.
func (s *Service) DropFilter(ctx context.Context, actor Actor, name string) error {
	return s.prefer(ctx, actor, func(p *Preferences) error {
		kept := slices.DeleteFunc(slices.Clone(p.Filters), func(f SavedFilter) bool { return f.Name == name })
		if len(kept) == len(p.Filters) {
			return errNothing
		}
		p.Filters = kept
		return nil
	})
}

// ChooseColumns sets which columns the list of sessions has; none are the usual ones. Which there are is
// the page's business.
func (s *Service) ChooseColumns(ctx context.Context, actor Actor, columns []string) error {
	if len(columns) > maxColumns {
		return Fields{"columns": "That many columns there are not."}.Err("session.ChooseColumns")
	}
	return s.prefer(ctx, actor, func(p *Preferences) error {
		p.Columns = columns
		return nil
	})
}

// prefer changes the actor's preferences, again where another tab was quicker.
func (s *Service) prefer(ctx context.Context, actor Actor, do func(*Preferences) error) error {
	if err := actor.need("session.prefer", MayRead); err != nil {
		return err
	}
	const tries = 8
	for try := 1; ; try++ {
		p, err := s.store.Preferences(ctx, actor.ID)
		if err != nil {
			return err
		}
		if err := do(&p); err == errNothing {
			return nil
		} else if err != nil {
			return err
		}
		err = s.store.PutPreferences(ctx, p)
		if CodeOf(err) == Conflict && try < tries {
			continue
		}
		return err
	}
}
