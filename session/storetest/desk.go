package storetest

import (
	"bytes"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/session"
)

func claim(s session.Session, by string, at time.Time) session.Claim {
	return session.Claim{Session: s.ID, Company: s.Company, Version: s.Version, By: by, Name: "Name of " + by, Since: at, Seen: at}
}

func testClaims(t *testing.T, store session.Store) {
	ctx := t.Context()
	one, two := put(t, store, Example(1)), put(t, store, Example(2))
	claimed := event(one, session.ActClaimed)
	take := func(c session.Claim, over string, want session.Code) session.Claim {
		t.Helper()
		held, err := store.PutClaim(ctx, c, over, claimed, nil)
		wantCode(t, "claim of "+c.By, err, want)
		return held
	}
	before := len(eventsOf(t, store))
	ada := take(claim(one, "ada", start), "", "")
	take(claim(one, "bob", start.Add(time.Minute)), "", session.Conflict)
	take(claim(one, "bob", start.Add(time.Minute)), "eve", session.Conflict)
	stale := claim(one, "ada", start.Add(time.Minute))
	stale.Version++
	take(stale, "", session.Conflict)                           // the session is another than its member saw
	take(claim(Example(9), "ada", start), "", session.Conflict) // or none any more
	if again := take(claim(one, "ada", start.Add(2*time.Minute)), "", ""); !again.Since.Equal(start) || !again.Seen.Equal(start.Add(2*time.Minute)) {
		t.Errorf("looking again makes the claim %+v", again)
	}
	take(claim(two, "ada", start), "", "")
	mine, err := store.ClaimsBy(ctx, "ada")
	if err != nil || len(mine) != 2 || mine[0].Session != two.ID {
		t.Errorf("ClaimsBy = %+v, %v; want the newer session first", mine, err)
	}
	bob := take(claim(one, "bob", start.Add(3*time.Minute)), ada.By, "")
	take(claim(one, "ada", start.Add(4*time.Minute)), "", session.Conflict)
	late := claim(one, "cid", bob.Seen.Add(session.ClaimTime))
	late.AssignedBy = "Master"
	take(late, "", "")
	take(claim(one, "dan", late.Seen.Add(1000*time.Hour)), "", session.Conflict) // what was assigned does not run out
	for _, by := range []string{"cid", "dan"} {
		if err := store.TouchClaim(ctx, claim(one, by, late.Seen.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.TouchClaim(ctx, claim(Example(9), "dan", start)); err != nil {
		t.Errorf("TouchClaim where nobody has the session: %v", err)
	}
	if n := len(eventsOf(t, store)) - before; n != 4 {
		t.Errorf("%d events, want 4: none for a claim that was refused or is as before", n)
	}
	all, err := store.Claims(ctx, []session.ID{two.ID, one.ID, Example(9).ID, "nonsense"})
	if err != nil || len(all) != 2 || all[one.ID].By != "cid" || !all[one.ID].Seen.Equal(late.Seen.Add(time.Hour)) || all[one.ID].AssignedBy != "Master" || all[two.ID].By != "ada" {
		t.Errorf("Claims = %+v, %v", all, err)
	}
	if err := store.DropClaim(ctx, one.ID, "bob", claimed, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Commit(ctx, session.Change{Session: &two, Unclaim: true}); err != nil {
		t.Fatal(err)
	}
	all, err = store.Claims(ctx, []session.ID{one.ID, two.ID})
	if err != nil || len(all) != 1 || all[one.ID].By != "cid" {
		t.Errorf("after a decision, and a release by somebody else: %+v, %v", all, err)
	}
	once := &session.Once{Key: "key/1", Session: one.ID, Hash: "x", At: start}
	if err := store.DropClaim(ctx, one.ID, "cid", claimed, once); err != nil {
		t.Fatal(err)
	}
	if _, err := store.PutClaim(ctx, claim(one, "eve", late.Seen), "", claimed, once); session.CodeOf(err) != session.Conflict {
		t.Errorf("a second change under one idempotency key: %v", err)
	}
	if all, err := store.Claims(ctx, []session.ID{one.ID}); err != nil || len(all) != 0 {
		t.Errorf("after it: %+v, %v", all, err)
	}
}

func testClaimRace(t *testing.T, store session.Store) {
	s := put(t, store, Example(1))
	var won atomic.Int32
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			_, err := store.PutClaim(t.Context(), claim(s, string(rune('a'+n)), start), "", event(s, session.ActClaimed), nil)
			if err == nil {
				won.Add(1)
			} else if session.CodeOf(err) != session.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 16 have the session", won.Load())
	}
}

func testPreferences(t *testing.T, store session.Store) {
	ctx := t.Context()
	p, err := store.Preferences(ctx, "member:1")
	if err != nil || !reflect.DeepEqual(p, session.Preferences{Member: "member:1"}) {
		t.Errorf("nothing chosen gives %+v, %v", p, err)
	}
	p.Columns, p.Filters = []string{"status"}, []session.SavedFilter{{Name: "mine", List: "/sessions", Query: "q=x"}}
	if err := store.PutPreferences(ctx, p); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "the same again", store.PutPreferences(ctx, p), session.Conflict)
	p.Version = 1
	if got, err := store.Preferences(ctx, "member:1"); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("Preferences = %+v, %v\nwant %+v", got, err, p)
	}
	if got, err := store.Preferences(ctx, "member:2"); err != nil || len(got.Columns) != 0 {
		t.Errorf("somebody else's are %+v, %v", got, err)
	}
}

func testExports(t *testing.T, store session.Store) {
	ctx := t.Context()
	export := func(n int, by string) session.Export {
		return session.Export{ID: string(Example(n).ID), By: by, Status: session.ExportRunning, StartedAt: start, ExpiresAt: start.Add(session.ExportTime)}
	}
	one, two, other := export(1, "member:1"), export(2, "member:1"), export(3, "member:2")
	for _, e := range []session.Export{one, two, other} {
		if err := store.PutExport(ctx, e, session.System.Event(start, session.ActExport, "", "", nil)); err != nil {
			t.Fatal(err)
		}
	}
	pieces := [][]byte{noise(600_000), bytes.Repeat([]byte("row\r\n"), 100_000), []byte("end")}
	for _, p := range pieces {
		one.Pieces, one.Bytes = one.Pieces+1, one.Bytes+len(p)
		if err := store.AddToExport(ctx, one, p, nil); err != nil {
			t.Fatal(err)
		}
	}
	for n, want := range pieces {
		if got, err := store.ExportPiece(ctx, one.ID, n); err != nil || !bytes.Equal(got, want) {
			t.Errorf("piece %d has %d bytes, %v; want %d", n, len(got), err, len(want))
		}
	}
	if got, err := store.Export(ctx, one.ID); err != nil || !reflect.DeepEqual(got, one) {
		t.Errorf("Export = %+v, %v\nwant %+v", got, err, one)
	}
	mine, err := store.ExportsOf(ctx, "member:1")
	if err != nil || len(mine) != 2 || mine[0].ID != two.ID {
		t.Errorf("ExportsOf = %+v, %v; want the newer first", mine, err)
	}
	if all, err := store.ExportsOf(ctx, ""); err != nil || len(all) != 3 {
		t.Errorf("%d exports of everybody, %v", len(all), err)
	}
	if err := store.DropExport(ctx, one.ID, session.System.Event(start, session.ActExportDropped, "", "", nil)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "one more piece of a deleted export", store.AddToExport(ctx, one, []byte("x"), nil), session.NotFound)
	_, err = store.ExportPiece(ctx, one.ID, 0)
	wantCode(t, "a piece of a deleted export", err, session.NotFound)
	_, err = store.Export(ctx, one.ID)
	wantCode(t, "a deleted export", err, session.NotFound)
	if n := len(eventsOf(t, store)); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
}

// An export that holds a session which is erased fails, whether it is whole or under way, and nothing of it
// comes back; one that holds others stays.
func testErasedFromExports(t *testing.T, store session.Store) {
	ctx := t.Context()
	goes, stays := put(t, store, Example(1)), put(t, store, Example(2))
	export := func(n int, status session.ExportStatus, rows ...session.ID) session.Export {
		t.Helper()
		e := session.Export{ID: string(Example(n).ID), By: "member:1", Status: session.ExportRunning, Filter: "q=goes", Query: session.Query{Text: "goes"}, StartedAt: start}
		if err := store.PutExport(ctx, e); err != nil {
			t.Fatal(err)
		}
		e.Pieces, e.Rows, e.Bytes = 1, 1, 3
		if err := store.AddToExport(ctx, e, []byte("row"), rows); err != nil {
			t.Fatal(err)
		}
		e.Status = status
		if err := store.PutExport(ctx, e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	whole, other := export(11, session.ExportDone, stays.ID, goes.ID), export(12, session.ExportDone, stays.ID)
	under, next := export(13, session.ExportRunning, goes.ID), export(14, session.ExportRunning, stays.ID)
	if err := store.Erase(ctx, goes.ID, goes.Version); err != nil {
		t.Fatal(err)
	}
	next.Pieces++
	wantCode(t, "a piece with the erased session", store.AddToExport(ctx, next, []byte("row"), []session.ID{stays.ID, goes.ID}), session.NotFound)
	for _, e := range []session.Export{whole, under, next} {
		got, err := store.Export(ctx, e.ID)
		if err != nil || got.Status != session.ExportFailed || got.Problem == "" || got.Filter != "" || got.Query.Text != "" || got.Pieces != 0 || got.By != e.By {
			t.Errorf("the export that held the session = %+v, %v", got, err)
		}
		_, err = store.ExportPiece(ctx, e.ID, 0)
		wantCode(t, "a piece of its file", err, session.NotFound)
		e.Pieces++
		wantCode(t, "one more piece", store.AddToExport(ctx, e, []byte("row"), nil), session.NotFound)
		e.Status = session.ExportDone
		wantCode(t, "its end", store.PutExport(ctx, e), session.NotFound)
	}
	if got, err := store.Export(ctx, other.ID); err != nil || got.Status != session.ExportDone || got.Filter == "" {
		t.Errorf("the export without the session = %+v, %v", got, err)
	}
	if _, err := store.ExportPiece(ctx, other.ID, 0); err != nil {
		t.Errorf("its file: %v", err)
	}
}
