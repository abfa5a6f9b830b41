package sanctions

import (
	"hash/maphash"
	"strings"
	"sync"
)

const (
	cacheShards   = 64
	cachePerShard = 1024 // words a shard remembers before it starts anew
	cachedLength  = 40   // bytes: longer words come from nobody's name, and could fill the memory
)

// A cache remembers what was worked out for words: at most 65,536 of up to 40 bytes.
type cache[V any] struct {
	seed   maphash.Seed
	shards [cacheShards]struct {
		sync.RWMutex
		found map[string]V
	}
}

func newCache[V any]() *cache[V] { return &cache[V]{seed: maphash.MakeSeed()} }

func (c *cache[V]) get(key string) (V, bool) {
	s := &c.shards[maphash.String(c.seed, key)%cacheShards]
	s.RLock()
	defer s.RUnlock()
	found, ok := s.found[key]
	return found, ok
}

// put remembers v, which must not change any more, unless the word is overlong.
func (c *cache[V]) put(key string, v V) {
	if len(key) > cachedLength {
		return
	}
	s := &c.shards[maphash.String(c.seed, key)%cacheShards]
	s.Lock()
	defer s.Unlock()
	if s.found == nil || len(s.found) >= cachePerShard {
		s.found = make(map[string]V, cachePerShard)
	}
	s.found[strings.Clone(key)] = v
}
