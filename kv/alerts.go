package kv

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// alertFacts is what the order keys of an alert hold, so that filters need not decode it.
type alertFacts struct {
	company, list, entry, state, assignee string
	score                                 uint16 // of 10,000
}

func factsOf(a session.Alert) alertFacts {
	return alertFacts{a.Company, a.Hit.List, a.Hit.EntryID, string(a.Disposition.State), a.Assignee, scoreOf(a.Hit.Score)}
}

func scoreOf(score float64) uint16 { return uint16(min(max(score, 0), 1)*10_000 + 0.5) }

func (f alertFacts) encode() []byte {
	b := binary.BigEndian.AppendUint16(nil, f.score)
	return append(b, strings.Join([]string{f.company, f.list, f.state, f.assignee, f.entry}, "\x00")...)
}

func decodeFacts(b []byte) (f alertFacts, ok bool) {
	if len(b) < 2 {
		return f, false
	}
	parts := strings.SplitN(string(b[2:]), "\x00", 5)
	if len(parts) < 5 {
		return f, false
	}
	return alertFacts{parts[0], parts[1], parts[4], parts[2], parts[3], binary.BigEndian.Uint16(b)}, true
}

// orderKeys are the keys by which an alert is found.
func orderKeys(a session.Alert) []key {
	var keys []key
	score := binary.BigEndian.AppendUint16(nil, scoreOf(a.Hit.Score))
	for _, company := range []string{"", a.Company} {
		for _, state := range []session.DispositionState{"", a.Disposition.State} {
			keys = append(keys, of(atAlertState).text(company).text(string(state)).time(a.RaisedAt).last(a.ID),
				of(atAlertScore).text(company).text(string(state)).bytes(score).time(a.RaisedAt).last(a.ID))
		}
	}
	if id, err := ulid.ParseStrict(string(a.Session)); err == nil {
		keys = append(keys, of(atAlertSession).session(id).time(a.RaisedAt).last(a.ID))
	}
	keys = append(keys, of(atAlertEntry).text(a.Company).text(a.Hit.List).text(a.Hit.EntryID).time(a.RaisedAt).last(a.ID))
	if held := a.Disposition.Suppression; held != "" {
		keys = append(keys, of(atAlertHeld).text(held).time(a.RaisedAt).last(a.ID))
	}
	return keys
}

// putAlert stores an alert under its next version and moves its order keys. It returns the suppression
// that held the alert down before.
func (t *tx) putAlert(op string, a session.Alert) (held string, err error) {
	if a.ID == "" || len(a.ID) > 100 || a.Disposition.State == "" {
		return "", invalid(op, "An alert has an id of 1 to 100 characters and a state.")
	}
	var old session.Alert
	there, err := getJSON(t, op, of(atAlert).last(a.ID), &old)
	if err != nil {
		return "", err
	}
	if old.Version != a.Version {
		return "", conflict(op, "Somebody else has changed this alert since you opened it. Look at it again.")
	}
	if there {
		for _, k := range orderKeys(old) {
			t.delete(k)
		}
	}
	a.Version++
	facts := factsOf(a).encode()
	for _, k := range orderKeys(a) {
		t.set(k, facts)
	}
	return old.Disposition.Suppression, t.setJSON(of(atAlert).last(a.ID), a)
}

// Alert returns the alert, or a NotFound error.
func (db *DB) Alert(ctx context.Context, id string) (a session.Alert, err error) {
	const op = "kv.Alert"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, of(atAlert).last(id), "alert", &a) })
	return a, err
}

// EachAlert yields every alert, those of erased sessions without their persons, from one snapshot.
func (db *DB) EachAlert(ctx context.Context) iter.Seq2[session.Alert, error] {
	const op = "kv.EachAlert"
	return func(yield func(session.Alert, error) bool) {
		stopped := false
		err := db.view(ctx, op, func(s snapshot) error {
			for _, prefix := range []byte{atAlert, atErasedAlert} {
				for _, item := range s.scan(span{prefix: of(prefix)}) {
					if err := db.walkEnded(ctx, op); err != nil {
						return err
					}
					var a session.Alert
					if err := itemJSON(op, item, &a); err != nil {
						return err
					}
					if stopped = !yield(a, nil); stopped {
						return nil
					}
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(session.Alert{}, err)
		}
	}
}

// Alerts returns alerts in the order asked for, the cursor of the next page, and how many match, counted
// up to session.MaxCounted. Only the alerts of the page are decoded; what else matches is counted by its
// key, and no more than one company's keys are met where one company is asked for.
func (db *DB) Alerts(ctx context.Context, f session.AlertFilter) (alerts []session.Alert, next string, total int, err error) {
	const op = "kv.Alerts"
	p := pageOf[session.Alert]{limit: limitOr50(f.Limit), uncounted: f.Uncounted}
	if err := p.from(op, f.Cursor); err != nil {
		return nil, "", 0, err
	}
	err = db.view(ctx, op, func(s snapshot) error {
		w, err := alertSpan(s, op, f, &p)
		if err != nil {
			return err
		}
		return p.fill(ctx, db, s, op, w, chooser{
			what: "alert",
			key:  func(rest []byte) key { return of(atAlert).last(string(rest[idAfter(w):])) },
			chosen: func(rest []byte, item *badger.Item) (ok, end bool, err error) {
				facts, err := itemFacts(op, item)
				if err != nil || isByScore(w) && facts.score < scoreOf(f.MinScore) { // so do all that follow
					return false, true, err
				}
				return facts.match(f) && (f.RaisedBefore.IsZero() || raisedAt(w, rest) < uint64(f.RaisedBefore.UnixNano())), false, nil
			},
		})
	})
	return p.found(err)
}

// OpenAlertTimes yields when each open alert of the companies was raised, see session.Screenings. It reads
// keys only.
func (db *DB) OpenAlertTimes(ctx context.Context, companies []string) iter.Seq2[time.Time, error] {
	const op = "kv.OpenAlertTimes"
	if companies == nil {
		companies = []string{""} // the keys of all
	}
	return func(yield func(time.Time, error) bool) {
		stopped := false
		err := db.view(ctx, op, func(s snapshot) error {
			for _, company := range companies {
				for rest := range s.scan(span{prefix: of(atAlertState).text(company).text(string(session.DispositionOpen))}) {
					if err := db.walkEnded(ctx, op); err != nil {
						return err
					}
					if stopped = !yield(time.Unix(0, int64(lastNumber(rest[:min(len(rest), 8)]))).UTC(), nil); stopped {
						return nil
					}
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(time.Time{}, err)
		}
	}
}

func itemFacts(op string, item *badger.Item) (f alertFacts, err error) {
	err = item.Value(func(v []byte) error {
		var ok bool
		if f, ok = decodeFacts(v); !ok {
			return damaged(op, item.KeyCopy(nil), errDamaged)
		}
		return nil
	})
	return f, err
}

// match reports whether an alert with these facts is chosen by f, as far as they say.
func (a alertFacts) match(f session.AlertFilter) bool {
	return (f.Companies == nil || slices.Contains(f.Companies, a.company)) && (f.State == "" || string(f.State) == a.state) &&
		(f.List == "" || f.List == a.list) && (f.Entry == "" || f.Entry == a.entry) &&
		(f.Assignees == nil || slices.Contains(f.Assignees, a.assignee)) && a.score >= scoreOf(f.MinScore)
}

// raisedAt reads the time before the id in what follows the prefix of w.
func raisedAt(w span, rest []byte) uint64 { return lastNumber(rest[:min(len(rest), idAfter(w))]) }

func isByScore(w span) bool { return w.prefix[0] == atAlertScore }

// idAfter is where the id stands in what follows the prefix: after a time, and after a score.
func idAfter(w span) int {
	if isByScore(w) {
		return 2 + 8
	}
	return 8
}

// alertSpan is the narrowest part of the database that holds all that f chooses, in f's order.
func alertSpan(s snapshot, op string, f session.AlertFilter, p *pageOf[session.Alert]) (span, error) {
	company := ""
	if len(f.Companies) == 1 {
		company = f.Companies[0]
	}
	w := span{prefix: of(atAlertState).text(company).text(string(f.State)), reverse: f.Order != session.OldestAlerts}
	id, sessionErr := ulid.ParseStrict(string(f.Session))
	switch {
	case f.Session != "" && sessionErr != nil:
		return span{prefix: of(atAlertSession).session(ulid.ULID{})}, nil // nothing is there
	case f.Session != "":
		w = span{prefix: of(atAlertSession).session(id), reverse: true}
	case f.Suppression != "":
		w = span{prefix: of(atAlertHeld).text(f.Suppression), reverse: true}
	case f.Entry != "" && f.List != "" && company != "":
		w = span{prefix: of(atAlertEntry).text(company).text(f.List).text(f.Entry), reverse: true}
	case f.Order == session.HighestScores:
		w.prefix[0] = atAlertScore
	}
	if f.After == "" || p.after != nil {
		return w, nil
	}
	var a session.Alert
	if err := find(s, op, of(atAlert).last(f.After), "alert", &a); err != nil {
		return w, err
	}
	if isByScore(w) {
		p.after = binary.BigEndian.AppendUint16(nil, scoreOf(a.Hit.Score))
	}
	p.after = append(key(p.after).time(a.RaisedAt), a.ID...)
	return w, nil
}

// A pageOf is a page of records as it fills, in the order of their keys.
type pageOf[T any] struct {
	after     []byte // the last key of the page before, without the prefix; nil is from the start
	last      []byte
	limit     int
	items     []T
	next      string
	total     int
	uncounted bool
}

// A chooser says which records of a walk are asked for, and where they are.
type chooser struct {
	what   string
	key    func(rest []byte) key
	chosen func(rest []byte, item *badger.Item) (ok, end bool, err error) // at the end no more follow
}

// from starts after the page that gave the cursor.
func (p *pageOf[T]) from(op, cursor string) (err error) {
	if cursor == "" {
		return nil
	}
	if p.after, err = base64.RawURLEncoding.DecodeString(cursor); err != nil || len(p.after) > 200 {
		return invalid(op, "This page link is not complete. Start from the first page.")
	}
	return nil
}

// fill takes the page from where it starts, and counts what the whole walk holds, up to
// session.MaxCounted. The pages before are not walked through to come to this one.
func (p *pageOf[T]) fill(ctx context.Context, db *DB, s snapshot, op string, w span, c chooser) error {
	start := w
	if p.after != nil {
		start.from = append(bytes.Clone(w.prefix), p.after...)
	}
	err := walkChosen(ctx, db, s, op, start, c, func(rest []byte) (more bool, err error) {
		if bytes.Equal(rest, p.after) {
			return true, nil
		}
		if len(p.items) == p.limit {
			p.next = base64.RawURLEncoding.EncodeToString(p.last)
			return false, nil
		}
		var v T
		if err := find(s, op, c.key(rest), c.what, &v); err != nil {
			return false, err
		}
		p.items, p.last = append(p.items, v), bytes.Clone(rest)
		return true, nil
	})
	if p.total = len(p.items); err != nil || p.uncounted || p.after == nil && p.next == "" {
		return err
	}
	p.total = 0
	return walkChosen(ctx, db, s, op, w, c, func([]byte) (more bool, err error) {
		p.total++
		return p.total < session.MaxCounted, nil
	})
}

// walkChosen gives take the keys of a span that are asked for, until it wants no more.
func walkChosen(ctx context.Context, db *DB, s snapshot, op string, w span, c chooser, take func(rest []byte) (more bool, err error)) error {
	for rest, item := range s.scan(w) {
		if err := db.walkEnded(ctx, op); err != nil {
			return err
		}
		ok, end, err := c.chosen(rest, item)
		if err != nil || end {
			return err
		}
		if !ok {
			continue
		}
		if more, err := take(rest); err != nil || !more {
			return err
		}
	}
	return nil
}

// found is the page at the end of the walk.
func (p *pageOf[T]) found(err error) (items []T, next string, total int, _ error) {
	if err != nil {
		return nil, "", 0, err
	}
	return p.items, p.next, p.total, nil
}
