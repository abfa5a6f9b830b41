package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"testing"
	"time"

	"dossier/session"
)

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func testKept(t *testing.T, store session.Store) {
	ctx, until := t.Context(), start.Add(time.Hour)
	kept := func(company string, what session.ErasureKind, after session.Kept, n int) (ids []session.ID) {
		t.Helper()
		all, err := store.Kept(ctx, company, what, after, until, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			ids = append(ids, k.ID)
		}
		return ids
	}
	a, b, c, foreign, late := Example(1), Example(2), Example(3), Example(4), Example(5)
	a.DecidedAt, b.DecidedAt, c.DecidedAt = start.Add(30*time.Minute), start.Add(20*time.Minute), start.Add(20*time.Minute)
	late.DecidedAt = until.Add(time.Second)
	c.Photos, foreign.Company = nil, "beta"
	a, b, c = put(t, store, a), put(t, store, b), put(t, store, c)
	put(t, store, foreign)
	put(t, store, late)
	if got := kept("alpha", session.EraseRecord, session.Kept{}, 10); !reflect.DeepEqual(got, []session.ID{b.ID, c.ID, a.ID}) {
		t.Errorf("records kept = %v, want those decided first, first", got)
	}
	if got := kept("alpha", session.ErasePhotos, session.Kept{}, 10); !reflect.DeepEqual(got, []session.ID{b.ID, a.ID}) {
		t.Errorf("photos kept = %v, want those that have some", got)
	}
	if got := kept("alpha", session.EraseRecord, session.Kept{ID: b.ID, Since: b.DecidedAt}, 1); !reflect.DeepEqual(got, []session.ID{c.ID}) {
		t.Errorf("the next one = %v, want %s", got, c.ID)
	}
	if got := kept("alpha", session.EraseRecord, session.Kept{Since: start.Add(25 * time.Minute)}, 10); !reflect.DeepEqual(got, []session.ID{a.ID}) {
		t.Errorf("since a time = %v, want %s", got, a.ID)
	}
	a.DecidedAt, a.Photos = start.Add(10*time.Minute), nil
	put(t, store, a)
	if got := kept("alpha", session.EraseRecord, session.Kept{}, 1); !reflect.DeepEqual(got, []session.ID{a.ID}) {
		t.Errorf("after a change the first = %v, want %s", got, a.ID)
	}
	if got := kept("alpha", session.ErasePhotos, session.Kept{}, 10); !reflect.DeepEqual(got, []session.ID{b.ID}) {
		t.Errorf("after a change photos kept = %v, want %s", got, b.ID)
	}
}

func testPurge(t *testing.T, store session.Store) {
	ctx := t.Context()
	want := func(when string, want session.Owed) {
		t.Helper()
		if owed, err := store.ErasureOwed(ctx); owed != want || err != nil {
			t.Errorf("%s ErasureOwed = %+v, %v; want %+v", when, owed, err, want)
		}
	}
	erase := func(n int) {
		t.Helper()
		goes := Example(n)
		goes.Photos = nil
		goes = put(t, store, goes)
		if err := store.Erase(ctx, goes.ID, goes.Version); err != nil {
			t.Fatal(err)
		}
	}
	want("before an erasure", session.Owed{})
	erase(1)
	want("after one", session.Owed{Files: true, Words: true})
	last, err := store.LastMark(ctx)
	if err != nil {
		t.Fatal(err)
	}
	erase(2)
	if err := store.IndexRebuilt(ctx, last); err != nil {
		t.Fatal(err)
	}
	want("while the index was built anew one more was erased:", session.Owed{Files: true, Words: true})
	if err := store.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	want("after a purge", session.Owed{Words: true})
	if last, err = store.LastMark(ctx); err != nil {
		t.Fatal(err)
	}
	if err := store.IndexRebuilt(ctx, last); err != nil {
		t.Fatal(err)
	}
	want("after a rebuild", session.Owed{})
	erase(3)
	want("after the next", session.Owed{Files: true, Words: true})
}

func testErase(t *testing.T, store session.Store) {
	ctx := t.Context()
	own, shared := noise(600_000), noise(5_000)
	for _, data := range [][]byte{own, shared} {
		if _, err := store.PutPhoto(ctx, data); err != nil {
			t.Fatal(err)
		}
	}
	goes, stays := Example(1), Example(2)
	goes.Photos = []session.Photo{{Kind: session.Selfie, SHA256: hashOf(own)}, {Kind: session.Portrait, SHA256: hashOf(shared)}}
	stays.Photos, goes.UpdatedAt = goes.Photos[1:], time.Now() // what goes away by itself some weeks later is looked for
	alert := session.Alert{ID: "alert-1", Session: goes.ID, Company: goes.Company, Person: "Nino Example-1", RaisedAt: start, Disposition: session.Disposition{State: session.DispositionOpen},
		Turns: []session.Turn{{At: start, State: session.DispositionOpen, Raised: "ingest", Person: "Nino Example-1"}}}
	stored, err := store.Commit(ctx, session.Change{Session: &goes, Alerts: []session.Alert{alert}, Once: &session.Once{Key: "key:1/a", Hash: "h", Session: goes.ID, At: start},
		Events: []session.Event{event(goes, session.ActCreated)}})
	if err != nil {
		t.Fatal(err)
	}
	stays = put(t, store, stays)

	wantCode(t, "a stale version", store.Erase(ctx, goes.ID, stored.Version+1), session.Conflict)
	wantCode(t, "an unknown session", store.Erase(ctx, Example(9).ID, 1), session.NotFound)
	if err := store.Erase(ctx, goes.ID, stored.Version, event(goes, session.ActErased)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "twice", store.Erase(ctx, goes.ID, stored.Version), session.NotFound)

	_, err = store.Session(ctx, goes.ID)
	wantCode(t, "the session", err, session.NotFound)
	_, err = store.Alert(ctx, alert.ID)
	wantCode(t, "its alert", err, session.NotFound)
	_, err = store.Once(ctx, "key:1/a")
	wantCode(t, "its idempotency record", err, session.NotFound)
	if _, _, n, err := store.Alerts(ctx, session.AlertFilter{}); n != 0 || err != nil {
		t.Errorf("%d alerts are counted, %v", n, err)
	}
	for a, err := range store.EachAlert(ctx) {
		if err != nil || a.ID != alert.ID || a.Person != "" || len(a.Turns) != 1 || !a.Turns[0].At.Equal(start) || a.Turns[0].Person != "" {
			t.Errorf("what reports count of its alert: %+v, %v", a, err)
		}
	}
	if twins, err := store.Twins(ctx, "alpha", goes.Person.DocumentNumber, goes.Person.PersonalNumber, ""); len(twins) != 0 || err != nil {
		t.Errorf("its numbers are still found: %v, %v", twins, err)
	}
	if n, err := store.Count(ctx); n != 1 || err != nil {
		t.Errorf("Count = %d, %v; want 1", n, err)
	}
	if open, err := store.Unfinished(ctx, start.Add(time.Hour), "", 10); len(open) != 1 || err != nil {
		t.Errorf("in progress: %v, %v; want the other one", open, err)
	}
	marks, err := store.Marks(ctx, 10)
	if err != nil || len(marks) != 2 || marks[1].ID != goes.ID {
		t.Errorf("marks %v, %v; want one for the index to forget it by", marks, err)
	}
	if events, _, err := store.Events(ctx, session.EventFilter{Session: goes.ID}); len(events) != 2 || err != nil || events[0].Action != session.ActErased {
		t.Errorf("its events = %v, %v; they stay", events, err)
	}
	wantCode(t, "a purge right after a photo was put", store.Purge(ctx), session.Unavailable)
	if owed, err := store.ErasureOwed(ctx); !owed.Files || err != nil {
		t.Errorf("ErasureOwed = %v, %v", owed, err)
	}
	if _, err := store.Photo(ctx, stays.Photos[0].SHA256); err != nil {
		t.Errorf("the photo of the other session: %v", err)
	}
}

func testErasures(t *testing.T, store session.Store) {
	ctx := t.Context()
	var all []session.Erasure
	for n := range 3 {
		at := start.Add(time.Duration(n) * time.Hour)
		e := session.Erasure{ID: string(session.NewID(at)), By: "system", StartedAt: at, Records: n}
		if err := store.PutErasure(ctx, e, session.System.Event(at, session.ActErasure, "", "", nil)); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	got, err := store.Erasures(ctx, 2)
	if err != nil || !reflect.DeepEqual(got, []session.Erasure{all[2], all[1]}) {
		t.Errorf("Erasures = %+v, %v; want the newest two", got, err)
	}
}
