package e2e

import (
	"net/url"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
)

// fresh puts a new session that awaits action into the desk: its liveness was not performed.
func (d *desk) fresh(t *testing.T, name string) session.Session {
	t.Helper()
	got, err := d.sessions.Ingest(t.Context(), session.System, session.Intake{Submission: session.Submission{
		Company: demo.Acme, Person: &session.Person{FirstName: "Fresh", LastName: name, BirthDate: "1990-01-01"}, Finish: true,
		Extra: map[string]any{"purpose": "Car"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != session.AwaitingAction {
		t.Fatalf("the new session is %s", got.Status)
	}
	return got
}

func (d *desk) now(t *testing.T, id session.ID) session.Session {
	t.Helper()
	got, err := d.sessions.Get(t.Context(), session.System, id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestDecide(t *testing.T) {
	d := openDesk(t)
	got := d.fresh(t, "Decided")
	target := "/sessions/" + string(got.ID)
	post := func(form url.Values, header ...string) (int, string, string) {
		t.Helper()
		res, body := d.ask(t, "agent", "POST", target+"/decision", d.with(t, "agent", form), header...)
		return res.StatusCode, res.Header.Get("Location"), body
	}
	status, _, body := post(url.Values{"version": {versionOf(got)}, "decision": {"reject"}, "note": {"looks odd"}})
	if status != 422 || !strings.Contains(body, "Choose at least one reason") || !strings.Contains(body, ">looks odd</textarea>") {
		t.Errorf("a rejection without a reason: %d\n%.500s", status, body)
	}
	if _, err := d.sessions.Comment(t.Context(), session.System, got.ID, "somebody was quicker"); err != nil {
		t.Fatal(err)
	}
	status, _, body = post(url.Values{"version": {versionOf(got)}, "decision": {"reject"}, "tags": {"Fake"}, "note": {"looks odd"}}, "HX-Request", "true")
	now := d.now(t, got.ID)
	for _, want := range []string{"Somebody else changed this session", "somebody was quicker", `value="Fake" checked`, ">looks odd</textarea>", `name="version" value="` + versionOf(now) + `"`} {
		if !strings.Contains(body, want) {
			t.Errorf("a stale decision: %q is missing", want)
		}
	}
	if status != 409 || strings.Contains(body, "<html") || now.Status != session.AwaitingAction {
		t.Errorf("a stale decision: %d, session %s", status, now.Status)
	}
	status, to, _ := post(url.Values{"version": {versionOf(now)}, "decision": {"reject"}, "tags": {"Fake", "Age"}, "note": {"looks odd"}})
	if status != 303 || to != target+"?done=rejected" {
		t.Errorf("the decision: %d to %q", status, to)
	}
	now = d.now(t, got.ID)
	if now.Status != session.Rejected || len(now.Tags) != 2 || !strings.HasPrefix(now.DecidedBy, "member:") {
		t.Errorf("after the decision: %s %v by %s", now.Status, now.Tags, now.DecidedBy)
	}
	status, _, body = post(url.Values{"version": {versionOf(now)}, "decision": {"verify"}})
	if status != 409 || !strings.Contains(body, "Only a session that awaits action") {
		t.Errorf("a second decision: %d\n%.400s", status, body)
	}
	_, body = d.ask(t, "agent", "GET", to, nil)
	if !strings.Contains(body, "Rejected.") || !strings.Contains(body, "decided by Adam Test") {
		t.Error("the page does not say what was done and by whom")
	}
}

func TestReopenHoldNoteRescreen(t *testing.T) {
	d := openDesk(t)
	got := d.fresh(t, "Handled")
	target := "/sessions/" + string(got.ID)
	do := func(who, what string, form url.Values, want int) string {
		t.Helper()
		res, body := d.ask(t, who, "POST", target+what, d.with(t, who, form))
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d\n%.400s", what, res.StatusCode, want, body)
		}
		return body
	}
	do("agent", "/notes", url.Values{"note": {"  "}}, 422)
	do("agent", "/notes", url.Values{"note": {"called the applicant"}}, 303)
	do("agent", "/hold", url.Values{"on": {"true"}, "reason": {"Case 2026/17"}}, 303)
	do("agent", "/hold", url.Values{"on": {"yes"}, "reason": {"Case 2026/17"}}, 422) // only "false" lifts it
	do("agent", "/rescreen", url.Values{}, 303)
	do("agent", "/decision", url.Values{"version": {versionOf(d.now(t, got.ID))}, "decision": {"verify"}, "note": {"fine"}}, 303)
	if body := do("master", "/reopen", url.Values{"version": {versionOf(d.now(t, got.ID))}, "reason": {""}}, 422); !strings.Contains(body, "Say why") {
		t.Error("reopening without a reason does not ask for one")
	}
	do("master", "/reopen", url.Values{"version": {versionOf(d.now(t, got.ID))}, "reason": {"new facts"}}, 303)
	now := d.now(t, got.ID)
	if now.Status != session.AwaitingAction || !now.Retention.Hold || len(now.Notes) != 3 || now.Screening.ScreenedAt.Equal(got.Screening.ScreenedAt) {
		t.Errorf("in the end: %s, hold %v, %d notes", now.Status, now.Retention.Hold, len(now.Notes))
	}
}

func TestEdit(t *testing.T) {
	d := openDesk(t)
	got := d.fresh(t, "Edited")
	target := "/sessions/" + string(got.ID) + "/edit"
	fields := url.Values{"version": {versionOf(got)}, "first_name": {"Fresh"}, "last_name": {"Edited"}, "birth_date": {"31.12.1990"}, "reason": {"typo"}}
	res, body := d.ask(t, "agent", "POST", target, d.with(t, "agent", fields))
	if res.StatusCode != 422 || !strings.Contains(body, `value="31.12.1990"`) || !strings.Contains(body, "is not a date") {
		t.Errorf("a wrong date: %d\n%.600s", res.StatusCode, body)
	}
	fields.Set("birth_date", "1990-12-31")
	if res, body := d.ask(t, "agent", "POST", target, d.with(t, "agent", fields)); res.StatusCode != 303 {
		t.Fatalf("the edit: %d\n%.600s", res.StatusCode, body)
	}
	now := d.now(t, got.ID)
	if now.Person.BirthDate != "1990-12-31" || len(now.Person.Edits) != 1 || now.Person.Local != nil {
		t.Errorf("after the edit: %+v", now.Person)
	}
	res, body = d.ask(t, "agent", "POST", target, d.with(t, "agent", fields))
	if res.StatusCode != 409 || !strings.Contains(body, "Somebody else changed") {
		t.Errorf("a stale edit: %d", res.StatusCode)
	}
}
