package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dossier/sanctions"
	"dossier/session"
)

// noise returns n bytes that do not compress, the same for the same n.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

func testPhotos(t *testing.T, store session.Store) {
	ctx := t.Context()
	for _, size := range []int{0, 1, 60_000, 512 << 10, 512<<10 + 1, 3_000_000} {
		data := noise(size)
		sum := sha256.Sum256(data)
		for range 2 { // twice is no error
			name, err := store.PutPhoto(ctx, data)
			if err != nil || name != hex.EncodeToString(sum[:]) {
				t.Fatalf("PutPhoto of %d bytes = %q, %v", size, name, err)
			}
		}
		got, err := store.Photo(ctx, hex.EncodeToString(sum[:]))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("Photo of %d bytes gives %d bytes, %v", size, len(got), err)
		}
	}
	for _, name := range []string{"", "zz", "00", hex.EncodeToString(make([]byte, 32))} {
		_, err := store.Photo(ctx, name)
		wantCode(t, "photo "+name, err, session.NotFound)
	}
}

func testCompanies(t *testing.T, store session.Store) {
	ctx := t.Context()
	_, err := store.Company(ctx, "alpha")
	wantCode(t, "unknown company", err, session.NotFound)
	for _, slug := range []string{"beta", "alpha"} {
		c := session.NewCompany(slug, "Company "+slug, start)
		stored, err := store.PutCompany(ctx, c, session.System.Event(start, session.ActSettings, slug, "", nil))
		if err != nil || stored.Version != 1 {
			t.Fatalf("PutCompany = version %d, %v; want 1", stored.Version, err)
		}
		got, err := store.Company(ctx, slug)
		if err != nil || !reflect.DeepEqual(got, stored) {
			t.Errorf("Company = %+v, %v\nwant %+v", got, err, stored)
		}
		_, err = store.PutCompany(ctx, c, session.Event{})
		wantCode(t, "the same again", err, session.Conflict)
	}
	changed, err := store.Company(ctx, "alpha")
	if err != nil {
		t.Fatal(err)
	}
	changed.Name = "Alpha anew"
	if _, err := store.PutCompany(ctx, changed, session.System.Event(start, session.ActSettings, "alpha", "", nil)); err != nil {
		t.Fatal(err)
	}
	if was, err := store.CompanyVersion(ctx, "alpha", 1); err != nil || was.Name != "Company alpha" || was.Version != 1 {
		t.Errorf("version 1 of alpha = %+v, %v", was, err)
	}
	_, err = store.CompanyVersion(ctx, "alpha", 3)
	wantCode(t, "a version that is not there", err, session.NotFound)
	for _, want := range []struct {
		before, n int
		versions  string
	}{{0, 10, "[2 1]"}, {0, 1, "[2]"}, {2, 10, "[1]"}, {1, 10, "[]"}} {
		versions, err := store.CompanyVersions(ctx, "alpha", want.before, want.n)
		numbers := []int{}
		for _, c := range versions {
			numbers = append(numbers, c.Version)
		}
		if err != nil || fmt.Sprint(numbers) != want.versions {
			t.Errorf("versions of alpha before %d, at most %d = %v, %v; want %s", want.before, want.n, numbers, err, want.versions)
		}
	}
	all, err := store.AllCompanies(ctx)
	if err != nil || len(all) != 2 || all[0].Slug != "alpha" || all[1].Slug != "beta" {
		t.Errorf("AllCompanies = %v, %v", all, err)
	}
	if n := len(eventsOf(t, store)); n != 3 {
		t.Errorf("%d events, want 3: none of the refused changes", n)
	}
}

func listRecord(id string, raw []byte, at time.Time) session.ListRecord {
	sum := sha256.Sum256(raw)
	return session.ListRecord{ListInfo: sanctions.ListInfo{ID: id, Version: at.Format(time.DateOnly), Entries: len(raw), SHA256: hex.EncodeToString(sum[:])},
		Source: "test", LoadedAt: at, Checked: at, By: "system", Raw: len(raw)}
}

func testLists(t *testing.T, store session.Store) {
	ctx := t.Context()
	old, fresh := bytes.Repeat([]byte("<entry>old</entry>"), 50_000), noise(1_500_000)
	loaded := session.System.Event(start, session.ActListLoaded, "", "", nil)
	problems := map[int][]sanctions.Problem{1: {{Line: 7, Entry: "QDi.001", Text: "no name"}, {Offset: 9, Text: "no id"}}, 3: {{Line: 1, Text: "by a newer reader"}}}
	put := func(id string, raw []byte, day int) session.ListRecord {
		t.Helper()
		l := listRecord(id, raw, start.AddDate(0, 0, day))
		if err := store.PutList(ctx, l, raw, problems[day], loaded); err != nil {
			t.Fatal(err)
		}
		return l
	}
	put("un_sc", old, 0)
	un, eu := put("un_sc", fresh, 1), put("eu_fsf", old, 2)
	bad := un
	bad.SHA256 = eu.SHA256
	wantCode(t, "a file with another hash", store.PutList(ctx, bad, fresh, nil), session.Invalid)

	un.Checked = start.AddDate(0, 0, 5)
	if err := store.ConfirmList(ctx, "un_sc", session.ListCheck{At: un.Checked}, loaded); err != nil {
		t.Fatal(err)
	}
	retired := session.Retirement{At: start, By: "member:1", Reason: "the wrong file"}
	if err := store.RetireList(ctx, "eu_fsf", retired, loaded); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "retire again", store.RetireList(ctx, "eu_fsf", retired), session.NotFound)
	if history, err := store.ListHistory(ctx, "eu_fsf"); err != nil || len(history) != 1 || history[0].Retired == nil || *history[0].Retired != retired {
		t.Errorf("the retired list's history is %+v, %v", history, err)
	}
	wantCode(t, "confirm", store.ConfirmList(ctx, "ca_sema", session.ListCheck{At: start}), session.NotFound)
	lists, err := store.ListRecords(ctx)
	if err != nil || !reflect.DeepEqual(lists, []session.ListRecord{un}) {
		t.Errorf("ListRecords = %+v, %v\nwant %+v", lists, err, []session.ListRecord{un})
	}
	if ids, err := store.ListIDs(ctx); err != nil || !slices.Equal(ids, []string{"eu_fsf", "un_sc"}) {
		t.Errorf("ListIDs = %v, %v", ids, err)
	}
	history, err := store.ListHistory(ctx, "un_sc")
	if err != nil || len(history) != 2 || !reflect.DeepEqual(history[0], un) || history[1].Raw != len(old) {
		t.Errorf("ListHistory = %+v, %v", history, err)
	}
	for _, tt := range []struct {
		list string
		l    session.ListRecord
		want []sanctions.Problem
	}{{"un_sc", un, problems[1]}, {"un_sc", history[1], nil}, {"eu_fsf", eu, nil}} {
		v, err := store.ListVersion(ctx, tt.list, tt.l.SHA256)
		if err != nil || v.LoadedAt != tt.l.LoadedAt || !reflect.DeepEqual(v.Found, tt.want) {
			t.Errorf("ListVersion = %+v, %v; want %+v", v, err, tt.want)
		}
	}
	put("un_sc", fresh, 3)
	if v, err := store.ListVersion(ctx, "un_sc", un.SHA256); err != nil || !reflect.DeepEqual(v.Found, problems[3]) {
		t.Errorf("the newest of two versions with the same file: %+v, %v", v, err)
	}
	_, err = store.ListVersion(ctx, "eu_fsf", un.SHA256)
	wantCode(t, "another list's version", err, session.NotFound)
	for _, raw := range [][]byte{old, fresh} {
		got, err := store.RawList(ctx, listRecord("", raw, start).SHA256)
		if err != nil || !bytes.Equal(got, raw) {
			t.Errorf("RawList gives %d bytes, %v; want %d", len(got), err, len(raw))
		}
	}
	_, err = store.RawList(ctx, hex.EncodeToString(make([]byte, 32)))
	wantCode(t, "unknown file", err, session.NotFound)
	if n := len(eventsOf(t, store)); n != 6 {
		t.Errorf("%d events, want 6", n)
	}
}

func testAttempts(t *testing.T, store session.Store) {
	ctx := t.Context()
	put := func(list string, n int) {
		t.Helper()
		a := session.ListAttempt{List: list, At: start.Add(time.Duration(n) * time.Minute), Source: "test", Result: session.AttemptRefused, Reason: fmt.Sprintf("reason %d", n)}
		if err := store.PutAttempt(ctx, a, session.System.Event(start, session.ActListRefused, "", "", nil)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 205 {
		put("un_sc", 2*n)
	}
	put("eu_fsf", 1)
	put("eu_fsf", 405)
	tests := []struct {
		list  string
		n     int
		want  int
		first string
	}{{"un_sc", 2, 2, "reason 408"}, {"un_sc", 1000, 200, "reason 408"}, {"eu_fsf", 9, 2, "reason 405"}, {"", 3, 3, "reason 408"}, {"", 1000, 202, "reason 408"}, {"ca_sema", 9, 0, ""}, {"un_sc", 0, 0, ""}}
	for _, tt := range tests {
		got, err := store.Attempts(ctx, tt.list, tt.n)
		if err != nil || len(got) != tt.want || tt.want > 0 && got[0].Reason != tt.first {
			t.Errorf("the newest %d of %q are %d, %v; want %d, from %s", tt.n, tt.list, len(got), err, tt.want, tt.first)
		}
	}
	if all, err := store.Attempts(ctx, "", 3); err != nil || all[2].Reason != "reason 405" {
		t.Errorf("of every list: %+v, %v", all, err)
	}
}

func testRuns(t *testing.T, store session.Store) {
	ctx := t.Context()
	var runs []session.Run
	for n := range 3 {
		at := start.Add(time.Duration(n) * time.Hour)
		r := session.Run{ID: string(session.NewID(at)), Trigger: "manual", Status: session.RunRunning, StartedAt: at}
		if err := store.PutRun(ctx, r, session.System.Event(at, session.ActRunStarted, "", "", nil)); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	runs[1].Status, runs[1].Screened, runs[1].Excluded = session.RunDone, 7, map[string]int{"no name": 2}
	if err := store.PutRun(ctx, runs[1]); err != nil {
		t.Fatal(err)
	}
	got, err := store.Run(ctx, runs[1].ID)
	if err != nil || !reflect.DeepEqual(got, runs[1]) {
		t.Errorf("Run = %+v, %v\nwant %+v", got, err, runs[1])
	}
	_, err = store.Run(ctx, "nothing")
	wantCode(t, "unknown run", err, session.NotFound)
	newest, err := store.Runs(ctx, 2)
	if err != nil || len(newest) != 2 || newest[0].ID != runs[2].ID || newest[1].ID != runs[1].ID {
		t.Errorf("Runs = %+v, %v; want the newest two", newest, err)
	}
}

func testConfirm(t *testing.T, store session.Store) {
	ctx := t.Context()
	run := func(hour int, stretches ...session.Confirmation) string {
		t.Helper()
		at := start.Add(time.Duration(hour) * time.Hour)
		r := session.Run{ID: string(session.NewID(at)), Trigger: "manual", Status: session.RunRunning, StartedAt: at}
		for n, c := range stretches {
			if c.At.IsZero() {
				c.At = at
			}
			r.Screened, r.Cursor = n+1, c.To
			if err := store.Advance(ctx, r, c); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := store.Run(ctx, r.ID); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("after Advance the run is %+v, %v\nwant %+v", got, err, r)
		}
		return r.ID
	}
	var ids []session.ID
	for n := range 202 {
		ids = append(ids, Example(n).ID)
	}
	id := func(n int) session.ID { return ids[n] }
	first := run(1, session.Confirmation{To: id(100), Except: []session.ID{id(7)}}, session.Confirmation{After: id(100), To: id(200)})
	second := run(2, session.Confirmation{To: id(50), Except: []session.ID{id(9), id(10)}})
	waited := run(0, session.Confirmation{To: id(160), After: id(150), At: start.Add(3 * time.Hour)}) // or was resumed
	tests := []struct {
		id    session.ID
		since int // hours
		want  string
	}{
		{id(155), 0, waited}, {id(155), 2, waited}, {id(155), 3, waited}, {id(155), 4, ""}, {id(150), 0, first}, {id(161), 0, first},
		{id(0), 0, second}, {id(50), 0, second}, {id(51), 0, first}, {id(9), 0, first}, {id(10), 0, first}, {id(7), 0, second},
		{id(100), 0, first}, {id(101), 0, first}, {id(200), 0, first}, {id(201), 0, ""}, {id(150), 2, ""}, {id(9), 2, ""}, {id(50), 2, second}, {"x", 0, ""},
	}
	asOf := map[string]time.Time{first: start.Add(time.Hour), second: start.Add(2 * time.Hour), waited: start.Add(3 * time.Hour)}
	for _, tt := range tests {
		if got, at, err := store.Confirmed(ctx, tt.id, start.Add(time.Duration(tt.since)*time.Hour)); got != tt.want || !at.Equal(asOf[got]) || err != nil {
			t.Errorf("Confirmed(%s) since %d h = %q as of %s, %v; want %q", tt.id, tt.since, got, at, err, tt.want)
		}
	}
	if err := store.PutRun(ctx, session.Run{ID: second, Trigger: "manual", Status: session.RunRunning, StartedAt: start.Add(2 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got, at, err := store.Confirmed(ctx, id(50), start); got != first || !at.Equal(asOf[first]) || err != nil {
		t.Errorf("after a run has begun anew, Confirmed = %q as of %s, %v; want %q", got, at, err, first)
	}
}
