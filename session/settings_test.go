package session_test

import (
	"fmt"
	"strings"
	"testing"

	"dossier/mrz"
	"dossier/session"
)

// guide is a master of acme.
var guide = session.Actor{ID: "member:guide", Name: "Gia Guide", Companies: []string{"acme"}, May: []session.Permission{session.MayRead, session.MayManage, session.MayExport}}

// passenger is somebody that nothing speaks against.
func passenger(i int, born string) mrz.Person {
	p := anna
	p.DocumentNumber, p.BirthDate, p.LastName = fmt.Sprintf("L8989%04d", i), born, strings.Repeat("X", i+1)+"ERIKSSON"
	return p
}

func TestPreviewSettings(t *testing.T) {
	d := newDesk(t)
	for i, born := range []string{"1974-08-12", "2006-01-01", "2006-02-01", "1999-03-04"} {
		if _, err := d.Ingest(t.Context(), session.System, session.Intake{Submission: good(t, passenger(i, born))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := d.Company(t.Context(), guide, "acme")
	if err != nil {
		t.Fatal(err)
	}
	seen, err := d.PreviewSettings(t.Context(), guide, c)
	if err != nil || seen.Looked != 4 || seen.Changed() != 0 {
		t.Fatalf("the settings in force: %+v, %v", seen, err)
	}
	c.Settings.MinimumAge = 21
	seen, err = d.PreviewSettings(t.Context(), guide, c)
	if err != nil || len(seen.Changes) != 1 || seen.Changes[0].From != session.Success || seen.Changes[0].To != session.Rejected || seen.Changes[0].Count != 2 || len(seen.Changes[0].Samples) != 2 {
		t.Errorf("from 21: %+v, %v", seen, err)
	}
	c.Settings.Severities = map[string]session.Severity{"under_age": session.Review}
	seen, err = d.PreviewSettings(t.Context(), guide, c)
	if err != nil || len(seen.Changes) != 1 || seen.Changes[0].To != session.AwaitingAction {
		t.Errorf("from 21, for review: %+v, %v", seen, err)
	}
	c.Settings.MinimumAge = -1
	if _, err := d.PreviewSettings(t.Context(), guide, c); session.CodeOf(err) != session.Invalid {
		t.Errorf("settings that are refused: %v", err)
	}
	c.Slug = "orbit"
	if _, err := d.PreviewSettings(t.Context(), guide, c); session.CodeOf(err) != session.NotFound {
		t.Errorf("another company's: %v", err)
	}
}

// atlas knows one address.
type atlas struct{}

func (atlas) Country(address string) string {
	return map[string]string{"192.0.2.9": "FR"}[address]
}

func TestCountryOfAddress(t *testing.T) {
	d := newDesk(t)
	d.Service = session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now, Countries: atlas{}})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := d.Company(t.Context(), guide, "acme")
	if err != nil {
		t.Fatal(err)
	}
	c.Settings.HighRisk = []session.HighRisk{{Country: "FRA", ClientIP: session.Reject}}
	if _, err := d.SaveCompany(t.Context(), guide, c, "risk policy"); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		activity session.Activity
		country  string
		status   session.Status
	}{
		{session.Activity{ClientIP: "192.0.2.9"}, "FR", session.Rejected},
		{session.Activity{ClientIP: "192.0.2.9", Country: "DE"}, "DE", session.Success}, // what the session says stands
		{session.Activity{ClientIP: "192.0.2.10"}, "", session.Success},
	} {
		sub := good(t, passenger(i, "1974-08-12"))
		sub.Activity = &tt.activity
		got, err := d.Ingest(t.Context(), session.System, session.Intake{Submission: sub})
		if err != nil || got.Activity.Country != tt.country || got.Status != tt.status {
			t.Errorf("%+v: country %q, %s, %v; want %q, %s", tt.activity, got.Activity.Country, got.Status, err, tt.country, tt.status)
		}
	}
}

func TestSettingsKeepWhatSessionsHold(t *testing.T) {
	d := newDesk(t)
	sub := good(t, anna)
	sub.Extra = map[string]any{"income": 1200.0}
	got, err := d.Ingest(t.Context(), session.System, session.Intake{Submission: sub})
	if err != nil {
		t.Fatal(err)
	}
	save := func(change func(*session.Settings)) error {
		c, err := d.Company(t.Context(), guide, "acme")
		if err != nil {
			t.Fatal(err)
		}
		change(&c.Settings)
		_, err = d.SaveCompany(t.Context(), guide, c, "fewer questions")
		return err
	}
	if err := save(func(s *session.Settings) { s.Extra = s.Extra[1:] }); !containsField(err, "extra") {
		t.Errorf("a field in use goes: %v", err)
	}
	if err := save(func(s *session.Settings) { s.Extra[0].Hidden = true; s.Extra = s.Extra[:1] }); err != nil {
		t.Errorf("a field in use is not hidden, or one that is not in use stays: %v", err)
	}
	if kept, err := d.Get(t.Context(), session.System, got.ID); err != nil || kept.Extra["income"] != 1200.0 {
		t.Errorf("the value of a hidden field is gone: %v, %v", kept.Extra, err)
	}
	found := func() int {
		if err := d.Reindex(t.Context(), session.System); err != nil {
			t.Fatal(err)
		}
		page, err := d.Find(t.Context(), session.System, session.Query{Text: "1200"})
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	if n := found(); n != 0 {
		t.Errorf("%d sessions are found by a field that is not searchable", n)
	}
	if err := save(func(s *session.Settings) { s.Extra[0].Searchable = true }); err != nil {
		t.Fatal(err)
	}
	if n := found(); n != 1 {
		t.Errorf("%d sessions are found by a searchable field, want 1", n)
	}
	if err := save(func(s *session.Settings) {}); err != nil {
		t.Errorf("what changes nothing: %v", err)
	}
	if c, _ := d.Company(t.Context(), guide, "acme"); c.Version != 3 || c.Revision.Name != "Gia Guide" || len(c.Revision.Fields) != 1 {
		t.Errorf("version %d by %+v, want 3: nothing changed makes none", c.Version, c.Revision)
	}
}

func TestSettingsNeedAReason(t *testing.T) {
	d := newDesk(t)
	c, err := d.Company(t.Context(), guide, "acme")
	if err != nil {
		t.Fatal(err)
	}
	c.Settings.MinimumAge = 21
	if _, err := d.SaveCompany(t.Context(), guide, c, " "); !containsField(err, "reason") {
		t.Errorf("without a reason: %v", err)
	}
	agent := guide
	agent.May = []session.Permission{session.MayRead, session.MayDecide}
	if _, err := d.SaveCompany(t.Context(), agent, c, "I like it so"); session.CodeOf(err) != session.Forbidden {
		t.Errorf("an agent: %v", err)
	}
	stranger := guide
	stranger.Companies = []string{"orbit"}
	if _, err := d.SaveCompany(t.Context(), stranger, c, "I like it so"); session.CodeOf(err) != session.NotFound {
		t.Errorf("another company's master: %v", err)
	}
	c.Version++
	if _, err := d.SaveCompany(t.Context(), guide, c, "I like it so"); session.CodeOf(err) != session.Conflict {
		t.Errorf("over another version: %v", err)
	}
}

// Settings that were stored before there was a choice of liveness can be changed.
func TestSettingsFromBeforeTheChoiceOfLiveness(t *testing.T) {
	d := newDesk(t)
	acme, err := d.Company(t.Context(), session.System, "acme")
	if err != nil {
		t.Fatal(err)
	}
	acme.Settings.Liveness, acme.Settings.RecordDays = "", 400
	if _, err := d.SaveCompany(t.Context(), session.System, acme, "test"); err != nil {
		t.Errorf("saving them: %v", err)
	}
}
