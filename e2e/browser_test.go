package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"dossier/demo"
	"dossier/session"
)

// TestByHand logs in, searches while typing, opens a session and decides it, at each width, in light
// and dark, as a person would.
func TestByHand(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	b.logIn("agent")
	for i, s := range screens[:3] {
		theme := []string{"light", "dark"}[i%2]
		t.Run(s.name+" "+theme, func(t *testing.T) {
			b := &tab{t, d, b.ctx}
			name := "Byhand" + strings.Repeat("x", i)
			got := d.fresh(t, name)
			b.look(s, theme)
			b.visit("/sessions")
			b.noSideways()
			b.write("#q", "fresh byh")
			link := `a.row-link[href^="/sessions/` + string(got.ID) + `?"]`
			b.until(`location.search === "?q=fresh+byh" && document.querySelectorAll("[data-row]").length < 20 && document.querySelector('` + link + `') !== null`)
			b.click(link)
			b.until(`document.readyState === "complete" && document.title.startsWith("Fresh ` + name + `")`)
			b.noSideways()
			b.press("r")
			b.see("#d-reject:modal")
			b.click(`#d-reject input[value="Fake"]`)
			b.write("#reject-note", "the photo is a print")
			b.click("#d-reject button.solid")
			b.until(`document.querySelector("main").textContent.includes("Rejected.")`)
			if now := d.now(t, got.ID); now.Status != session.Rejected || now.Notes[0].Text != "the photo is a print" {
				t.Errorf("after the decision: %s %+v", now.Status, now.Notes)
			}
		})
	}
}

// TestWithoutJavaScript goes the same way with plain forms and links.
func TestWithoutJavaScript(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	got := d.fresh(t, "Scriptless")
	b.look(screens[0], "light")
	b.logIn("agent")
	b.write("#q", "scriptless")
	b.click(".finder noscript button")
	b.see(`a.row-link[href^="/sessions/` + string(got.ID) + `?"]`)
	b.click(`a.row-link[href^="/sessions/` + string(got.ID) + `?"]`)
	b.click(`[data-open="d-verify"]`)
	b.write("#verify-note", "seen")
	b.click("#d-verify button.primary")
	b.see(".notice.good")
	if now := d.now(t, got.ID); now.Status != session.Success {
		t.Errorf("after the decision: %s", now.Status)
	}
}

// TestEverythingWithoutJavaScript does the rest of what a master does with plain forms and links.
func TestEverythingWithoutJavaScript(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	got := d.fresh(t, "Plainforms")
	at := "/sessions/" + string(got.ID)
	alert := d.listed(t, demo.Acme, "PLAIN01").Screening.Hits[0].Alert
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, demo.ListCSV(), 0o600); err != nil {
		t.Fatal(err)
	}
	b.look(screens[0], "light")
	b.as(d, "master")
	for _, step := range []struct {
		name, path string
		do         []func()
		want       string // in the page that answers
	}{
		{"filter", "/sessions?q=plainforms", []func(){b.clicking(".filters > summary"), b.clicking(`#filters input[value="awaiting_action"]`), b.clicking("#filters button.primary")}, "Fresh Plainforms"},
		{"note", at, []func(){b.writing("#note", "by a plain form"), b.clicking("#notes button")}, "by a plain form"},
		{"edit", at + "/edit", []func(){b.writing("#f-document_number", "PF123"), b.clicking(".edit-form button.primary")}, "PF123"},
		{"reject", at, []func(){b.clicking(`[data-open="d-reject"]`), b.clicking(`#d-reject input[value="Fake"]`), b.clicking("#d-reject button.solid")}, "Rejected."},
		{"alert", "/sanctions/alerts/" + alert, []func(){b.clicking(`.decide-hit [value="escalated"]`), b.writing(".decide-hit [name=text]", "ask compliance"), b.clicking(".decide-hit button.primary")}, "ask compliance"},
		{"list", "/sanctions/lists", []func(){func() {
			b.do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{list}))
		}, b.clicking(`form[action$="/sanctions/lists"] button.primary`)}, "in force already"},
		{"setting", "/settings/session?company=" + demo.Orbit, []func(){b.writing("#f-reason", "no scripts here"), b.clicking(`.settings-form button[value="save"].primary`)}, "aved"},
	} {
		b.visit(step.path)
		for _, do := range step.do {
			b.ask(`(window.sent = "yes")`)
			do()
		}
		b.until(arrived + ` && document.querySelector("main").innerHTML.includes("` + step.want + `")`)
	}
	if now := d.now(t, got.ID); now.Status != session.Rejected || now.Person.DocumentNumber != "PF123" || len(now.Notes) != 3 {
		t.Errorf("after all: %s %q %+v", now.Status, now.Person.DocumentNumber, now.Notes)
	}
}

func (b *tab) clicking(css string) func() { return func() { b.t.Helper(); b.click(css) } }

func (b *tab) writing(css, text string) func() { return func() { b.t.Helper(); b.write(css, text) } }

// TestClickAfterTyping: leaving the search box must not load the rows again, or the click on one is lost.
func TestClickAfterTyping(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	d.fresh(t, "Clicked")
	b.logIn("agent")
	b.visit("/sessions")
	b.write("#q", "clicked")
	b.until(`location.search === "?q=clicked"`)
	b.ask(`(window.swaps = 0, document.addEventListener("htmx:beforeRequest", () => window.swaps++), "")`)
	b.do(chromedp.Blur(chromedp.CSS("#q")))
	b.until(`document.activeElement !== document.querySelector("#q")`)
	if n := b.ask(`String(window.swaps)`); n != "0" {
		t.Errorf("%s requests after leaving the search box", n)
	}
}

// TestHTMX: tabs, notes and the chain check change a part of the page only, and the counts follow.
func TestHTMX(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	got := d.fresh(t, "Swapped")
	b.logIn("master")
	b.visit("/sessions/" + string(got.ID))
	b.ask(`(window.stayed = "yes")`)
	b.click("#tab-attempts")
	b.until(`location.pathname.endsWith("/attempts") && document.querySelector("main").textContent.includes("Attempt 1")`)
	b.click("#tab-current")
	b.until(`!location.pathname.endsWith("/attempts") && document.querySelector("#note") !== null`)
	b.write("#note", "called back")
	b.click("#notes button")
	b.until(`document.querySelector("#notes").textContent.includes("called back")`)
	before := b.ask(`document.querySelector("#count-awaiting").textContent`)
	b.click(`[data-open="d-verify"]`)
	b.click("#d-verify button.primary")
	b.until(`document.querySelector("main").textContent.includes("Verified.") && document.querySelector("#count-awaiting").textContent !== "` + before + `"`)
	if b.ask(`String(window.stayed)`) != "yes" {
		t.Error("the whole page was loaded again")
	}
	b.visit("/activity")
	b.click(`form[action="/activity/verify"] button`)
	b.until(`document.querySelector("#checked").textContent.includes("The chain is whole")`)
}

// TestTheme: the switch changes the colours, and the choice stays.
func TestTheme(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	b.logIn("agent")
	b.look(screens[0], "light")
	b.visit("/sessions")
	ground := `getComputedStyle(document.body).backgroundColor`
	light := b.ask(ground)
	b.click("[data-theme-toggle]")
	b.visit("/awaiting")
	if dark := b.ask(ground); dark == light {
		t.Errorf("the ground stays %s", dark)
	}
}

// TestTableFits: at 1440 pixels the whole table of sessions is in view.
func TestTableFits(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	b.logIn("master")
	b.look(screens[0], "light")
	b.visit("/sessions")
	if over := b.ask(`String(document.querySelector(".table-wrap").scrollWidth - document.querySelector(".table-wrap").clientWidth)`); over != "0" {
		t.Errorf("the table is %s pixels wider than its place", over)
	}
}

// TestBarOfANarrowScreen: no label of the bar is cut.
func TestBarOfANarrowScreen(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	b.logIn("master")
	for _, width := range []int64{320, 390, 481} {
		b.look(screen{"narrow", width, 640}, "light")
		b.visit("/sessions")
		cut := `[...document.querySelectorAll(".side nav a > span")].filter((s) => s.scrollWidth > s.clientWidth).map((s) => s.textContent).join()`
		if labels := b.ask(cut); labels != "" {
			t.Errorf("at %d pixels these are cut: %s", width, labels)
		}
	}
}
