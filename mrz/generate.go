package mrz

import (
	"fmt"
	"strings"
)

// Details are what a zone holds beyond the [Person]. All may be empty.
type Details struct {
	// DocumentCode is the code in positions 1 and 2; by default P, I or V, ID for the French card,
	// D1 for the French licence and FA for the Swiss one.
	DocumentCode string
	// Optional is the optional field (the first one of a TD1), the administrative code of the French
	// card, the number of the blank card and its language for the Swiss licence (AAA001D).
	Optional string
	// Optional2 is the second optional field of a TD1.
	Optional2 string
}

var defaultCodes = map[string]string{
	TD1: "I", TD2: "I", TD3: "P", MRVA: "V", MRVB: "V",
	FrenchNationalID: "ID", FrenchDrivingLicense: "D1", SwissDrivingLicense: "FA",
}

// Generate makes a valid zone for p: names in any script of 9303-3 section 6, cut off by its rules
// where they are too long, ISO dates as [Person] has them. [Parse] gives p back, with the name as
// [Transliterate] spells it. A document number of more than nine characters becomes a long one in
// TD1 and TD2; a French card's number has twelve characters (YYMM of the issue, department, number),
// a Swiss licence's twelve digits (PIN code, version). TD1 has no place of its own for a personal
// number: it goes into the first optional field that is free. The error says what does not fit.
func Generate(format string, p Person, d Details) ([]string, error) {
	l := layoutOf(format)
	if l == nil {
		return nil, fmt.Errorf("mrz: cannot generate format %q", format)
	}
	if d.DocumentCode == "" {
		d.DocumentCode = defaultCodes[format]
	}
	w := newWriter(l)
	w.person(p, d)
	if w.err != nil {
		return nil, fmt.Errorf("mrz: generate %s: %w", format, w.err)
	}
	w.checkDigits()
	lines := w.lines()
	if err := proveValid(format, lines); err != nil {
		return nil, fmt.Errorf("mrz: generate %s: %w", format, err)
	}
	return lines, nil
}

// proveValid reads what was written, so that a wrong date or State is found by the same rules.
func proveValid(format string, lines []string) error {
	r, err := Parse(lines, Options{})
	if err != nil {
		return err
	}
	if r.Format != format {
		return fmt.Errorf("a zone that begins with %s is read as %s", lines[0][:5], r.Format)
	}
	if wrong := r.Errors(); len(wrong) > 0 {
		return fmt.Errorf("%s: %s", strings.ToLower(wrong[0].Category), wrong[0].Error)
	}
	return nil
}

func layoutOf(format string) *layout {
	for _, l := range []*layout{&td1, &td2, &td3, &mrvA, &mrvB, &frenchNationalID, &frenchDrivingLicense, &swissDrivingLicense} {
		if l.format == format {
			return l
		}
	}
	return nil
}

// A writer fills a zone, field by field. It keeps the first error.
type writer struct {
	layout *layout
	text   [][]byte
	long   bool // the document number goes on in the optional field
	err    error
}

func newWriter(l *layout) *writer {
	w := &writer{layout: l}
	for _, n := range l.lengths {
		w.text = append(w.text, []byte(strings.Repeat("<", n)))
	}
	return w
}

func (w *writer) lines() []string {
	lines := make([]string, len(w.text))
	for i, line := range w.text {
		lines[i] = string(line)
	}
	return lines
}

func (w *writer) element(name string) *element {
	for i := range w.layout.elements {
		if e := &w.layout.elements[i]; e.name == name {
			return e
		}
	}
	return nil
}

// put writes a value at the start of a field. A value for a field that the format does not have is
// an error, so that nothing is lost unseen.
func (w *writer) put(name, value string) {
	e := w.element(name)
	switch {
	case w.err != nil || value == "":
	case e == nil:
		w.fail("there is no %s in this format", strings.ReplaceAll(name, "_", " "))
	case len(value) > e.at.end-e.at.start:
		w.fail("%s %q has more than %d characters", strings.ToLower(e.label), value, e.at.end-e.at.start)
	default:
		w.at(e.at, value)
	}
}

func (w *writer) at(s span, value string) { copy(w.text[s.line][s.start:s.end], value) }

func (w *writer) person(p Person, d Details) {
	w.put("document_code", d.DocumentCode)
	w.put("issuing_state", p.IssuingState)
	if w.layout.format != FrenchNationalID || p.Nationality != p.IssuingState { // the card says it once
		w.put("nationality", p.Nationality)
	}
	w.put("birth_date", w.yymmdd(p.BirthDate))
	w.put("expiration_date", w.yymmdd(p.ExpirationDate))
	w.sex(p.Sex)
	w.names(p.LastName, p.FirstName)
	w.optional(p, d)
	w.number(field(p.DocumentNumber))
}

// field writes a number as the zone does: capitals, and filler for what is neither letter nor digit.
func field(number string) string {
	return strings.Map(func(c rune) rune {
		if inAlphabet(c) {
			return c
		}
		return filler
	}, strings.ToUpper(strings.TrimSpace(number)))
}

func (w *writer) sex(sex string) {
	switch sex {
	case "M", "F":
		w.put("sex", sex)
	case "", "X":
	default:
		w.fail("sex %q must be M, F or X", sex)
	}
}

func (w *writer) optional(p Person, d Details) {
	personal := field(p.PersonalNumber)
	switch w.layout.format {
	case TD1:
		switch {
		case personal == "":
		case d.Optional == "" && len(field(p.DocumentNumber)) <= 9:
			d.Optional = personal
		case d.Optional2 == "":
			d.Optional2 = personal
		default:
			w.fail("there is no place left for the personal number")
		}
		w.put("optional1", field(d.Optional))
		w.put("optional2", field(d.Optional2))
	case FrenchNationalID:
		w.put("administrative_code", field(d.Optional))
	case SwissDrivingLicense:
		blank := d.Optional
		if blank == "" {
			blank = "AAA001D"
		}
		w.put("document_number", blank)
	default:
		w.put("personal_number", personal)
		w.put("optional", field(d.Optional))
	}
}

func (w *writer) number(number string) {
	switch w.layout.format {
	case FrenchNationalID:
		w.spread(number, "issue_date", "administrative_code2", "document_number")
	case SwissDrivingLicense:
		w.spread(number, "pin_code", "version_number")
	case TD1, TD2:
		w.anyLength(number)
	default:
		w.put("document_number", number)
	}
}

// spread writes one number over several fields, which it must fill.
func (w *writer) spread(number string, names ...string) {
	total := 0
	for _, name := range names {
		e := w.element(name)
		n := e.at.end - e.at.start
		if total += n; total <= len(number) {
			w.put(name, number[total-n:total])
		}
	}
	if len(number) != total {
		w.fail("document number %q must have %d characters", number, total)
	}
}

// anyLength writes a document number of any length that TD1 or TD2 can hold.
func (w *writer) anyLength(number string) {
	if len(number) <= 9 {
		w.put("document_number", number)
		return
	}
	e := w.element("document_number")
	optional := e.over[1]
	tail := number[9:] + string(CheckDigit(number)) + "<"
	switch taken := strings.Trim(string(w.text[optional.line][optional.start:optional.end]), "<") != ""; {
	case taken:
		w.fail("document number %q needs the optional field, which is taken", number)
	case len(tail) > optional.end-optional.start:
		w.fail("document number %q has more than %d characters", number, 9+optional.end-optional.start-2)
	default:
		w.at(e.at, number[:9])
		w.at(optional, tail)
		w.long = true
	}
}

// checkDigits computes every check digit of the layout; the composite one follows those it covers.
func (w *writer) checkDigits() {
	for i := range w.layout.elements {
		e := &w.layout.elements[i]
		over := e.over
		if e.name == "document_number_check_digit" {
			over = over[:1] // in TD1 and TD2 the second place only counts for long numbers
		}
		if e.kind != check || w.long && e.name == "document_number_check_digit" {
			continue
		}
		z := zone{lines: w.lines()}
		w.at(e.at, string(z.digit(over)))
	}
}
