package kv

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// orderKeys are the keys by which an alert is found in order of time: under its state, under the empty
// state, which is every state, and under its session.
func orderKeys(a session.Alert) []key {
	keys := []key{
		stateKey("").time(a.RaisedAt).last(a.ID),
		stateKey(a.Disposition.State).time(a.RaisedAt).last(a.ID),
	}
	if id, err := ulid.ParseStrict(string(a.Session)); err == nil {
		keys = append(keys, of(atAlertSession).session(id).time(a.RaisedAt).last(a.ID))
	}
	return keys
}

func stateKey(state session.DispositionState) key { return of(atAlertState).text(string(state)) }

// putAlert stores an alert and moves its order keys.
func (t *tx) putAlert(op string, a session.Alert) error {
	if a.ID == "" || len(a.ID) > 100 || a.Disposition.State == "" {
		return invalid(op, "An alert has an id of 1 to 100 characters and a state.")
	}
	var old session.Alert
	there, err := getJSON(t, op, of(atAlert).last(a.ID), &old)
	if err != nil {
		return err
	}
	if there {
		for _, k := range orderKeys(old) {
			t.delete(k)
		}
	}
	for _, k := range orderKeys(a) {
		t.set(k, key{}.text(a.Company).last(a.Hit.List))
	}
	return t.setJSON(of(atAlert).last(a.ID), a)
}

// Alert returns the alert, or a NotFound error.
func (db *DB) Alert(ctx context.Context, id string) (a session.Alert, err error) {
	const op = "kv.Alert"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, of(atAlert).last(id), "alert", &a) })
	return a, err
}

// Alerts returns alerts newest first, the cursor of the next page, and how many match in all. The
// total is counted over keys; only the alerts of the page are decoded.
func (db *DB) Alerts(ctx context.Context, f session.AlertFilter) (alerts []session.Alert, next string, total int, err error) {
	const op = "kv.Alerts"
	p := alertPage{filter: f, limit: limitOr50(f.Limit), op: op}
	if p.after, err = base64.RawURLEncoding.DecodeString(f.Cursor); err != nil || len(p.after) > 200 {
		return nil, "", 0, invalid(op, "This page link is not complete. Start from the first page.")
	}
	err = db.view(ctx, op, func(s snapshot) error {
		for rest, item := range s.scan(p.span()) {
			if err := db.walkEnded(ctx, op); err != nil {
				return err
			}
			if err := p.take(s, rest, item); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || p.total == 0 {
		return nil, "", 0, err
	}
	return p.alerts, p.next, p.total, nil
}

// An alertPage is a page of alerts as it fills.
type alertPage struct {
	op     string
	filter session.AlertFilter
	after  []byte // the last key of the page before
	last   []byte // the last key of this page
	limit  int
	alerts []session.Alert
	next   string
	total  int
}

func (p *alertPage) span() span {
	if id, err := ulid.ParseStrict(string(p.filter.Session)); err == nil {
		return span{prefix: of(atAlertSession).session(id), reverse: true}
	}
	return span{prefix: stateKey(p.filter.State), reverse: true}
}

// take looks at one order key: rest is time and id of an alert, the item's value company and list.
func (p *alertPage) take(s snapshot, rest []byte, item *badger.Item) error {
	matches := false
	err := item.Value(func(value []byte) error {
		company, list, _ := strings.Cut(string(value), "\x00")
		matches = (p.filter.Companies == nil || slices.Contains(p.filter.Companies, company)) &&
			(p.filter.List == "" || p.filter.List == list)
		return nil
	})
	if err != nil || !matches || len(rest) < 8 {
		return err
	}
	return p.add(s, rest)
}

func (p *alertPage) add(s snapshot, rest []byte) error {
	onPage := len(p.alerts) < p.limit && (len(p.after) == 0 || bytes.Compare(rest, p.after) < 0)
	bySession := p.filter.Session != "" // such keys do not say the state
	if !onPage && !bySession {
		p.count(rest)
		return nil
	}
	var a session.Alert
	if err := find(s, p.op, of(atAlert).last(string(rest[8:])), "alert", &a); err != nil {
		return err
	}
	if p.filter.State != "" && a.Disposition.State != p.filter.State || bySession && a.Session != p.filter.Session {
		return nil
	}
	p.count(rest)
	if onPage {
		p.alerts, p.last = append(p.alerts, a), bytes.Clone(rest)
	}
	return nil
}

// count counts a match, and notes that there is a next page when it comes after this one.
func (p *alertPage) count(rest []byte) {
	p.total++
	if len(p.alerts) == p.limit && p.next == "" && bytes.Compare(rest, p.last) < 0 {
		p.next = base64.RawURLEncoding.EncodeToString(p.last)
	}
}
