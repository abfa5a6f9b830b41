package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long the browser may take for one step: with the race detector on a crowded machine, a
// log-in alone has taken more than 20 seconds.
const patience = time.Minute

// A tab is a page of a desk in Chromium. Its methods fail the test when something does not come.
type tab struct {
	t   *testing.T
	d   *desk
	ctx context.Context
}

// openTab starts Chromium, or skips the test where there is none. It ends with the test.
func openTab(t *testing.T, d *desk) *tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium here")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-color-profile", "srgb"))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	b := &tab{t, d, ctx}
	b.do(chromedp.Navigate("about:blank"))
	if _, err := chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	b.refuseComplaints()
	return b
}

// refuseComplaints fails the test when the browser logs an error, such as a breach of the content
// security policy.
func (b *tab) refuseComplaints() {
	b.t.Helper()
	err := chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*log.EventEntryAdded); ok && e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			b.t.Errorf("the browser complains: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := b.ctx, context.CancelFunc(func() {})
	if chromedp.FromContext(b.ctx).Target != nil { // a limit on the first would stop the browser
		ctx, cancel = context.WithTimeout(b.ctx, patience)
	}
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) visit(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.d.url + path)) }

func (b *tab) click(css string) { b.t.Helper(); b.do(chromedp.Click(chromedp.CSS(css))) }

func (b *tab) write(css, text string) { b.t.Helper(); b.do(chromedp.SendKeys(chromedp.CSS(css), text)) }

// press types as a keyboard does: what the page takes for itself is not written as well.
func (b *tab) press(keys string, modifiers ...kb.Modifier) {
	b.t.Helper()
	for _, r := range keys {
		down, up := input.DispatchKeyEventParams{}, input.DispatchKeyEventParams{}
		for _, k := range kb.Encode(r) {
			switch k.Type {
			case kb.KeyChar:
				down.Text, down.UnmodifiedText = k.Text, k.UnmodifiedText
			case kb.KeyUp:
				up = *k
			default:
				down = *k
			}
		}
		down.Type = kb.KeyDown
		for _, m := range modifiers {
			down.Modifiers |= int64(m)
			up.Modifiers |= int64(m)
		}
		for _, k := range []input.DispatchKeyEventParams{down, up} {
			if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, k); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

func (b *tab) see(css string) { b.t.Helper(); b.do(chromedp.WaitVisible(chromedp.CSS(css))) }

// until waits for a JavaScript expression to become true, on this page or on the one that is loading.
func (b *tab) until(expression string) {
	b.t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var yes bool
		if yes, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); yes {
			return
		}
	}
	b.t.Fatalf("%s does not become true (%v)", expression, err)
}

// ask is the value of a JavaScript expression that gives text.
func (b *tab) ask(expression string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

// logIn goes through the log-in form as a person would.
func (b *tab) logIn(who string) {
	b.t.Helper()
	b.visit("/login")
	b.write("#email", who+"@test.example")
	b.write("#password", password)
	b.click("button.primary")
	b.see(".side .me")
}

// look sets width, height and theme; nothing moves.
func (b *tab) look(s screen, theme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(s.width, s.height))
}

// shoot writes a picture of the whole page.
func (b *tab) shoot(file string) {
	b.t.Helper()
	b.until(`[...document.images].every((i) => i.complete || i.loading === "lazy")`)
	time.Sleep(50 * time.Millisecond) // for what is painted late
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(file, shot, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
