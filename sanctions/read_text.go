package sanctions

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// tidy gives text in Unicode form NFC, without control and bidi marks, with single blanks. Publishers
// wrap Arabic in invisible direction marks and break lines in the middle of a value.
func tidy(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
		case isInvisible(r):
		default:
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain says whether s is ASCII that tidy would leave as it is; almost all text is.
func isPlain(s string) bool {
	blank := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank || s == ""
}

// isInvisible names control characters and marks that print nothing. The zero-width joiners stay: they
// are spelling in Persian and in Indian scripts.
func isInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == '\u2060'
}

// scripts in the order in which a tie is broken, with their ISO 15924 codes.
var scripts = []struct {
	code  string
	table *unicode.RangeTable
}{
	{"Latn", unicode.Latin}, {"Cyrl", unicode.Cyrillic}, {"Arab", unicode.Arabic}, {"Grek", unicode.Greek},
	{"Jpan", unicode.Hiragana}, {"Jpan", unicode.Katakana}, {"Hani", unicode.Han}, {"Hang", unicode.Hangul},
	{"Hebr", unicode.Hebrew}, {"Geor", unicode.Georgian}, {"Armn", unicode.Armenian}, {"Deva", unicode.Devanagari},
	{"Beng", unicode.Bengali}, {"Guru", unicode.Gurmukhi}, {"Gujr", unicode.Gujarati}, {"Taml", unicode.Tamil},
	{"Telu", unicode.Telugu}, {"Knda", unicode.Kannada}, {"Mlym", unicode.Malayalam}, {"Sinh", unicode.Sinhala},
	{"Thai", unicode.Thai}, {"Laoo", unicode.Lao}, {"Mymr", unicode.Myanmar}, {"Khmr", unicode.Khmer},
	{"Ethi", unicode.Ethiopic}, {"Mong", unicode.Mongolian}, {"Tibt", unicode.Tibetan}, {"Thaa", unicode.Thaana},
	{"Syrc", unicode.Syriac},
}

// isoScript gives the ISO 15924 code of the script that most letters of s are in, "" if it has none.
func isoScript(s string) string {
	counts := make([]int, len(scripts))
	best := -1
	for _, r := range s {
		if r < 0x80 && !unicode.IsLetter(r) {
			continue
		}
		for i := range scripts {
			if !unicode.Is(scripts[i].table, r) {
				continue
			}
			counts[i]++
			if best < 0 || counts[i] > counts[best] {
				best = i
			}
			break
		}
	}
	if best < 0 {
		return ""
	}
	return scripts[best].code
}

// sexOf gives M or F for any way that lists write it, else "".
func sexOf(s string) string {
	switch strings.ToLower(tidy(s)) {
	case "m", "male":
		return "M"
	case "f", "female":
		return "F"
	}
	return ""
}

// splitList divides a cell at a separator and drops empty parts.
func splitList(s, separator string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, separator) {
		if part = tidy(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// bracket finds a text in round brackets, which may hold others.
var bracket = regexp.MustCompile(`\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)`)

// quoteMarks takes the quotation marks off a name; apostrophes belong to it.
var quoteMarks = strings.NewReplacer(`"`, "", "“", "", "”", "", "„", "", "«", "", "»", "")

var numbering = regexp.MustCompile(`(?:^|[\s,.])\(?[0-9a-z]{1,2}\)(?:\s*(?:-|to|and)?\s*\(?[0-9a-z]{1,2}\))*\s*`)

// splitNumbered divides "(1) German (2) Moroccan", "a) General b)Major General" and "(1) to (6) Algeria
// (7) Morocco". Parts of dashes and stops are dropped.
func splitNumbered(s string) []string {
	parts := splitList(numbering.ReplaceAllString(tidy(s), "\x00"), "\x00")
	return slices.DeleteFunc(parts, func(part string) bool { return !strings.ContainsFunc(part, isAlphanumeric) })
}

// joinName puts the parts of a name together, leaving out the empty ones.
func joinName(parts ...string) string {
	return tidy(strings.Join(parts, " "))
}
