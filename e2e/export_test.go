package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dossier/session"
	"dossier/staff"
)

func TestSavedFiltersAndColumns(t *testing.T) {
	d := openDesk(t)
	const in = "?list=sessions&status=rejected&document=passport"
	if status, to, _ := d.post(t, "auditor", "/sessions/filters"+in, url.Values{"name": {"Bad passports"}}); status != 303 || !strings.HasPrefix(to, "/sessions?") {
		t.Fatalf("saved: %d to %s", status, to)
	}
	_, page := d.ask(t, "auditor", "GET", "/sessions", nil)
	if !strings.Contains(page, `<a href="/sessions?document=passport&amp;status=rejected">Bad passports</a>`) {
		t.Error("the saved filter is not there")
	}
	if _, page := d.ask(t, "agent", "GET", "/sessions", nil); strings.Contains(page, "Bad passports") {
		t.Error("somebody else sees it")
	}
	if status, _, body := d.post(t, "auditor", "/sessions/filters"+in, url.Values{"name": {" "}}); status != 422 || !strings.Contains(body, "Give a name") || !strings.Contains(body, "Rejected") {
		t.Errorf("without a name: %d", status)
	}
	d.post(t, "auditor", "/sessions/filters/delete"+in, url.Values{"name": {"Bad passports"}})
	if _, page := d.ask(t, "auditor", "GET", "/sessions", nil); strings.Contains(page, "Bad passports") {
		t.Error("the filter is still there")
	}

	d.post(t, "auditor", "/sessions/columns"+in, url.Values{"column": {"client_ip", "status", "nonsense"}})
	heads := func() string {
		_, page := d.ask(t, "auditor", "GET", "/sessions", nil)
		return text(page[strings.Index(page, "<thead>"):strings.Index(page, "</thead>")])
	}
	if got := strings.TrimSpace(heads()); got != "Name Status Client IP More" {
		t.Errorf("the columns are %q", got)
	}
	d.post(t, "auditor", "/sessions/columns"+in, url.Values{"usual": {"yes"}})
	if got := strings.TrimSpace(heads()); got != "Name Document number Personal number Type Nationality Status Screening Started Company More" {
		t.Errorf("the usual columns are %q", got)
	}
}

func TestExportInTheBackground(t *testing.T) {
	d := openDesk(t)
	if status, to, _ := d.post(t, "auditor", "/exports?status=rejected", url.Values{}); status != 303 || to != "/exports" {
		t.Fatalf("started: %d to %s", status, to)
	}
	file := regexp.MustCompile(`/exports/\w+/export\.csv`)
	link := ""
	for end := time.Now().Add(patience); link == "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		_, page := d.ask(t, "auditor", "GET", "/exports", nil)
		link = file.FindString(page)
	}
	res, body := d.ask(t, "auditor", "GET", link, nil)
	page, err := d.sessions.Find(t.Context(), session.System, session.Query{Status: []session.Status{session.Rejected}})
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(strings.TrimSpace(body), "\n"); res.StatusCode != 200 || rows != page.Total || res.ContentLength != int64(len(body)) {
		t.Errorf("the file: %d, %d rows of %d, length %d of %d", res.StatusCode, rows, page.Total, res.ContentLength, len(body))
	}
	sum := sha256.Sum256([]byte(body))
	if _, page := d.ask(t, "auditor", "GET", "/exports", nil); !strings.Contains(page, hex.EncodeToString(sum[:])) {
		t.Error("the page does not have the file's SHA-256")
	}
	if res, _ := d.ask(t, "auditor", "GET", "/exports", nil, "HX-Request", "true"); res.StatusCode != 286 {
		t.Errorf("polling goes on with %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "master", "GET", link, nil); res.StatusCode != 404 {
		t.Errorf("somebody else gets %d", res.StatusCode)
	}
	if status, _, _ := d.post(t, "auditor", strings.TrimSuffix(link, "export.csv")+"delete", url.Values{}); status != 303 {
		t.Errorf("deleted: %d", status)
	}
	if res, _ := d.ask(t, "auditor", "GET", link, nil); res.StatusCode != 404 {
		t.Errorf("after that: %d", res.StatusCode)
	}
}

// TestExportWithoutPersonalColumns: who may not take them out does not get them, whichever way.
func TestExportWithoutPersonalColumns(t *testing.T) {
	d := openDesk(t)
	_, err := d.staff.AddMember(t.Context(), staff.Member{Name: "Ines Test", Email: "ines@test.example", Role: staff.Auditor, Everyone: true, Impersonal: true}, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, d.tokens["ines"], err = d.staff.LogIn(t.Context(), "ines@test.example", password, staff.Browser{IP: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	_, whole := d.ask(t, "auditor", "GET", "/sessions/export.csv?status=rejected", nil)
	_, bare := d.ask(t, "ines", "GET", "/sessions/export.csv?status=rejected", nil)
	if !strings.Contains(whole, "First name") || strings.Contains(bare, "First name") || strings.Count(whole, "\n") != strings.Count(bare, "\n") {
		t.Errorf("with and without the personal columns:\n%.200s\n%.200s", whole, bare)
	}
	d.post(t, "ines", "/exports?status=rejected", url.Values{"personal": {"yes"}})
	if _, page := d.ask(t, "ines", "GET", "/exports", nil); !strings.Contains(page, "Without personal columns") {
		t.Error("an export in the background has them")
	}
}
