package session_test

import (
	"strings"
	"testing"
	"time"

	"dossier/mrz"
	"dossier/session"
)

// orlindo is who meets X-2 of the list.
func orlindo(n int) mrz.Person { return person("ORLINDO", "BRASTEMAR", "1970-06-07", n) }

func (d *desk) suppressions(f session.SuppressionFilter) []session.Suppression {
	d.t.Helper()
	all, _, _, err := d.Suppressions(d.t.Context(), session.System, f)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func TestSuppressionHoldsInEverySessionOfThePerson(t *testing.T) {
	d := newDesk(t)
	officer := officerOf("acme", "member:1")
	first := d.ingest(good(t, orlindo(2)))
	open := d.ingest(good(t, orlindo(2))) // came before the decision
	other := d.ingest(good(t, orlindo(3)))
	a := d.dispose(officer, first.Screening.Hits[0].Alert, session.DispositionNoMatch)
	made := d.suppressions(session.SuppressionFilter{})
	if len(made) != 1 || made[0].ID != a.Disposition.Suppression || made[0].Owner != officer.ID || !made[0].ReviewAt.Equal(d.now().AddDate(1, 0, 0)) || made[0].Alone {
		t.Fatalf("suppressions are %+v", made)
	}
	later := d.ingest(good(t, orlindo(2)))
	for what, id := range map[string]session.ID{"before": open.ID, "after": later.ID} {
		got := d.get(id)
		if h := got.Screening.Hits[0]; got.Screening.Status != session.Clear || h.Disposition.Suppression != made[0].ID || h.Disposition.By != officer.ID {
			t.Errorf("the session that came %s is %s with %+v", what, got.Screening.Status, h.Disposition)
		}
	}
	if open := d.wantOpen("another number", 1); open[0].Session != other.ID {
		t.Errorf("the wrong alert is open: %s", open[0].Session)
	}

	elsewhere := good(t, orlindo(2))
	elsewhere.Company, elsewhere.Extra = "orbit", map[string]any{"plan": "a"}
	orbit, err := d.Company(t.Context(), session.System, "orbit")
	if err != nil {
		t.Fatal(err)
	}
	orbit.Settings.Screen = true
	if _, err := d.SaveCompany(t.Context(), session.System, orbit, "test"); err != nil {
		t.Fatal(err)
	}
	if got := d.ingest(elsewhere); got.Screening.Status != session.PotentialMatch {
		t.Errorf("another company's session is %s: it has decided nothing", got.Screening.Status)
	}
	stranger := officerOf("orbit", "member:9")
	if _, err := d.Suppression(t.Context(), stranger, made[0].ID); session.CodeOf(err) != session.NotFound {
		t.Errorf("another company sees the suppression: %v", err)
	}
	if _, err := d.EndSuppression(t.Context(), stranger, made[0].ID, "mine"); session.CodeOf(err) != session.NotFound {
		t.Errorf("another company ends the suppression: %v", err)
	}

	if _, err := d.EndSuppression(t.Context(), officer, made[0].ID, " "); !containsField(err, "reason") {
		t.Errorf("ended without a reason: %v", err)
	}
	if _, err := d.EndSuppression(t.Context(), officer, made[0].ID, "the photo is another's"); err != nil {
		t.Fatal(err)
	}
	for _, a := range d.wantOpen("ended", 5) {
		if held := a.Session == first.ID || a.Session == later.ID || a.Session == open.ID; held && (a.Reopened == nil || a.Reopened.Why != session.SuppressionEnded) {
			t.Errorf("reopened is %+v", a.Reopened)
		}
	}
	if ended := d.suppressions(session.SuppressionFilter{Ended: true}); len(ended) != 1 || ended[0].EndReason != "the photo is another's" {
		t.Errorf("ended suppressions are %+v", ended)
	}
	d.wantWholeAudit()
}

// An entry with a common name has hundreds of alerts: the same person's is found among them.
func TestSuppressionHoldsBehindHundredsOfOthers(t *testing.T) {
	unnumbered := func(number string) session.Submission {
		sub := good(t, orlindo(2))
		sub.Document = nil
		sub.Person = &session.Person{FirstName: "ORLINDO", LastName: "BRASTEMAR", BirthDate: "1970-06-07", DocumentNumber: number}
		return sub
	}
	for name, sub := range map[string]session.Submission{"with a number": good(t, orlindo(2)), "with none": unnumbered(""), "with what is no number": unnumbered("none")} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			others := 3 // of a person without a number the newest of the entry are looked at
			if name == "with a number" {
				others = 205
			}
			old := d.ingest(sub)
			for n := range others {
				d.ingest(good(t, orlindo(3+n)))
			}
			newest := d.ingest(sub)
			d.dispose(officerOf("acme", "member:1"), newest.Screening.Hits[0].Alert, session.DispositionNoMatch)
			if got := d.get(old.ID); got.Screening.Status != session.Clear {
				t.Errorf("the older session of the person is %s", got.Screening.Status)
			}
			if n, err := d.OpenAlerts(t.Context(), session.System, 1000); err != nil || n != others {
				t.Errorf("%d alerts are open, %v; want %d", n, err, others)
			}
		})
	}
}

func TestSuppressionReopensWhenASideChanges(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, d *desk, id session.ID)
		why    session.ReopeningReason // "" stays closed
	}{
		{"the same list again", func(t *testing.T, d *desk, _ session.ID) {
			d.load(listV1 + "X-8,person,Somebody Else,,1999-01-01,,,EXAMPLE\n")
		}, ""},
		{"another birth date listed", func(t *testing.T, d *desk, _ session.ID) {
			d.load(strings.Replace(listV1, "Orlindo Brastemar,,1970", "Orlindo Brastemar,,1970-06-07", 1))
		}, session.EntryChanged},
		{"another alias", func(t *testing.T, d *desk, _ session.ID) {
			d.load(strings.Replace(listV1, "Orlindo Brastemar,,", "Orlindo Brastemar,O Grande,", 1))
		}, session.EntryChanged},
		{"another birth date of the person", func(t *testing.T, d *desk, id session.ID) {
			d.amend(id, map[string]string{"birth_date": "1970-06-08"})
		}, session.PersonChanged},
		{"another expiry of the document", func(t *testing.T, d *desk, id session.ID) {
			d.amend(id, map[string]string{"expiration_date": "2032-01-01"})
		}, ""},
		{"another spelling of case", func(t *testing.T, d *desk, id session.ID) {
			d.amend(id, map[string]string{"first_name": "Orlindo"})
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			got := d.ingest(good(t, orlindo(2)))
			seen := got.Screening.Hits[0]
			d.dispose(officerOf("acme", "member:1"), seen.Alert, session.DispositionNoMatch)
			d.pass(time.Hour)
			tt.change(t, d, got.ID)
			d.drain()
			if tt.why == "" {
				d.wantOpen("after nothing that matters", 0)
				if now := d.get(got.ID); now.Screening.Status != session.Clear {
					t.Errorf("the screening is %s", now.Screening.Status)
				}
				return
			}
			a := d.wantOpen("after a change", 1)[0]
			if a.ID != seen.Alert || a.Reopened == nil || a.Reopened.Why != tt.why || !a.RaisedAt.Equal(d.now()) {
				t.Fatalf("the alert is reopened %+v at %s", a.Reopened, a.RaisedAt)
			}
			if a.Reopened.Seen.Person.BirthDate != "1970-06-07" || a.Reopened.Seen.EntryHash != seen.EntryHash {
				t.Errorf("it shows as seen %+v", a.Reopened.Seen)
			}
			if ended := len(d.suppressions(session.SuppressionFilter{Ended: true})); (ended == 1) != (tt.why == session.EntryChanged) {
				t.Errorf("%d suppressions ended: it holds on for others where only this person changed", ended)
			}
			if full, err := d.Alert(t.Context(), session.System, a.ID); err != nil || len(full.History) != 1 || full.History[0].Seen.Person.FullName() != "ORLINDO BRASTEMAR" {
				t.Errorf("the history is %+v, %v", full.History, err)
			}
		})
	}
}

func (d *desk) amend(id session.ID, fields map[string]string) {
	d.t.Helper()
	if _, err := d.Amend(d.t.Context(), session.System, id, session.Amendment{Fields: fields, Reason: "misread"}); err != nil {
		d.t.Fatal(err)
	}
}

// TestSuppressionFollowsTheEntryToANewID, since publishers renumber their lists.
func TestSuppressionFollowsTheEntryToANewID(t *testing.T) {
	d := newDesk(t)
	const head = `{"id":"%","schema":"Person","caption":"Orlindo Brastemar","target":true,"datasets":["x"],"referents":[#],"properties":{"name":["Orlindo Brastemar"],"birthDate":["1970"]@}}`
	list := func(id, former, more string) {
		t.Helper()
		raw := strings.NewReplacer("%", id, "#", former, "@", more).Replace(head) + "\n"
		if _, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "opensanctions", Source: "x.json", Raw: []byte(raw)}); err != nil {
			t.Fatal(err)
		}
		d.drain()
	}
	d.load(listHead + "X-1,person,Vasilon Karmeides,,1961-04-05,GRC,,EXAMPLE\nX-9,person,Second Entry,,,,,EXAMPLE\nX-8,person,Third Entry,,,,,EXAMPLE\nX-7,person,Fourth Entry,,,,,EXAMPLE\n")
	list("NK-old", `"ofac-1"`, "")
	got := d.ingest(good(t, orlindo(2)))
	if len(got.Screening.Hits) != 1 {
		t.Fatalf("hits are %+v", got.Screening.Hits)
	}
	d.dispose(officerOf("acme", "member:1"), got.Screening.Hits[0].Alert, session.DispositionNoMatch)
	list("NK-old", `"ofac-1"`, `,"address":["1 Invented Street"],"notes":["seen lately"]`)
	d.wantOpen("an address and a remark more", 0)
	list("NK-new", `"NK-old","ofac-1"`, "")
	d.wantOpen("renumbered", 0)
	later := d.ingest(good(t, orlindo(2)))
	if h := later.Screening.Hits[0]; h.EntryID != "NK-new" || h.Disposition.State != session.DispositionNoMatch {
		t.Errorf("a later session has %s as %s", h.EntryID, h.Disposition.State)
	}
}

// TestSuppressionOfHardlyAnything holds in its own session only: others may bear the same name.
func TestSuppressionOfHardlyAnything(t *testing.T) {
	d := newDesk(t)
	nameOnly := func() session.Session {
		sub := good(t, orlindo(2))
		sub.Document, sub.Person = nil, &session.Person{FirstName: "Orlindo", LastName: "Brastemar"}
		return d.ingest(sub)
	}
	got := nameOnly()
	d.dispose(officerOf("acme", "member:1"), got.Screening.Hits[0].Alert, session.DispositionNoMatch)
	if _, err := d.RescreenOne(t.Context(), session.System, got.ID); err != nil {
		t.Fatal(err)
	}
	d.wantOpen("screened again", 0)
	if namesake := nameOnly(); namesake.Screening.Status != session.PotentialMatch {
		t.Errorf("somebody else of that name is %s", namesake.Screening.Status)
	}
}

func TestReviewOfASuppression(t *testing.T) {
	d := newDesk(t)
	officer, second := officerOf("acme", "member:1"), officerOf("acme", "member:2")
	got := d.ingest(good(t, orlindo(2)))
	a := d.dispose(officer, got.Screening.Hits[0].Alert, session.DispositionNoMatch)
	d.pass(366 * 24 * time.Hour)
	if due := d.suppressions(session.SuppressionFilter{DueBefore: d.now()}); len(due) != 1 || !due[0].Overdue(d.now()) {
		t.Fatalf("overdue are %+v", due)
	}
	p, err := d.RenewSuppression(t.Context(), second, a.Disposition.Suppression, "looked again: still somebody else")
	if err != nil || p.Owner != second.ID || len(p.Reviews) != 1 || p.Overdue(d.now()) {
		t.Errorf("confirmed: %+v, %v", p, err)
	}
	if due := d.suppressions(session.SuppressionFilter{DueBefore: d.now()}); len(due) != 0 {
		t.Errorf("%d are still overdue", len(due))
	}
	b := d.dispose(second, a.ID, session.DispositionMatch) // decided anew: the suppression gives way
	if ended := d.suppressions(session.SuppressionFilter{Ended: true}); len(ended) != 1 || b.Disposition.Suppression != "" {
		t.Errorf("after a match %d ended, the alert has %q", len(ended), b.Disposition.Suppression)
	}
	if _, err := d.RenewSuppression(t.Context(), second, p.ID, "again"); session.CodeOf(err) != session.Conflict {
		t.Errorf("one that ended is confirmed: %v", err)
	}
	if now := d.get(got.ID); now.Screening.Status != session.Match {
		t.Errorf("the session is %s", now.Screening.Status)
	}
}

// TestSuppressionOutlivesAnUpgrade: a matcher that folds names another way gives other fingerprints.
func TestSuppressionOutlivesAnUpgrade(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(good(t, orlindo(2)))
	a := d.dispose(officerOf("acme", "member:1"), got.Screening.Hits[0].Alert, session.DispositionNoMatch)
	p, err := d.Suppression(t.Context(), session.System, a.Disposition.Suppression)
	if err != nil {
		t.Fatal(err)
	}
	p.Matcher, p.Fingerprint, p.Seen.Fingerprint = "old", "as the old matcher had it", "as the old matcher had it"
	if _, err := d.db.Commit(t.Context(), session.Change{Suppressions: []session.Suppression{p}}); err != nil {
		t.Fatal(err)
	}
	if later := d.ingest(good(t, orlindo(2))); later.Screening.Status != session.PotentialMatch {
		t.Fatal("the test does not make the fingerprint another")
	}
	again := session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now})
	if err := again.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	later, err := again.Ingest(t.Context(), session.System, session.Intake{Submission: good(t, orlindo(2))})
	if err != nil || later.Screening.Status != session.Clear {
		t.Errorf("after the upgrade the same person is %s, %v", later.Screening.Status, err)
	}
}
