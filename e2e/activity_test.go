package e2e

import (
	"encoding/csv"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dossier/session"
	"dossier/staff"
)

// TestActivityExport has every event that the filters choose, in the order of the page, and is noted.
func TestActivityExport(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "decided", func(s session.Session) bool { return s.Status == session.Rejected && s.Company == "acme" })
	want, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Session: got.ID, Limit: 1000})
	if err != nil || len(want) == 0 {
		t.Fatal(want, err)
	}
	res, body := d.ask(t, "auditor", "GET", "/activity/export.csv?session="+string(got.ID), nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if err != nil || res.StatusCode != 200 || len(rows) != len(want)+1 {
		t.Fatalf("%d with %d rows, want %d: %v", res.StatusCode, len(rows), len(want)+1, err)
	}
	for i, e := range want {
		if row := rows[i+1]; row[3] != e.Action || row[10] != e.Hash || row[8] != string(got.ID) {
			t.Errorf("row %d is %v, want %s %s", i+1, row, e.Action, e.Hash)
		}
	}
	last, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Action: session.ActExport, Limit: 1})
	if err != nil || last[0].Name != "Otto Test" || last[0].Detail["what"] != "activity" || last[0].Detail["filters"] != "session" {
		t.Errorf("the export is noted as %+v, %v", last, err)
	}
	if res, body := d.ask(t, "boss", "GET", "/activity/export.csv", nil); res.StatusCode != 200 || strings.Contains(body, ",orbit,") {
		t.Errorf("a member of Acme takes out what is Orbit's: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "boss", "GET", "/activity/export.csv?company=orbit", nil); res.StatusCode != 404 {
		t.Errorf("a member of Acme asks for Orbit's: %d, want 404", res.StatusCode)
	}
}

// TestActivityPages walks to the beginning of the log and meets every event once.
func TestActivityPages(t *testing.T) {
	d := openDesk(t)
	if _, err := d.sessions.VerifyAudit(t.Context(), session.System); err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`title="Hash [0-9a-f]{64}">(\d+)<`)
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	seen := map[string]bool{}
	for target := "/activity?action=" + session.ActCreated; target != ""; {
		_, body := d.ask(t, "master", "GET", target, nil)
		for _, m := range number.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Fatalf("event %s is on two pages", m[1])
			}
			seen[m[1]] = true
		}
		target = ""
		if m := next.FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	n := 0
	for _, err := range d.sessions.EachActivity(t.Context(), session.System, session.EventFilter{Action: session.ActCreated}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if len(seen) < n-5 || n < 60 { // other tests may add some meanwhile
		t.Errorf("the pages have %d events, the log %d", len(seen), n)
	}
}

func TestActivityRefuses(t *testing.T) {
	d := openDesk(t)
	for query, want := range map[string]string{"session=nonsense": "26 letters and digits", "from=yesterday": "aria-describedby=\"p-from\"", "before=x": "no event number"} {
		if res, body := d.ask(t, "auditor", "GET", "/activity?"+query, nil); res.StatusCode != 422 || !strings.Contains(body, want) {
			t.Errorf("%s: %d, or %q is missing", query, res.StatusCode, want)
		}
	}
	if res, _ := d.ask(t, "auditor", "GET", "/activity/export.csv?from=yesterday", nil); res.StatusCode != 422 {
		t.Errorf("an export of yesterday: %d", res.StatusCode)
	}
	if _, body := d.ask(t, "auditor", "GET", "/activity?from=2001-01-01&to=2001-01-02", nil); !strings.Contains(body, "Nothing matches") {
		t.Error("an empty answer does not say what to do")
	}
}

// TestVerifyIsNoted: that the chain was looked at is an event itself.
func TestVerifyIsNoted(t *testing.T) {
	d := openDesk(t)
	if res, body := d.send(t, "auditor", "/activity/verify"); res.StatusCode != 200 || !strings.Contains(body, "The chain is whole") {
		t.Errorf("verify: %d", res.StatusCode)
	}
	last, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Action: session.ActAuditChecked, Limit: 1})
	if err != nil || len(last) != 1 || last[0].Detail["outcome"] != "whole" {
		t.Errorf("noted as %v, %v", last, err)
	}
}

// TestSearchOverTheAPIIsNoted with the names of its filters and nothing that was looked for.
func TestSearchOverTheAPIIsNoted(t *testing.T) {
	d := openDesk(t)
	k, key, err := d.staff.AddKey(t.Context(), staff.Operator, staff.Key{Company: "acme", Name: "reader"})
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := d.ask(t, "", "GET", "/api/v1/sessions?q=Secretname&status=success", nil, "Authorization", "Bearer "+key); res.StatusCode != 200 {
		t.Fatalf("the search: %d", res.StatusCode)
	}
	events, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Actor: "key:" + k.ID})
	if err != nil || len(events) != 1 || events[0].Company != "acme" || len(events[0].Detail) != 1 || events[0].Detail["filters"] != "q status" {
		t.Errorf("noted as %+v, %v", events, err)
	}
}

// TestWrongMethod is a 405 that says which methods there are; what is nowhere stays a 404.
func TestWrongMethod(t *testing.T) {
	d := openDesk(t)
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"DELETE", "/login", 405, "GET, HEAD, POST"},
		{"PUT", "/activity/verify", 405, "POST"},
		{"POST", "/activity", 405, "GET, HEAD"},
		{"DELETE", "/api/v1/sessions", 405, "GET, POST"},
		{"POST", "/nowhere", 404, ""},
		{"POST", "/api/v1/nowhere", 404, ""},
	} {
		res, _ := d.ask(t, "master", tt.method, tt.path, url.Values{})
		if res.StatusCode != tt.status || res.Header.Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d with Allow %q, want %d with %q", tt.method, tt.path, res.StatusCode, res.Header.Get("Allow"), tt.status, tt.allow)
		}
	}
}
