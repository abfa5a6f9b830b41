package e2e

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
)

// TestEveryPage holds what is true of all of them: the headers, and nothing inline that the content
// security policy would refuse.
func TestEveryPage(t *testing.T) {
	d := openDesk(t)
	inline := regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, p := range places(t, d) {
		if !strings.HasPrefix(p.route, "GET ") {
			continue
		}
		res, body := d.ask(t, "master", "GET", p.url, nil)
		for header, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; script-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
			if got := res.Header.Get(header); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", p.url, header, got)
			}
		}
		if strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: the policy allows something unsafe", p.url)
		}
		if cache := res.Header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(p.url, "/static/") && !strings.HasPrefix(p.url, "/accent/") {
			t.Errorf("%s: Cache-Control is %q", p.url, cache)
		}
		if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			if bad := inline.FindString(body); bad != "" {
				t.Errorf("%s: inline %q", p.url, bad)
			}
		}
	}
}

// TestPages asks for pages and fragments, and says what must not be there as well.
func TestPages(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "a success with a name of its own", func(s session.Session) bool {
		return s.Status == session.Success && s.Company == demo.Acme && len(s.Person.LastName) > 5
	})
	one, last := "/sessions/"+string(got.ID), got.Person.LastName
	tests := []struct {
		name, who, url string
		htmx           bool
		status         int
		want, reject   []string
	}{
		{"list", "master", "/sessions", false, 200, []string{"<!doctype html>", "Awaiting action", "Export CSV", "Next page"}, nil},
		{"list for an agent", "agent", "/sessions", false, 200, []string{"<!doctype html>"}, []string{"Export CSV", "/activity"}},
		{"search", "master", "/sessions?q=" + url.QueryEscape(last), false, 200, []string{"<!doctype html>", last, "found"}, nil},
		{"search fragment", "master", "/sessions?q=" + url.QueryEscape(last[:3]), true, 200, []string{last}, []string{"<html", "<nav aria-label=\"Main\""}},
		{"typing error", "master", "/sessions?q=" + url.QueryEscape(last[:3]+"x"+last[4:]), true, 200, []string{"one typing error"}, nil},
		{"nothing matches", "master", "/sessions?q=qqqqzzzz", false, 200, []string{"Nothing matches", "Clear search and filters"}, []string{"<table"}},
		{"filters", "master", "/sessions?status=rejected&document=passport&company=" + demo.Orbit, false, 200, []string{"Rejected", `value="rejected" checked`}, []string{"pill good\">Success"}},
		{"unknown status", "master", "/sessions?status=lost", false, 422, []string{"There is no status lost."}, []string{"<table"}},
		{"wrong day", "master", "/sessions?from=yesterday", false, 422, []string{"YYYY-MM-DD", `value="yesterday"`}, nil},
		{"wrong cursor", "master", "/sessions?cursor=%21%21", false, 422, nil, []string{"<table"}},
		{"awaiting", "master", "/awaiting", false, 200, []string{"Awaiting action"}, []string{"pill good\">Success", `name="status"`}},
		{"another company", "acme", "/sessions?company=" + demo.Orbit, false, 200, []string{"Nothing matches"}, []string{"<table"}},
		{"details", "master", one, false, 200, []string{"<!doctype html>", last, "Download PDF"}, nil},
		{"details fragment", "master", one, true, 200, []string{last, `hx-swap-oob="true"`}, []string{"<html"}},
		{"details for an auditor", "auditor", one, false, 200, []string{last, "Download PDF"}, []string{"Add note", "Re-screen", "Legal hold"}},
		{"attempts", "master", one + "/attempts", false, 200, []string{"Attempt 1"}, nil},
		{"audit", "master", one + "/audit", false, 200, []string{"Session created", "Session viewed"}, nil},
		{"no such session", "master", "/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV", false, 404, []string{"There is no such session", "<!doctype html>"}, []string{"Key not found"}},
		{"no id", "master", "/sessions/nope", false, 404, []string{"There is no such session"}, nil},
		{"no such page", "master", "/nothing", false, 404, []string{"There is no such page", "<!doctype html>"}, nil},
		{"error fragment", "master", "/sessions/nope", true, 404, []string{"There is no such session"}, []string{"<html"}},
		{"no such photo", "master", one + "/photos/selfie2", false, 404, []string{"no such photo"}, nil},
		{"no such API route", "", "/api/v1/nothing", false, 404, []string{`"code":"not_found"`, `"status":404`}, []string{"<html"}},
		{"lists", "master", "/sanctions/lists", false, 200, []string{"Own list", "Load a file"}, nil},
		{"lists for an agent", "agent", "/sanctions/lists", false, 200, []string{"Own list"}, []string{"Load a file"}},
		{"no such list", "master", "/sanctions/lists/nothing", false, 404, nil, nil},
		{"alerts", "master", "/sanctions?state=all", false, 200, []string{"Match", "No match", "Open"}, nil},
		{"alerts of nobody", "master", "/sanctions?state=lost", false, 422, nil, nil},
		{"activity", "master", "/activity?action=login", false, 200, []string{"Logged in"}, []string{"Session created</td>"}},
		{"activity of no session", "master", "/activity?session=xyz", false, 422, []string{"26 letters"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var header []string
			if tt.htmx {
				header = []string{"HX-Request", "true"}
			}
			res, body := d.ask(t, tt.who, "GET", tt.url, nil, header...)
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d\n%.600s", res.StatusCode, tt.status, body)
			}
			for _, text := range tt.want {
				if !strings.Contains(body, text) {
					t.Errorf("%q is missing in\n%.3000s", text, body)
				}
			}
			for _, text := range tt.reject {
				if strings.Contains(body, text) {
					t.Errorf("%q is there", text)
				}
			}
		})
	}
}

// TestDetailsInOrder holds the labels of a session, in the order in which reviewers know them.
func TestDetailsInOrder(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "not valid, with MRZ errors", func(s session.Session) bool { return len(s.Document.MRZErrors) > 0 && len(s.Photos) > 0 })
	_, body := d.ask(t, "master", "GET", "/sessions/"+string(got.ID), nil)
	body = text(body)
	at := 0
	for _, label := range []string{"First Name", "Last Name", "Document Number", "Personal Number", "Sex", "Birth Date", "Expiration Date", "Nationality",
		"Verified", "Liveness Passed", "Document valid No", "Face Match Score", "ID Spoof Detection", "Company",
		"Check MRZ errors", "Category: " + got.Document.MRZErrors[0].Category, "Error: " + got.Document.MRZErrors[0].Error, "Findings",
		"Customer Activities", "User Agent", "Device name", "Device type", "Browser", "OS", "Session ID", "Client IP", "Signed and Started", "Finished",
		"Liveness Finished", "Document finished", "Attempts", "Sanctions", "Extra Fields", "Notes"} {
		i := strings.Index(body[at:], label)
		if i < 0 {
			t.Fatalf("%q is missing after\n%s", label, body[max(0, at-300):at])
		}
		at += i
	}
}

var tags, spaces = regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`\s+`)

// text is what a reader sees of a page.
func text(page string) string {
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

// TestUnknownIsNotNo: what nobody measured says so.
func TestUnknownIsNotNo(t *testing.T) {
	d := openDesk(t)
	got, err := d.sessions.Ingest(t.Context(), session.System, session.Intake{Submission: session.Submission{Company: demo.Acme, Person: &session.Person{LastName: "Unmeasured"}}})
	if err != nil {
		t.Fatal(err)
	}
	_, body := d.ask(t, "master", "GET", "/sessions/"+string(got.ID), nil)
	body = text(body)
	for _, want := range []string{"Verified —", "Liveness Passed Not performed", "Document valid Not performed", "Face Match Score Not performed",
		"ID Spoof Detection Not performed Not performed", "Liveness Finished —", "Finished —", "Client IP —"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in %s", want, body)
		}
	}
}

// TestNamesAreText: nothing that an applicant sends becomes a part of the page.
func TestNamesAreText(t *testing.T) {
	d := openDesk(t)
	const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	got, err := d.sessions.Ingest(t.Context(), session.System, session.Intake{Submission: session.Submission{Company: demo.Acme, Reference: evil,
		Person: &session.Person{FirstName: evil, LastName: evil, DocumentNumber: evil}, Activity: &session.Activity{UserAgent: session.UserAgent{Raw: evil, Browser: evil}}}})
	if err != nil {
		t.Fatal(err)
	}
	one := "/sessions/" + string(got.ID)
	for _, target := range []string{one, one + "/audit", one + "/attempts", one + "/edit", "/sessions?q=" + url.QueryEscape(evil), "/sessions"} {
		_, body := d.ask(t, "master", "GET", target, nil)
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
			t.Errorf("%s: what an applicant sent is a part of the page", target)
		}
	}
}

func TestCSV(t *testing.T) {
	d := openDesk(t)
	res, body := d.ask(t, "auditor", "GET", "/sessions/export.csv?status=rejected", nil)
	page, err := d.sessions.Find(t.Context(), session.System, session.Query{Status: []session.Status{session.Rejected}})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Count(strings.TrimSpace(body), "\n")
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/csv") || lines != page.Total {
		t.Errorf("status %d, %s, %d rows; want %d rows", res.StatusCode, res.Header.Get("Content-Type"), lines, page.Total)
	}
	events, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Action: session.ActExport, Limit: 1})
	if err != nil || len(events) != 1 || events[0].Name != "Otto Test" {
		t.Errorf("the export is not in the audit log: %v %v", events, err)
	}
}

func TestPDF(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "with photos", func(s session.Session) bool { return len(s.Photos) > 2 })
	res, body := d.ask(t, "agent", "GET", "/sessions/"+string(got.ID)+"/report.pdf", nil)
	if res.StatusCode != 200 || !strings.HasPrefix(body, "%PDF-") || !strings.Contains(res.Header.Get("Content-Disposition"), string(got.ID)) {
		t.Errorf("status %d, %q, %.20q", res.StatusCode, res.Header.Get("Content-Disposition"), body)
	}
}

func TestPhotos(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "with photos", func(s session.Session) bool { return len(s.Photos) > 0 })
	p := got.Photos[0]
	base := "/sessions/" + string(got.ID) + "/photos/" + p.SHA256
	res, body := d.ask(t, "agent", "GET", base, nil)
	if res.StatusCode != 200 || len(body) != p.Bytes || res.Header.Get("Content-Type") != p.ContentType {
		t.Errorf("original: %d, %d bytes of %s; want %d of %s", res.StatusCode, len(body), res.Header.Get("Content-Type"), p.Bytes, p.ContentType)
	}
	for range 2 { // drawn, then kept
		res, small := d.ask(t, "agent", "GET", base+"?w=150", nil)
		if res.StatusCode != 200 || len(small) == 0 || len(small) >= len(body) || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("small: %d, %d bytes", res.StatusCode, len(small))
		}
	}
	if res, _ := d.ask(t, "agent", "GET", base+"?w=wide", nil); res.StatusCode != 422 {
		t.Errorf("w=wide: %d, want 422", res.StatusCode)
	}
}

// TestHead: what answers GET answers HEAD, without a body.
func TestHead(t *testing.T) {
	d := openDesk(t)
	if res, body := d.ask(t, "agent", "HEAD", "/sessions", nil); res.StatusCode != 200 || body != "" {
		t.Errorf("HEAD /sessions: %d, %d bytes", res.StatusCode, len(body))
	}
}

func versionOf(s session.Session) string { return strconv.Itoa(s.Version) }
