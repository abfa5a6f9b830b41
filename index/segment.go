package index

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A key is a session id as a number: a greater key is a newer session.
type key struct{ hi, lo uint64 }

// newest is greater than every id.
var newest = key{1<<64 - 1, 1<<64 - 1}

func keyOf(id []byte) (key, error) {
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return key{}, err
	}
	return keyOfULID(u), nil
}

func keyOfULID(u ulid.ULID) key {
	return key{binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])}
}

func (k key) ulid() (u ulid.ULID) {
	binary.BigEndian.PutUint64(u[:8], k.hi)
	binary.BigEndian.PutUint64(u[8:], k.lo)
	return u
}

func (k key) id() session.ID { return session.ID(k.ulid().String()) }

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.hi, o.hi), cmp.Compare(k.lo, o.lo))
}

// next is the least key above k, or k if there is none.
func (k key) next() key {
	if k == newest {
		return k
	}
	if k.lo++; k.lo == 0 {
		k.hi++
	}
	return k
}

// A span is the sessions with from <= id < to.
type span struct{ from, to key }

// A segment is what never changes of one of Bleve's segments: which session each document number is,
// and the numbers from the newest session to the oldest. It takes 20 bytes a document.
type segment struct {
	keys  []key    // by document number
	order []uint32 // document numbers, newest session first
}

func loadSegment(snap *scorch.SegmentSnapshot) (*segment, error) {
	inner := snap.Segment()
	n := inner.Count()
	s := &segment{keys: make([]key, n), order: make([]uint32, n)}
	for doc := range n {
		id, err := inner.DocID(doc)
		if err == nil {
			s.keys[doc], err = keyOf(id)
		}
		if err != nil {
			return nil, fmt.Errorf("index: segment %d: document %d: %w", snap.Id(), doc, err)
		}
		s.order[doc] = uint32(doc)
	}
	slices.SortFunc(s.order, func(a, b uint32) int { return s.keys[b].compare(s.keys[a]) })
	return s, nil
}

// newerOrSame is how many sessions of s have an id of k or greater.
func (s *segment) newerOrSame(k key) int {
	return sort.Search(len(s.order), func(i int) bool { return s.keys[s.order[i]].compare(k) < 0 })
}

// within returns the documents whose sessions lie in the span.
func (s *segment) within(in span) *roaring.Bitmap {
	// order[first:last] are the sessions below in.to and not below in.from.
	first, last := s.newerOrSame(in.to), s.newerOrSame(in.from)
	if first >= last {
		return roaring.New()
	}
	if first == 0 && last == len(s.order) {
		return s.all()
	}
	bits := make([]uint64, (len(s.order)+63)/64)
	if last-first <= len(s.order)/2 {
		setBits(bits, s.order[first:last])
		return roaring.FromDense(bits, false)
	}
	setBits(bits, s.order[:first])
	setBits(bits, s.order[last:])
	return roaring.AndNot(s.all(), roaring.FromDense(bits, false))
}

func setBits(bits []uint64, docs []uint32) {
	for _, d := range docs {
		bits[d/64] |= 1 << (d % 64)
	}
}

// all is every document, deleted ones too.
func (s *segment) all() *roaring.Bitmap {
	b := roaring.New()
	b.AddRange(0, uint64(len(s.order)))
	return b
}

// newest is the greatest id of s, deleted ones included.
func (s *segment) newest() key {
	if len(s.order) == 0 {
		return key{}
	}
	return s.keys[s.order[0]]
}

// page returns the newest n sessions of matched that are older than before and newer than floor, newest
// first. It walks the order while that is cheap, and looks at every match where the walk meets too few.
func (s *segment) page(matched *roaring.Bitmap, before, floor key, n int) []key {
	steps := int(matched.GetCardinality()) / 4 // a step costs about as much as four matches
	found := make([]key, 0, n)
	first, last := s.newerOrSame(before), s.newerOrSame(floor.next())
	for i := first; i < last && len(found) < n; i++ {
		if steps--; steps < 0 {
			return s.pick(matched, before, floor, n)
		}
		if doc := s.order[i]; matched.Contains(doc) {
			found = append(found, s.keys[doc])
		}
	}
	return found
}

// below returns the newest session of matched that is older than k.
func (s *segment) below(matched *roaring.Bitmap, k key) (key, bool) {
	for _, found := range s.page(matched, k, key{}, 1) {
		return found, true
	}
	return key{}, false
}

// above returns the oldest session of matched that is newer than k. Like page, it walks the order while
// that is cheap.
func (s *segment) above(matched *roaring.Bitmap, k key) (key, bool) {
	steps := int(matched.GetCardinality()) / 4
	for i := s.newerOrSame(k.next()) - 1; i >= 0; i-- {
		if steps--; steps < 0 {
			break
		}
		if doc := s.order[i]; matched.Contains(doc) {
			return s.keys[doc], true
		}
	}
	best, there := key{}, false
	for docs := matched.Iterator(); docs.HasNext(); {
		if at := s.keys[docs.Next()]; at.compare(k) > 0 && (!there || at.compare(best) < 0) {
			best, there = at, true
		}
	}
	return best, there
}

// pick is page by looking at every match. It sorts a few pages at a time: where sessions came in the
// order of their time, nearly every match is newer than all before it.
func (s *segment) pick(matched *roaring.Bitmap, before, floor key, n int) []key {
	best := make([]key, 0, 8*n)
	cut := func() {
		slices.SortFunc(best, func(a, b key) int { return b.compare(a) })
		if len(best) >= n {
			best = best[:n]
			floor = best[n-1]
		}
	}
	docs := matched.ManyIterator()
	var buf [512]uint32
	for got := docs.NextMany(buf[:]); got > 0; got = docs.NextMany(buf[:]) {
		for _, d := range buf[:got] {
			k := s.keys[d]
			if k.compare(floor) <= 0 || k.compare(before) >= 0 {
				continue
			}
			if best = append(best, k); len(best) == cap(best) {
				cut()
			}
		}
	}
	cut()
	return best
}
