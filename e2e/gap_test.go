package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/demo"
	"dossier/index"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A heldIndex ends no build before it is told to.
type heldIndex struct {
	*index.Index
	held chan struct{} // nil holds nothing back
}

func (h *heldIndex) Rebuild(ctx context.Context, all iter.Seq2[session.Session, error]) error {
	return h.Index.Rebuild(ctx, func(yield func(session.Session, error) bool) {
		for s, err := range all {
			if !yield(s, err) {
				return
			}
		}
		if h.held == nil {
			return
		}
		select {
		case <-h.held:
		case <-ctx.Done():
		}
	})
}

// openGapDesk is a desk with the demo's people whose index was damaged, and is not built again before release.
func openGapDesk(t *testing.T) (d *desk, release func()) {
	t.Helper()
	dir := t.TempDir()
	d, err := newDeskIn(dir, true, server.Options{})
	if err == nil {
		err = d.stop()
	}
	if err != nil {
		t.Fatal(err)
	}
	segments, err := filepath.Glob(filepath.Join(dir, "index", "generation-*", "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatalf("the index has no segments: %v", err)
	}
	for _, segment := range segments {
		if err := os.Truncate(segment, 100); err != nil {
			t.Fatal(err)
		}
	}
	held := make(chan struct{})
	if d, err = newDeskHolding(held, nil, dir, false, server.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.stop(); err != nil {
			t.Error(err)
		}
	})
	for _, who := range []string{"master", "agent", "auditor", "acme"} {
		if err := d.logIn(t.Context(), who); err != nil {
			t.Fatal(err)
		}
	}
	return d, func() { close(held) }
}

// Whoever asks while the index is built after a damage is told that the answer is no answer, and gets no file
// that could be taken for the whole.
func TestWhileTheIndexIsBuilt(t *testing.T) {
	const notice, noFind = "search index is being built", "Not found so far"
	d, release := openGapDesk(t)
	got := d.find(t, "awaiting action", func(s session.Session) bool {
		return s.Status == session.AwaitingAction && s.Company == demo.Acme && s.Person.LastName != ""
	})
	search := "/sessions?q=" + url.QueryEscape(got.Person.LastName)
	all, err := d.sessions.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct {
		who, target, want, not string
		header                 []string
	}{
		{"agent", search, noFind, "Nothing matches", nil},
		{"agent", search, noFind, "Nothing matches", []string{"HX-Request", "true"}},
		{"agent", search, `id="gap" role="status" hx-swap-oob="true"`, "<html", []string{"HX-Request", "true"}},
		{"agent", "/sessions", noFind, "No sessions yet", nil},
		{"agent", "/awaiting", noFind, "Nothing awaits action", nil},
		{"agent", "/awaiting", `id="count-awaiting"></b>`, "Nothing awaits action", nil}, // nobody knows how many
		{"agent", "/rejections", noFind, "No rejections", nil},
		{"master", "/sanctions", notice, "", nil},
		{"master", "/dashboard", notice, "", nil},
		{"master", "/sessions", fmt.Sprintf("0 of %d sessions so far", all), "%", nil},
		{"acme", "/sessions", "0 % so far", fmt.Sprintf("of %d sessions", all), nil}, // how many others have is not theirs
		{"agent", "/sessions/" + string(got.ID), got.Person.LastName, noFind, nil},
		{"agent", "/sessions/" + string(got.ID) + "?list=sessions&done=unknown", "there may be one", "", nil},
	} {
		res, body := d.ask(t, page.who, "GET", page.target, nil, page.header...)
		shown := body
		if !strings.Contains(page.want, "=") {
			shown = text(body)
		}
		if res.StatusCode != 200 || !strings.Contains(shown, page.want) || page.not != "" && strings.Contains(shown, page.not) || !strings.Contains(text(body), notice) {
			t.Errorf("%s asks for %s %v: %d; it lacks %q or the notice, or has %q", page.who, page.target, page.header, res.StatusCode, page.want, page.not)
		}
	}
	if _, to, _ := d.post(t, "agent", "/sessions/next", url.Values{}); !strings.Contains(to, "done=unknown") {
		t.Errorf("the next case leads to %q", to)
	}

	api := d.client(t, staff.Key{Company: demo.Acme})
	list := func() (list struct {
		Items      []session.Session
		Incomplete string
	}) {
		t.Helper()
		status, body := api.send("GET", search, "", nil)
		if err := json.Unmarshal([]byte(body), &list); status != 200 || err != nil {
			t.Fatalf("%d, %v: %s", status, err, body)
		}
		return list
	}
	if l := list(); len(l.Items) != 0 || !strings.Contains(l.Incomplete, notice) {
		t.Errorf("the API gives %d sessions, incomplete: %q", len(l.Items), l.Incomplete)
	}
	files := func(status int) {
		t.Helper()
		if res, body := d.ask(t, "auditor", "GET", "/sessions/export.csv", nil); res.StatusCode != status || status != 200 && (res.Header.Get("Retry-After") == "" || !strings.Contains(text(body), notice)) {
			t.Errorf("the file of a list: %d, %v, want %d", res.StatusCode, res.Header, status)
		}
		want := map[int]int{503: 503, 200: 303}[status]
		if got, _, _ := d.post(t, "auditor", "/exports", url.Values{}); got != want {
			t.Errorf("an export in the background: %d, want %d", got, want)
		}
		if res, _ := d.ask(t, "master", "GET", "/sanctions/threshold", nil); res.StatusCode != status {
			t.Errorf("what a threshold would do: %d, want %d", res.StatusCode, status)
		}
	}
	files(503)

	release()
	for deadline := time.Now().Add(time.Minute); d.sessions.Gap(t.Context(), session.System) != ""; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the index is never whole again")
		}
	}
	if res, body := d.ask(t, "agent", "GET", search, nil); res.StatusCode != 200 || strings.Contains(text(body), notice) || !strings.Contains(body, string(got.ID)) {
		t.Errorf("after the build: %d, without the session or with the notice", res.StatusCode)
	}
	if l := list(); len(l.Items) == 0 || l.Incomplete != "" {
		t.Errorf("after the build the API gives %d sessions, incomplete: %q", len(l.Items), l.Incomplete)
	}
	files(200)
}
