package kv

import (
	"context"
	"errors"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"

	"dossier/session"
)

// What one transaction gets of pointers: some 1,500 sessions' on average. It has to stay below the bytes and
// the writes of a transaction, which grow with Badger's memory table.
const (
	pointBytes = 512 << 10
	pointCosts = 96 // bytes that a pointer counts beside its own: Badger's node, so that writes are counted too
)

// pointFromSessions gives every session the keys under which its retention periods and its photos are
// found; before, none had them. The sessions stay as they are, which is nine tenths of the work saved:
// what their heads do not name storedHead derives.
func pointFromSessions(ctx context.Context, db *DB) error {
	steps, working := errgroup.WithContext(ctx)
	steps.SetLimit(1) // one is written while the next is read
	for from := of(atSession); from != nil && working.Err() == nil; {
		pointers, next, err := db.pointersFrom(working, from)
		if err != nil {
			return errors.Join(err, steps.Wait())
		}
		steps.Go(func() error {
			return db.update(working, "kv.Open", func(t *tx) error {
				for k, value := range pointers {
					t.set([]byte(k), []byte(value))
				}
				return nil
			})
		})
		from = next
	}
	return steps.Wait()
}

// pointersFrom returns the keys that point to the sessions from one on, with their values, and where to go
// on; nil is at the end.
func (db *DB) pointersFrom(ctx context.Context, from key) (pointers map[string]string, next key, err error) {
	const op = "kv.Open"
	pointers = map[string]string{}
	size := 0
	err = db.view(ctx, op, func(s snapshot) error {
		for _, item := range s.scan(span{prefix: of(atSession), from: from}) {
			k := item.KeyCopy(nil)
			if size > pointBytes {
				next = k
				break
			}
			err := item.Value(func(value []byte) error {
				content, err := unseal(k, value)
				if err != nil {
					return damaged(op, k, err)
				}
				_, data, err := splitHead(content)
				if err != nil {
					return damaged(op, k, err)
				}
				p, err := pointersOf(op, k, data)
				for _, pointer := range p.keys {
					pointers[string(pointer)] = p.numbers[string(pointer)]
					size += pointCosts + len(pointer) + len(p.numbers[string(pointer)])
				}
				return err
			})
			if errors.Is(err, errDamaged) { // doctor tells of it; it keeps nobody from the others
				db.log.Error("a damaged session is left as it is", "key", fmt.Sprintf("%x", k), "err", err)
				err = nil
			}
			if err != nil {
				return err
			}
		}
		return db.walkEnded(ctx, op)
	})
	return pointers, next, err
}

// pointersOf are the keys that point to the session stored under k, made from its JSON.
func pointersOf(op string, k key, data []byte) (p pending, err error) {
	var s session.Session
	if err := jsonv2.Unmarshal(data, &s); err != nil {
		return p, damaged(op, k, err)
	}
	p = pending{session: s, id: ulid.ULID(k[1:])}
	p.pointTo(s)
	return p, nil
}
