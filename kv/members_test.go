package kv

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dossier/staff"
)

// TestEndedLoginStaysEnded: a change that was under way when the login ended does not bring it back.
func TestEndedLoginStaysEnded(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	l := staff.Login{ID: "one", Member: "m", CreatedAt: time.Now(), SeenAt: time.Now()}
	if err := db.AddLogin(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	seen := l.SeenAt.Add(time.Hour).UTC()
	if err := db.ChangeLogin(t.Context(), "one", func(l *staff.Login) { l.SeenAt = seen }); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Login(t.Context(), "one"); err != nil || !got.SeenAt.Equal(seen) {
		t.Errorf("the change gives %v, %v", got, err)
	}
	if err := db.DeleteLogin(t.Context(), "one", nil); err != nil {
		t.Fatal(err)
	}
	if err := db.ChangeLogin(t.Context(), "one", func(l *staff.Login) { l.SeenAt = seen }); !errors.Is(err, staff.ErrNotFound) {
		t.Errorf("a change of an ended login: %v", err)
	}
	if all, err := db.Logins(t.Context(), "m"); err != nil || len(all) != 0 {
		t.Errorf("the ended login is listed: %v, %v", all, err)
	}
}

// TestMembersAreNew: what is kept in mind of the members is never older than what was stored.
func TestMembersAreNew(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	names := func() (names []string) {
		t.Helper()
		all, err := db.Members(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			names = append(names, m.Name)
		}
		return names
	}
	expect := func(want ...string) {
		t.Helper()
		for range 2 {
			if got := names(); !slices.Equal(got, want) {
				t.Errorf("the members are %q, not %q", got, want)
			}
		}
	}
	expect()
	for _, m := range []staff.Member{{ID: "1", Email: "b@test.example", Name: "Berta"}, {ID: "2", Email: "a@test.example", Name: "Anna"}} {
		if err := db.AddMember(t.Context(), m, nil); err != nil {
			t.Fatal(err)
		}
	}
	expect("Anna", "Berta")
	rename := func(m *staff.Member) (*staff.Note, error) {
		m.Name = "Bertha"
		return nil, nil
	}
	if _, err := db.ChangeMember(t.Context(), "1", rename); err != nil {
		t.Fatal(err)
	}
	expect("Anna", "Bertha")
}
