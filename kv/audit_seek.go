package kv

import (
	"time"

	"dossier/session"
)

// clockSlack is how far apart the order of events and the order of their times may be: the clock of a
// machine is set back now and then.
const clockSlack = time.Hour

// lastBefore returns the newest event to look at: where Before says, and not after To.
func lastBefore(s snapshot, op string, f session.EventFilter) (uint64, error) {
	end, err := lastLink(s, op)
	if err != nil {
		return 0, err
	}
	last := end.Seq
	if f.Before > 0 {
		last = min(last, f.Before-1)
	}
	if f.To.IsZero() {
		return last, nil
	}
	return lastUntil(s, op, last, f.To.Add(clockSlack))
}

// lastUntil returns the last event at or below high that happened until t, by halving: events are
// numbered without gaps, and their times grow.
func lastUntil(s snapshot, op string, high uint64, t time.Time) (uint64, error) {
	low := uint64(0) // happened until t, or is none
	for low < high {
		middle := low + (high-low+1)/2
		e, ok, err := s.event(op, middle)
		if err != nil {
			return 0, err
		}
		if ok && e.At.After(t) {
			high = middle - 1
		} else {
			low = middle
		}
	}
	return low, nil
}
