package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/session"
)

// summary draws what a reader looks for first: the person on the left, the outcome on the right.
func (p *printer) summary() {
	p.section("Summary")
	person, c := p.s.Person, p.s.Checks
	p.fields([]field{
		{"First Name", nameCell(person.FirstName)},
		{"Last Name", nameCell(person.LastName)},
		{"Document Number", value(person.DocumentNumber)},
		{"Personal Number", value(person.PersonalNumber)},
		{"Sex", value(named(sexLabels, person.Sex))},
		{"Birth Date", value(string(person.BirthDate))},
		{"Expiration Date", value(string(person.ExpirationDate))},
		{"Nationality", value(person.Nationality)},
	}, []field{
		{"Verified", verdict(p.s.Verified, "Yes", "No", unknown).cell()},
		{"Liveness Passed", performed(c.LivenessPassed).cell()},
		{"Document valid", performed(p.s.Document.Valid).cell()},
		{"Face Match Score", faceMatch(c, p.Company.Settings.MinFaceMatch).cell()},
		{"ID Spoof Detection", verdict(c.IDReal, "ID is real", "ID is spoofed", notPerformed).cell()},
		{"Full ID", verdict(c.FullIDDetected, "Full ID detected", "Full ID was not detected", notPerformed).cell()},
		{"Screening", p.screened().cell()},
		{"Company", value(p.companyName())},
	})
	p.sources()
}

func nameCell(name string) cell {
	if or(name) == unknown {
		return value(name)
	}
	return cell{{name, strong}}
}

// sources says which fields of the person came from where.
func (p *printer) sources() {
	fields := map[string][]string{}
	for _, field := range personFields {
		if source := p.s.Person.Sources[field]; source != "" {
			fields[source] = append(fields[source], fieldLabels[field])
		}
	}
	var parts []string
	for _, source := range slices.Sorted(maps.Keys(fields)) {
		parts = append(parts, named(sourceLabels, source)+": "+strings.Join(fields[source], ", ")+".")
	}
	if len(parts) > 0 {
		p.y += 3
		p.paragraph(strings.Join(parts, " "), style{regular, 6.4, muted})
	}
}

// checks draws every check and what else the document and the capture said.
func (p *printer) checks() {
	p.section("Checks")
	c, d := p.s.Checks, p.s.Document
	distance := unknown
	if c.FrontBackDistance != nil {
		distance = fmt.Sprintf("%d (at most %d allowed)", *c.FrontBackDistance, p.Company.Settings.MaxFrontBackEdits)
	}
	p.fields([]field{
		{"Document type", value(named(documentLabels, d.Type))},
		{"Issuing state", value(d.IssuingState)},
		{"Place of birth", value(p.s.Person.PlaceOfBirth)},
		{"Document check by capture", performed(c.DocumentValid).cell()},
		{"Edits front to back", value(distance)},
	}, []field{
		{"Liveness", performed(c.LivenessPassed).blocks(block{strings.ToUpper(c.LivenessType), small})},
		{"Face match required", value(atLeast(p.Company.Settings.MinFaceMatch))},
		{"Match confidence", value(confidence(c))},
		{"Consent", verdict(c.Consent, "Given", "Not given", unknown).cell()},
		{"MRZ format", value(d.MRZFormat)},
	})
}

func atLeast(level int) string {
	if level == 0 {
		return unknown
	}
	return fmt.Sprintf("%d or more (FAR %s)", level, or(session.MatchFAR(level)))
}

// findings draws what the rules had to say.
func (p *printer) findings() {
	p.section("Findings")
	if len(p.s.Findings) == 0 {
		text := "The rules have nothing to say against this session."
		if p.s.RulesVersion == 0 {
			text = "The rules were not run yet."
		}
		p.paragraph(text, body)
		return
	}
	var rows [][]cell
	for _, f := range p.s.Findings {
		severity := known(severityLabels, f.Severity)
		about := cell{{f.Code, fixed}}
		if f.Field != "" {
			about = append(about, block{named(fieldLabels, f.Field), small})
		}
		rows = append(rows, []cell{{{severity.text, style{bold, body.size, severity.colour}}}, plain(or(f.Text)), about})
	}
	p.table([]column{{"Calls for", 0.12}, {"Finding", 0.6}, {"Rule", 0.28}}, rows)
}

// activity draws on what and when the applicant went through the steps.
func (p *printer) activity() {
	p.section("Customer activities")
	a := p.s.Activity
	agent := a.UserAgent
	attempts := unknown
	if a.Attempts > 0 {
		attempts = strconv.Itoa(a.Attempts)
	}
	p.fields([]field{
		{"Device name", value(agent.DeviceName)},
		{"Device type", value(named(deviceLabels, agent.DeviceType))},
		{"Browser", value(agent.Browser)},
		{"OS", value(agent.OS)},
		{"Client IP", value(joined(a.ClientIP, a.Country))},
		{"Attempts", value(attempts)},
	}, []field{
		{"Session ID", code(string(p.s.ID))},
		{"Signed and started", value(p.stamp(a.StartedAt))},
		{"Finished", value(p.stamp(a.FinishedAt))},
		{"Liveness finished", verdict(a.LivenessFinished, "Yes", "No", unknown).cell()},
		{"Document finished", verdict(a.DocumentFinished, "Yes", "No", unknown).cell()},
		{"Language", value(p.s.Locale)},
	})
	if agent.Raw != "" {
		p.wide(field{"User agent", cell{{agent.Raw, small}}})
	}
}

// joined is a with b in brackets, where there is one.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " (" + b + ")"
}

// extra draws the company's own fields under their labels, in the company's order; values whose field
// is no longer defined follow under their keys.
func (p *printer) extra() {
	if len(p.s.Extra) == 0 && len(p.Company.Settings.Extra) == 0 {
		return
	}
	p.section("Extra fields")
	var list []field
	defined := map[string]bool{}
	for _, f := range p.Company.Settings.Extra {
		defined[f.Key] = true
		if _, answered := p.s.Extra[f.Key]; f.Hidden && !answered {
			continue
		}
		list = append(list, field{or(f.Label), value(extraText(p.s.Extra[f.Key]))})
	}
	for _, key := range slices.Sorted(maps.Keys(p.s.Extra)) {
		if !defined[key] {
			list = append(list, field{key, value(extraText(p.s.Extra[key]))})
		}
	}
	half := (len(list) + 1) / 2
	p.fields(list[:half], list[half:])
}

// extraText is the value of an extra field in words.
func extraText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "Yes"
		}
		return "No"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
