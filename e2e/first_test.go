package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dossier/server"
)

// emptyDesk is an appliance that nobody has set up.
func emptyDesk(t *testing.T, o server.Options) *desk {
	t.Helper()
	d, err := newDesk(false, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func cookieOf(t *testing.T, res *http.Response) string {
	t.Helper()
	for _, c := range res.Cookies() {
		if c.Name == cookieName {
			if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("the cookie lets too much through: %+v", c)
			}
			return c.Value
		}
	}
	t.Fatal("no cookie was set")
	return ""
}

// TestSetup makes the first company and master with the one-time token, once.
func TestSetup(t *testing.T) {
	d := emptyDesk(t, server.Options{})
	if _, body := d.ask(t, "", "GET", "/login", nil); !strings.Contains(body, "not set up yet") {
		t.Error("the log-in does not say that there is nobody")
	}
	if res, body := d.ask(t, "", "GET", "/setup?token=guess", nil); res.StatusCode != 404 || !strings.Contains(body, "not valid any more") {
		t.Errorf("a guessed token: %d", res.StatusCode)
	}
	token, err := d.staff.BeginSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"token": {token}, "company": {"First Bank"}, "slug": {"First Bank"}, "name": {"Mona Example"}, "email": {"mona@example.com"},
		"password": {"a good long password"}, "password2": {"another one"}}
	res, body := d.ask(t, "", "POST", "/setup", form)
	for _, want := range []string{"The two passwords differ.", "a-z, 0-9 and -", `value="Mona Example"`, `value="First Bank"`} {
		if res.StatusCode != 422 || !strings.Contains(body, want) {
			t.Errorf("a form with problems: %d, %q is missing", res.StatusCode, want)
		}
	}
	if strings.Contains(body, "a good long password") {
		t.Error("the password comes back in the form")
	}
	form.Set("slug", "first-bank")
	form.Set("password", "short")
	form.Set("password2", "short")
	if res, body := d.ask(t, "", "POST", "/setup", form); res.StatusCode != 422 || !strings.Contains(body, "at least 12 characters") {
		t.Errorf("a short password: %d", res.StatusCode)
	}
	form.Set("password", "a good long password")
	form.Set("password2", "a good long password")
	res, _ = d.ask(t, "", "POST", "/setup", form)
	if res.StatusCode != 303 || res.Header.Get("Location") != "/sessions?done=setup" {
		t.Fatalf("the set-up: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	d.tokens["mona"] = cookieOf(t, res)
	_, body = d.ask(t, "mona", "GET", "/sessions?done=setup", nil)
	for _, want := range []string{"Mona Example", "No sessions yet", "dossier key add --company first-bank"} {
		if !strings.Contains(body, want) {
			t.Errorf("after the set-up: %q is missing", want)
		}
	}
	if res, _ := d.ask(t, "", "POST", "/setup", form); res.StatusCode != 404 {
		t.Errorf("the same token again: %d, want 404", res.StatusCode)
	}
	if _, err := d.staff.BeginSetup(t.Context()); err == nil {
		t.Error("a second set-up begins although there is a master")
	}
}

func TestLogIn(t *testing.T) {
	d := openDesk(t)
	form := url.Values{"email": {"agent@test.example"}, "password": {"wrong"}, "next": {"/awaiting?q=x"}}
	res, body := d.ask(t, "", "POST", "/login", form)
	if res.StatusCode != 422 || !strings.Contains(body, `value="agent@test.example"`) || !strings.Contains(body, `value="/awaiting?q=x"`) || strings.Contains(body, `value="wrong"`) {
		t.Errorf("a wrong password: %d\n%.400s", res.StatusCode, body)
	}
	form.Set("password", password)
	for next, want := range map[string]string{"/awaiting?q=x": "/awaiting?q=x", "//evil.example": "/sessions", "https://evil.example/": "/sessions", `/\evil.example`: "/sessions", "": "/sessions"} {
		form.Set("next", next)
		res, _ := d.ask(t, "", "POST", "/login", form)
		if res.StatusCode != 303 || res.Header.Get("Location") != want {
			t.Errorf("next=%q: %d to %q, want %q", next, res.StatusCode, res.Header.Get("Location"), want)
		}
		cookieOf(t, res)
	}
	if res, _ := d.ask(t, "", "POST", "/login", form, "Origin", "https://evil.example"); res.StatusCode != 403 {
		t.Errorf("from another site: %d, want 403", res.StatusCode)
	}
	if res, _ := d.ask(t, "", "GET", "/sessions?q=silva", nil); res.Header.Get("Location") != "/login?next="+url.QueryEscape("/sessions?q=silva") {
		t.Errorf("logged out: to %q", res.Header.Get("Location"))
	}
	res, _ = d.ask(t, "", "GET", "/sessions?q=silva", nil, "HX-Request", "true")
	if res.StatusCode != 401 || res.Header.Get("HX-Redirect") != "/login" {
		t.Errorf("logged out, for htmx: %d, HX-Redirect %q", res.StatusCode, res.Header.Get("HX-Redirect"))
	}
}

// TestThrottle: guessing at one account is slowed down.
func TestThrottle(t *testing.T) {
	d := emptyDesk(t, server.Options{})
	form := url.Values{"email": {"nobody@example.com"}, "password": {"guess"}}
	for range 6 {
		d.ask(t, "", "POST", "/login", form)
	}
	res, body := d.ask(t, "", "POST", "/login", form)
	if res.StatusCode != 429 || !strings.Contains(body, "Too many attempts") {
		t.Errorf("the seventh guess: %d, want 429", res.StatusCode)
	}
}

// TestBasePath: behind a proxy that serves it under a path, every address has it.
func TestBasePath(t *testing.T) {
	d := emptyDesk(t, server.Options{BaseURL: "https://id.example.com/kyc/"})
	res, body := d.ask(t, "", "GET", "/kyc/login", nil)
	if res.StatusCode != 200 || strings.Contains(body, `="/static`) || strings.Contains(body, `="/login`) || !strings.Contains(body, `action="/kyc/login"`) {
		t.Errorf("the log-in: %d\n%.600s", res.StatusCode, body)
	}
	if res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("https without Strict-Transport-Security")
	}
	if res, _ := d.ask(t, "", "GET", "/kyc/sessions", nil); !strings.HasPrefix(res.Header.Get("Location"), "/kyc/login?next=") {
		t.Errorf("logged out: to %q", res.Header.Get("Location"))
	}
	if res, _ := d.ask(t, "", "GET", "/login", nil); res.StatusCode != 404 {
		t.Errorf("without the path: %d, want 404", res.StatusCode)
	}
	if _, err := server.New(server.Options{BaseURL: "id.example.com"}); err == nil {
		t.Error("a base URL without a scheme is taken")
	}
}
