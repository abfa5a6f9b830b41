package kv

import (
	"context"
	"sync"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// maxFresh bounds how many sessions are kept for the index, at some 1.5 KB each: as many as it takes at once.
const maxFresh = 4096

// fresh keeps what the index takes of the sessions that were written last, until their marks are cleared, so
// that the index need not read them back and decode them. The marks stay the truth: what is not here is read.
//
// A mark must never be cleared for less than what it stands for. So a session leaves before the transaction
// that writes it anew is there to be read, and comes back after it: who sees a mark finds here the session as
// of that mark, a newer one, or none.
type fresh struct {
	mu   sync.Mutex
	kept map[ulid.ULID]session.Session // guarded by mu
}

// leave is called before writes are committed.
func (f *fresh) leave(w writes) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range w {
		if k[0] == atSession {
			delete(f.kept, ulid.ULID([]byte(k[1:])))
		}
	}
}

// come is called after a batch was committed, before the next one is.
func (f *fresh) come(b *batch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, s := range b.fresh {
		// The oldest marks are cleared first, so that what finds no room is what comes last.
		if e := b.writes[string(sessionKey(id))]; e.UserMeta != deletion && len(f.kept) < maxFresh {
			f.kept[id] = *s
		}
	}
}

func (f *fresh) get(id ulid.ULID) (session.Session, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.kept[id]
	return s, ok
}

// done is called when the index has taken sessions in. One that was written meanwhile will be read.
func (f *fresh) done(marks []session.Mark) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range marks {
		if id, err := ulid.ParseStrict(string(m.ID)); err == nil {
			delete(f.kept, id)
		}
	}
}

// ForIndex is Load for the index, see session.Sessions.
func (db *DB) ForIndex(ctx context.Context, ids []session.ID) ([]session.Session, error) {
	return db.load(ctx, "kv.ForIndex", ids, db.fresh.get)
}
