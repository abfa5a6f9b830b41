package index

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dossier/session"
)

// maxTotal is up to where a total is exact.
const maxTotal = 10_000

// Search returns ids, newest session first. Every token of the text is a prefix of a word of the
// session, in any order and in any field. Where nothing is found, one typing error in one word of at
// least four characters is forgiven. A text without letters and digits is no text. A text or a limit out
// of bounds, or a bad cursor, is an Invalid error.
func (ix *Index) Search(ctx context.Context, q session.Query) (found session.Found, err error) {
	c, err := compile(q)
	if err != nil || c.nothing {
		return session.Found{}, err
	}
	v, err := ix.acquire()
	if err != nil {
		return session.Found{}, err
	}
	defer ix.release(v)
	found, err = c.searchSafely(ctx, v)
	if err != nil && ctx.Err() == nil {
		ix.distrust(err)
	}
	return found, err
}

// searchSafely is search for segments that may have been damaged since opening.
func (c *query) searchSafely(ctx context.Context, v *view) (found session.Found, err error) {
	defer faultsAsErrors(&err)()
	return c.search(ctx, v)
}

// A reading is one of the ways to take a text, from strict to lenient.
type reading struct {
	shortIDs bool // short prefixes of session ids count
	errors   bool // one word has a typing error
	whole    bool // and is otherwise complete
}

// readings are tried in turn until one finds something.
func (c *query) readings() []reading {
	all := []reading{{}}
	if slices.ContainsFunc(c.groups, func(g group) bool { return g.short }) {
		all = append(all, reading{shortIDs: true})
	}
	if slices.ContainsFunc(c.groups, group.forgivable) {
		all = append(all, reading{errors: true, whole: true}, reading{errors: true})
	}
	return all
}

func (g group) forgivable() bool { return characters(g.forms[0]) >= minForgiven }

func (c *query) search(ctx context.Context, v *view) (session.Found, error) {
	for _, r := range c.readings() {
		found, err := c.read(ctx, v, r)
		if err != nil || found.Total > 0 {
			return found, err
		}
	}
	return session.Found{}, nil
}

// read answers c in one reading.
func (c *query) read(ctx context.Context, v *view, r reading) (session.Found, error) {
	found := session.Found{Forgiven: r.errors}
	words, err := c.automata(r)
	if err != nil {
		return session.Found{}, err
	}
	var page []key // newest first
	var floor key  // what is older than this is on a later page
	for _, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return session.Found{}, err
		}
		matched, err := c.match(p, r, words)
		if err != nil {
			return session.Found{}, err
		}
		found.Total += int(matched.GetCardinality())
		page = append(page, p.page(matched, c.before, floor, c.limit+1)...)
		slices.SortFunc(page, func(a, b key) int { return b.compare(a) })
		if len(page) > c.limit {
			page = page[:c.limit+1]
			floor = page[c.limit]
		}
	}
	if found.Total > maxTotal {
		found.Total, found.More = maxTotal, true
	}
	if len(page) > c.limit {
		page = page[:c.limit]
		found.Next = cursor(page[c.limit-1])
	}
	for _, k := range page {
		found.IDs = append(found.IDs, k.id())
	}
	return found, nil
}

// match returns the sessions of a segment that c asks for.
func (c *query) match(p part, r reading, a [][]automaton) (*roaring.Bitmap, error) {
	var all []*roaring.Bitmap
	if c.tokens > 0 {
		text, err := c.text(p, r, a)
		if err != nil || text.IsEmpty() {
			return text, err
		}
		all = append(all, text)
	}
	if len(c.filters) > 0 {
		is, err := p.terms(fieldIs)
		if err != nil {
			return nil, err
		}
		for _, values := range c.filters {
			any, err := is.any(values)
			if err != nil || any.IsEmpty() {
				return any, err
			}
			all = append(all, any)
		}
	}
	if c.within != nil {
		all = append(all, p.within(*c.within))
	}
	if len(all) == 0 {
		all = append(all, p.all())
	}
	matched := all[0]
	if len(all) > 1 {
		matched = roaring.FastAnd(all...)
	}
	if p.deleted != nil {
		matched = roaring.AndNot(matched, p.deleted)
	}
	return matched, nil
}

// Neighbour returns the session next to id in what Search finds for q: the next older one, or the next
// newer one; "" where there is none.
func (ix *Index) Neighbour(ctx context.Context, q session.Query, id session.ID, newer bool) (found session.ID, err error) {
	at, err := keyOf([]byte(id))
	if err != nil {
		return "", &session.Error{Code: session.NotFound, Op: "index.Neighbour", Message: "There is no such session.", Err: err}
	}
	q.Cursor = ""
	c, err := compile(q)
	if err != nil || c.nothing {
		return "", err
	}
	v, err := ix.acquire()
	if err != nil {
		return "", err
	}
	defer ix.release(v)
	found, err = c.besideSafely(ctx, v, at, newer)
	if err != nil && ctx.Err() == nil {
		ix.distrust(err)
	}
	return found, err
}

// besideSafely is beside for segments that may have been damaged since opening.
func (c *query) besideSafely(ctx context.Context, v *view, at key, newer bool) (found session.ID, err error) {
	defer faultsAsErrors(&err)()
	for _, r := range c.readings() {
		found, any, err := c.beside(ctx, v, r, at, newer)
		if err != nil || any {
			return found, err
		}
	}
	return "", nil
}

// beside answers Neighbour in one reading, and reports whether that reading finds anything at all.
func (c *query) beside(ctx context.Context, v *view, r reading, at key, newer bool) (id session.ID, any bool, err error) {
	words, err := c.automata(r)
	if err != nil {
		return "", false, err
	}
	best, there := key{}, false
	for _, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		matched, err := c.match(p, r, words)
		if err != nil {
			return "", false, err
		}
		any = any || !matched.IsEmpty()
		k, ok := p.above(matched, at)
		if !newer {
			k, ok = p.below(matched, at)
		}
		if ok && (!there || newer == (k.compare(best) < 0)) {
			best, there = k, true
		}
	}
	if !there {
		return "", any, nil
	}
	return best.id(), any, nil
}
