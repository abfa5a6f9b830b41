package fetch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// quick is a client that may reach the test's own servers and does not wait long.
func quick(t *testing.T, o Options) *Client {
	t.Helper()
	o.AllowPrivate, o.FirstWait, o.Tries = true, time.Millisecond, 3
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFetch(t *testing.T) {
	tests := []struct {
		name    string
		handler func(try int, w http.ResponseWriter, r *http.Request)
		options Options
		body    string
		same    bool
		err     string // part of the error; "" is success
		tries   int
	}{
		{"a file", func(_ int, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "list") }, Options{}, "list", false, "", 1},
		{"not changed", func(_ int, w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
				w.WriteHeader(http.StatusNotModified)
			}
		}, Options{}, "", true, "", 1},
		{"500, then good", func(try int, w http.ResponseWriter, _ *http.Request) {
			if try < 3 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			fmt.Fprint(w, "list")
		}, Options{}, "list", false, "", 3},
		{"500 for good", func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, Options{}, "", false, "500 Internal Server Error, after 3 tries", 3},
		{"gone", func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, Options{}, "", false, "404", 1},
		{"cut off", func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "half")
		}, Options{}, "", false, "broke off after 4 bytes", 3},
		{"cut off, then whole", func(try int, w http.ResponseWriter, _ *http.Request) {
			if try == 1 {
				w.Header().Set("Content-Length", "1000")
			}
			fmt.Fprint(w, "list")
		}, Options{}, "list", false, "", 2},
		{"says that it is huge", func(_ int, w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999") }, Options{MaxBytes: 1 << 20}, "", false, "at most 1", 1},
		{"is huge", func(_ int, w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				fmt.Fprint(w, strings.Repeat("x", 1000))
				w.(http.Flusher).Flush()
			}
		}, Options{MaxBytes: 5000}, "", false, "larger than", 1},
		{"slow", func(_ int, w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, Options{Timeout: 300 * time.Millisecond}, "", false, "deadline", 1},
		{"round and round", func(_ int, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, Options{}, "", false, "redirects", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tries := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tries++
				tt.handler(tries, w, r)
			}))
			defer server.Close()
			got, err := quick(t, tt.options).Fetch(t.Context(), server.URL+"/list.xml", `"v1"`, "Mon, 02 Jan 2026 00:00:00 GMT")
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Fatalf("error is %v, want one with %q", err, tt.err)
			}
			if string(got.Body) != tt.body || got.Same != tt.same {
				t.Errorf("got %q, same %v", got.Body, got.Same)
			}
			if tt.tries > 0 && tries != tt.tries {
				t.Errorf("%d tries, want %d", tries, tt.tries)
			}
		})
	}
}

func TestPrivateAddressesAreNotReached(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	c, err := New(Options{FirstWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{server.URL, "http://169.254.169.254/latest/meta-data", "http://[::1]:80/", "http://[::ffff:10.0.0.1]/", "http://100.64.1.1/", "http://0.0.0.0/", "http://localhost/",
		"http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/", "http://0.1.2.3/", "http://[fe80::1]/", "http://[fd00::1]/"} {
		if _, err := c.Fetch(t.Context(), address, "", ""); err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if reached {
		t.Error("a private address was reached")
	}
	for _, address := range []string{"file:///etc/passwd", "ftp://example.com/x", "list.xml", "http://", "::"} {
		if _, err := c.Fetch(t.Context(), address, "", ""); err == nil || !strings.Contains(err.Error(), "no http or https address") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestARedirectDoesNotLeadToAPrivateAddress(t *testing.T) {
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") }))
	defer private.Close()
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		http.Redirect(w, r, private.URL, http.StatusFound)
	}))
	defer proxy.Close()
	c, err := New(Options{FirstWait: time.Millisecond, Proxy: proxy.URL})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Fetch(t.Context(), "http://lists.example/x", "", "")
	if err == nil || !strings.Contains(err.Error(), "private network") || asked != "http://lists.example/x" {
		t.Errorf("fetched %q with %v; the proxy was asked for %q", got.Body, err, asked)
	}
}
