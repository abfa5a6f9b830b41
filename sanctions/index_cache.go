package sanctions

import (
	"hash/maphash"
	"sync/atomic"
)

const (
	cacheSlots   = 1 << 16 // even
	cachedLength = 40      // bytes: longer words come from nobody's name, and could fill the memory
)

// A cache remembers what was worked out for words: at most 65,536 of up to 40 bytes. Nobody waits for
// anybody: a word stands in one of two slots, and one that comes later pushes it aside, or out.
type cache[V any] struct {
	seed  maphash.Seed
	slots [cacheSlots]atomic.Pointer[cached[V]]
}

type cached[V any] struct {
	key   string
	value V
}

func newCache[V any]() *cache[V] { return &cache[V]{seed: maphash.MakeSeed()} }

// get gives what was put for key, which must not be changed; nil if that is not remembered.
func (c *cache[V]) get(key string) *V {
	at := c.slot(key)
	for _, i := range [2]uint64{at, at ^ 1} {
		if kept := c.slots[i].Load(); kept != nil && kept.key == key {
			return &kept.value
		}
	}
	return nil
}

// put remembers v, which must not change any more, unless the word is overlong. It keeps key, which must
// not be a piece of something longer.
func (c *cache[V]) put(key string, v V) {
	if len(key) > cachedLength {
		return
	}
	at := c.slot(key)
	if before := c.slots[at].Swap(&cached[V]{key, v}); before != nil && before.key != key {
		c.slots[at^1].Store(before)
	}
}

func (c *cache[V]) slot(key string) uint64 { return maphash.String(c.seed, key) % cacheSlots }
