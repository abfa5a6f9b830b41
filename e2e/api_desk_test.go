package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// awaiting hands a session in over the API that a human must look at, and returns its path.
func (c client) awaiting(reference string) string {
	c.t.Helper()
	body := strings.NewReplacer("api-1", reference, `"liveness_passed":true`, `"liveness_passed":false`).Replace(wholeSession)
	var got session.Session
	if c.want(201, "POST", "/sessions", body, &got); got.Status != session.AwaitingAction {
		c.t.Fatalf("the session is %s", got.Status)
	}
	return "/sessions/" + string(got.ID)
}

// TestAPIClaims: two programs and a member do not work on one session at once, and a repeated request
// does not take back what happened since.
func TestAPIClaims(t *testing.T) {
	d := openDesk(t)
	one, two := d.client(t, staff.Key{Company: demo.Acme, Write: true}), d.client(t, staff.Key{Company: demo.Acme, Write: true})
	manager, reader := d.client(t, staff.Key{Company: demo.Acme, Write: true, Settings: true}), d.client(t, staff.Key{Company: demo.Acme})
	path := one.awaiting("claims")
	var held session.Claim
	reader.want(404, "GET", path+"/claim", "", nil)
	one.want(200, "POST", path+"/claim", "", &held, "Idempotency-Key", "c1")
	reader.want(200, "GET", path+"/claim", "", &held)
	if !strings.HasPrefix(held.By, "key:") || held.Name != "test" {
		t.Errorf("held by %+v", held)
	}
	two.want(409, "POST", path+"/claim", "{}", nil)
	two.want(409, "POST", path+"/claim", `{"over":"key:nobody"}`, nil)
	two.want(409, "POST", path+"/release", "", nil)
	two.want(200, "POST", path+"/claim", `{"over":"`+held.By+`"}`, &held)
	one.want(200, "POST", path+"/claim", "", &held, "Idempotency-Key", "c1") // sent again by a client that saw no answer
	if now := held.By; now == "" || strings.HasSuffix(one.key, now) {
		t.Errorf("after the repeated request it is %q's", now)
	}
	one.want(409, "POST", path+"/claim", "{}", nil, "Idempotency-Key", "c1") // another request
	manager.want(204, "POST", path+"/release", "", nil, "Idempotency-Key", "r1")
	two.want(200, "POST", path+"/claim", "", nil)
	manager.want(204, "POST", path+"/release", "", nil, "Idempotency-Key", "r1")
	reader.want(200, "GET", path+"/claim", "", nil)

	ada, err := d.staff.ByEmail(t.Context(), "acme@test.example")
	orbit, err2 := d.staff.ByEmail(t.Context(), "orbit@test.example")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	two.want(403, "POST", path+"/assign", `{"member":"member:`+ada.ID+`"}`, nil)
	for _, wrong := range []string{"", "member:", "member:none", "member:" + orbit.ID} {
		if status, text := manager.send("POST", path+"/assign", "application/json", []byte(`{"member":"`+wrong+`"}`)); status != 422 || !strings.Contains(text, `"field":"member"`) {
			t.Errorf("assigned to %q: %d %s", wrong, status, text)
		}
	}
	manager.want(200, "POST", path+"/assign", `{"member":"member:`+ada.ID+`"}`, &held)
	if held.By != "member:"+ada.ID || held.AssignedBy != "test" {
		t.Errorf("assigned as %+v", held)
	}
	one.want(409, "POST", path+"/decision", `{"version":1,"decision":"verify"}`, nil)
}

func TestAPISettings(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Orbit, Settings: true})
	d.client(t, staff.Key{Company: demo.Orbit, Write: true}).want(403, "GET", "/settings", "", nil)
	status, file := api.send("GET", "/settings", "", nil)
	var before session.SettingsFile
	if err := json.Unmarshal([]byte(file), &before); err != nil || status != 200 || before.Company != demo.Orbit || before.Version < 1 {
		t.Fatalf("%d: %s", status, file)
	}
	with := func(version, age int, reason string) string {
		now := before
		now.Version, now.Settings.MinimumAge = version, age
		body, err := json.Marshal(struct {
			session.SettingsFile
			Reason string `json:"reason"`
		}{now, reason})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	age := before.Settings.MinimumAge + 1
	var got struct {
		session.SettingsFile
		Changed []session.Difference
	}
	api.want(200, "PUT", "/settings?dry_run=true", with(before.Version, age, ""), &got)
	if len(got.Changed) != 1 || got.Changed[0].Field != "minimum_age" || got.Version != before.Version {
		t.Errorf("would change %+v of version %d", got.Changed, got.Version)
	}
	for _, dry := range []string{"dry_run=yes", "dry_run=", "dry_run"} { // none of them may change anything
		if status, text := api.send("PUT", "/settings?"+dry, "application/json", []byte(with(before.Version, age, "trial"))); status != 422 || !strings.Contains(text, `"field":"dry_run"`) {
			t.Errorf("%s: %d %s", dry, status, text)
		}
	}
	api.want(409, "PUT", "/settings?dry_run=true", with(before.Version+1, age, ""), nil)
	for _, tt := range []struct {
		name, body, want string
		status           int
	}{
		{"no reason", with(before.Version, age, ""), `"field":"reason"`, 422},
		{"no version", with(0, age, "trial"), `"field":"version"`, 422},
		{"a version that is not there", with(before.Version+1, age, "trial"), `"conflict"`, 409},
		{"a wrong value", with(before.Version, -1, "trial"), `"field":"minimum_age"`, 422},
		{"a field that is none", `{"minimum_agee":1}`, `"field":"minimum_agee"`, 422},
		{"a part", fmt.Sprintf(`{"format":"dossier settings 1","version":%d,"reason":"trial","settings":{"minimum_age":30}}`, before.Version), `"invalid"`, 422},
		{"another format", strings.Replace(with(before.Version, age, "trial"), "dossier settings 1", "dossier settings 9", 1), `"field":"format"`, 422},
	} {
		if status, text := api.send("PUT", "/settings", "application/json", []byte(tt.body)); status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %d, want %d with %s: %s", tt.name, status, tt.status, tt.want, text)
		}
	}
	api.want(200, "PUT", "/settings", with(before.Version, age, "as the law asks"), &got)
	if got.Version != before.Version+1 || got.Settings.MinimumAge != age || len(got.Changed) != 1 {
		t.Errorf("saved as %+v", got)
	}
	api.want(409, "PUT", "/settings", with(before.Version, age+1, "over it"), nil)
	now, err := d.sessions.Company(t.Context(), session.System, demo.Orbit)
	if err != nil || now.Revision.Reason != "as the law asks" || !strings.HasPrefix(now.Revision.By, "key:") {
		t.Errorf("the history has %+v: %v", now.Revision, err)
	}
	api.want(200, "PUT", "/settings", with(got.Version, before.Settings.MinimumAge, "back again"), nil) // as other tests expect it
}

// TestAPISettingsDryRunRefuses: a dry run says what saving would say, here that sessions hold what is to go.
func TestAPISettingsDryRunRefuses(t *testing.T) {
	api := openDesk(t).client(t, staff.Key{Company: demo.Acme, Settings: true})
	var file session.SettingsFile
	api.want(200, "GET", "/settings", "", &file)
	file.Settings.Extra = nil
	body, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	if status, text := api.send("PUT", "/settings?dry_run=true", "application/json", body); status != 422 || !strings.Contains(text, "hide the field") {
		t.Errorf("%d %s", status, text)
	}
}

// TestAPIByRights is the table of endpoints and keys: each asks for the permission that its description
// names, and for no other.
func TestAPIByRights(t *testing.T) {
	d := openDesk(t)
	may := map[string]map[string]bool{
		"read":     {"read": true},
		"write":    {"read": true, "ingest": true, "decide": true},
		"settings": {"read": true, "manage": true},
		"lists":    {"read": true, "lists": true},
	}
	keys := map[string]client{"read": d.client(t, staff.Key{Company: demo.Acme}), "write": d.client(t, staff.Key{Company: demo.Acme, Write: true}),
		"settings": d.client(t, staff.Key{Company: demo.Acme, Settings: true}), "lists": d.client(t, staff.Key{Company: demo.Acme, Lists: true})}
	var api struct {
		Paths map[string]map[string]struct{ Description string }
	}
	keys["read"].want(200, "GET", "/openapi.json", "", &api)
	for path, methods := range api.Paths {
		for method, op := range methods {
			need := strings.TrimSuffix(strings.TrimPrefix(op.Description, "Needs the permission to "), ".")
			for name, c := range keys {
				// Nothing that the path names is there, so that what is allowed does nothing.
				status, text := c.send(strings.ToUpper(method), strings.NewReplacer("{", "", "}", "").Replace(path), "", nil)
				if status == 401 || (status == 403) == may[name][need] {
					t.Errorf("%s %s needs %s, and answers the key that may %s with %d: %s", method, path, need, name, status, text)
				}
			}
		}
	}
}
