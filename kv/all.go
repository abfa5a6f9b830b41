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

// A decoder reads what is stored under a key.
type decoder[T any] func(s snapshot, k, value []byte) (T, error)

// walk yields what is stored for each session under a prefix, in order of id.
func (db *DB) walk(ctx context.Context, op string, prefix byte, after session.ID, decode decoder[session.Session]) iter.Seq2[session.Session, error] {
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
			met := uint64(0)
			for d := range side(ctx, db, s, from, decode) {
				met++
				if stopped = !yield(sessionOf(d)); stopped {
					return nil
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
				if stopped = !yield(sessionOf(d)); stopped {
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

type decoded[T any] struct {
	key   key
	value T
	err   error
}

// sessionOf is what of a session was read, or which one cannot be.
func sessionOf(d decoded[session.Session]) (session.Session, error) {
	if d.err != nil {
		return session.Session{ID: idAt(d.key[1:])}, d.err
	}
	return d.value, nil
}

// side yields what is stored under the first byte of a key, from that key on, decoded side by side on all
// processors. It ends early with ctx and the database.
func side[T any](ctx context.Context, db *DB, s snapshot, from key, decode decoder[T]) iter.Seq[decoded[T]] {
	return func(yield func(decoded[T]) bool) {
		walk, cancel := context.WithCancel(ctx)
		parts := decodeParts(walk, s, readParts(walk, db.gate.closed, s, from), decode)
		defer func() { // the goroutines must be done with the snapshot
			cancel()
			for range parts {
			}
		}()
		for part := range parts {
			for _, d := range <-part {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// partSize is how many records go from one goroutine to the next at once.
const partSize = 128

// readParts reads all records from a key on, part by part, until ctx or the database ends.
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
func decodeParts[T any](ctx context.Context, s snapshot, parts <-chan []stored, decode decoder[T]) <-chan (<-chan []decoded[T]) {
	promises := make(chan (<-chan []decoded[T]), runtime.GOMAXPROCS(0))
	go func() {
		defer close(promises)
		for part := range parts {
			promise := make(chan []decoded[T], 1)
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

func decodePart[T any](s snapshot, part []stored, decode decoder[T]) []decoded[T] {
	out := make([]decoded[T], len(part))
	for i, p := range part {
		out[i].key, out[i].err = p.key, p.err
		if p.err == nil {
			out[i].value, out[i].err = decode(s, p.key, p.value)
		}
	}
	return out
}
