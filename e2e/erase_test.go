package e2e

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// TestEarlyErasure erases a session on its page before its date: the page of erasures says who did it, and
// comes to say that nothing of it is left in the files.
func TestEarlyErasure(t *testing.T) {
	d := demoDesk(t, nil, server.Options{})
	company, err := d.sessions.Company(t.Context(), session.System, demo.Acme)
	if err != nil {
		t.Fatal(err)
	}
	company.Settings.EarlyErasure = true
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, company, "for a test"); err != nil {
		t.Fatal(err)
	}
	got := d.find(t, "of Acme, not on hold", func(s session.Session) bool { return s.Company == demo.Acme && !s.Retention.Hold })
	target := "/sessions/" + string(got.ID)
	if status, to, body := d.post(t, "master", target+"/erase", url.Values{"reason": {"request"}}); status != http.StatusSeeOther || to != "/sessions?done=erased" {
		t.Fatalf("erasing it: %d %s %s", status, to, body)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, body := d.ask(t, "master", "GET", "/settings/erasure", nil, "HX-Request", "true")
		if res.StatusCode == 286 && strings.Contains(body, "Nothing left") && strings.Contains(body, "Mira Test") {
			return
		}
		if time.Now().After(end) || res.StatusCode != http.StatusOK && res.StatusCode != 286 {
			t.Fatalf("the page of erasures: %d %s", res.StatusCode, body)
		}
	}
}

// TestDelete holds DELETE: refused before the date, and on it gone from everything that can be asked.
func TestDelete(t *testing.T) {
	d := demoDesk(t, nil, server.Options{})
	_, key, err := d.staff.AddKey(t.Context(), staff.Operator, staff.Key{Company: demo.Acme, Name: "test", Write: true})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string) (int, string) {
		t.Helper()
		req := httptest.NewRequest(method, "/api/v1"+path, nil)
		req.Header.Set("Authorization", "Bearer "+key)
		res, err := d.web.Test(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var body bytes.Buffer
		body.ReadFrom(res.Body)
		return res.StatusCode, body.String()
	}
	got := d.find(t, "decided, with photos", func(s session.Session) bool {
		return s.Company == demo.Acme && s.Status == session.Success && len(s.Photos) > 0 && time.Since(s.DecidedAt) > 48*time.Hour
	})
	foreign := d.find(t, "Orbit's", func(s session.Session) bool { return s.Company == demo.Orbit })
	path := "/sessions/" + string(got.ID)
	if status, body := ask("DELETE", path); status != http.StatusConflict || !strings.Contains(body, "record_days") || !strings.Contains(body, "kept until") {
		t.Errorf("before its date: %d %s", status, body)
	}
	if status, _ := ask("DELETE", "/sessions/"+string(foreign.ID)); status != http.StatusNotFound {
		t.Errorf("another company's: %d", status)
	}
	company, err := d.sessions.Company(t.Context(), session.System, demo.Acme)
	if err != nil {
		t.Fatal(err)
	}
	company.Settings.RecordDays = 1
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, company, "shorter, for a test"); err != nil {
		t.Fatal(err)
	}
	if status, body := ask("DELETE", path); status != http.StatusNoContent || body != "" {
		t.Fatalf("on its date: %d %s", status, body)
	}
	for _, rest := range []string{"", "/report.pdf", "/audit", "/photos/" + got.Photos[0].SHA256} {
		if status, _ := ask("GET", path+rest); status != http.StatusNotFound {
			t.Errorf("GET %s afterwards: %d", rest, status)
		}
	}
	if status, _ := ask("DELETE", path); status != http.StatusNotFound {
		t.Errorf("twice: %d", status)
	}
	if _, body := ask("GET", "/sessions?q="+string(got.ID)); !strings.Contains(body, `"total":0`) {
		t.Errorf("a search still finds it: %s", body)
	}
	if res, body := d.ask(t, "boss", "GET", "/settings/erasure", nil); res.StatusCode != 200 && res.StatusCode != 303 || strings.Contains(body, string(got.ID)) {
		t.Errorf("the page of what is due: %d", res.StatusCode)
	}
}
