package kv

import (
	"errors"
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
