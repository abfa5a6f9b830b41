package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"dossier/session"
	"dossier/staff"
)

func TestClientIP(t *testing.T) {
	tests := []struct {
		name, trusted, remote, forwarded, want string
	}{
		{"no proxy", "", "203.0.113.9", "198.51.100.1", "203.0.113.9"},
		{"a proxy", "10.0.0.0/8", "10.1.2.3", "198.51.100.1", "198.51.100.1"},
		{"what the client made up", "10.0.0.0/8", "10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"},
		{"made up, with the proxy's own line after it", "10.0.0.0/8", "10.1.2.3", "1.1.1.1\n198.51.100.1", "198.51.100.1"},
		{"two proxies", "10.0.0.0/8", "10.1.2.3", "198.51.100.1, 10.9.9.9", "198.51.100.1"},
		{"only proxies", "10.0.0.0/8", "10.1.2.3", "10.9.9.9", "10.9.9.9"},
		{"no header", "10.0.0.0/8", "10.1.2.3", "", "10.1.2.3"},
		{"no address", "10.0.0.0/8", "10.1.2.3", "unknown", "10.1.2.3"},
		{"one address", "10.1.2.3", "10.1.2.3", "2001:db8::1", "2001:db8::1"},
		{"another address", "10.1.2.4", "10.1.2.3", "198.51.100.1", "10.1.2.3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{}
			if tt.trusted != "" {
				var err error
				if s.proxies, err = prefixes([]string{tt.trusted}); err != nil {
					t.Fatal(err)
				}
			}
			app := fiber.New()
			var raw fasthttp.RequestCtx
			raw.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.ParseIP(tt.remote), Port: 1}, nil)
			c := app.AcquireCtx(&raw)
			defer app.ReleaseCtx(c)
			for line := range strings.SplitSeq(tt.forwarded, "\n") {
				c.Request().Header.Add("X-Forwarded-For", line)
			}
			if got := s.clientIP(c); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	if _, err := prefixes([]string{"proxy.example"}); err == nil {
		t.Error("a name is taken for an address")
	}
}

func TestWithin(t *testing.T) {
	s := &Server{base: "/kyc"}
	for next, want := range map[string]string{"/kyc/awaiting?q=a": "/kyc/awaiting?q=a", "/awaiting": "/kyc/sessions", "//evil.example/kyc/": "/kyc/sessions",
		"/kyc/\r\nSet-Cookie: a=b": "/kyc/sessions", "javascript:alert(1)": "/kyc/sessions", "": "/kyc/sessions"} {
		if got := s.within(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestProblemOf(t *testing.T) {
	tests := []struct {
		err    error
		status int
		code   session.Code
		detail string
	}{
		{&session.Error{Code: session.NoSpace, Message: "The disk is full.", Op: "kv.Commit", Err: errors.New("secret path")}, 507, session.NoSpace, "The disk is full."},
		{&session.Error{Code: session.Conflict, Message: "Changed."}, 409, session.Conflict, "Changed."},
		{errors.New("badger: secret"), 500, session.Internal, "Something went wrong on our side. It has been logged."},
		{staff.ErrThrottled, 429, session.TooMany, "Too many attempts. Try again in 60 seconds."},
		{staff.ErrRefused, 401, session.Unauthorized, "Log in, or send a key that is valid."},
		{&staff.ProblemError{Fields: map[string]string{"email": "Wrong."}}, 422, session.Invalid, "email: Wrong."},
		{fiber.ErrNotFound, 404, session.NotFound, "There is no such page."},
		{fiber.ErrRequestEntityTooLarge, 413, session.TooLarge, "What you sent is too large."},
		{fiber.NewError(502, "secret upstream"), 502, session.Internal, "Something went wrong on our side. It has been logged."},
	}
	for _, tt := range tests {
		p := problemOf(tt.err)
		if p.Status != tt.status || p.Code != tt.code || p.Detail != tt.detail {
			t.Errorf("%v: %d %s %q", tt.err, p.Status, p.Code, p.Detail)
		}
	}
}

func TestContrast(t *testing.T) {
	for _, text := range []string{"#2457c5", "#000000", "#ffffff", "#ffff00", "#777777", "#00ff7f", "#123456"} {
		c, ok := parseColour(text)
		if !ok {
			t.Fatalf("%s is no colour", text)
		}
		for _, grounds := range [][]colour{lightGrounds, darkGrounds} {
			accent := c.readableOn(grounds)
			for _, ground := range grounds {
				if got := min(contrast(accent, ground), contrast(accent, ground.mixed(accent, 0.12))); got < minContrast {
					t.Errorf("%s (from %s) on %s has a contrast of %.2f", accent, text, ground, got)
				}
			}
			ink, _ := parseColour(accent.ink())
			if got := contrast(ink, accent); got < minContrast {
				t.Errorf("text on %s (from %s) has a contrast of %.2f", accent, text, got)
			}
		}
	}
	for _, text := range []string{"", "red", "#12345", "#12345g", "123456#"} {
		if _, ok := parseColour(text); ok {
			t.Errorf("%q is taken for a colour", text)
		}
	}
}

// TestPanic: a handler that panics is a 500 for one visitor, with nothing of ours in it.
func TestPanic(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.app = fiber.New(fiber.Config{ErrorHandler: s.fail})
	s.app.Use(s.around)
	s.app.Get("/", func(*fiber.Ctx) error { panic("secret") })
	res, err := s.app.Test(httptest.NewRequest(http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 500 || strings.Contains(string(body), "secret") || !strings.Contains(string(body), "urn:uuid:") {
		t.Errorf("%d\n%s", res.StatusCode, body)
	}
}
