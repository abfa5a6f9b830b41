package session

import (
	"strings"
	"time"

	"dossier/mrz"
)

// readZone parses the machine readable zone, fills what the person lacks from it, and measures how far
// it is from what the visual zone said. A zone that cannot be read is a finding, never an error.
func (s *Session) readZone(today time.Time, set Settings) {
	d := &s.Document
	d.MRZFormat, d.MRZProblem, d.MRZErrors, d.Valid, d.Truncated = "", "", nil, nil, false
	if len(d.MRZ) == 0 {
		d.Valid = s.Checks.DocumentValid
		return
	}
	zone, err := mrz.Parse(d.MRZ, mrz.Options{Today: today})
	if err != nil {
		d.MRZProblem, d.Valid = err.Error(), ptr(false)
		return
	}
	d.MRZ, d.MRZFormat, d.MRZErrors, d.Truncated = zone.Lines, zone.Format, set.zoneErrors(zone), zone.Person.NameTruncated
	saysNo := s.Checks.DocumentValid != nil && !*s.Checks.DocumentValid
	d.Valid = ptr(len(d.MRZErrors) == 0 && !saysNo)
	setIfEmpty(&d.IssuingState, zone.Person.IssuingState)
	if d.Type == "" {
		d.Type = typeOf(zone)
	}
	s.compareFrontBack(zone)
	s.Person.fill(zone)
}

// zoneErrors are the errors that count: all, or those of numbers and dates where the company does not
// want the full validation.
func (set Settings) zoneErrors(zone mrz.Result) []mrz.Error {
	if set.FullMRZ {
		return zone.Errors()
	}
	var kept []mrz.Error
	for _, e := range zone.Errors() {
		switch strings.TrimSuffix(e.Field, "_check_digit") {
		case "document_number", "birth_date", "expiration_date":
			kept = append(kept, e)
		}
	}
	return kept
}

// typeOf guesses the kind of document from its zone (ICAO 9303 parts 4 to 7).
func typeOf(zone mrz.Result) DocumentType {
	switch {
	case strings.HasPrefix(zone.Format, "MRV"):
		return Visa
	case strings.Contains(zone.Format, "DRIVING"):
		return DrivingLicence
	case zone.Format == "TD3":
		return Passport
	case len(zone.Lines) > 0 && strings.HasPrefix(zone.Lines[0], "IR"), len(zone.Lines) > 0 && strings.HasPrefix(zone.Lines[0], "AR"):
		return ResidencePermit
	}
	return IDCard
}

// fill takes from the zone what the person lacks.
func (p *Person) fill(zone mrz.Result) {
	read := zone.Person
	take := func(field string, value *string, from string) {
		if *value == "" && from != "" {
			*value = from
			p.setSource(field, FromMRZ)
		}
	}
	take("first_name", &p.FirstName, read.FirstName)
	take("last_name", &p.LastName, read.LastName)
	take("document_number", &p.DocumentNumber, read.DocumentNumber)
	take("personal_number", &p.PersonalNumber, read.PersonalNumber)
	take("sex", &p.Sex, read.Sex)
	take("nationality", &p.Nationality, read.Nationality)
	if p.BirthDate == "" && Date(read.BirthDate).Valid() {
		p.BirthDate = Date(read.BirthDate)
		p.setSource("birth_date", FromMRZ)
	}
	if p.ExpirationDate == "" && Date(read.ExpirationDate).Valid() {
		p.ExpirationDate = Date(read.ExpirationDate)
		p.setSource("expiration_date", FromMRZ)
	}
}

func (p *Person) setSource(field, source string) {
	if p.Sources == nil {
		p.Sources = map[string]string{}
	}
	p.Sources[field] = source
}

// compareFrontBack measures the visual zone against the MRZ: names as ICAO 9303-3 section 6
// transliterates them, numbers as printed. The worst field counts; what the MRZ itself gave is no witness.
func (s *Session) compareFrontBack(zone mrz.Result) {
	worst, compared := 0, false
	measure := func(field, visual, machine string, name bool) {
		if visual == "" || machine == "" || s.Person.Sources[field] == FromMRZ || s.Person.Sources[field] == FromMember {
			return
		}
		compared = true
		if name && zone.Person.NameTruncated {
			visual = cutTo(visual, machine)
		}
		if name {
			worst = max(worst, mrz.NameDistance(visual, machine))
		} else {
			worst = max(worst, mrz.NumberDistance(visual, machine))
		}
	}
	measure("first_name", s.Person.FirstName, zone.Person.FirstName, true)
	measure("last_name", s.Person.LastName, zone.Person.LastName, true)
	measure("document_number", s.Person.DocumentNumber, zone.Person.DocumentNumber, false)
	measure("personal_number", s.Person.PersonalNumber, zone.Person.PersonalNumber, false)
	if given := s.Checks.FrontBackDistance; compared && (given == nil || *given < worst) {
		s.Checks.FrontBackDistance = &worst
	}
}

// cutTo is as much of a name as the zone had room for.
func cutTo(visual, machine string) string {
	spelt := []rune(strings.ReplaceAll(mrz.Transliterate(visual), "<", " "))
	return string(spelt[:min(len(spelt), len([]rune(machine)))])
}

// comparable folds text to the letters and digits of the MRZ alphabet.
func comparable(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(mrz.Transliterate(text)))
}

func stateCode(code string) bool {
	if _, ok := mrz.State(code); ok {
		return true
	}
	return alpha2(code)
}

func ptr[T any](v T) *T { return &v }
