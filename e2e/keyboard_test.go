package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"dossier/session"
)

// focused is true where the focus is on something that can be seen, or at the start of a page that has
// just been loaded.
const focused = `(() => {
	const at = document.activeElement;
	if (at === document.body) return performance.now() < 20000 && !window.decided;
	const box = at.getClientRects()[0];
	return at.checkVisibility({ visibilityProperty: true }) && box.bottom > 0 && box.top < innerHeight;
})()`

// TestTwentyCases goes through a queue of twenty with the keyboard alone: every second case is rejected
// for a reason, the others are verified, each with a note of its own.
func TestTwentyCases(t *testing.T) {
	const n = 20
	d := openDesk(t)
	b := openTab(t, d)
	cases := map[string]session.ID{}
	for i := range n {
		name := fmt.Sprintf("Keyed%c", 'a'+i)
		cases[name] = d.fresh(t, name).ID
		time.Sleep(2 * time.Millisecond) // ids count milliseconds
	}
	if err := d.sessions.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.look(screens[0], "light")
	b.as(d, "agent")
	b.visit("/awaiting")
	b.press("/")
	b.until(`document.activeElement.id === "q"`)
	b.press("fresh keyed")
	b.until(fmt.Sprintf(`location.search === "?q=fresh+keyed" && document.querySelectorAll("[data-row]").length === %d`, n))
	b.press(kb.ArrowDown)
	b.until(`document.activeElement.matches("[data-row]:first-child .row-link")`)
	b.press("j")
	b.until(`document.activeElement.matches("[data-row]:nth-child(2) .row-link")`)
	b.press("k")
	b.until(`document.activeElement.matches("[data-row]:first-child .row-link")`)
	b.press(kb.Enter)
	for i := range n {
		b.until(`document.readyState === "complete" && document.title.startsWith("Fresh Keyed") && document.querySelector("[data-key=v]") !== null`)
		b.until(focused)
		name := strings.Fields(b.ask("document.title"))[1]
		id, ok := cases[name]
		if !ok {
			t.Fatalf("case %d is %s, which was decided before or is not in the queue", i+1, name)
		}
		delete(cases, name)
		note, want := "looked at "+name, session.Success
		if i%2 == 0 {
			b.verifyByKey(note)
		} else {
			want = session.Rejected
			b.rejectByKey(note)
			if i < n-1 {
				b.press("x") // the next case
			}
		}
		b.until(`!document.title.startsWith("Fresh ` + name + `") || document.querySelector("[data-key=v]") === null`)
		if now := d.now(t, id); now.Status != want || len(now.Notes) != 1 || now.Notes[0].Text != note || (want == session.Rejected) != (len(now.Tags) == 1) {
			t.Errorf("%s: %s %v %+v, want %s with the note %q", name, now.Status, now.Tags, now.Notes, want, note)
		}
	}
	if len(cases) > 0 {
		t.Errorf("not decided: %v", cases)
	}
}

// verifyByKey writes the note and sends the second button, which leads to the next case.
func (b *tab) verifyByKey(note string) {
	b.t.Helper()
	b.press("v")
	b.until(`document.activeElement.id === "verify-note" && document.querySelector("#d-verify:modal") !== null`)
	b.press(note)
	for _, want := range []string{"Cancel", "Verify, next case"} {
		b.press(kb.Tab)
		b.until(`document.activeElement.textContent === "` + want + `"`)
	}
	b.press(kb.Enter)
}

// rejectByKey ticks the first reason, goes on to the note, and sends it with Ctrl and Enter.
func (b *tab) rejectByKey(note string) {
	b.t.Helper()
	b.press("r")
	b.until(`document.activeElement.name === "tags" && document.querySelector("#d-reject:modal") !== null`)
	b.press(" ")
	b.until(`document.activeElement.checked`)
	for range 60 {
		b.press(kb.Tab)
		b.until(focused)
		if b.ask("document.activeElement.id") == "reject-note" {
			break
		}
	}
	b.press(note)
	b.ask(`(window.decided = "yes")`)
	b.press(kb.Enter, kb.ModifierCtrl)
	b.until(`document.querySelector("main").textContent.includes("Rejected.")`)
	b.until(focused)
}
