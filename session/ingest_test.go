package session_test

import (
	"testing"
	"time"

	"dossier/mrz"
	"dossier/session"
)

func TestIngestOutcomes(t *testing.T) {
	tests := []struct {
		name   string
		change func(*session.Submission)
		status session.Status
		want   string // findings
	}{
		{"all well", func(*session.Submission) {}, session.Success, ""},
		{"liveness failed", func(s *session.Submission) { s.Checks.LivenessPassed = ptr(false) }, session.AwaitingAction, "liveness_failed:review"},
		{"no liveness", func(s *session.Submission) { s.Checks.LivenessPassed = nil }, session.AwaitingAction, "liveness_missing:review"},
		{"low face match", func(s *session.Submission) { s.Checks.FaceMatchLevel = ptr(3) }, session.AwaitingAction, "low_face_match:review"},
		{"spoofed", func(s *session.Submission) { s.Checks.IDReal = ptr(false) }, session.AwaitingAction, "id_spoofed:review"},
		{"cut off", func(s *session.Submission) { s.Checks.FullIDDetected = ptr(false) }, session.AwaitingAction, "full_id_not_detected:review"},
		{"expired", func(s *session.Submission) {
			p := anna
			p.ExpirationDate = "2026-11-22"
			s.Document.MRZ = zone(t, p)
		}, session.Rejected, "document_expired:reject"},
		{"expires today", func(s *session.Submission) {
			p := anna
			p.ExpirationDate = "2026-11-23"
			s.Document.MRZ = zone(t, p)
		}, session.Success, ""},
		{"17 years old", func(s *session.Submission) {
			p := anna
			p.BirthDate = "2008-11-24"
			s.Document.MRZ = zone(t, p)
		}, session.Rejected, "under_age:reject"},
		{"18 today", func(s *session.Submission) {
			p := anna
			p.BirthDate = "2008-11-23"
			s.Document.MRZ = zone(t, p)
		}, session.Success, ""},
		{"wrong check digit", func(s *session.Submission) {
			s.Document.MRZ[1] = s.Document.MRZ[1][:9] + "0" + s.Document.MRZ[1][10:]
		}, session.AwaitingAction, "mrz_invalid:review"},
		{"zone of a wrong length", func(s *session.Submission) { s.Document.MRZ[1] = "P<" }, session.AwaitingAction, "person_incomplete:review mrz_invalid:review expiry_unknown:info age_unknown:review"},
		{"passport without a zone", func(s *session.Submission) {
			s.Document.MRZ = nil
			s.Person = &session.Person{FirstName: "Anna", LastName: "Eriksson"}
		}, session.AwaitingAction, "mrz_missing:review expiry_unknown:info age_unknown:review"},
		{"another name in the visual zone", func(s *session.Submission) {
			s.Person = &session.Person{FirstName: "Anna Maria", LastName: "Svensson"}
		}, session.AwaitingAction, "front_back_mismatch:review"},
		{"the same name with its accents", func(s *session.Submission) {
			p := anna
			p.LastName = "MUELLER"
			s.Document.MRZ = zone(t, p)
			s.Person = &session.Person{FirstName: "Anna Maria", LastName: "Müller"}
		}, session.Success, ""},
		{"a name too long for the zone", func(s *session.Submission) {
			p := anna
			p.FirstName, p.LastName = "MAXIMILIANA CONSTANTINOPOLITANA", "PAPANDROPOULOS"
			s.Document.MRZ = zone(t, p)
			s.Person = &session.Person{FirstName: "Maximiliana Constantinopolitana", LastName: "Papandropoulos"}
		}, session.Success, ""},
		{"sanctioned", func(s *session.Submission) {
			p := anna
			p.FirstName, p.LastName, p.BirthDate = "VASILON", "KARMEIDES", "1961-04-05"
			s.Document.MRZ = zone(t, p)
		}, session.AwaitingAction, "sanctions_hit:review"},
		{"sanctioned by document number alone", func(s *session.Submission) {
			p := anna
			p.DocumentNumber = "ZX9988776"
			s.Document.MRZ = zone(t, p)
		}, session.AwaitingAction, "sanctions_hit:review"},
		{"no birth date", func(s *session.Submission) {
			s.Document = &session.Document{Type: session.IDCard}
			s.Person = &session.Person{FirstName: "Anna", LastName: "Eriksson", ExpirationDate: "2031-04-15"}
		}, session.AwaitingAction, "age_unknown:review"},
		{"a face matched in two dimensions", func(s *session.Submission) { s.Checks.FaceMatchLevel, s.Checks.MatchConfidence = nil, ptr(91.5) }, session.Success, ""},
		{"a face hardly matched in two dimensions", func(s *session.Submission) { s.Checks.FaceMatchLevel, s.Checks.MatchConfidence = nil, ptr(1.0) }, session.AwaitingAction, "low_face_match:review"},
		{"no consent", func(s *session.Submission) { s.Checks.Consent = ptr(false) }, session.AwaitingAction, "no_consent:review"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			sub := good(t, anna)
			tt.change(&sub)
			got := d.ingest(sub)
			if got.Status != tt.status || codes(got.Findings) != tt.want {
				t.Errorf("status %s with findings [%s], want %s with [%s]", got.Status, codes(got.Findings), tt.status, tt.want)
			}
			if decided := got.Verified != nil; decided != (tt.status != session.AwaitingAction) {
				t.Errorf("verified is %v", got.Verified)
			}
			if stored := d.get(got.ID); stored.Status != got.Status || stored.Version != got.Version {
				t.Errorf("stored is %s v%d, answered %s v%d", stored.Status, stored.Version, got.Status, got.Version)
			}
			d.wantWholeAudit()
		})
	}
}

func TestIngestFillsThePersonFromTheZone(t *testing.T) {
	got := newDesk(t).ingest(good(t, anna))
	p := got.Person
	if p.FirstName != "ANNA MARIA" || p.LastName != "ERIKSSON" || p.DocumentNumber != "L898902C3" || p.BirthDate != "1974-08-12" || p.ExpirationDate != "2031-04-15" || p.Sex != "F" || p.Nationality != "UTO" {
		t.Errorf("person is %+v", p)
	}
	for _, field := range []string{"first_name", "last_name", "document_number", "birth_date", "expiration_date", "sex", "nationality"} {
		if p.Sources[field] != session.FromMRZ {
			t.Errorf("source of %s is %q", field, p.Sources[field])
		}
	}
	if got.Document.Valid == nil || !*got.Document.Valid || got.Document.MRZFormat != "TD3" {
		t.Errorf("document is %+v", got.Document)
	}
	if got.Screening.Status != session.Clear || len(got.Screening.Lists) != 1 || got.Screening.Lists[0].SHA256 == "" {
		t.Errorf("screening is %+v", got.Screening)
	}
}

func TestIngestRefuses(t *testing.T) {
	tests := []struct {
		name  string
		in    session.Intake
		code  session.Code
		field string
	}{
		{"unknown company", session.Intake{Submission: session.Submission{Company: "nope"}}, session.Invalid, "company"},
		{"no company where there are two", session.Intake{}, session.Invalid, "company"},
		{"no date", session.Intake{Submission: session.Submission{Company: "acme", Person: &session.Person{BirthDate: "1990-02-30"}}}, session.Invalid, "person.birth_date"},
		{"no sex", session.Intake{Submission: session.Submission{Company: "acme", Person: &session.Person{Sex: "W"}}}, session.Invalid, "person.sex"},
		{"unknown extra key", session.Intake{Submission: session.Submission{Company: "acme", Extra: map[string]any{"shoe": "42"}}}, session.Invalid, "extra.shoe"},
		{"extra of a wrong type", session.Intake{Submission: session.Submission{Company: "acme", Extra: map[string]any{"income": "much"}}}, session.Invalid, "extra.income"},
		{"required extra missing", session.Intake{Submission: session.Submission{Company: "orbit", Finish: true}}, session.Invalid, "extra.plan"},
		{"started in the future", session.Intake{Submission: session.Submission{Company: "acme", Activity: &session.Activity{StartedAt: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}}}, session.Invalid, "activity.started_at"},
		{"no image", session.Intake{Submission: session.Submission{Company: "acme"}, Photos: []session.PhotoData{{Kind: session.Portrait, Data: []byte("GIF89a")}}}, session.Invalid, "photos.portrait"},
		{"a truncated image", session.Intake{Submission: session.Submission{Company: "acme"}, Photos: []session.PhotoData{{Kind: session.Portrait, Data: picture(t, 1)[:100]}}}, session.Invalid, "photos.portrait"},
		{"unknown kind of photo", session.Intake{Submission: session.Submission{Company: "acme"}, Photos: []session.PhotoData{{Kind: "hat", Data: picture(t, 1)}}}, session.Invalid, "photos.hat"},
		{"a session that is not there", session.Intake{ID: session.NewID(time.Now())}, session.NotFound, ""},
		{"control characters", session.Intake{Submission: session.Submission{Company: "acme", Reference: "a\x00b"}}, session.Invalid, "reference"},
	}
	d := newDesk(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.Ingest(t.Context(), session.System, tt.in)
			if session.CodeOf(err) != tt.code {
				t.Fatalf("error is %v, want %s", err, tt.code)
			}
			if tt.field != "" && !containsField(err, tt.field) {
				t.Errorf("error %q does not name %s", err, tt.field)
			}
		})
	}
	if n, err := d.Count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d sessions were stored, %v", n, err)
	}
}

func TestIngestInSteps(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(session.Submission{Company: "acme", Reference: "C-17"})
	if got.Status != session.InProgress || len(got.Attempts) != 1 {
		t.Fatalf("a new session is %s with %d attempts", got.Status, len(got.Attempts))
	}
	for i, kind := range []session.PhotoKind{session.DocumentFront, session.Selfie, session.Selfie} {
		in := session.Intake{ID: got.ID, Photos: []session.PhotoData{{Kind: kind, Data: picture(t, uint8(i))}}}
		if _, err := d.Ingest(t.Context(), session.System, in); err != nil {
			t.Fatal(err)
		}
	}
	done := good(t, anna)
	done.Company = ""
	finished, err := d.Ingest(t.Context(), session.System, session.Intake{ID: got.ID, Submission: done})
	if err != nil {
		t.Fatal(err)
	}
	if finished.Status != session.Success || finished.Reference != "C-17" || len(finished.Photos) != 2 {
		t.Errorf("finished as %s, reference %q, %d photos", finished.Status, finished.Reference, len(finished.Photos))
	}
	data, p, err := d.Photo(t.Context(), session.System, got.ID, "selfie", 0)
	if err != nil || string(data) != string(picture(t, 2)) || p.Width != 40 || p.ContentType != "image/png" {
		t.Errorf("selfie is %d bytes, %+v, %v: the second replaces the first", len(data), p, err)
	}
	if small, _, err := d.Photo(t.Context(), session.System, got.ID, "selfie", 20); err != nil || len(small) == 0 {
		t.Errorf("thumbnail: %v", err)
	}
	_, err = d.Ingest(t.Context(), session.System, session.Intake{ID: got.ID, Submission: session.Submission{Reference: "other"}})
	if session.CodeOf(err) != session.Conflict {
		t.Errorf("a finished session takes more: %v", err)
	}
}

func TestIdempotencyKey(t *testing.T) {
	d := newDesk(t)
	in := session.Intake{Submission: good(t, anna), Key: "k1"}
	first, err := d.Ingest(t.Context(), session.System, in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Ingest(t.Context(), session.System, in)
	if err != nil || again.ID != first.ID {
		t.Errorf("the same again is %s, %v; want %s", again.ID, err, first.ID)
	}
	in.Reference = "another"
	if _, err := d.Ingest(t.Context(), session.System, in); session.CodeOf(err) != session.Conflict {
		t.Errorf("another body under the key: %v", err)
	}
	if n, _ := d.Count(t.Context()); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestAttempts(t *testing.T) {
	d := newDesk(t)
	bad := good(t, anna)
	bad.Checks.LivenessPassed = ptr(false)
	got := d.ingest(bad)
	for n := 2; n <= 3; n++ {
		next, err := d.StartAttempt(t.Context(), session.System, got.ID)
		if err != nil || len(next.Attempts) != n || next.Status != session.InProgress {
			t.Fatalf("attempt %d: %s, %d attempts, %v", n, next.Status, len(next.Attempts), err)
		}
		bad.Company = ""
		if _, err := d.Ingest(t.Context(), session.System, session.Intake{ID: got.ID, Submission: bad}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.StartAttempt(t.Context(), session.System, got.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("a fourth attempt: %v", err)
	}
	last := d.get(got.ID)
	if a := last.Attempts[0]; a.Outcome != "awaiting_action" || a.Checks.LivenessPassed == nil || *a.Checks.LivenessPassed || a.Reason == "" {
		t.Errorf("the first attempt is kept as %+v", a)
	}
}

func TestLeftSessionsExpire(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(session.Submission{Company: "acme"})
	d.pass(19 * time.Minute)
	if err := d.ExpireLeft(t.Context()); err != nil || d.get(got.ID).Status != session.InProgress {
		t.Fatalf("after 19 minutes it is %s, %v", d.get(got.ID).Status, err)
	}
	d.pass(2 * time.Minute)
	if err := d.ExpireLeft(t.Context()); err != nil || d.get(got.ID).Status != session.Expired {
		t.Fatalf("after 21 minutes it is %s, %v", d.get(got.ID).Status, err)
	}
	if _, err := d.StartAttempt(t.Context(), session.System, got.ID); err != nil {
		t.Errorf("another attempt after expiry: %v", err)
	}
}

func TestTwinsWithAnotherName(t *testing.T) {
	d := newDesk(t)
	d.ingest(good(t, anna))
	same := d.ingest(good(t, anna))
	if same.Status != session.Success {
		t.Errorf("the same person again is %s: %s", same.Status, codes(same.Findings))
	}
	other := anna
	other.LastName = "SOMEBODY"
	if got := d.ingest(good(t, other)); codes(got.Findings) != "duplicate_document:review" {
		t.Errorf("another name on the same document: [%s]", codes(got.Findings))
	}
	elsewhere := good(t, other)
	elsewhere.Company, elsewhere.Extra = "orbit", map[string]any{"plan": "a"}
	elsewhere.Document.MRZ = zone(t, mrz.Person{FirstName: "PIA", LastName: "THIRD", DocumentNumber: "L898902C3", Sex: "F", BirthDate: "1974-08-12", ExpirationDate: "2031-04-15"})
	if got := d.ingest(elsewhere); len(got.Findings) != 0 {
		t.Errorf("a company learns of another one's applicants: [%s]", codes(got.Findings))
	}
}

func TestCompaniesAreKeptApart(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(good(t, anna))
	stranger := member("orbit", session.MayRead, session.MayDecide, session.MayIngest, session.MayExport, session.MayManage)
	ctx := t.Context()
	tries := map[string]error{}
	_, tries["Get"] = d.Get(ctx, stranger, got.ID)
	_, tries["View"] = d.View(ctx, stranger, got.ID)
	_, _, tries["Photo"] = d.Photo(ctx, stranger, got.ID, "selfie", 0)
	_, tries["Events"] = d.Events(ctx, stranger, got.ID, 10)
	_, tries["Decide"] = d.Decide(ctx, stranger, got.ID, session.Decision{Version: 1, Verdict: session.VerdictVerify})
	_, tries["Comment"] = d.Comment(ctx, stranger, got.ID, "hello")
	_, tries["Amend"] = d.Amend(ctx, stranger, got.ID, session.Amendment{Fields: map[string]string{"first_name": "X"}})
	_, tries["Reopen"] = d.Reopen(ctx, stranger, got.ID, 1, "why not")
	_, tries["StartAttempt"] = d.StartAttempt(ctx, stranger, got.ID)
	_, tries["Ingest"] = d.Ingest(ctx, stranger, session.Intake{ID: got.ID})
	for name, err := range tries {
		if session.CodeOf(err) != session.NotFound {
			t.Errorf("%s by a stranger: %v, want not found", name, err)
		}
	}
	if err := d.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	for _, q := range []session.Query{{}, {Text: "eriksson"}, {Companies: []string{"acme"}}} {
		if page, err := d.Find(ctx, stranger, q); err != nil || len(page.Sessions) != 0 || page.Total != 0 {
			t.Errorf("a stranger finds %d of %d by %+v, %v", len(page.Sessions), page.Total, q, err)
		}
	}
	for s, err := range d.Each(ctx, stranger) {
		t.Errorf("a stranger exports %s, %v", s.ID, err)
	}
	if page, err := d.Find(ctx, member("acme", session.MayRead), session.Query{Text: "erik anna"}); err != nil || len(page.Sessions) != 1 {
		t.Errorf("its own member finds %d, %v", len(page.Sessions), err)
	}
}
