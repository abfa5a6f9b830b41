package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"dossier/session"
)

// withAuthenticator gives the tab a virtual authenticator, as a laptop with a fingerprint reader has one.
func (b *tab) withAuthenticator() webauthn.AuthenticatorID {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	added, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		b.t.Fatal(err)
	}
	return added.AuthenticatorID
}

// verify sets whether the authenticator recognises its user.
func (b *tab) verify(id webauthn.AuthenticatorID, yes bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: yes}); err != nil {
		b.t.Fatal(err)
	}
}

// TestPasskey adds one, logs in with it alone and as the second step, and removes it.
func TestPasskey(t *testing.T) {
	d := *openDesk(t)
	d.url = strings.Replace(d.url, "127.0.0.1", "localhost", 1) // passkeys belong to names
	b := openTab(t, &d)
	device := b.withAuthenticator()
	m := d.invited(t, "Keyholder", "auditor", password)
	b.look(screens[0], "light")
	b.logIn("keyholder")

	b.visit("/settings/profile")
	b.click(`.factor:has([data-passkey]) > .ask > summary`)
	b.write("#passkey-name", "work laptop")
	b.write("#current-new-key", "not my password")
	b.click(`form[data-passkey] button`)
	b.until(`document.querySelector("[data-passkey-problem]").textContent.includes("not your password")`)
	b.ask(`document.querySelector("#current-new-key").value = ""`)
	b.write("#current-new-key", password)
	b.click(`form[data-passkey] button`)
	b.until(`document.querySelectorAll(".codes code").length === 10`)
	code := b.ask(`document.querySelector(".codes code").textContent`)
	b.visit("/settings/profile")
	b.until(`document.querySelector(".passkey").textContent.includes("work laptop")`)

	leave := func() { b.click(`form[action="/logout"] button`); b.see("#email") }
	leave()
	b.click(`form[data-passkey="get"] button`)
	b.see(".side .me")
	leave()

	b.verify(device, false) // somebody else's finger
	b.click(`form[data-passkey="get"] button`)
	b.until(`!document.querySelector("[data-passkey-problem]").hidden`)
	b.verify(device, true)

	b.write("#email", m.Email)
	b.write("#password", password)
	b.click("form:has(#password) button")
	b.see("#code")
	b.click(`form[data-passkey="get"] button`)
	b.see(".side .me")
	leave()

	b.write("#email", m.Email)
	b.write("#password", password)
	b.click("form:has(#password) button")
	b.see("#code")
	b.write("#code", code)
	b.click("form:has(#code) button")
	b.see(".side .me")

	b.visit("/settings/profile")
	b.click(".passkey summary")
	b.write(".passkey input[name=current]", password)
	b.click(".passkey .danger")
	b.until(`document.querySelector(".passkey") === null && document.querySelector("main").textContent.includes("It is removed.")`)
	events, _, err := d.sessions.Activity(t.Context(), session.System, session.EventFilter{Actor: "member:" + m.ID})
	if err != nil {
		t.Fatal(err)
	}
	var ways []string
	for _, e := range events {
		if e.Action == session.ActLogin {
			ways = append(ways, e.Detail["with"])
		}
	}
	if got := strings.Join(ways, ", "); got != "recovery code, passkey, passkey, password" {
		t.Errorf("the log has log-ins with %s", got)
	}
}
