package staff_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"dossier/staff"
)

// TestLastMasterRace: two masters who disable or demote each other at one moment do not both succeed.
func TestLastMasterRace(t *testing.T) {
	o := newOffice(t)
	for round := range 20 {
		a, b := o.add("a@example.com", staff.Master), o.add("b@example.com", staff.Master)
		errs := make([]error, 2)
		var all sync.WaitGroup
		all.Go(func() { _, errs[0] = o.Disable(t.Context(), a, b.ID, true) })
		all.Go(func() {
			wish := a
			wish.Role = staff.Agent
			_, errs[1] = o.Edit(t.Context(), b, a.ID, wish)
		})
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), staff.ErrLastMaster) {
			t.Fatalf("round %d: %v and %v, want one of them to be the last", round, errs[0], errs[1])
		}
		o = newOffice(t)
	}
}

// TestInvitedMasterDoesNotCount: an invited master leads nobody yet, so the last one who can log in stays.
func TestInvitedMasterDoesNotCount(t *testing.T) {
	o := newOffice(t)
	only := o.add("only@example.com", staff.Master)
	invited, token, err := o.Invite(t.Context(), only, staff.Member{Email: "next@example.com", Name: "Next", Role: staff.Master, Everyone: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Disable(t.Context(), staff.Operator, only.ID, true); !errors.Is(err, staff.ErrLastMaster) {
		t.Errorf("only an invited master would be left: %v", err)
	}
	if _, _, err := o.LogIn(t.Context(), invited.Email, "", here); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("an invited member logs in without a password: %v", err)
	}
	if _, err := o.UseLink(t.Context(), token, password, here); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Disable(t.Context(), staff.Operator, only.ID, true); err != nil {
		t.Errorf("another master can log in now: %v", err)
	}
}

func TestLinks(t *testing.T) {
	o := newOffice(t)
	master, agent := o.add("master@example.com", staff.Master), o.add("agent@example.com", staff.Agent)
	_, first, err := o.NewLink(t.Context(), master, agent.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, newest, _ := o.NewLink(t.Context(), master, agent.ID)
	for name, token := range map[string]string{"replaced": first, "empty": "", "nobody's": "x.y", "another member's": master.ID + newest[26:], "cut": newest[:len(newest)-1]} {
		if _, err := o.LinkOf(t.Context(), token); !errors.Is(err, staff.ErrLinkClosed) {
			t.Errorf("the link that is %s: %v", name, err)
		}
	}
	token := o.in("agent@example.com", password) // the old password is good until the link is used
	var problem *staff.ProblemError
	if _, err := o.UseLink(t.Context(), newest, "short", here); !errors.As(err, &problem) {
		t.Errorf("a short password: %v", err)
	}
	if _, err := o.UseLink(t.Context(), newest, "another long password", here); err != nil {
		t.Fatal(err)
	}
	o.out(token, "a login outlives the reset")
	if _, err := o.UseLink(t.Context(), newest, "yet another long password", here); !errors.Is(err, staff.ErrLinkClosed) {
		t.Errorf("a second time: %v", err)
	}
	_, late, _ := o.NewLink(t.Context(), master, agent.ID)
	o.at = o.at.Add(staff.LinkTime)
	if _, err := o.UseLink(t.Context(), late, "yet another long password", here); !errors.Is(err, staff.ErrLinkClosed) {
		t.Errorf("after a week: %v", err)
	}
}

// TestManaging says who may change whom.
func TestManaging(t *testing.T) {
	member := func(role staff.Role, companies ...string) staff.Member {
		return staff.Member{ID: "x", Role: role, Everyone: companies == nil, Companies: companies}
	}
	tests := []struct {
		name      string
		by, other staff.Member
		may       bool
	}{
		{"all over all", member(staff.Master), member(staff.Master), true},
		{"all over one", member(staff.Master), member(staff.Agent, "a"), true},
		{"one over the same", member(staff.Master, "a"), member(staff.Master, "a"), true},
		{"two over one", member(staff.Master, "a", "b"), member(staff.Agent, "b"), true},
		{"one over two", member(staff.Master, "a"), member(staff.Agent, "a", "b"), false},
		{"one over another", member(staff.Master, "a"), member(staff.Agent, "b"), false},
		{"one over all", member(staff.Master, "a"), member(staff.Agent), false},
		{"an agent", member(staff.Agent), member(staff.Agent, "a"), false},
		{"an auditor", member(staff.Auditor), member(staff.Agent, "a"), false},
	}
	for _, tt := range tests {
		if got := tt.by.Manages(tt.other); got != tt.may {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// TestCodeInTime: a code is good for the step before and after, and once.
func TestCodeInTime(t *testing.T) {
	for _, tt := range []struct {
		name  string
		apart time.Duration
		good  bool
	}{{"now", 0, true}, {"a step early", 30 * time.Second, true}, {"a step late", -30 * time.Second, true}, {"two early", time.Minute, false}, {"two late", -time.Minute, false}} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.add("agent@example.com", staff.Agent)
			m, l, err := o.LoggedIn(t.Context(), o.in("agent@example.com", password))
			if err != nil {
				t.Fatal(err)
			}
			secret := o.enrol(m, l)
			o.at = o.at.Add(10 * time.Minute)
			code, _ := totp.GenerateCode(secret, o.at.Add(tt.apart))
			half := o.half(m.Email)
			if _, token, _, err := o.LogInCode(t.Context(), half, code, here); (err == nil) != tt.good || (token != "") != tt.good {
				t.Errorf("the code: %v", err)
			}
			if _, _, _, err := o.LogInCode(t.Context(), o.half(m.Email), code, here); !errors.Is(err, staff.ErrRefused) {
				t.Errorf("the code again: %v", err)
			}
		})
	}
}

// enrol gives m an authenticator app, and returns its secret.
func (o *office) enrol(m staff.Member, l staff.Login) string {
	o.t.Helper()
	if _, err := o.Enrol(o.t.Context(), m, l); err != nil {
		o.t.Fatal(err)
	}
	logins, err := o.Logins(o.t.Context(), m, m.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	l = logins[0]
	code, err := totp.GenerateCode(l.Secret, o.at)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, codes, err := o.ConfirmEnrolment(o.t.Context(), m, l, password, code); err != nil || len(codes) != 10 {
		o.t.Fatalf("the app is refused: %d codes, %v", len(codes), err)
	}
	return l.Secret
}

// half takes the first step.
func (o *office) half(email string) string {
	o.t.Helper()
	_, token, err := o.LogIn(o.t.Context(), email, password, here)
	if !errors.Is(err, staff.ErrSecondFactor) {
		o.t.Fatalf("the first step: %v", err)
	}
	o.out(token, "half a login is a login")
	return token
}

// TestHalfLoginEnds after ten minutes, and with the second factor.
func TestHalfLoginEnds(t *testing.T) {
	o := newOffice(t)
	o.add("agent@example.com", staff.Agent)
	m, l, _ := o.LoggedIn(t.Context(), o.in("agent@example.com", password))
	secret := o.enrol(m, l)
	o.at = o.at.Add(time.Minute)
	old := o.half(m.Email)
	o.at = o.at.Add(10*time.Minute + time.Second)
	code, _ := totp.GenerateCode(secret, o.at)
	if _, _, _, err := o.LogInCode(t.Context(), old, code, here); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("after ten minutes: %v", err)
	}
	half := o.half(m.Email)
	if _, _, _, err := o.LogInCode(t.Context(), half, code, here); err != nil {
		t.Fatal(err)
	}
	if _, err := o.HalfLogin(t.Context(), half); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("the half login goes on after the second step: %v", err)
	}
}

// TestGuessedCodesWait, and are remembered for a day.
func TestGuessedCodesWait(t *testing.T) {
	o := newOffice(t)
	o.add("agent@example.com", staff.Agent)
	m, l, _ := o.LoggedIn(t.Context(), o.in("agent@example.com", password))
	o.enrol(m, l)
	guesses := 0
	for end := o.at.Add(24 * time.Hour); o.at.Before(end); o.at = o.at.Add(time.Second) {
		if o.at.Unix()%300 == 0 { // half logins end after ten minutes
			half := o.half(m.Email)
			for range 10 {
				if _, _, _, err := o.LogInCode(t.Context(), half, "000000", staff.Browser{IP: "10.9.9.9"}); errors.Is(err, staff.ErrThrottled) {
					break
				}
				guesses++
			}
		}
	}
	if guesses > 120 {
		t.Errorf("%d guesses in a day", guesses)
	}
}

// TestChallengesWait: one address cannot take all the challenges that there may be.
func TestChallengesWait(t *testing.T) {
	o := newOffice(t)
	site := staff.Site{Host: "localhost", Origin: "http://localhost:8080"}
	ask := func(ip string) error {
		_, err := o.BeginPasskeyLogin(t.Context(), site, "", staff.Browser{IP: ip})
		return err
	}
	for n := range 100 {
		if err := ask("10.9.9.9"); err != nil {
			t.Fatalf("challenge %d: %v", n, err)
		}
	}
	if err := ask("10.9.9.9"); !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("the next one: %v", err)
	}
	if err := ask("10.0.0.1"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

// TestWrongPasskeyAnswers are refused, and a challenge is good once.
func TestWrongPasskeyAnswers(t *testing.T) {
	o := newOffice(t)
	o.add("agent@example.com", staff.Agent)
	site := staff.Site{Host: "localhost", Origin: "http://localhost:8080"}
	for name, answer := range map[string]string{"empty": "", "no JSON": "x", "empty object": "{}", "nonsense": `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		c, err := o.BeginPasskeyLogin(t.Context(), site, "", here)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, token, err := o.FinishPasskeyLogin(t.Context(), site, "", c.ID, []byte(answer), here); !errors.Is(err, staff.ErrRefused) || token != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	m, l, err := o.LoggedIn(t.Context(), o.in("agent@example.com", password))
	if err != nil {
		t.Fatal(err)
	}
	var problem *staff.ProblemError
	if _, err := o.BeginPasskey(t.Context(), site, m, "wrong"); !errors.As(err, &problem) || problem.Fields["current"] == "" {
		t.Errorf("a passkey without the password of %s: %v", l.Member, err)
	}
	c, err := o.BeginPasskey(t.Context(), site, m, password)
	if err != nil {
		t.Fatal(err)
	}
	other := o.add("other@example.com", staff.Agent)
	if _, _, err := o.FinishPasskey(t.Context(), site, other, c.ID, "x", []byte("{}")); !errors.As(err, &problem) {
		t.Errorf("another member answers: %v", err)
	}
}
