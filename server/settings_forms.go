package server

import (
	"fmt"
	"strconv"

	"dossier/session"
)

// The pages of Settings that are one form of controls.
var (
	companyForm = settingsForm{key: "company", intro: "What the company is called on pages and in reports.", groups: []controlGroup{
		{Controls: []control{
			lineControl("name", "Name", "1 to 120 characters", func(c *session.Company) *string { return &c.Name }),
		}},
	}}

	sessionForm = settingsForm{key: "session", previews: true, intro: "How an applicant goes through a session, and with what.", groups: []controlGroup{
		{Title: "Attempts and time", Controls: []control{
			numberControl("max_attempts", "Maximum attempts", "1 to 20", 1, 20, func(c *session.Company) *int { return &c.Settings.MaxAttempts }),
			numberControl("max_minutes", "Maximum length, in minutes", "A session that is left for longer expires. 1 to 10,080 (a week)", 1, 10080, func(c *session.Company) *int { return &c.Settings.MaxMinutes }),
		}},
		{Title: "Capture", Controls: []control{
			choiceControl("liveness", "Kind of liveness check", "A check of the other kind counts as not performed", []option{{Value: "either", Name: "2D or 3D"}, {Value: "3d", Name: "3D only"}, {Value: "2d", Name: "2D only"}},
				func(c *session.Company) *session.LivenessKind { return &c.Settings.Liveness }),
			severalControl("documents", "Allowed documents", "", options(session.DocumentTypes, documentName, nil), func(c *session.Company) *[]session.DocumentType { return &c.Settings.Documents }),
			lineControl("support", "Support address", "E-mail address, or https:// page, that applicants are sent to for help. Dossier itself shows applicants nothing yet; your own pages read it with GET /api/v1/settings", func(c *session.Company) *string { return &c.Settings.Support }),
		}},
	}}

	rulesForm = settingsForm{key: "rules", previews: true, intro: "What each rule calls for when it has something to say. The worst finding gives the status.", groups: []controlGroup{
		{Title: "What follows from a finding", Controls: []control{
			switchControl("awaiting_action", "What calls for review awaits action", "Off: it is rejected", func(c *session.Company) *bool { return &c.Settings.AwaitingAction }),
			switchControl("review_rejections", "A person looks before a rule rejects", "On: what a rule would reject awaits action", func(c *session.Company) *bool { return &c.Settings.ReviewRejections }),
			switchControl("review_all", "Every document is reviewed by a person", "Even where no rule has anything to say", func(c *session.Company) *bool { return &c.Settings.ReviewAll }),
		}},
		{Title: "Liveness and face", Controls: []control{
			switchControl("liveness_required", "Liveness is required", "", func(c *session.Company) *bool { return &c.Settings.LivenessRequired }),
			ruleControl("liveness_failed"), ruleControl("liveness_missing"),
			matchLevelControl(),
			numberControl("min_match_confidence", "Minimum match confidence", "0 to 100, where the face match is 2D and gives no level", 0, 100, func(c *session.Company) *int { return &c.Settings.MinConfidence }),
			ruleControl("low_face_match"), ruleControl("face_match_missing"),
		}},
		{Title: "Document", Controls: []control{
			ruleControl("id_spoofed"), ruleControl("full_id_not_detected"), ruleControl("document_invalid"),
			switchControl("full_mrz", "Full MRZ validation", "Off: only the document number, the dates and their check digits count", func(c *session.Company) *bool { return &c.Settings.FullMRZ }),
			ruleControl("mrz_invalid"), ruleControl("mrz_missing"),
			switchControl("compare_front_back", "Compare the front with the MRZ", "", func(c *session.Company) *bool { return &c.Settings.CompareFrontBack }),
			numberControl("max_front_back_edits", "Characters that may differ", "In one field; 0 to 10", 0, 10, func(c *session.Company) *int { return &c.Settings.MaxFrontBackEdits }),
			ruleControl("front_back_mismatch"), ruleControl("document_expired"), ruleControl("expiry_unknown"), ruleControl("document_not_allowed"),
		}},
		{Title: "Person", Controls: []control{
			ruleControl("person_incomplete"),
			numberControl("minimum_age", "Minimum age", "In years; 0 asks for none", 0, 120, func(c *session.Company) *int { return &c.Settings.MinimumAge }),
			ruleControl("under_age"), ruleControl("age_unknown"), ruleControl("duplicate_document"), ruleControl("duplicate_personal"),
		}},
		{Title: "Session", Controls: []control{ruleControl("too_many_attempts"), ruleControl("too_long"), ruleControl("no_consent")}},
	}}

	retentionForm = settingsForm{key: "retention", intro: "How long photos and records are kept after the decision. A legal hold on a session goes before both.", groups: []controlGroup{
		{Controls: []control{
			numberControl("photo_days", "Photos, in days", "0 keeps them for ever; 1,825 are five years", 0, 36600, func(c *session.Company) *int { return &c.Settings.PhotoDays }),
			numberControl("record_days", "Records, in days", "0 keeps them for ever. A change holds for all sessions, those decided before included", 0, 36600, func(c *session.Company) *int { return &c.Settings.RecordDays }),
			switchControl("early_erasure", "A master may erase a session before its date", "For one of the reasons of the form; the audit log keeps that it happened, and nothing about the person", func(c *session.Company) *bool { return &c.Settings.EarlyErasure }),
		}},
	}}

	sanctionsForm = settingsForm{key: "sanctions", previews: true, lists: "weak_aliases_muted", intro: "Whether and how the company's persons are compared with sanctions lists. A change holds for every new screening, and for all stored persons from the next re-screening on.", groups: []controlGroup{
		{Title: "Screening", Controls: []control{
			switchControl("screen", "Screen against sanctions lists", "", func(c *session.Company) *bool { return &c.Settings.Screen }),
			ruleControl("sanctions_hit"), ruleControl("lists_stale"),
		}},
		{Title: "Weak aliases", Hint: "Publishers mark aliases that are common or vague as weak. On the lists chosen here, such an alias alone makes no hit and no alert: the birth date or a document number must agree as well. OpenSanctions and the own list stand for all their data sets.", Controls: []control{
			severalControl("weak_aliases_muted", "No alert on a weak alias alone", "", nil, func(c *session.Company) *[]string { return &c.Settings.WeakMuted }),
		}},
		{Title: "Four eyes", Controls: []control{
			choiceControl("four_eyes", "Decisions that a second person approves", "Who proposes a decision never approves it", []option{{Value: "off", Name: "None"}, {Value: "sanctions", Name: "Those with a sanctions hit"}, {Value: "all", Name: "All"}},
				func(c *session.Company) *session.FourEyes { return &c.Settings.FourEyes }),
		}},
	}}
)

// ruleControl sets the severity of a rule. A code that is no rule's would be a mistake of ours.
func ruleControl(code string) control {
	for _, r := range session.Rules {
		if r.Code == code {
			return severityControl(r)
		}
	}
	panic("server: there is no rule " + code)
}

// matchLevels are the levels of a face match with their rates of false acceptance.
func matchLevels() []option {
	var all []option
	for level := 1; session.MatchFAR(level) != ""; level++ {
		all = append(all, option{Value: strconv.Itoa(level), Name: fmt.Sprintf("%d · FAR %s", level, session.MatchFAR(level))})
	}
	return all
}

func matchLevelControl() control {
	c := numberControl("min_face_match", "Minimum face match level", "With the rate of false acceptance (FAR) that it stands for", 1, 7, func(c *session.Company) *int { return &c.Settings.MinFaceMatch })
	c.Kind, c.Choices = "choice", matchLevels()
	return c
}
