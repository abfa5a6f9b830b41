package kv

import (
	"context"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// suppressionKeys are the keys by which a suppression is found.
func suppressionKeys(p session.Suppression) []key {
	var keys []key
	if p.InForce() {
		keys = []key{heldKey(p.Company, p.Fingerprint).last(p.ID), of(atSuppressions).text("t").time(p.ReviewAt).last(p.ID)}
	} else {
		keys = []key{of(atSuppressions).text("f").time(p.EndedAt).last(p.ID)}
	}
	if id, err := ulid.ParseStrict(string(p.Session)); err == nil {
		keys = append(keys, of(atMadeIn).session(id).time(p.MadeAt).last(p.ID))
	}
	return keys
}

func heldKey(company, fingerprint string) key {
	return of(atFingerprint).text(company).text(fingerprint)
}

// putSuppression stores a suppression under its next version and moves its keys.
func (t *tx) putSuppression(op string, p session.Suppression) error {
	if p.ID == "" || len(p.ID) > 100 || len(p.Fingerprint) > 100 {
		return invalid(op, "A suppression has an id and a fingerprint of at most 100 characters.")
	}
	var old session.Suppression
	there, err := getJSON(t, op, of(atSuppression).last(p.ID), &old)
	if err != nil {
		return err
	}
	if old.Version != p.Version {
		return conflict(op, "Somebody else has changed this suppression since you opened it. Look at it again.")
	}
	if there {
		for _, k := range suppressionKeys(old) {
			t.delete(k)
		}
	}
	p.Version++
	facts := []byte(strings.Join([]string{p.Company, p.List, p.Owner, p.Matcher}, "\x00"))
	for _, k := range suppressionKeys(p) {
		t.set(k, facts)
	}
	return t.setJSON(of(atSuppression).last(p.ID), p)
}

// stillHeld is a Conflict where a suppression that is to hold an alert down was ended since somebody read
// it: who ended it has opened the alerts that it held by then, and would not see this one.
func (t *tx) stillHeld(op string, alerts []session.Alert) error {
	for _, a := range alerts {
		var p session.Suppression
		if held := a.Disposition.Suppression; held == "" {
			continue
		} else if there, err := getJSON(t, op, of(atSuppression).last(held), &p); err != nil {
			return err
		} else if there && !p.InForce() {
			return conflict(op, "The suppression of this alert was ended meanwhile. Look at it again.")
		}
	}
	return nil
}

// Suppression returns the suppression, or a NotFound error.
func (db *DB) Suppression(ctx context.Context, id string) (p session.Suppression, err error) {
	const op = "kv.Suppression"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, of(atSuppression).last(id), "suppression", &p) })
	return p, err
}

// SuppressionsOf returns what holds down hits of persons with this fingerprint, in a company.
func (db *DB) SuppressionsOf(ctx context.Context, company, fingerprint string) (all []session.Suppression, err error) {
	const op = "kv.SuppressionsOf"
	err = db.view(ctx, op, func(s snapshot) error {
		for rest := range s.scan(span{prefix: heldKey(company, fingerprint)}) {
			var p session.Suppression
			if err := find(s, op, of(atSuppression).last(string(rest)), "suppression", &p); err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	return all, err
}

// Suppressions returns suppressions, the cursor of the next page, and how many match, counted up to
// session.MaxCounted: those in force by their day of review, those that ended the last one first.
func (db *DB) Suppressions(ctx context.Context, f session.SuppressionFilter) (all []session.Suppression, next string, total int, err error) {
	const op = "kv.Suppressions"
	p := pageOf[session.Suppression]{limit: limitOr50(f.Limit), uncounted: f.Uncounted}
	if err := p.from(op, f.Cursor); err != nil {
		return nil, "", 0, err
	}
	err = db.view(ctx, op, func(s snapshot) error {
		return p.fill(ctx, db, s, op, suppressionSpan(f), chooser{
			what: "suppression",
			key:  func(rest []byte) key { return of(atSuppression).last(string(rest[min(len(rest), 8):])) },
			chosen: func(rest []byte, item *badger.Item) (ok, end bool, err error) {
				if !f.DueBefore.IsZero() && !f.Ended && f.Session == "" && lastNumber(rest[:min(len(rest), 8)]) >= uint64(f.DueBefore.UnixNano()) {
					return false, true, nil // and those after it are due later
				}
				ok, err = chosen(item, f)
				return ok, false, err
			},
		})
	})
	return p.found(err)
}

func suppressionSpan(f session.SuppressionFilter) span {
	switch id, err := ulid.ParseStrict(string(f.Session)); {
	case f.Session != "" && err == nil:
		return span{prefix: of(atMadeIn).session(id), reverse: true}
	case f.Session != "":
		return span{prefix: of(atMadeIn).session(ulid.ULID{})} // nothing is there
	case f.Ended:
		return span{prefix: of(atSuppressions).text("f"), reverse: true}
	}
	return span{prefix: of(atSuppressions).text("t")}
}

// chosen reports whether the facts under a key are what f asks for.
func chosen(item *badger.Item, f session.SuppressionFilter) (ok bool, err error) {
	err = item.Value(func(v []byte) error {
		facts := strings.SplitN(string(v), "\x00", 4)
		if len(facts) < 4 {
			return damaged("kv.Suppressions", item.KeyCopy(nil), errDamaged)
		}
		ok = (f.Companies == nil || slices.Contains(f.Companies, facts[0])) && (f.List == "" || f.List == facts[1]) && (f.Owner == "" || f.Owner == facts[2]) &&
			(f.MatcherNot == "" || f.MatcherNot != facts[3])
		return nil
	})
	return ok, err
}
