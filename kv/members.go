package kv

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dossier/session"
	"dossier/staff"
)

// findStaff reads the sealed JSON under key into v, or returns staff.ErrNotFound.
func findStaff(r reader, op string, k []byte, v any) error {
	ok, err := getJSON(r, op, k, v)
	if err == nil && !ok {
		err = staff.ErrNotFound
	}
	return err
}

// viewStaff reads one thing of staff's, or returns staff.ErrNotFound.
func viewStaff[T any](ctx context.Context, db *DB, op string, k []byte) (v T, err error) {
	err = db.view(ctx, op, func(s snapshot) error { return findStaff(s, op, k, &v) })
	return v, err
}

// Member returns the member, or staff.ErrNotFound.
func (db *DB) Member(ctx context.Context, id string) (staff.Member, error) {
	return viewStaff[staff.Member](ctx, db, "kv.Member", of(atMember).last(id))
}

// MemberByEmail returns the member with the address, in lower case, or staff.ErrNotFound.
func (db *DB) MemberByEmail(ctx context.Context, email string) (m staff.Member, err error) {
	const op = "kv.MemberByEmail"
	err = db.view(ctx, op, func(s snapshot) error {
		id, ok, err := s.get(of(atEmail).last(email))
		if err != nil {
			return err
		}
		if !ok {
			return staff.ErrNotFound
		}
		return findStaff(s, op, of(atMember).last(string(id)), &m)
	})
	return m, err
}

// allMembers is what all members are kept in mind under.
const allMembers = "all"

// Members returns the members, by e-mail address, only to be read. They are kept in mind: most pages show the
// name of one.
func (db *DB) Members(ctx context.Context) ([]staff.Member, error) {
	moment := db.members.moment()
	all, ok := db.members.get(allMembers)
	if !ok {
		var err error
		if all, err = list[staff.Member](ctx, db, "kv.Members", span{prefix: of(atMember)}, 0); err != nil {
			return nil, err
		}
		slices.SortFunc(all, func(a, b staff.Member) int { return cmp.Compare(a.Email, b.Email) })
		db.members.add(allMembers, all, moment)
	}
	return all, nil
}

// note puts a note of staff's into the audit chain, once for each company that it concerns.
func (t *tx) note(op string, n *staff.Note) error {
	if n == nil {
		return nil
	}
	var events []session.Event
	for _, company := range n.Companies {
		events = append(events, session.Event{At: n.At, Actor: n.By, Name: n.Name, IP: n.From, Action: n.Action, Company: company, Detail: n.Detail})
	}
	return t.record(op, events)
}

// AddMember stores a new member with its note. It returns staff.ErrTaken when another member has the address.
func (db *DB) AddMember(ctx context.Context, m staff.Member, n *staff.Note) error {
	const op = "kv.AddMember"
	if err := checkName("member", m.ID, m.Email); err != nil {
		return err
	}
	return db.update(ctx, op, func(t *tx) error {
		if _, taken, err := t.get(of(atEmail).last(m.Email)); err != nil || taken {
			return cmp.Or(err, staff.ErrTaken)
		}
		t.set(of(atEmail).last(m.Email), []byte(m.ID))
		if err := t.setJSON(of(atMember).last(m.ID), m); err != nil {
			return err
		}
		return t.note(op, n)
	})
}

// ChangeMember lets do change the member, and stores what it leaves with its note, unless it returns an
// error, which is returned as it is. Nobody else changes a member meanwhile. It returns staff.ErrTaken when another
// member has the new address, and staff.ErrLastMaster when nobody would be left to lead.
func (db *DB) ChangeMember(ctx context.Context, id string, do func(*staff.Member) (*staff.Note, error)) (m staff.Member, err error) {
	const op = "kv.ChangeMember"
	var refused error
	err = db.update(ctx, op, func(t *tx) error {
		m, refused = staff.Member{}, nil
		if err := findStaff(t, op, of(atMember).last(id), &m); err != nil {
			return err
		}
		old := m
		var n *staff.Note
		if n, refused = do(&m); refused != nil {
			return refused
		}
		if err := checkName("member", m.Email); err != nil {
			return err
		}
		if old.Leads() && !m.Leads() {
			if err := t.needLeader(op, id); err != nil {
				return err
			}
		}
		if err := t.moveEmail(old, m); err != nil {
			return err
		}
		if err := t.setJSON(of(atMember).last(id), m); err != nil {
			return err
		}
		return t.note(op, n)
	})
	if err != nil {
		return staff.Member{}, cmp.Or(refused, err)
	}
	return m, nil
}

// needLeader returns staff.ErrLastMaster unless somebody else than the member leads.
func (t *tx) needLeader(op, not string) error {
	var ids []string
	for id := range t.under.scan(span{prefix: of(atMember)}) {
		ids = append(ids, string(id))
	}
	for _, id := range ids {
		var m staff.Member
		there, err := getJSON(t, op, of(atMember).last(id), &m) // with what earlier changes of the batch wrote
		if err != nil || there && id != not && m.Leads() {
			return err
		}
	}
	return staff.ErrLastMaster
}

// moveEmail keeps each address with the one member who has it.
func (t *tx) moveEmail(old, m staff.Member) error {
	if old.Email == m.Email {
		return nil
	}
	if _, taken, err := t.get(of(atEmail).last(m.Email)); err != nil || taken {
		return cmp.Or(err, staff.ErrTaken)
	}
	t.delete(of(atEmail).last(old.Email))
	t.set(of(atEmail).last(m.Email), []byte(m.ID))
	return nil
}

// checkName keeps ids out of the database that would not fit a key.
func checkName(what string, ids ...string) error {
	for _, id := range ids {
		if id == "" || len(id) > 300 || strings.ContainsRune(id, 0) {
			return invalid("kv", "The id or address of this "+what+" is empty or too long.")
		}
	}
	return nil
}

// Login returns the login, or staff.ErrNotFound.
func (db *DB) Login(ctx context.Context, id string) (staff.Login, error) {
	return viewStaff[staff.Login](ctx, db, "kv.Login", of(atLogin).last(id))
}

func loginKey(l staff.Login) key {
	return of(atMemberLogin).text(l.Member).time(l.CreatedAt).last(l.ID)
}

// AddLogin stores a new login until the longest time that one may last is over.
func (db *DB) AddLogin(ctx context.Context, l staff.Login) error {
	if err := checkName("login", l.ID, l.Member); err != nil {
		return err
	}
	return db.update(ctx, "kv.AddLogin", func(t *tx) error { return t.setLogin(l, db.now()) })
}

// ChangeLogin lets do change a login. One that has ended meanwhile stays ended: staff.ErrNotFound.
func (db *DB) ChangeLogin(ctx context.Context, id string, do func(*staff.Login)) error {
	const op = "kv.ChangeLogin"
	return db.update(ctx, op, func(t *tx) error {
		var l staff.Login
		if err := findStaff(t, op, of(atLogin).last(id), &l); err != nil {
			return err
		}
		do(&l)
		return t.setLogin(l, db.now())
	})
}

func (t *tx) setLogin(l staff.Login, now time.Time) error {
	value, err := sealJSON(of(atLogin).last(l.ID), l)
	if err != nil {
		return err
	}
	left := max(l.CreatedAt.Add(staff.MaxLogin).Sub(now), 0) + time.Hour
	t.setFor(of(atLogin).last(l.ID), value, left)
	t.setFor(loginKey(l), nil, left)
	return nil
}

// DeleteLogin ends a login, with the note if there is one. One that is not there is no error.
func (db *DB) DeleteLogin(ctx context.Context, id string, n *staff.Note) error {
	const op = "kv.DeleteLogin"
	return db.update(ctx, op, func(t *tx) error {
		var l staff.Login
		there, err := getJSON(t, op, of(atLogin).last(id), &l)
		if err != nil || !there {
			return err
		}
		t.delete(of(atLogin).last(id))
		t.delete(loginKey(l))
		return t.note(op, n)
	})
}

// Logins returns the member's logins, newest first.
func (db *DB) Logins(ctx context.Context, member string) (logins []staff.Login, err error) {
	const op = "kv.Logins"
	err = db.view(ctx, op, func(s snapshot) error {
		for rest := range s.scan(span{prefix: of(atMemberLogin).text(member), reverse: true}) {
			var l staff.Login
			there, err := getJSON(s, op, of(atLogin).last(string(rest[8:])), &l)
			if err != nil {
				return err
			}
			if there {
				logins = append(logins, l)
			}
		}
		return nil
	})
	return logins, err
}

// Key returns the API key, or staff.ErrNotFound.
func (db *DB) Key(ctx context.Context, id string) (staff.Key, error) {
	return viewStaff[staff.Key](ctx, db, "kv.Key", of(atKey).last(id))
}

// Keys returns the API keys, newest first.
func (db *DB) Keys(ctx context.Context) ([]staff.Key, error) {
	all, err := list[staff.Key](ctx, db, "kv.Keys", span{prefix: of(atKey)}, 0)
	slices.SortFunc(all, func(a, b staff.Key) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, err
}

// AddKey stores a new key with its note.
func (db *DB) AddKey(ctx context.Context, k staff.Key, n *staff.Note) error {
	const op = "kv.AddKey"
	if err := checkName("key", k.ID); err != nil {
		return err
	}
	return db.update(ctx, op, func(t *tx) error {
		if err := t.setJSON(of(atKey).last(k.ID), k); err != nil {
			return err
		}
		return t.note(op, n)
	})
}

// ChangeKey stores what do leaves of the key with its note, in one transaction, and returns it, or
// staff.ErrNotFound.
func (db *DB) ChangeKey(ctx context.Context, id string, do func(*staff.Key) *staff.Note) (k staff.Key, err error) {
	const op = "kv.ChangeKey"
	err = db.update(ctx, op, func(t *tx) error {
		if err := findStaff(t, op, of(atKey).last(id), &k); err != nil {
			return err
		}
		n := do(&k)
		if err := t.setJSON(of(atKey).last(id), k); err != nil {
			return err
		}
		return t.note(op, n)
	})
	return k, err
}
