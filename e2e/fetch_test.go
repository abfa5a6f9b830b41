package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// TestSlowList: a fetch that takes longer than a request goes on without it, and tells what came of it. The
// list is one of several of OpenSanctions, which pages and API call by its own name.
func TestSlowList(t *testing.T) {
	ready := make(chan struct{})
	publisher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-ready:
			fmt.Fprint(w, "id,type,name,aliases,birth_date,nationality,document_numbers,program\nP-1,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n")
		case <-r.Context().Done():
		}
	}))
	defer publisher.Close()
	d := demoDesk(t, map[string]string{"opensanctions_peps": publisher.URL}, server.Options{})
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true, Lists: true})
	const path = "/lists/opensanctions_peps"
	for _, wait := range []string{"99", "-1", "soon", "1e1"} {
		api.want(422, "POST", path+"/update?wait="+wait, "", nil)
	}
	api.want(422, "POST", path+"?force=yes", "", nil)
	var under struct{ List, Attempts string }
	api.want(202, "POST", path+"/update?wait=0", "", &under)
	if under.List != "opensanctions_peps" || under.Attempts != "/api/v1"+path+"/attempts" {
		t.Errorf("under way: %+v", under)
	}
	close(ready)
	var done struct {
		ID      string
		Same    bool
		Entries int
	}
	api.want(200, "POST", path+"/update", "", &done)
	if done.ID != "opensanctions_peps" || !done.Same || done.Entries != 1 {
		t.Errorf("fetched again: %+v", done)
	}
	var attempts struct{ Items []session.ListAttempt }
	api.want(200, "GET", path+"/attempts", "", &attempts)
	if len(attempts.Items) != 2 || attempts.Items[1].Result != session.AttemptNew {
		t.Errorf("attempts are %+v", attempts.Items)
	}
	for at, want := range map[string]string{"/sanctions/lists": "OpenSanctions · peps", "/sanctions/lists/opensanctions_peps": "OpenSanctions · peps",
		"/sanctions/fetches?list=opensanctions_peps": "value=\"opensanctions_peps\" selected", "/sanctions?list=opensanctions_peps": "value=\"opensanctions_peps\" selected",
		"/sanctions/suppressions": "value=\"opensanctions_peps\""} {
		if _, body := d.ask(t, "master", "GET", at, nil); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", at, want)
		}
	}
}

// TestOldListSaysSo: a list that was published long ago and loaded today counts as fresh, and the page and
// the API say that it is old.
func TestOldListSaysSo(t *testing.T) {
	d := demoDesk(t, nil, server.Options{})
	const un = `<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="%s"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Vasilon</FIRST_NAME><SECOND_NAME>Karmeides</SECOND_NAME><REFERENCE_NUMBER>QDi.1</REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>`
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true, Lists: true})
	for days, old := range map[int]bool{200: true, 3: false} {
		published := d.clock.Now().AddDate(0, 0, -days).UTC().Format("2006-01-02T15:04:05Z")
		status, answer := api.send("POST", "/lists/un_sc?force=true", "application/octet-stream", fmt.Appendf(nil, un, published))
		if status != 200 || strings.Contains(answer, `"published_long_ago":true`) != old || !strings.Contains(answer, `"stale":false`) {
			t.Errorf("published %d days ago: %d %s", days, status, answer)
		}
		_, page := d.ask(t, "master", "GET", "/sanctions/lists", nil)
		if strings.Contains(page, "Published more than 30 days ago: UN Security Council, 200 days ago") != old {
			t.Errorf("published %d days ago: the page says otherwise", days)
		}
	}
}

// TestRetiredListSaysWhy: the alerts that a retired list leaves say that, by whom and why, and the page of
// lists still leads to it.
func TestRetiredListSaysWhy(t *testing.T) {
	d := demoDesk(t, nil, server.Options{})
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true, Lists: true})
	var open struct{ Items []session.Alert }
	api.want(200, "GET", "/alerts?state=open", "", &open)
	if len(open.Items) == 0 {
		t.Fatal("no open alert")
	}
	res, _ := d.ask(t, "master", "POST", "/sanctions/lists/custom/retire", url.Values{"csrf": {d.csrf(t, "master")}, "reason": {"it was a trial"}})
	if res.StatusCode != 303 {
		t.Fatalf("retired: %d", res.StatusCode)
	}
	if err := d.sessions.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, alert := d.ask(t, "master", "GET", "/sanctions/alerts/"+open.Items[0].ID, nil)
	for _, want := range []string{"The list was taken out of force on", "it was a trial", "by Mira Test", "Nobody decided anything before the alert was closed."} {
		if !strings.Contains(alert, want) {
			t.Errorf("the alert does not say %q", want)
		}
	}
	if _, lists := d.ask(t, "master", "GET", "/sanctions/lists", nil); !strings.Contains(lists, `Taken out of force: <a href="/sanctions/lists/custom">`) {
		t.Error("the lists do not lead to the one that was retired")
	}
	if _, runs := d.ask(t, "master", "GET", "/sanctions/runs", nil); !strings.Contains(runs, "Own list taken out of force") {
		t.Error("the run does not say why it was")
	}
}
