package kv

import (
	"fmt"
	"iter"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// Where a block of a table is damaged, Badger's walks pass over all that stands behind it in the table, and a
// look for a single key says that there is none. Every session has a subject under the same id, elsewhere: so
// what a walk has missed can be named, and most of it can be read one by one.

// missed yields the ids of sessions that a walk does not meet, though their subjects are there.
func (s snapshot) missed() iter.Seq[ulid.ULID] {
	return without(s.ids(atSubject), s.ids(atSession), ulid.ULID.Compare)
}

// missing says why a session cannot be read that a look for its key has not found: there is none, or it is
// damaged.
func (s snapshot) missing(op string, id ulid.ULID) error {
	_, there, err := s.get(subjectKey(id))
	switch {
	case err != nil:
		return err
	case there:
		return damaged(op, sessionKey(id), fmt.Errorf("%w: a table has lost it", errDamaged))
	}
	return notFound(op, "session")
}

// ids yields the session ids under a prefix.
func (s snapshot) ids(prefix byte) iter.Seq[ulid.ULID] {
	return func(yield func(ulid.ULID) bool) {
		for rest := range s.scan(span{prefix: of(prefix)}) {
			if len(rest) == len(ulid.ULID{}) && !yield(ulid.ULID(rest)) {
				return
			}
		}
	}
}

// without yields those of all that are not among some. Both are in the same order.
func without[T any](all, some iter.Seq[T], compare func(a, b T) int) iter.Seq[T] {
	return func(yield func(T) bool) {
		next, stop := iter.Pull(some)
		defer stop()
		have, more := next()
		for v := range all {
			for more && compare(have, v) < 0 {
				have, more = next()
			}
			if (!more || compare(have, v) != 0) && !yield(v) {
				return
			}
		}
	}
}

// eachMissed yields the sessions that a walk has missed, or why they cannot be read.
func (s snapshot) eachMissed(op string, decode decoder[session.Session]) iter.Seq[decoded[session.Session]] {
	return func(yield func(decoded[session.Session]) bool) {
		for id := range s.missed() {
			d := decoded[session.Session]{key: sessionKey(id)}
			value, there, err := s.get(d.key)
			switch {
			case err != nil:
				d.err = damaged(op, d.key, err)
			case !there:
				d.err = s.missing(op, id)
			default:
				d.value, d.err = decode(s, d.key, value)
			}
			if !yield(d) {
				return
			}
		}
	}
}
