package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
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

// openSettingsDesk is a desk beside the one that all tests share, since its settings are changed. The
// tests of Settings change what differs, so that they share it among themselves.
var openSettingsDesk = sync.OnceValues(func() (*desk, error) { return newDesk(true, server.Options{}) })

func settingsDesk(t *testing.T) *desk {
	t.Helper()
	d, err := openSettingsDesk()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSettingsAreSavedAsVersions(t *testing.T) {
	d := settingsDesk(t)
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

// TestSettingsForms saves each page of controls, and has what is wrong come back beside its field.
func TestSettingsForms(t *testing.T) {
	d := settingsDesk(t)
	rules := url.Values{"awaiting_action": {"on"}, "liveness_required": {"on"}, "full_mrz": {"on"}, "compare_front_back": {"on"}, "min_face_match": {"4"},
		"min_match_confidence": {"80"}, "max_front_back_edits": {"2"}, "minimum_age": {"18"}}
	for _, r := range session.Rules {
		rules.Set("severities."+r.Code, string(r.Severity))
	}
	for _, tt := range []struct {
		page    string
		typed   url.Values // over what the page has
		problem string     // "" is saved
		saved   func(session.Settings) bool
	}{
		{"session", url.Values{"max_attempts": {"five"}, "max_minutes": {"30"}, "liveness": {"3d"}, "documents": {"passport"}}, "Write a whole number.", nil},
		{"session", url.Values{"max_attempts": {"5"}, "max_minutes": {"30"}, "liveness": {"3d"}}, "Allow at least one type.", nil},
		{"session", url.Values{"max_attempts": {"5"}, "max_minutes": {"30"}, "liveness": {"3d"}, "documents": {"passport", "id_card"}, "support": {"help@orbit.example"}}, "",
			func(s session.Settings) bool {
				return s.MaxAttempts == 5 && s.Liveness == session.Liveness3D && len(s.Documents) == 2 && s.Support == "help@orbit.example"
			}},
		{"rules", merge(rules, "minimum_age", "200"), "Use 0 to 120.", nil},
		{"rules", merge(rules, "severities.id_spoofed", "maybe"), "Use info, review or reject.", nil},
		{"rules", merge(rules, "severities.id_spoofed", "reject"), "", func(s session.Settings) bool {
			return len(s.Severities) == 1 && s.Severities["id_spoofed"] == session.Reject && !s.ReviewAll
		}},
		{"sanctions", url.Values{"screen": {"on"}, "severities.sanctions_hit": {"reject"}, "severities.lists_stale": {"review"}, "weak_aliases_muted": {"un_sc"}, "four_eyes": {"most"}}, "Use off, sanctions or all.", nil},
		{"sanctions", url.Values{"screen": {"on"}, "severities.sanctions_hit": {"reject"}, "severities.lists_stale": {"review"}, "weak_aliases_muted": {"un_sc"}, "four_eyes": {"all"}}, "",
			func(s session.Settings) bool { return s.FourEyes == session.FourEyesAll && len(s.WeakMuted) == 1 }},
		{"retention", url.Values{"photo_days": {"-1"}, "record_days": {"10"}}, "Use 0 to 36600.", nil},
		{"retention", url.Values{"photo_days": {"30"}, "record_days": {"400"}}, "", func(s session.Settings) bool { return s.PhotoDays == 30 && s.RecordDays == 400 }},
		{"branding", url.Values{"colour": {"red"}, "pdf_footer": {"Registered in Exampleland"}}, "Write a colour as #rrggbb.", nil},
		{"branding", url.Values{"colour": {"#ffee00"}, "pdf_footer": {"Registered in Exampleland"}}, "", func(s session.Settings) bool { return s.Colour == "#ffee00" && s.PDFFooter != "" }},
	} {
		before := d.company(t, demo.Orbit)
		status, body := d.set(t, tt.page, demo.Orbit, merge(tt.typed, "reason", "A test of the page."))
		now := d.company(t, demo.Orbit)
		switch {
		case tt.problem != "" && (status != 422 || now.Version != before.Version || !strings.Contains(body, tt.problem) || !strings.Contains(body, `aria-invalid="true"`) || !strings.Contains(body, "A test of the page.")):
			t.Errorf("%s with %v: %d, version %d after %d, without %q", tt.page, tt.typed, status, now.Version, before.Version, tt.problem)
		case tt.problem == "" && (status != 303 || now.Version != before.Version+1 || !tt.saved(now.Settings)):
			t.Errorf("%s with %v: %d, version %d after %d: %+v", tt.page, tt.typed, status, now.Version, before.Version, now.Settings)
		}
	}
	if _, body := d.ask(t, "master", "GET", "/settings/branding?company="+demo.Orbit, nil); !strings.Contains(body, "Too faint on the light ground") {
		t.Error("a yellow accent passes for readable on white")
	}
}

// merge is form with one more value.
func merge(form url.Values, name, value string) url.Values {
	all := url.Values{name: {value}}
	for n, values := range form {
		if n != name {
			all[n] = values
		}
	}
	return all
}

// TestWeakAliasesOfFurtherLists: each list has its switch, those beside the ones that every installation
// knows too, and saving the page drops none.
func TestWeakAliasesOfFurtherLists(t *testing.T) {
	d := settingsDesk(t)
	if _, err := d.sessions.UpdateList(t.Context(), session.System, session.ListUpdate{List: "opensanctions_peps", Source: "peps.csv", Raw: demo.ListCSV()}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"screen": {"on"}, "severities.sanctions_hit": {"review"}, "severities.lists_stale": {"review"}, "four_eyes": {"off"},
		"weak_aliases_muted": {"un_sc", "opensanctions_peps"}, "reason": {"Too many alerts on weak aliases."}}
	if status, body := d.set(t, "sanctions", demo.Acme, form); status != 303 {
		t.Fatalf("saving: %d\n%.2000s", status, body)
	}
	if muted := d.company(t, demo.Acme).Settings.WeakMuted; !slices.Equal(muted, []string{"un_sc", "opensanctions_peps"}) {
		t.Errorf("muted are %v", muted)
	}
	if _, err := d.sessions.RetireList(t.Context(), session.System, "opensanctions_peps", "no longer used"); err != nil {
		t.Fatal(err)
	}
	_, body := d.ask(t, "master", "GET", "/settings/sanctions?company="+demo.Acme, nil)
	for _, want := range []string{`value="opensanctions_peps" checked`, `value="un_sc" checked`, `OpenSanctions · peps`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

func TestSettingsPreview(t *testing.T) {
	d := settingsDesk(t)
	form := url.Values{"do": {"preview"}, "max_attempts": {"3"}, "max_minutes": {"20"}, "liveness": {"either"}, "documents": {"passport"}}
	before := d.company(t, demo.Acme)
	status, body := d.set(t, "session", demo.Acme, form)
	_, shown, _ := strings.Cut(body, "Preview, nothing is saved yet")
	shown, _, _ = strings.Cut(shown, "</section>")
	if status != 200 || !strings.Contains(shown, "would have come out otherwise") || !strings.Contains(shown, `>Rejected</span>`) || !strings.Contains(shown, `href="/sessions/`) {
		t.Errorf("passports only: %d\n%.2000s", status, shown)
	}
	if now := d.company(t, demo.Acme); now.Version != before.Version {
		t.Error("the preview saved something")
	}
	form["documents"] = nil
	if status, body := d.set(t, "session", demo.Acme, form); status != 422 || !strings.Contains(body, "Allow at least one type.") {
		t.Errorf("preview of what cannot be saved: %d", status)
	}
}

func TestSettingsRows(t *testing.T) {
	d := settingsDesk(t)
	row := url.Values{"rows": {"1"}, "country.0": {"prk"}, "nationality.0": {"reject"}, "client_ip.0": {"review"}}
	status, body := d.set(t, "countries", demo.Acme, merge(row, "do", "add"))
	if status != 200 || !strings.Contains(body, `name="country.1"`) || !strings.Contains(body, `value="PRK"`) || !strings.Contains(body, "Not saved yet") {
		t.Errorf("add a row: %d", status)
	}
	if status, body := d.set(t, "countries", demo.Acme, merge(row, "country.0", "Narnia")); status != 422 || !strings.Contains(body, "Use the ISO 3166-1 alpha-3 code.") || !strings.Contains(body, `value="NARNIA"`) {
		t.Errorf("a country that is none: %d", status)
	}
	status, _ = d.set(t, "countries", demo.Acme, merge(row, "reason", "FATF list of October"))
	if risk := d.company(t, demo.Acme).Settings.HighRisk; status != 303 || len(risk) != 1 || risk[0] != (session.HighRisk{Country: "PRK", Nationality: session.Reject, ClientIP: session.Review}) {
		t.Errorf("saved: %d, %+v", status, risk)
	}

	status, body = d.set(t, "reasons", demo.Acme, url.Values{"rows": {"2"}, "name.0": {"Mule"}, "group.0": {"Suspected fraud"}, "name.1": {"Mule"}, "group.1": {"Spam"}, "do": {"up:1"}})
	if first, second := strings.Index(body, `value="Spam" selected`), strings.Index(body, `value="Suspected fraud" selected`); status != 200 || first < 0 || second < first {
		t.Errorf("moved up: %d, Spam at %d, fraud at %d", status, first, second)
	}
	status, _ = d.set(t, "reasons", demo.Acme, url.Values{"rows": {"1"}, "name.0": {"Mule"}, "group.0": {"Suspected fraud"}, "reason": {"Wanted for the report"}})
	open := d.find(t, "Acme's, awaiting action", func(s session.Session) bool { return s.Company == demo.Acme && s.Status == session.AwaitingAction })
	if _, page := d.ask(t, "master", "GET", "/sessions/"+string(open.ID), nil); status != 303 || !strings.Contains(page, `name="tags" value="Mule"`) {
		t.Errorf("the new reason is not offered (saved: %d)", status)
	}

	// A field that sessions have values of stays, or is hidden; another may go.
	fields := d.company(t, demo.Acme).Settings.Extra
	kept := url.Values{"rows": {"1"}, "key.0": {fields[0].Key}, "label.0": {fields[0].Label}, "type.0": {fields[0].Type}, "reason": {"Fewer questions"}}
	if status, body := d.set(t, "fields", demo.Acme, kept); status != 422 || !strings.Contains(body, "hide the field, its values stay") {
		t.Errorf("drop fields in use: %d", status)
	}
	if len(d.company(t, demo.Acme).Settings.Extra) != len(fields) {
		t.Error("fields in use were dropped")
	}
}

func TestExtraFieldInLists(t *testing.T) {
	d := settingsDesk(t)
	c := d.company(t, demo.Acme)
	c.Settings.Extra = append(c.Settings.Extra[:0:0], c.Settings.Extra...)
	c.Settings.Extra[0].InLists = true
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, c, "a column for the desk"); err != nil {
		t.Fatal(err)
	}
	column := `<th scope="col">` + c.Settings.Extra[0].Label + "</th>"
	if _, body := d.ask(t, "master", "GET", "/sessions?company="+demo.Acme, nil); !strings.Contains(body, column) {
		t.Error("the list of the company has no column for the field")
	}
	if _, body := d.ask(t, "master", "GET", "/sessions", nil); strings.Contains(body, column) {
		t.Error("the list of all companies has a column of one")
	}
}

func TestSettingsHistoryAndTransfer(t *testing.T) {
	d := settingsDesk(t)
	first := d.company(t, demo.Acme)
	if status, _ := d.set(t, "retention", demo.Acme, url.Values{"photo_days": {"30"}, "record_days": {"400"}, "reason": {"New <policy>"}}); status != 303 {
		t.Fatalf("saved with %d", status)
	}
	_, body := d.ask(t, "auditor", "GET", "/settings/history?company="+demo.Acme, nil)
	if !strings.Contains(body, "New &lt;policy&gt;") || !strings.Contains(body, "Photos are kept, in days, Records are kept, in days") || !strings.Contains(body, "Mira Test") {
		t.Errorf("the history:\n%.3000s", body)
	}
	_, body = d.ask(t, "auditor", "GET", fmt.Sprintf("/settings/history/%d?company=%s", first.Version+1, demo.Acme), nil)
	if !strings.Contains(body, `<td class="wrap" data-label="Before">1825</td><td class="wrap" data-label="After">400</td>`) {
		t.Errorf("the difference:\n%.4000s", body)
	}
	if res, _ := d.ask(t, "auditor", "GET", "/settings/history/99?company="+demo.Acme, nil); res.StatusCode != 404 {
		t.Errorf("a version that is not there: %d", res.StatusCode)
	}
	judged := d.find(t, "Acme's, judged", func(s session.Session) bool { return s.Company == demo.Acme && s.RulesVersion > 0 })
	if _, page := d.ask(t, "auditor", "GET", "/sessions/"+string(judged.ID), nil); !strings.Contains(page, fmt.Sprintf("/settings/history/%d?company=acme", judged.RulesVersion)) {
		t.Error("a session does not lead to the version that judged it")
	}

	_, file := d.ask(t, "master", "GET", "/settings/export.json?company="+demo.Acme, nil)
	status, body := d.set(t, "transfer", demo.Acme, url.Values{"settings": {strings.Replace(file, `"min_face_match"`, `"min_face_mach"`, 1)}})
	if status != 422 || !strings.Contains(body, "min_face_mach") {
		t.Errorf("an unknown field: %d", status)
	}
	status, body = d.set(t, "transfer", demo.Acme, url.Values{"settings": {strings.Replace(file, `"min_face_match": 4`, `"min_face_match": 9`, 1)}})
	if status != 422 || !strings.Contains(body, "Use 1 to 7.") {
		t.Errorf("a wrong value: %d", status)
	}
	changed := strings.Replace(file, `"minimum_age": 18`, `"minimum_age": 21`, 1)
	status, body = d.set(t, "transfer", demo.Acme, url.Values{"settings": {changed}})
	if status != 200 || !strings.Contains(body, `data-label="After">21</td>`) || d.company(t, demo.Acme).Settings.MinimumAge != 18 {
		t.Errorf("the difference before it applies: %d", status)
	}
	status, _ = d.set(t, "transfer", demo.Acme, url.Values{"settings": {changed}, "do": {"save"}, "reason": {"As in the group"}})
	if now := d.company(t, demo.Acme); status != 303 || now.Settings.MinimumAge != 21 || now.Name != first.Name {
		t.Errorf("imported: %d, %+v", status, now.Settings)
	}
}

func TestAPIKeyPage(t *testing.T) {
	d := settingsDesk(t)
	if status, body := d.set(t, "keys", demo.Acme, url.Values{"name": {""}, "rights": {"read"}}); status != 422 || !strings.Contains(body, "a name of 1 to 120 characters") {
		t.Errorf("a key without a name: %d", status)
	}
	status, body := d.set(t, "keys", demo.Acme, url.Values{"name": {"website"}, "rights": {"write"}})
	_, secret, _ := strings.Cut(body, `<pre class="example" tabindex="0">`)
	secret, _, _ = strings.Cut(secret, "</pre>")
	if res, _ := d.ask(t, "", "GET", "/api/v1/sessions", nil, "Authorization", "Bearer "+secret); status != 200 || res.StatusCode != 200 {
		t.Fatalf("the key: %d, used: %d", status, res.StatusCode)
	}
	_, body = d.ask(t, "master", "GET", "/settings/keys?company="+demo.Acme, nil)
	if strings.Contains(body, secret) || !strings.Contains(body, "website") || !strings.Contains(body, "just now") {
		t.Error("the list shows the secret, or not the key and its use")
	}
	id := strings.TrimPrefix(strings.Split(secret, ".")[0], "dk_")
	if status, _ := d.set(t, "keys/"+id+"/revoke", demo.Acme, url.Values{}); status != 303 {
		t.Errorf("revoke: %d", status)
	}
	if res, _ := d.ask(t, "", "GET", "/api/v1/sessions", nil, "Authorization", "Bearer "+secret); res.StatusCode != 401 {
		t.Errorf("a revoked key: %d", res.StatusCode)
	}
	res, _ := d.ask(t, "boss", "POST", "/settings/keys?company="+demo.Acme, d.with(t, "boss", url.Values{"name": {"x"}, "rights": {"lists"}}))
	if res.StatusCode != 422 {
		t.Errorf("a master of one company makes a key for everybody's lists: %d", res.StatusCode)
	}
}
