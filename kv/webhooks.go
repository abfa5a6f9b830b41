package kv

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// Webhooks returns all webhooks, oldest first.
func (db *DB) Webhooks(ctx context.Context) ([]session.Webhook, error) {
	return list[session.Webhook](ctx, db, "kv.Webhooks", span{prefix: of(atWebhook)}, 0)
}

// PutWebhook stores w with its events and returns it with its new version. It returns Conflict unless the
// stored version is the one that w was read at.
func (db *DB) PutWebhook(ctx context.Context, w session.Webhook, events ...session.Event) (session.Webhook, error) {
	const op = "kv.PutWebhook"
	if _, err := ulid.ParseStrict(w.ID); err != nil {
		return session.Webhook{}, invalid(op, "A webhook has a ULID.")
	}
	next := w
	next.Version++
	err := db.update(ctx, op, func(t *tx) error {
		k := of(atWebhook).last(w.ID)
		var old session.Webhook
		if _, err := getJSON(t, op, k, &old); err != nil {
			return err
		}
		if old.Version != w.Version {
			return conflict(op, "Somebody else has changed this webhook since you opened it. Look at it again.")
		}
		if err := t.setJSON(k, next); err != nil {
			return err
		}
		return t.record(op, events)
	})
	if err != nil {
		return session.Webhook{}, err
	}
	return next, nil
}

// DeleteWebhook forgets a webhook, then its queue and its log in steps: a crash in between leaves messages
// that nobody sends any more, and that go away in time.
func (db *DB) DeleteWebhook(ctx context.Context, id string, events ...session.Event) error {
	const op = "kv.DeleteWebhook"
	err := db.update(ctx, op, func(t *tx) error {
		t.delete(of(atWebhook).last(id))
		return t.record(op, events)
	})
	if err != nil {
		return err
	}
	var ids []string
	err = db.view(ctx, op, func(s snapshot) error {
		for id := range s.scan(span{prefix: of(atDelivery).text(id)}) {
			ids = append(ids, string(id))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.steps(ctx, op, len(ids), func(t *tx, i int) error {
		t.delete(of(atWaiting).text(id).last(ids[i]))
		t.delete(of(atDelivery).text(id).last(ids[i]))
		return nil
	})
}

// PutDelivery stores d: in the queue while it waits, otherwise in the log alone.
func (db *DB) PutDelivery(ctx context.Context, d session.Delivery) error {
	const op = "kv.PutDelivery"
	return db.update(ctx, op, func(t *tx) error { return t.putDelivery(op, d) })
}

func (t *tx) putDelivery(op string, d session.Delivery) error {
	if _, err := ulid.ParseStrict(d.ID); err != nil || d.Webhook == "" {
		return invalid(op, "A delivery has a ULID and a webhook.")
	}
	k, waiting := of(atDelivery).text(d.Webhook).last(d.ID), of(atWaiting).text(d.Webhook).last(d.ID)
	if d.State != session.DeliveryWaiting {
		value, err := sealJSON(k, d)
		t.setFor(k, value, session.DeliveriesKept)
		t.delete(waiting)
		return err
	}
	due := key{}.time(d.Next)
	if d.Session != "" {
		id, err := ulid.ParseStrict(string(d.Session))
		if err != nil {
			return invalid(op, "This is no session id.")
		}
		due = due.session(id)
	}
	t.set(waiting, due)
	return t.setJSON(k, d)
}

// Delivery returns one delivery, or a NotFound error.
func (db *DB) Delivery(ctx context.Context, webhook, id string) (d session.Delivery, err error) {
	const op = "kv.Delivery"
	err = db.view(ctx, op, func(s snapshot) error {
		return find(s, op, of(atDelivery).text(webhook).last(id), "delivery", &d)
	})
	return d, err
}

// Deliveries returns deliveries newest first, those before the given id, at most n.
func (db *DB) Deliveries(ctx context.Context, webhook, before string, n int) ([]session.Delivery, error) {
	w := span{prefix: of(atDelivery).text(webhook), reverse: true}
	if before != "" {
		id, err := ulid.ParseStrict(before)
		if err != nil {
			return nil, invalid("kv.Deliveries", "This page link is not complete. Start from the first page.")
		}
		w.from = of(atDelivery).text(webhook).last(previous(id).String())
	}
	return list[session.Delivery](ctx, db, "kv.Deliveries", w, n)
}

// previous is the id right before id.
func previous(id ulid.ULID) ulid.ULID {
	for i := len(id) - 1; i >= 0; i-- {
		id[i]--
		if id[i] != 0xFF {
			break
		}
	}
	return id
}

// WaitingDeliveries returns the queue of a webhook, oldest first, after the given id, at most n.
func (db *DB) WaitingDeliveries(ctx context.Context, webhook, after string, n int) (all []session.Waiting, err error) {
	w := span{prefix: of(atWaiting).text(webhook)}
	if after != "" {
		w.from = append(of(atWaiting).text(webhook).last(after), 0)
	}
	err = db.view(ctx, "kv.WaitingDeliveries", func(s snapshot) error {
		for id, item := range s.scan(w) {
			if len(all) == n {
				break
			}
			err := item.Value(func(value []byte) error {
				if len(value) < 8 {
					return damaged("kv.WaitingDeliveries", item.KeyCopy(nil), errDamaged)
				}
				next := time.Unix(0, int64(binary.BigEndian.Uint64(value))).UTC()
				all = append(all, session.Waiting{ID: string(id), Session: idAt(value[8:]), Next: next})
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// HookQueue counts the deliveries that wait, of all webhooks.
func (db *DB) HookQueue(ctx context.Context) (int, error) {
	return db.countKeys(ctx, "kv.HookQueue", span{prefix: of(atWaiting)})
}
