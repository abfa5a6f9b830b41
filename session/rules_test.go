package session_test

import (
	"testing"
	"time"

	"dossier/session"
)

// TestJudgeFollowsTheSettings: what each setting changes, over a session that nothing else speaks against.
func TestJudgeFollowsTheSettings(t *testing.T) {
	today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	twin := []session.Twin{{ID: "01", Name: "Somebody Else", Document: true}, {ID: "02", Name: "Another One"}}
	tests := []struct {
		name   string
		change func(*session.Session, *session.Settings)
		twins  []session.Twin
		status session.Status
		want   string
	}{
		{"defaults", func(*session.Session, *session.Settings) {}, nil, session.Success, ""},
		{"nobody reviews", func(s *session.Session, set *session.Settings) {
			s.Checks.LivenessPassed, set.AwaitingAction = ptr(false), false
		}, nil, session.Rejected, "liveness_failed:review"},
		{"somebody looks before a rule rejects", func(s *session.Session, set *session.Settings) {
			s.Person.ExpirationDate, set.ReviewRejections = "2020-01-01", true
		}, nil, session.AwaitingAction, "document_expired:reject"},
		{"an expired document is let through", func(s *session.Session, set *session.Settings) {
			s.Person.ExpirationDate, set.Severities = "2020-01-01", map[string]session.Severity{"document_expired": session.Info}
		}, nil, session.Success, "document_expired:info"},
		{"a month that is not over", func(s *session.Session, _ *session.Settings) { s.Person.ExpirationDate = "2026-11" }, nil, session.Success, ""},
		{"21 is asked for", func(s *session.Session, set *session.Settings) { s.Person.BirthDate, set.MinimumAge = "2006-01-01", 21 }, nil, session.Rejected, "under_age:reject"},
		{"born in a year in which one may be too young", func(s *session.Session, _ *session.Settings) { s.Person.BirthDate = "2008" }, nil, session.Rejected, "under_age:reject"},
		{"no age is asked for", func(s *session.Session, set *session.Settings) { s.Person.BirthDate, set.MinimumAge = "", 0 }, nil, session.Success, ""},
		{"liveness is not asked for", func(s *session.Session, set *session.Settings) {
			s.Checks.LivenessPassed, set.LivenessRequired = nil, false
		}, nil, session.Success, ""},
		{"a lower match will do", func(s *session.Session, set *session.Settings) { s.Checks.FaceMatchLevel, set.MinFaceMatch = ptr(2), 2 }, nil, session.Success, ""},
		{"passports only", func(_ *session.Session, set *session.Settings) {
			set.Documents = []session.DocumentType{session.Passport}
		}, nil, session.Rejected, "document_not_allowed:reject"},
		{"a high-risk nationality", func(_ *session.Session, set *session.Settings) {
			set.HighRisk = []session.HighRisk{{Country: "DEU", Nationality: session.Reject}, {Country: "FRA", ClientIP: session.Review}}
		}, nil, session.Rejected, "high_risk_nationality:reject"},
		{"a high-risk address", func(s *session.Session, set *session.Settings) {
			s.Activity.Country = "FR"
			set.HighRisk = []session.HighRisk{{Country: "FRA", ClientIP: session.Review}}
		}, nil, session.AwaitingAction, "high_risk_ip:review"},
		{"twins", func(*session.Session, *session.Settings) {}, twin, session.AwaitingAction, "duplicate_document:review duplicate_personal:review"},
		{"twins are let through", func(_ *session.Session, set *session.Settings) {
			set.Severities = map[string]session.Severity{"duplicate_document": session.Info}
		}, twin[:1], session.Success, "duplicate_document:info"},
		{"too many attempts", func(s *session.Session, _ *session.Settings) { s.Activity.Attempts = 4 }, nil, session.AwaitingAction, "too_many_attempts:review"},
		{"liveness of the other kind", func(s *session.Session, set *session.Settings) {
			s.Checks.LivenessType, set.Liveness = "2d", session.Liveness3D
		}, nil, session.AwaitingAction, "liveness_missing:review"},
		{"settings from before there was a choice of liveness", func(s *session.Session, set *session.Settings) {
			s.Checks.LivenessType, set.Liveness = "2d", ""
		}, nil, session.Success, ""},
		{"a spoof is rejected outright", func(s *session.Session, set *session.Settings) {
			s.Checks.IDReal, set.Severities = ptr(false), map[string]session.Severity{"id_spoofed": session.Reject}
		}, nil, session.Rejected, "id_spoofed:reject"},
		{"took too long", func(s *session.Session, _ *session.Settings) {
			s.Attempts = []session.Attempt{{Number: 1, StartedAt: today.Add(-time.Hour)}}
			s.Activity.FinishedAt = today
		}, nil, session.AwaitingAction, "too_long:review"},
		{"somebody looks at everything", func(_ *session.Session, set *session.Settings) { set.ReviewAll = true }, nil, session.AwaitingAction, "review_all:review"},
		{"not screened", func(s *session.Session, _ *session.Settings) { s.Screening.Reason = "stale" }, nil, session.AwaitingAction, "lists_stale:review"},
		{"not screened, which is rejected", func(s *session.Session, set *session.Settings) {
			s.Screening.Reason, set.Severities = "stale", map[string]session.Severity{"lists_stale": session.Reject}
		}, nil, session.Rejected, "lists_stale:reject"},
		{"front and back differ", func(s *session.Session, _ *session.Settings) { s.Checks.FrontBackDistance = ptr(3) }, nil, session.AwaitingAction, "front_back_mismatch:review"},
		{"front and back are not compared", func(s *session.Session, set *session.Settings) {
			s.Checks.FrontBackDistance, set.CompareFrontBack = ptr(3), false
		}, nil, session.Success, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session.Session{
				Person:   session.Person{FirstName: "Ada", LastName: "Example", BirthDate: "1990-01-02", ExpirationDate: "2030-01-01", Nationality: "D"},
				Document: session.Document{Type: session.IDCard},
				Checks:   session.Checks{LivenessPassed: ptr(true), FaceMatchLevel: ptr(6)},
			}
			set := session.DefaultSettings()
			tt.change(&s, &set)
			findings, status := session.Judge(s, set, session.Facts{Today: today, Twins: tt.twins})
			if status != tt.status || codes(findings) != tt.want {
				t.Errorf("%s with [%s], want %s with [%s]", status, codes(findings), tt.status, tt.want)
			}
		})
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	d := newDesk(t)
	tests := map[string]func(*session.Settings){
		"severities.sanctions_hit": func(s *session.Settings) { s.Severities = map[string]session.Severity{"sanctions_hit": "Reject"} },
		"severities.lists_stale":   func(s *session.Settings) { s.Severities = map[string]session.Severity{"lists_stale": ""} },
		"severities.no_such_rule":  func(s *session.Settings) { s.Severities = map[string]session.Severity{"no_such_rule": session.Info} },
		"high_risk[1].country":     func(s *session.Settings) { s.HighRisk = []session.HighRisk{{Country: "DEU"}, {Country: "DEU"}} },
		"documents":                func(s *session.Settings) { s.Documents = nil },
		"support":                  func(s *session.Settings) { s.Support = "javascript:alert(1)" },
		"liveness":                 func(s *session.Settings) { s.Liveness = "4d" },
		"pdf_footer":               func(s *session.Settings) { s.PDFFooter = "two\nlines" },
		"logo":                     func(s *session.Settings) { s.Logo = []byte("GIF89a") },
		"extra[0].label":           func(s *session.Settings) { s.Extra[0].Label = " " },
		"extra[1].choices":         func(s *session.Settings) { s.Extra[1].Choices = nil },
		"tags[0].group":            func(s *session.Settings) { s.Tags = []session.OwnTag{{Group: "Others", Name: "Odd"}} },
		"tags[0].name":             func(s *session.Settings) { s.Tags = []session.OwnTag{{Group: "Spam", Name: "spam"}} },
		"min_face_match":           func(s *session.Settings) { s.MinFaceMatch = 8 },
		"high_risk[0].country":     func(s *session.Settings) { s.HighRisk = []session.HighRisk{{Country: "Narnia"}} },
		"high_risk[0].nationality": func(s *session.Settings) { s.HighRisk = []session.HighRisk{{Country: "DEU", Nationality: "maybe"}} },
		"extra[1].key":             func(s *session.Settings) { s.Extra = append(s.Extra[:1:1], s.Extra[0]) },
		"extra[0].pattern":         func(s *session.Settings) { s.Extra[0].Type, s.Extra[0].Pattern = "text", "(" },
		"record_days":              func(s *session.Settings) { s.RecordDays = -1 },
		"colour":                   func(s *session.Settings) { s.Colour = "red;}" },
	}
	for field, change := range tests {
		t.Run(field, func(t *testing.T) {
			c, err := d.Company(t.Context(), session.System, "acme")
			if err != nil {
				t.Fatal(err)
			}
			change(&c.Settings)
			_, err = d.SaveCompany(t.Context(), session.System, c, "test")
			if session.CodeOf(err) != session.Invalid || !containsField(err, field) {
				t.Errorf("answer is %v", err)
			}
		})
	}
}
