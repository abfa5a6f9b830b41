package kv

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A memo keeps what was read of the database last, until a write changes it. Who reads takes the moment
// before it opens its snapshot; what a write has overtaken by the time that it is added is not kept.
type memo[K comparable, V any] struct {
	mu      sync.Mutex
	kept    *simplelru.LRU[K, V]
	changes uint64 // so far
}

func newMemo[K comparable, V any](size int) *memo[K, V] {
	kept, err := simplelru.NewLRU[K, V](size, nil)
	if err != nil { // only for sizes below 1
		panic(err)
	}
	return &memo[K, V]{kept: kept}
}

// moment is what to hand to add with all that is read from now on.
func (m *memo[K, V]) moment() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.changes
}

func (m *memo[K, V]) get(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept.Get(k)
}

func (m *memo[K, V]) add(k K, v V, moment uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.changes == moment {
		m.kept.Add(k, v)
	}
}

// forget is called after a write of these keys, before it is answered.
func (m *memo[K, V]) forget(keys ...K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	for _, k := range keys {
		m.kept.Remove(k)
	}
}

// forgetAll is called after a write that may have changed anything.
func (m *memo[K, V]) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	m.kept.Purge()
}
