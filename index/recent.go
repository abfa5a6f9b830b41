package index

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// Bleve merges segments on disk only. In memory every write would stay a segment of its own and make
// each search slower, so the writes since the last merge are kept, and written again as one.
const (
	recentSegments = 48   // more than these, and recent writes become one segment
	recentEntries  = 1000 // a segment of as many is left alone
)

// recent holds the entries of small writes.
type recent struct {
	sync.Mutex // held for a write and the merge after it, so that no older entry is written over a newer one
	entries    map[string]op
	writes     int
}

// applyInMemory is apply for an index in memory.
func (g *generation) applyInMemory(ctx context.Context, ops []op) error {
	r := &g.recent
	r.Lock()
	defer r.Unlock()
	if err := g.apply(ctx, ops); err != nil {
		return err
	}
	if r.entries == nil {
		r.entries = map[string]op{}
	}
	for _, o := range ops {
		if o.forget || len(ops) >= recentEntries {
			delete(r.entries, o.id)
		} else {
			r.entries[o.id] = o
		}
	}
	if r.writes++; r.writes < recentSegments {
		return nil
	}
	r.writes = 0
	if err := g.apply(ctx, slices.Collect(maps.Values(r.entries))); err != nil {
		return err
	}
	if len(r.entries) >= recentEntries {
		clear(r.entries)
	}
	return nil
}
