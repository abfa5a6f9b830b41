package kv

import (
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/session"
	"dossier/session/storetest"
)

// TestPhotosWithoutASession go after their hour of grace; those that a session shows stay.
func TestPhotosWithoutASession(t *testing.T) {
	now, ctx := time.Now(), t.Context()
	db := openTest(t, "", Options{Memory: true, Now: func() time.Time { return now }})
	put := func(size int) string {
		t.Helper()
		sum, err := db.PutPhoto(ctx, randomPhoto(size))
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	sweep := func(want int) {
		t.Helper()
		if n, err := db.SweepPhotos(ctx); n != want || err != nil {
			t.Errorf("swept %d, %v; want %d", n, err, want)
		}
	}
	s := storetest.Example(1)
	s.Photos = []session.Photo{{Kind: session.Selfie, SHA256: put(10_000)}}
	s, err := db.Commit(ctx, session.Change{Session: &s})
	if err != nil {
		t.Fatal(err)
	}
	stray := put(700_000)
	cut := of(atPhotoChunk).bytes(make([]byte, 32)).number(0) // of an upload that a crash cut off
	if err := db.update(ctx, "test", func(t *tx) error { t.set(cut, []byte("torn")); return nil }); err != nil {
		t.Fatal(err)
	}
	sweep(1)
	if _, err := db.Photo(ctx, stray); err != nil {
		t.Errorf("a photo put just now: %v", err)
	}
	now = now.Add(40 * time.Minute)
	put(700_000) // the same again: its hour begins anew
	now = now.Add(40 * time.Minute)
	sweep(0)
	now = now.Add(time.Hour)
	sweep(1)
	if _, err := db.Photo(ctx, stray); session.CodeOf(err) != session.NotFound {
		t.Errorf("the photo without a session: %v", err)
	}
	if _, err := db.Photo(ctx, s.Photos[0].SHA256); err != nil {
		t.Errorf("the photo that a session shows: %v", err)
	}
	s.Photos = nil
	if _, err := db.Commit(ctx, session.Change{Session: &s}); err != nil {
		t.Fatal(err)
	}
	sweep(0) // it went with the session's change
}

// TestErasedLeavesNothing looks at every key and value after an erasure: only the audit log and the mark
// for the index know of the session; what reports count of its alert does not.
func TestErasedLeavesNothing(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, "", Options{Memory: true})
	s := storetest.Example(1)
	a := session.Alert{ID: "alert", Session: s.ID, Company: s.Company, Person: "Nino Example-1", RaisedAt: s.CreatedAt, Disposition: session.Disposition{State: session.DispositionOpen},
		Turns: []session.Turn{{At: s.CreatedAt, State: session.DispositionOpen, Raised: "ingest", Person: "Nino Example-1", Text: "Example-1 it is"}}}
	p := session.Suppression{ID: string(session.NewID(s.CreatedAt)), Company: s.Company, Session: s.ID, Fingerprint: "print", List: "custom", Seen: session.Sides{Person: s.Person}}
	d := session.Delivery{ID: string(session.NewID(s.CreatedAt)), Webhook: "hook", Session: s.ID, State: session.DeliveryWaiting}
	s.UpdatedAt = time.Now()
	s, err := db.Commit(ctx, session.Change{Session: &s, Alerts: []session.Alert{a}, Suppressions: []session.Suppression{p}, Hooks: []session.Delivery{d}, Once: &session.Once{Key: "k", Session: s.ID},
		Events: []session.Event{session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	claim := session.Claim{Session: s.ID, Company: s.Company, Version: s.Version, By: "member:1", Since: s.CreatedAt, Seen: s.CreatedAt}
	if _, err := db.PutClaim(ctx, claim, "", session.System.Event(s.CreatedAt, session.ActClaimed, s.Company, s.ID, nil), nil); err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(ctx, s.ID, s.Version); err != nil {
		t.Fatal(err)
	}
	id := mustULID(t, s.ID)
	err = db.view(ctx, "test", func(snap snapshot) error {
		for k, item := range snap.scan(span{}) {
			if k[0] == atEvent || k[0] == atSessionEvent || k[0] == atMark {
				continue
			}
			value, err := item.ValueCopy(nil)
			if err != nil {
				return err
			}
			for _, text := range []string{string(k), string(value)} {
				for _, trace := range []string{string(id[:]), string(s.ID), "Example-1", "P0000001", "000000001"} {
					if strings.Contains(text, trace) {
						t.Errorf("%q = %q still holds %q", k, value, trace)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestMigratePointers opens a database whose sessions have none of the keys of retention.
func TestMigratePointers(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{})
	var all []session.Session
	for n := range 400 {
		s := storetest.Example(n)
		s, err := db.Commit(ctx, session.Change{Session: &s})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	err := db.update(ctx, "test", func(t *tx) error { // as schema 1 had it
		for _, prefix := range []byte{atKept, atPhotoUse} {
			for _, k := range t.keys(of(prefix)) {
				t.delete(k)
			}
		}
		t.setNumber(schemaKey, 1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	kept, err := db.Kept(ctx, "alpha", session.ErasePhotos, session.Kept{}, time.Now(), 1000)
	if err != nil || len(kept) != len(all) {
		t.Errorf("%d sessions are found by their periods, %v; want %d", len(kept), err, len(all))
	}
	if err := db.Erase(ctx, all[7].ID, all[7].Version); err != nil {
		t.Errorf("erase after the migration: %v", err)
	}
}

// TestErasuresTogether share walks, and each still takes what goes away by itself of its own session.
func TestErasuresTogether(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, "", Options{Memory: true})
	var all []session.Session
	for n := range 40 {
		s := storetest.Example(n)
		s.UpdatedAt = time.Now()
		d := session.Delivery{ID: string(session.NewID(s.CreatedAt)), Webhook: "hook", Session: s.ID, State: session.DeliveryWaiting}
		s, err := db.Commit(ctx, session.Change{Session: &s, Hooks: []session.Delivery{d}, Once: &session.Once{Key: "key/" + string(s.ID), Session: s.ID}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	stays, gone := all[0], all[1:]
	var together sync.WaitGroup
	for _, s := range gone {
		together.Go(func() {
			if err := db.Erase(ctx, s.ID, s.Version); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	err := db.update(ctx, "test", func(tx *tx) error {
		for _, prefix := range []byte{atOnce, atDelivery, atWaiting} {
			if n := len(tx.keys(of(prefix))); n != 1 {
				t.Errorf("%d keys under %q are left, want that of the session that stays", n, prefix)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Once(ctx, "key/"+string(stays.ID)); err != nil {
		t.Error(err)
	}
}

// TestEraseManyMessages erases a session about which one transaction does not take all messages; what a crash
// leaves of them goes at the next start.
func TestEraseManyMessages(t *testing.T) {
	const messages = 3000
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{small: true})
	s, stays := storetest.Example(1), storetest.Example(2)
	s.UpdatedAt = time.Now()
	deliver := func(of session.Session, n int) {
		t.Helper()
		err := db.steps(ctx, "test", n, func(t *tx, _ int) error {
			return t.putDelivery("test", session.Delivery{ID: string(session.NewID(s.CreatedAt)), Webhook: "hook", Session: of.ID, State: session.DeliveryWaiting})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	left := func(want int) {
		t.Helper()
		for _, prefix := range []byte{atDelivery, atWaiting} {
			if n, err := db.countKeys(ctx, "test", span{prefix: of(prefix)}); n != want || err != nil {
				t.Errorf("%d keys under %q are left, %v; want %d", n, prefix, err, want)
			}
		}
		if n, err := db.countKeys(ctx, "test", span{prefix: of(atErasing)}); n != 0 || err != nil {
			t.Errorf("%d erasures are under way, %v", n, err)
		}
	}
	s, err := db.Commit(ctx, session.Change{Session: &s})
	if err != nil {
		t.Fatal(err)
	}
	deliver(s, messages)
	deliver(stays, 5)
	if err := db.Erase(ctx, s.ID, s.Version); err != nil {
		t.Fatal(err)
	}
	left(5)

	deliver(s, messages) // as if the erasure had been cut off after its first transaction
	if err := db.update(ctx, "test", func(tx *tx) error { tx.set(of(atErasing).session(mustULID(t, s.ID)), nil); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{small: true})
	left(5)
}
