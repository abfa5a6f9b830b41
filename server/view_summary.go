package server

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/session"
)

// Person is what was read of the applicant, in the order that reviewers expect.
func (v sessionView) Person() []fact {
	p := v.S.Person
	facts := []fact{
		{Label: "First Name", Value: p.FirstName, Source: "first_name"}, {Label: "Last Name", Value: p.LastName, Source: "last_name"},
		{Label: "Document Number", Value: p.DocumentNumber, Source: "document_number", Code: true},
		{Label: "Personal Number", Value: p.PersonalNumber, Source: "personal_number", Code: true},
		{Label: "Sex", Value: sexName(p.Sex), Source: "sex"}, {Label: "Birth Date", Value: string(p.BirthDate), Source: "birth_date"},
		{Label: "Expiration Date", Value: string(p.ExpirationDate), Source: "expiration_date"},
		{Label: "Nationality", Value: country(p.Nationality), Source: "nationality"},
	}
	if p.Local != nil {
		facts[0].Note, facts[1].Note = p.Local.FirstName, p.Local.LastName
	}
	if age, ok := p.BirthDate.AgeOn(v.s.o.Now()); ok {
		facts[5].Note = fmt.Sprintf("%d years old", age)
	}
	if _, last, ok := p.ExpirationDate.Span(); ok && last.AddDate(0, 0, 1).Before(v.s.o.Now()) {
		facts[6].Note, facts[6].Tone = "expired", "bad"
	}
	for i := range facts {
		facts[i].Source = sourceName(p.Sources[facts[i].Source])
		facts[i].Value = dash(facts[i].Value)
	}
	return facts
}

// Document is what the document says of itself beyond the person.
func (v sessionView) Document() []fact {
	d := v.S.Document
	facts := []fact{{Label: "Document type", Value: documentName(d.Type)}, {Label: "Issuing state", Value: country(d.IssuingState)}}
	if v.S.Person.PlaceOfBirth != "" {
		facts = append(facts, fact{Label: "Place of birth", Value: v.S.Person.PlaceOfBirth})
	}
	if d.MRZFormat != "" {
		facts = append(facts, fact{Label: "MRZ format", Value: d.MRZFormat})
	}
	return facts
}

// Checks are the outcomes, from Verified to ID Spoof Detection. What nobody measured says so.
func (v sessionView) Checks() []fact {
	return append([]fact{{Label: "Verified", Value: yesNo(v.S.Verified, unknown), Tone: yesTone(v.S.Verified)}}, checkFacts(v.S.Checks, v.S.Document)...)
}

func checkFacts(c session.Checks, d session.Document) []fact {
	liveness := fact{Label: "Liveness Passed", Value: yesNo(c.LivenessPassed, notPerformed), Tone: yesTone(c.LivenessPassed)}
	if c.LivenessType != "" {
		liveness.Note = strings.ToUpper(c.LivenessType)
	}
	return []fact{
		liveness,
		{Label: "Document valid", Value: yesNo(d.Valid, notPerformed), Tone: yesTone(d.Valid)},
		faceMatch(c),
		{Label: "ID Spoof Detection", Value: either(c.IDReal, "ID is real", "ID is spoofed"), Tone: yesTone(c.IDReal),
			Second: either(c.FullIDDetected, "Full ID detected", "Full ID was not detected"), SecondTone: yesTone(c.FullIDDetected)},
	}
}

func faceMatch(c session.Checks) fact {
	f := fact{Label: "Face Match Score", Value: notPerformed, Tone: "none"}
	if c.FaceMatchLevel != nil {
		f.Value, f.Tone = strconv.Itoa(*c.FaceMatchLevel), ""
		if far := session.MatchFAR(*c.FaceMatchLevel); far != "" {
			f.Note = "FAR " + far
		} else {
			f.Note, f.Tone = "no match", "bad"
		}
	}
	if c.MatchConfidence != nil {
		confidence := strconv.FormatFloat(*c.MatchConfidence, 'f', -1, 64) + " %"
		if c.FaceMatchLevel == nil {
			f.Value, f.Tone, f.Note = confidence, "", "match confidence, 2D"
		} else {
			f.Note += " · confidence " + confidence
		}
	}
	return f
}

func either(b *bool, yes, no string) string {
	switch {
	case b == nil:
		return notPerformed
	case *b:
		return yes
	}
	return no
}

func yesTone(b *bool) string {
	switch {
	case b == nil:
		return "none"
	case *b:
		return "good"
	}
	return "bad"
}

func sexName(code string) string {
	names := map[string]string{"M": "M · Male", "F": "F · Female", "X": "X · Unspecified"}
	if name, ok := names[code]; ok {
		return name
	}
	return code
}

func sourceName(source string) string {
	return map[string]string{session.FromMRZ: "MRZ", session.FromOCR: "OCR", session.FromAPI: "API", session.FromMember: "edited"}[source]
}

// Device is the user agent in its four parts.
func (v sessionView) Device() []fact {
	u := v.S.Activity.UserAgent
	kinds := map[string]string{"pc": "PC", "mobile": "Mobile", "tablet": "Tablet", "other": "Other"}
	return []fact{{Label: "Device name", Value: dash(u.DeviceName)}, {Label: "Device type", Value: dash(kinds[u.DeviceType])},
		{Label: "Browser", Value: dash(u.Browser)}, {Label: "OS", Value: dash(u.OS)}}
}

// Steps says how far the applicant came.
func (v sessionView) Steps() []fact {
	a := v.S.Activity
	attempts := unknown
	if n := max(a.Attempts, len(v.S.Attempts)); n > 0 {
		attempts = strconv.Itoa(n)
	}
	return []fact{
		{Label: "Liveness Finished", Value: yesNo(a.LivenessFinished, unknown), Tone: yesTone(a.LivenessFinished)},
		{Label: "Document finished", Value: yesNo(a.DocumentFinished, unknown), Tone: yesTone(a.DocumentFinished)},
		{Label: "Attempts", Value: attempts},
	}
}

// Extra are the values of the company's own questions, with its labels; what was not asked for last.
func (v sessionView) Extra() []fact {
	var facts []fact
	defined := map[string]bool{}
	for _, f := range v.Company.Settings.Extra {
		defined[f.Key] = true
		if _, answered := v.S.Extra[f.Key]; f.Hidden && !answered {
			continue
		}
		label := f.Label
		if label == "" {
			label = f.Key
		}
		facts = append(facts, fact{Label: label, Value: dash(session.ExtraText(v.S.Extra[f.Key]))})
	}
	for _, key := range slices.Sorted(maps.Keys(v.S.Extra)) {
		if !defined[key] {
			facts = append(facts, fact{Label: key, Value: dash(session.ExtraText(v.S.Extra[key])), Note: "no field of the company any more"})
		}
	}
	return facts
}

// An attemptView is one run through the capture steps.
type attemptView struct {
	session.Attempt
	Checks  []fact
	Zone    zoneView
	Photos  []session.Photo
	Current bool
}

// Attempts are all attempts, the newest first.
func (v sessionView) Attempts() []attemptView {
	var all []attemptView
	for i, a := range slices.Backward(v.S.Attempts) {
		view := attemptView{Attempt: a, Current: i == len(v.S.Attempts)-1, Photos: append(slices.Clone(a.Photos), photosOf(v.S.Photos, a.Number)...)}
		checks, document := a.Checks, a.Document
		if view.Current {
			checks, document = v.S.Checks, v.S.Document
		}
		view.Checks, view.Zone = checkFacts(checks, document), zoneOf(document)
		all = append(all, view)
	}
	return all
}
