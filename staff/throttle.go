package staff

import (
	"sync"
	"time"
)

// Failed log-ins that are let through before waiting begins. The account's count is kept per address
// too, so that a stranger who guesses cannot lock the member out from elsewhere.
const (
	freeTries     = 5
	freeTriesAddr = 30
	forgetAfter   = 15 * time.Minute
	maxTracked    = 50_000 // accounts and addresses; an attacker cannot grow it further
)

type tries struct {
	n    int
	last time.Time
}

// A throttle counts failed log-ins in memory.
type throttle struct {
	mu   sync.Mutex
	now  func() time.Time
	seen map[string]tries
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, seen: map[string]tries{}}
}

// allow says whether another try may be made, and counts it as failed until passed says otherwise, so
// that many at the same moment get no further than one after the other.
func (t *throttle) allow(email, ip string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.waited("a:"+email+" "+ip, freeTries) || !t.waited("i:"+ip, freeTriesAddr) {
		return false
	}
	t.count(email, ip)
	return true
}

// waited reports whether key has tries left or has waited long enough: 1 s, 2 s, 4 s... to 15 minutes.
func (t *throttle) waited(key string, free int) bool {
	got, ok := t.seen[key]
	if !ok || got.n < free {
		return true
	}
	wait := min(time.Second<<min(got.n-free, 10), forgetAfter)
	return t.now().Sub(got.last) >= wait
}

func (t *throttle) count(email, ip string) {
	now := t.now()
	if len(t.seen) >= maxTracked {
		t.forget(now)
	}
	for _, key := range []string{"a:" + email + " " + ip, "i:" + ip} {
		got := t.seen[key]
		if now.Sub(got.last) > forgetAfter {
			got.n = 0
		}
		if _, known := t.seen[key]; known || len(t.seen) < maxTracked {
			t.seen[key] = tries{n: got.n + 1, last: now}
		}
	}
}

func (t *throttle) forget(now time.Time) {
	for key, got := range t.seen {
		if now.Sub(got.last) > forgetAfter {
			delete(t.seen, key)
		}
	}
}

func (t *throttle) passed(email, ip string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, "a:"+email+" "+ip)
	if got, ok := t.seen["i:"+ip]; ok {
		got.n--
		t.seen["i:"+ip] = got
	}
}
