package session_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

// A receiver stands for the companies' servers: by address, it answers with a status and notes what came.
type receiver struct {
	mu     sync.Mutex
	status map[string]int // 0 is no answer
	got    map[string][]string
	last   map[string]session.HookRequest
}

func newReceiver() *receiver {
	return &receiver{status: map[string]int{}, got: map[string][]string{}, last: map[string]session.HookRequest{}}
}

func (r *receiver) Deliver(_ context.Context, req session.HookRequest) (session.HookAnswer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[req.URL] = req
	if r.status[req.URL] == 0 {
		return session.HookAnswer{}, fmt.Errorf("connection refused")
	}
	var s session.Session
	if err := json.Unmarshal(req.Body, &s); err != nil {
		return session.HookAnswer{}, err
	}
	r.got[req.URL] = append(r.got[req.URL], fmt.Sprintf("%s %s", req.Header["Dossier-Event"], s.Reference))
	return session.HookAnswer{Status: r.status[req.URL], Body: "thanks"}, nil
}

func (r *receiver) answer(url string, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status[url] = status
}

func (r *receiver) received(url string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got[url])
}

const good1, dead = "https://good.example/hook", "https://dead.example/hook"

// hookDesk is a desk whose service sends to r.
func hookDesk(t *testing.T, r *receiver) (*desk, *session.Service) {
	d := newDesk(t)
	svc := session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now, Deliverer: r})
	if err := svc.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d, svc
}

func addHook(t *testing.T, svc *session.Service, company, url string, events ...session.HookEvent) session.Webhook {
	t.Helper()
	w, err := svc.AddWebhook(t.Context(), session.System, session.Webhook{Company: company, URL: url, Method: "POST", Events: events})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWebhookRefused(t *testing.T) {
	_, svc := hookDesk(t, newReceiver())
	for _, test := range []struct {
		name, url, method, field string
		events                   []session.HookEvent
	}{
		{"no address", "", "POST", "url", session.HookEvents},
		{"no web address", "ftp://example.com", "POST", "url", session.HookEvents},
		{"a password in it", "https://a:b@example.com", "POST", "url", session.HookEvents},
		{"method", good1, "GET", "method", session.HookEvents},
		{"no event", good1, "POST", "events", nil},
		{"an event that there is not", good1, "POST", "events", []session.HookEvent{"session.born"}},
	} {
		_, err := svc.AddWebhook(t.Context(), session.System, session.Webhook{Company: "acme", URL: test.url, Method: test.method, Events: test.events})
		if !containsField(err, test.field) {
			t.Errorf("%s: %v, want a problem of %s", test.name, err, test.field)
		}
	}
	w := addHook(t, svc, "acme", good1, session.HookFinished)
	for name, actor := range map[string]session.Actor{"an agent": member("acme", session.MayRead, session.MayDecide), "another company": member("orbit", session.MayManage)} {
		if _, err := svc.Webhook(t.Context(), actor, w.ID); err == nil {
			t.Errorf("%s sees the webhook", name)
		}
		if _, err := svc.TestWebhook(t.Context(), actor, w.ID); err == nil {
			t.Errorf("%s sends", name)
		}
	}
}

func TestSignature(t *testing.T) {
	at := time.Unix(1780000000, 0)
	// printf '1780000000.{}' | openssl dgst -sha256 -hmac whsec_example
	want := "t=1780000000,v1=0aae06df8775ee5f720f92d3ff43ab732eb3c503b08fc8bd18456aa3137576f9"
	if got := session.Sign([]string{"whsec_example"}, at, []byte("{}")); got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
}

// handIn takes a session in that nothing speaks against, under a reference of its own.
func handIn(t *testing.T, svc *session.Service, reference, company string) session.Session {
	t.Helper()
	sub := good(t, anna)
	sub.Reference, sub.Company = reference, company
	if company == "orbit" {
		sub.Extra = map[string]any{"plan": "a"}
	}
	got, err := svc.Ingest(t.Context(), session.System, session.Intake{Submission: sub})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantReceived(t *testing.T, r *receiver, url string, want ...string) {
	t.Helper()
	if got := r.received(url); !slices.Equal(got, want) {
		t.Errorf("%s received %q, want %q", url, got, want)
	}
}

func TestWebhooksAreTold(t *testing.T) {
	r := newReceiver()
	r.answer(good1, 200)
	d, svc := hookDesk(t, r)
	w := addHook(t, svc, "acme", good1, session.HookFinished, session.HookDecided)
	addHook(t, svc, "acme", dead, session.HookFinished)
	handIn(t, svc, "theirs", "orbit")
	in := good(t, anna)
	in.Reference, in.Checks.FaceMatchLevel = "doubtful", ptr(1)
	doubtful, err := svc.Ingest(t.Context(), session.System, session.Intake{Submission: in})
	if err != nil {
		t.Fatal(err)
	}
	svc.DeliverDue(t.Context())
	wantReceived(t, r, good1, "session.finished doubtful") // while the other one is dead
	if _, err := svc.Decide(t.Context(), session.System, doubtful.ID, session.Decision{Version: doubtful.Version, Verdict: session.VerdictVerify}); err != nil {
		t.Fatal(err)
	}
	svc.DeliverDue(t.Context())
	wantReceived(t, r, good1, "session.finished doubtful", "session.decided doubtful")
	svc.DeliverDue(t.Context())
	wantReceived(t, r, good1, "session.finished doubtful", "session.decided doubtful")

	sent := r.last[good1]
	if want := session.Sign([]string{w.Secret()}, d.now(), sent.Body); sent.Header["Dossier-Signature"] != want {
		t.Errorf("signed %q, want %q", sent.Header["Dossier-Signature"], want)
	}
	log, err := svc.Deliveries(t.Context(), session.System, w.ID, "", 10)
	if err != nil || len(log) != 2 || log[0].State != session.DeliveryDone || log[0].Tries[0].Answer != "thanks" || log[0].ID != sent.Header["Dossier-Delivery"] {
		t.Errorf("log = %+v, %v", log, err)
	}
	again, err := svc.Redeliver(t.Context(), session.System, w.ID, log[1].ID)
	if err != nil || again.State != session.DeliveryDone || len(again.Tries) != 2 {
		t.Errorf("Redeliver = %+v, %v", again, err)
	}
	wantReceived(t, r, good1, "session.finished doubtful", "session.decided doubtful", "session.finished doubtful")
}

// TestWebhookThatFails: what a receiver missed comes in order when it is back, and one that stays away is
// switched off.
func TestWebhookThatFails(t *testing.T) {
	r := newReceiver()
	d, svc := hookDesk(t, r)
	w := addHook(t, svc, "acme", dead, session.HookFinished, session.HookDecided)
	r.answer(dead, 500)
	handIn(t, svc, "first", "acme")
	svc.DeliverDue(t.Context())
	handIn(t, svc, "second", "acme")
	d.pass(time.Second)
	svc.DeliverDue(t.Context())
	if log, _ := svc.Deliveries(t.Context(), session.System, w.ID, "", 10); len(log[1].Tries) != 1 || len(log[0].Tries) != 1 {
		t.Errorf("a failing receiver was asked %d and %d times within a second", len(log[1].Tries), len(log[0].Tries))
	}
	for range 3 {
		d.pass(time.Hour)
		svc.DeliverDue(t.Context())
	}
	r.answer(dead, 204)
	restarted := session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now, Deliverer: r})
	if err := restarted.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.got = map[string][]string{}
	d.pass(time.Hour)
	restarted.DeliverDue(t.Context())
	restarted.DeliverDue(t.Context())
	if got := r.received(dead); len(got) != 2 {
		t.Errorf("after it came back it received %q", got)
	}
	if w, _ = restarted.Webhook(t.Context(), session.System, w.ID); !w.FailingSince.IsZero() {
		t.Error("a webhook that works again counts as failing")
	}

	r.answer(dead, 0)
	handIn(t, restarted, "third", "acme")
	for range 6 * 24 {
		d.pass(time.Hour)
		restarted.DeliverDue(t.Context())
	}
	log, _ := restarted.Deliveries(t.Context(), session.System, w.ID, "", 1)
	if log[0].State != session.DeliveryGivenUp || log[0].Tries[0].Problem == "" {
		t.Errorf("after days the delivery is %+v", log[0])
	}
	handIn(t, restarted, "fourth", "acme")
	for range 6 * 24 {
		d.pass(time.Hour)
		restarted.DeliverDue(t.Context())
	}
	if w, _ = restarted.Webhook(t.Context(), session.System, w.ID); w.Enabled || w.Stopped == "" {
		t.Errorf("after days without an answer it is still on: %+v", w)
	}
}

func TestWebhookSecretRotates(t *testing.T) {
	r := newReceiver()
	r.answer(good1, 200)
	d, svc := hookDesk(t, r)
	w := addHook(t, svc, "acme", good1, session.HookFinished)
	rotated, err := svc.RotateSecret(t.Context(), session.System, w.ID)
	if err != nil || rotated.Secret() == w.Secret() {
		t.Fatalf("rotated to %q, %v", rotated.Secret(), err)
	}
	signedBy := func(secrets ...string) {
		t.Helper()
		if _, err := svc.TestWebhook(t.Context(), session.System, w.ID); err != nil {
			t.Fatal(err)
		}
		if sent := r.last[good1]; sent.Header["Dossier-Signature"] != session.Sign(secrets, d.now(), sent.Body) {
			t.Errorf("signed %q", sent.Header["Dossier-Signature"])
		}
	}
	signedBy(rotated.Secret(), w.Secret())
	d.pass(25 * time.Hour)
	signedBy(rotated.Secret())
}
