package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// A breach is one element against one rule of axe-core.
type breach struct {
	Rule, Help, Element, Why string
}

// judge runs axe-core on what the tab shows. It comes in over the debugger, so that the policy of the
// page against foreign scripts stays as it is.
const judge = `axe.run(document, {
	runOnly: RULES, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"], preload: false,
}).then((found) => found.violations.flatMap((v) => v.nodes.map((n) => ({
	Rule: v.id, Help: v.help, Element: n.html.slice(0, 200), Why: n.failureSummary.slice(0, 400) }))))`

// scripted lists what only JavaScript could do: what htmx sends must be what a plain form or link sends,
// except for what the page asks for by itself.
const scripted = `[...document.querySelectorAll("[hx-get], [hx-post], a:not([href]), button:not([type=button])")].filter((thing) => {
	const to = thing.getAttribute("hx-get") || thing.getAttribute("hx-post");
	if (thing.matches("form")) return to && (thing.getAttribute("action") !== to || thing.method !== (thing.hasAttribute("hx-post") ? "post" : "get"));
	if (thing.matches("a")) return !thing.hasAttribute("href") || to && (thing.getAttribute("href") !== to || thing.hasAttribute("hx-post"));
	if (thing.matches("button")) return to || !thing.form;
	return !/^(every|load|sse)/.test(thing.getAttribute("hx-trigger"));
}).map((thing) => thing.outerHTML.slice(0, 160))`

// TestAxe: axe-core finds nothing on any page, in light and in dark. What depends on no colour is looked
// at once. Nothing needs JavaScript.
func TestAxe(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	rules := map[string]string{
		"light": `{ type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }`,
		"dark":  `{ type: "rule", values: ["color-contrast", "link-in-text-block"] }`,
	}
	for _, v := range views(t, d) {
		b.look(screens[0], "light")
		b.open(v)
		for _, theme := range []string{"light", "dark"} {
			b.look(screens[0], theme)
			for _, one := range b.judge(rules[theme]) {
				t.Errorf("%s, %s: %s", v.name, theme, one)
			}
		}
		for _, one := range b.list(scripted) {
			t.Errorf("%s: only with JavaScript: %s", v.name, one)
		}
	}
}

func (b breach) String() string {
	return fmt.Sprintf("%s: %s\n\t%s\n\t%s", b.Rule, b.Help, b.Element, b.Why)
}

// judge is what axe-core has to say against what the tab shows, by some of its rules.
func (b *tab) judge(rules string) []breach {
	b.t.Helper()
	source, err := os.ReadFile("vendor/axe/axe.min.js")
	if err != nil {
		b.t.Fatal(err)
	}
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]breach](`(() => { if (!window.axe) { `+string(source)+` } const RULES = `+rules+`; return `+judge+`; })()`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// list is the value of a JavaScript expression that gives texts.
func (b *tab) list(expression string) []string {
	b.t.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](expression))
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// covered lists what can have the focus and is wholly behind something else when it has it.
const covered = `(() => {
	const top = [...document.querySelectorAll("dialog:modal")].pop() || document;
	const things = [...top.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
	const seen = (thing, x, y) => {
		const there = document.elementFromPoint(x, y);
		return there && (thing.contains(there) || [...(thing.labels || [])].some((label) => label.contains(there)));
	};
	const hidden = (thing) => {
		if (thing.tabIndex < 0) return false;
		const box = thing.getClientRects()[0];
		if (thing.disabled || !thing.checkVisibility({ visibilityProperty: true }) || !box || box.width < 2) return false;
		thing.focus();
		const { left, top, right, bottom } = thing.getClientRects()[0];
		return ![left + 2, (left + right) / 2, right - 2].some((x) => [top + 2, (top + bottom) / 2, bottom - 2].some((y) => seen(thing, x, y)));
	};
	return things.filter(hidden).map((thing) => thing.outerHTML.slice(0, 160));
})()`

// TestZoomed looks at every page as on a screen of 1280 by 1024 pixels at 400 %, which is narrower than
// any phone: nothing goes sideways, nothing is too small to hit, nothing that has the focus is hidden.
func TestZoomed(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	b.look(screen{"zoomed", 320, 256}, "light")
	for _, v := range views(t, d) {
		b.open(v)
		b.noSideways()
		for _, one := range b.judge(`{ type: "rule", values: ["target-size"] }`) {
			t.Errorf("%s: %s", v.name, one)
		}
		for _, one := range b.list(covered) {
			t.Errorf("%s: behind something: %s", v.name, one)
		}
	}
}

// noSideways fails where the page is wider than the screen.
func (b *tab) noSideways() {
	b.t.Helper()
	if over := b.ask(`String(Math.max(0, document.documentElement.scrollWidth - innerWidth))`); over != "0" {
		b.t.Errorf("the page at %s is %s pixels wider than the screen", b.ask("location.pathname"), over)
	}
}
