package kv

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A head stands before the JSON of a stored session. It says which other keys point to the session, so
// that the next write finds what to take away without decoding the JSON.
type head struct {
	version int
	mark    uint64   // serial of its index mark
	keys    [][]byte // under atOpen, atNumber, atKept and atPhotoUse
}

func (h head) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(h.version))
	b = binary.AppendUvarint(b, h.mark)
	b = binary.AppendUvarint(b, uint64(len(h.keys)))
	for _, k := range h.keys {
		b = append(binary.AppendUvarint(b, uint64(len(k))), k...)
	}
	return b
}

// splitHead reads the head of an unsealed session value and returns it with the JSON.
func splitHead(b []byte) (h head, rest []byte, err error) {
	next := func() (n uint64) {
		n, used := binary.Uvarint(b)
		if used <= 0 {
			err, b = errDamaged, nil
			return 0
		}
		b = b[used:]
		return n
	}
	h.version, h.mark = int(next()), next()
	for range next() {
		size := next()
		if err != nil || size > uint64(len(b)) {
			return head{}, nil, errDamaged
		}
		h.keys, b = append(h.keys, b[:size:size]), b[size:]
	}
	return h, b, err
}

func sessionKey(id ulid.ULID) []byte { return of(atSession).session(id) }

// storedHead returns the head of a stored session, the zero head where there is none.
func storedHead(r reader, op string, id ulid.ULID) (head, error) {
	k := sessionKey(id)
	value, ok, err := r.get(k)
	if err != nil || !ok {
		return head{}, err
	}
	content, err := unseal(k, value)
	if err != nil {
		return head{}, damaged(op, k, err)
	}
	h, data, err := splitHead(content)
	if err != nil {
		return head{}, damaged(op, k, err)
	}
	if slices.ContainsFunc(h.keys, func(k []byte) bool { return k[0] == atKept }) {
		return h, nil
	}
	p, err := pointersOf(op, k, data) // a head of schema 1 names fewer, see pointFromSessions
	h.keys = p.keys
	return h, err
}

// decodeSession reads a stored session.
func decodeSession(op string, k, value []byte) (s session.Session, err error) {
	return decodeAs[session.Session](op, k, value)
}

// decodeAs reads a stored session, or those of its fields that T has. The second version of the JSON
// package reads what the first wrote in less than half the time, which is what a walk through all sessions
// spends its time on.
func decodeAs[T session.Session | session.Row](op string, k, value []byte) (s T, err error) {
	content, err := unseal(k, value)
	if err != nil {
		return s, damaged(op, k, err)
	}
	_, data, err := splitHead(content)
	if err == nil {
		err = jsonv2.Unmarshal(data, &s)
	}
	if err != nil {
		return *new(T), damaged(op, k, err)
	}
	return s, nil
}

// Session returns the stored session, or a NotFound error.
func (db *DB) Session(ctx context.Context, id session.ID) (s session.Session, err error) {
	const op = "kv.Session"
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return s, notFound(op, "session")
	}
	err = db.view(ctx, op, func(snap snapshot) error {
		k := sessionKey(u)
		ok, err := snap.look(k, func(value []byte) (err error) {
			s, err = decodeSession(op, k, value)
			return err
		})
		if err == nil && !ok {
			err = snap.missing(op, u)
		}
		return err
	})
	return s, err
}

// Load returns the sessions with these ids, in that order, leaving out those that are gone.
func (db *DB) Load(ctx context.Context, ids []session.ID) ([]session.Session, error) {
	return db.load(ctx, "kv.Load", ids, func(ulid.ULID) (s session.Session, ok bool) { return s, false })
}

// load is Load, and reads only those that are not known.
func (db *DB) load(ctx context.Context, op string, ids []session.ID, known func(ulid.ULID) (session.Session, bool)) ([]session.Session, error) {
	found := make([]session.Session, 0, len(ids))
	err := db.view(ctx, op, func(snap snapshot) error {
		for _, id := range ids {
			u, err := ulid.ParseStrict(string(id))
			if err != nil {
				continue
			}
			s, ok := known(u)
			if !ok {
				if s, ok, err = loadOne[session.Session](db, snap, op, u); err != nil {
					return err
				}
			}
			if ok {
				found = append(found, s)
			}
		}
		return ctx.Err()
	})
	return found, err
}

// loadOne reads one of several sessions. A damaged one is as good as gone, and logged: it must not take a
// whole page with it, and its own page says what it is.
func loadOne[T session.Session | session.Row](db *DB, snap snapshot, op string, id ulid.ULID) (s T, ok bool, err error) {
	k := sessionKey(id)
	value, ok, err := snap.get(k)
	if err != nil || !ok {
		return s, false, err
	}
	if s, err = decodeAs[T](op, k, value); err != nil {
		db.log.Error("left out a damaged session", "session", id, "error", err)
		return s, false, nil
	}
	return s, true, nil
}

// Count returns how many sessions there are.
func (db *DB) Count(ctx context.Context) (n int, err error) {
	err = db.view(ctx, "kv.Count", func(s snapshot) error {
		count, err := counter(s, countKey)
		n = int(count)
		return err
	})
	return n, err
}

// Commit stores a change, see session.Sessions.
func (db *DB) Commit(ctx context.Context, c session.Change) (session.Session, error) {
	stored, err := db.CommitAll(ctx, []session.Change{c})
	if err != nil || c.Session == nil {
		return session.Session{}, err
	}
	return stored[0], nil
}

// CommitAll stores changes together, see session.Sessions.
func (db *DB) CommitAll(ctx context.Context, changes []session.Change) ([]session.Session, error) {
	const op = "kv.Commit"
	var ready []*pending
	var stored []session.Session
	for _, c := range changes {
		var p *pending
		if c.Session != nil {
			var err error
			if p, err = newPending(op, *c.Session); err != nil {
				return nil, err
			}
			stored = append(stored, p.session)
		}
		ready = append(ready, p)
	}
	err := db.update(ctx, op, func(t *tx) error {
		var events []session.Event
		for i, c := range changes {
			if err := t.change(op, c, ready[i], db.now()); err != nil {
				return err
			}
			events = append(events, c.Events...)
		}
		return t.record(op, events)
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// change writes all of a change but its events. p is its session, if it has one.
func (t *tx) change(op string, c session.Change, p *pending, now time.Time) error {
	if err := t.once(op, c.Once); err != nil {
		return err
	}
	if p != nil {
		if err := p.store(t, op, now, !c.Unsearched); err != nil {
			return err
		}
		if c.Unclaim {
			t.delete(claimKey(p.id))
		}
	}
	var held []string
	for _, a := range c.Alerts {
		by, err := t.putAlert(op, a)
		if err != nil {
			return err
		}
		held = append(held, by)
	}
	for _, s := range c.Suppressions {
		if err := t.putSuppression(op, s); err != nil {
			return err
		}
	}
	if err := t.stillHeld(op, c.Alerts); err != nil {
		return err
	}
	if err := t.dropStray(op, held); err != nil {
		return err
	}
	for _, d := range c.Hooks {
		if err := t.putDelivery(op, d); err != nil {
			return err
		}
	}
	return nil
}

// A pending session is ready to be stored: encoded by its caller, so that the writer has little to do.
type pending struct {
	session session.Session // with its new version
	id      ulid.ULID
	json    []byte
	subject []byte            // sealed: what screening takes of it
	numbers map[string]string // keys under atNumber, with the name they hold
	keys    [][]byte
}

func newPending(op string, s session.Session) (*pending, error) {
	id, err := ulid.ParseStrict(string(s.ID))
	if err != nil {
		return nil, invalid(op, fmt.Sprintf("%q is no session id.", s.ID))
	}
	s.Version++
	p := &pending{session: s, id: id}
	if p.json, err = encodeSession(s); err != nil {
		return nil, fmt.Errorf("kv: encode session %s: %w", s.ID, err)
	}
	p.pointTo(s)
	k := subjectKey(id)
	p.subject = seal(k, encodeSubject(s))
	return p, nil
}

// encodeSession is a session as stored. Fillers of an MRZ, of which there are many, stay one byte each.
func encodeSession(s session.Session) ([]byte, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	err := to.Encode(s)
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), err
}

// pointTo lists the keys that point to the session.
func (p *pending) pointTo(s session.Session) {
	p.numbers = map[string]string{}
	for _, shown := range [...]struct {
		kind   byte
		number string
	}{{documentNumber, s.Person.DocumentNumber}, {personalNumber, s.Person.PersonalNumber}} {
		if n := normalNumber(shown.number); n != "" {
			k := numberPrefix(s.Company, shown.kind, n).session(p.id)
			p.numbers[string(k)] = s.Person.FullName()
			p.keys = append(p.keys, k)
		}
	}
	if s.Status == session.InProgress {
		p.keys = append(p.keys, of(atOpen).session(p.id))
	}
	p.keys = append(p.keys, keptKey(s.Company, keptRecord, s.KeptSince()).session(p.id))
	photos := s.PhotoHashes()
	if len(photos) > 0 {
		p.keys = append(p.keys, keptKey(s.Company, keptPhotos, s.KeptSince()).session(p.id))
	}
	for _, name := range photos {
		if sum, ok := parseHash(name); ok {
			p.keys = append(p.keys, of(atPhotoUse).bytes(sum).session(p.id))
		}
	}
}

// store writes the session, moves its marks, and counts it. One that is not searched otherwise than before
// keeps the index mark that it may have.
func (p *pending) store(t *tx, op string, now time.Time, searched bool) error {
	var old head
	if p.session.Version > 1 || !t.known.absent(sessionKey(p.id)) {
		var err error
		if old, err = storedHead(t, op, p.id); err != nil {
			return err
		}
	}
	if old.version != p.session.Version-1 {
		return conflict(op, "Somebody else has changed this session since you opened it. Look at it again.")
	}
	if old.version == 0 {
		n, err := counter(t, countKey)
		if err != nil {
			return err
		}
		t.setNumber(countKey, n+1)
	}
	mark := old.mark
	if searched || old.version == 0 {
		var err error
		if mark, err = t.mark(p.id, old.mark); err != nil {
			return err
		}
		if s, ok := p.session.ForIndex(); ok {
			t.fresh[p.id] = &s
		}
	}
	if err := p.point(t, op, old.keys, now); err != nil {
		return err
	}
	k := sessionKey(p.id)
	t.set(subjectKey(p.id), p.subject)
	t.set(k, seal(k, head{version: p.session.Version, mark: mark, keys: p.keys}.encode(), p.json))
	return nil
}

// point sets the keys that point to the session and deletes those that no longer do.
func (p *pending) point(t *tx, op string, old [][]byte, now time.Time) error {
	var gone [][]byte
	for _, k := range old {
		if !containsKey(p.keys, k) {
			gone = append(gone, k)
		}
	}
	for _, k := range p.keys {
		if name, isNumber := p.numbers[string(k)]; isNumber || !containsKey(old, k) {
			t.set(k, []byte(name))
		}
	}
	_, err := t.unpoint(op, gone, now)
	return err
}

func containsKey(keys [][]byte, k []byte) bool {
	for _, other := range keys {
		if bytes.Equal(other, k) {
			return true
		}
	}
	return false
}
