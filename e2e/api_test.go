package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// A client asks the API with a key.
type client struct {
	t    testing.TB
	desk *desk
	key  string
}

func (d *desk) client(t testing.TB, k staff.Key) client {
	t.Helper()
	k.Name = "test"
	_, key, err := d.staff.AddKey(t.Context(), staff.Operator, k)
	if err != nil {
		t.Fatal(err)
	}
	return client{t, d, key}
}

// send returns status and body of one request; headers come in pairs.
func (c client) send(method, path, media string, body []byte, header ...string) (int, string) {
	c.t.Helper()
	req := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(body))
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.desk.web.Test(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

// want sends JSON, wants the status, and decodes the answer into v.
func (c client) want(status int, method, path, body string, v any, header ...string) {
	c.t.Helper()
	got, answer := c.send(method, path, "application/json", []byte(body), header...)
	if got != status {
		c.t.Fatalf("%s %s answers %d, want %d: %s", method, path, got, status, answer)
	}
	if v != nil {
		if err := json.Unmarshal([]byte(answer), v); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

const wholeSession = `{"reference":"api-1","finish":true,"person":{"first_name":"Greta","last_name":"Unrelated","birth_date":"1990-01-02"},
 "document":{"type":"id_card"},"checks":{"liveness_passed":true,"face_match_level":6},"activity":{"user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"}}`

func TestAPIRefusals(t *testing.T) {
	d := openDesk(t)
	foreign := d.find(t, "Orbit's", func(s session.Session) bool { return s.Company == demo.Orbit && len(s.Photos) > 0 })
	id := string(foreign.ID)
	writer, reader, nobody := d.client(t, staff.Key{Company: demo.Acme, Write: true}), d.client(t, staff.Key{Company: demo.Acme}), client{t: t, desk: d}
	manager := d.client(t, staff.Key{Company: demo.Acme, Settings: true})
	tests := []struct {
		name         string
		who          client
		method, path string
		media, body  string
		status       int
		want         string
	}{
		{"no key", nobody, "GET", "/sessions", "", "", 401, `"code":"unauthorized"`},
		{"a made-up key", client{t, d, "dk_x.y"}, "GET", "/sessions", "", "", 401, `"unauthorized"`},
		{"a key that only reads", reader, "POST", "/sessions", "application/json", "{}", 403, `"forbidden"`},
		{"lists without the right", writer, "POST", "/lists/custom", "", "id,type,name\n", 403, `"forbidden"`},
		{"rescreening without the right", writer, "POST", "/rescreenings", "", "", 403, `"forbidden"`},
		{"no route", writer, "GET", "/nope", "", "", 404, `/api/docs`},
		{"empty body", writer, "POST", "/sessions", "application/json", "", 422, "empty"},
		{"not JSON", writer, "POST", "/sessions", "application/json", "{", 422, "cut short"},
		{"two values", writer, "POST", "/sessions", "application/json", "{} {}", 422, "more after the end"},
		{"a form", writer, "POST", "/sessions", "application/x-www-form-urlencoded", "a=b", 422, "application/json"},
		{"unknown field", writer, "POST", "/sessions", "application/json", `{"refrence":"x"}`, 422, `"field":"refrence"`},
		{"a field of ours", writer, "POST", "/sessions", "application/json", `{"status":"success"}`, 422, "leave it out"},
		{"a wrong type", writer, "POST", "/sessions", "application/json", `{"checks":{"face_match_level":"high"}}`, 422, `"field":"checks.face_match_level"`},
		{"a wrong date", writer, "POST", "/sessions", "application/json", `{"person":{"birth_date":"1990-13-01"}}`, 422, `"field":"person.birth_date"`},
		{"an unknown extra key", writer, "POST", "/sessions", "application/json", `{"extra":{"shoe":1}}`, 422, `"field":"extra.shoe"`},
		{"another company", writer, "POST", "/sessions", "application/json", `{"company":"orbit"}`, 422, `"field":"company"`},
		{"a broken photo", writer, "PUT", "/sessions/" + id + "/photos/portrait", "image/jpeg", "\xff\xd8nothing", 422, "not a JPEG"},
		{"a foreign session", writer, "GET", "/sessions/" + id, "", "", 404, `"not_found"`},
		{"a foreign photo", writer, "GET", "/sessions/" + id + "/photos/" + foreign.Photos[0].SHA256, "", "", 404, `"not_found"`},
		{"a foreign report", writer, "GET", "/sessions/" + id + "/report.pdf", "", "", 404, `"not_found"`},
		{"a foreign audit log", writer, "GET", "/sessions/" + id + "/audit", "", "", 404, `"not_found"`},
		{"a foreign submission", writer, "POST", "/sessions/" + id + "/submission", "application/json", "{}", 404, `"not_found"`},
		{"a foreign decision", writer, "POST", "/sessions/" + id + "/decision", "application/json", `{"version":1,"decision":"verify"}`, 404, `"not_found"`},
		{"a foreign edit", writer, "PATCH", "/sessions/" + id, "application/json", `{"person":{"first_name":"X"},"reason":"y"}`, 404, `"not_found"`},
		{"who works on a foreign session", writer, "GET", "/sessions/" + id + "/claim", "", "", 404, `"not_found"`},
		{"a claim on a foreign session", writer, "POST", "/sessions/" + id + "/claim", "", "", 404, `"not_found"`},
		{"giving a foreign session back", writer, "POST", "/sessions/" + id + "/release", "", "", 404, `"not_found"`},
		{"giving a foreign session out", manager, "POST", "/sessions/" + id + "/assign", "application/json", `{"member":"member:x"}`, 404, `"not_found"`},
		{"an id that is none", writer, "GET", "/sessions/x", "", "", 404, `"not_found"`},
		{"a filter that is none", writer, "GET", "/sessions?status=happy", "", "", 422, `"field":"status"`},
		{"a limit that is none", writer, "GET", "/sessions?limit=1000", "", "", 422, `"field":"limit"`},
		{"a cursor that is none", writer, "GET", "/sessions?cursor=%00%ff", "", "", 422, `"invalid"`},
		{"a zone of a wrong length", writer, "POST", "/mrz/check", "application/json", `{"mrz":["P<UTO"]}`, 422, "unrecognized document format"},
		{"nobody to screen", writer, "POST", "/screen", "application/json", `{}`, 422, `"field":"full_name"`},
		{"a filter that nobody knows", writer, "GET", "/sessions?statuss=rejected", "", "", 422, `"field":"statuss"`},
		{"no UTF-8", writer, "POST", "/sessions", "application/json", "{\"reference\":\"\xff\"}", 422, "UTF-8"},
		{"half a surrogate", writer, "POST", "/sessions", "application/json", `{"reference":"\ud800"}`, 422, `"field":"reference"`},
		{"text that turns around", writer, "POST", "/sessions", "application/json", `{"person":{"first_name":"A\u202Egnp"}}`, 422, `"field":"person.first_name"`},
		{"null", writer, "POST", "/sessions", "application/json", "null", 422, "no object"},
		{"a state that is none", writer, "GET", "/alerts?state=bogus", "", "", 422, `"field":"state"`},
		{"a filter cut in half", writer, "GET", "/sessions?status=rejected&q=a;b", "", "", 422, `"field":"q"`},
		{"a run that is none", writer, "GET", "/rescreenings/x", "", "", 404, `"not_found"`},
		{"an alert that is none", writer, "GET", "/alerts/x", "", "", 404, `"not_found"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.who.t = t
			status, answer := tt.who.send(tt.method, tt.path, tt.media, []byte(tt.body))
			if status != tt.status || !strings.Contains(answer, tt.want) {
				t.Errorf("answers %d, want %d with %s: %s", status, tt.status, tt.want, answer)
			}
			var p struct {
				Title, Detail, Code string
				Status              int
			}
			if err := json.Unmarshal([]byte(answer), &p); err != nil || p.Status != status || p.Title == "" || p.Detail == "" || p.Code == "" {
				t.Errorf("no problem details: %s", answer)
			}
		})
	}
}

func TestAPISessionFromStartToDecision(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true})
	var got session.Session
	api.want(201, "POST", "/sessions", `{"reference":"api-0","locale":"de"}`, &got)
	path := "/sessions/" + string(got.ID)
	if status, answer := api.send("PUT", path+"/photos/selfie", "image/png", picture(t)); status != 200 {
		t.Fatalf("photo: %d %s", status, answer)
	}
	if status, data := api.send("GET", path+"/photos/selfie", "", nil); status != 200 || data != string(picture(t)) {
		t.Errorf("the photo comes back as %d, %d bytes", status, len(data))
	}
	api.want(200, "POST", path+"/submission", strings.Replace(wholeSession, `"liveness_passed":true`, `"liveness_passed":false`, 1), &got)
	if got.Status != session.AwaitingAction || got.Activity.UserAgent.DeviceType != "mobile" || len(got.Photos) != 1 {
		t.Errorf("finished as %s on %+v with %d photos", got.Status, got.Activity.UserAgent, len(got.Photos))
	}
	api.want(409, "POST", path+"/submission", `{"reference":"late"}`, nil)
	api.want(200, "PATCH", path, `{"person":{"place_of_birth":"Zenith","local":{"first_name":"Грета"}},"reason":"as on the card"}`, &got)
	if got.Person.PlaceOfBirth != "Zenith" || got.Person.Local.Full() != "Грета" || len(got.Person.Edits) != 2 {
		t.Errorf("edited as %+v", got.Person)
	}
	decision := fmt.Sprintf(`{"version":%d,"decision":"reject","tags":["Fake"],"note":"a mask"}`, got.Version)
	api.want(409, "POST", path+"/decision", strings.Replace(decision, fmt.Sprint(got.Version), "1", 1), nil)
	api.want(200, "POST", path+"/decision", decision, &got, "Idempotency-Key", "d1")
	api.want(200, "POST", path+"/decision", decision, &got, "Idempotency-Key", "d1")
	if got.Status != session.Rejected || len(got.Notes) != 2 {
		t.Errorf("decided twice under one key: %s with notes %+v", got.Status, got.Notes)
	}
	var page struct {
		Items []session.Session
		Total int
	}
	for range 100 { // the index may lag on a busy machine
		if api.want(200, "GET", "/sessions?q=api-1", "", &page); page.Total > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if page.Total != 1 || page.Items[0].ID != got.ID {
		t.Errorf("found %d", page.Total)
	}
	var log struct{ Items []session.Event }
	api.want(200, "GET", path+"/audit", "", &log)
	if len(log.Items) < 6 || log.Items[0].Action != session.ActRejected {
		t.Errorf("the audit log is %+v", log.Items)
	}
	if status, pdf := api.send("GET", path+"/report.pdf", "", nil); status != 200 || !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("report: %d, %.20q", status, pdf)
	}
}

func TestAPIIdempotency(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true})
	body := strings.Replace(wholeSession, "api-1", "api-once", 1)
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			var got session.Session
			status, answer := api.send("POST", "/sessions", "application/json", []byte(body), "Idempotency-Key", "k-1")
			if err := json.Unmarshal([]byte(answer), &got); err != nil || status != 201 {
				t.Errorf("%d: %s", status, answer)
			}
			ids[i] = string(got.ID)
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("one key made %v", ids)
			break
		}
	}
	api.want(409, "POST", "/sessions", strings.Replace(body, "Greta", "Berta", 1), nil, "Idempotency-Key", "k-1")
}

func TestAPIMultipart(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true})
	body := func(parts map[string][]byte) (string, []byte) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for name, data := range parts {
			part, err := w.CreateFormFile(name, name+".jpg")
			if name == "session" {
				part, err = w.CreateFormField(name)
			}
			if err != nil {
				t.Fatal(err)
			}
			part.Write(data)
		}
		w.Close()
		return w.FormDataContentType(), b.Bytes()
	}
	media, data := body(map[string][]byte{"session": []byte(wholeSession), "portrait": picture(t), "document_front": picture(t)})
	status, answer := api.send("POST", "/sessions", media, data)
	var got session.Session
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != 201 || len(got.Photos) != 2 {
		t.Fatalf("%d, %d photos: %s", status, len(got.Photos), answer)
	}
	for range 6 {
		status, answer = api.send("POST", "/sessions", media, data, "Idempotency-Key", "multipart")
		var again session.Session
		if err := json.Unmarshal([]byte(answer), &again); err != nil || status != 201 {
			t.Fatalf("the same again under a key: %d %s", status, answer)
		}
	}
	media, data = body(map[string][]byte{"session": []byte(wholeSession), "portrait": picture(t)[:60]})
	if status, answer := api.send("POST", "/sessions", media, data); status != 422 || !strings.Contains(answer, `"field":"photos.portrait"`) {
		t.Errorf("a truncated photo: %d %s", status, answer)
	}
	media, data = body(map[string][]byte{"portrait": picture(t)})
	if status, answer := api.send("POST", "/sessions", media, data); status != 422 || !strings.Contains(answer, `"field":"session"`) {
		t.Errorf("without the session: %d %s", status, answer)
	}
	if status, _ := api.send("POST", "/sessions", "multipart/form-data; boundary=x", []byte("--x\r\nbroken")); status != 422 {
		t.Errorf("a broken multipart body: %d", status)
	}
}

func TestAPIQuestions(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Acme, Lists: true})
	var zone struct {
		Format string
		Valid  bool
		Fields map[string]string
		Errors []struct{ Category, Error, Field string }
	}
	api.want(200, "POST", "/mrz/check", `{"mrz":["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<","L898902C46UTO7408122F1204159ZE184226B<<<<<10"]}`, &zone)
	if zone.Format != "TD3" || zone.Valid || zone.Fields["last_name"] != "ERIKSSON" || len(zone.Errors) != 2 ||
		zone.Errors[0].Category != "Document number check digit" || zone.Errors[0].Error != "invalid check digit: 6. Must be 7" {
		t.Errorf("the zone is %+v", zone)
	}
	var result session.Screening
	api.want(200, "POST", "/screen", `{"full_name":"Lomtadze Irakli","birth_date":"1985-04-09"}`, &result)
	if result.Status != session.PotentialMatch || len(result.Hits) == 0 || len(result.Hits[0].Reasons) == 0 || result.Lists[0].SHA256 == "" {
		t.Errorf("screened as %+v", result)
	}
	var run session.Run
	api.want(202, "POST", "/rescreenings", "", &run, "Idempotency-Key", "run-1")
	api.want(200, "GET", "/rescreenings/"+run.ID, "", &run)
	if err := d.sessions.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	var again, other session.Run
	api.want(202, "POST", "/rescreenings", "", &again, "Idempotency-Key", "run-1") // sent again by a client that saw no answer
	api.want(202, "POST", "/rescreenings", "", &other, "Idempotency-Key", "run-2")
	if again.ID != run.ID || again.Status != session.RunDone || other.ID == run.ID {
		t.Errorf("the run %s is asked for again: %s is %s; and anew: %s", run.ID, again.ID, again.Status, other.ID)
	}
	api.want(422, "POST", "/lists/custom", "id,type,name\n", nil)
	api.want(422, "POST", "/lists/un_sc/update", "", nil)
}

// TestOpenAPIDescribesTheAPI: the description is whole, and names every route that there is.
func TestOpenAPIDescribesTheAPI(t *testing.T) {
	d := openDesk(t)
	status, text := client{t: t, desk: d}.send("GET", "/openapi.json", "", nil)
	var api struct {
		OpenAPI    string
		Paths      map[string]map[string]struct{ OperationID string }
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal([]byte(text), &api); err != nil || status != 200 || api.OpenAPI != "3.1.0" {
		t.Fatalf("%d, %v", status, err)
	}
	for _, piece := range strings.Split(text, `"$ref":"`)[1:] {
		ref, _, _ := strings.Cut(piece, `"`)
		if api.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")] == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	}
	ids := map[string]bool{}
	for path, methods := range api.Paths {
		for method, op := range methods {
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s has the operation id %q", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			if status, _ := (client{t: t, desk: d}).send(strings.ToUpper(method), strings.NewReplacer("{", "", "}", "").Replace(path), "", nil); status != http.StatusUnauthorized {
				t.Errorf("%s %s without a key answers %d", method, path, status)
			}
		}
	}
	if len(ids) < 20 {
		t.Errorf("only %d operations", len(ids))
	}
}

// picture is a small PNG.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
