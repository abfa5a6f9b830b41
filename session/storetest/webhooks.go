package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"dossier/session"
)

func hook(n int) session.Webhook {
	return session.Webhook{ID: string(session.NewID(start.Add(time.Duration(n) * time.Second))), Company: "alpha", URL: fmt.Sprintf("https://hooks.example/%d", n),
		Method: "POST", Events: []session.HookEvent{session.HookFinished}, Secrets: []session.HookSecret{{Text: "s"}}, Enabled: true, CreatedAt: start}
}

func testWebhooks(t *testing.T, store session.Store) {
	first := hook(1)
	one, err := store.PutWebhook(t.Context(), first, event(Example(1), session.ActWebhook))
	if err != nil || one.Version != 1 {
		t.Fatalf("PutWebhook = version %d, %v", one.Version, err)
	}
	two, err := store.PutWebhook(t.Context(), hook(2))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.PutWebhook(t.Context(), first)
	wantCode(t, "a version that is not there any more", err, session.Conflict)
	all, err := store.Webhooks(t.Context())
	if want := []session.Webhook{one, two}; err != nil || !reflect.DeepEqual(all, want) {
		t.Errorf("Webhooks = %+v, %v; want %+v", all, err, want)
	}
	if err := store.PutDelivery(t.Context(), delivery(1, one, Example(1).ID)); err != nil {
		t.Fatal(err)
	}
	if err := store.DeleteWebhook(t.Context(), one.ID, event(Example(1), session.ActWebhook)); err != nil {
		t.Fatal(err)
	}
	left, err := store.Deliveries(t.Context(), one.ID, "", 10)
	waiting, err2 := store.WaitingDeliveries(t.Context(), one.ID, "", 10)
	if all, _ := store.Webhooks(t.Context()); len(all) != 1 || len(left) > 0 || len(waiting) > 0 || err != nil || err2 != nil {
		t.Errorf("after deletion: %d webhooks, %d deliveries, %d waiting, %v, %v", len(all), len(left), len(waiting), err, err2)
	}
}

func delivery(n int, w session.Webhook, id session.ID) session.Delivery {
	at := start.Add(time.Duration(n) * time.Minute)
	return session.Delivery{ID: string(session.NewID(at)), Webhook: w.ID, Company: w.Company, Session: id, Event: session.HookFinished, At: at,
		State: session.DeliveryWaiting, Next: at, Tries: []session.DeliveryTry{}}
}

func testDeliveries(t *testing.T, store session.Store) {
	w, s := hook(1), Example(1)
	var all []session.Delivery
	for n := range 5 {
		all = append(all, delivery(n, w, s.ID))
	}
	all[3].Session = "" // a test message
	if _, err := store.Commit(t.Context(), session.Change{Session: &s, Hooks: all[:3]}); err != nil {
		t.Fatal(err)
	}
	stale := s
	if _, err := store.Commit(t.Context(), session.Change{Session: &stale, Hooks: all[4:]}); session.CodeOf(err) != session.Conflict {
		t.Fatal("a change of a stale session was taken", err)
	}
	if err := store.PutDelivery(t.Context(), all[3]); err != nil {
		t.Fatal(err)
	}
	done := all[1]
	done.State, done.Next, done.Tries = session.DeliveryDone, time.Time{}, []session.DeliveryTry{{At: start, Status: 200}}
	if err := store.PutDelivery(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	got, err := store.Delivery(t.Context(), w.ID, done.ID)
	if err != nil || !reflect.DeepEqual(got, done) {
		t.Errorf("Delivery = %+v, %v; want %+v", got, err, done)
	}
	_, err = store.Delivery(t.Context(), w.ID, all[4].ID)
	wantCode(t, "what a failed change called for", err, session.NotFound)
	newest, err := store.Deliveries(t.Context(), w.ID, all[3].ID, 2)
	if want := []session.Delivery{all[2], done}; err != nil || !reflect.DeepEqual(newest, want) {
		t.Errorf("Deliveries = %+v, %v; want %+v", newest, err, want)
	}
	waiting, err := store.WaitingDeliveries(t.Context(), w.ID, all[0].ID, 10)
	want := []session.Waiting{{ID: all[2].ID, Session: s.ID, Next: all[2].Next}, {ID: all[3].ID, Next: all[3].Next}}
	if err != nil || !reflect.DeepEqual(waiting, want) {
		t.Errorf("WaitingDeliveries = %+v, %v; want %+v", waiting, err, want)
	}
}
