package session

import (
	"testing"
	"time"
)

// TestLate: an index that catches up in its ordinary time is not late, one that lacks something for longer is,
// and so is one of which nobody knows yet what an earlier process left.
func TestLate(t *testing.T) {
	var c catchUp
	c.init()
	late := func(when string, want bool) {
		t.Helper()
		if got := c.late(); got != want {
			t.Errorf("%s: late %v", when, got)
		}
	}
	late("at the start", true)
	all, at := c.now()
	c.caughtUp(all, at)
	late("with everything", false)
	c.written()
	late("right after a write", false)
	c.behind = c.behind.Add(-lateAfter)
	late("long after a write", true)
	some, at := c.now()
	c.written() // while the first is taken in
	c.caughtUp(some, at)
	late("with a new write to take in", false)
	c.behind = at.Add(-lateAfter)
	late("long after that", true)
	all, at = c.now()
	c.caughtUp(all, at)
	late("with everything again", false)
}

// TestProgress: who sees all companies gets the numbers, others a share.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		done, all int
		counted   bool
		want      string
	}{
		{412_000, 1_000_000, true, ": 412,000 of 1,000,000 sessions so far"}, {412_007, 1_000_000, false, ": 41 % so far"},
		{1_001_000, 1_000_045, true, ": 1,000,045 of 1,000,045 sessions so far"}, {0, 0, true, ""},
	} {
		if got := progress(c.done, c.all, c.counted); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.done, c.all, got, c.want)
		}
	}
}

// FallBehind lets the index have lacked something for so long that searches say so.
func (s *Service) FallBehind() {
	s.catchUp.mu.Lock()
	defer s.catchUp.mu.Unlock()
	s.catchUp.behind = time.Now().Add(-lateAfter)
}
