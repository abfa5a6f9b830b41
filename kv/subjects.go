package kv

import (
	"context"
	"encoding/binary"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A subject is what screening takes of a session, in a tenth of its bytes: a run over a small change of
// the lists spends most of its time on reading. Sessions that had hits have none; they are read in full.
type subject struct {
	session.Subject
	full  bool   // read the session instead
	muted string // the lists whose weak aliases made no hit, where there are such
}

const (
	subjectFull     = 1 << iota // the record says no more: read the session
	subjectCut                  // the MRZ had no room for the whole name
	subjectFirstMRZ             // the first name is the MRZ's
	subjectLastMRZ              // the last name is
	subjectLocal                // there is a local name
	subjectMuted                // weak aliases of some lists made no hit
)

func subjectKey(id ulid.ULID) []byte { return of(atSubject).session(id) }

// texts are the fields that are text, in the order in which they are stored.
func (s *subject) texts(flags byte) []*string {
	p := &s.Person
	if p.Local == nil {
		p.Local = &session.LocalName{}
	}
	all := []*string{&s.Company, (*string)(&s.Status), &p.FirstName, &p.LastName, &p.Local.FirstName, &p.Local.LastName, (*string)(&p.BirthDate),
		&p.PlaceOfBirth, &p.Nationality, &p.Sex, &p.DocumentNumber, &p.PersonalNumber,
		(*string)(&s.Screening.Status), &s.Screening.Reason, &s.Screening.Matcher, &s.Screening.Person}
	if flags&subjectMuted != 0 {
		all = append(all, &s.muted)
	}
	return all
}

// encodeSubject is the subject of a session, as stored.
func encodeSubject(s session.Session) []byte {
	if len(s.Screening.Hits) > 0 {
		return []byte{subjectFull}
	}
	sub := subject{Subject: session.Subject{Company: s.Company, Status: s.Status, Person: s.Person, Screening: s.Screening}}
	sub.muted = strings.Join(s.Screening.WeakMuted, ",")
	flags := byte(0)
	for _, f := range [...]struct {
		flag byte
		on   bool
	}{{subjectMuted, sub.muted != ""}, {subjectCut, s.Document.Truncated}, {subjectLocal, s.Person.Local != nil},
		{subjectFirstMRZ, s.Person.Sources["first_name"] == session.FromMRZ}, {subjectLastMRZ, s.Person.Sources["last_name"] == session.FromMRZ}} {
		if f.on {
			flags |= f.flag
		}
	}
	b := append(make([]byte, 0, 320), flags)
	b = binary.AppendUvarint(b, uint64(s.Version))
	b = binary.BigEndian.AppendUint64(b, nanos(s.CreatedAt))
	b = binary.BigEndian.AppendUint64(b, nanos(s.Screening.ScreenedAt))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(s.Screening.Threshold))
	for _, text := range sub.texts(flags) {
		b = append(binary.AppendUvarint(b, uint64(len(*text))), *text...)
	}
	return b
}

func nanos(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(t.UnixNano())
}

func fromNanos(n uint64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(n)).UTC()
}

// decodeSubjectValue reads what encodeSubject wrote.
func decodeSubjectValue(b []byte) (s subject, err error) {
	if len(b) == 1 && b[0] == subjectFull {
		s.full = true
		return s, nil
	}
	if len(b) < 2 || b[0]&subjectFull != 0 {
		return s, errDamaged
	}
	flags, rest := b[0], b[1:]
	version, n := binary.Uvarint(rest)
	if n <= 0 || len(rest) < n+24 {
		return s, errDamaged
	}
	rest = rest[n:]
	s.Version = int(version)
	s.CreatedAt, s.Screening.ScreenedAt = fromNanos(binary.BigEndian.Uint64(rest)), fromNanos(binary.BigEndian.Uint64(rest[8:]))
	s.Screening.Threshold = math.Float64frombits(binary.BigEndian.Uint64(rest[16:]))
	rest = rest[24:]
	all := string(rest) // one copy, which the fields share
	at := 0
	for _, text := range s.texts(flags) {
		size, n := binary.Uvarint(rest[at:])
		if n <= 0 || size > uint64(len(rest)-at-n) {
			return s, errDamaged
		}
		at += n
		*text = all[at : at+int(size)]
		at += int(size)
	}
	if at != len(rest) {
		return s, errDamaged
	}
	if flags&subjectMuted != 0 {
		s.Screening.WeakMuted = strings.Split(s.muted, ",")
	}
	s.Document.Truncated = flags&subjectCut != 0
	if flags&subjectLocal == 0 {
		s.Person.Local = nil
	}
	if s.Document.Truncated { // only then does it matter who gave the names
		s.Person.Sources = map[string]string{}
		if flags&subjectFirstMRZ != 0 {
			s.Person.Sources["first_name"] = session.FromMRZ
		}
		if flags&subjectLastMRZ != 0 {
			s.Person.Sources["last_name"] = session.FromMRZ
		}
	}
	return s, nil
}

// Subjects is All, and reads of each session only what screening takes.
func (db *DB) Subjects(ctx context.Context, after session.ID) iter.Seq2[session.Session, error] {
	const op = "kv.Subjects"
	var whole uint64
	err := db.view(ctx, op, func(s snapshot) (err error) {
		whole, err = getNumber(s, subjectsKey)
		return err
	})
	switch {
	case err != nil:
		return func(yield func(session.Session, error) bool) { yield(session.Session{}, err) }
	case whole == 0:
		return db.fillSubjects(ctx, after)
	}
	return db.walk(ctx, op, atSubject, after, func(s snapshot, k, value []byte) (session.Session, error) {
		content, err := unseal(k, value)
		if err != nil {
			return session.Session{}, damaged(op, k, err)
		}
		sub, err := decodeSubjectValue(content)
		if err != nil {
			return session.Session{}, damaged(op, k, err)
		}
		if sub.full {
			k = append([]byte{atSession}, k[1:]...)
			if value, _, err = s.get(k); err != nil {
				return session.Session{}, err
			}
			return decodeSession(op, k, value)
		}
		sub.ID = idAt(k[1:])
		return sub.Session(), nil
	})
}

// fillSubjects is All for a database from before there were subjects, and makes those that are missing.
func (db *DB) fillSubjects(ctx context.Context, after session.ID) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		var some []session.Session
		whole := after == ""
		for s, err := range db.All(ctx, after) {
			if whole = whole && err == nil; err == nil {
				some = append(some, s)
			}
			if len(some) == 1000 {
				if err := db.putSubjects(ctx, some, false); err != nil {
					yield(session.Session{}, err)
					return
				}
				some = some[:0]
			}
			if !yield(s, err) {
				return
			}
		}
		if err := db.putSubjects(ctx, some, whole); err != nil {
			yield(session.Session{}, err)
		}
	}
}

// putSubjects stores the subjects of sessions that have none, and notes when those are the last.
func (db *DB) putSubjects(ctx context.Context, some []session.Session, last bool) error {
	const op = "kv.Subjects"
	err := db.steps(ctx, op, len(some), func(t *tx, i int) error {
		id, err := ulid.ParseStrict(string(some[i].ID))
		if err != nil {
			return nil // it came out of the store
		}
		k := subjectKey(id)
		_, has, err := t.get(k)
		if err != nil {
			return err
		}
		_, there, err := t.get(sessionKey(id))
		if err == nil && there && !has { // or it was changed or erased meanwhile
			t.set(k, seal(k, encodeSubject(some[i])))
		}
		return err
	})
	if err != nil || !last {
		return err
	}
	return db.update(ctx, op, func(t *tx) error { t.setNumber(subjectsKey, 1); return nil })
}
