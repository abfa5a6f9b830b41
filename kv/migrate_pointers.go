package kv

import (
	"context"
	"errors"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"

	"dossier/session"
)

// pointFromSessions gives every session the keys under which its retention periods and its photos are
// found; before, none had them.
func pointFromSessions(ctx context.Context, db *DB) error {
	const op = "kv.Open"
	var from key
	for {
		keys, err := db.some(ctx, of(atSession), from)
		if err != nil || len(keys) == 0 {
			return err
		}
		from = append(keys[len(keys)-1], 0) // the next key after it
		err = db.update(ctx, op, func(t *tx) error {
			for _, k := range keys {
				err := t.pointFrom(op, k)
				if errors.Is(err, errDamaged) { // doctor tells of it; it keeps nobody from the others
					db.log.Error("a damaged session is left as it is", "key", fmt.Sprintf("%x", k), "err", err)
					err = nil
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// pointFrom sets the keys that point to the session stored under k; the session itself stays as it is.
func (t *tx) pointFrom(op string, k []byte) error {
	value, _, err := t.get(k)
	if err != nil {
		return err
	}
	content, err := unseal(k, value)
	if err != nil {
		return damaged(op, k, err)
	}
	h, data, err := splitHead(content)
	var s session.Session
	if err == nil {
		err = jsonv2.Unmarshal(data, &s)
	}
	if err != nil {
		return damaged(op, k, err)
	}
	p := pending{session: s, id: [16]byte(k[1:])}
	p.pointTo(s)
	h.keys = p.keys
	for _, pointer := range p.keys {
		t.set(pointer, []byte(p.numbers[string(pointer)]))
	}
	t.set(k, seal(k, h.encode(), data))
	return nil
}
