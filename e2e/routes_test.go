package e2e

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// A place is a page of the desk and who may have it. Sessions and alerts in it are Orbit's, which the
// members acme and boss do not see.
type place struct {
	route   string     // as registered
	url     string     // one address of it
	form    url.Values // for POST, beside the token
	may     string     // roles: "agent auditor master"; "" is anybody
	foreign bool       // belongs to Orbit: a 404 for members of Acme
}

const readers, deciders, exporters = "agent auditor master", "agent master", "auditor master"

func places(t *testing.T, d *desk) []place {
	hit := d.find(t, "Orbit's, with a hit", func(s session.Session) bool { return s.Company == demo.Orbit && len(s.Screening.Hits) > 0 })
	open := d.find(t, "Orbit's, awaiting action, with photos", func(s session.Session) bool {
		return s.Company == demo.Orbit && s.Status == session.AwaitingAction && len(s.Photos) > 0
	})
	runs, err := d.sessions.RunRecords(t.Context(), session.System, 1)
	if err != nil || len(runs) == 0 {
		t.Fatal("the demo has no run", err)
	}
	orbit, err := d.staff.ByEmail(t.Context(), "orbit@test.example")
	if err != nil {
		t.Fatal(err)
	}
	member := "/settings/members/" + orbit.ID
	told, err := d.sessions.AddWebhook(t.Context(), session.System, session.Webhook{Company: demo.Orbit, URL: "http://127.0.0.1:1", Method: "POST", Events: session.HookEvents})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.sessions.DeleteWebhook(context.Background(), session.System, told.ID) })
	message, err := d.sessions.TestWebhook(t.Context(), session.System, told.ID) // nobody listens there
	if err != nil {
		t.Fatal(err)
	}
	face := "/sessions/" + string(d.find(t, "Orbit's, with a face on the document", func(s session.Session) bool {
		p, ok := s.PhotoNamed(string(session.DocumentFront))
		if s.Company != demo.Orbit || !ok {
			return false
		}
		_, err := d.sessions.FaceOf(t.Context(), session.System, s, p, 320)
		return err == nil
	}).ID)
	held, version := d.suppression(t, demo.Orbit), d.listVersion(t, "custom")
	one, alert, none := "/sessions/"+string(open.ID), hit.Screening.Hits[0].Alert, url.Values{}
	key, _, err := d.staff.AddKey(t.Context(), staff.Operator, staff.Key{Company: demo.Orbit, Name: "table of routes"})
	if err != nil {
		t.Fatal(err)
	}
	of := func(page string) string { return "/settings/" + page + "?company=" + demo.Orbit } // of Orbit
	all := []place{
		{"GET /healthz", "/healthz", nil, "", false}, {"GET /readyz", "/readyz", nil, "", false},
		{"GET /static/*", "/static/app.css", nil, "", false}, {"GET /login", "/login", nil, "", false},
		{"GET /setup", "/setup?token=x", nil, "", false}, {"POST /setup", "/setup", none, "", false}, {"POST /login", "/login", none, "", false},
		{"POST /logout", "/logout", none, readers, false}, {"GET /", "/", nil, readers, false},
		{"GET /accent/:company.css", "/accent/" + demo.Orbit + ".css", nil, readers, true},
		{"GET /sessions", "/sessions", nil, readers, false}, {"GET /awaiting", "/awaiting", nil, readers, false},
		{"GET /rejections", "/rejections", nil, readers, false}, {"GET /sessions/export.csv", "/sessions/export.csv?q=nobodyhasthis", nil, exporters, false},
		{"GET /sessions/reject", "/sessions/reject", nil, deciders, false}, {"POST /sessions/reject", "/sessions/reject", none, deciders, false},
		{"POST /sessions/next", "/sessions/next?list=awaiting&q=nobodyhasthis", none, deciders, false},
		{"POST /sessions/filters", "/sessions/filters", none, readers, false}, {"POST /sessions/filters/delete", "/sessions/filters/delete", none, readers, false},
		{"POST /sessions/columns", "/sessions/columns", none, readers, false},
		{"GET /exports", "/exports", nil, exporters, false}, {"POST /exports", "/exports?q=nobodyhasthis", none, exporters, false},
		{"GET /sessions/:id", one, nil, readers, true}, {"GET /sessions/:id/attempts", one + "/attempts", nil, readers, true},
		{"GET /sessions/:id/audit", one + "/audit", nil, readers, true}, {"GET /sessions/:id/report.pdf", one + "/report.pdf", nil, readers, true},
		{"GET /sessions/:id/photos/:name", one + "/photos/" + open.Photos[0].SHA256 + "?w=160", nil, readers, true},
		{"GET /sessions/:id/face.jpg", face + "/face.jpg", nil, readers, true}, {"GET /sessions/:id/compare", one + "/compare", nil, readers, true},
		{"GET /sessions/:id/next", one + "/next", nil, readers, false}, {"GET /sessions/:id/previous", one + "/previous", nil, readers, false},
		{"POST /sessions/:id/claim", one + "/claim", none, deciders, true}, {"POST /sessions/:id/release", one + "/release", none, deciders, true},
		{"POST /sessions/:id/assign", one + "/assign", none, "master", true},
		{"GET /sessions/:id/edit", one + "/edit", nil, deciders, true}, {"POST /sessions/:id/edit", one + "/edit", none, deciders, true},
		{"POST /sessions/:id/decision", one + "/decision", none, deciders, true}, {"POST /sessions/:id/notes", one + "/notes", none, deciders, true},
		{"POST /sessions/:id/rescreen", one + "/rescreen", none, deciders, true}, {"POST /sessions/:id/replay", "/sessions/" + string(hit.ID) + "/replay", none, readers, true},
		{"POST /sessions/:id/hold", one + "/hold", none, deciders, true},
		{"POST /sessions/:id/erase", one + "/erase", none, "master", true},
		{"GET /settings/erasure", "/settings/erasure", nil, "master", false}, {"POST /settings/erasure", "/settings/erasure", none, "master", false},
		{"POST /sessions/:id/reopen", one + "/reopen", none, "master", true},
		{"POST /sessions/:id/alerts/:alert", "/sessions/" + string(hit.ID) + "/alerts/" + alert, none, deciders, true},
		{"GET /sanctions", "/sanctions", nil, readers, false}, {"GET /sanctions/alerts/:alert", "/sanctions/alerts/" + alert, nil, readers, true},
		{"POST /sanctions/alerts/:alert", "/sanctions/alerts/" + alert, none, deciders, true},
		{"POST /sanctions/alerts/:alert/approval", "/sanctions/alerts/" + alert + "/approval", none, deciders, true},
		{"POST /sanctions/alerts/:alert/assignee", "/sanctions/alerts/" + alert + "/assignee", none, deciders, true},
		{"POST /sanctions/next", "/sanctions/next?list=none", none, deciders, false},
		{"GET /sanctions/export.csv", "/sanctions/export.csv?list=none", nil, exporters, false},
		{"GET /sanctions/entry", "/sanctions/entry?list=custom&entry=none", nil, readers, false},
		{"POST /sanctions/entry", "/sanctions/entry?list=custom&entry=none", none, deciders, false},
		{"GET /sanctions/suppressions", "/sanctions/suppressions", nil, readers, false},
		{"GET /sanctions/suppressions/export.csv", "/sanctions/suppressions/export.csv?list=none", nil, exporters, false},
		{"GET /sanctions/suppressions/:suppression", "/sanctions/suppressions/" + held, nil, readers, true},
		{"POST /sanctions/suppressions/:suppression/end", "/sanctions/suppressions/" + held + "/end", none, deciders, true},
		{"POST /sanctions/suppressions/:suppression/review", "/sanctions/suppressions/" + held + "/review", none, deciders, true},
		{"GET /sanctions/threshold", "/sanctions/threshold?company=" + demo.Orbit, nil, "master", true},
		{"POST /sanctions/threshold", "/sanctions/threshold?company=" + demo.Orbit, none, "master", true},
		{"GET /sanctions/lists", "/sanctions/lists", nil, readers, false}, {"GET /sanctions/lists/:list", "/sanctions/lists/custom", nil, readers, false},
		{"GET /sanctions/lists/:list/:version", "/sanctions/lists/custom/" + version, nil, readers, false},
		{"GET /sanctions/lists/:list/:version/problems.csv", "/sanctions/lists/custom/" + version + "/problems.csv", nil, exporters, false},
		{"GET /sanctions/lists/:list/:version/file", "/sanctions/lists/custom/" + version + "/file", nil, exporters, false},
		{"POST /sanctions/lists", "/sanctions/lists", none, "master", false},
		{"GET /sanctions/runs", "/sanctions/runs", nil, readers, false}, {"POST /sanctions/runs", "/sanctions/runs", none, "master", false},
		{"GET /sanctions/runs/events", "/sanctions/runs/events", nil, readers, false},
		{"GET /sanctions/runs/:run/events", "/sanctions/runs/" + runs[0].ID + "/events", nil, readers, false},
		{"GET /sanctions/runs/:run", "/sanctions/runs/" + runs[0].ID, nil, readers, false},
		{"POST /sanctions/runs/:run/cancel", "/sanctions/runs/" + runs[0].ID + "/cancel", none, "master", false},
		{"POST /sanctions/runs/:run/resume", "/sanctions/runs/" + runs[0].ID + "/resume", none, "master", false},
		{"POST /sanctions/runs/:run/retry", "/sanctions/runs/" + runs[0].ID + "/retry", none, "master", false},
		{"POST /sanctions/lists/:list/update", "/sanctions/lists/custom/update", none, "master", false},
		{"GET /sanctions/report", "/sanctions/report", nil, exporters, false},
		{"GET /sanctions/report.:format", "/sanctions/report.csv?from=2026-01-01&to=2026-12-31", nil, exporters, false},
		{"GET /sanctions/fetches", "/sanctions/fetches", nil, readers, false},
		{"POST /sanctions/lists/:list/retire", "/sanctions/lists/custom/retire", none, "master", false},
		{"GET /dashboard", "/dashboard?company=" + demo.Orbit, nil, readers, true},
		{"GET /login/second", "/login/second", nil, "", false}, {"POST /login/second", "/login/second", none, "", false},
		{"POST /login/passkey/begin", "/login/passkey/begin", none, "", false}, {"POST /login/passkey", "/login/passkey", none, "", false},
		{"GET /set-password", "/set-password?token=x", nil, "", false}, {"POST /set-password", "/set-password", none, "", false},
		{"GET /settings/profile", "/settings/profile", nil, readers, false}, {"POST /settings/profile", "/settings/profile", none, readers, false},
		{"POST /settings/profile/password", "/settings/profile/password", none, readers, false},
		{"GET /settings/profile/authenticator", "/settings/profile/authenticator", nil, readers, false},
		{"GET /settings/profile/authenticator/qr.png", "/settings/profile/authenticator/qr.png", nil, readers, false},
		{"POST /settings/profile/authenticator", "/settings/profile/authenticator", none, readers, false},
		{"POST /settings/profile/authenticator/remove", "/settings/profile/authenticator/remove", none, readers, false},
		{"POST /settings/profile/recovery", "/settings/profile/recovery", none, readers, false},
		{"POST /settings/profile/passkeys/begin", "/settings/profile/passkeys/begin", none, readers, false},
		{"POST /settings/profile/passkeys", "/settings/profile/passkeys", none, readers, false},
		{"POST /settings/profile/passkeys/:key", "/settings/profile/passkeys/x", none, readers, false},
		{"POST /settings/profile/passkeys/:key/remove", "/settings/profile/passkeys/x/remove", none, readers, false},
		{"POST /settings/profile/logins/end", "/settings/profile/logins/end", none, readers, false},
		{"POST /settings/profile/logins/:login/end", "/settings/profile/logins/x/end", none, readers, false},
		{"GET /settings/members", "/settings/members", nil, "master", false}, {"POST /settings/members", "/settings/members", none, "master", false},
		{"GET /settings/members/new", "/settings/members/new", nil, "master", false},
		{"GET /settings/members/:member", member, nil, "master", true}, {"POST /settings/members/:member", member, none, "master", true},
		{"POST /settings/members/:member/state", member + "/state", none, "master", true},
		{"POST /settings/members/:member/link", member + "/link", none, "master", true},
		{"POST /settings/members/:member/second-factor", member + "/second-factor", none, "master", true},
		{"POST /settings/members/:member/logins/end", member + "/logins/end", none, "master", true},
		{"POST /settings/members/:member/logins/:login/end", member + "/logins/x/end", none, "master", true},
		{"GET /exports/:export/export.csv", "/exports/none/export.csv", nil, exporters, false}, {"POST /exports/:export/delete", "/exports/none/delete", none, exporters, false},
		{"GET /activity", "/activity", nil, exporters, false}, {"GET /activity/export.csv", "/activity/export.csv?session=" + string(open.ID), nil, exporters, false},
		{"POST /activity/verify", "/activity/verify", none, exporters, false},
		{"GET /metrics", "/metrics", nil, "", false}, {"GET /settings/system", "/settings/system", nil, "master", false},
		{"GET /settings/webhooks", "/settings/webhooks?company=" + demo.Orbit, nil, "master", true}, {"POST /settings/webhooks", "/settings/webhooks?company=" + demo.Orbit, none, "master", true},
		{"GET /settings/webhooks/:hook", "/settings/webhooks/" + told.ID, nil, "master", true}, {"POST /settings/webhooks/:hook", "/settings/webhooks/" + told.ID, none, "master", true},
		{"POST /settings/webhooks/:hook/deliveries/:delivery", "/settings/webhooks/" + told.ID + "/deliveries/" + message.ID, none, "master", true},
		{"GET /settings", "/settings", nil, readers, false}, {"GET /settings/history", of("history"), nil, exporters, true},
		{"GET /settings/history/:version", of("history/1"), nil, exporters, true}, {"GET /settings/export.json", of("export.json"), nil, "master", true},
		{"GET /settings/branding/logo", of("branding/logo"), nil, "master", true},
		{"POST /settings/keys/:key/revoke", of("keys/" + key.ID + "/revoke"), none, "master", true},
	}
	for _, page := range []string{"company", "branding", "session", "rules", "fields", "reasons", "countries", "sanctions", "retention", "transfer", "keys"} {
		all = append(all, place{"GET /settings/" + page, of(page), nil, "master", true}, place{"POST /settings/" + page, of(page), none, "master", true})
	}
	return all
}

// TestEveryRouteIsInTheTable keeps a page from being added without a thought about who may see it.
func TestEveryRouteIsInTheTable(t *testing.T) {
	d := openDesk(t)
	var known []string
	for _, p := range places(t, d) {
		known = append(known, p.route)
	}
	for _, r := range d.web.Routes() {
		if !strings.Contains(r, " /api/") && !slices.Contains(known, r) {
			t.Errorf("%s is not in the table of routes and roles", r)
		}
	}
	for _, r := range known {
		if !slices.Contains(d.web.Routes(), r) {
			t.Errorf("%s is in the table and not in the server", r)
		}
	}
}

func TestRoutesByRole(t *testing.T) {
	d := openDesk(t)
	for _, p := range places(t, d) {
		method, _, _ := strings.Cut(p.route, " ")
		if p.may == "" {
			if res, _ := d.ask(t, "", method, p.url, p.form); res.StatusCode == 401 || res.StatusCode == 403 || res.StatusCode == 303 {
				t.Errorf("%s %s: %d for nobody, who may have it", method, p.url, res.StatusCode)
			}
			continue
		}
		res, _ := d.ask(t, "", method, p.url, p.form)
		if to := res.Header.Get("Location"); res.StatusCode != 303 || !strings.HasPrefix(to, "/login") {
			t.Errorf("%s %s: %d to %q for nobody, want the log-in", method, p.url, res.StatusCode, to)
		}
		for _, role := range strings.Fields(readers) {
			checkRole(t, d, p, method, role, strings.Contains(p.may, role))
		}
		if p.foreign {
			for _, role := range []string{"acme", "boss"} {
				if res, body := d.ask(t, role, method, p.url, d.with(t, role, p.form)); res.StatusCode != 404 && !(res.StatusCode == 403 && role == "acme" && !strings.Contains(p.may, "agent")) {
					t.Errorf("%s %s: %d for %s, want 404: it is another company's\n%.300s", method, p.url, res.StatusCode, role, body)
				}
			}
		}
	}
}

func checkRole(t *testing.T, d *desk, p place, method, role string, may bool) {
	t.Helper()
	if p.route == "POST /logout" || p.route == "POST /settings/profile/logins/end" { // they would end the login that the other cases need
		return
	}
	res, body := d.ask(t, role, method, p.url, d.with(t, role, p.form))
	switch refused, ofOthers := res.StatusCode == 403, strings.Contains(p.route, "/exports/:export"); {
	case may && (refused || res.StatusCode == 404 && !ofOthers || res.StatusCode >= 500):
		t.Errorf("%s %s: %d for %s, who may have it\n%.300s", method, p.url, res.StatusCode, role, body)
	case !may && !refused:
		t.Errorf("%s %s: %d for %s, want 403", method, p.url, res.StatusCode, role)
	}
	if method == "POST" {
		if res, _ := d.ask(t, role, method, p.url, p.form); res.StatusCode != 403 {
			t.Errorf("%s %s: %d without the form's token, want 403", method, p.url, res.StatusCode)
		}
		if res, _ := d.ask(t, role, method, p.url, d.with(t, role, p.form), "Sec-Fetch-Site", "cross-site"); res.StatusCode != 403 {
			t.Errorf("%s %s: %d from another site, want 403", method, p.url, res.StatusCode)
		}
	}
}

// with is form with the token of a member's login.
func (d *desk) with(t testing.TB, who string, form url.Values) url.Values {
	if form == nil {
		return nil
	}
	sent := url.Values{"csrf": {d.csrf(t, who)}}
	for name, values := range form {
		sent[name] = values
	}
	return sent
}

// TestMasterOfOneCompany may not touch what concerns all of them.
func TestMasterOfOneCompany(t *testing.T) {
	d := openDesk(t)
	for _, target := range []string{"/sanctions/lists", "/sanctions/runs"} {
		if res, _ := d.ask(t, "boss", "POST", target, d.with(t, "boss", url.Values{})); res.StatusCode != 403 {
			t.Errorf("POST %s: %d for a master of one company, want 403", target, res.StatusCode)
		}
	}
	_, body := d.ask(t, "boss", "GET", "/sessions", nil)
	if strings.Contains(body, "Orbit") {
		t.Error("the list of a member of Acme speaks of Orbit")
	}
	_, body = d.ask(t, "boss", "GET", "/activity", nil)
	if strings.Contains(body, "Orbit") || strings.Contains(body, "Adam Test</option>") {
		t.Error("the activity of a member of Acme speaks of others")
	}
}

func TestLogOut(t *testing.T) {
	d := openDesk(t)
	_, token, err := d.staff.LogIn(t.Context(), "auditor@test.example", password, staff.Browser{IP: "127.0.0.1", UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	d.tokens["leaver"] = token
	res, _ := d.ask(t, "leaver", "POST", "/logout", d.with(t, "leaver", url.Values{}))
	if cookie := res.Header.Get("Set-Cookie"); res.StatusCode != 303 || !strings.Contains(cookie, cookieName+"=;") {
		t.Errorf("log out: %d, cookie %q", res.StatusCode, cookie)
	}
	if res, _ := d.ask(t, "leaver", "GET", "/sessions", nil); res.StatusCode != 303 {
		t.Errorf("after the log out: %d, want the log-in", res.StatusCode)
	}
}
