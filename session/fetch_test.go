package session_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dossier/fetch"
	"dossier/session"
)

// A listServer is somebody's publication of a list, as good as the day.
type listServer struct {
	today http.HandlerFunc
	asked int
}

func (s *listServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked++
	s.today(w, r)
}

// TestListFromItsSource through good days and bad ones: the list in force changes only by a sound file,
// and each try is on record.
func TestListFromItsSource(t *testing.T) {
	v2 := listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n"
	good := func(body, etag string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == etag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", etag)
			fmt.Fprint(w, body)
		}
	}
	server := &listServer{}
	flaky := func(w http.ResponseWriter, r *http.Request) {
		if server.asked%2 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		good(v2, `"v2"`)(w, r)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, listV1)
	}
	slow := func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	huge := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, v2, strings.Repeat("#", 1<<20)) }
	page := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>Please log in</body></html>") }
	half := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, listHead+"X-1,person,Vasilon Karmeides,,,,,\n")
	}

	listening := httptest.NewServer(server)
	defer listening.Close()
	client, err := fetch.New(fetch.Options{AllowPrivate: true, FirstWait: time.Millisecond, Tries: 2, MaxBytes: 100_000, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.drain()
	sources := map[string]string{"custom": listening.URL + "/list.csv"}
	d.Service = session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now, Fetcher: client, Sources: sources})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	days := []struct {
		name     string
		today    http.HandlerFunc
		result   session.AttemptResult
		reason   string
		entries  int
		reScreen bool
	}{
		{"the file that was loaded by hand", good(listV1, `"v1"`), session.AttemptSame, "", 4, false},
		{"500, then a new version", flaky, session.AttemptNew, "", 5, true},
		{"not modified", good(v2, `"v2"`), session.AttemptSame, "", 5, false},
		{"truncated", cut, session.AttemptFailed, "broke off", 5, false},
		{"a web page", page, session.AttemptRefused, "web page and no list", 5, false},
		{"huge", huge, session.AttemptFailed, "larger than", 5, false},
		{"slow", slow, session.AttemptFailed, "longer than", 5, false},
		{"half of it", half, session.AttemptRefused, "1 entries where the one in force has 5", 5, false},
		{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, session.AttemptFailed, "410", 5, false},
	}
	for _, day := range days {
		d.pass(8 * time.Hour)
		server.today, server.asked = day.today, 1
		before := d.lastRun().ID
		_, err := d.RefreshList(t.Context(), session.System, "custom")
		if failed := day.result == session.AttemptFailed || day.result == session.AttemptRefused; failed != (err != nil) {
			t.Errorf("%s: %v", day.name, err)
		}
		last, err := d.Attempts(t.Context(), session.System, "custom", 1)
		if err != nil || len(last) != 1 || last[0].Result != day.result || !strings.Contains(last[0].Reason, day.reason) || !last[0].At.Equal(d.now()) || last[0].Source != sources["custom"] {
			t.Errorf("%s: on record is %+v, %v", day.name, last, err)
		}
		if records, _ := d.Lists(session.System); len(records) != 1 || records[0].Entries != day.entries {
			t.Errorf("%s: in force is %+v", day.name, records)
		}
		if d.lastRun().ID != before != day.reScreen {
			t.Errorf("%s: a run was asked for: %v", day.name, !day.reScreen)
		}
	}

	// Confirmed last on the third day: after another 72 hours nobody is clear any more.
	d.drain()
	clear := d.ingest(nobody(t))
	d.pass(73 * time.Hour)
	if _, err := d.Rescreen(t.Context(), session.System, "schedule"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	if now := d.get(clear.ID).Screening; clear.Screening.Status != session.Clear || now.Status != session.NotScreened || !strings.Contains(now.Reason, "last refreshed") {
		t.Errorf("screening was %s and is %s: %s", clear.Screening.Status, now.Status, now.Reason)
	}
	server.today = good(v2, `"v2"`)
	if _, err := d.RefreshList(t.Context(), session.System, "custom"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Rescreen(t.Context(), session.System, "schedule"); err != nil {
		t.Fatal(err)
	}
	d.drain()
	if now := d.get(clear.ID).Screening; now.Status != session.Clear {
		t.Errorf("with the list confirmed the screening is %s: %s", now.Status, now.Reason)
	}

	// A list that was retired is not brought back by the schedule.
	if _, err := d.RetireList(t.Context(), session.System, "custom", "no longer used"); err != nil {
		t.Fatal(err)
	}
	if err := d.RefreshAll(context.Background(), session.System); err != nil {
		t.Fatal(err)
	}
	if records, _ := d.Lists(session.System); len(records) != 0 {
		t.Errorf("the schedule brought a retired list back: %+v", records)
	}
	if _, err := d.RefreshList(t.Context(), session.System, "custom"); err != nil {
		t.Fatal(err)
	}
	if records, _ := d.Lists(session.System); len(records) != 1 {
		t.Errorf("an update by hand did not bring it back")
	}
}

func nobody(t *testing.T) session.Submission {
	return good(t, person("GRETA", "UNRELATED", "1991-01-01", 4))
}

func TestParseSources(t *testing.T) {
	tests := []struct {
		wishes []string
		want   string // of the first list, or part of the error
		bad    bool
	}{
		{[]string{"un_sc"}, session.DefaultSources["un_sc"], false},
		{[]string{" un_sc=https://mirror.example/un.xml?a=b"}, "https://mirror.example/un.xml?a=b", false},
		{[]string{"custom"}, "published nowhere", true},
		{[]string{"unsc"}, "no list", true},
		{[]string{"un_sc=file:///etc/passwd"}, "no http", true},
		{[]string{"un_sc", "un_sc=https://mirror.example/"}, "two sources", true},
	}
	for _, tt := range tests {
		got, err := session.ParseSources(tt.wishes)
		if tt.bad && (err == nil || !strings.Contains(err.Error(), tt.want)) || !tt.bad && (err != nil || got["un_sc"] != tt.want) {
			t.Errorf("%q gives %v, %v; want %q", tt.wishes, got, err, tt.want)
		}
	}
	for id := range session.DefaultSources {
		if _, err := session.ParseSources([]string{id}); err != nil {
			t.Error(err)
		}
	}
}

// TestSourceOfAListLoadedByHand: the first fetch finds the list in force and remembers what to ask with, so
// that the next ones need no file. The same list compressed anew is no new version.
func TestSourceOfAListLoadedByHand(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(listV1)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	whole := 0
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		whole++
		w.Write(packed.Bytes())
	}))
	defer listening.Close()
	client, err := fetch.New(fetch.Options{AllowPrivate: true, Tries: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.drain()
	start := func() {
		d.Service = session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now, Fetcher: client, Sources: map[string]string{"custom": listening.URL + "/list.csv.gz"}})
		if err := d.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	start()
	for i := range 3 {
		d.pass(time.Hour)
		change, err := d.RefreshList(t.Context(), session.System, "custom")
		if err != nil || !change.Same || !change.Record.Checked.Equal(d.now()) || change.Record.Source != "list.csv" {
			t.Errorf("fetch %d: %+v, %v", i, change, err)
		}
		start()
	}
	if history, err := d.ListHistory(t.Context(), session.System, "custom"); whole != 1 || err != nil || len(history) != 1 {
		t.Errorf("the file was sent %d times and made %d versions, %v", whole, len(history), err)
	}
}

// TestRefusedUnknown: of a file that is no list the log says why it was refused, and names no list.
func TestRefusedUnknown(t *testing.T) {
	d := newDesk(t)
	if _, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{Source: "notes.txt", Raw: []byte("nothing that is a list")}); err == nil {
		t.Fatal("a file that is no list was taken")
	}
	events, _, err := d.db.Events(t.Context(), session.EventFilter{Action: session.ActListRefused})
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v; want one", len(events), err)
	}
	if list, named := events[0].Detail["list"]; named || events[0].Detail["reason"] == "" {
		t.Errorf("the event names the list %q: %v", list, events[0].Detail)
	}
}
