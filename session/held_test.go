package session_test

import (
	"testing"

	"dossier/session"
)

// TestOnceReachesOtherSessions: what a request with an idempotency key decides holds in the other sessions
// of the person too, which are changes of their own.
func TestOnceReachesOtherSessions(t *testing.T) {
	d := newDesk(t)
	officer := officerOf("acme", "member:1")
	first := d.ingest(good(t, orlindo(2)))
	d.ingest(good(t, orlindo(2)))
	ctx, _, err := d.Once(t.Context(), officer, "decide", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Dispose(ctx, officer, first.Screening.Hits[0].Alert, session.Disposition{State: session.DispositionNoMatch, Text: "another person"})
	if err != nil {
		t.Fatal(err)
	}
	d.wantOpen("decided", 0)
	if ctx, _, err = d.Once(t.Context(), officer, "end", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.EndSuppression(ctx, officer, a.Disposition.Suppression, "it was a mistake"); err != nil {
		t.Errorf("ended with an idempotency key: %v", err)
	}
	d.wantOpen("ended", 2)
}

// TestErasedSuppressionGoesWithTheLast: a suppression outlives its session only while it holds down an alert
// of another one.
func TestErasedSuppressionGoesWithTheLast(t *testing.T) {
	ways := map[string]func(d *desk, held session.Session, suppression string){
		"the other session is erased": func(d *desk, held session.Session, _ string) { d.erase(held.ID) },
		"it is ended": func(d *desk, _ session.Session, suppression string) {
			if _, err := d.EndSuppression(d.t.Context(), officerOf("acme", "member:1"), suppression, "it was a mistake"); err != nil {
				d.t.Fatal(err)
			}
		},
		"the entry changes": func(d *desk, _ session.Session, _ string) {
			d.load(listHead + "X-2,person,Orlindo Brastemar,O Grande,1970,BRA,,EXAMPLE\n" + "X-1,person,Vasilon Karmeides,,,,,EXAMPLE\n" + "X-4,entity,Glimmer Holdings,,,,,EXAMPLE\n" + "X-5,entity,Glimmer Holdings Two,,,,,EXAMPLE\n")
			d.drain()
		},
		"the alert is decided anew": func(d *desk, held session.Session, _ string) {
			d.dispose(officerOf("acme", "member:2"), held.Screening.Hits[0].Alert, session.DispositionMatch)
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.drain()
			made := d.ingest(good(t, orlindo(2)))
			a := d.dispose(officerOf("acme", "member:1"), made.Screening.Hits[0].Alert, session.DispositionNoMatch)
			held := d.ingest(good(t, orlindo(2)))
			id := a.Disposition.Suppression
			d.erase(made.ID)
			if _, err := d.Suppression(t.Context(), session.System, id); err != nil {
				t.Fatalf("while it holds down another session's alert: %v", err)
			}
			way(d, held, id)
			if p, err := d.Suppression(t.Context(), session.System, id); session.CodeOf(err) != session.NotFound {
				t.Errorf("its session is erased and it holds nothing down: %+v, %v", p.Seen.Person, err)
			}
			d.wantWholeAudit()
		})
	}
}

// erase lets a company erase before the date, and erases.
func (d *desk) erase(id session.ID) {
	d.t.Helper()
	c, err := d.Company(d.t.Context(), session.System, "acme")
	if err != nil {
		d.t.Fatal(err)
	}
	c.Settings.EarlyErasure = true
	if _, err := d.SaveCompany(d.t.Context(), session.System, c, "the law"); err != nil {
		d.t.Fatal(err)
	}
	if err := d.Erase(d.t.Context(), session.System, id, "request"); err != nil {
		d.t.Fatal(err)
	}
}
