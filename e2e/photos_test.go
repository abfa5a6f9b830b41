package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dossier/demo"
	"dossier/session"
)

func TestLooksAtPhotos(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "with photos", func(s session.Session) bool { return len(s.Photos) > 1 && s.Company == demo.Acme })
	at := "/sessions/" + string(got.ID) + "/photos/" + got.Photos[0].SHA256
	noted := func(action string) int {
		t.Helper()
		events, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Session: got.ID, Action: action, Actor: d.actor(t, "boss").ID, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	for _, look := range []string{"?w=160", "?w=1000", "", "?w=160"} {
		d.ask(t, "boss", "GET", at+look, nil)
	}
	if n := noted(session.ActPhotoViewed); n != 1 {
		t.Errorf("four looks at one photo in a moment are noted %d times", n)
	}
	d.ask(t, "boss", "GET", "/sessions/"+string(got.ID)+"/photos/"+got.Photos[1].SHA256+"?w=160", nil)
	if n := noted(session.ActPhotoViewed); n != 2 {
		t.Errorf("a look at another photo makes %d", n)
	}
	res, body := d.ask(t, "boss", "GET", at+"?download=yes", nil)
	if name := res.Header.Get("Content-Disposition"); len(body) != got.Photos[0].Bytes || !strings.Contains(name, got.Photos[0].SHA256[:12]) {
		t.Errorf("the download has %d bytes of %d, called %q", len(body), got.Photos[0].Bytes, name)
	}
	if n := noted(session.ActPhotoTaken); n != 1 {
		t.Errorf("%d downloads are noted", n)
	}
}

func TestFaceFromTheDocument(t *testing.T) {
	d := openDesk(t)
	got := d.find(t, "without a portrait, with a face on the document", func(s session.Session) bool {
		front, ok := s.PhotoNamed(string(session.DocumentFront))
		_, given := s.PhotoNamed(string(session.Portrait))
		_, selfie := s.PhotoNamed(string(session.Selfie))
		if !ok || given || !selfie {
			return false
		}
		_, err := d.sessions.FaceOf(t.Context(), session.System, s, front, 320)
		return err == nil
	})
	at := "/sessions/" + string(got.ID)
	if res, body := d.ask(t, "agent", "GET", at+"/face.jpg", nil); res.StatusCode != 200 || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("the face: %d", res.StatusCode)
	}
	_, page := d.ask(t, "agent", "GET", at, nil)
	if !strings.Contains(page, `hx-get="`+at+`/compare"`) || strings.Contains(page, "face.jpg") {
		t.Error("the details wait for the face to be found")
	}
	_, part := d.ask(t, "agent", "GET", at+"/compare", nil, "HX-Request", "true")
	if !strings.Contains(part, "face.jpg") || !strings.Contains(part, "Portrait, cut from the document") || !strings.Contains(text(part), "Derived from the document front; not stored") || strings.Contains(part, "hx-get") {
		t.Error("the comparison does not have the face, marked as derived")
	}
}

func TestPhotoTools(t *testing.T) {
	d := openDesk(t)
	b := openTab(t, d)
	got := d.find(t, "with photos", func(s session.Session) bool { return len(s.Photos) > 2 })
	b.logIn("agent")
	b.visit("/sessions/" + string(got.ID))
	style := `document.querySelector("[data-large]").style`
	b.click("[data-zoom=in]")
	b.until(style + `.transform.includes("scale(1.4)") && document.querySelector("[data-large]").src.endsWith("?w=1600")`)
	b.click("[data-way=left]")
	b.until(style + `.transform.includes("translate(60px, 0px)")`)
	b.do(chromedp.Focus(chromedp.CSS("[data-stage]")))
	for _, step := range [][2]string{{"ArrowDown", "translate(60px, -60px)"}, {"+", "scale(1.9"}, {"]", "rotate(90deg)"}, {"0", "rotate(0deg) scale(1)"}} {
		b.ask(`(document.querySelector("[data-stage]").dispatchEvent(new KeyboardEvent("keydown", { key: "` + step[0] + `", bubbles: true })), "")`)
		b.until(style + `.transform.includes("` + step[1] + `")`)
	}
	b.ask(`(document.querySelector("[data-bright]").value = 150, document.querySelector("[data-bright]").dispatchEvent(new Event("input", { bubbles: true })), "")`)
	b.until(style + `.filter === "brightness(150%)"`)
	b.click(".strip li:nth-child(2) a")
	b.until(`document.querySelector("[data-sha]").title === document.querySelector(".strip li:nth-child(2) a").dataset.sum && ` + style + `.filter === "brightness(100%)"`)
	b.click("[data-full]")
	b.until(`document.fullscreenElement?.matches("[data-viewer]")`)
}
