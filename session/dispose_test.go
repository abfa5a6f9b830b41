package session_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

func (d *desk) dispose(who session.Actor, alert string, state session.DispositionState) session.Alert {
	d.t.Helper()
	a, err := d.Dispose(d.t.Context(), who, alert, session.Disposition{State: state, Reason: "other_person", Text: "seen before"})
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// wantOpen fails unless so many alerts are open, and returns them.
func (d *desk) wantOpen(when string, n int) []session.Alert {
	d.t.Helper()
	open := d.alerts(session.DispositionOpen)
	if len(open) != n {
		d.t.Fatalf("%s: %d open alerts, want %d", when, len(open), n)
	}
	return open
}

func officerOf(company, id string) session.Actor {
	a := member(company, session.MayRead, session.MayDecide)
	a.ID = id
	return a
}

func TestFourEyesOnHits(t *testing.T) {
	d := newDesk(t)
	acme, err := d.Company(t.Context(), session.System, "acme")
	if err != nil {
		t.Fatal(err)
	}
	acme.Settings.FourEyes = session.FourEyesSanctions
	if _, err := d.SaveCompany(t.Context(), session.System, acme, "test"); err != nil {
		t.Fatal(err)
	}
	one, two, three := officerOf("acme", "member:1"), officerOf("acme", "member:2"), officerOf("acme", "member:3")
	got := d.ingest(good(t, orlindo(2)))
	alert := got.Screening.Hits[0].Alert
	if a := d.dispose(one, alert, session.DispositionEscalated); a.Disposition.State != session.DispositionEscalated {
		t.Errorf("an escalation is %s", a.Disposition.State)
	}
	a := d.dispose(one, alert, session.DispositionNoMatch)
	if a.Disposition.State != session.DispositionProposed || a.Disposition.Wants != session.DispositionNoMatch || len(d.suppressions(session.SuppressionFilter{})) != 0 {
		t.Fatalf("the proposal is %+v", a.Disposition)
	}
	if now := d.get(got.ID); now.Screening.Status != session.PotentialMatch {
		t.Errorf("with a proposal the session is %s", now.Screening.Status)
	}
	if _, err := d.RescreenOne(t.Context(), session.System, got.ID); err != nil {
		t.Fatal(err)
	}
	basis := d.get(got.ID).Screening.Hits[0].Basis(got.Screening.Person)
	if _, err := d.Approve(t.Context(), one, alert, basis, true, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("who proposed approves: %v", err)
	}
	if _, err := d.Approve(t.Context(), officerOf("acme", "key:1"), alert, basis, true, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("a program approves: %v", err)
	}
	if _, err := d.Approve(t.Context(), two, alert, "another", true, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("approved something else: %v", err)
	}
	if _, err := d.Approve(t.Context(), two, alert, basis, false, ""); !containsField(err, "text") {
		t.Errorf("sent back without a why: %v", err)
	}

	var done sync.WaitGroup
	answers := make([]error, 2)
	for i, who := range []session.Actor{two, three} {
		done.Go(func() { _, answers[i] = d.Approve(t.Context(), who, alert, basis, true, "") })
	}
	done.Wait()
	if (answers[0] == nil) == (answers[1] == nil) {
		t.Errorf("of two approvals at one moment: %v, %v", answers[0], answers[1])
	}
	for _, err := range answers {
		if err != nil && session.CodeOf(err) != session.Conflict {
			t.Error(err)
		}
	}
	made := d.suppressions(session.SuppressionFilter{})
	if len(made) != 1 || made[0].By != one.ID || made[0].ApprovedBy == "" || made[0].ApprovedBy == one.ID {
		t.Errorf("after the approval: %+v", made)
	}
	full, err := d.Alert(t.Context(), one, alert)
	if err != nil || len(full.History) != 3 || full.History[1].Act != session.Proposed || full.History[2].Act != session.Approved {
		t.Errorf("the history is %+v, %v", full.History, err)
	}
	if last := full.Turns[len(full.Turns)-1]; last.By != one.ID || last.Second != made[0].ApprovedBy {
		t.Errorf("for reports it was decided by %q and approved by %q", last.By, last.Second)
	}
	d.wantWholeAudit()
}

func TestProposalFallsWhenASideChanges(t *testing.T) {
	d := newDesk(t)
	acme, _ := d.Company(t.Context(), session.System, "acme")
	acme.Settings.FourEyes = session.FourEyesAll
	if _, err := d.SaveCompany(t.Context(), session.System, acme, "test"); err != nil {
		t.Fatal(err)
	}
	got := d.ingest(good(t, orlindo(2)))
	alert := got.Screening.Hits[0].Alert
	d.dispose(officerOf("acme", "member:1"), alert, session.DispositionNoMatch)
	d.amend(got.ID, map[string]string{"birth_date": "1970-06-08"})
	if a := d.wantOpen("the person changed", 1)[0]; a.Reopened == nil || a.Reopened.Why != session.PersonChanged {
		t.Errorf("reopened %+v", a.Reopened)
	}
	d.dispose(officerOf("acme", "member:1"), alert, session.DispositionNoMatch)
	if a, err := d.Approve(t.Context(), officerOf("acme", "member:2"), alert, "", false, "the photo is not clear"); err != nil || a.Disposition.State != session.DispositionOpen {
		t.Errorf("sent back: %s, %v", a.Disposition.State, err)
	}
	d.wantOpen("sent back", 1)
}

func TestDispositionNeedsWhatIsTrueNow(t *testing.T) {
	d := newDesk(t)
	officer := officerOf("acme", "member:1")
	got := d.ingest(good(t, orlindo(2)))
	h := got.Screening.Hits[0]
	basis := h.Basis(got.Screening.Person)
	decide := func(dis session.Disposition) error {
		_, err := d.Dispose(t.Context(), officer, h.Alert, dis)
		return err
	}
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "because"}); !containsField(err, "reason") {
		t.Errorf("an unknown code: %v", err)
	}
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "other"}); !containsField(err, "text") {
		t.Errorf("another reason without words: %v", err)
	}
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "known_match", Steps: []string{"sixth"}}); !containsField(err, "steps") {
		t.Errorf("an unknown step: %v", err)
	}
	d.amend(got.ID, map[string]string{"place_of_birth": "Elsewhere"})
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "known_match", Basis: basis}); session.CodeOf(err) != session.Conflict {
		t.Errorf("decided on a person that has changed: %v", err)
	}
	now := d.get(got.ID)
	basis = now.Screening.Hits[0].Basis(now.Screening.Person)
	d.load(strings.Replace(listV1, "Orlindo Brastemar,,1970", "Orlindo Brastemar,,1971", 1))
	d.drain()
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "known_match", Basis: basis}); session.CodeOf(err) != session.Conflict {
		t.Errorf("decided on an entry that has changed: %v", err)
	}
	now = d.get(got.ID)
	steps := []string{"list", "type", "name", "fields", "several"}
	if err := decide(session.Disposition{State: session.DispositionMatch, Reason: "known_match", Steps: steps, Basis: now.Screening.Hits[0].Basis(now.Screening.Person)}); err != nil {
		t.Error(err)
	}
	a, err := d.Alert(t.Context(), officer, h.Alert)
	if err != nil || len(a.History) != 1 || len(a.History[0].Steps) != 5 || a.History[0].Seen.Person.PlaceOfBirth != "Elsewhere" || a.History[0].Seen.Entry.Births[0].From.Year != 1971 {
		t.Errorf("as seen: %+v, %v", a.History, err)
	}
}

func TestTakingTheNextAlert(t *testing.T) {
	d := newDesk(t)
	one, two := officerOf("acme", "member:1"), officerOf("acme", "member:2")
	for i := range 3 {
		d.ingest(good(t, orlindo(i)))
		d.pass(time.Minute)
	}
	open := d.wantOpen("before", 3)
	take := func(who session.Actor, after string) string {
		t.Helper()
		a, err := d.TakeNextAlert(t.Context(), who, session.AlertFilter{After: after})
		if err != nil {
			if session.CodeOf(err) != session.NotFound {
				t.Fatal(err)
			}
			return ""
		}
		if a.Assignee != who.ID {
			t.Errorf("taken by %q", a.Assignee)
		}
		return a.ID
	}
	if got := take(one, ""); got != open[0].ID {
		t.Error("the first is not the newest")
	}
	if got := take(two, ""); got != open[1].ID {
		t.Error("the second member does not get the second")
	}
	if got := take(one, open[0].ID); got != open[2].ID {
		t.Error("after the first does not come what nobody has")
	}
	if got := take(one, open[2].ID); got != open[0].ID {
		t.Error("at the end it does not begin again")
	}
	if got := take(officerOf("acme", "member:3"), ""); got != "" {
		t.Error("somebody takes what others have")
	}
	if got := take(officerOf("orbit", "member:4"), ""); got != "" {
		t.Error("another company takes an alert")
	}
	for name, to := range map[string]session.Actor{
		"of another company":        officerOf("orbit", "member:4"),
		"who may not decide alerts": {ID: "member:5", May: []session.Permission{session.MayRead}, Companies: []string{"acme"}},
	} {
		if _, err := d.AssignAlert(t.Context(), two, open[0].ID, to); session.CodeOf(err) != session.Invalid {
			t.Errorf("given to a member %s: %v", name, err)
		}
	}
	if _, err := d.AssignAlert(t.Context(), two, open[0].ID, session.Actor{}); err != nil {
		t.Fatal(err)
	}
	if mine, _, _, _ := d.Alerts(t.Context(), one, session.AlertFilter{Assignees: []string{one.ID}}); len(mine) != 1 {
		t.Errorf("%d are still the first member's", len(mine))
	}
}

func TestDecidingSeveral(t *testing.T) {
	d := newDesk(t)
	officer := officerOf("acme", "member:1")
	basis := map[string]string{}
	for i := range 3 {
		got := d.ingest(good(t, orlindo(i)))
		basis[got.Screening.Hits[0].Alert] = got.Screening.Hits[0].Basis(got.Screening.Person)
	}
	stale := d.ingest(good(t, orlindo(7)))
	basis[stale.Screening.Hits[0].Alert] = "old"
	other := d.ingest(good(t, person("VASILON", "KARMEIDES", "1961-04-05", 8)))
	basis[other.Screening.Hits[0].Alert] = ""
	wish := session.Disposition{State: session.DispositionNoMatch, Reason: "birth_date_differs"}
	if _, err := d.DisposeAll(t.Context(), officer, "custom", "X-2", nil, wish); !containsField(err, "alerts") {
		t.Errorf("nothing chosen: %v", err)
	}
	results, err := d.DisposeAll(t.Context(), officer, "custom", "X-2", basis, wish)
	if err != nil || len(results) != 5 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for _, r := range results {
		if wrong := r.Alert.Session == stale.ID || r.Alert.Session == other.ID; wrong != (r.Problem != "") {
			t.Errorf("alert of %s: %q", r.Alert.Session, r.Problem)
		}
	}
	d.wantOpen("after deciding three of five", 2)
	if made := d.suppressions(session.SuppressionFilter{}); len(made) != 3 {
		t.Errorf("%d suppressions", len(made))
	}
}

// TestCrowdedName: who resembles more entries than a screening keeps is not clear when all that are kept
// were found to be somebody else.
func TestCrowdedName(t *testing.T) {
	for entries, want := range map[int]session.ScreeningStatus{60: session.Clear, 101: session.NotScreened} {
		d := newDesk(t)
		list := listV1
		for n := range entries {
			list += fmt.Sprintf("C-%d,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\n", n)
		}
		d.load(list)
		got := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
		if len(got.Screening.Hits) != min(entries, 100) || got.Screening.Status != session.PotentialMatch {
			t.Fatalf("of %d entries %d are hits, and the screening is %s", entries, len(got.Screening.Hits), got.Screening.Status)
		}
		for _, h := range got.Screening.Hits {
			d.dispose(member("acme", session.MayRead, session.MayDecide), h.Alert, session.DispositionNoMatch)
		}
		if after := d.get(got.ID).Screening; after.Status != want || (after.Reason == "") != (want == session.Clear) {
			t.Errorf("with all of %d entries decided the screening is %s: %s", entries, after.Status, after.Reason)
		}
	}
}

// TestCrowdedOut: hits that better ones push out of the best that a screening keeps stay on record, decided
// or not, until their entries meet the person no more.
func TestCrowdedOut(t *testing.T) {
	d := newDesk(t)
	officer := officerOf("acme", "member:1")
	list := listHead
	for n := range 3 {
		list += fmt.Sprintf("W-%d,person,Orlindo Brastemar,,1971,BRA,,EXAMPLE\n", n)
	}
	d.load(list)
	d.drain()
	got := d.ingest(good(t, orlindo(2)))
	if len(got.Screening.Hits) != 3 {
		t.Fatalf("%d hits", len(got.Screening.Hits))
	}
	alerts := map[session.DispositionState]string{}
	for i, state := range []session.DispositionState{session.DispositionMatch, session.DispositionEscalated} {
		alerts[state] = got.Screening.Hits[i].Alert
		d.dispose(officer, alerts[state], state)
	}
	alerts[session.DispositionOpen] = got.Screening.Hits[2].Alert
	d.pass(time.Hour)
	for n := range 130 {
		list += fmt.Sprintf("V-%d,person,Orlindo Brastemar,,1970-06-07,BRA,,EXAMPLE\n", n)
	}
	d.load(list)
	d.drain()
	for range 2 {
		now := d.get(got.ID).Screening
		if len(now.Hits) != 103 || now.Status != session.Match || !strings.HasPrefix(now.Reason, "More than 100 entries met this person") {
			t.Errorf("crowded: %s of %d hits, %q", now.Status, len(now.Hits), now.Reason)
		}
		for state, id := range alerts {
			if a, err := d.Alert(t.Context(), session.System, id); err != nil || a.Disposition.State != state {
				t.Errorf("the alert that was %s is %s, %v", state, a.Disposition.State, err)
			}
		}
		if replays, err := d.Replay(t.Context(), session.System, got.ID); err != nil || !replays[0].Same {
			t.Errorf("replay: %+v, %v", replays, err)
		}
		d.pass(time.Hour)
		d.rescreen()
		d.drain()
		wantCoverage(t, d.lastRun())
	}
	d.load(strings.ReplaceAll(list, "W-2,person,Orlindo Brastemar", "W-2,person,Someone Else"))
	d.drain()
	if gone := d.alerts(session.DispositionGone); len(gone) != 1 || gone[0].ID != alerts[session.DispositionOpen] || gone[0].Disposition.Text != "The entry no longer meets this person." {
		t.Errorf("gone: %+v", gone)
	}
}
