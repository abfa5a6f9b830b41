package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
)

// A screen is a size at which pages are looked at.
type screen struct {
	name          string
	width, height int64
}

var screens = []screen{{"1440", 1440, 900}, {"768", 768, 1024}, {"390", 390, 844}, {"320", 320, 640}, {"2560", 2560, 1440}}

// TestShots writes a picture of every page at five widths, light and dark, to the folder
// DOSSIER_SHOTS. DOSSIER_SHOT, such as "session-*-light.png", takes only some; several are parted by blanks.
func TestShots(t *testing.T) {
	dir, only := os.Getenv("DOSSIER_SHOTS"), os.Getenv("DOSSIER_SHOT")
	if dir == "" {
		t.Skip("set DOSSIER_SHOTS to a folder for the pictures")
	}
	d := openDesk(t)
	b := openTab(t, d)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	in := false
	for _, p := range shotPages(t, d) {
		if !in && p.name != "login" {
			b.logIn("master")
			in = true
		}
		for _, s := range screens {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s-%s-%s.png", p.name, s.name, theme)
				if only != "" && !matches(only, name) {
					continue
				}
				b.look(s, theme)
				b.visit(p.path)
				if p.click != "" {
					b.click(p.click)
				}
				b.shoot(filepath.Join(dir, name))
			}
		}
	}
}

func matches(patterns, name string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		match, _ := filepath.Match(pattern, name)
		return match
	})
}

type shotPage struct {
	name, path string
	click      string // CSS selector of what is clicked first
}

func shotPages(t *testing.T, d *desk) []shotPage {
	awaiting := d.find(t, "awaiting action", func(s session.Session) bool {
		return s.Status == session.AwaitingAction && len(s.Photos) > 2 && len(s.Screening.Hits) == 0
	})
	hit := d.find(t, "a hit", func(s session.Session) bool { return len(s.Screening.Hits) > 0 && len(s.Photos) > 0 })
	faulty := d.find(t, "an MRZ error", func(s session.Session) bool { return len(s.Document.MRZErrors) > 0 && len(s.Photos) > 0 })
	many := d.find(t, "several attempts", func(s session.Session) bool { return len(s.Attempts) > 1 })
	at := func(s session.Session) string { return "/sessions/" + string(s.ID) }
	runs, err := d.sessions.RunRecords(t.Context(), session.System, 1)
	if err != nil || len(runs) == 0 {
		t.Fatal("there is no run", err)
	}
	agent, err := d.staff.ByEmail(t.Context(), "agent@test.example")
	if err != nil {
		t.Fatal(err)
	}
	told, err := d.sessions.AddWebhook(t.Context(), session.System, session.Webhook{Company: demo.Acme, URL: "http://127.0.0.1:1/dossier", Method: "POST", Events: session.HookEvents})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.sessions.TestWebhook(t.Context(), session.System, told.ID); err != nil {
		t.Fatal(err)
	}
	return []shotPage{
		{"webhooks", "/settings/webhooks?company=" + demo.Acme, ""}, {"webhook", "/settings/webhooks/" + told.ID, ""},
		{"login", "/login", ""}, {"sessions", "/sessions", ""}, {"filters", "/sessions", ".filters > summary"},
		{"nothing", "/sessions?q=zzzzqqq", ""}, {"awaiting", "/awaiting", ""}, {"rejections", "/rejections", ""},
		{"session", at(awaiting), ""}, {"session-reject", at(awaiting), `[data-open="d-reject"]`}, {"session-verify", at(awaiting), `[data-open="d-verify"]`},
		{"compare", at(awaiting) + "/compare", ""}, {"columns", "/sessions", ".found-row details:has(.column-choice) > summary"},
		{"bulk", "/sessions/reject?list=awaiting&pick=" + string(awaiting.ID) + "&pick=" + string(hit.ID), ""}, {"exports", "/exports", ""}, {"session-hit", at(hit), ""},
		{"session-mrz", at(faulty), ""}, {"attempts", at(many) + "/attempts", ""}, {"audit", at(hit) + "/audit", ""},
		{"edit", at(awaiting) + "/edit", ""}, {"alerts", "/sanctions?state=all", ""}, {"alert", "/sanctions/alerts/" + hit.Screening.Hits[0].Alert, ""},
		{"entry", "/sanctions/entry?list=custom&entry=" + hit.Screening.Hits[0].EntryID, ""},
		{"suppressions", "/sanctions/suppressions", ""}, {"suppression", "/sanctions/suppressions/" + d.suppression(t, demo.Orbit), ""},
		{"threshold", "/sanctions/threshold?threshold=0.7", ""},
		{"lists", "/sanctions/lists", ""}, {"fetches", "/sanctions/fetches", ""}, {"screening-report", "/sanctions/report", ""}, {"list", "/sanctions/lists/custom", ""}, {"runs", "/sanctions/runs", ""},
		{"run", "/sanctions/runs/" + runs[0].ID, ""}, {"activity", "/activity", ""}, {"dashboard", "/dashboard", ""}, {"missing", "/nothing-here", ""},
		{"members", "/settings/members", ""}, {"invite", "/settings/members/new", ""}, {"member", "/settings/members/" + agent.ID, ""},
		{"profile", "/settings/profile", ""}, {"enrol", "/settings/profile/authenticator", ""},
		{"apidocs", "/api/docs", ""}, {"system", "/settings/system", ""},
		{"settings-company", "/settings/company", ""}, {"settings-branding", "/settings/branding?company=orbit", ""}, {"settings-session", "/settings/session", ""}, {"settings-keys", "/settings/keys", ""},
		{"settings-rules", "/settings/rules", ""}, {"settings-preview", "/settings/rules", "button[value=preview]"}, {"settings-fields", "/settings/fields", ""},
		{"settings-reasons", "/settings/reasons?company=orbit", ""}, {"settings-countries", "/settings/countries?company=orbit", ""}, {"settings-sanctions", "/settings/sanctions", ""},
		{"erasure", "/settings/erasure", ""}, {"settings-retention", "/settings/retention", ""}, {"settings-history", "/settings/history", ""}, {"settings-version", "/settings/history/1", ""},
		{"settings-transfer", "/settings/transfer", ""}, {"settings-unsaved", "/settings/fields?company=orbit", "button[value=add]"},
	}
}
