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
	db *kv.DB
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
	o.db, o.Service = db, staff.NewService(db, func() time.Time { return o.at })
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
		{"a name that turns the text around", func(m *staff.Member) { m.Name = "Nino \u202eONIN" }, password, "name"},
		{"a name over two lines", func(m *staff.Member) { m.Name = "Nino\nAdmin" }, password, "name"},
		{"no role", func(m *staff.Member) { m.Role = "king" }, password, "role"},
		{"no company", func(m *staff.Member) { m.Everyone = false }, password, "companies"},
		{"short", func(*staff.Member) {}, "elevenchars", "password"},
		{"long", func(*staff.Member) {}, strings.Repeat("abcdef", 43), "password"},
		{"repeated", func(*staff.Member) {}, strings.Repeat("ab", 10), "password"},
		{"common", func(*staff.Member) {}, "Password1234", "password"},
		{"common in disguise", func(*staff.Member) {}, "p@$$w0rd2026!", "password"},
		{"common twice", func(*staff.Member) {}, "footballfootball", "password"},
		{"along the keyboard", func(*staff.Member) {}, "qwertyuiop12", "password"},
		{"along the digits", func(*staff.Member) {}, "012345678901", "password"},
		{"common words together", func(*staff.Member) {}, "monkey football", ""},
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
		if _, _, err := o.LogIn(t.Context(), try[0], try[1], staff.Browser{IP: "10.0.0.1", UserAgent: "test"}); !errors.Is(err, staff.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, token, err := o.LogIn(t.Context(), "Nino@Example.com", password, staff.Browser{IP: "10.0.0.1", UserAgent: "test"})
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
	_, token, err = o.LogIn(t.Context(), "nino@example.com", password, staff.Browser{IP: "10.0.0.1", UserAgent: "test"})
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
		if _, _, err := o.LogIn(t.Context(), "nino@example.com", "a wrong password", staff.Browser{IP: "10.6.6.6", UserAgent: "guesser"}); errors.Is(err, staff.ErrThrottled) {
			throttled++
		}
	}
	if throttled != 15 {
		t.Errorf("%d of 20 guesses were throttled", throttled)
	}
	if _, _, err := o.LogIn(t.Context(), "nino@example.com", password, staff.Browser{IP: "10.0.0.1", UserAgent: "the member"}); err != nil {
		t.Errorf("the member is locked out from elsewhere: %v", err)
	}
	o.at = o.at.Add(time.Hour)
	if _, _, err := o.LogIn(t.Context(), "nino@example.com", password, staff.Browser{IP: "10.6.6.6", UserAgent: "later"}); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	for n := range 40 {
		o.LogIn(t.Context(), fmt.Sprintf("member%d@example.com", n), "a wrong password", staff.Browser{IP: "10.7.7.7", UserAgent: "guesser"})
	}
	if _, _, err := o.LogIn(t.Context(), "other@example.com", password, staff.Browser{IP: "10.7.7.7", UserAgent: "guesser"}); !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("one address tries many accounts: %v", err)
	}
	var err error
	for n := range 6 {
		_, _, err = o.LogIn(t.Context(), "nino@example.com", "a wrong password", staff.Browser{IP: fmt.Sprintf("2001:db8:1:2::%x", n), UserAgent: "guesser"})
	}
	if !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("one line takes an address for each guess: %v", err)
	}
}

func TestDisableAndReset(t *testing.T) {
	o := newOffice(t)
	master := o.add("master@example.com", staff.Master)
	if _, err := o.Disable(t.Context(), staff.Operator, master.ID, true); !errors.Is(err, staff.ErrLastMaster) {
		t.Errorf("the last master: %v", err)
	}
	agent := o.add("agent@example.com", staff.Agent)
	token := o.in("agent@example.com", password)
	if _, err := o.SetPassword(t.Context(), agent.ID, "another long password"); err != nil {
		t.Fatal(err)
	}
	o.out(token, "a login outlives the password")
	token = o.in("agent@example.com", "another long password")
	if _, err := o.Disable(t.Context(), master, agent.ID, true); err != nil {
		t.Fatal(err)
	}
	o.out(token, "a disabled member stays logged in")
	if _, _, err := o.LogIn(t.Context(), "agent@example.com", "another long password", here); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a disabled member logs in: %v", err)
	}
	if _, err := o.Disable(t.Context(), master, agent.ID, false); err != nil {
		t.Fatal(err)
	}
	o.out(token, "an old login comes back with the member")
}

var here = staff.Browser{IP: "10.0.0.1", UserAgent: "test"}

// in logs somebody in.
func (o *office) in(email, password string) string {
	o.t.Helper()
	_, token, err := o.LogIn(o.t.Context(), email, password, here)
	if err != nil {
		o.t.Fatalf("%s does not get in: %v", email, err)
	}
	return token
}

// out fails the test with text if the token is good.
func (o *office) out(token, text string) {
	o.t.Helper()
	if _, _, err := o.LoggedIn(o.t.Context(), token); !errors.Is(err, staff.ErrRefused) {
		o.t.Errorf("%s: %v", text, err)
	}
}

func TestKeys(t *testing.T) {
	o := newOffice(t)
	k, text, err := o.AddKey(t.Context(), staff.Operator, staff.Key{Company: "acme", Name: "website", Write: true})
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
	if all, err := o.Keys(t.Context(), staff.Operator); err != nil || len(all) != 1 || !all[0].UsedAt.Equal(o.at) {
		t.Errorf("the use of the key is not noted: %+v, %v", all, err)
	}
	if _, err := o.RevokeKey(t.Context(), staff.Operator, k.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.CheckKey(t.Context(), text); !errors.Is(err, staff.ErrRefused) {
		t.Errorf("a revoked key: %v", err)
	}
}
