package session

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dossier/sanctions"
)

// Facts are what a rule may know beside the session and the company's settings.
type Facts struct {
	Today time.Time
	Twins []Twin
}

// A Rule is one named condition: pure, and with one thing to say. Rules lists them all.
type Rule struct {
	Code     string   // stands on findings
	Title    string   // for settings and help
	Severity Severity // unless the company's settings say otherwise
	check    func(s Session, set Settings, f Facts) string
	field    string
	// grade gives the severity where it follows from the session or the rule; it cannot be set.
	grade func(s Session, set Settings) Severity
}

// onScreening is the field of the findings on the screening.
const onScreening = "screening"

// Rules is the rule table, in the order in which findings are shown. A rule gives a text, or "" when it
// has nothing to say. What a machine guesses goes to a reviewer; what the calendar or the company's own
// policy says outright may reject.
var Rules = []Rule{
	{"sanctions_hit", "Sanctions hit", Review, sanctionsHit, onScreening, nil},
	{"lists_stale", "Not screened against fresh lists", Review, listsStale, onScreening, nil},
	{"person_incomplete", "Name missing", Review, personIncomplete, "person", nil},
	{"liveness_failed", "Liveness failed", Review, livenessFailed, "checks.liveness_passed", nil},
	{"liveness_missing", "Liveness not performed", Review, livenessMissing, "checks.liveness_passed", nil},
	{"low_face_match", "Face match below the minimum", Review, lowFaceMatch, "checks.face_match_level", nil},
	{"face_match_missing", "Face match not performed", Review, faceMatchMissing, "checks.face_match_level", nil},
	{"id_spoofed", "ID is spoofed", Review, idSpoofed, "checks.id_real", nil},
	{"full_id_not_detected", "Full ID was not detected", Review, fullIDMissing, "checks.full_id_detected", nil},
	{"document_invalid", "Document not valid", Review, documentInvalid, "checks.document_valid", nil},
	{"mrz_invalid", "MRZ not valid", Review, mrzInvalid, "document.mrz", nil},
	{"mrz_missing", "MRZ missing", Review, mrzMissing, "document.mrz", nil},
	{"front_back_mismatch", "Visual zone differs from MRZ", Review, frontBackMismatch, "checks.front_back_distance", nil},
	{"document_expired", "Document expired", Reject, documentExpired, "person.expiration_date", nil},
	{"document_not_allowed", "Document type not allowed", Reject, documentNotAllowed, "document.type", nil},
	{"expiry_unknown", "Expiration date unknown", Info, expiryUnknown, "person.expiration_date", nil},
	{"under_age", "Under the minimum age", Reject, underAge, "person.birth_date", nil},
	{"age_unknown", "Birth date unknown", Review, ageUnknown, "person.birth_date", nil},
	{"high_risk_nationality", "High-risk nationality", "", highRiskNationality, "person.nationality", gradeNationality},
	{"high_risk_ip", "High-risk country of the client's address", "", highRiskIP, "activity.country", gradeAddress},
	{"duplicate_document", "Same document number, another name", Review, duplicateDocument, "person.document_number", nil},
	{"duplicate_personal", "Same personal number, another name", Review, duplicatePersonal, "person.personal_number", nil},
	{"too_many_attempts", "Too many attempts", Review, tooManyAttempts, "attempts", nil},
	{"too_long", "Session took too long", Review, tooLong, "activity.finished_at", nil},
	{"no_consent", "No consent", Review, noConsent, "checks.consent", nil},
	{"review_all", "Every document is reviewed", "", reviewAll, "", func(Session, Settings) Severity { return Review }},
}

// severityOf is what a rule calls for when it has something to say of s.
func (set Settings) severityOf(r Rule, s Session) Severity {
	if r.grade != nil {
		return r.grade(s, set)
	}
	if own, ok := set.Severities[r.Code]; ok {
		return own
	}
	return r.Severity
}

// Judge runs every rule, and says what the session's status is when they alone decide.
func Judge(s Session, set Settings, f Facts) ([]Finding, Status) {
	findings := find(Rules, s, set, f)
	worst := Severity("")
	for _, found := range findings {
		if found.Severity == Reject || found.Severity == Review && worst != Reject {
			worst = found.Severity
		}
	}
	return findings, statusOf(worst, set)
}

// find gives the findings of some rules.
func find(rules []Rule, s Session, set Settings, f Facts) []Finding {
	findings := []Finding{}
	for _, rule := range rules {
		if text := rule.check(s, set, f); text != "" {
			findings = append(findings, Finding{Code: rule.Code, Severity: set.severityOf(rule, s), Text: text, Field: rule.field})
		}
	}
	return findings
}

// screeningRules are those that look at nothing but the screening. They stand first among the Rules.
var screeningRules = Rules[:slices.IndexFunc(Rules, func(r Rule) bool { return r.field != onScreening })]

// findOnScreening brings up to date what the rules say of the screening, and leaves what they said of the rest.
func (s *Session) findOnScreening(set Settings) {
	others := slices.DeleteFunc(slices.Clone(s.Findings), func(f Finding) bool { return f.Field == onScreening })
	s.Findings = append(find(screeningRules, *s, set, Facts{}), others...)
}

func statusOf(worst Severity, set Settings) Status {
	switch {
	case worst == Reject && set.ReviewRejections, worst == Review && set.AwaitingAction:
		return AwaitingAction
	case worst == Reject, worst == Review:
		return Rejected
	}
	return Success
}

func sanctionsHit(s Session, set Settings, _ Facts) string {
	var open []Hit
	for _, h := range s.Screening.Hits {
		if h.Disposition.State != DispositionNoMatch {
			open = append(open, h)
		}
	}
	if len(open) == 0 {
		return ""
	}
	text := fmt.Sprintf("The person may be %s on %s (score %.2f)", open[0].Name, open[0].List, open[0].Score)
	if len(open) > 1 {
		text += fmt.Sprintf(", and %d more", len(open)-1)
	}
	return text + "."
}

func listsStale(s Session, set Settings, _ Facts) string {
	if !set.Screen || s.Screening.Reason == "" {
		return ""
	}
	return s.Screening.Reason
}

func personIncomplete(s Session, _ Settings, _ Facts) string {
	if s.Person.FirstName == "" && s.Person.LastName == "" {
		return "There is no name: nobody can be screened or found by it."
	}
	return ""
}

func livenessFailed(s Session, _ Settings, _ Facts) string {
	if no(s.Checks.LivenessPassed) {
		return "The liveness check was not passed."
	}
	return ""
}

func livenessMissing(s Session, set Settings, _ Facts) string {
	switch {
	case !set.LivenessRequired:
		return ""
	case s.Checks.LivenessPassed == nil:
		return "Liveness is required and was not performed."
	case !set.Liveness.takes(s.Checks.LivenessType):
		return fmt.Sprintf("The liveness check was %s; the company asks for %s.", strings.ToUpper(s.Checks.LivenessType), strings.ToUpper(string(set.Liveness)))
	}
	return ""
}

func lowFaceMatch(s Session, set Settings, _ Facts) string {
	level := s.Checks.FaceMatchLevel
	if confidence := s.Checks.MatchConfidence; level == nil && confidence != nil && *confidence < float64(set.MinConfidence) {
		return fmt.Sprintf("The face match confidence is %.0f; at least %d is asked for.", *confidence, set.MinConfidence)
	}
	if level == nil || *level >= set.MinFaceMatch {
		return ""
	}
	return fmt.Sprintf("The face match level is %d; at least %d (FAR %s) is asked for.", *level, set.MinFaceMatch, MatchFAR(set.MinFaceMatch))
}

func faceMatchMissing(s Session, _ Settings, _ Facts) string {
	if s.Checks.FaceMatchLevel == nil && s.Checks.MatchConfidence == nil {
		return "The face was not compared with the document."
	}
	return ""
}

func idSpoofed(s Session, _ Settings, _ Facts) string {
	if no(s.Checks.IDReal) {
		return "The document looks spoofed: a screen, a print or an altered card."
	}
	return ""
}

func fullIDMissing(s Session, _ Settings, _ Facts) string {
	if no(s.Checks.FullIDDetected) {
		return "The photo does not show the whole document."
	}
	return ""
}

func documentInvalid(s Session, _ Settings, _ Facts) string {
	if no(s.Checks.DocumentValid) {
		return "The capture side found the document not valid."
	}
	return ""
}

func mrzInvalid(s Session, _ Settings, _ Facts) string {
	if s.Document.MRZProblem != "" {
		return "The machine readable zone cannot be read: " + s.Document.MRZProblem
	}
	if n := len(s.Document.MRZErrors); n == 1 {
		return fmt.Sprintf("MRZ: %s: %s.", s.Document.MRZErrors[0].Category, s.Document.MRZErrors[0].Error)
	} else if n > 1 {
		return fmt.Sprintf("The machine readable zone has %d errors.", n)
	}
	return ""
}

func mrzMissing(s Session, set Settings, _ Facts) string {
	if set.FullMRZ && len(s.Document.MRZ) == 0 && (s.Document.Type == Passport || s.Document.Type == Visa) {
		return "The document must have a machine readable zone, and none was read."
	}
	return ""
}

func frontBackMismatch(s Session, set Settings, _ Facts) string {
	d := s.Checks.FrontBackDistance
	if !set.CompareFrontBack || d == nil || *d <= set.MaxFrontBackEdits {
		return ""
	}
	return fmt.Sprintf("The visual zone and the MRZ differ by %d characters in one field; at most %d are let through.", *d, set.MaxFrontBackEdits)
}

func documentExpired(s Session, set Settings, f Facts) string {
	_, last, ok := s.Person.ExpirationDate.Span()
	if !ok || !last.Before(f.Today.Truncate(24*time.Hour)) {
		return ""
	}
	return fmt.Sprintf("The document expired on %s.", s.Person.ExpirationDate)
}

func documentNotAllowed(s Session, set Settings, _ Facts) string {
	if s.Document.Type == "" || slices.Contains(set.Documents, s.Document.Type) {
		return ""
	}
	return fmt.Sprintf("The company does not take a %s.", s.Document.Type)
}

func underAge(s Session, set Settings, f Facts) string {
	age, ok := s.Person.BirthDate.AgeOn(f.Today)
	if !ok || age >= set.MinimumAge {
		return ""
	}
	return fmt.Sprintf("The person is %d years old; at least %d is asked for.", age, set.MinimumAge)
}

func ageUnknown(s Session, set Settings, _ Facts) string {
	if set.MinimumAge > 0 && !s.Person.BirthDate.Valid() {
		return fmt.Sprintf("The birth date is not known, and an age of at least %d is asked for.", set.MinimumAge)
	}
	return ""
}

func expiryUnknown(s Session, _ Settings, _ Facts) string {
	if s.Document.Type == Passport && !s.Person.ExpirationDate.Valid() {
		return "It is not known until when the document is valid."
	}
	return ""
}

func highRiskNationality(s Session, set Settings, _ Facts) string {
	if gradeNationality(s, set) == "" {
		return ""
	}
	return fmt.Sprintf("The nationality %s is marked high-risk.", s.Person.Nationality)
}

func highRiskIP(s Session, set Settings, _ Facts) string {
	if gradeAddress(s, set) == "" {
		return ""
	}
	return fmt.Sprintf("The client's address is in %s, which is marked high-risk.", s.Activity.Country)
}

func gradeNationality(s Session, set Settings) Severity {
	return set.riskOf(s.Person.Nationality, func(h HighRisk) Severity { return h.Nationality })
}

func gradeAddress(s Session, set Settings) Severity {
	return set.riskOf(s.Activity.Country, func(h HighRisk) Severity { return h.ClientIP })
}

// riskOf is what the company says of a country, or "".
func (set Settings) riskOf(country string, switched func(HighRisk) Severity) Severity {
	for _, h := range set.HighRisk {
		if sameCountry(h.Country, country) {
			return switched(h)
		}
	}
	return ""
}

func duplicateDocument(s Session, set Settings, f Facts) string {
	return duplicate(s, set, f, true, "document number")
}

func duplicatePersonal(s Session, set Settings, f Facts) string {
	return duplicate(s, set, f, false, "personal number")
}

func duplicate(s Session, set Settings, f Facts, document bool, what string) string {
	for _, t := range f.Twins {
		if t.Document == document && comparable(t.Name) != comparable(s.Person.FullName()) {
			return fmt.Sprintf("%s has the same %s with another name.", called(t.ID), what)
		}
	}
	return ""
}

// called is what findings call another session.
func called(id ID) string { return "Session " + string(id) }

// unlink takes the id of a session that is being erased out of what the rules said of this one, and reports
// whether it was there.
func (s *Session) unlink(id ID) (found bool) {
	forget := func(text string) string {
		plain := strings.ReplaceAll(text, called(id), "Another session")
		found = found || plain != text
		return plain
	}
	s.Findings, s.Attempts = slices.Clone(s.Findings), slices.Clone(s.Attempts)
	for i := range s.Findings {
		s.Findings[i].Text = forget(s.Findings[i].Text)
	}
	for i := range s.Attempts {
		s.Attempts[i].Reason = forget(s.Attempts[i].Reason)
	}
	return found
}

func tooManyAttempts(s Session, set Settings, _ Facts) string {
	if n := max(s.Activity.Attempts, len(s.Attempts)); n > set.MaxAttempts {
		return fmt.Sprintf("There were %d attempts; %d are let through.", n, set.MaxAttempts)
	}
	return ""
}

func tooLong(s Session, set Settings, _ Facts) string {
	started, finished := s.currentAttempt().StartedAt, s.Activity.FinishedAt
	took := finished.Sub(started)
	if started.IsZero() || finished.IsZero() || took <= time.Duration(set.MaxMinutes)*time.Minute {
		return ""
	}
	return fmt.Sprintf("The last attempt took %d minutes; %d are let through.", int(took.Minutes()), set.MaxMinutes)
}

func noConsent(s Session, _ Settings, _ Facts) string {
	if no(s.Checks.Consent) {
		return "The applicant did not consent."
	}
	return ""
}

func reviewAll(_ Session, set Settings, _ Facts) string {
	if set.ReviewAll {
		return "The company has a human look at every document."
	}
	return ""
}

func no(b *bool) bool { return b != nil && !*b }

func sameCountry(a, b string) bool {
	if a == b {
		return a != "" // codes that are no country's, such as UTO or XXA, too
	}
	return sanctions.Country(a) == sanctions.Country(b) && sanctions.Country(a) != ""
}

func alpha2(code string) bool { return len(code) == 2 && sanctions.Country(code) != "" }

// reasons groups the rules' codes under the reasons by which sessions are filtered.
var reasons = map[string]string{
	"id_spoofed": "id_spoofed", "full_id_not_detected": "full_id_not_detected",
	"low_face_match": "low_face_match", "mrz_invalid": "mrz_invalid", "mrz_missing": "mrz_invalid",
	"sanctions_hit": "sanctions", "document_expired": "expired", "under_age": "under_age",
	"duplicate_document": "duplicate", "duplicate_personal": "duplicate",
}

// ReasonNames are the reasons that a Query may filter by, with what pages call them.
var ReasonNames = []struct{ Code, Name string }{
	{"id_spoofed", "ID is spoofed"}, {"full_id_not_detected", "Full ID was not detected"},
	{"low_face_match", "Low face match"}, {"mrz_invalid", "MRZ not valid"}, {"sanctions", "Sanctions"},
	{"expired", "Document expired"}, {"under_age", "Under age"}, {"duplicate", "Duplicate"},
}

// Reasons are the codes of ReasonNames that hold for s.
func (s Session) Reasons() []string {
	var codes []string
	for _, f := range s.Findings {
		codes = addReason(codes, f.Code)
	}
	return codes
}

// addReason adds the reason that a finding stands for, if any and not there yet.
func addReason(codes []string, finding string) []string {
	if r, ok := reasons[finding]; ok && !slices.Contains(codes, r) {
		return append(codes, r)
	}
	return codes
}
