package sanctions

import (
	"fmt"
	"strings"
	"testing"
)

// TestCacheIsBounded: words come from applicants, who may send as many and as long ones as they like.
func TestCacheIsBounded(t *testing.T) {
	c := newCache[int]()
	for n := range 4 * cacheShards * cachePerShard {
		c.put(fmt.Sprint("word", n), n)
	}
	held := 0
	for i := range c.shards {
		held += len(c.shards[i].found)
	}
	if held == 0 || held > cacheShards*cachePerShard {
		t.Errorf("%d words are held", held)
	}
	c.put("short", 1)
	c.put(strings.Repeat("x", cachedLength+1), 2)
	if n, ok := c.get("short"); !ok || n != 1 {
		t.Errorf("a word just put is %d, %v", n, ok)
	}
	if _, ok := c.get(strings.Repeat("x", cachedLength+1)); ok {
		t.Error("an overlong word is held")
	}
}
