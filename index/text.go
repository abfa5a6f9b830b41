package index

import (
	"github.com/RoaringBitmap/roaring/v2"
	segapi "github.com/blevesearch/scorch_segment_api/v2"
)

// automaton stands for the words that are nearly one form of a group.
type automaton = segapi.Automaton

// automata are those of every group that may have a typing error, by group, for readings that allow
// one. They are the same for every segment.
func (c *query) automata(r reading) ([][]automaton, error) {
	if !r.errors {
		return nil, nil
	}
	all := make([][]automaton, len(c.groups))
	for i, g := range c.groups {
		if !g.forgivable() {
			continue
		}
		for _, form := range g.forms {
			a, err := nearly(form, r.whole)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], a)
		}
	}
	return all, nil
}

// text returns the sessions of a segment that match the text. right[i] are those that match the first i
// tokens as typed, wrong[i] those that match them with one error; each group takes both from its first
// token to behind its last.
func (c *query) text(p part, r reading, a [][]automaton) (*roaring.Bitmap, error) {
	words, err := p.terms(fieldWord)
	if err != nil {
		return nil, err
	}
	right, wrong := make([]*roaring.Bitmap, c.tokens+1), make([]*roaring.Bitmap, c.tokens+1)
	right[0] = p.all()
	for i, g := range c.groups { // in order of from
		before, beforeWrong := right[g.from], wrong[g.from]
		if empty(before) && empty(beforeWrong) {
			continue
		}
		exact, err := g.exact(p, words, r)
		if err != nil {
			return nil, err
		}
		if g.from == 0 { // spares an AND with everything
			right[g.to] = or(right[g.to], exact)
		} else {
			right[g.to] = or(right[g.to], and(before, exact))
		}
		if !r.errors {
			continue
		}
		wrong[g.to] = or(wrong[g.to], and(beforeWrong, exact))
		for _, almost := range a[i] {
			near, err := words.matching(almost)
			if err != nil {
				return nil, err
			}
			wrong[g.to] = or(wrong[g.to], and(before, near))
		}
	}
	found := right[c.tokens]
	if r.errors {
		found = wrong[c.tokens]
	}
	if found == nil {
		found = roaring.New()
	}
	return found, nil
}

// exact returns the sessions that have a word, or an id, which begins with g.
func (g group) exact(p part, words *terms, r reading) (*roaring.Bitmap, error) {
	var found *roaring.Bitmap
	for _, form := range g.forms {
		b, err := words.prefixed(form)
		if err != nil {
			return nil, err
		}
		found = or(found, b)
	}
	if g.ids != nil && (r.shortIDs || !g.short) {
		found = or(found, p.within(*g.ids))
	}
	return found, nil
}

// any returns the documents that have one of the terms.
func (t *terms) any(values []string) (*roaring.Bitmap, error) {
	all := make([]*roaring.Bitmap, 0, len(values))
	for _, v := range values {
		b, err := t.with(v)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return roaring.FastOr(all...), nil
}

// and and or take nil for the empty set, and never change what they are given.
func and(a, b *roaring.Bitmap) *roaring.Bitmap {
	if empty(a) || empty(b) {
		return nil
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
