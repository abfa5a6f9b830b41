package e2e

import (
	"context"
	"html"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"dossier/demo"
	"dossier/session"
)

// fourEyes makes Acme ask for a second member, until the test ends.
func (d *desk) fourEyes(t *testing.T) {
	t.Helper()
	set := func(eyes session.FourEyes) {
		c, err := d.sessions.Company(context.Background(), session.System, demo.Acme)
		if err == nil {
			c.Settings.FourEyes = eyes
			_, err = d.sessions.SaveCompany(context.Background(), session.System, c, "a test")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set(session.FourEyesAll)
	t.Cleanup(func() { set(session.FourEyesOff) })
}

// post sends a form as a member and returns the status, the Location and the body.
func (d *desk) post(t *testing.T, who, target string, form url.Values, header ...string) (int, string, string) {
	t.Helper()
	res, body := d.ask(t, who, "POST", target, d.with(t, who, form), header...)
	return res.StatusCode, res.Header.Get("Location"), body
}

func TestFourEyesOnPages(t *testing.T) {
	d := openDesk(t)
	d.fourEyes(t)
	got := d.fresh(t, "Foureyes")
	target := "/sessions/" + string(got.ID)
	verdict := func(decision string) url.Values {
		return url.Values{"version": {versionOf(d.now(t, got.ID))}, "decision": {decision}, "note": {"looks odd"}}
	}
	reject := verdict("reject")
	reject.Set("tags", "Fake")
	if status, to, _ := d.post(t, "agent", target+"/decision", reject); status != 303 || !strings.Contains(to, "done=proposed") {
		t.Errorf("proposed: %d to %q", status, to)
	}
	_, page := d.ask(t, "agent", "GET", target, nil)
	if !strings.Contains(text(page), "Another member must approve it") || strings.Contains(page, `id="d-approve"`) || !strings.Contains(page, "Take back") {
		t.Error("who proposed it is offered to approve, or not to take it back")
	}
	if status, _, body := d.post(t, "agent", target+"/decision", verdict("approve")); status != 409 || !strings.Contains(body, "another member must approve") {
		t.Errorf("approved by who proposed it: %d", status)
	}
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, list := d.ask(t, "acme", "GET", "/awaiting?approval=yes", nil)
	if !strings.Contains(list, "Foureyes") || !strings.Contains(list, "Proposed: reject") || strings.Count(list, "data-row") != 1 {
		t.Error("the filter does not find what awaits approval, and nothing else")
	}
	_, page = d.ask(t, "acme", "GET", target+"?decide=approve", nil)
	if !strings.Contains(page, `id="d-approve" aria-labelledby="t-approve" open`) || !strings.Contains(text(page), "Adam Test proposes to reject this session") {
		t.Error("another member does not see what to approve")
	}
	version := versionOf(d.now(t, got.ID))
	var all sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[int]int{}
	for _, who := range []string{"acme", "boss", "master"} {
		all.Go(func() {
			status, _, _ := d.post(t, who, target+"/decision", url.Values{"version": {version}, "decision": {"approve"}})
			mu.Lock()
			outcomes[status]++
			mu.Unlock()
		})
	}
	all.Wait()
	if now := d.now(t, got.ID); outcomes[303] != 1 || outcomes[409] != 2 || now.Status != session.Rejected || len(now.Tags) != 1 {
		t.Errorf("three approve at once: %v, %s %v", outcomes, now.Status, now.Tags)
	}
}

func TestClaimOnPages(t *testing.T) {
	d := openDesk(t)
	got := d.fresh(t, "Claimed")
	target := "/sessions/" + string(got.ID)
	var all sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[int][]string{}
	for _, who := range []string{"acme", "agent", "master", "boss"} {
		all.Go(func() {
			status, _, _ := d.post(t, who, target+"/claim", url.Values{})
			mu.Lock()
			outcomes[status] = append(outcomes[status], who)
			mu.Unlock()
		})
	}
	all.Wait()
	if len(outcomes[303]) != 1 || len(outcomes[409]) != 3 {
		t.Fatalf("four claim at once: %v", outcomes)
	}
	if _, err := d.sessions.Assign(t.Context(), session.System, got.ID, d.actor(t, "agent")); err != nil {
		t.Fatal(err)
	}
	_, page := d.ask(t, "acme", "GET", target, nil)
	if strings.Contains(page, `data-open="d-verify"`) || !strings.Contains(text(page), "Adam Test works on this session") {
		t.Error("somebody else is offered to decide, or does not see who works on it")
	}
	if status, _, body := d.post(t, "acme", target+"/decision", url.Values{"version": {versionOf(got)}, "decision": {"verify"}}); status != 409 || !strings.Contains(body, "works on this session") {
		t.Errorf("somebody else decides: %d", status)
	}
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, list := d.ask(t, "acme", "GET", "/awaiting?q=claimed", nil); !strings.Contains(list, "Adam Test, just now") {
		t.Error("the list does not say who works on it")
	}
	if _, list := d.ask(t, "agent", "GET", "/awaiting?mine=yes", nil); !strings.Contains(list, target) {
		t.Error("what was assigned is not among my cases")
	}
	over := url.Values{"over": {d.actor(t, "agent").ID}}
	if status, _, _ := d.post(t, "acme", target+"/claim", over); status != 303 {
		t.Errorf("taken over: %d", status)
	}
	if status, _, _ := d.post(t, "acme", target+"/decision", url.Values{"version": {versionOf(got)}, "decision": {"verify"}}); status != 303 {
		t.Errorf("decided by who has it: %d", status)
	}
	if status, _, _ := d.post(t, "master", target+"/assign", url.Values{"member": {"member:nobody"}}); status != 422 {
		t.Errorf("assigned to nobody: %d", status)
	}
}

// actor is a member as the pages see it.
func (d *desk) actor(t *testing.T, who string) session.Actor {
	t.Helper()
	m, _, err := d.staff.LoggedIn(t.Context(), d.tokens[who])
	if err != nil {
		t.Fatal(err)
	}
	return session.Actor{ID: "member:" + m.ID, Name: m.Name, Everyone: m.Everyone, Companies: m.Companies, May: session.System.May}
}

// TestQueue walks the list that a session was opened from, both ways, and to the next case.
func TestQueue(t *testing.T) {
	d := openDesk(t)
	var ids []string // newest first
	for _, name := range []string{"Queueone", "Queuetwo", "Queuethree"} {
		ids = append([]string{string(d.fresh(t, name).ID)}, ids...)
		time.Sleep(2 * time.Millisecond) // ids count milliseconds
	}
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	const in = "?list=awaiting&q=fresh+queue"
	_, page := d.ask(t, "agent", "GET", "/awaiting?q=fresh+queue", nil)
	if !strings.Contains(html.UnescapeString(page), `href="/sessions/`+ids[0]+`?list=awaiting&q=fresh+queue"`) {
		t.Error("the rows do not say which list they are in")
	}
	for _, step := range [][3]string{{ids[0], "next", ids[1]}, {ids[1], "next", ids[2]}, {ids[2], "previous", ids[1]}, {ids[1], "previous", ids[0]}} {
		res, _ := d.ask(t, "agent", "GET", "/sessions/"+step[0]+"/"+step[1]+in, nil)
		if to := res.Header.Get("Location"); res.StatusCode != 303 || to != "/sessions/"+step[2]+in {
			t.Errorf("%s of %s: %d to %s, want %s", step[1], step[0], res.StatusCode, to, step[2])
		}
	}
	res, _ := d.ask(t, "agent", "GET", "/sessions/"+ids[2]+"/next"+in, nil)
	if to := res.Header.Get("Location"); !strings.Contains(to, ids[2]) || !strings.Contains(to, "done=last") {
		t.Errorf("after the last: %s", to)
	}
	_, to, _ := d.post(t, "agent", "/sessions/next"+in, url.Values{})
	if !strings.Contains(to, ids[0]) {
		t.Errorf("the first case is %s", to)
	}
	_, to, _ = d.post(t, "acme", "/sessions/next"+in, url.Values{})
	if !strings.Contains(to, ids[1]) {
		t.Errorf("the first case of somebody else is %s", to)
	}
	decision := url.Values{"version": {"1"}, "decision": {"verify"}, "then": {"next"}}
	if status, to, _ := d.post(t, "agent", "/sessions/"+ids[0]+"/decision"+in, decision); status != 303 || !strings.Contains(to, ids[2]) {
		t.Errorf("decided, and on: %d to %s", status, to)
	}
	if _, to, _ := d.post(t, "master", "/sessions/next"+in, url.Values{}); !strings.HasPrefix(to, "/awaiting?") || !strings.Contains(to, "done=nocase") {
		t.Errorf("where all are taken: %s", to)
	}
}

func TestStaleDecisionSaysWhatChanged(t *testing.T) {
	d := openDesk(t)
	got := d.fresh(t, "Stale")
	if _, err := d.sessions.Comment(t.Context(), session.Actor{ID: "member:z", Name: "Zoe Quick", Everyone: true, May: session.System.May}, got.ID, "I was quicker"); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"version": {versionOf(got)}, "decision": {"verify"}, "seen": {got.UpdatedAt.Format(time.RFC3339Nano)}}
	status, _, body := d.post(t, "agent", "/sessions/"+string(got.ID)+"/decision", form)
	if status != 409 || !strings.Contains(text(body), "Note added by Zoe Quick") || strings.Contains(text(body), "Session created by") {
		t.Errorf("a stale decision: %d, and it does not say what changed, or says too much", status)
	}
}

func TestRejectMany(t *testing.T) {
	d := openDesk(t)
	one, changed, other := d.fresh(t, "Spamone"), d.fresh(t, "Spamtwo"), d.find(t, "Orbit's, awaiting action", func(s session.Session) bool {
		return s.Company == demo.Orbit && s.Status == session.AwaitingAction
	})
	_, page := d.ask(t, "acme", "GET", "/sessions/reject?list=awaiting&pick="+string(one.ID)+"&pick="+string(changed.ID)+"&pick="+string(other.ID)+"&pick=nonsense", nil)
	if !strings.Contains(page, "Reject 2 sessions") || strings.Contains(page, string(other.ID)) || !strings.Contains(page, `value="Spam" checked`) {
		t.Errorf("the page to confirm is wrong:\n%.900s", text(page))
	}
	if _, err := d.sessions.Comment(t.Context(), session.System, changed.ID, "wait"); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"pick": {string(one.ID) + ":" + versionOf(one), string(changed.ID) + ":" + versionOf(changed), string(other.ID) + ":" + versionOf(other)}}
	if status, _, body := d.post(t, "acme", "/sessions/reject?list=awaiting", form); status != 422 || !strings.Contains(body, "Choose at least one reason") || !strings.Contains(body, string(one.ID)+":") {
		t.Errorf("without a reason: %d", status)
	}
	form.Set("tags", "Spam")
	status, _, body := d.post(t, "acme", "/sessions/reject?list=awaiting", form)
	if status != 200 || !strings.Contains(text(body), "1 session rejected") || !strings.Contains(text(body), "2 sessions were not rejected") || !strings.Contains(text(body), "Somebody else changed this session") {
		t.Errorf("the result: %d %.900s", status, text(body))
	}
	if d.now(t, one.ID).Status != session.Rejected || d.now(t, changed.ID).Status != session.AwaitingAction || d.now(t, other.ID).Status != session.AwaitingAction {
		t.Error("not the right ones were rejected")
	}
	if strings.Contains(body, other.Person.LastName) && other.Person.LastName != "" {
		t.Error("the result names a session of another company")
	}
}

// TestDeskByKeyboard decides in the dialog, walks on with keys, and uses the tools of the photo.
func TestDeskByKeyboard(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	first, second := d.fresh(t, "Keysone"), session.Session{}
	time.Sleep(2 * time.Millisecond)
	second = d.fresh(t, "Keystwo")
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.logIn("agent")
	b.visit("/awaiting?q=fresh+keys")
	b.press("j")
	b.until(`document.activeElement.textContent.includes("Keystwo")`)
	b.press("\r")
	b.until(`document.readyState === "complete" && document.title.startsWith("Fresh Keystwo")`)
	b.press("j")
	b.until(`document.readyState === "complete" && document.title.startsWith("Fresh Keysone")`)
	b.press("k")
	b.until(`document.readyState === "complete" && document.title.startsWith("Fresh Keystwo")`)
	b.press("v")
	b.see("#d-verify:modal")
	b.until(`document.activeElement.id === "verify-note"`)
	b.press("seen")
	b.press(kb.Enter, kb.ModifierCtrl)
	b.until(`document.querySelector("main").textContent.includes("Verified.")`)
	if now := d.now(t, second.ID); now.Status != session.Success || now.Notes[0].Text != "seen" {
		t.Errorf("after the decision: %s %+v", now.Status, now.Notes)
	}
	b.press("x")
	b.until(`document.readyState === "complete" && document.title.startsWith("Fresh Keysone") && document.querySelector("main").textContent.includes("You work on this session")`)
	b.press("r")
	b.see("#d-reject:modal")
	b.click("#d-reject button.solid") // without a reason
	b.until(`document.querySelector("#d-reject:modal .field-problem")?.textContent.includes("Choose at least one reason")`)
	b.click("#d-reject [data-close]")
	b.until(`!document.querySelector("#d-reject").open`)
	if now := d.now(t, first.ID); now.Status != session.AwaitingAction {
		t.Errorf("without a reason it is %s", now.Status)
	}
}

// TestPicking: the button counts, and leads to the page that asks once more.
func TestPicking(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	d.fresh(t, "Pickone")
	d.fresh(t, "Picktwo")
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.logIn("agent")
	b.look(screens[0], "light")
	b.visit("/awaiting?q=fresh+pick")
	b.until(`document.querySelector("[data-bulk]").disabled`)
	b.click("[data-pick-all]")
	b.until(`document.querySelector("[data-picked]").textContent === "2"`)
	b.click("[data-bulk]")
	b.until(`document.querySelector("h1")?.textContent === "Reject 2 sessions"`)
	b.click(".bulk-form button.solid")
	b.until(`document.querySelector("h1")?.textContent === "2 sessions rejected"`)
}
