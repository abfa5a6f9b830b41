package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

var (
	linkInPage   = regexp.MustCompile(`value="[^"]*(/set-password\?token=[^"]+)"`)
	secretInPage = regexp.MustCompile(`class="secret">([A-Z2-7 ]+)<`)
	codeInPage   = regexp.MustCompile(`<code>([a-z2-7-]{19})</code>`)
)

// send posts a form of a member, with the token that it carries.
func (d *desk) send(t *testing.T, who, target string, pairs ...string) (*http.Response, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	if who != "" {
		form = d.with(t, who, form)
	}
	return d.ask(t, who, "POST", target, form)
}

// take keeps the cookie that an answer set as that of who.
func (d *desk) take(t *testing.T, who string, res *http.Response) {
	t.Helper()
	d.tokens[who] = cookieOf(t, res)
}

// arrives fails the test unless the answer leads to target.
func arrives(t *testing.T, what string, res *http.Response, target string) {
	t.Helper()
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || to != target {
		t.Fatalf("%s: %d to %q, want %q", what, res.StatusCode, to, target)
	}
}

// invited takes a new member through the link to a password.
func (d *desk) invited(t *testing.T, name, role, password string) staff.Member {
	t.Helper()
	email := strings.ToLower(name) + "@test.example"
	_, page := d.send(t, "master", "/settings/members", "email", email, "name", name, "role", role, "everyone", "true")
	link := linkInPage.FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("no link for %s:\n%.2000s", name, page)
	}
	_, token, _ := strings.Cut(link[1], "token=")
	res, _ := d.send(t, "", "/set-password", "token", token, "password", password, "password2", password)
	arrives(t, "setting the password", res, "/login?done=password-set")
	m, err := d.staff.ByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestInvitation(t *testing.T) {
	d := openDesk(t)
	res, body := d.send(t, "master", "/settings/members", "email", "agent@test.example", "name", "", "role", "agent")
	for _, want := range []string{"Give a name", "Name at least one company", `value="agent@test.example"`} {
		if res.StatusCode != 422 || !strings.Contains(body, want) {
			t.Errorf("a form with problems: %d, %q is missing", res.StatusCode, want)
		}
	}
	if res, body := d.send(t, "master", "/settings/members", "email", "agent@test.example", "name", "X", "role", "agent", "everyone", "true"); res.StatusCode != 422 || !strings.Contains(body, "Another member has this e-mail address") {
		t.Errorf("an address that is taken: %d", res.StatusCode)
	}
	_, page := d.send(t, "master", "/settings/members", "email", "newcomer@test.example", "name", "Nana Newcomer", "role", "agent", "company", "acme")
	link := linkInPage.FindStringSubmatch(page)
	if link == nil {
		t.Fatal("no link is shown")
	}
	_, token, _ := strings.Cut(link[1], "token=")
	for range 2 { // previews of chat programs look at it first
		if res, body := d.ask(t, "", "GET", link[1], nil); res.StatusCode != 200 || !strings.Contains(body, "Welcome, Nana Newcomer") {
			t.Errorf("the link: %d", res.StatusCode)
		}
	}
	if res, body := d.send(t, "", "/set-password", "token", token, "password", "Password1234", "password2", "Password1234"); res.StatusCode != 422 || !strings.Contains(body, "Too many people use this password") {
		t.Errorf("a common password: %d", res.StatusCode)
	}
	res, _ = d.send(t, "", "/set-password", "token", token, "password", password, "password2", password)
	arrives(t, "setting the password", res, "/login?done=password-set")
	if res, _ := d.send(t, "", "/set-password", "token", token, "password", password, "password2", password); res.StatusCode != 404 {
		t.Errorf("the link a second time: %d, want 404", res.StatusCode)
	}
	res, _ = d.send(t, "", "/login", "email", "newcomer@test.example", "password", password)
	arrives(t, "the first log-in", res, "/sessions")
	d.take(t, "newcomer", res)
	if _, body := d.ask(t, "newcomer", "GET", "/sessions", nil); strings.Contains(body, "Orbit") {
		t.Error("a member of Acme sees Orbit")
	}
	m, err := d.staff.ByEmail(t.Context(), "newcomer@test.example")
	if err != nil {
		t.Fatal(err)
	}
	_, body = d.ask(t, "boss", "GET", "/activity?actor=member:"+m.ID, nil)
	for _, want := range []string{"Member added", "Password set", "Logged in", "member: Nana Newcomer"} {
		if !strings.Contains(body, want) {
			t.Errorf("the activity of the newcomer's company lacks %q", want)
		}
	}
}

// TestMasterOfOneCompanyManages own members and nobody else.
func TestMasterOfOneCompanyManages(t *testing.T) {
	d := openDesk(t)
	if res, body := d.send(t, "boss", "/settings/members", "email", "x@test.example", "name", "X", "role", "master", "everyone", "true"); res.StatusCode != 422 || !strings.Contains(body, "your own companies only") {
		t.Errorf("boss makes a master of all companies: %d", res.StatusCode)
	}
	if res, _ := d.send(t, "boss", "/settings/members", "email", "x@test.example", "name", "X", "role", "agent", "company", "orbit"); res.StatusCode != 422 {
		t.Errorf("boss gives access to Orbit: %d", res.StatusCode)
	}
	both, _, err := d.staff.Invite(t.Context(), staff.Operator, staff.Member{Email: "both@test.example", Name: "Bo Both", Role: staff.Agent, Companies: []string{"acme", "orbit"}})
	if err != nil {
		t.Fatal(err)
	}
	_, body := d.ask(t, "boss", "GET", "/settings/members", nil)
	for name, want := range map[string]bool{"Ada Test": true, "Bo Both": true, "Mira Test": false, "Omar Test": false, "Orbit": false} {
		if strings.Contains(body, name) != want {
			t.Errorf("boss sees %s: %t", name, !want)
		}
	}
	if _, body := d.ask(t, "boss", "GET", "/settings/members/"+both.ID, nil); !strings.Contains(body, "not yours as well") || strings.Contains(body, "Orbit") {
		t.Error("the page of a member of both does not say why it cannot be changed, or names the other company")
	}
	for _, what := range []string{"/link", "/state", "/second-factor", "/logins/end"} {
		if res, _ := d.send(t, "boss", "/settings/members/"+both.ID+what, "disabled", "true"); res.StatusCode != 403 {
			t.Errorf("boss does %s to a member of both: %d, want 403", what, res.StatusCode)
		}
	}
}

func TestNobodyDemotesOneself(t *testing.T) {
	d := openDesk(t)
	me, err := d.staff.ByEmail(t.Context(), "master@test.example")
	if err != nil {
		t.Fatal(err)
	}
	here := "/settings/members/" + me.ID
	if res, body := d.send(t, "master", here+"/state", "disabled", "true"); res.StatusCode != 422 || !strings.Contains(body, "your own account") {
		t.Errorf("a master disables himself: %d", res.StatusCode)
	}
	if res, body := d.send(t, "master", here, "email", me.Email, "name", me.Name, "role", "agent", "everyone", "true"); res.StatusCode != 422 || !strings.Contains(body, "your own account") {
		t.Errorf("a master demotes himself: %d", res.StatusCode)
	}
	res, _ := d.send(t, "master", here, "email", me.Email, "name", "Mira Test", "role", "master", "everyone", "true")
	arrives(t, "saving what is the same", res, here+"?done=changed")
}

// TestSecondFactor goes from the password over the authenticator app and a recovery code to a master's help.
func TestSecondFactor(t *testing.T) {
	d := openDesk(t)
	m := d.invited(t, "Twofold", "agent", password)
	res, _ := d.send(t, "", "/login", "email", m.Email, "password", password)
	d.take(t, "twofold", res)
	d.take(t, "other", first(d.send(t, "", "/login", "email", m.Email, "password", password)))

	_, page := d.ask(t, "twofold", "GET", "/settings/profile/authenticator", nil)
	secret := strings.ReplaceAll(secretInPage.FindStringSubmatch(page)[1], " ", "")
	if res, png := d.ask(t, "twofold", "GET", "/settings/profile/authenticator/qr.png", nil); res.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(png, "\x89PNG") {
		t.Errorf("the QR code: %v", res.Header)
	}
	if res, body := d.send(t, "twofold", "/settings/profile/authenticator", "code", "000000", "current", password); res.StatusCode != 422 || !strings.Contains(body, secretInPage.FindString(page)) {
		t.Errorf("a wrong code: %d, or the secret has changed", res.StatusCode)
	}
	code := d.code(t, secret, 0)
	if res, body := d.send(t, "twofold", "/settings/profile/authenticator", "code", code, "current", "not my password"); res.StatusCode != 422 || !strings.Contains(body, "not your password") {
		t.Errorf("a wrong password: %d", res.StatusCode)
	}
	old := d.tokens["twofold"]
	res, page = d.send(t, "twofold", "/settings/profile/authenticator", "code", code, "current", password)
	recovery := codeInPage.FindAllStringSubmatch(page, -1)
	if res.StatusCode != 200 || len(recovery) != 10 {
		t.Fatalf("switched on: %d with %d recovery codes", res.StatusCode, len(recovery))
	}
	if d.take(t, "twofold", res); d.tokens["twofold"] == old {
		t.Error("the cookie stays the same")
	}
	if res, _ := d.ask(t, "other", "GET", "/sessions", nil); res.StatusCode != 303 {
		t.Errorf("the other login goes on: %d", res.StatusCode)
	}

	half := d.half(t, m.Email)
	if res, _ := d.ask(t, half, "GET", "/sessions", nil); res.StatusCode != 303 {
		t.Errorf("the password alone opens the sessions: %d", res.StatusCode)
	}
	if res, _ := d.send(t, "", "/login/second", "code", code); res.StatusCode != 422 {
		t.Errorf("a code without the first step: %d", res.StatusCode)
	}
	if res, body := d.secondStep(t, half, code); res.StatusCode != 422 || !strings.Contains(body, "used before") {
		t.Errorf("the code of the set-up again: %d", res.StatusCode)
	}
	fresh := d.code(t, secret, 30*time.Second)
	res, _ = d.secondStep(t, half, fresh)
	arrives(t, "the second step", res, "/sessions")
	if cookieOf(t, res) == d.tokens[half] {
		t.Error("the cookie stays the same at the second step")
	}
	half = d.half(t, m.Email)
	if res, _ := d.secondStep(t, half, fresh); res.StatusCode != 422 {
		t.Errorf("a code a second time: %d", res.StatusCode)
	}
	res, _ = d.secondStep(t, half, strings.ToUpper(recovery[0][1]))
	arrives(t, "a recovery code", res, "/sessions")
	half = d.half(t, m.Email)
	if res, _ := d.secondStep(t, half, recovery[0][1]); res.StatusCode != 422 {
		t.Errorf("a recovery code a second time: %d", res.StatusCode)
	}

	res, _ = d.send(t, "master", "/settings/members/"+m.ID+"/second-factor")
	arrives(t, "a master's help", res, "/settings/members/"+m.ID+"?done=factors-dropped")
	res, _ = d.send(t, "", "/login", "email", m.Email, "password", password)
	arrives(t, "without the second factor", res, "/sessions")
}

// code is what an authenticator app shows, later by so much.
func (d *desk) code(t *testing.T, secret string, later time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, d.clock.Now().Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// half takes the first step of a log-in and returns who has its cookie.
func (d *desk) half(t *testing.T, email string) string {
	t.Helper()
	res, _ := d.send(t, "", "/login", "email", email, "password", password)
	arrives(t, "the first step", res, "/login/second?next=%2Fsessions")
	who := "half of " + email
	d.take(t, who, res)
	return who
}

func (d *desk) secondStep(t *testing.T, half, code string) (*http.Response, string) {
	t.Helper()
	return d.ask(t, half, "POST", "/login/second", url.Values{"code": {code}})
}

// TestCodesAreThrottled per account, wherever they come from.
func TestCodesAreThrottled(t *testing.T) {
	d := openDesk(t)
	m := d.invited(t, "Guessed", "agent", password)
	d.take(t, "guessed", first(d.send(t, "", "/login", "email", m.Email, "password", password)))
	_, page := d.ask(t, "guessed", "GET", "/settings/profile/authenticator", nil)
	secret := strings.ReplaceAll(secretInPage.FindStringSubmatch(page)[1], " ", "")
	d.send(t, "guessed", "/settings/profile/authenticator", "code", d.code(t, secret, 0), "current", password)
	half := d.half(t, m.Email)
	var res *http.Response
	for range 12 {
		if res, _ = d.secondStep(t, half, "123456"); res.StatusCode == 429 {
			break
		}
	}
	if res.StatusCode != 429 || res.Header.Get("Retry-After") == "" {
		t.Errorf("after 12 guesses: %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

func first[A, B any](a A, _ B) A { return a }

func TestThrottledLogInSaysWhen(t *testing.T) {
	d := openDesk(t)
	var res *http.Response
	var body string
	for n := range 20 { // on a slow machine the first waits are over before the next guess
		res, body = d.send(t, "", "/login", "email", "nobody-at-all@test.example", "password", fmt.Sprint("a wrong guess ", n))
		if res.StatusCode == 429 {
			break
		}
	}
	if after := res.Header.Get("Retry-After"); res.StatusCode != 429 || after == "" || !strings.Contains(body, "Try again in "+after+" second") {
		t.Errorf("after 20 guesses: %d, Retry-After %q", res.StatusCode, after)
	}
}

func TestProfile(t *testing.T) {
	d := openDesk(t)
	m := d.invited(t, "Changing", "auditor", password)
	d.take(t, "changing", first(d.send(t, "", "/login", "email", m.Email, "password", password)))
	d.take(t, "elsewhere", first(d.send(t, "", "/login", "email", m.Email, "password", password)))
	if res, body := d.send(t, "changing", "/settings/profile", "name", " "); res.StatusCode != 422 || !strings.Contains(body, "Give a name") {
		t.Errorf("no name: %d", res.StatusCode)
	}
	res, _ := d.send(t, "changing", "/settings/profile", "name", "Changed Name")
	arrives(t, "a new name", res, "/settings/profile?done=changed")
	logins, err := d.staff.Logins(t.Context(), m, m.ID)
	if err != nil || len(logins) != 2 {
		t.Fatalf("%d logins: %v", len(logins), err)
	}
	res, _ = d.send(t, "changing", "/settings/profile/logins/"+logins[0].ID+"/end")
	arrives(t, "ending the newer login", res, "/settings/profile?done=login-ended")
	if res, _ := d.ask(t, "elsewhere", "GET", "/sessions", nil); res.StatusCode != 303 {
		t.Errorf("the ended login goes on: %d", res.StatusCode)
	}
	const next = "another few words for tests"
	for field, form := range map[string][]string{
		"not your password": {"current", "wrong words entirely", "password", next, "password2", next},
		"differ":            {"current", password, "password", next, "password2", next + "x"},
		"at least 12":       {"current", password, "password", "short", "password2", "short"},
	} {
		if res, body := d.send(t, "changing", "/settings/profile/password", form...); res.StatusCode != 422 || !strings.Contains(body, field) || strings.Contains(body, next) {
			t.Errorf("%s: %d", field, res.StatusCode)
		}
	}
	d.take(t, "elsewhere", first(d.send(t, "", "/login", "email", m.Email, "password", password)))
	res, _ = d.send(t, "changing", "/settings/profile/password", "current", password, "password", next, "password2", next)
	arrives(t, "a new password", res, "/settings/profile?done=password-changed")
	d.take(t, "changing", res)
	if res, _ := d.ask(t, "changing", "GET", "/settings/profile", nil); res.StatusCode != 200 {
		t.Errorf("the own login has ended: %d", res.StatusCode)
	}
	if res, _ := d.ask(t, "elsewhere", "GET", "/sessions", nil); res.StatusCode != 303 {
		t.Errorf("the other login outlives the password: %d", res.StatusCode)
	}
}

// TestRequiredSecondFactor leads everybody to where one is set up, and API keys nowhere.
func TestRequiredSecondFactor(t *testing.T) {
	d := emptyDesk(t, server.Options{RequireSecondFactor: true})
	m, err := d.staff.AddMember(t.Context(), staff.Member{Email: "only@test.example", Name: "Only", Role: staff.Master, Everyone: true}, password)
	if err != nil {
		t.Fatal(err)
	}
	_, d.tokens["only"], err = d.staff.LogIn(t.Context(), m.Email, password, staff.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/sessions": 303, "/settings/members": 303, "/settings/profile": 200, "/settings/profile/authenticator": 200} {
		if res, body := d.ask(t, "only", "GET", path, nil); res.StatusCode != want {
			t.Errorf("%s without a second factor: %d, want %d", path, res.StatusCode, want)
		} else if path == "/settings/profile" && !strings.Contains(body, "Everybody here must have a second factor") {
			t.Error("the profile does not say why")
		}
	}
	if _, err := d.sessions.SaveCompany(t.Context(), session.System, session.NewCompany("acme", "Acme", d.clock.Now()), ""); err != nil {
		t.Fatal(err)
	}
	_, key, err := d.staff.AddKey(t.Context(), staff.Operator, staff.Key{Company: "acme", Name: "k"})
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := d.ask(t, "", "GET", "/api/v1/sessions", nil, "Authorization", "Bearer "+key); res.StatusCode != 200 {
		t.Errorf("an API key: %d", res.StatusCode)
	}
}

// TestMemberChangedMeanwhile: the second of two masters gets the form back as typed, beside what is true
// now, and may save over it.
func TestMemberChangedMeanwhile(t *testing.T) {
	d := openDesk(t)
	m, _, err := d.staff.Invite(t.Context(), staff.Operator, staff.Member{Email: "twice@test.example", Name: "Tea Twice", Role: staff.Agent, Everyone: true})
	if err != nil {
		t.Fatal(err)
	}
	here := "/settings/members/" + m.ID
	fields := func(version, name, role string) []string {
		return []string{"version", version, "email", m.Email, "name", name, "role", role, "everyone", "true"}
	}
	res, _ := d.send(t, "master", here, fields("0", "Tea Twice", "auditor")...)
	arrives(t, "the first", res, here+"?done=changed")
	res, body := d.send(t, "master", here, fields("0", "Tea Typed", "agent")...)
	if res.StatusCode != 409 || !strings.Contains(body, "Somebody else has changed this member") || !strings.Contains(body, `value="Tea Typed"`) ||
		!strings.Contains(body, "<dd>Auditor</dd>") || !strings.Contains(body, `name="version" value="1"`) {
		t.Errorf("the second: %d\n%.3000s", res.StatusCode, body)
	}
	res, _ = d.send(t, "master", here, fields("1", "Tea Typed", "agent")...)
	arrives(t, "once more", res, here+"?done=changed")
	if res, _ := d.send(t, "master", here, fields("x", "Tea", "agent")...); res.StatusCode != 422 {
		t.Errorf("a version that is none: %d", res.StatusCode)
	}
}
