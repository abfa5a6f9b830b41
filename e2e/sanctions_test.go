package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// upload sends a list file as a browser does.
func (d *desk) upload(t *testing.T, who, name string, data []byte, fields map[string]string) (*http.Response, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("csrf", d.csrf(t, who))
	for field, value := range fields {
		w.WriteField(field, value)
	}
	part, _ := w.CreateFormFile("file", name)
	part.Write(data)
	w.Close()
	req := httptest.NewRequest("POST", "/sanctions/lists", &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.AddCookie(&http.Cookie{Name: cookieName, Value: d.tokens[who]})
	res, err := d.web.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res, string(text)
}

// ownDesk is an appliance of the test's own, with one master.
func ownDesk(t *testing.T) *desk {
	t.Helper()
	d := emptyDesk(t, server.Options{})
	if _, err := d.staff.AddMember(t.Context(), staff.Member{Email: "m@test.example", Name: "Own Master", Role: staff.Master, Everyone: true}, password); err != nil {
		t.Fatal(err)
	}
	_, token, err := d.staff.LogIn(t.Context(), "m@test.example", password, staff.Browser{IP: "127.0.0.1", UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	d.tokens["m"] = token
	return d
}

func TestUploadList(t *testing.T) {
	d := ownDesk(t)
	if _, body := d.ask(t, "m", "GET", "/sanctions/lists", nil); !strings.Contains(body, "No list is loaded") {
		t.Error("an empty page does not say that no list is loaded")
	}
	res, body := d.upload(t, "m", "list.csv", []byte("not a list"), nil)
	if res.StatusCode != 422 || !strings.Contains(body, "refused") {
		t.Errorf("a broken file: %d", res.StatusCode)
	}
	if res, body := d.upload(t, "m", "list.csv", demo.ListCSV(), nil); res.StatusCode != 303 {
		t.Fatalf("a good file: %d\n%.500s", res.StatusCode, body)
	}
	if res, _ := d.upload(t, "m", "list.csv", demo.ListCSV(), nil); res.Header.Get("Location") != "/sanctions/lists?done=same" {
		t.Errorf("the same file again: to %q", res.Header.Get("Location"))
	}
	for _, own := range []string{"custom_Staff", "custom_", "../x"} {
		res, body := d.upload(t, "m", "list.csv", demo.ListCSV(), map[string]string{"own": own})
		if res.StatusCode != 422 || !strings.Contains(body, `class="field-problem">There is no list `+own) || !strings.Contains(body, `name="own" value="`+own+`"`) {
			t.Errorf("a list called %s: %d, without the problem beside the field", own, res.StatusCode)
		}
	}
	half := bytes.SplitAfter(demo.ListCSV(), []byte("\n"))
	small := bytes.Join(half[:len(half)/2], nil)
	if res, body := d.upload(t, "m", "small.csv", small, nil); res.StatusCode != 422 || !strings.Contains(body, "force") {
		t.Errorf("half a list: %d", res.StatusCode)
	}
	_, body = d.ask(t, "m", "GET", "/sanctions/fetches", nil)
	for _, want := range []string{"New version", "Not modified", "Refused", "entries where the one in force has"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of updates does not say %q", want)
		}
	}
	if res, body := d.upload(t, "m", "small.csv", small, map[string]string{"force": "true"}); res.StatusCode != 303 {
		t.Errorf("half a list, by force: %d\n%.500s", res.StatusCode, body)
	}
	_, body = d.ask(t, "m", "GET", "/sanctions/lists", nil)
	for _, want := range []string{"Own list", "small.csv", "Refused", "list.csv"} {
		if !strings.Contains(body, want) {
			t.Errorf("the lists: %q is missing", want)
		}
	}
	_, body = d.ask(t, "m", "GET", "/sanctions/lists/custom", nil)
	if history, _, _ := strings.Cut(body, "</table>"); strings.Count(history, "<tr>") != 3 { // the head and two versions
		t.Errorf("the history: %d rows", strings.Count(history, "<tr>")-1)
	}
}

// listVersion is the SHA-256 of the list in force.
func (d *desk) listVersion(t *testing.T, id string) string {
	t.Helper()
	lists, err := d.sessions.Lists(session.System)
	i := slices.IndexFunc(lists, func(l session.ListRecord) bool { return l.ID == id })
	if err != nil || i < 0 {
		t.Fatalf("there is no list %s: %v", id, err)
	}
	return lists[i].SHA256
}

// TestListProblems: whoever answers for the lists sees which records of a file were left out or taken in
// part, of each version that was in force, and can take out the file itself.
func TestListProblems(t *testing.T) {
	d := ownDesk(t)
	const rows = 1100 // more than are kept one by one
	list := []byte("id,type,name,aliases,birth_date,nationality,document_numbers,program\n,person,Without Anid,,,,,EXAMPLE\n")
	for n := range rows {
		list = fmt.Appendf(list, "X-%04d,person,Vasilon Karmeides,,sometime in %d,,,EXAMPLE\n", n, n)
	}
	if res, body := d.upload(t, "m", "list.csv", list, nil); res.StatusCode != 303 {
		t.Fatalf("the list: %d\n%.500s", res.StatusCode, body)
	}
	first := d.listVersion(t, "custom")
	if res, body := d.upload(t, "m", "list.csv", demo.ListCSV(), map[string]string{"force": "true"}); res.StatusCode != 303 {
		t.Fatalf("the list after it: %d\n%.500s", res.StatusCode, body)
	}
	at := "/sanctions/lists/custom/" + first
	if _, body := d.ask(t, "m", "GET", "/sanctions/lists/custom", nil); !strings.Contains(body, `<a href="`+at+`#h-problems">1,101</a>`) {
		t.Error("the history does not lead to the problems")
	}
	_, body := d.ask(t, "m", "GET", at, nil)
	for _, want := range []string{"a record without an id is left out", "line 2", "X-0000", "&#34;sometime in 0&#34; is not understood", "The first 200 of 1,000", "And 101 more, which are counted only", first} {
		if !strings.Contains(body, want) {
			t.Errorf("the version does not say %q", want)
		}
	}
	res, file := d.ask(t, "m", "GET", at+"/problems.csv", nil)
	if lines := strings.Count(file, "\r\n"); res.StatusCode != 200 || lines != 1001 || !strings.Contains(file, "X-0500,503,,") {
		t.Errorf("the CSV: %d, %d lines\n%.300s", res.StatusCode, lines, file)
	}
	if res, file := d.ask(t, "m", "GET", at+"/file", nil); file != string(list) || !strings.Contains(res.Header.Get("Content-Disposition"), "custom-"+first[:12]+".csv") {
		t.Errorf("the file: %d bytes of %d, %s", len(file), len(list), res.Header.Get("Content-Disposition"))
	}
	if _, body := d.ask(t, "m", "GET", "/sanctions/lists/custom/"+d.listVersion(t, "custom"), nil); !strings.Contains(body, "Every record of the file was taken as it stands") {
		t.Error("a sound version does not say so")
	}
	if res, _ := d.ask(t, "m", "GET", "/sanctions/lists/un_sc/"+first, nil); res.StatusCode != 404 {
		t.Errorf("a version of another list: %d", res.StatusCode)
	}
	if _, log := d.ask(t, "m", "GET", "/activity?action=export", nil); !strings.Contains(log, "list file") {
		t.Error("who took the file out is not on record")
	}

	api := d.client(t, staff.Key{Company: "acme", Lists: true})
	var versions struct{ Items []session.ListRecord }
	api.want(200, "GET", "/lists/custom/versions", "", &versions)
	if len(versions.Items) != 2 || versions.Items[1].SHA256 != first || versions.Items[1].Problems != rows+1 {
		t.Errorf("versions are %+v", versions.Items)
	}
	var v session.ListVersion
	api.want(200, "GET", "/lists/custom/versions/"+first, "", &v)
	if v.Problems != rows+1 || len(v.Found) != 1000 || v.Found[0].Line != 2 || v.Found[1].Entry != "X-0000" {
		t.Errorf("the version has %d problems, %d found, first %+v", v.Problems, len(v.Found), v.Found[:2])
	}
	api.want(404, "GET", "/lists/custom/versions/none", "", nil)
}

// TestRun starts a re-screening and follows it to its end.
func TestRun(t *testing.T) {
	d := ownDesk(t)
	res, _ := d.ask(t, "m", "POST", "/sanctions/runs", d.with(t, "m", url.Values{}))
	run := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(run, "/sanctions/runs/") {
		t.Fatalf("the start: %d to %q", res.StatusCode, run)
	}
	for _, stream := range []string{run + "/events", "/sanctions/runs/events"} {
		res, events := d.ask(t, "m", "GET", stream, nil) // until the server ends it
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") || !strings.HasSuffix(events, "event: over\ndata: \n\n") {
			t.Errorf("%s: %d, %q", stream, res.StatusCode, events)
		}
		last := events[strings.LastIndex(events, "event: piece"):]
		if !strings.Contains(last, "Done") || strings.Contains(last, "<html") {
			t.Errorf("%s ends with\n%s", stream, last)
		}
	}
	if _, body := d.ask(t, "m", "GET", run, nil); !strings.Contains(body, "Everybody is accounted for") || strings.Contains(body, "data-follow") {
		t.Errorf("the end of the run:\n%s", text(body))
	}
	if res, body := d.ask(t, "m", "POST", run+"/cancel", d.with(t, "m", url.Values{})); res.StatusCode != 409 || !strings.Contains(body, "The run is over") {
		t.Errorf("cancelling what is over: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "m", "GET", "/sanctions/runs/nothing", nil); res.StatusCode != 404 {
		t.Errorf("no such run: %d", res.StatusCode)
	}
}

// TestVerify walks the whole chain, without JavaScript.
func TestVerify(t *testing.T) {
	d := openDesk(t)
	res, body := d.ask(t, "auditor", "POST", "/activity/verify", d.with(t, "auditor", url.Values{}))
	if res.StatusCode != 200 || !strings.Contains(body, "The chain is whole") || !strings.Contains(body, "<!doctype html>") {
		t.Errorf("verify: %d", res.StatusCode)
	}
}
