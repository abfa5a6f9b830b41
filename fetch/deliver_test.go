package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
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

// TestUndelivered: people read why a receiver was not reached, without words of the network library; the
// log has those, and neither has the address, which may hold a token.
func TestUndelivered(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer broken.Close()
	expired := &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}
	other := &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a"}}
	deliver := func(address string) error {
		_, err := NewSender(true).Deliver(t.Context(), session.HookRequest{URL: address + "/in?token=secret", Method: "POST"})
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"nothing listens", deliver(closed.URL), "The receiver refused the connection: nothing listens at this address."},
		{"no answer", deliver(broken.URL), "The receiver broke the connection off without an answer."},
		{"no TLS", deliver(strings.Replace(plain.URL, "http:", "https:", 1)), "The receiver does not speak HTTPS at this address."},
		{"a stranger's certificate", deliver(secure.URL), "The receiver's certificate is not trusted: nobody whom this machine knows vouches for it."},
		{"an old certificate", undelivered(expired), "The receiver's certificate has expired, or is not valid yet."},
		{"another's certificate", undelivered(other), "The receiver's certificate is for another name."},
		{"no such host", undelivered(&net.DNSError{Name: "hook.invalid", IsNotFound: true}), "There is no host named hook.invalid."},
		{"no name server", undelivered(&net.DNSError{Name: "hook.example", IsTimeout: true}), "The address of hook.example could not be looked up: the name server did not answer."},
		{"too slow", undelivered(&url.Error{Op: "Post", URL: "http://h/?token=secret", Err: context.DeadlineExceeded}), "The receiver did not answer within 15 seconds."},
		{"no way", undelivered(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}), "No way leads from this machine to the receiver: its network cannot be reached."},
		{"a private address", undelivered(fmt.Errorf("dial: %w", errPrivate)), "The address is in a private network, and webhooks may not reach those here."},
		{"anything else", undelivered(errors.New("odd")), "The message could not be sent. The log says more."},
	} {
		if got := session.MessageOf(tt.err); got != tt.want || strings.Contains(tt.err.Error(), "secret") {
			t.Errorf("%s: %q, want %q; in the log: %v", tt.name, got, tt.want, tt.err)
		}
	}
}
