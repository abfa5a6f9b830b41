package kv

import (
	"context"
	"fmt"
	"slices"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// The migrations bring a database from one schema to the next. A database has schema n when the first
// n have run to their end. Only append to them, and keep a database of the schema before in testdata.
// A migration works in steps that fit into a transaction, and may be killed between them: it runs again
// from its beginning, so it has to come out the same.
var migrations = []func(ctx context.Context, db *DB) error{
	firstLayout,
	pointFromSessions,
	alertsInOrder,
	turnsOfAlerts,
	serialsOfErasures,
}

// firstLayout starts the counters. They are there from the first day, so that one that is missing is a
// damage and never a zero: an audit chain that began anew would write over the old one.
func firstLayout(ctx context.Context, db *DB) error {
	return db.update(ctx, "kv.firstLayout", func(t *tx) error {
		t.setNumber(schemaKey, 1) // with the counters: tables without a schema are taken for damage
		t.setNumber(countKey, 0)
		t.setNumber(serialKey, 0)
		t.setNumber(subjectsKey, 1)
		return t.setJSON(chainKey, chainEnd{})
	})
}

// alertsInOrder brings schema 2 to 3. The keys by which alerts are found got the company, the score and
// the entry; a run notes stretches of sessions that it confirmed, where it noted each; and every version of
// a company's settings is kept, beginning with the one in force. That a person is not an entry became a
// suppression, and a list that was refused became one of its attempts.
func alertsInOrder(ctx context.Context, db *DB) error {
	for _, prefix := range []byte{atAlertState, atAlertScore, atAlertSession, atAlertEntry, atAlertHeld, atConfirmed} {
		if err := db.clear(ctx, prefix); err != nil {
			return err
		}
	}
	err := each(ctx, db, atAlert, func(t *tx, _ key, a session.Alert) error {
		if err := t.suppressDecided(&a); err != nil {
			return err
		}
		facts := factsOf(a).encode()
		for _, k := range orderKeys(a) {
			t.set(k, facts)
		}
		return t.setJSON(of(atAlert).last(a.ID), a)
	})
	if err != nil {
		return err
	}
	err = each(ctx, db, atAttempt, func(t *tx, k key, a session.ListAttempt) error {
		if len(k) != 1+8 { // moved by an earlier run
			return nil
		}
		a.Result = session.AttemptRefused
		t.delete(k)
		return t.setJSON(attemptKey(a.List, lastNumber(k)), a)
	})
	if err != nil {
		return err
	}
	return each(ctx, db, atCompany, func(t *tx, _ key, c session.Company) error { return t.setJSON(versionKey(c.Slug, c.Version), c) })
}

// turnsOfAlerts brings schema 3 to 4: every alert got its turns, without which reports pass it over. An alert
// that some versions of schema 3 wrote may have those since the upgrade alone. What is long is stored
// compressed from now on, which the versions before cannot read.
func turnsOfAlerts(ctx context.Context, db *DB) error {
	return each(ctx, db, atAlert, func(t *tx, _ key, a session.Alert) error {
		recalled := a.Recall()
		if len(recalled.Turns) == len(a.Turns) {
			return nil
		}
		return t.setJSON(of(atAlert).last(a.ID), recalled)
	})
}

// serialsOfErasures brings schema 4 to 5, and changes nothing that is stored: what erasures owe has serials from
// now on, see debt, and a large change is written ahead. The versions before would overlook both.
func serialsOfErasures(context.Context, *DB) error { return nil }

// suppressDecided makes the suppression for an alert that was decided to be no match before there were any:
// without it, the next screening would open the alert again.
func (t *tx) suppressDecided(a *session.Alert) error {
	const op = "kv.migrate"
	if a.Disposition.State != session.DispositionNoMatch || a.Disposition.Suppression != "" || a.Disposition.At.IsZero() {
		return nil
	}
	id, err := ulid.ParseStrict(string(a.Session))
	if err != nil {
		return nil
	}
	k := sessionKey(id)
	value, there, err := t.get(k)
	if err != nil || !there {
		return err
	}
	s, err := decodeSession(op, k, value)
	if err != nil { // doctor tells of it
		return nil
	}
	at := slices.IndexFunc(s.Screening.Hits, func(h session.Hit) bool { return h.Alert == a.ID })
	if at < 0 {
		return nil
	}
	h := s.Screening.Hits[at]
	h.Disposition = a.Disposition
	p := session.NewSuppression(&s, h)
	a.Disposition.Suppression = p.ID
	a.Hit.Disposition = a.Disposition
	return t.putSuppression(op, p)
}

// migrationStep is of how many records a migration reads the keys at once.
const migrationStep = 5000

// clear deletes everything under a prefix.
func (db *DB) clear(ctx context.Context, prefix byte) error {
	var from key // what was deleted still takes time to pass over
	for {
		keys, err := db.some(ctx, of(prefix), from)
		if err != nil || len(keys) == 0 {
			return err
		}
		from = append(keys[len(keys)-1], 0)
		if err := db.deleteSteps(ctx, "kv.clear", keys); err != nil {
			return err
		}
	}
}

// each calls do with every record of JSON under a prefix, and its key, as many in one transaction as fit.
func each[T any](ctx context.Context, db *DB, prefix byte, do func(t *tx, k key, record T) error) error {
	const op = "kv.migrate"
	var from key
	for {
		keys, err := db.some(ctx, of(prefix), from)
		if err != nil || len(keys) == 0 {
			return err
		}
		from = append(keys[len(keys)-1], 0) // the next key after it
		err = db.steps(ctx, op, len(keys), func(t *tx, i int) error {
			var record T
			there, err := getJSON(t, op, keys[i], &record)
			if err != nil { // it was no use before, and doctor tells of it
				db.log.Error("a damaged record is left as it is", "key", fmt.Sprintf("%x", keys[i]), "err", err)
				return nil
			}
			if !there {
				return nil
			}
			return do(t, keys[i], record)
		})
		if err != nil {
			return err
		}
	}
}

// some returns the keys of one step under a prefix, from one on. Each step has a snapshot of its own: one
// that is kept open keeps everything that is written meanwhile in memory.
func (db *DB) some(ctx context.Context, prefix, from key) (keys []key, err error) {
	err = db.view(ctx, "kv.migrate", func(s snapshot) error {
		for _, item := range s.scan(span{prefix: prefix, from: from}) {
			keys = append(keys, item.KeyCopy(nil))
			if len(keys) == migrationStep {
				break
			}
		}
		return nil
	})
	return keys, err
}
