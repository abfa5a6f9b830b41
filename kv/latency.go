package kv

import (
	"sync/atomic"
	"time"
)

// latencyBounds are the upper bounds of the classes that commits are counted in; the last class has none.
var latencyBounds = [...]time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second}

// Commits counts the transactions since the database was opened, and how long each took to be durable.
type Commits struct {
	Count, Changes uint64 // one transaction takes the changes of several callers
	Took           time.Duration
	Within         map[time.Duration]uint64 // how many took at most so long
}

// latency is what Commits counts as it happens.
type latency struct {
	classes [len(latencyBounds) + 1]atomic.Uint64
	changes atomic.Uint64
	took    atomic.Int64
}

func (l *latency) add(changes int, took time.Duration) {
	class := 0
	for class < len(latencyBounds) && took > latencyBounds[class] {
		class++
	}
	l.classes[class].Add(1)
	l.changes.Add(uint64(changes))
	l.took.Add(int64(took))
}

// Commits returns the figures of now.
func (db *DB) Commits() Commits {
	l := &db.writer.latency
	c := Commits{Changes: l.changes.Load(), Took: time.Duration(l.took.Load()), Within: map[time.Duration]uint64{}}
	for class := range l.classes {
		c.Count += l.classes[class].Load()
		if class < len(latencyBounds) {
			c.Within[latencyBounds[class]] = c.Count
		}
	}
	return c
}
