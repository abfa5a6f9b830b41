package kv

import (
	"context"
	"fmt"
	"iter"
	"runtime"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// All yields every session in order of id, from one snapshot, decoded on all processors. A session that
// cannot be read is yielded as an error with its id. What a walk from the start misses because a table is
// damaged comes at its end, and where there are fewer sessions than were counted even so, an error.
func (db *DB) All(ctx context.Context, after session.ID) iter.Seq2[session.Session, error] {
	const op = "kv.All"
	return db.walk(ctx, op, atSession, after, func(_ snapshot, k, value []byte) (session.Session, error) { return decodeSession(op, k, value) })
}

// A decoder reads a session of what is stored under a key.
type decoder func(s snapshot, k, value []byte) (session.Session, error)

// walk yields what is stored for each session under a prefix, in order of id.
func (db *DB) walk(ctx context.Context, op string, prefix byte, after session.ID, decode decoder) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		from := of(prefix)
		if after != "" {
			u, err := ulid.ParseStrict(string(after))
			if err != nil {
				yield(session.Session{}, invalid(op, "This is no session id."))
				return
			}
			from = append(from.session(u), 0) // the next key after it
		}
		stopped := false
		err := db.view(ctx, op, func(s snapshot) error {
			walk, cancel := context.WithCancel(ctx)
			parts := decodeParts(walk, s, readParts(walk, db.gate.closed, s, from), decode)
			defer func() { // the goroutines must be done with the snapshot
				cancel()
				for range parts {
				}
			}()
			met := uint64(0)
			for part := range parts {
				for _, d := range <-part {
					met++
					if stopped = !yield(d.session, d.err); stopped {
						return nil
					}
				}
			}
			if err := db.walkEnded(ctx, op); err != nil || after != "" {
				return err
			}
			if s.checkCount(op, met) == nil || prefix != atSession {
				return s.checkCount(op, met)
			}
			for d := range s.eachMissed(op, decode) {
				met++
				if stopped = !yield(d.session, d.err); stopped {
					return nil
				}
				if err := db.walkEnded(ctx, op); err != nil {
					return err
				}
			}
			return s.checkCount(op, met)
		})
		if err != nil && !stopped {
			yield(session.Session{}, err)
		}
	}
}

// checkCount compares the sessions that a whole walk met with how many there are.
func (s snapshot) checkCount(op string, met uint64) error {
	count, err := counter(s, countKey)
	if err == nil && count != met {
		err = &session.Error{Code: session.Internal, Op: op, Message: "The database is damaged: sessions are missing. The operator can restore a backup.",
			Err: fmt.Errorf("%d sessions were stored, %d were met", count, met)}
	}
	return err
}

// walkEnded says why a walk ended before its end, if it did.
func (db *DB) walkEnded(ctx context.Context, op string) error {
	select {
	case <-db.gate.closed:
		return closing(op)
	default:
		return ctx.Err()
	}
}

// A stored record is a key with a copy of its value, or why it could not be copied.
type stored struct {
	key, value []byte
	err        error
}

type decoded struct {
	session session.Session
	err     error
}

// partSize is how many sessions go from one goroutine to the next at once.
const partSize = 128

// readParts reads all sessions from a key on, part by part, until ctx or the database ends.
func readParts(ctx context.Context, closed <-chan struct{}, s snapshot, from []byte) <-chan []stored {
	parts := make(chan []stored)
	go func() {
		defer close(parts)
		var part []stored
		send := func() bool {
			select {
			case parts <- part:
				part = make([]stored, 0, partSize)
				return true
			case <-ctx.Done():
			case <-closed:
			}
			return false
		}
		for _, item := range s.scan(span{prefix: from[:1], from: from}) {
			value, err := item.ValueCopy(nil)
			part = append(part, stored{item.KeyCopy(nil), value, err})
			if len(part) == partSize && !send() {
				return
			}
		}
		if len(part) > 0 {
			send()
		}
	}()
	return parts
}

// decodeParts decodes parts side by side and hands them on in their order: each as a promise.
func decodeParts(ctx context.Context, s snapshot, parts <-chan []stored, decode decoder) <-chan (<-chan []decoded) {
	promises := make(chan (<-chan []decoded), runtime.GOMAXPROCS(0))
	go func() {
		defer close(promises)
		for part := range parts {
			promise := make(chan []decoded, 1)
			go func() { promise <- decodePart(s, part, decode) }()
			select {
			case promises <- promise:
			case <-ctx.Done(): // a part left out must be the last
				for range parts {
				}
				return
			}
		}
	}()
	return promises
}

func decodePart(s snapshot, part []stored, decode decoder) []decoded {
	out := make([]decoded, len(part))
	for i, p := range part {
		if out[i].err = p.err; p.err == nil {
			out[i].session, out[i].err = decode(s, p.key, p.value)
		}
		if out[i].err != nil {
			out[i].session = session.Session{ID: idAt(p.key[1:])}
		}
	}
	return out
}
