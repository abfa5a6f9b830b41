package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

// TestDueDates holds from when the periods count, and where they end.
func TestDueDates(t *testing.T) {
	at := func(text string) time.Time {
		when, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	created := at("2024-02-28 10:00:00")
	decided := func(when string) func(*session.Session) {
		return func(s *session.Session) { s.Status, s.DecidedAt = session.Success, at(when) }
	}
	tests := []struct {
		name         string
		days         int
		make         func(*session.Session)
		since, until string // "" is for ever
	}{
		{"decided", 30, decided("2024-03-01 12:00:00"), "2024-03-01 12:00:00", "2024-03-31 12:00:00"},
		{"a leap day counts as a day", 1, decided("2024-02-28 12:00:00"), "2024-02-28 12:00:00", "2024-02-29 12:00:00"},
		{"a year of days from a leap day", 365, decided("2024-02-29 12:00:00"), "2024-02-29 12:00:00", "2025-02-28 12:00:00"},
		{"for ever", 0, decided("2024-03-01 12:00:00"), "2024-03-01 12:00:00", ""},
		{"nothing happened", 10, func(*session.Session) {}, "2024-02-28 10:00:00", "2024-03-09 10:00:00"},
		{"expired: the end of the attempt", 10, func(s *session.Session) {
			s.Status, s.Attempts = session.Expired, []session.Attempt{{StartedAt: created, FinishedAt: at("2024-02-28 10:21:00")}}
		}, "2024-02-28 10:21:00", "2024-03-09 10:21:00"},
		{"awaiting action: the last note", 10, func(s *session.Session) {
			s.Status, s.Notes = session.AwaitingAction, []session.Note{{At: at("2024-05-01 09:00:00")}}
			s.UpdatedAt = at("2024-11-01 03:00:00") // a re-screening
		}, "2024-05-01 09:00:00", "2024-05-11 09:00:00"},
		{"what follows a decision does not count", 10, func(s *session.Session) {
			decided("2024-03-01 12:00:00")(s)
			s.Notes = []session.Note{{At: at("2024-05-01 09:00:00")}}
		}, "2024-03-01 12:00:00", "2024-03-11 12:00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session.Session{CreatedAt: created, UpdatedAt: created}
			tt.make(&s)
			if got := s.KeptSince(); !got.Equal(at(tt.since)) {
				t.Errorf("kept since %s, want %s", got, tt.since)
			}
			got := session.Settings{RecordDays: tt.days}.DueDate(session.EraseRecord, s.KeptSince())
			if tt.until == "" != got.IsZero() || tt.until != "" && !got.Equal(at(tt.until)) {
				t.Errorf("kept until %s, want %q", got, tt.until)
			}
		})
	}
}

// due are the ids that may be erased by now, with what of them.
func (d *desk) due(who session.Actor) map[session.ID]session.Due {
	d.t.Helper()
	all := map[session.ID]session.Due{}
	for due, err := range d.DueForErasure(d.t.Context(), who) {
		if err != nil {
			d.t.Fatal(err)
		}
		all[due.Session] = due
	}
	return all
}

// keep sets the periods of acme.
func (d *desk) keep(photoDays, recordDays int, early bool) {
	d.t.Helper()
	c, err := d.Company(d.t.Context(), session.System, "acme")
	if err != nil {
		d.t.Fatal(err)
	}
	c.Settings.PhotoDays, c.Settings.RecordDays, c.Settings.EarlyErasure = photoDays, recordDays, early
	if _, err := d.SaveCompany(d.t.Context(), session.System, c, "periods for a test"); err != nil {
		d.t.Fatal(err)
	}
}

const day = 24 * time.Hour

// TestEraseDue takes three sessions from their decision to their end: one as it comes, one on hold, and
// one that shares a photo with the others.
func TestEraseDue(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.keep(10, 20, false)
	face := picture(t, 7)
	take := func() session.Session {
		t.Helper()
		got, err := d.Ingest(ctx, session.System, session.Intake{Submission: good(t, anna), Photos: []session.PhotoData{{Kind: session.Selfie, Data: face}}})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first, held := take(), take()
	if _, err := d.Hold(ctx, session.System, held.ID, true, "Case 2026/17"); err != nil {
		t.Fatal(err)
	}
	d.pass(9 * day)
	later := take()
	if due := d.due(session.System); len(due) != 0 {
		t.Errorf("after nine days %v are due", due)
	}
	d.pass(2 * day)
	if due := d.due(session.System); len(due) != 2 || due[first.ID].What != session.ErasePhotos || !due[held.ID].Held {
		t.Errorf("after eleven days %v are due, want the photos of the first two, one held", due)
	}
	if due := d.due(member("orbit", session.MayManage)); len(due) != 0 {
		t.Errorf("a master of orbit sees what is due at acme: %v", due)
	}
	run, err := d.EraseDue(ctx, session.System, nil)
	if err != nil || run.Photos != 1 || run.Held != 1 || run.Records != 0 || run.Failed != 0 || !run.Purged {
		t.Errorf("the run = %+v, %v", run, err)
	}
	if got := d.get(first.ID); len(got.Photos) != 0 || got.Retention.PhotosErased.IsZero() || !got.Retention.PhotosDue.IsZero() || got.Person.LastName != "ERIKSSON" {
		t.Errorf("after its photos went the session is %+v", got)
	}
	if _, _, err := d.Photo(ctx, session.System, later.ID, "selfie", 0); err != nil {
		t.Errorf("the photo that others show: %v", err)
	}
	d.pass(10 * day)
	if run, err = d.EraseDue(ctx, session.System, nil); err != nil || run.Records != 1 || run.Photos != 1 || run.Held != 1 {
		t.Errorf("the second run = %+v, %v", run, err)
	}
	if _, err := d.Get(ctx, session.System, first.ID); session.CodeOf(err) != session.NotFound {
		t.Errorf("the erased session: %v", err)
	}
	if page, err := d.Find(ctx, session.System, session.Query{Text: "eriksson"}); err != nil || page.Total != 2 {
		t.Errorf("a search finds %d, %v; want those that are left", page.Total, err)
	}
	if _, _, err := d.Photo(ctx, session.System, held.ID, "selfie", 0); err != nil {
		t.Errorf("the photo on hold: %v", err)
	}
	if n, err := d.VerifyAudit(ctx, session.System); err != nil {
		t.Errorf("the audit chain after %d events: %v", n, err)
	}
	if runs, err := d.Erasures(ctx, session.System, 5); err != nil || len(runs) != 2 || runs[0].Records != 1 || runs[0].FinishedAt.IsZero() {
		t.Errorf("the log of runs = %+v, %v", runs, err)
	}
}

// A run erases many at once; sessions of one person, which name each other, are among them.
func TestEraseManyAtOnce(t *testing.T) {
	d := newDesk(t)
	const due = 40
	for n := range due {
		d.ingest(good(t, orlindo(n/4)))
	}
	d.pass(3000 * 24 * time.Hour)
	told := map[session.ID]int{}
	run, err := d.EraseDue(t.Context(), session.System, func(gone session.Due) error {
		told[gone.Session]++
		return nil
	})
	if err != nil || run.Records != due || run.Failed != 0 || len(told) != due {
		t.Errorf("%d records erased, %d failed, told of %d, %v; want %d", run.Records, run.Failed, len(told), err, due)
	}
	if n, err := d.OpenAlerts(t.Context(), session.System, due); err != nil || n != 0 {
		t.Errorf("%d alerts are left, %v", n, err)
	}
	d.wantWholeAudit()
}

// TestErasureSaysHowFarItIs: a run that is cut off is on record with what it erased, but for the last few.
func TestErasureSaysHowFarItIs(t *testing.T) {
	d := newDesk(t)
	const due, cut = 130, 120
	for range due {
		d.ingest(good(t, anna))
	}
	d.pass(3000 * day)
	ctx, kill := context.WithCancel(t.Context())
	erased := 0
	_, err := d.EraseDue(ctx, session.System, func(session.Due) error {
		if erased++; erased == cut {
			kill()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("the run ended with %v", err)
	}
	runs, err := d.Erasures(t.Context(), session.System, 1)
	if err != nil || len(runs) != 1 || runs[0].Records < 100 || !runs[0].FinishedAt.IsZero() {
		t.Errorf("after %d sessions and a kill the log has %+v, %v", erased, runs, err)
	}
}

// TestErasedOneByOne: what is erased by itself leaves the files at once, and the log says when that is done;
// what a process before this one left behind does so as well.
func TestErasedOneByOne(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.keep(0, 0, true)
	left, got := d.ingest(good(t, anna)), d.ingest(good(t, anna))
	for _, s := range []session.Session{left, got} {
		if s.ID == got.ID {
			go d.Work(ctx) // only now
		}
		if err := d.Erase(ctx, session.System, s.ID, "request"); err != nil {
			t.Fatal(err)
		}
	}
	problem := ""
	erased := func() (records int, all bool) {
		runs, err := d.Erasures(ctx, session.System, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range runs {
			if problem += run.Problem; run.Purged && !run.FinishedAt.IsZero() {
				records += run.Records
			}
		}
		owed, err := d.db.ErasureOwed(ctx)
		return records, err == nil && owed == session.Owed{} && records == 2
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		records, all := erased()
		if all {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the log says of %d sessions that they are out of the files, want 2: %s", records, problem)
		}
	}
	runs, err := d.Erasures(ctx, session.System, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range runs {
		for d.ErasureUnderWay(run.ID) {
			time.Sleep(time.Millisecond)
		}
	}
}

// TestTwinsForget: findings of others name an erased session no more, also where its number was edited since;
// what was found stays.
func TestTwinsForget(t *testing.T) {
	for _, edited := range []bool{false, true} {
		d, ctx := newDesk(t), t.Context()
		d.keep(0, 0, true)
		goes := d.ingest(session.Submission{Company: "acme", Person: &session.Person{FirstName: "Berta", LastName: "Zwilling", DocumentNumber: "TW-1"}, Finish: true})
		twin := d.ingest(session.Submission{Company: "acme", Person: &session.Person{FirstName: "Clara", LastName: "Zwilling", DocumentNumber: "TW1"}, Finish: true})
		names := func() string {
			data, err := json.Marshal(d.get(twin.ID))
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		if !strings.Contains(names(), string(goes.ID)) {
			t.Fatalf("the twin does not name the session: %s", names())
		}
		if edited {
			if _, err := d.Amend(ctx, session.System, goes.ID, session.Amendment{Fields: map[string]string{"document_number": "OTHER"}, Reason: "misread"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Erase(ctx, session.System, goes.ID, "request"); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(names(), string(goes.ID)) || !strings.Contains(names(), "Another session has the same document number") {
			t.Errorf("edited before %v: afterwards the twin is %s", edited, names())
		}
		events, _, err := d.db.Events(ctx, session.EventFilter{Session: twin.ID, Action: session.ActUnlinked})
		if err != nil || len(events) != 1 {
			t.Errorf("%d events tell of it, %v", len(events), err)
		}
	}
}

// TestEraseOne holds who may erase a session when.
func TestEraseOne(t *testing.T) {
	writer := session.Actor{ID: "key:web", Companies: []string{"acme"}, May: []session.Permission{session.MayRead, session.MayIngest, session.MayDecide}}
	master := member("acme", session.MayRead, session.MayIngest, session.MayDecide, session.MayManage)
	tests := []struct {
		name   string
		who    session.Actor
		reason string
		early  bool
		hold   bool
		after  time.Duration
		want   session.Code
	}{
		{"before its date", writer, "", false, false, 0, session.Conflict},
		{"at its date", writer, "", false, false, 20 * day, ""},
		{"at its date, on hold", master, "request", true, true, 20 * day, session.Conflict},
		{"by an agent", member("acme", session.MayRead, session.MayDecide), "", false, false, 20 * day, session.Forbidden},
		{"another company's", member("orbit", session.MayRead, session.MayIngest, session.MayManage), "", false, false, 20 * day, session.NotFound},
		{"early, where it is not allowed", master, "request", false, false, 0, session.Conflict},
		{"early, where it is", master, "request", true, false, 0, ""},
		{"early, without a reason", master, "", true, false, 0, session.Conflict},
		{"early, for a reason of one's own", master, "Nino asked", true, false, 0, session.Invalid},
		{"early, with a key", writer, "request", true, false, 0, session.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.keep(10, 20, tt.early)
			got := d.ingest(good(t, anna))
			if tt.hold {
				if _, err := d.Hold(t.Context(), session.System, got.ID, true, "Case 2026/17"); err != nil {
					t.Fatal(err)
				}
			}
			d.pass(tt.after)
			if err := d.Erase(t.Context(), tt.who, got.ID, tt.reason); session.CodeOf(err) != tt.want {
				t.Errorf("Erase = %v, want %q", err, tt.want)
			}
			_, err := d.Get(t.Context(), session.System, got.ID)
			if gone := session.CodeOf(err) == session.NotFound; gone != (tt.want == "") {
				t.Errorf("gone: %v, %v", gone, err)
			}
		})
	}
}
