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
	got, err := store.Alert(t.Context(), b.ID)
	if err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("Alert = %+v, %v\nwant %+v", got, err, b)
	}
	_, err = store.Alert(t.Context(), "nothing")
	wantCode(t, "unknown alert", err, session.NotFound)

	closed := a
	closed.Disposition = session.Disposition{State: session.DispositionNoMatch, Reason: "birth_date", At: start}
	check := func(name string, f session.AlertFilter, want ...session.Alert) {
		t.Helper()
		alerts, next, total, err := store.Alerts(t.Context(), f)
		if err != nil || next != "" || total != len(want) || len(want) > 0 && !reflect.DeepEqual(alerts, want) || len(alerts) != len(want) {
			t.Errorf("%s: %d alerts, next %q, total %d, %v; want %d", name, len(alerts), next, total, err, len(want))
		}
	}
	check("all", session.AlertFilter{}, c, b, a)
	check("open", session.AlertFilter{State: session.DispositionOpen}, c, b, a)
	putAlerts(t, store, closed)
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
	_, _, _, err = store.Alerts(t.Context(), session.AlertFilter{Cursor: "%%%"})
	wantCode(t, "a broken cursor", err, session.Invalid)
}

func testAlertPages(t *testing.T, store session.Store) {
	s := Example(1)
	var all []session.Alert
	for n := range 25 {
		all = append(all, alert(n/2, s)) // two a minute
		all[n].ID = fmt.Sprintf("%s-%02d", all[n].ID, n)
	}
	putAlerts(t, store, all...)
	for _, f := range []session.AlertFilter{{Limit: 10}, {Limit: 10, State: session.DispositionOpen}, {Limit: 5, Session: s.ID, State: session.DispositionOpen}} {
		seen := map[string]bool{}
		last := time.Time{}
		for page := 0; ; page++ {
			alerts, next, total, err := store.Alerts(t.Context(), f)
			if err != nil || total != len(all) || len(alerts) == 0 || len(alerts) > f.Limit {
				t.Fatalf("page %d of %+v: %d alerts, total %d, %v", page, f, len(alerts), total, err)
			}
			for _, a := range alerts {
				if seen[a.ID] || !last.IsZero() && a.RaisedAt.After(last) {
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
