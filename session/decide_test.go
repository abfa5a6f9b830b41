package session_test

import (
	"testing"

	"dossier/session"
)

func (d *desk) doubtful() session.Session {
	d.t.Helper()
	sub := good(d.t, anna)
	sub.Checks.LivenessPassed = ptr(false)
	return d.ingest(sub)
}

func TestDecide(t *testing.T) {
	agent := member("acme", session.MayRead, session.MayDecide)
	tests := []struct {
		name   string
		actor  session.Actor
		d      session.Decision // Version is added to the session's
		code   session.Code
		status session.Status
	}{
		{"verify", agent, session.Decision{Verdict: session.VerdictVerify, Note: "Called back."}, "", session.Success},
		{"reject", agent, session.Decision{Verdict: session.VerdictReject, Tags: []string{"Fake", "Age", "Fake"}}, "", session.Rejected},
		{"reject for no reason", agent, session.Decision{Verdict: session.VerdictReject}, session.Invalid, session.AwaitingAction},
		{"reject for a reason of one's own", agent, session.Decision{Verdict: session.VerdictReject, Tags: []string{"Ugly"}}, session.Invalid, session.AwaitingAction},
		{"something else", agent, session.Decision{Verdict: "maybe"}, session.Invalid, session.AwaitingAction},
		{"of another version", agent, session.Decision{Version: 1, Verdict: session.VerdictVerify}, session.Conflict, session.AwaitingAction},
		{"by an auditor", member("acme", session.MayRead, session.MayExport), session.Decision{Verdict: session.VerdictVerify}, session.Forbidden, session.AwaitingAction},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			got := d.doubtful()
			tt.d.Version += got.Version
			_, err := d.Decide(t.Context(), tt.actor, got.ID, tt.d)
			if session.CodeOf(err) != tt.code {
				t.Fatalf("error is %v, want %q", err, tt.code)
			}
			now := d.get(got.ID)
			if now.Status != tt.status {
				t.Errorf("status is %s, want %s", now.Status, tt.status)
			}
			if tt.code != "" {
				return
			}
			if now.DecidedBy != tt.actor.ID || now.DecidedAt.IsZero() || now.Retention.Due.IsZero() || len(now.Notes) != 1 || now.Verified == nil || *now.Verified != (tt.status == session.Success) {
				t.Errorf("decided as %+v", now)
			}
			if len(now.Tags) == 3 {
				t.Errorf("tags are doubled: %v", now.Tags)
			}
			if _, err := d.Decide(t.Context(), tt.actor, got.ID, session.Decision{Version: now.Version, Verdict: session.VerdictVerify}); session.CodeOf(err) != session.Conflict {
				t.Errorf("deciding twice: %v", err)
			}
		})
	}
}

func TestReopenIsAMasters(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(good(t, anna))
	if _, err := d.Reopen(t.Context(), member("acme", session.MayRead, session.MayDecide), got.ID, got.Version, "new facts"); session.CodeOf(err) != session.Forbidden {
		t.Errorf("by an agent: %v", err)
	}
	now, err := d.Reopen(t.Context(), member("acme", session.MayRead, session.MayManage), got.ID, got.Version, "new facts")
	if err != nil || now.Status != session.AwaitingAction || now.Verified != nil || now.DecidedBy != "" || !now.DecidedAt.IsZero() {
		t.Errorf("reopened as %+v, %v", now, err)
	}
}

func TestAmend(t *testing.T) {
	agent := member("acme", session.MayRead, session.MayDecide)
	tests := []struct {
		name   string
		fields map[string]string
		reason string
		code   session.Code
		first  string
	}{
		{"proved by the MRZ, without a reason", map[string]string{"first_name": "ANNE"}, "", session.Invalid, "ANNA MARIA"},
		{"proved by the MRZ, with a reason", map[string]string{"first_name": "ANNE"}, "as on the visa", "", "ANNE"},
		{"not from the MRZ", map[string]string{"place_of_birth": "Zenith"}, "", "", "ANNA MARIA"},
		{"no field of the person", map[string]string{"status": "success"}, "because", session.Invalid, "ANNA MARIA"},
		{"a wrong date", map[string]string{"birth_date": "31.12.1990"}, "because", session.Invalid, "ANNA MARIA"},
		{"nothing", nil, "because", session.Invalid, "ANNA MARIA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			got := d.doubtful()
			_, err := d.Amend(t.Context(), agent, got.ID, session.Amendment{Version: got.Version, Fields: tt.fields, Reason: tt.reason})
			if session.CodeOf(err) != tt.code {
				t.Fatalf("error is %v, want %q", err, tt.code)
			}
			now := d.get(got.ID)
			if now.Person.FirstName != tt.first {
				t.Errorf("first name is %s", now.Person.FirstName)
			}
			if tt.code == "" && (len(now.Person.Edits) != 1 || now.Person.Edits[0].New == now.Person.Edits[0].Old || now.Status != session.AwaitingAction) {
				t.Errorf("edits are %+v, status %s", now.Person.Edits, now.Status)
			}
		})
	}
	d := newDesk(t)
	if _, err := d.Amend(t.Context(), agent, d.ingest(good(t, anna)).ID, session.Amendment{Fields: map[string]string{"first_name": "X"}, Reason: "y"}); session.CodeOf(err) != session.Conflict {
		t.Errorf("a decided session is amended: %v", err)
	}
}

func TestAnEditMayBringAHit(t *testing.T) {
	d := newDesk(t)
	got := d.doubtful()
	fields := map[string]string{"first_name": "Vasilon", "last_name": "Karmeides", "birth_date": "1961-04-05"}
	now, err := d.Amend(t.Context(), member("acme", session.MayRead, session.MayDecide), got.ID, session.Amendment{Fields: fields, Reason: "misread"})
	if err != nil || now.Screening.Status != session.PotentialMatch || len(d.alerts(session.DispositionOpen)) != 1 {
		t.Errorf("screening is %s with %d alerts, %v", now.Screening.Status, len(d.alerts(session.DispositionOpen)), err)
	}
}
