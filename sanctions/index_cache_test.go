package sanctions

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestCacheIsBounded: words come from applicants, who may send as many and as long ones as they like.
func TestCacheIsBounded(t *testing.T) {
	c := newCache[int]()
	for n := range 4 * cacheSlots {
		c.put(fmt.Sprint("word", n), n)
	}
	held := 0
	for i := range c.slots {
		if kept := c.slots[i].Load(); kept != nil {
			held++
			if kept.key != fmt.Sprint("word", kept.value) {
				t.Fatalf("%s is held as %d", kept.key, kept.value)
			}
		}
	}
	if held < cacheSlots/2 {
		t.Errorf("%d words are held", held)
	}
	c.put("short", 1)
	c.put(strings.Repeat("x", cachedLength+1), 2)
	if n := c.get("short"); n == nil || *n != 1 {
		t.Errorf("a word just put is %v", n)
	}
	if c.get(strings.Repeat("x", cachedLength+1)) != nil {
		t.Error("an overlong word is held")
	}
}

// TestCacheTogether: many who ask and put at once get what was put for their word, or nothing.
func TestCacheTogether(t *testing.T) {
	c := newCache[string]()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := range 20000 {
				word := fmt.Sprint("word", n)
				if got := c.get(word); got != nil && *got != word {
					t.Errorf("%s gives %s", word, *got)
				}
				c.put(word, word)
			}
		})
	}
	all.Wait()
}
