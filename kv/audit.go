package kv

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// A chainEnd is where the audit chain ends: what the next event is linked to.
type chainEnd struct {
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"`
}

// record links events to the chain and stores them.
func (t *tx) record(op string, events []session.Event) error {
	if len(events) == 0 {
		return nil
	}
	end, err := lastLink(t, op)
	if err != nil {
		return err
	}
	for _, e := range events {
		e, data := e.Link(end.Seq, end.Hash)
		end = chainEnd{e.Seq, e.Hash}
		k := of(atEvent).number(e.Seq)
		t.set(k, seal(k, data))
		if id, err := ulid.ParseStrict(string(e.Session)); err == nil {
			t.set(of(atSessionEvent).session(id).number(e.Seq), nil)
		}
	}
	return t.setJSON(chainKey, end)
}

// Record appends events to the audit chain.
func (db *DB) Record(ctx context.Context, events ...session.Event) error {
	const op = "kv.Record"
	return db.update(ctx, op, func(t *tx) error { return t.record(op, events) })
}

// decodeEvent reads a stored event, by the second version of the JSON package, see decodeAs.
func decodeEvent(op string, k, value []byte) (e session.Event, err error) {
	content, err := unseal(k, value)
	if err == nil {
		content, err = unpackJSON(content)
	}
	if err == nil {
		err = jsonv2.Unmarshal(content, &e)
	}
	if err != nil {
		return session.Event{}, damaged(op, k, err)
	}
	return e, nil
}

func eventOf(op string, item *badger.Item) (e session.Event, err error) {
	err = item.Value(func(value []byte) error {
		e, err = decodeEvent(op, item.KeyCopy(nil), value)
		return err
	})
	return e, err
}

// event returns an event by its number; false where there is none.
func (s snapshot) event(op string, seq uint64) (e session.Event, there bool, err error) {
	k := of(atEvent).number(seq)
	value, there, err := s.get(k)
	if err != nil || !there {
		return e, false, err
	}
	e, err = decodeEvent(op, k, value)
	return e, err == nil, err
}

// EachEvent yields all events, oldest first, from one snapshot. A log that ends too early ends with an error.
func (db *DB) EachEvent(ctx context.Context) iter.Seq2[session.Event, error] {
	const op = "kv.EachEvent"
	return func(yield func(session.Event, error) bool) {
		stopped := false
		err := db.view(ctx, op, func(s snapshot) error {
			last := uint64(0)
			for d := range side(ctx, db, s, of(atEvent), func(_ snapshot, k, value []byte) (session.Event, error) { return decodeEvent(op, k, value) }) {
				last = lastNumber(d.key)
				if stopped = !yield(d.value, d.err); stopped {
					return nil
				}
			}
			if err := db.walkEnded(ctx, op); err != nil {
				return err
			}
			return s.checkEnd(op, last)
		})
		if err != nil && !stopped {
			yield(session.Event{}, err)
		}
	}
}

// checkEnd compares the last event that a walk met with where the chain ends.
func (s snapshot) checkEnd(op string, last uint64) error {
	end, err := lastLink(s, op)
	if err == nil && end.Seq != last {
		err = &session.Error{Code: session.Internal, Op: op, Message: "The audit log is damaged: its last events are missing. The operator can restore a backup.",
			Err: fmt.Errorf("the chain ends with event %d, the walk with %d", end.Seq, last)}
	}
	return err
}

// farLook is how many events a search without a session looks at before it answers with what it has.
const farLook = 200_000

// Events returns events newest first, and where to go on. With a session it reads that session's events
// only.
func (db *DB) Events(ctx context.Context, f session.EventFilter) (events []session.Event, next uint64, err error) {
	const op = "kv.Events"
	err = db.view(ctx, op, func(s snapshot) error {
		looked := 0
		for e, err := range candidates(s, op, f) {
			if err != nil {
				return err
			}
			if err := db.walkEnded(ctx, op); err != nil {
				return err
			}
			if wanted(f, e) {
				events = append(events, e)
			}
			if looked++; len(events) == limitOr50(f.Limit) || looked == db.farLook {
				if e.Seq > 1 {
					next = e.Seq
				}
				return nil
			}
		}
		return nil
	})
	return events, next, err
}

func limitOr50(n int) int {
	if n <= 0 {
		return 50
	}
	return n
}

// mostSkipped is after how many events in a row that are ruled out by their bytes one is decoded all the same,
// to see whether its time is before all that is asked for.
const mostSkipped = 100

// candidates yields the events to look at, newest first. Of one that the filter cannot want it may yield no
// more than the number.
func candidates(s snapshot, op string, f session.EventFilter) iter.Seq2[session.Event, error] {
	if f.Session != "" {
		return sessionEvents(s, op, f)
	}
	return func(yield func(session.Event, error) bool) {
		last, err := lastBefore(s, op, f)
		if err != nil {
			yield(session.Event{}, err)
			return
		}
		raw, skipped := rawTestOf(f), 0
		for rest, item := range s.scan(span{prefix: of(atEvent), from: of(atEvent).number(last), reverse: true}) {
			out, err := raw.unlike(item)
			if out && skipped < mostSkipped {
				skipped++
				if !yield(session.Event{Seq: lastNumber(rest)}, nil) { // which no filter wants that has such a test
					return
				}
				continue
			}
			skipped = 0
			var e session.Event
			if err == nil {
				e, err = eventOf(op, item)
			}
			if !yield(e, err) || !f.From.IsZero() && e.At.Before(f.From.Add(-clockSlack)) {
				return
			}
		}
	}
}

func sessionEvents(s snapshot, op string, f session.EventFilter) iter.Seq2[session.Event, error] {
	return func(yield func(session.Event, error) bool) {
		id, err := ulid.ParseStrict(string(f.Session))
		if err != nil {
			return // no event is about a session that cannot exist
		}
		prefix := of(atSessionEvent).session(id)
		w := span{prefix: prefix, reverse: true}
		if f.Before > 0 {
			w.from = append(key{}, prefix...).number(f.Before - 1)
		}
		for rest := range s.scan(w) {
			e, ok, err := s.event(op, lastNumber(rest))
			if err == nil && !ok {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// wanted reports whether f chooses e.
func wanted(f session.EventFilter, e session.Event) bool {
	switch {
	case f.Session != "" && e.Session != f.Session,
		f.Companies != nil && !slices.Contains(f.Companies, e.Company),
		f.Actor != "" && e.Actor != f.Actor && "member:"+e.Detail["member"] != f.Actor,
		f.Before > 0 && e.Seq >= f.Before,
		!f.From.IsZero() && e.At.Before(f.From),
		!f.To.IsZero() && !e.At.Before(f.To):
		return false
	}
	if strings.HasSuffix(f.Action, ".") {
		return strings.HasPrefix(e.Action, f.Action)
	}
	return f.Action == "" || e.Action == f.Action
}
