package index

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	segapi "github.com/blevesearch/scorch_segment_api/v2"
)

// terms looks terms of one field up in one segment. Bitmaps that it returns belong to Bleve and must
// not be changed.
type terms struct {
	dict segapi.TermDictionary
}

func (p part) terms(field string) (*terms, error) {
	dict, err := p.snap.Segment().Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("index: field %s: %w", field, err)
	}
	return &terms{dict: dict}, nil
}

// with returns the documents that have the term.
func (t *terms) with(term string) (*roaring.Bitmap, error) {
	list, err := t.dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("index: postings of a term: %w", err)
	}
	docs, ok := list.Iterator(false, false, false, nil).(segapi.OptimizablePostingsIterator)
	if !ok {
		return nil, fmt.Errorf("index: postings are %T, which gives no bitmap", list)
	}
	if doc, one := docs.DocNum1Hit(); one {
		return roaring.BitmapOf(uint32(doc)), nil
	}
	if b := docs.ActualBitmap(); b != nil {
		return b, nil
	}
	return roaring.New(), nil
}

// prefixed returns the documents that have a word which begins with the folded prefix.
func (t *terms) prefixed(prefix string) (*roaring.Bitmap, error) {
	n := characters(prefix)
	if levelFrom(n) == n {
		return t.with(prefix)
	}
	names, err := t.names(startsWith(prefix))
	if err != nil {
		return nil, err
	}
	return t.any(names)
}

// maxTerms bounds how many terms one look-up puts together. Only a prefix of a length between two
// levels that millions of different words share can reach it.
const maxTerms = 1 << 20

// names returns the terms that the automaton accepts.
func (t *terms) names(a segapi.Automaton) (names []string, err error) {
	for found := t.walk(a); len(names) < maxTerms; {
		entry, err := found.Next()
		if err != nil {
			return nil, fmt.Errorf("index: terms: %w", err)
		}
		if entry == nil {
			break
		}
		names = append(names, entry.Term)
	}
	return names, nil
}

// any returns the documents that have one of the terms.
func (t *terms) any(names []string) (*roaring.Bitmap, error) {
	all := make([]*roaring.Bitmap, 0, len(names))
	for _, name := range names {
		b, err := t.with(name)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return union(all), nil
}

// among returns the documents of some that have one of the terms.
func (t *terms) among(some *roaring.Bitmap, names []string) (*roaring.Bitmap, error) {
	var all []*roaring.Bitmap
	for _, name := range names {
		b, err := t.with(name)
		if err != nil {
			return nil, err
		}
		if b.Intersects(some) {
			all = append(all, b)
		}
	}
	return roaring.And(union(all), some), nil
}

// union may return the only one of many as it is.
func union(many []*roaring.Bitmap) *roaring.Bitmap {
	switch len(many) {
	case 0:
		return roaring.New()
	case 1:
		return many[0]
	}
	return roaring.FastOr(many...)
}

// walk leaves the postings of the terms unread where the segment can: only their names are wanted.
func (t *terms) walk(a segapi.Automaton) segapi.DictionaryIterator {
	type uncounted interface {
		AutomatonIteratorOmitCount(a segapi.Automaton, from, to []byte) segapi.DictionaryIterator
	}
	if d, ok := t.dict.(uncounted); ok {
		return d.AutomatonIteratorOmitCount(a, nil, nil)
	}
	return t.dict.AutomatonIterator(a, nil, nil)
}
