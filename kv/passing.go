package kv

import (
	"context"
	"sync"

	"dossier/session"
)

// Idempotency records and messages to webhooks go away by themselves, some weeks after the last change of
// their session, and nothing says which are of a session: a key more with each of them would cost every
// intake, where only an erasure asks. So it walks through all of them, and erasures that come while others
// walk share the next walk.
type passing struct {
	walking sync.Mutex // one walk at a time
	mu      sync.Mutex
	next    *passingWalk // has not begun; nil where nobody waits for one
}

// A passingWalk gathers the keys of the sessions that are asked for before it begins.
type passingWalk struct {
	once sync.Once
	keys map[session.ID][]key
	err  error
}

// join returns the next walk, in which id is asked for.
func (p *passing) join(id session.ID) *passingWalk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = &passingWalk{keys: map[session.ID][]key{}}
	}
	p.next.keys[id] = nil
	return p.next
}

// begun says that who comes from now on needs another walk.
func (p *passing) begun() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = nil
}

// passingOf returns the keys of the idempotency records of a session, and of its messages to webhooks.
func (db *DB) passingOf(ctx context.Context, op string, id session.ID) ([]key, error) {
	s, err := db.Session(ctx, id)
	if err != nil || db.now().Sub(s.UpdatedAt) > max(onceFor, session.DeliveriesKept)+photoGrace {
		return nil, err
	}
	walk := db.passing.join(id)
	walk.once.Do(func() {
		db.passing.walking.Lock()
		defer db.passing.walking.Unlock()
		db.passing.begun()
		walk.err = db.gather(context.WithoutCancel(ctx), op, walk.keys) // of others, too
	})
	return walk.keys[id], walk.err
}

// gather adds to each session that keys holds what is of it.
func (db *DB) gather(ctx context.Context, op string, keys map[session.ID][]key) error {
	return db.view(ctx, op, func(snap snapshot) error {
		for _, prefix := range []byte{atOnce, atDelivery} {
			met := 0
			for rest, item := range snap.scan(span{prefix: of(prefix)}) {
				var about struct {
					Session session.ID `json:"session"`
				}
				if err := itemJSON(op, item, &about); err != nil {
					return err
				}
				if found, asked := keys[about.Session]; asked {
					if prefix == atDelivery { // first, since without the message nothing says whose it is
						found = append(found, of(atWaiting).bytes(rest))
					}
					keys[about.Session] = append(found, item.KeyCopy(nil))
				}
				if met++; met%1024 == 0 {
					if err := db.walkEnded(ctx, op); err != nil {
						return err
					}
				}
			}
		}
		return db.walkEnded(ctx, op)
	})
}
