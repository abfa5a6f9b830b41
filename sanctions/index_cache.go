package sanctions

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
)

const (
	cacheShards   = 64
	cachePerShard = 1024 // words a shard remembers before it starts anew
)

// A wordCache remembers which words of an index a query token may be. It holds at most 65,536 tokens.
type wordCache struct {
	seed   maphash.Seed
	shards [cacheShards]struct {
		sync.RWMutex
		found map[string][]wordMatch
	}
}

func newWordCache() *wordCache { return &wordCache{seed: maphash.MakeSeed()} }

func (c *wordCache) get(key string) ([]wordMatch, bool) {
	s := &c.shards[maphash.String(c.seed, key)%cacheShards]
	s.RLock()
	defer s.RUnlock()
	found, ok := s.found[key]
	return found, ok
}

func (c *wordCache) put(key string, found []wordMatch) {
	s := &c.shards[maphash.String(c.seed, key)%cacheShards]
	s.Lock()
	defer s.Unlock()
	if s.found == nil || len(s.found) >= cachePerShard {
		s.found = make(map[string][]wordMatch, cachePerShard)
	}
	s.found[strings.Clone(key)] = slices.Clone(found)
}
