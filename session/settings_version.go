package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// company returns the company that slug names, as the actor may see it.
func (s *Service) company(ctx context.Context, actor Actor, slug string) (Company, error) {
	if !actor.Sees(slug) {
		return Company{}, notFound("session.company", "company")
	}
	return s.store.Company(ctx, slug)
}

// knownCompany returns the company that slug names, from memory: every session that comes in or is looked at
// needs it. It is only to be read. [Service.SaveCompany] is the one writer, and puts what it stored here.
func (s *Service) knownCompany(ctx context.Context, slug string) (Company, error) {
	if c, ok := s.known.get(slug); ok {
		return c, nil
	}
	c, err := s.store.Company(ctx, slug)
	if err != nil {
		return Company{}, err
	}
	return s.known.put(c), nil
}

// knownCompanies are companies by slug, each in the newest version that was put.
type knownCompanies struct {
	mu  sync.RWMutex
	by  map[string]Company
	all bool // there is no other
}

// sorted returns them by slug; false where there may be others.
func (k *knownCompanies) sorted() ([]Company, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.SortedFunc(maps.Values(k.by), func(a, b Company) int { return strings.Compare(a.Slug, b.Slug) }), k.all
}

// putAll puts all that there are.
func (k *knownCompanies) putAll(all []Company) {
	for _, c := range all {
		k.put(c)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = true
}

func (k *knownCompanies) get(slug string) (c Company, ok bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	c, ok = k.by[slug]
	return c, ok
}

// put returns the newest: one that was saved meanwhile is newer than c.
func (k *knownCompanies) put(c Company) Company {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, ok := k.by[c.Slug]; ok && known.Version > c.Version {
		return known
	}
	if k.by == nil {
		k.by = map[string]Company{}
	}
	k.by[c.Slug] = c
	return c
}

// Companies returns the companies that the actor sees, by slug, from memory: every page asks. They are only to
// be read; what is to be changed comes from Company.
func (s *Service) Companies(ctx context.Context, actor Actor) ([]Company, error) {
	if err := actor.need("session.Companies", MayRead); err != nil {
		return nil, err
	}
	return s.companiesOf(ctx, actor)
}

func (s *Service) companiesOf(ctx context.Context, actor Actor) ([]Company, error) {
	all, known := s.known.sorted()
	if !known {
		stored, err := s.store.AllCompanies(ctx)
		if err != nil {
			return nil, err
		}
		s.known.putAll(stored)
		all, _ = s.known.sorted()
	}
	return slices.DeleteFunc(all, func(c Company) bool { return !actor.Sees(c.Slug) }), nil
}

// Company returns one company, or NotFound.
func (s *Service) Company(ctx context.Context, actor Actor, slug string) (Company, error) {
	if err := actor.need("session.Company", MayRead); err != nil {
		return Company{}, err
	}
	return s.company(ctx, actor, slug)
}

// CompanyOf returns the company of a session, only to be read, or NotFound.
func (s *Service) CompanyOf(ctx context.Context, actor Actor, of Session) (Company, error) {
	const op = "session.CompanyOf"
	if err := actor.need(op, MayRead); err != nil {
		return Company{}, err
	}
	if !actor.Sees(of.Company) {
		return Company{}, notFound(op, "company")
	}
	return s.knownCompany(ctx, of.Company)
}

// maxReason bounds why settings were changed, in characters.
const maxReason = 500

// SaveCompany stores a new company, or new settings of one, as a version of its own that says who made
// it and why. Version must be the one that was read. What changes nothing makes no version.
func (s *Service) SaveCompany(ctx context.Context, actor Actor, c Company, reason string) (Company, error) {
	before, err := s.over(ctx, actor, c)
	if err != nil {
		return before, err
	}
	var fields []string
	if before.Version > 0 {
		if fields = changedFields(before, c); len(fields) == 0 {
			return before, nil
		}
	}
	if err := checkSaved(c, reason); err != nil {
		return Company{}, err
	}
	if err := s.mayDrop(ctx, before, c); err != nil {
		return Company{}, err
	}
	now := s.now().UTC()
	if c.CreatedAt.IsZero() {
		c.CreatedAt = now
	}
	c.UpdatedAt = now
	c.Revision = Revision{By: actor.ID, Name: actor.Name, Reason: strings.TrimSpace(reason), Fields: fields}
	saved, err := s.store.PutCompany(ctx, c, actor.Event(now, ActSettings, c.Slug, "", map[string]string{
		"version": fmt.Sprint(c.Version + 1), "fields": clip(strings.Join(fields, ", "), maxLongText)}))
	if err == nil {
		s.known.put(saved)
	}
	return saved, err
}

// MaySave says whether SaveCompany would take c, given a reason, and stores nothing.
func (s *Service) MaySave(ctx context.Context, actor Actor, c Company) error {
	before, err := s.over(ctx, actor, c)
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		return err
	}
	return s.mayDrop(ctx, before, c)
}

// over returns the company that the actor wants to save c over: none for a new one, and a Conflict where it
// is not the version that was read.
func (s *Service) over(ctx context.Context, actor Actor, c Company) (before Company, err error) {
	const op = "session.SaveCompany"
	if err := actor.need(op, MayManage); err != nil {
		return Company{}, err
	}
	if !actor.Sees(c.Slug) {
		return Company{}, notFound(op, "company")
	}
	if c.Version < 1 {
		return Company{}, nil
	}
	if before, err = s.store.Company(ctx, c.Slug); err != nil {
		return Company{}, err
	}
	if c.Version != before.Version {
		return before, conflict(op, fmt.Sprintf("Somebody else has changed the settings since you opened them: they are at version %d now. Look at what changed, then save again.", before.Version))
	}
	return before, nil
}

// checkSaved reports every problem of c and of the reason: a change of settings needs one.
func checkSaved(c Company, reason string) error {
	var bad Fields
	if err := c.Validate(); err != nil {
		bad = err.(*Error).Fields
	}
	checkText(&bad, "reason", reason, maxReason)
	if c.Version > 0 && utf8.RuneCountInString(strings.TrimSpace(reason)) < 3 {
		bad.Add("reason", "Say why, in a few words: the history shows it.")
	}
	return bad.Err("session.SaveCompany")
}

// CompanyVersions returns the versions of a company's settings that are older than before (0: all),
// newest first, at most n. Those who may export may see them: they are evidence of what decided.
func (s *Service) CompanyVersions(ctx context.Context, actor Actor, slug string, before, n int) ([]Company, error) {
	if err := s.mayReadVersions(ctx, actor, slug); err != nil {
		return nil, err
	}
	return s.store.CompanyVersions(ctx, slug, before, n)
}

// CompanyVersion returns one version of a company's settings, or NotFound.
func (s *Service) CompanyVersion(ctx context.Context, actor Actor, slug string, version int) (Company, error) {
	if err := s.mayReadVersions(ctx, actor, slug); err != nil {
		return Company{}, err
	}
	return s.store.CompanyVersion(ctx, slug, version)
}

func (s *Service) mayReadVersions(ctx context.Context, actor Actor, slug string) error {
	if err := actor.need("session.CompanyVersions", MayExport); err != nil {
		return err
	}
	_, err := s.company(ctx, actor, slug)
	return err
}
