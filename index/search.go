package index

import (
	"context"
	"slices"

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

// inTurn has each reading tried until one finds something.
func (c *query) inTurn(ctx context.Context, v *view, try func([]*probe, reading) (found bool, err error)) error {
	probes, err := c.probes(v)
	if err != nil {
		return err
	}
	for _, r := range c.readings() {
		if r.errors {
			if err := makeNear(ctx, probes); err != nil {
				return err
			}
		}
		if found, err := try(probes, r); err != nil || found {
			return err
		}
	}
	return nil
}

func (c *query) search(ctx context.Context, v *view) (found session.Found, err error) {
	err = c.inTurn(ctx, v, func(probes []*probe, r reading) (any bool, err error) {
		found, err = c.read(ctx, probes, r)
		return found.Total > 0, err
	})
	return found, err
}

// read answers c in one reading.
func (c *query) read(ctx context.Context, probes []*probe, r reading) (session.Found, error) {
	var found session.Found
	var page []key // newest first
	var floor key  // what is older than this is on a later page
	for _, p := range probes {
		if err := ctx.Err(); err != nil {
			return session.Found{}, err
		}
		matched, err := p.match(r)
		if err != nil {
			return session.Found{}, err
		}
		if empty(matched) {
			continue
		}
		found.Total += int(matched.GetCardinality())
		page = append(page, p.page(matched, c.before, floor, c.limit+1)...)
		slices.SortFunc(page, func(a, b key) int { return b.compare(a) })
		if len(page) > c.limit {
			page = page[:c.limit+1]
			floor = page[c.limit]
		}
	}
	found.Forgiven = r.errors && found.Total > 0
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
	err = c.inTurn(ctx, v, func(probes []*probe, r reading) (any bool, err error) {
		found, any, err = beside(ctx, probes, r, at, newer)
		return any, err
	})
	return found, err
}

// beside answers Neighbour in one reading, and reports whether that reading finds anything at all.
func beside(ctx context.Context, probes []*probe, r reading, at key, newer bool) (id session.ID, any bool, err error) {
	best, there := key{}, false
	for _, p := range probes {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		matched, err := p.match(r)
		if err != nil {
			return "", false, err
		}
		if empty(matched) {
			continue
		}
		any = true
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
