package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealthcheck asks servers at the root and below a path, as the container image does.
func TestHealthcheck(t *testing.T) {
	for _, test := range []struct {
		name, path string
		status     int
		args       []string
		code       int
	}{
		{"at the root", "/readyz", 200, nil, exitOK},
		{"below a path", "/kyc/readyz", 200, []string{"--base-url", "https://id.example.com/kyc/"}, exitOK},
		{"a name of its own", "/readyz", 200, []string{"--base-url", "https://id.example.com"}, exitOK},
		{"not ready", "/readyz", 503, nil, exitError},
		{"somewhere else", "/kyc/readyz", 200, nil, exitError},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != test.path {
					http.NotFound(w, r)
					return
				}
				w.WriteHeader(test.status)
			}))
			defer server.Close()
			var out, problems bytes.Buffer
			args := append([]string{"healthcheck", "--addr", strings.TrimPrefix(server.URL, "http://")}, test.args...)
			if code := Run(args, &Env{Ctx: t.Context(), Stdout: &out, Stderr: &problems}); code != test.code {
				t.Errorf("exit code %d, want %d: %s%s", code, test.code, out.String(), problems.String())
			}
		})
	}
}
