package staff

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// Bounds of the passkey challenges that wait for an answer.
const (
	ceremonyTime  = 5 * time.Minute
	maxCeremonies = 10_000
	// freeChallenges is how many one address may leave unanswered before it waits.
	freeChallenges = 100
)

// A ceremony is a challenge that waits for its answer. It is answered at most once.
type ceremony struct {
	member string // who is asked; "" is anybody who logs in
	data   webauthn.SessionData
	until  time.Time
}

// ceremonies lives in memory only: after a restart people try again.
type ceremonies struct {
	mu      sync.Mutex
	waiting map[string]ceremony
}

func (c *ceremonies) begin(now time.Time, one ceremony, options any) (Challenge, error) {
	encoded, err := json.Marshal(options)
	if err != nil {
		return Challenge{}, err
	}
	id := newToken(16)
	one.until = now.Add(ceremonyTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) >= maxCeremonies {
		c.forget(now)
	}
	if len(c.waiting) >= maxCeremonies {
		return Challenge{}, &WaitError{For: ceremonyTime}
	}
	if c.waiting == nil {
		c.waiting = map[string]ceremony{}
	}
	c.waiting[id] = one
	return Challenge{ID: id, Options: encoded}, nil
}

// forget drops what waits for too long.
func (c *ceremonies) forget(now time.Time) {
	for id, one := range c.waiting {
		if !now.Before(one.until) {
			delete(c.waiting, id)
		}
	}
}

// end takes the challenge out.
func (c *ceremonies) end(now time.Time, id string) (ceremony, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, ok := c.waiting[id]
	delete(c.waiting, id)
	return one, ok && now.Before(one.until)
}
