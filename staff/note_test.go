package staff_test

import (
	"errors"
	"slices"
	"testing"

	"dossier/staff"
)

// log is what the audit log has by now: action, who, from where, company and change of each event.
func (o *office) log() (all []string) {
	o.t.Helper()
	for e, err := range o.db.EachEvent(o.t.Context()) {
		if err != nil {
			o.t.Fatal(err)
		}
		all = append(all, e.Action+" "+e.Name+" "+e.IP+" "+e.Company+" "+e.Detail["change"])
	}
	return all
}

// TestChangesAreNoted: what changes a member or a key is in the audit log by the time that it has
// happened, once for each company concerned, and what was refused is not.
func TestChangesAreNoted(t *testing.T) {
	o := newOffice(t)
	master := o.add("master@example.com", staff.Master)
	master.From = "192.0.2.1"
	m, _, err := o.Invite(t.Context(), master, staff.Member{Email: "agent@example.com", Name: "Adam", Role: staff.Agent, Companies: []string{"acme", "orbit"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"an edit", func() error {
			wish := m
			wish.Role, wish.Companies = staff.Auditor, []string{"acme"}
			_, err := o.Edit(t.Context(), master, m.ID, wish)
			return err
		}, []string{"member.changed Nino 192.0.2.1 acme role, companies"}},
		{"an edit that changes nothing", func() error {
			wish, _ := o.Member(t.Context(), master, m.ID)
			_, err := o.Edit(t.Context(), master, m.ID, wish)
			return err
		}, nil},
		{"a link", func() error { _, _, err := o.NewLink(t.Context(), master, m.ID); return err }, []string{"member.link Nino 192.0.2.1 acme "}},
		{"oneself", func() error {
			if _, err := o.Disable(t.Context(), master, master.ID, true); !errors.Is(err, staff.ErrSelf) {
				return errors.New("disabled oneself")
			}
			return nil
		}, nil},
		{"somebody else", func() error { _, err := o.Disable(t.Context(), master, m.ID, true); return err }, []string{"member.disabled Nino 192.0.2.1 acme "}},
		{"a password", func() error { _, err := o.SetPassword(t.Context(), m.ID, password); return err }, []string{"member.password Dossier  acme "}},
		{"a key", func() error {
			k, _, err := o.AddKey(t.Context(), master, staff.Key{Company: "acme", Name: "website"})
			return errors.Join(err, twice(func() error { _, err := o.RevokeKey(t.Context(), master, k.ID); return err }))
		}, []string{"key.changed Nino 192.0.2.1 acme added", "key.changed Nino 192.0.2.1 acme revoked"}},
	} {
		before := len(o.log())
		if err := tt.do(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := o.log()[before:]; !slices.Equal(got, tt.want) {
			t.Errorf("%s is noted as %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := o.log(); got[1] != "member.invited Nino 192.0.2.1 acme " || got[2] != "member.invited Nino 192.0.2.1 orbit " {
		t.Errorf("the invitation is noted as %q", got[1:3])
	}
}

func twice(do func() error) error { return errors.Join(do(), do()) }

// TestEditOverAnEdit: of two masters who change one member at once, the second is told.
func TestEditOverAnEdit(t *testing.T) {
	o := newOffice(t)
	master, m := o.add("master@example.com", staff.Master), o.add("agent@example.com", staff.Agent)
	first, second := m, m
	first.Role, second.Name = staff.Auditor, "Adam"
	if _, err := o.Edit(t.Context(), master, m.ID, first); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Edit(t.Context(), master, m.ID, second); !errors.Is(err, staff.ErrChanged) {
		t.Errorf("the second edit of the same version: %v", err)
	}
	if now, _ := o.Member(t.Context(), master, m.ID); now.Role != staff.Auditor || now.Name != "Nino" {
		t.Errorf("the member is %s, %s", now.Name, now.Role)
	}
	if _, err := o.Rename(t.Context(), m, m.ID, "Own"); err != nil {
		t.Fatal(err)
	}
	first.Version = 1
	if _, err := o.Edit(t.Context(), master, m.ID, first); !errors.Is(err, staff.ErrChanged) {
		t.Errorf("over what the member has changed: %v", err)
	}
}

// TestWhoMakesKeys: masters, of their own companies; those for the lists, masters of all companies.
func TestWhoMakesKeys(t *testing.T) {
	o := newOffice(t)
	member := func(role staff.Role, companies ...string) staff.Member {
		return staff.Member{ID: "x", Role: role, Everyone: companies == nil, Companies: companies}
	}
	for _, tt := range []struct {
		name string
		by   staff.Member
		key  staff.Key
		may  bool
	}{
		{"a master", member(staff.Master), staff.Key{Lists: true}, true},
		{"the operator", staff.Operator, staff.Key{Lists: true}, true},
		{"a master of the company", member(staff.Master, "acme"), staff.Key{Settings: true}, true},
		{"a master of the company, for lists", member(staff.Master, "acme"), staff.Key{Lists: true}, false},
		{"a master of another one", member(staff.Master, "orbit"), staff.Key{}, false},
		{"an agent", member(staff.Agent), staff.Key{}, false},
		{"an auditor", member(staff.Auditor), staff.Key{}, false},
	} {
		tt.key.Company, tt.key.Name = "acme", "website"
		if _, _, err := o.AddKey(t.Context(), tt.by, tt.key); (err == nil) != tt.may {
			t.Errorf("%s makes a key: %v", tt.name, err)
		}
	}
	k, text, err := o.AddKey(t.Context(), staff.Operator, staff.Key{Company: "acme", Name: " website "})
	if err != nil || k.Name != "website" || k.MadeBy != "" {
		t.Fatalf("made %+v: %v", k, err)
	}
	for _, stranger := range []staff.Member{member(staff.Master, "orbit"), member(staff.Agent)} {
		if _, err := o.RevokeKey(t.Context(), stranger, k.ID); !errors.Is(err, staff.ErrNotFound) {
			t.Errorf("revoked by %+v: %v", stranger, err)
		}
	}
	if _, err := o.CheckKey(t.Context(), text); err != nil {
		t.Errorf("the key is not good any more: %v", err)
	}
	if keys, _ := o.Keys(t.Context(), member(staff.Master, "orbit")); len(keys) != 0 {
		t.Errorf("a stranger sees %d keys", len(keys))
	}
}
