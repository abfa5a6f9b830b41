package mrz

import "strings"

// A rule judges one field. It gets the field filled in and valid, and notes what is wrong.
type rule func(z *zone, e *element, f *Field)

// The expressions that messages quote. They say what a value must look like; the checks themselves
// are loops, because expressions are too slow for a million zones.
const (
	anySurname    = "/^[A-Z<]*<*$/"
	singleSurname = "/^[A-Z]+<*$/"
	anyGivenNames = "/^[A-Z<]+<*$/"
	anyPersonal   = "/^[A-Z0-9<]+<*$/"
	anyOptional   = "/^[0-9A-Z<]+$/"
)

func invalidText(text, expression string) string {
	return "invalid text: " + text + ". Must match the following regular expression: " + expression
}

// surname is the primary identifier: everything before the first double filler.
func surname(z *zone, _ *element, f *Field) {
	name, given, _ := strings.Cut(f.Raw, "<<")
	f.Value = clean(name)
	f.narrow(0, z.count(f.Value))
	alone := strings.Trim(given, "<") == "" && !strings.Contains(f.Value, " ")
	switch {
	case alone && (f.Value == "" || !only(f.Value, false)):
		f.fail(invalidText(name, singleSurname))
	case !only(name, false):
		f.fail(invalidText(name, anySurname))
	}
}

// givenNames is the secondary identifier: everything after the first double filler. A holder with
// one name only has none (9303-3 §4.6), and then nothing is wrong with it.
func givenNames(z *zone, _ *element, f *Field) {
	name, given, found := strings.Cut(f.Raw, "<<")
	offset := z.count(f.Raw)
	if found {
		offset = z.count(name) + 2
	}
	f.Value = clean(given)
	f.narrow(offset, z.count(f.Value))
	if !only(given, false) {
		f.fail(invalidText(given, anyGivenNames))
	}
}

// letters is a name field of the French formats, one field a name.
func letters(_ *zone, _ *element, f *Field) {
	f.Value = clean(f.Raw)
	if !only(f.Raw, false) {
		f.fail("invalid text: " + f.Raw + ". Must be only alphabetical with <")
		return
	}
	f.narrow(0, len(f.Value))
}

func state(_ *zone, _ *element, f *Field) {
	if _, ok := State(f.Value); !ok {
		f.fail("invalid state code: " + f.Value)
		return
	}
	f.narrow(0, len(f.Value))
}

func number(z *zone, _ *element, f *Field) {
	f.narrow(0, z.count(f.Value))
	switch {
	case !only(f.Raw, true):
		f.fail(invalidText(f.Raw, anyOptional))
	case f.Value == "":
		f.fail("invalid document number: " + f.Raw + ". Must not be empty")
	}
}

func personalNumber(z *zone, _ *element, f *Field) {
	f.narrow(0, z.count(f.Value))
	if !only(f.Raw, true) {
		f.fail(invalidText(f.Raw, anyPersonal))
	}
}

func optional(z *zone, _ *element, f *Field) {
	f.narrow(0, z.count(f.Value))
	if !only(f.Raw, true) {
		f.fail(invalidText(f.Raw, anyOptional))
	}
}

// checkDigit is a digit over the places of e.over.
func checkDigit(z *zone, e *element, f *Field) {
	f.mustBe(f.Raw, z.digit(e.over))
}

func (f *Field) mustBe(found string, want byte) {
	if len(found) == 1 && found[0] == want {
		return
	}
	f.fail("invalid check digit: " + found + ". Must be " + string(want))
	f.Suggestion = string(want)
}

// personalCheckDigit may be the filler instead of 0 where there is no personal number (9303-4 §4.2.2.2).
func personalCheckDigit(z *zone, e *element, f *Field) {
	if strings.Trim(z.text(e.over[0]), "<") != "" {
		checkDigit(z, e, f)
		return
	}
	if f.Raw != "<" && f.Raw != "0" {
		f.fail("invalid check digit " + f.Raw + ": must be 0 or <")
		f.Suggestion = "0"
	}
}

func sexOrFiller(_ *zone, _ *element, f *Field) {
	if f.Raw != "M" && f.Raw != "F" && f.Raw != "<" {
		f.fail("invalid sex: " + f.Raw + ". Must be M, F or <.")
	}
}

func digits(_ *zone, _ *element, f *Field) {
	if !allDigits(f.Raw) {
		f.fail("invalid number: " + f.Raw)
	}
}

func separator(_ *zone, _ *element, f *Field) {
	if strings.Trim(f.Raw, "<") != "" {
		f.fail("invalid separator: " + f.Raw + `. Must be composed only of "<"`)
	}
}

func swissState(_ *zone, _ *element, f *Field) {
	if f.Raw != "CHE" && f.Raw != "LIE" {
		f.fail("invalid state code: " + f.Raw + ". Must be CHE or LIE")
	}
}

func swissLanguage(_ *zone, _ *element, f *Field) {
	if message := wrongLanguage(f.Raw); message != "" {
		f.fail(message)
	}
}

func wrongLanguage(code string) string {
	switch code {
	case "D", "F", "I", "R":
		return ""
	}
	return "invalid languageCode code: " + code + ". Must be D, F, I or R"
}

// swissNumber is the number of the blank card: three letters or digits, three digits, a language.
func swissNumber(_ *zone, _ *element, f *Field) {
	start, middle, end := cut(f.Raw, 0, 3), cut(f.Raw, 3, 6), cut(f.Raw, 7, 9)
	switch {
	case !only(start, true) || strings.Contains(start, "<"):
		f.fail("invalid document number: " + f.Raw + ". Must start with three alphanumeric digits")
	case !allDigits(middle):
		f.fail("invalid document number: " + f.Raw + ". Must have numeric digits in positions 4, 5 and 6")
	case end != "<<":
		f.fail("invalid document number: " + f.Raw + ". Must end with <<")
	default:
		if message := wrongLanguage(cut(f.Raw, 6, 7)); message != "" {
			f.fail(message)
			return
		}
		f.narrow(0, 7)
	}
}
