package e2e

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// listed puts a session of a company into the desk whose person meets an entry of the demo's list. Each
// has a document number of its own.
func (d *desk) listed(t *testing.T, company, number string) session.Session {
	t.Helper()
	entry := d.find(t, "with a hit", func(s session.Session) bool { return len(s.Screening.Hits) > 0 }).Screening.Hits[0]
	got, err := d.sessions.Ingest(t.Context(), session.System, session.Intake{Submission: session.Submission{
		Company: company, Person: &session.Person{FirstName: entry.MatchedName, DocumentNumber: number, BirthDate: "1990-01-01"}, Finish: true,
		Extra: map[string]any{"purpose": "Car"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range got.Screening.Hits {
		if h.EntryID == entry.EntryID {
			return got
		}
	}
	t.Fatalf("%s does not meet %s: %+v", got.Person.FullName(), entry.EntryID, got.Screening.Hits)
	return got
}

// suppression is one of a company, made now where there is none.
func (d *desk) suppression(t *testing.T, company string) string {
	t.Helper()
	f := session.SuppressionFilter{Companies: []string{company}, Limit: 1}
	all, _, _, err := d.sessions.Suppressions(t.Context(), session.System, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 0 {
		return all[0].ID
	}
	got := d.listed(t, company, "SUPPRESS1")
	a, err := d.sessions.Dispose(t.Context(), session.System, got.Screening.Hits[0].Alert, session.Disposition{State: session.DispositionNoMatch, Reason: "birth_date_differs"})
	if err != nil {
		t.Fatal(err)
	}
	return a.Disposition.Suppression
}

var basisField = regexp.MustCompile(`name="basis" value="([0-9a-f]+)"`)

// basis is what the form of an alert carries.
func (d *desk) basis(t *testing.T, who, alert string) string {
	t.Helper()
	_, body := d.ask(t, who, "GET", "/sanctions/alerts/"+alert, nil)
	found := basisField.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("the page of the alert has no form\n%s", text(body))
	}
	return found[1]
}

func wantAll(t *testing.T, what, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("%s: %q is missing", what, want)
		}
	}
}

func TestDispose(t *testing.T) {
	d := openDesk(t)
	got := d.listed(t, demo.Acme, "DISPOSE01")
	alert := got.Screening.Hits[0].Alert
	for _, target := range []string{"/sanctions/alerts/" + alert, "/sessions/" + string(got.ID) + "/alerts/" + alert} {
		basis := d.basis(t, "agent", alert)
		post := func(form url.Values) (int, string) {
			t.Helper()
			res, body := d.ask(t, "agent", "POST", target, d.with(t, "agent", form))
			return res.StatusCode, body
		}
		status, body := post(url.Values{"basis": {basis}, "state": {"no_match"}, "steps": {"list", "name"}})
		if status != 422 {
			t.Errorf("%s without a why: %d", target, status)
		}
		wantAll(t, "without a why", body, "Say why", `value="no_match" required checked`, `value="name" checked`)
		if status, body := post(url.Values{"state": {"no_match"}, "reason": {"name_differs"}}); status != 422 || !strings.Contains(body, "Load the page again") {
			t.Errorf("%s without a basis: %d", target, status)
		}
		status, body = post(url.Values{"basis": {"0123456789abcdef"}, "state": {"match"}, "reason": {"all_fields_agree"}, "text": {"typed words"}})
		if status != 409 {
			t.Errorf("%s on something else: %d", target, status)
		}
		wantAll(t, "on something else", body, "has changed since you opened this", `value="typed words"`, `value="all_fields_agree" selected`)
		if status, _ := post(url.Values{"basis": {basis}, "state": {"escalated"}, "reason": {"needs_information"}, "text": {"asked the bank"}, "steps": {"list", "type"}}); status != 303 {
			t.Errorf("%s: %d, want 303", target, status)
		}
	}
	_, body := d.ask(t, "agent", "GET", "/sanctions/alerts/"+alert, nil)
	wantAll(t, "the alert", body, "Escalated by Adam Test", "asked the bank", "steps: list, type", "More information is needed", "Both sides as seen", `<mark class="same">`)
}

// TestReopenedAlert shows what has changed since somebody said that the person is not the entry.
func TestReopenedAlert(t *testing.T) {
	d := openDesk(t)
	got := d.listed(t, demo.Acme, "REOPENED1")
	alert := got.Screening.Hits[0].Alert
	res, _ := d.ask(t, "agent", "POST", "/sanctions/alerts/"+alert, d.with(t, "agent", url.Values{"basis": {d.basis(t, "agent", alert)}, "state": {"no_match"}, "reason": {"birth_date_differs"}}))
	if res.StatusCode != 303 {
		t.Fatalf("no match: %d", res.StatusCode)
	}
	_, body := d.ask(t, "auditor", "GET", "/sanctions/suppressions?company="+demo.Acme, nil)
	id := regexp.MustCompile(`/sanctions/suppressions/([0-9A-Z]{26})"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatalf("the suppression is not listed\n%s", text(body))
	}
	if _, err := d.sessions.Amend(t.Context(), session.System, got.ID, session.Amendment{Fields: map[string]string{"birth_date": "1991-02-02"}, Reason: "misread"}); err != nil {
		t.Fatal(err)
	}
	_, body = d.ask(t, "agent", "GET", "/sanctions/alerts/"+alert, nil)
	wantAll(t, "reopened", body, "Open again since", "The person has changed", "<del>1990-01-01</del>", "<ins>1991-02-02</ins>")
	_, body = d.ask(t, "agent", "GET", "/sanctions?company="+demo.Acme, nil)
	wantAll(t, "the queue", body, "Reopened")
}

func TestSuppressionPages(t *testing.T) {
	d := openDesk(t)
	got := d.listed(t, demo.Acme, "PAGES0001")
	a, err := d.sessions.Dispose(t.Context(), session.System, got.Screening.Hits[0].Alert, session.Disposition{State: session.DispositionNoMatch, Text: "=another person"})
	if err != nil {
		t.Fatal(err)
	}
	target := "/sanctions/suppressions/" + a.Disposition.Suppression
	_, body := d.ask(t, "auditor", "GET", target, nil)
	wantAll(t, "the suppression", body, "In force", "=another person", "Alerts that it holds down: 1", "1990-01-01")
	if strings.Contains(body, "End it now") {
		t.Error("an auditor is offered to end it")
	}
	res, csv := d.ask(t, "auditor", "GET", "/sanctions/suppressions/export.csv", nil)
	if res.StatusCode != 200 || !strings.HasPrefix(csv, "\uFEFFSuppression,Company") || !strings.Contains(csv, "'=another person") {
		t.Errorf("the export: %d\n%.400s", res.StatusCode, csv)
	}
	if res, body := d.ask(t, "agent", "POST", target+"/end", d.with(t, "agent", url.Values{"reason": {""}})); res.StatusCode != 422 || !strings.Contains(body, "Say why") {
		t.Errorf("ended without a reason: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "agent", "POST", target+"/review", d.with(t, "agent", url.Values{"reason": {"looked at the photos"}})); res.StatusCode != 303 {
		t.Errorf("confirmed: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "agent", "POST", target+"/end", d.with(t, "agent", url.Values{"reason": {"a mistake"}})); res.StatusCode != 303 {
		t.Errorf("ended: %d", res.StatusCode)
	}
	_, body = d.ask(t, "auditor", "GET", target, nil)
	wantAll(t, "the ended suppression", body, "a mistake", "Adam Test", "looked at the photos", "None now")
	if now := d.now(t, got.ID); now.Screening.Status != session.PotentialMatch {
		t.Errorf("the session is %s", now.Screening.Status)
	}
	for _, query := range []string{"?state=nonsense", "?cursor=%25"} {
		if res, _ := d.ask(t, "agent", "GET", "/sanctions/suppressions"+query, nil); res.StatusCode != 422 {
			t.Errorf("%s: %d, want 422", query, res.StatusCode)
		}
	}
}

func TestAlertQueue(t *testing.T) {
	d := openDesk(t)
	mine := d.listed(t, demo.Acme, "QUEUE0001").Screening.Hits[0].Alert
	d.listed(t, demo.Acme, "QUEUE0002")
	member := "member:" + d.memberID(t, "agent")
	if res, body := d.ask(t, "master", "POST", "/sanctions/alerts/"+mine+"/assignee", d.with(t, "master", url.Values{"to": {"member:nobody"}})); res.StatusCode != 422 || !strings.Contains(body, "no such member") {
		t.Errorf("given to somebody who is not there: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "master", "POST", "/sanctions/alerts/"+mine+"/assignee", d.with(t, "master", url.Values{"to": {member}})); res.StatusCode != 303 {
		t.Errorf("given to the agent: %d", res.StatusCode)
	}
	link := "/sanctions/alerts/" + mine + `"`
	for query, in := range map[string]bool{"?assignee=me": true, "?assignee=nobody": false, "?company=" + demo.Acme: true, "?company=" + demo.Orbit: false, "?score=0.5&sort=score": true,
		"?age=30": false, "?list=un_sc": false, "?state=all": true, "?state=match": false, "?assignee=" + member: true} {
		res, body := d.ask(t, "agent", "GET", "/sanctions"+query, nil)
		if res.StatusCode != 200 || strings.Contains(body, link) != in {
			t.Errorf("%s: %d, the alert is there: %v", query, res.StatusCode, !in)
		}
	}
	for _, query := range []string{"?state=nonsense", "?score=2", "?score=NaN", "?age=x", "?sort=up", "?cursor=%25"} {
		if res, _ := d.ask(t, "agent", "GET", "/sanctions"+query, nil); res.StatusCode != 422 {
			t.Errorf("%s: %d, want 422", query, res.StatusCode)
		}
	}
	res, csv := d.ask(t, "auditor", "GET", "/sanctions/export.csv?assignee="+member, nil)
	if rows := strings.Count(csv, "\r\n"); res.StatusCode != 200 || rows != 2 || !strings.Contains(csv, mine) || !strings.Contains(csv, "Adam Test") {
		t.Errorf("the export: %d with %d lines\n%.500s", res.StatusCode, rows, csv)
	}
	res, _ = d.ask(t, "acme", "POST", "/sanctions/next?company="+demo.Acme, d.with(t, "acme", url.Values{"after": {mine}}))
	to := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(to, "/sanctions/alerts/") || strings.Contains(to, mine) || !strings.Contains(to, "company="+demo.Acme) {
		t.Fatalf("the next case: %d to %q", res.StatusCode, to)
	}
	if _, body := d.ask(t, "acme", "GET", to, nil); !strings.Contains(body, `selected>Ada Test`) {
		t.Error("who takes the next case does not have it")
	}
	if res, _ := d.ask(t, "acme", "POST", "/sanctions/next?list=none", d.with(t, "acme", url.Values{})); res.Header.Get("Location") != "/sanctions?done=no-next" {
		t.Errorf("no next case: to %q", res.Header.Get("Location"))
	}
}

func (d *desk) memberID(t *testing.T, who string) string {
	t.Helper()
	m, _, err := d.staff.LoggedIn(t.Context(), d.tokens[who])
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func TestAlertsOfOneEntry(t *testing.T) {
	d := openDesk(t)
	one, two := d.listed(t, demo.Acme, "ENTRY0001"), d.listed(t, demo.Acme, "ENTRY0002")
	target := "/sanctions/entry?" + url.Values{"list": {"custom"}, "entry": {one.Screening.Hits[0].EntryID}, "company": {demo.Acme}}.Encode()
	_, body := d.ask(t, "agent", "GET", target, nil)
	choice := func(s session.Session) string {
		t.Helper()
		found := regexp.MustCompile(`value="(` + s.Screening.Hits[0].Alert + ` [0-9a-f]+)"`).FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("the alert cannot be chosen\n%s", text(body))
		}
		return found[1]
	}
	form := url.Values{"alerts": {choice(one), choice(two), "0123 4567"}, "state": {"no_match"}}
	if res, again := d.ask(t, "agent", "POST", target, d.with(t, "agent", form)); res.StatusCode != 422 || strings.Count(again, `aria-label="`+one.Person.FirstName+`" checked`) != 2 {
		t.Errorf("without a why: %d", res.StatusCode)
	}
	form.Set("reason", "birth_date_differs")
	res, body := d.ask(t, "agent", "POST", target, d.with(t, "agent", form))
	if res.StatusCode != 200 {
		t.Fatalf("decided: %d", res.StatusCode)
	}
	wantAll(t, "the result", body, "2 of 3 decided", "Not decided", "There is no such alert")
	for _, s := range []session.Session{one, two} {
		if h := d.now(t, s.ID).Screening.Hits[0]; h.Disposition.State != session.DispositionNoMatch {
			t.Errorf("the hit is %s", h.Disposition.State)
		}
	}
}

// ownFourEyes is a desk of the test's own whose company asks for four eyes, with an open alert.
func ownFourEyes(t *testing.T) (d *desk, alert string) {
	t.Helper()
	d = ownDesk(t)
	company := session.NewCompany("own", "Own", d.clock.Now())
	company.Settings.FourEyes = session.FourEyesSanctions
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, company, "test"); err != nil {
		t.Fatal(err)
	}
	csv := "id,type,name,aliases,birth_date,nationality,document_numbers,program\nX-1,person,Vasilon Karmeides,,1961-04-05,GRC,,EXAMPLE\n"
	if _, err := d.sessions.UpdateList(t.Context(), session.System, session.ListUpdate{List: "custom", Source: "list.csv", Raw: []byte(csv)}); err != nil {
		t.Fatal(err)
	}
	got, err := d.sessions.Ingest(t.Context(), session.System, session.Intake{Submission: session.Submission{Company: "own", Finish: true,
		Person: &session.Person{FirstName: "Vasilon", LastName: "Karmeides", BirthDate: "1980-01-01", DocumentNumber: "AB123456"}}})
	if err != nil || len(got.Screening.Hits) != 1 {
		t.Fatalf("hits %+v, %v", got.Screening.Hits, err)
	}
	if _, err := d.staff.AddMember(t.Context(), staff.Member{Email: "second@test.example", Name: "Second Member", Role: staff.Agent, Everyone: true}, password); err != nil {
		t.Fatal(err)
	}
	if _, d.tokens["second"], err = d.staff.LogIn(t.Context(), "second@test.example", password, staff.Browser{IP: "127.0.0.1", UserAgent: "test"}); err != nil {
		t.Fatal(err)
	}
	return d, got.Screening.Hits[0].Alert
}

func TestFourEyesOnAlerts(t *testing.T) {
	d, alert := ownFourEyes(t)
	target := "/sanctions/alerts/" + alert
	post := func(who, what string, form url.Values) (int, string) {
		t.Helper()
		form.Set("basis", d.basis(t, who, alert))
		res, body := d.ask(t, who, "POST", target+what, d.with(t, who, form))
		return res.StatusCode, body
	}
	if status, _ := post("m", "", url.Values{"state": {"no_match"}, "reason": {"birth_date_differs"}, "steps": {"list"}}); status != 303 {
		t.Fatalf("the proposal: %d", status)
	}
	_, body := d.ask(t, "m", "GET", target, nil)
	wantAll(t, "for who proposed", body, "Waits for approval", "Take back", "another member has to approve")
	if strings.Contains(body, ">Approve</button>") {
		t.Error("who proposed is offered to approve")
	}
	if status, body := post("m", "/approval", url.Values{"approve": {"true"}}); status != 409 || !strings.Contains(body, "somebody else has to approve") {
		t.Errorf("who proposed approves: %d", status)
	}
	if status, _ := post("second", "/approval", url.Values{"approve": {"false"}, "text": {""}}); status != 422 {
		t.Errorf("sent back without a why: %d", status)
	}
	if _, body := d.ask(t, "second", "GET", "/sanctions?state=proposed", nil); !strings.Contains(body, target) {
		t.Error("the proposal is not in the queue of those that wait for approval")
	}
	if status, _ := post("second", "/approval", url.Values{"approve": {"true"}}); status != 303 {
		t.Errorf("approved: %d", status)
	}
	_, body = d.ask(t, "m", "GET", target, nil)
	wantAll(t, "approved", body, "No match by Own Master", "approved by Second Member")
}

func TestThreshold(t *testing.T) {
	d, _ := ownFourEyes(t)
	const target = "/sanctions/threshold?company=own"
	_, body := d.ask(t, "m", "GET", target, nil)
	wantAll(t, "the page", body, "1 persons of the newest 1 sessions", "In force")
	res, body := d.ask(t, "m", "GET", target+"&threshold=0.99", nil)
	if res.StatusCode != 200 {
		t.Errorf("a preview: %d", res.StatusCode)
	}
	wantAll(t, "the preview", body, "1 entry would be a hit no more", "Vasilon Karmeides", "Tried", `name="version" value="1"`)
	for _, bad := range []string{"0.2", "x", "1.5", "NaN"} {
		if res, body := d.ask(t, "m", "GET", target+"&threshold="+bad, nil); res.StatusCode != 422 || !strings.Contains(body, `value="`+bad+`"`) {
			t.Errorf("threshold %s: %d", bad, res.StatusCode)
		}
	}
	if res, _ := d.ask(t, "m", "POST", target, d.with(t, "m", url.Values{"threshold": {"0.99"}, "version": {"7"}, "reason": {"too many"}})); res.StatusCode != 409 {
		t.Errorf("saved over another version: %d", res.StatusCode)
	}
	if res, body := d.ask(t, "m", "POST", target, d.with(t, "m", url.Values{"threshold": {"0.99"}, "version": {"1"}, "reason": {"too many"}})); res.StatusCode != 303 {
		t.Errorf("saved: %d\n%s", res.StatusCode, text(body))
	}
	if c, err := d.sessions.Company(t.Context(), session.System, "own"); err != nil || c.Settings.Threshold != 0.99 {
		t.Errorf("the threshold is %v, %v", c.Settings.Threshold, err)
	}
}

// TestEscalatedAlerts are not among the open ones, and the queue says that they wait.
func TestEscalatedAlerts(t *testing.T) {
	d, alert := ownFourEyes(t)
	form := url.Values{"state": {"escalated"}, "reason": {"needs_compliance"}, "basis": {d.basis(t, "m", alert)}}
	if res, _ := d.ask(t, "m", "POST", "/sanctions/alerts/"+alert, d.with(t, "m", form)); res.StatusCode != 303 {
		t.Fatalf("escalated: %d", res.StatusCode)
	}
	_, body := d.ask(t, "second", "GET", "/sanctions", nil)
	wantAll(t, "the queue", body, "No open alerts", `href="/sanctions?state=escalated">1 escalated</a>`)
	if _, body = d.ask(t, "second", "GET", "/sanctions?state=escalated", nil); !strings.Contains(body, alert) || strings.Contains(body, "1 escalated</a>") {
		t.Error("the escalated alert is not shown, or told of again where it is")
	}
}

func TestAlertsOverTheAPI(t *testing.T) {
	d, alert := ownFourEyes(t)
	one, two := d.client(t, staff.Key{Company: "own", Write: true}), d.client(t, staff.Key{Company: "own", Write: true})
	stranger := d.client(t, staff.Key{Company: "other", Write: true})
	type item struct {
		ID, Basis   string
		Disposition session.Disposition
		History     []session.Judgement
	}
	var page struct {
		Items []item
		Total int
	}
	one.want(200, "GET", "/alerts?state=open&score=0.5&sort=score&assignee=nobody", "", &page)
	if page.Total != 1 || page.Items[0].ID != alert {
		t.Fatalf("the alerts: %+v", page)
	}
	one.want(422, "GET", "/alerts?sort=up", "", nil)
	target := "/alerts/" + alert + "/disposition"
	one.want(422, "POST", target, `{"state":"match","reason":"because"}`, nil)
	one.want(422, "POST", target, `{"state":"match","approve":true}`, nil)
	one.want(409, "POST", target, `{"state":"match","reason":"known_match","basis":"0123"}`, nil)
	wish := `{"state":"no_match","reason":"birth_date_differs","steps":["list","fields"],"basis":"` + page.Items[0].Basis + `"}`
	var got item
	one.want(200, "POST", target, wish, &got, "Idempotency-Key", "k1")
	one.want(200, "POST", target, wish, &got, "Idempotency-Key", "k1")
	if got.Disposition.State != session.DispositionProposed || len(got.History) != 1 || len(got.Disposition.Steps) != 2 {
		t.Errorf("the proposal, sent twice: %+v", got)
	}
	one.want(409, "POST", target, `{"approve":true}`, nil)
	two.want(409, "POST", target, `{"approve":true,"basis":"`+got.Basis+`"}`, nil) // a program has no eyes
	approval := d.with(t, "second", url.Values{"approve": {"true"}, "basis": {got.Basis}})
	if res, _ := d.ask(t, "second", "POST", "/sanctions/alerts/"+alert+"/approval", approval); res.StatusCode != 303 {
		t.Fatalf("approved by a member: %d", res.StatusCode)
	}
	one.want(200, "GET", "/alerts/"+alert, "", &got)
	if got.Disposition.State != session.DispositionNoMatch || got.Disposition.ApprovedBy == got.Disposition.By {
		t.Errorf("approved: %+v", got.Disposition)
	}
	var held struct {
		Items []session.Suppression
		Total int
	}
	two.want(200, "GET", "/suppressions", "", &held)
	if held.Total != 1 {
		t.Fatalf("%d suppressions", held.Total)
	}
	id := held.Items[0].ID
	stranger.want(404, "GET", "/suppressions/"+id, "", nil)
	stranger.want(404, "POST", "/suppressions/"+id+"/end", `{"reason":"mine"}`, nil)
	stranger.want(404, "GET", "/alerts/"+alert, "", nil)
	var ended session.Suppression
	two.want(200, "POST", "/suppressions/"+id+"/end", `{"reason":"a mistake"}`, &ended)
	if ended.EndReason != "a mistake" || ended.InForce() {
		t.Errorf("ended: %+v", ended)
	}
	one.want(200, "GET", "/alerts?state=open", "", &page)
	if page.Total != 1 {
		t.Errorf("%d open alerts after the end of the suppression", page.Total)
	}
}
