package staff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dossier/kv"
	"dossier/staff"
)

const password = "correct horse battery staple"

// An office is a service over a real store in memory, with a clock that tests set.
type office struct {
	*staff.Service
	t  *testing.T
	at time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	db, err := kv.Open("", kv.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	o.Service = staff.NewService(db, func() time.Time { return o.at })
	return o
}

func (o *office) add(email string, role staff.Role) staff.Member {
	o.t.Helper()
	m, err := o.AddMember(o.t.Context(), staff.Member{Email: email, Name: "Nino", Role: role, Everyone: true}, password)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func TestAddMemberRefuses(t *testing.T) {
	good := staff.Member{Email: "nino@example.com", Name: "Nino", Role: staff.Agent, Everyone: true}
	tests := []struct {
		name     string
		change   func(*staff.Member)
		password string
		field    string // "" is taken
	}{
		{"good", func(*staff.Member) {}, password, ""},
		{"no address", func(m *staff.Member) { m.Email = "nino" }, password, "email"},
		{"an address with a name", func(m *staff.Member) { m.Email = "Nino <nino@example.com>" }, password, "email"},
		{"no name", func(m *staff.Member) { m.Name = "  " }, password, "name"},
		{"no role", func(m *staff.Member) { m.Role = "king" }, password, "role"},
		{"no company", func(m *staff.Member) { m.Everyone = false }, password, "companies"},
		{"short", func(*staff.Member) {}, "elevenchars", "password"},
		{"long", func(*staff.Member) {}, strings.Repeat("abcdef", 43), "password"},
		{"repeated", func(*staff.Member) {}, strings.Repeat("ab", 10), "password"},
		{"the address", func(*staff.Member) {}, "nino@example.com", "password"},
		{"the name in the address", func(m *staff.Member) { m.Email = "ninolongname@example.com" }, "NinoLongName1", "password"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := good
			tt.change(&m)
			_, err := newOffice(t).AddMember(t.Context(), m, tt.password)
			var problem *staff.ProblemError
			switch {
			case tt.field == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.field != "" && (!errors.As(err, &problem) || problem.Fields[tt.field] == ""):
				t.Errorf("answer is %v, want a problem with %s", err, tt.field)
			}
		})
	}
	o := newOffice(t)
	o.add("nino@example.com", staff.Master)
	if _, err := o.AddMember(t.Context(), staff.Member{Email: " NINO@example.com ", Name: "X", Role: staff.Agent, Everyone: true}, password); err == nil {
		t.Error("one address is taken twice")
	}
}

func TestLogIn(t *testing.T) {
	o := newOffice(t)
	m := o.add("nino@example.com", staff.Master)
	if m.Password == password || !strings.HasPrefix(m.Password, "$argon2id$") {
		t.Fatalf("the password is kept as %s", m.Password)
	}
	for name, try := range map[string][2]string{"wrong password": {"nino@example.com", "wrong horse battery staple"}, "nobody": {"nobody@example.com", password}, "empty": {"", ""}} {
		if _, _, err := o.LogIn(t.Context(), try[0], try[1], "10.0.0.1", "test"); !errors.Is(err, staff.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, token, err := o.LogIn(t.Context(), "Nino@Example.com", password, "10.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := o.LoggedIn(t.Context(), token); err != nil || got.ID != m.ID {
		t.Errorf("logged in as %s, %v", got.ID, err)
	}
	if _, _, err := o.LoggedIn(t.Context(), token+"x"); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a made-up token: %v", err)
	}
	o.at = o.at.Add(staff.IdleLogin + time.Second)
	if _, _, err := o.LoggedIn(t.Context(), token); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("an idle login goes on: %v", err)
	}
	_, token, err = o.LogIn(t.Context(), "nino@example.com", password, "10.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	for range 50 { // in use all the time
		o.at = o.at.Add(4 * time.Hour)
		_, _, err = o.LoggedIn(t.Context(), token)
	}
	if !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a login lasts for ever: %v", err)
	}
}

func TestGuessingIsThrottledWithoutLockingOut(t *testing.T) {
	o := newOffice(t)
	o.add("nino@example.com", staff.Master)
	throttled := 0
	for range 20 {
		if _, _, err := o.LogIn(t.Context(), "nino@example.com", "a wrong password", "10.6.6.6", "guesser"); errors.Is(err, staff.ErrThrottled) {
			throttled++
		}
	}
	if throttled != 15 {
		t.Errorf("%d of 20 guesses were throttled", throttled)
	}
	if _, _, err := o.LogIn(t.Context(), "nino@example.com", password, "10.0.0.1", "the member"); err != nil {
		t.Errorf("the member is locked out from elsewhere: %v", err)
	}
	o.at = o.at.Add(time.Hour)
	if _, _, err := o.LogIn(t.Context(), "nino@example.com", password, "10.6.6.6", "later"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	for n := range 40 {
		o.LogIn(t.Context(), fmt.Sprintf("member%d@example.com", n), "a wrong password", "10.7.7.7", "guesser")
	}
	if _, _, err := o.LogIn(t.Context(), "other@example.com", password, "10.7.7.7", "guesser"); !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("one address tries many accounts: %v", err)
	}
}

func TestDisableAndReset(t *testing.T) {
	o := newOffice(t)
	o.add("master@example.com", staff.Master)
	if _, err := o.Disable(t.Context(), "master@example.com", true); !errors.Is(err, staff.ErrLastMaster) {
		t.Errorf("the last master: %v", err)
	}
	o.add("agent@example.com", staff.Agent)
	_, token, err := o.LogIn(t.Context(), "agent@example.com", password, "10.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.SetPassword(t.Context(), "agent@example.com", "another long password"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.LoggedIn(t.Context(), token); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a login outlives the password: %v", err)
	}
	if _, token, err = o.LogIn(t.Context(), "agent@example.com", "another long password", "10.0.0.1", "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Disable(t.Context(), "agent@example.com", true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.LoggedIn(t.Context(), token); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a disabled member stays logged in: %v", err)
	}
	if _, _, err := o.LogIn(t.Context(), "agent@example.com", "another long password", "10.0.0.1", "test"); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a disabled member logs in: %v", err)
	}
}

func TestKeys(t *testing.T) {
	o := newOffice(t)
	k, text, err := o.AddKey(t.Context(), staff.Key{Company: "acme", Name: "website", Write: true})
	if err != nil || strings.Contains(k.Hash, text) || k.Hash == "" {
		t.Fatalf("key is %+v, %v", k, err)
	}
	if got, err := o.CheckKey(t.Context(), text); err != nil || got.ID != k.ID || !got.Write || got.Lists {
		t.Errorf("checked as %+v, %v", got, err)
	}
	for _, wrong := range []string{"", "dk_", text + "x", text[:len(text)-1], "dk_" + k.ID + ".", strings.Repeat("x", 10000)} {
		if _, err := o.CheckKey(t.Context(), wrong); !errors.Is(err, staff.ErrRefused) {
			t.Errorf("%.60q: %v", wrong, err)
		}
	}
	if _, err := o.RevokeKey(t.Context(), k.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.CheckKey(t.Context(), text); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a revoked key: %v", err)
	}
}
