package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
)

// company is one company as it is now.
func (d *desk) company(t *testing.T, slug string) session.Company {
	t.Helper()
	c, err := d.sessions.Company(t.Context(), session.System, slug)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// set sends a page of Settings as the master, with the version in force unless the form names one.
func (d *desk) set(t *testing.T, page, company string, form url.Values) (int, string) {
	t.Helper()
	sent := d.with(t, "master", form)
	if !sent.Has("version") {
		sent.Set("version", fmt.Sprint(d.company(t, company).Version))
	}
	res, body := d.ask(t, "master", "POST", "/settings/"+page+"?company="+company, sent)
	return res.StatusCode, body
}

// newSettingsDesk is a desk of its own, whose settings a test may change.
func newSettingsDesk(t *testing.T) *desk {
	t.Helper()
	d, err := newDesk(true, server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSettingsAreSavedAsVersions(t *testing.T) {
	d := newSettingsDesk(t)
	before := d.company(t, demo.Acme)
	status, body := d.set(t, "company", demo.Acme, url.Values{"name": {""}, "reason": {""}})
	if status != 422 || !strings.Contains(body, "Give a name of 1 to 120 characters.") || !strings.Contains(body, "Say why, in a few words") {
		t.Errorf("a form with nothing in it: %d\n%.2000s", status, body)
	}
	if now := d.company(t, demo.Acme); now.Version != before.Version {
		t.Errorf("a refused form made version %d", now.Version)
	}
	status, body = d.set(t, "company", demo.Acme, url.Values{"name": {"Acme Credit"}, "reason": {"The company was renamed."}})
	now := d.company(t, demo.Acme)
	if status != 303 || now.Name != "Acme Credit" || now.Version != before.Version+1 || now.Revision.Name != "Mira Test" || now.Revision.Reason != "The company was renamed." {
		t.Errorf("saved: %d, %q version %d by %+v\n%.600s", status, now.Name, now.Version, now.Revision, body)
	}
	status, body = d.set(t, "company", demo.Acme, url.Values{"name": {"Acme Bank"}, "reason": {"Another name."}, "version": {fmt.Sprint(before.Version)}})
	if status != 409 || !strings.Contains(body, `value="Acme Bank"`) || !strings.Contains(body, "The company was renamed.") || !strings.Contains(body, fmt.Sprintf(`name="version" value="%d"`, now.Version)) {
		t.Errorf("over an old version: %d\n%.3000s", status, body)
	}
}
