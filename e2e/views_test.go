package e2e

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A view is a page in one of its states, as somebody sees it. The tests of how pages look and of who
// can use them go through all of them.
type view struct {
	name  string // of its pictures
	route string // as registered; "" for what no route answers
	path  string
	who   string       // a member, or "" for nobody; the table has the master's views without it
	on    *desk        // nil is the desk that all tests share
	do    func(b *tab) // brings the state about, or is nil
}

// notPages are the GET routes that show no page, with what they answer instead.
var notPages = map[string]string{
	"/healthz": "text", "/readyz": "text", "/metrics": "text", "/static/*": "assets", "/accent/:company.css": "a style sheet",
	"/sanctions/runs/events": "progress", "/sanctions/runs/:run/events": "progress",
	"/": "leads on", "/settings": "leads on", "/sessions/:id/next": "leads on", "/sessions/:id/previous": "leads on",
	"/sessions/export.csv": "a file", "/exports/:export/export.csv": "a file", "/sanctions/export.csv": "a file", "/sanctions/suppressions/export.csv": "a file",
	"/sanctions/lists/:list/:version/problems.csv": "a file", "/sanctions/lists/:list/:version/file": "a file",
	"/sanctions/report.:format": "a file", "/activity/export.csv": "a file", "/settings/export.json": "a file", "/sessions/:id/report.pdf": "a file",
	"/sessions/:id/photos/:name": "an image", "/sessions/:id/face.jpg": "an image", "/settings/profile/authenticator/qr.png": "an image", "/settings/branding/logo": "an image",
}

// TestEveryPageIsLookedAt keeps a page from being added that no test of looks and access knows.
func TestEveryPageIsLookedAt(t *testing.T) {
	d := openDesk(t)
	seen := maps.Clone(notPages)
	for _, v := range views(t, d) {
		seen[v.route] = "a view"
	}
	for _, r := range d.web.Routes() {
		path, isGet := strings.CutPrefix(r, "GET ")
		if isGet && seen[path] == "" && (path == "/api/docs" || !strings.HasPrefix(path, "/api/")) {
			t.Errorf("%s is neither among the views nor among what shows no page", r)
		}
	}
}

// open shows a view.
func (b *tab) open(v view) {
	b.t.Helper()
	on := v.on
	if on == nil {
		on = b.d
	}
	b.as(on, v.who)
	b.do(chromedp.Navigate(on.url + v.path))
	if v.do != nil {
		v.do(b)
	}
}

// as becomes a member of a desk, without the log-in form.
func (b *tab) as(on *desk, who string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, struct{}{})
	if err == nil && who != "" {
		yes := true
		_, err = chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: cookieName, Value: on.tokens[who], URL: on.url, Path: "/", Secure: &yes, HTTPOnly: &yes})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// clicks is a state that clicks bring about, one after the other.
func clicks(css ...string) func(*tab) {
	return func(b *tab) {
		b.t.Helper()
		for _, one := range css {
			b.click(one)
		}
	}
}

// submits clicks what sends a form, and waits for the page that answers.
func submits(css string) func(*tab) {
	return func(b *tab) {
		b.t.Helper()
		b.ask(`(window.sent = "yes")`)
		b.click(css)
		b.until(arrived)
	}
}

// arrived is true on the page that came after the one on which window.sent was set.
const arrived = `window.sent === undefined && document.readyState === "complete"`

// sends fills fields of a form in and sends it as it is, past what the browser checks and htmx.
func sends(form string, fields ...string) func(*tab) {
	return func(b *tab) {
		b.t.Helper()
		for i := 0; i+1 < len(fields); i += 2 {
			b.ask(`(document.querySelector('` + form + ` [name="` + fields[i] + `"]').value = "` + fields[i+1] + `")`)
		}
		b.ask(`(window.sent = "yes", HTMLFormElement.prototype.submit.call(document.querySelector('` + form + `')), "")`)
		b.until(arrived)
	}
}

// views lists every page, most of them as the master sees them.
func views(t *testing.T, d *desk) []view {
	all := slices.Concat(sessionViews(t, d), screeningViews(t, d), settingsViews(t, d), []view{
		{name: "dashboard", route: "/dashboard", path: "/dashboard"}, {name: "activity", route: "/activity", path: "/activity"},
		{name: "activity-none", route: "/activity", path: "/activity?session=01ARZ3NDEKTSV4RRFFQ69G5FAV"},
		{name: "help", route: "/sessions", path: "/sessions", do: clicks("[data-help]")},
	})
	for i := range all {
		if all[i].who == "" {
			all[i].who = "master"
		}
	}
	return slices.Concat(all, failureViews(t, d), doorViews(t, d), firstViews(t))
}

func sessionViews(t *testing.T, d *desk) []view {
	awaiting := d.find(t, "awaiting action", func(s session.Session) bool {
		return s.Status == session.AwaitingAction && len(s.Photos) > 2 && len(s.Screening.Hits) == 0 && s.Proposal == nil
	})
	hit := d.find(t, "a hit", func(s session.Session) bool { return len(s.Screening.Hits) > 0 && len(s.Photos) > 0 })
	faulty := d.find(t, "an MRZ error", func(s session.Session) bool { return len(s.Document.MRZErrors) > 0 && len(s.Photos) > 0 })
	many := d.find(t, "several attempts", func(s session.Session) bool { return len(s.Attempts) > 1 })
	at := func(s session.Session) string { return "/sessions/" + string(s.ID) }
	const one = "/sessions/:id"
	return []view{
		{name: "sessions", route: "/sessions", path: "/sessions"}, {name: "filters", route: "/sessions", path: "/sessions", do: clicks(".filters > summary")},
		{name: "columns", route: "/sessions", path: "/sessions", do: clicks(".found-row details:has(.column-choice) > summary")},
		{name: "nothing", route: "/sessions", path: "/sessions?q=zzzzqqq"}, {name: "forgiven", route: "/sessions", path: "/sessions?q=" + misspelt(awaiting.Person.LastName)},
		{name: "awaiting", route: "/awaiting", path: "/awaiting"}, {name: "mine", route: "/awaiting", path: "/awaiting?mine=yes"}, {name: "rejections", route: "/rejections", path: "/rejections"},
		{name: "bulk", route: "/sessions/reject", path: "/sessions/reject?list=awaiting&pick=" + string(awaiting.ID) + "&pick=" + string(hit.ID)},
		{name: "exports", route: "/exports", path: "/exports"},
		{name: "session", route: one, path: at(awaiting)}, {name: "session-hit", route: one, path: at(hit)}, {name: "session-mrz", route: one, path: at(faulty)},
		{name: "session-queue", route: one, path: at(awaiting) + "?list=awaiting"},
		{name: "session-agent", route: one, path: at(awaiting), who: "agent"}, {name: "session-auditor", route: one, path: at(awaiting), who: "auditor"},
		{name: "session-reject", route: one, path: at(awaiting), do: clicks(`[data-open="d-reject"]`)}, {name: "session-verify", route: one, path: at(awaiting), do: clicks(`[data-open="d-verify"]`)},
		{name: "session-more", route: one, path: at(awaiting), do: clicks(".tabs-row details.pop > summary")},
		{name: "session-side", route: one, path: at(awaiting), do: clicks(`[data-open="d-compare"]`)},
		{name: "compare", route: one + "/compare", path: at(awaiting) + "/compare"}, {name: "attempts", route: one + "/attempts", path: at(many) + "/attempts"},
		{name: "audit", route: one + "/audit", path: at(hit) + "/audit"}, {name: "edit", route: one + "/edit", path: at(awaiting) + "/edit"},
		{name: "edit-wrong", route: one + "/edit", path: at(awaiting) + "/edit", do: sends("form.edit-form", "birth_date", "yesterday")},
		{name: "replay", path: at(hit), do: sends(`form[action$="/replay"]`)},
	}
}

func misspelt(name string) string {
	half := len(name) / 2
	return name[:half] + "w" + name[half+1:]
}

func screeningViews(t *testing.T, d *desk) []view {
	hit := d.find(t, "a hit", func(s session.Session) bool { return len(s.Screening.Hits) > 0 && len(s.Photos) > 0 }).Screening.Hits[0]
	runs, err := d.sessions.RunRecords(t.Context(), session.System, 1)
	if err != nil || len(runs) == 0 {
		t.Fatal("there is no run", err)
	}
	const all = "/sanctions/"
	return []view{
		{name: "alerts", route: "/sanctions", path: "/sanctions?state=all"}, {name: "alerts-none", route: "/sanctions", path: "/sanctions?list=none"},
		{name: "alert", route: all + "alerts/:alert", path: all + "alerts/" + hit.Alert},
		{name: "alert-wrong", route: all + "alerts/:alert", path: all + "alerts/" + hit.Alert, do: sends(".decide-hit form")},
		{name: "entry", route: all + "entry", path: all + "entry?list=custom&entry=" + hit.EntryID},
		{name: "suppressions", route: all + "suppressions", path: all + "suppressions"},
		{name: "suppression", route: all + "suppressions/:suppression", path: all + "suppressions/" + d.suppression(t, demo.Orbit)},
		{name: "threshold", route: all + "threshold", path: all + "threshold?threshold=0.7"},
		{name: "lists", route: all + "lists", path: all + "lists"}, {name: "list", route: all + "lists/:list", path: all + "lists/custom"},
		{name: "list-version", route: all + "lists/:list/:version", path: all + "lists/custom/" + d.listVersion(t, "custom")},
		{name: "fetches", route: all + "fetches", path: all + "fetches"}, {name: "screening-report", route: all + "report", path: all + "report"},
		{name: "runs", route: all + "runs", path: all + "runs"}, {name: "run", route: all + "runs/:run", path: all + "runs/" + runs[0].ID},
	}
}

func settingsViews(t *testing.T, d *desk) []view {
	agent, err := d.staff.ByEmail(t.Context(), "agent@test.example")
	if err != nil {
		t.Fatal(err)
	}
	told, err := d.sessions.AddWebhook(t.Context(), session.System, session.Webhook{Company: demo.Acme, URL: "http://127.0.0.1:1/dossier", Method: "POST", Events: session.HookEvents})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.sessions.DeleteWebhook(context.Background(), session.System, told.ID) })
	if _, err := d.sessions.TestWebhook(t.Context(), session.System, told.ID); err != nil {
		t.Fatal(err)
	}
	const all = "/settings/"
	list := []view{
		{name: "webhooks", route: all + "webhooks", path: all + "webhooks?company=" + demo.Acme}, {name: "webhook", route: all + "webhooks/:hook", path: all + "webhooks/" + told.ID},
		{name: "members", route: all + "members", path: all + "members"}, {name: "member", route: all + "members/:member", path: all + "members/" + agent.ID},
		{name: "invite", route: all + "members/new", path: all + "members/new"}, {name: "invite-wrong", route: all + "members", path: all + "members/new", do: sends(`main form[action$="/members"]`, "email", "nobody")},
		{name: "profile", route: all + "profile", path: all + "profile"}, {name: "enrol", route: all + "profile/authenticator", path: all + "profile/authenticator"},
		{name: "apidocs", route: "/api/docs", path: "/api/docs"},
		{name: "settings-preview", route: all + "rules", path: all + "rules", do: submits("button[value=preview]")},
		{name: "settings-unsaved", route: all + "fields", path: all + "fields?company=orbit", do: submits("button[value=add]")},
		{name: "settings-wrong", route: all + "session", path: all + "session", do: sends("main form.settings-form")},
		{name: "settings-version", route: all + "history/:version", path: all + "history/1"},
	}
	for _, page := range []string{"system", "erasure", "company", "branding", "session", "keys", "rules", "fields", "reasons", "countries", "sanctions", "retention", "history", "transfer"} {
		list = append(list, view{name: "settings-" + page, route: all + page, path: all + page + "?company=" + demo.Orbit})
	}
	return list
}

// failureViews are the pages of what went wrong.
func failureViews(t *testing.T, d *desk) []view {
	stale := d.fresh(t, "Stalepage")
	broken, err := newDesk(false, server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := broken.stop(); err != nil {
		t.Fatal(err)
	}
	broken.tokens["anybody"] = "a token"
	guess := func(b *tab) {
		for !strings.Contains(b.ask(`document.querySelector("main").textContent`), "Try again in") {
			sends("main form", "email", "nobody-here@test.example", "password", "a wrong guess")(b)
		}
	}
	return []view{
		{name: "error-403", path: "/settings/members", who: "agent"}, {name: "error-404", path: "/nothing-here", who: "master"},
		{name: "error-409", path: "/sessions/" + string(stale.ID), who: "master", do: sends("#d-verify form", "version", "0")},
		{name: "error-429", path: "/login", do: guess}, {name: "error-500", path: "/sessions", who: "anybody", on: broken},
	}
}

// doorViews are what is before the log-in, and what is behind it for a moment only.
func doorViews(t *testing.T, d *desk) []view {
	m := d.invited(t, "Doorway"+strings.ToLower(t.Name()), "agent", password)
	d.take(t, "doorway", first(d.send(t, "", "/login", "email", m.Email, "password", password)))
	_, page := d.ask(t, "doorway", "GET", "/settings/profile/authenticator", nil)
	secret := strings.ReplaceAll(secretInPage.FindStringSubmatch(page)[1], " ", "")
	enrolled, _ := d.send(t, "doorway", "/settings/profile/authenticator", "code", d.code(t, secret, 0), "current", password)
	d.take(t, "doorway", enrolled)
	half := d.half(t, m.Email)
	by, _, err := d.staff.LoggedIn(t.Context(), d.tokens["master"])
	if err != nil {
		t.Fatal(err)
	}
	_, link, err := d.staff.Invite(t.Context(), by, staff.Member{Email: "linked" + strings.ToLower(t.Name()) + "@test.example", Name: "Lena Linked", Role: staff.Agent, Everyone: true})
	if err != nil {
		t.Fatal(err)
	}
	return []view{
		{name: "login", route: "/login", path: "/login"}, {name: "login-wrong", route: "/login", path: "/login", do: sends("main form", "email", "agent@test.example", "password", "")},
		{name: "second", route: "/login/second", path: "/login/second", who: half},
		{name: "second-wrong", route: "/login/second", path: "/login/second", who: half, do: sends(`main form[action$="/second"]`, "code", "1")},
		{name: "set-password", route: "/set-password", path: "/set-password?token=" + link},
		{name: "set-password-wrong", route: "/set-password", path: "/set-password?token=" + link, do: sends("main form", "password", "short", "password2", "other")},
		{name: "set-password-used", route: "/set-password", path: "/set-password?token=x"},
		{name: "profile-factor", route: "/settings/profile", path: "/settings/profile", who: "doorway"},
	}
}

// firstViews are what the first member sees, when there is nothing yet.
func firstViews(t *testing.T) []view {
	fresh, empty := emptyDesk(t, server.Options{}), emptyDesk(t, server.Options{})
	token, err := fresh.staff.BeginSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.sessions.SaveCompany(t.Context(), session.System, session.NewCompany("acme", "Acme", empty.clock.Now()), ""); err != nil {
		t.Fatal(err)
	}
	m, err := empty.staff.AddMember(t.Context(), staff.Member{Email: "only@test.example", Name: "Only Test", Role: staff.Master, Everyone: true}, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, empty.tokens["only"], err = empty.staff.LogIn(t.Context(), m.Email, password, staff.Browser{}); err != nil {
		t.Fatal(err)
	}
	list := []view{
		{name: "setup", route: "/setup", path: "/setup?token=" + token, on: fresh}, {name: "setup-wrong", route: "/setup", path: "/setup?token=" + token, on: fresh, do: sends("main form", "slug", "Two Words")},
		{name: "login-empty", route: "/login", path: "/login", on: fresh},
	}
	for _, route := range []string{"/sessions", "/awaiting", "/rejections", "/exports", "/sanctions", "/sanctions/suppressions", "/sanctions/lists", "/sanctions/runs", "/sanctions/fetches", "/dashboard", "/settings/keys", "/settings/webhooks", "/settings/fields", "/settings/erasure"} {
		list = append(list, view{name: "empty" + strings.ReplaceAll(route, "/", "-"), route: route, path: route, who: "only", on: empty})
	}
	return list
}

// TestViewsAreWhatTheySay: each view is the page that its name promises, not an error instead of it.
func TestViewsAreWhatTheySay(t *testing.T) {
	d := openDesk(t)
	for _, v := range views(t, d) {
		if v.do != nil || strings.HasPrefix(v.name, "error-") {
			continue
		}
		on := d
		if v.on != nil {
			on = v.on
		}
		if res, body := on.ask(t, v.who, http.MethodGet, v.path, nil); (res.StatusCode != 200) != (v.name == "set-password-used") {
			t.Errorf("%s: %s is %d\n%.300s", v.name, v.path, res.StatusCode, text(body))
		}
	}
}
