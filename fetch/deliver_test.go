package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

func TestDeliver(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		status  int
		body    string
	}{
		{"taken", func(w http.ResponseWriter, r *http.Request) {
			got, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("Dossier-Event"), got)
		}, 200, "PUT session.finished {}"},
		{"refused", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusBadRequest) }, 400, "no\n"},
		{"a redirect is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, 307, ""},
		{"a long answer is cut", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 5000)) }, 200, strings.Repeat("x", 1024)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.handler)
			defer server.Close()
			got, err := NewSender(true).Deliver(t.Context(), session.HookRequest{URL: server.URL, Method: "PUT", Body: []byte("{}"),
				Header: map[string]string{"Dossier-Event": "session.finished"}})
			if err != nil || got.Status != test.status || got.Body != test.body {
				t.Errorf("Deliver = %d %q, %v; want %d %q", got.Status, got.Body, err, test.status, test.body)
			}
		})
	}
}

func TestDeliverRefuses(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for _, address := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://10.1.2.3"} {
		if _, err := NewSender(false).Deliver(t.Context(), session.HookRequest{URL: address, Method: "POST"}); err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v; want that it is in a private network", address, err)
		}
	}
	if reached {
		t.Error("a request got through")
	}

	untrusted := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer untrusted.Close()
	if _, err := NewSender(true).Deliver(t.Context(), session.HookRequest{URL: untrusted.URL, Method: "POST"}); err == nil || !strings.Contains(err.Error(), "certificate") || reached {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}

	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := NewSender(true).Deliver(soon, session.HookRequest{URL: silent.URL, Method: "POST"}); err == nil {
		t.Error("a receiver that never answers was waited for")
	}
}
