package session

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Delivery is one message to one webhook, and what became of it. It holds no data of the applicant:
// the body is the session as it is when the message is sent.
type Delivery struct {
	ID      string        `json:"id"` // ULID; receivers tell repeated messages by it
	Webhook string        `json:"webhook"`
	Company string        `json:"company"`
	Session ID            `json:"session,omitempty"` // "" for a test
	Event   HookEvent     `json:"event"`
	At      time.Time     `json:"at"` // when it happened
	State   DeliveryState `json:"state"`
	Next    time.Time     `json:"next,omitzero"` // when a waiting one is tried next
	Tries   []DeliveryTry `json:"tries"`         // the newest last
}

// A DeliveryState says what became of a [Delivery].
type DeliveryState string

// The states of a [Delivery].
const (
	DeliveryWaiting   DeliveryState = "waiting"
	DeliveryDone      DeliveryState = "delivered"
	DeliveryGivenUp   DeliveryState = "given_up" // a day of tries
	DeliveryPointless DeliveryState = "dropped"  // the session is gone
)

// A DeliveryTry is one request and its answer.
type DeliveryTry struct {
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took"`
	Status  int           `json:"status,omitempty"` // HTTP; 0 where there was no answer
	Answer  string        `json:"answer,omitempty"` // its first kilobyte
	Problem string        `json:"problem,omitempty"`
}

func (t DeliveryTry) good() bool { return t.Status >= 200 && t.Status < 300 }

// A HookRequest is what goes over the wire.
type HookRequest struct {
	URL, Method string
	Header      map[string]string
	Body        []byte
}

// A HookAnswer is what came back.
type HookAnswer struct {
	Status int
	Body   string // at most a kilobyte
}

// A Deliverer sends a request to an address on the internet, follows no redirect, and gives up in time.
// The message of its error says why in plain words.
type Deliverer interface {
	Deliver(ctx context.Context, r HookRequest) (HookAnswer, error)
}

// Waiting is a delivery in the queue of its webhook.
type Waiting struct {
	ID      string
	Session ID
	Next    time.Time
}

// DeliveriesKept is how long the log shows a delivery that is over.
const DeliveriesKept = 30 * 24 * time.Hour

// triesFor is how long a delivery is tried, and maxTries how many of the tries its log keeps.
const (
	triesFor = 24 * time.Hour
	maxTries = 20
)

// wait is how long the try after the n-th failed one is put off: 10 s, 20 s, 40 s ... at most an hour.
func wait(n int) time.Duration {
	return min(10*time.Second<<min(n-1, 20), time.Hour)
}

// Sign returns the value of the Dossier-Signature header: the time in seconds since 1970, and for each
// secret the HMAC-SHA256, in hex, of that number, a dot, and the body.
func Sign(secrets []string, at time.Time, body []byte) string {
	parts := []string{fmt.Sprintf("t=%d", at.Unix())}
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%d.", at.Unix())
		mac.Write(body)
		parts = append(parts, "v1="+hex.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(parts, ",")
}

// hooks knows the webhooks of every company, so that a commit need not read them.
type hooks struct {
	all  atomic.Pointer[[]Webhook]
	wake chan struct{}

	loading sync.Mutex // so that what was read last is kept

	mu   sync.Mutex
	last time.Time // of the newest id
}

func newHooks() *hooks { return &hooks{wake: make(chan struct{}, 1)} }

func (h *hooks) load(ctx context.Context, store Webhooks) error {
	h.loading.Lock()
	defer h.loading.Unlock()
	all, err := store.Webhooks(ctx)
	if err == nil {
		h.all.Store(&all)
		h.ring()
	}
	return err
}

// newID returns an id after every one before it: the queue is in order of ids.
func (h *hooks) newID(now time.Time) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if next := h.last.Add(time.Millisecond); now.Before(next) {
		now = next
	}
	h.last = now
	return string(NewID(now))
}

func (h *hooks) find(id string) (Webhook, bool) {
	for _, w := range h.list() {
		if w.ID == id {
			return w, true
		}
	}
	return Webhook{}, false
}

func (h *hooks) ring() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *hooks) list() []Webhook {
	if all := h.all.Load(); all != nil {
		return *all
	}
	return nil
}

// deliveries are the messages that a change of got calls for, to be stored with it.
func (s *Service) deliveries(got *Session, events []Event) []Delivery {
	var due []Delivery
	now := s.now().UTC()
	for _, w := range s.hooks.list() {
		told := map[HookEvent]bool{} // several alerts of one change are one message
		for _, e := range events {
			event := hookOf[e.Action]
			if w.Company != got.Company || told[event] || !w.wants(event) {
				continue
			}
			told[event] = true
			due = append(due, Delivery{ID: s.hooks.newID(now), Webhook: w.ID, Company: w.Company, Session: got.ID, Event: event, At: now,
				State: DeliveryWaiting, Next: now, Tries: []DeliveryTry{}})
		}
	}
	return due
}

// send tries a delivery of the queue or the log once, stores what came of it, and returns it.
func (s *Service) send(ctx context.Context, webhook, id string) (Delivery, error) {
	hook, ok := s.hooks.find(webhook)
	if !ok {
		return Delivery{}, notFound("session.send", "webhook")
	}
	d, err := s.store.Delivery(ctx, webhook, id)
	if err != nil {
		return Delivery{}, err
	}
	return s.deliver(ctx, hook, d)
}

// deliver is send for a delivery at hand.
func (s *Service) deliver(ctx context.Context, hook Webhook, d Delivery) (Delivery, error) {
	body, err := s.hookBody(ctx, d)
	if CodeOf(err) == NotFound {
		d.State, d.Next = DeliveryPointless, time.Time{}
		return d, s.store.PutDelivery(ctx, d)
	}
	if err != nil {
		return Delivery{}, err
	}
	try := s.try(ctx, hook, d, body)
	if ctx.Err() != nil { // we are stopping: it was not the receiver's fault
		return Delivery{}, ctx.Err()
	}
	if d.Tries = append(d.Tries, try); len(d.Tries) > maxTries {
		d.Tries = d.Tries[len(d.Tries)-maxTries:]
	}
	d.settle(s.now().UTC())
	if err := s.store.PutDelivery(ctx, d); err != nil {
		return Delivery{}, err
	}
	return d, s.noteHealth(ctx, hook, try)
}

// settle says what a delivery is after its last try.
func (d *Delivery) settle(now time.Time) {
	switch last := d.Tries[len(d.Tries)-1]; {
	case last.good():
		d.State, d.Next = DeliveryDone, time.Time{}
	case d.Event == HookTest || now.Sub(d.At) >= triesFor:
		d.State, d.Next = DeliveryGivenUp, time.Time{}
	default:
		d.Next = now.Add(wait(len(d.Tries)))
	}
}

func (s *Service) hookBody(ctx context.Context, d Delivery) ([]byte, error) {
	if d.Session == "" {
		return json.Marshal(map[string]string{"event": string(HookTest), "company": d.Company})
	}
	got, err := s.store.Session(ctx, d.Session)
	if err != nil {
		return nil, err
	}
	return json.Marshal(got)
}

func (s *Service) try(ctx context.Context, hook Webhook, d Delivery, body []byte) DeliveryTry {
	at := s.now().UTC()
	if s.deliverer == nil {
		return DeliveryTry{At: at, Problem: "This installation sends nothing."}
	}
	answer, err := s.deliverer.Deliver(ctx, HookRequest{URL: hook.URL, Method: hook.Method, Body: body, Header: map[string]string{
		"Content-Type":      "application/json",
		"Dossier-Event":     string(d.Event),
		"Dossier-Event-At":  d.At.Format(time.RFC3339),
		"Dossier-Delivery":  d.ID,
		"Dossier-Signature": Sign(hook.signing(at), at, body),
	}})
	t := DeliveryTry{At: at, Took: s.now().Sub(at), Status: answer.Status, Answer: answer.Body}
	if err != nil {
		t.Problem = clip(MessageOf(err), 300)
		s.log.Warn("webhook not delivered", "webhook", hook.ID, "delivery", d.ID, "err", err)
	}
	return t
}

// noteHealth remembers since when a webhook fails, and switches it off when that is too long.
func (s *Service) noteHealth(ctx context.Context, w Webhook, try DeliveryTry) error {
	now := s.now().UTC()
	switch {
	case try.good() == w.FailingSince.IsZero():
		if try.good() || now.Sub(w.FailingSince) < hookStopsAfter {
			return nil
		}
		w.Enabled = false
		w.Stopped = fmt.Sprintf("Nothing could be delivered for %d days.", int(hookStopsAfter.Hours()/24))
		s.log.Warn("webhook switched off", "webhook", w.ID, "company", w.Company)
	case try.good():
		w.FailingSince = time.Time{}
	default:
		w.FailingSince = now
	}
	var events []Event
	if !w.Enabled {
		events = append(events, s.webhookEvent(System, w, "switched off"))
	}
	_, err := s.store.PutWebhook(ctx, w, events...)
	if CodeOf(err) == Conflict { // somebody changed it at this moment; the next delivery notes it
		return nil
	}
	return errors.Join(err, s.hooks.load(ctx, s.store))
}

// Deliveries returns what a webhook was sent, newest first, before the one with the given id ("" is from
// the newest), at most n.
func (s *Service) Deliveries(ctx context.Context, actor Actor, webhook, before string, n int) ([]Delivery, error) {
	if _, err := s.Webhook(ctx, actor, webhook); err != nil {
		return nil, err
	}
	return s.store.Deliveries(ctx, webhook, before, n)
}

// TestWebhook sends a message without a session, at once, and returns what came of it.
func (s *Service) TestWebhook(ctx context.Context, actor Actor, id string) (Delivery, error) {
	w, err := s.Webhook(ctx, actor, id)
	if err != nil {
		return Delivery{}, err
	}
	now := s.now().UTC()
	return s.deliver(ctx, w, Delivery{ID: s.hooks.newID(now), Webhook: w.ID, Company: w.Company, Event: HookTest, At: now, Tries: []DeliveryTry{}})
}

// Redeliver sends a delivery once more, at once, and returns what came of it.
func (s *Service) Redeliver(ctx context.Context, actor Actor, webhook, id string) (Delivery, error) {
	w, err := s.Webhook(ctx, actor, webhook)
	if err != nil {
		return Delivery{}, err
	}
	if err := s.store.Record(ctx, s.webhookEvent(actor, w, "delivery repeated")); err != nil {
		return Delivery{}, err
	}
	return s.send(ctx, webhook, id)
}
