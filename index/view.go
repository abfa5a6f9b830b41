package index

import (
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"golang.org/x/sync/errgroup"
)

// A view is one consistent state of the index with everything ready that searches need. It is closed
// when the last search that reads it has ended.
type view struct {
	gen   *generation
	snap  *scorch.IndexSnapshot
	parts []part // that with the newest session first: a page is then mostly found in the first
	users int    // guarded by Index.mu; the index itself is one of them
}

// A part is one segment as a view sees it.
type part struct {
	*segment
	snap    *scorch.SegmentSnapshot
	deleted *roaring.Bitmap        // nil if none
	live    func() *roaring.Bitmap // all but those deleted, made when first asked for
}

func newPart(s *segment, snap *scorch.SegmentSnapshot) part {
	p := part{segment: s, snap: snap, deleted: snap.Deleted()}
	p.live = sync.OnceValue(func() *roaring.Bitmap {
		if p.deleted == nil {
			return s.all()
		}
		return roaring.AndNot(s.all(), p.deleted)
	})
	return p
}

// live is how many sessions a view has.
func (v *view) live() int {
	n := 0
	for _, p := range v.parts {
		n += int(p.snap.Count())
	}
	return n
}

// view takes a snapshot of g. Orders of segments seen before are taken over. Callers hold g.viewing.
func (g *generation) view() (v *view, err error) {
	defer faultsAsErrors(&err)()
	snap, err := g.snapshot()
	if err != nil {
		return nil, err
	}
	segments := snap.Segments()
	v = &view{gen: g, snap: snap, users: 1, parts: make([]part, len(segments))}
	var loading errgroup.Group
	loading.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range segments {
		loading.Go(func() (err error) {
			defer faultsAsErrors(&err)()
			seg := g.segments[s.Id()]
			if seg == nil {
				seg, err = loadSegment(s)
			}
			v.parts[i] = newPart(seg, s)
			return err
		})
	}
	if err := loading.Wait(); err != nil {
		_ = snap.Close()
		return nil, err
	}
	seen := make(map[uint64]*segment, len(segments))
	for _, p := range v.parts {
		seen[p.snap.Id()] = p.segment
	}
	slices.SortFunc(v.parts, func(a, b part) int { return b.newest().compare(a.newest()) })
	g.segments = seen
	return v, nil
}

// acquire returns the view in force, which the caller must release.
func (ix *Index) acquire() (*view, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.view == nil {
		return nil, errClosed("index.Search")
	}
	ix.view.users++
	return ix.view, nil
}

func (ix *Index) release(v *view) {
	ix.mu.Lock()
	v.users--
	last := v.users == 0
	ix.mu.Unlock()
	if last {
		_ = v.snap.Close() // only gives the snapshot back
	}
}

// publish puts v in force, nil for none.
func (ix *Index) publish(v *view) {
	ix.mu.Lock()
	old := ix.view
	ix.view = v
	ix.mu.Unlock()
	if old != nil {
		ix.release(old)
	}
}

// refresh brings g's latest state into force, unless another generation has taken its place.
func (ix *Index) refresh(g *generation) error {
	g.viewing.Lock()
	defer g.viewing.Unlock()
	if !ix.inForce(g) {
		return nil
	}
	v, err := g.view()
	if err != nil {
		ix.distrust(err)
		return err
	}
	ix.publish(v)
	return nil
}

func (ix *Index) inForce(g *generation) bool {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.view != nil && ix.view.gen == g
}
