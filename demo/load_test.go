package demo_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"dossier/demo"
	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

var today = time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)

// desk is a real back office in memory whose clock is the demo's.
func desk(tb testing.TB) (*session.Service, *demo.Clock) {
	tb.Helper()
	clock := new(demo.Clock)
	db, err := kv.Open("", kv.Options{Memory: true, Now: clock.Now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	idx, err := index.Open("", index.Options{Memory: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { idx.Close() })
	svc := session.NewService(session.Options{Store: db, Index: idx, Now: clock.Now})
	if err := svc.Start(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return svc, clock
}

func reviewers() demo.Reviewers {
	agent, master := session.System, session.System
	agent.ID, agent.Name = "member:agent", "Nino Example"
	master.ID, master.Name = "member:master", "Sam Sample"
	return demo.Reviewers{Agent: agent, Master: master}
}

func sessions(t *testing.T, svc *session.Service) map[string]session.Session {
	t.Helper()
	all := map[string]session.Session{}
	for s, err := range svc.Each(context.Background(), session.System) {
		if err != nil {
			t.Fatal(err)
		}
		all[s.Reference] = s
	}
	return all
}

// TestLoad runs the demo through the back office: each case must come out as it was thought up, at its
// time, and every state of the product must have somebody in it.
func TestLoad(t *testing.T) {
	svc, clock := desk(t)
	if err := demo.Load(context.Background(), svc, clock, today, reviewers()); err != nil {
		t.Fatal(err)
	}
	stored, cases := sessions(t, svc), demo.Cases(today)
	if len(stored) != len(cases) {
		t.Errorf("%d sessions of %d cases", len(stored), len(cases))
	}
	for _, c := range cases {
		s := stored[c.Submission.Reference]
		if want := final(c); s.Status != want {
			t.Errorf("%s (%s %s) is %s, want %s: %+v", s.Reference, s.Person.FirstName, s.Person.LastName, s.Status, want, s.Findings)
		}
		if len(s.Photos) != len(c.Photos) || !s.CreatedAt.Equal(c.At) {
			t.Errorf("%s has %d photos of %d, came in at %v, not %v", s.Reference, len(s.Photos), len(c.Photos), s.CreatedAt, c.At)
		}
	}
	if left := time.Until(clock.Now()); left > time.Minute || left < -time.Minute {
		t.Errorf("the clock is %v off after loading", left)
	}
	seen := map[string]bool{}
	for _, s := range stored {
		for _, mark := range marks(s) {
			seen[mark] = true
		}
	}
	for _, want := range wanted {
		if !seen[want] {
			t.Errorf("nobody in the demo shows %q", want)
		}
	}
}

// final is the status of a case after its steps.
func final(c demo.Case) session.Status {
	status := c.Want
	for _, s := range c.After {
		switch s.Do {
		case demo.Verify:
			status = session.Success
		case demo.Reject:
			status = session.Rejected
		case demo.Reopen:
			status = session.AwaitingAction
		}
	}
	return status
}

// wanted is what the demo promises to show.
var wanted = []string{
	"status success", "status rejected", "status awaiting_action", "status in_progress", "status expired",
	"type passport", "type id_card", "type residence_permit", "type driving_licence",
	"finding sanctions_hit", "finding low_face_match", "finding liveness_failed", "finding id_spoofed",
	"finding full_id_not_detected", "finding document_invalid", "finding mrz_invalid", "finding front_back_mismatch",
	"finding document_expired", "finding under_age", "finding high_risk_nationality", "finding duplicate_document", "finding too_many_attempts",
	"screening clear", "screening potential_match", "screening match", "screening not_screened", "hit no_match", "alert after success",
	"note comment", "note verified", "note rejected", "note edited", "note reopened", "hold", "edited", "attempts", "unreadable zone",
	"unknown day of birth", "unstated sex", "no photos", "one photo", "local name", "extra", "acme", "orbit",
}

func marks(s session.Session) []string {
	all := []string{"status " + string(s.Status), "type " + string(s.Document.Type), "screening " + string(s.Screening.Status), s.Company}
	for _, f := range s.Findings {
		all = append(all, "finding "+f.Code)
	}
	for _, n := range s.Notes {
		all = append(all, "note "+string(n.Action))
	}
	for _, h := range s.Screening.Hits {
		all = append(all, "hit "+string(h.Disposition.State))
	}
	for mark, holds := range map[string]bool{
		"hold": s.Retention.Hold, "edited": len(s.Person.Edits) > 0, "attempts": len(s.Attempts) > 1, "extra": len(s.Extra) > 0,
		"unreadable zone": s.Document.MRZProblem != "", "unknown day of birth": len(s.Person.BirthDate) == len("2006-01"),
		"unstated sex": s.Person.Sex == "X", "no photos": len(s.Photos) == 0, "one photo": len(s.Photos) == 1, "local name": s.Person.Local != nil,
		"alert after success": s.Status == session.Success && s.Screening.Status == session.PotentialMatch,
	} {
		if holds {
			all = append(all, mark)
		}
	}
	return all
}

// TestInventedComeOutAsTold: the rules make of invented cases what they were invented for, now as well as
// at their time.
func TestInventedComeOutAsTold(t *testing.T) {
	ctx := context.Background()
	svc, _ := desk(t)
	for _, c := range demo.Companies(today) {
		if _, err := svc.SaveCompany(ctx, session.System, c, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := svc.UpdateList(ctx, session.System, session.ListUpdate{List: demo.ListID, Source: "list.csv", Raw: demo.ListCSV()}); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for n := range 1500 {
		c := demo.Invent(time.Now(), 3, n)
		got, err := svc.Ingest(ctx, session.System, c.Intake())
		if err != nil {
			t.Fatalf("case %d: %v", n, err)
		}
		want := c.Want
		if want == session.Expired {
			want = session.InProgress // until somebody looks at the clock
		}
		codes := []string{}
		for _, f := range got.Findings {
			codes = append(codes, f.Code)
		}
		if got.Status != want && !slices.Contains(codes, "sanctions_hit") { // by chance somebody is called as an entry is
			wrong++
			t.Logf("case %d (%s %s, %s) is %s with %v, want %s", n, got.Person.FirstName, got.Person.LastName, got.Document.MRZ, got.Status, codes, want)
		}
	}
	if wrong > 0 {
		t.Errorf("%d of 1500 came out otherwise", wrong)
	}
}
