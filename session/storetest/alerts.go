package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"dossier/sanctions"
	"dossier/session"
)

// alert is an open alert of s, raised n minutes after the start.
func alert(n int, s session.Session) session.Alert {
	entry := fmt.Sprintf("entry-%d", n)
	return session.Alert{ID: session.AlertID(s.ID, "un_sc", entry), Session: s.ID, Company: s.Company, Person: s.Person.FullName(),
		Hit:      session.Hit{Hit: sanctions.Hit{List: "un_sc", EntryID: entry, Name: "SOMEBODY", Score: 0.9}},
		RaisedAt: start.Add(time.Duration(n) * time.Minute), RaisedBy: "ingest",
		Disposition: session.Disposition{State: session.DispositionOpen}}
}

func putAlerts(t *testing.T, store session.Store, alerts ...session.Alert) {
	t.Helper()
	if _, err := store.Commit(t.Context(), session.Change{Alerts: alerts}); err != nil {
		t.Fatal(err)
	}
}

func testAlerts(t *testing.T, store session.Store) {
	one, two := Example(1), Example(2)
	two.Company = "beta"
	a, b, c := alert(1, one), alert(2, two), alert(3, one)
	c.Hit.List = "eu_fsf"
	putAlerts(t, store, b, a, c)
	a.Version, b.Version, c.Version = 1, 1, 1
	got, err := store.Alert(t.Context(), b.ID)
	if err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("Alert = %+v, %v\nwant %+v", got, err, b)
	}
	n := 0
	for each, err := range store.EachAlert(t.Context()) {
		if n++; err != nil || each.ID == "" {
			t.Errorf("EachAlert gives %+v, %v", each, err)
		}
	}
	if n != 3 {
		t.Errorf("EachAlert gives %d alerts, want 3", n)
	}
	_, err = store.Alert(t.Context(), "nothing")
	wantCode(t, "unknown alert", err, session.NotFound)

	closed := a
	closed.Disposition = session.Disposition{State: session.DispositionNoMatch, Reason: "birth_date", At: start}
	check := func(name string, f session.AlertFilter, want ...session.Alert) {
		t.Helper()
		alerts, next, total, err := store.Alerts(t.Context(), f)
		if err != nil || next != "" || total != len(want) && f.After == "" || len(want) > 0 && !reflect.DeepEqual(alerts, want) || len(alerts) != len(want) {
			t.Errorf("%s: %d alerts, next %q, total %d, %v; want %d", name, len(alerts), next, total, err, len(want))
		}
	}
	check("all", session.AlertFilter{}, c, b, a)
	check("open", session.AlertFilter{State: session.DispositionOpen}, c, b, a)
	putAlerts(t, store, closed)
	closed.Version = 2
	_, err = store.Commit(t.Context(), session.Change{Alerts: []session.Alert{a}})
	wantCode(t, "an alert as it was before", err, session.Conflict)
	check("all, one decided", session.AlertFilter{}, c, b, closed)
	check("open, one decided", session.AlertFilter{State: session.DispositionOpen}, c, b)
	check("decided", session.AlertFilter{State: session.DispositionNoMatch}, closed)
	check("company", session.AlertFilter{Companies: []string{"alpha"}}, c, closed)
	check("no company", session.AlertFilter{Companies: []string{}})
	check("list", session.AlertFilter{List: "un_sc"}, b, closed)
	check("session", session.AlertFilter{Session: one.ID}, c, closed)
	check("session and state", session.AlertFilter{Session: one.ID, State: session.DispositionOpen}, c)
	check("session of another company", session.AlertFilter{Session: two.ID, Companies: []string{"alpha"}})
	check("no session", session.AlertFilter{Session: "nonsense"})
	check("entry", session.AlertFilter{Companies: []string{"alpha"}, List: "eu_fsf", Entry: c.Hit.EntryID}, c)
	check("entry, in all companies", session.AlertFilter{List: "un_sc", Entry: b.Hit.EntryID}, b)
	check("oldest first", session.AlertFilter{Order: session.OldestAlerts}, closed, b, c)
	check("raised before", session.AlertFilter{RaisedBefore: b.RaisedAt.Add(time.Second)}, b, closed)
	check("raised before, by score", session.AlertFilter{RaisedBefore: b.RaisedAt, Order: session.HighestScores}, closed)
	check("after one", session.AlertFilter{After: c.ID}, b, closed)
	c.Assignee, c.Hit.Score = "member:1", 0.95
	b.Disposition.Suppression = "held"
	putAlerts(t, store, c, b)
	c.Version, b.Version = 2, 2
	check("of somebody", session.AlertFilter{Assignees: []string{"member:1"}}, c)
	check("of nobody or somebody else", session.AlertFilter{Assignees: []string{"", "member:2"}}, b, closed)
	check("highest scores", session.AlertFilter{State: session.DispositionOpen, Order: session.HighestScores}, c, b)
	check("score", session.AlertFilter{MinScore: 0.95}, c)
	check("score, by score", session.AlertFilter{MinScore: 0.9, Order: session.HighestScores, Companies: []string{"alpha"}}, c, closed)
	check("after the highest score", session.AlertFilter{Order: session.HighestScores, State: session.DispositionOpen, After: c.ID}, b)
	check("held down", session.AlertFilter{Suppression: "held"}, b)
	check("held down by another", session.AlertFilter{Suppression: "hel"})
	_, _, _, err = store.Alerts(t.Context(), session.AlertFilter{Cursor: "%%%"})
	wantCode(t, "a broken cursor", err, session.Invalid)
}

func testOpenAlerts(t *testing.T, store session.Store) {
	want := func(what string, companies []string, most, n int) {
		t.Helper()
		for range 2 { // the second may come from memory
			if got, err := store.OpenAlerts(t.Context(), companies, most); err != nil || got != n {
				t.Errorf("%s: %d open alerts, %v; want %d", what, got, err, n)
			}
		}
		times := 0
		for at, err := range store.OpenAlertTimes(t.Context(), companies) {
			if times++; err != nil || at.Before(start) || at.After(start.Add(2*time.Minute)) {
				t.Errorf("%s: raised at %v, %v", what, at, err)
			}
			if times == most {
				break
			}
		}
		if times != n {
			t.Errorf("%s: %d times of open alerts, want %d", what, times, n)
		}
	}
	a, b, c := alert(0, Example(1)), alert(1, Example(2)), alert(2, Example(3))
	b.Company, c.Disposition.State = "beta", session.DispositionMatch
	want("none", nil, 10, 0)
	putAlerts(t, store, a, b, c)
	want("all", nil, 10, 2)
	want("no further", nil, 1, 1)
	want("of a company", []string{"alpha"}, 10, 1)
	want("of both", []string{"alpha", "beta"}, 10, 2)
	want("of nobody", []string{}, 10, 0)
	a.Version, a.Disposition.State = 1, session.DispositionNoMatch
	putAlerts(t, store, a)
	want("after a decision", nil, 10, 1)
	want("of its company", []string{"alpha"}, 10, 0)
}

func testAlertPages(t *testing.T, store session.Store) {
	s := Example(1)
	var all []session.Alert
	for n := range 25 {
		all = append(all, alert(n/2, s)) // two a minute
		all[n].ID = fmt.Sprintf("%s-%02d", all[n].ID, n)
	}
	putAlerts(t, store, all...)
	for _, f := range []session.AlertFilter{{Limit: 10}, {Limit: 10, State: session.DispositionOpen}, {Limit: 5, Session: s.ID, State: session.DispositionOpen},
		{Limit: 7, Order: session.OldestAlerts}, {Limit: 7, Order: session.HighestScores, Companies: []string{s.Company}},
		{Limit: 5}, {Limit: 10, Uncounted: true}, {Limit: 7, Order: session.OldestAlerts, Uncounted: true}} {
		seen := map[string]bool{}
		last := time.Time{}
		for page := 0; ; page++ {
			alerts, next, total, err := store.Alerts(t.Context(), f)
			if err != nil || total != len(all) && !f.Uncounted || len(alerts) == 0 || len(alerts) > f.Limit {
				t.Fatalf("page %d of %+v: %d alerts, total %d, %v", page, f, len(alerts), total, err)
			}
			for _, a := range alerts {
				if seen[a.ID] || !last.IsZero() && a.RaisedAt.After(last) != (f.Order == session.OldestAlerts) && !a.RaisedAt.Equal(last) {
					t.Errorf("page %d: %s comes twice or out of order", page, a.ID)
				}
				seen[a.ID], last = true, a.RaisedAt
			}
			if f.Cursor = next; next == "" {
				break
			}
		}
		if len(seen) != len(all) {
			t.Errorf("the pages of %+v have %d alerts, want %d", f, len(seen), len(all))
		}
	}
}

// suppression is one that a no_match on the nth session made.
func suppression(n int) session.Suppression {
	s := Example(n)
	at := start.Add(time.Duration(n) * time.Minute)
	return session.Suppression{ID: fmt.Sprintf("suppression-%d", n), Company: s.Company, Session: s.ID, Fingerprint: fmt.Sprintf("print-%d", n),
		List: "un_sc", EntryIDs: []string{"entry-1", "former-1"}, Seen: session.Sides{Person: s.Person, EntryHash: "hash"},
		By: "member:1", Owner: "member:1", MadeAt: at, ReviewAt: at.AddDate(1, 0, 0)}
}

func testSuppressions(t *testing.T, store session.Store) {
	put := func(all ...session.Suppression) error {
		_, err := store.Commit(t.Context(), session.Change{Suppressions: all})
		return err
	}
	a, b, c := suppression(1), suppression(2), suppression(3)
	b.Company, c.Owner, c.List, c.Matcher = "beta", "member:2", "eu_fsf", "2"
	c.Fingerprint = a.Fingerprint
	if err := put(c, a, b); err != nil {
		t.Fatal(err)
	}
	a.Version, b.Version, c.Version = 1, 1, 1
	if got, err := store.Suppression(t.Context(), b.ID); err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("Suppression = %+v, %v\nwant %+v", got, err, b)
	}
	_, err := store.Suppression(t.Context(), "nothing")
	wantCode(t, "unknown suppression", err, session.NotFound)
	check := func(name string, f session.SuppressionFilter, want ...session.Suppression) {
		t.Helper()
		var all []session.Suppression
		for first := true; first || f.Cursor != ""; first = false {
			page, next, total, err := store.Suppressions(t.Context(), f)
			if err != nil || total != len(want) {
				t.Fatalf("%s: total %d, %v; want %d", name, total, err, len(want))
			}
			all, f.Cursor = append(all, page...), next
		}
		if len(all) != len(want) || len(want) > 0 && !reflect.DeepEqual(all, want) {
			t.Errorf("%s: %d suppressions, want %d in that order", name, len(all), len(want))
		}
	}
	of := func(company, print string, want ...session.Suppression) {
		t.Helper()
		if got, err := store.SuppressionsOf(t.Context(), company, print); err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("SuppressionsOf(%s, %s) = %d, %v; want %d", company, print, len(got), err, len(want))
		}
	}
	check("all", session.SuppressionFilter{Limit: 2}, a, b, c)
	check("company", session.SuppressionFilter{Companies: []string{"alpha"}}, a, c)
	check("due", session.SuppressionFilter{DueBefore: b.ReviewAt.Add(time.Second)}, a, b)
	check("list", session.SuppressionFilter{List: "eu_fsf"}, c)
	check("owner", session.SuppressionFilter{Owner: "member:1"}, a, b)
	check("session", session.SuppressionFilter{Session: b.Session}, b)
	check("another matcher's", session.SuppressionFilter{MatcherNot: "2"}, a, b)
	of("alpha", a.Fingerprint, a, c)
	of("beta", a.Fingerprint)
	of("alpha", "print")

	stale := a
	a.EndedAt, a.EndReason = start.AddDate(0, 1, 0), "wrong"
	b.EndedAt = start.AddDate(0, 2, 0)
	if err := put(a, b); err != nil {
		t.Fatal(err)
	}
	a.Version, b.Version = 2, 2
	wantCode(t, "a suppression as it was before", put(stale), session.Conflict)
	check("in force", session.SuppressionFilter{}, c)
	check("ended", session.SuppressionFilter{Ended: true, Limit: 1}, b, a)
	check("session, ended", session.SuppressionFilter{Session: a.Session}, a)
	of("alpha", a.Fingerprint, c)
}
