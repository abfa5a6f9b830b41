package kv

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// A pace holds the merging of tables back while requests are served. Badger merges in five goroutines, as fast
// as the machine can, and one merge may rewrite most of a million sessions: a table that holds the newest
// events and the newest sessions spans all that lies between them. A page that took 2 ms takes 80 ms then,
// and half a minute passes. So a merge rests after each table that it has made, unless writers wait for it.
type pace struct {
	rest     time.Duration // from one table to the next
	merges   atomic.Pointer[badger.DB]
	released chan struct{} // closed at the end: closing the database waits for merges under way

	mu   sync.Mutex
	next time.Time
}

const (
	// mergeRest lets at most twenty tables be made in a second: with fifty, pages feel it; with fewer than these,
	// purging the files of a million sessions takes longer than the two or three minutes that this is.
	mergeRest = 50 * time.Millisecond
	// mergersAtOnce is how many goroutines Badger merges in for each of its two compactors.
	mergersAtOnce = 2 * 5
)

func newPace() *pace { return &pace{rest: mergeRest, released: make(chan struct{})} }

// hold begins to hold back the merges of an open database.
func (p *pace) hold(b *badger.DB) {
	if p != nil {
		p.merges.Store(b)
	}
}

// release lets merges end as fast as they can.
func (p *pace) release() {
	if p != nil {
		close(p.released)
	}
}

// madeTable begins what Badger tells its log after each table that it merged, in the goroutine that did it. It
// offers no other place to wait; TestMergesRest fails when it says something else.
const madeTable = "[%d] LOG Compact. Added"

// heard is told what Badger says, and rests if that is due, for as long as no writer waits.
func (p *pace) heard(format string) {
	if p == nil || !strings.HasPrefix(format, madeTable) {
		return
	}
	b := p.merges.Load()
	if b == nil {
		return
	}
	hurry := func() bool { return b.Levels()[0].NumTables >= mostUnmerged }
	if hurry() {
		return
	}
	for until := p.turn(); time.Now().Before(until) && !hurry(); {
		select {
		case <-time.After(min(time.Until(until), mergeRest)):
		case <-p.released:
			return
		}
	}
}

// turn is when the next table may be made: goroutines that merge side by side share one row.
func (p *pace) turn() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	p.next = p.next.Add(p.rest)
	if most := now.Add(mergersAtOnce * p.rest); p.next.After(most) { // rests were broken off
		p.next = most
	}
	return p.next
}
