package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// verify reports whether a message to a webhook comes from who knows the secret, and is not an old one
// sent again.
func verify(secret, signature string, body []byte, now time.Time) bool {
	seconds, sums := "", []string{}
	for part := range strings.SplitSeq(signature, ",") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "t":
			seconds = value
		case "v1":
			sums = append(sums, value)
		}
	}
	sent, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || now.Sub(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	for _, sum := range sums {
		given, err := hex.DecodeString(sum)
		if err == nil && hmac.Equal(given, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// TestDocumentedVerification holds the example in the documentation to the code that is tested here.
func TestDocumentedVerification(t *testing.T) {
	code, err := os.ReadFile("webhook_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, function, _ := strings.Cut(string(code), "\nfunc verify(")
	function, _, _ = strings.Cut(function, "\n}\n")
	if !strings.Contains(string(page), "func verify("+function+"\n}\n") {
		t.Error("docs/webhooks.md shows another verify than webhook_test.go")
	}
}

func TestWebhookPages(t *testing.T) {
	d := openDesk(t)
	type message struct {
		header http.Header
		body   []byte
	}
	got := make(chan message, 10)
	var status atomic.Int64
	status.Store(200)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(int(status.Load()))
		io.WriteString(w, "<b>taken</b>")
		got <- message{r.Header, body}
	}))
	defer receiver.Close()
	next := func() message {
		t.Helper()
		select {
		case m := <-got:
			return m
		case <-time.After(10 * time.Second):
			t.Fatal("no message came")
			return message{}
		}
	}

	wrong := d.with(t, "master", url.Values{"url": {"nonsense"}, "method": {"POST"}})
	res, page := d.ask(t, "master", "POST", "/settings/webhooks?company="+demo.Acme, wrong)
	if res.StatusCode != 422 || !strings.Contains(page, "Choose at least one event.") || !strings.Contains(page, `value="nonsense"`) {
		t.Errorf("a wrong form: %d, %.300s", res.StatusCode, page)
	}
	form := d.with(t, "master", url.Values{"url": {receiver.URL}, "method": {"POST"}, "events": {"session.finished", "session.decided"}})
	res, page = d.ask(t, "master", "POST", "/settings/webhooks?company="+demo.Acme, form)
	if res.StatusCode != 303 {
		t.Fatalf("adding: %d %s", res.StatusCode, page)
	}
	at, _, _ := strings.Cut(res.Header.Get("Location"), "?")
	hook, err := d.sessions.Webhook(t.Context(), session.System, at[strings.LastIndex(at, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	defer d.sessions.DeleteWebhook(t.Context(), session.System, hook.ID)

	api := d.client(t, staff.Key{Company: demo.Acme, Write: true})
	var made session.Session
	api.want(201, "POST", "/sessions", strings.Replace(wholeSession, "api-1", "api-hook", 1), &made)
	m := next()
	var told session.Session
	if err := json.Unmarshal(m.body, &told); err != nil || told.ID != made.ID || m.header.Get("Dossier-Event") != "session.finished" {
		t.Errorf("told %s of %s, %v; want session.finished of %s", m.header.Get("Dossier-Event"), told.ID, err, made.ID)
	}
	if signature := m.header.Get("Dossier-Signature"); !verify(hook.Secret(), signature, m.body, d.clock.Now()) {
		t.Errorf("the signature %q does not verify", signature)
	} else if verify(hook.Secret(), signature, append(m.body, ' '), d.clock.Now()) || verify("whsec_other", signature, m.body, d.clock.Now()) ||
		verify(hook.Secret(), signature, m.body, d.clock.Now().Add(time.Hour)) {
		t.Error("another body, another secret or an old message verifies, too")
	}

	status.Store(503)
	res, page = d.ask(t, "master", "POST", at, d.with(t, "master", url.Values{"do": {"test"}}))
	next()
	if res.StatusCode != 200 || !strings.Contains(page, "The receiver answered 503") || strings.Contains(page, "<b>taken</b>") {
		t.Errorf("a test that fails: %d, %.200s", res.StatusCode, page)
	}
	status.Store(200)
	log, err := d.sessions.Deliveries(t.Context(), session.System, hook.ID, "", 10)
	if err != nil || len(log) < 2 {
		t.Fatal(log, err)
	}
	res, page = d.ask(t, "master", "POST", at+"/deliveries/"+log[len(log)-1].ID, d.with(t, "master", url.Values{}))
	if again := next(); res.StatusCode != 200 || again.header.Get("Dossier-Delivery") != m.header.Get("Dossier-Delivery") {
		t.Errorf("once more: %d, delivery %s", res.StatusCode, again.header.Get("Dossier-Delivery"))
	}
	if !strings.Contains(page, string(made.ID)) || !strings.Contains(page, "Delivered") {
		t.Error("the log does not show the delivery")
	}
	for do, want := range map[string]string{"off": "hook-off", "rotate": "hook-rotated", "on": "hook-on"} {
		res, _ = d.ask(t, "master", "POST", at, d.with(t, "master", url.Values{"do": {do}}))
		if res.StatusCode != 303 || !strings.Contains(res.Header.Get("Location"), want) {
			t.Errorf("%s: %d to %s", do, res.StatusCode, res.Header.Get("Location"))
		}
	}
	if res, _ = d.ask(t, "master", "POST", at, d.with(t, "master", url.Values{"do": {"explode"}})); res.StatusCode != 422 {
		t.Errorf("an unknown wish: %d", res.StatusCode)
	}
	if res, _ = d.ask(t, "master", "POST", at, d.with(t, "master", url.Values{"do": {"delete"}})); res.StatusCode != 303 {
		t.Errorf("deleting: %d", res.StatusCode)
	}
	if res, _ = d.ask(t, "master", "GET", at, nil); res.StatusCode != 404 {
		t.Errorf("a deleted webhook: %d", res.StatusCode)
	}
}

// TestConfirmedButtons: what is asked about first is sent with the button that was pressed.
func TestConfirmedButtons(t *testing.T) {
	d := ownDesk(t)
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, session.NewCompany("own", "Own", d.clock.Now()), "test"); err != nil {
		t.Fatal(err)
	}
	hook, err := d.sessions.AddWebhook(t.Context(), session.System, session.Webhook{Company: "own", URL: "https://id.example.com/hook", Method: "POST", Events: []session.HookEvent{session.HookFinished}})
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, d)
	b.as(d, "m")
	b.visit("/settings/webhooks/" + hook.ID)
	b.click(`button[value="rotate"]`)
	b.see("#confirm")
	b.click(`#confirm button[value="yes"]`)
	b.until(`document.querySelector("main").textContent.includes("The new secret signs from now on")`)
	b.click(`button[value="delete"]`)
	b.see("#confirm")
	b.click(`#confirm button[value="no"]`)
	b.click(`button[value="delete"]`)
	b.see("#confirm")
	b.click(`#confirm button[value="yes"]`)
	b.until(`document.querySelector("main").textContent.includes("The webhook is gone")`)
}
