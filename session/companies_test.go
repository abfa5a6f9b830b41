package session_test

import (
	"testing"

	"dossier/session"
)

// TestCompaniesFollowChanges reads the companies after each change of them, as every page does.
func TestCompaniesFollowChanges(t *testing.T) {
	d := newDesk(t)
	before, err := d.Companies(t.Context(), session.System)
	if err != nil || len(before) == 0 {
		t.Fatalf("%d companies, %v", len(before), err)
	}
	changed, err := d.Company(t.Context(), session.System, before[0].Slug)
	if err != nil {
		t.Fatal(err)
	}
	changed.Name = "Renamed"
	if _, err := d.SaveCompany(t.Context(), session.System, changed, "test"); err != nil {
		t.Fatal(err)
	}
	added := session.Company{Slug: "aaa-first", Name: "Added", Settings: changed.Settings}
	if _, err := d.SaveCompany(t.Context(), session.System, added, "test"); err != nil {
		t.Fatal(err)
	}
	after, err := d.Companies(t.Context(), session.System)
	if err != nil || len(after) != len(before)+1 || after[0].Name != "Added" || after[1].Name != "Renamed" {
		t.Errorf("after a change and a new one: %+v, %v", after, err)
	}
	own, err := d.Companies(t.Context(), session.Actor{ID: "member:x", May: []session.Permission{session.MayRead}, Companies: []string{"aaa-first"}})
	if err != nil || len(own) != 1 || own[0].Slug != "aaa-first" {
		t.Errorf("a member of one company sees %+v, %v", own, err)
	}
	if again, err := d.Companies(t.Context(), session.System); err != nil || len(again) != len(after) {
		t.Errorf("everybody's after that: %d companies, %v", len(again), err)
	}
}
