package index

import (
	"context"
	"runtime"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"golang.org/x/sync/errgroup"
)

// A probe puts a query to one segment. What several readings need is looked up once. Bitmaps that it has
// or returns must not be changed; nil is the empty one.
type probe struct {
	*query
	part
	words *terms
	every *roaring.Bitmap   // all sessions of the segment
	sieve []*roaring.Bitmap // by filter: who passes it; see pass
	exact []*roaring.Bitmap // by group: who has it as typed; see typed
	rest  []*roaring.Bitmap // by group: who has all else; see nearly
	near  []near            // by group, where somebody has all else
}

// probes puts c to every segment of a view.
func (c *query) probes(v *view) ([]*probe, error) {
	all := make([]*probe, len(v.parts))
	for i, p := range v.parts {
		all[i] = &probe{query: c, part: p, every: p.live(), exact: make([]*roaring.Bitmap, len(c.groups))}
		if c.tokens > 0 {
			words, err := p.terms(fieldWord)
			if err != nil {
				return nil, err
			}
			all[i].words = words
		}
	}
	return all, nil
}

// match returns the sessions that the query asks for in one reading.
func (p *probe) match(r reading) (*roaring.Bitmap, error) {
	switch {
	case p.tokens == 0:
		return p.pass(p.every)
	case r.errors:
		return p.nearly(r.whole)
	}
	before, err := p.before(r.shortIDs)
	if err != nil {
		return nil, err
	}
	return p.pass(before[p.tokens])
}

// pass returns those of some that are not deleted and pass all filters.
func (p *probe) pass(some *roaring.Bitmap) (*roaring.Bitmap, error) {
	if empty(some) {
		return nil, nil
	}
	if p.sieve == nil {
		if err := p.makeSieve(); err != nil {
			return nil, err
		}
	}
	for _, passing := range p.sieve {
		some = p.and(some, passing)
	}
	if p.deleted != nil && some != p.every && !empty(some) {
		some = roaring.AndNot(some, p.deleted)
	}
	return some, nil
}

func (p *probe) makeSieve() error {
	p.sieve = make([]*roaring.Bitmap, 0, len(p.filters)+1)
	if len(p.filters) > 0 {
		is, err := p.terms(fieldIs)
		if err != nil {
			return err
		}
		for _, values := range p.filters {
			passing, err := is.any(values)
			if err != nil {
				return err
			}
			p.sieve = append(p.sieve, passing)
		}
	}
	if p.started != nil {
		p.sieve = append(p.sieve, p.within(*p.started))
	}
	return nil
}

// before returns, by token, the sessions that have all tokens before it as typed.
func (p *probe) before(shortIDs bool) ([]*roaring.Bitmap, error) {
	have := make([]*roaring.Bitmap, p.tokens+1)
	have[0] = p.every
	for i, g := range p.groups { // in order of from
		if empty(have[g.from]) {
			continue
		}
		typed, err := p.typed(i, shortIDs)
		if err != nil {
			return nil, err
		}
		have[g.to] = or(have[g.to], p.and(have[g.from], typed))
	}
	return have, nil
}

// after returns, by token, the sessions that have it and all tokens behind it as typed.
func (p *probe) after() ([]*roaring.Bitmap, error) {
	have := make([]*roaring.Bitmap, p.tokens+1)
	have[p.tokens] = p.every
	for i, g := range slices.Backward(p.groups) {
		if empty(have[g.to]) {
			continue
		}
		typed, err := p.typed(i, false)
		if err != nil {
			return nil, err
		}
		have[g.from] = or(have[g.from], p.and(have[g.to], typed))
	}
	return have, nil
}

// typed returns the sessions that have a word, or an id, which begins with the i-th group.
func (p *probe) typed(i int, shortIDs bool) (*roaring.Bitmap, error) {
	g := p.groups[i]
	if p.exact[i] == nil {
		found := roaring.New()
		for _, form := range g.forms {
			b, err := p.words.prefixed(form)
			if err != nil {
				return nil, err
			}
			found = or(found, b)
		}
		if g.ids != nil && !g.short {
			found = or(found, p.within(*g.ids))
		}
		p.exact[i] = found
	}
	if shortIDs && g.short {
		return or(p.exact[i], p.within(*g.ids)), nil
	}
	return p.exact[i], nil
}

// near are the terms of words that are a group but for a typing error, and of those that begin so.
type near struct{ whole, begun []string }

// nearly returns the sessions that have one group with a typing error, and all else as typed. It needs makeNear.
func (p *probe) nearly(whole bool) (found *roaring.Bitmap, err error) {
	for i, some := range p.rest {
		if empty(some) {
			continue
		}
		names := p.near[i].whole
		if !whole {
			names = p.near[i].begun
		}
		has, err := p.words.among(some, names)
		if err != nil {
			return nil, err
		}
		found = or(found, has)
	}
	return found, nil
}

// makeNear looks for words with an error, in some segments at a time: no other reading takes as long.
func makeNear(ctx context.Context, probes []*probe) error {
	var looking errgroup.Group
	looking.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range probes {
		looking.Go(func() (err error) {
			defer faultsAsErrors(&err)()
			if p.rest != nil || ctx.Err() != nil {
				return ctx.Err()
			}
			return p.makeNear()
		})
	}
	return looking.Wait()
}

// makeNear walks through the terms only for groups where some session has all else.
func (p *probe) makeNear() error {
	before, err := p.before(false)
	if err != nil {
		return err
	}
	after, err := p.after()
	if err != nil {
		return err
	}
	p.rest, p.near = make([]*roaring.Bitmap, len(p.groups)), make([]near, len(p.groups))
	for i, g := range p.groups {
		if !g.forgivable() {
			continue
		}
		if p.rest[i], err = p.pass(p.and(before[g.from], after[g.to])); err != nil {
			return err
		}
		if empty(p.rest[i]) {
			continue
		}
		if p.near[i], err = p.words.near(g); err != nil {
			return err
		}
	}
	return nil
}

func (t *terms) near(g group) (n near, err error) {
	for _, form := range g.forms {
		w := nearly(form)
		names, err := t.names(w)
		if err != nil {
			return near{}, err
		}
		n.begun = append(n.begun, names...)
		for _, name := range names {
			if w.whole(name) {
				n.whole = append(n.whole, name)
			}
		}
	}
	return n, nil
}

// and spares an AND with every session: what it then returns may have deleted ones, see pass.
func (p *probe) and(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case empty(a) || empty(b):
		return nil
	case a == p.every:
		return b
	case b == p.every:
		return a
	}
	return roaring.And(a, b)
}

func or(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case empty(a):
		return b
	case empty(b):
		return a
	}
	return roaring.Or(a, b)
}

func empty(b *roaring.Bitmap) bool { return b == nil || b.IsEmpty() }
