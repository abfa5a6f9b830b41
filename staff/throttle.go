package staff

import (
	"net/netip"
	"sync"
	"time"
)

// Failed attempts that are let through before waiting begins. The count of an account's password is
// kept per address too, so that a stranger who guesses cannot lock the member out from elsewhere.
const (
	freeTries     = 5
	freeTriesAddr = 30
	forgetAfter   = 15 * time.Minute
	forgetCodes   = 24 * time.Hour // a code has six digits only: guesses are remembered for a day
	maxTracked    = 50_000         // accounts and addresses; an attacker cannot grow it further
)

// A limit is one count that an attempt is held against.
type limit struct {
	key    string
	free   int  // attempts before waiting begins
	shared bool // with others: a success takes back its own attempt only
	keep   time.Duration
}

type tries struct {
	n    int
	last time.Time
	keep time.Duration // forgotten after so long without an attempt
}

// A throttle counts failed attempts in memory.
type throttle struct {
	mu   sync.Mutex
	now  func() time.Time
	seen map[string]tries
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, seen: map[string]tries{}}
}

// network is what attempts from ip are counted under: the address, of IPv6 the /64 that a single customer
// line has all of.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Unmap().Is4() {
		return ip
	}
	return netip.PrefixFrom(addr.WithZone(""), 64).Masked().String()
}

// allow returns a *WaitError if no other attempt may be made yet. Otherwise it counts the attempt as
// failed until passed says otherwise, so that many at the same moment get no further than one after
// the other.
func (t *throttle) allow(limits ...limit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait := time.Duration(0)
	for _, l := range limits {
		wait = max(wait, t.left(l))
	}
	if wait > 0 {
		return &WaitError{For: wait}
	}
	for _, l := range limits {
		t.count(l)
	}
	return nil
}

// left is how long to wait: 1 s, 2 s, 4 s... to 15 minutes after the last attempt.
func (t *throttle) left(l limit) time.Duration {
	got, ok := t.seen[l.key]
	if !ok || got.n < l.free {
		return 0
	}
	wait := min(time.Second<<min(got.n-l.free, 10), forgetAfter)
	return max(0, wait-t.now().Sub(got.last))
}

func (t *throttle) count(l limit) {
	now := t.now()
	if len(t.seen) >= maxTracked {
		t.forget(now)
	}
	got, known := t.seen[l.key]
	if now.Sub(got.last) > l.keep {
		got.n = 0
	}
	if known || len(t.seen) < maxTracked {
		t.seen[l.key] = tries{n: got.n + 1, last: now, keep: l.keep}
	}
}

func (t *throttle) forget(now time.Time) {
	for key, got := range t.seen {
		if now.Sub(got.last) > got.keep {
			delete(t.seen, key)
		}
	}
}

// passed takes back what allow counted.
func (t *throttle) passed(limits ...limit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range limits {
		got, ok := t.seen[l.key]
		if got.n--; !ok || !l.shared || got.n <= 0 {
			delete(t.seen, l.key)
			continue
		}
		t.seen[l.key] = got
	}
}
