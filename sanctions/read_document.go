package sanctions

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"
)

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

var (
	validityNote = regexp.MustCompile(`(?i)[.,;]?\s*\(?\b` +
		`(?:issued?|expire[sd]?|expiry|expiring|valid|under (?:the )?name|revoked|subsequently|in the name)\b.*$`)
	numberSign   = regexp.MustCompile(`(?i)\b(?:no\.|n°|nº|number|#)\s*[:.]?\s*`)
	attachedSign = regexp.MustCompile(`^(?:No|N°|Nº)\.?(\d)`)
)

// documentIn finds number, country and note in a text that may be more than the number: "CAR diplomatic
// passport no. D00000898", "Libya B/002210", "381110042 (Expired 25 Jan. 2016)", "R00012098, South
// Sudan". The kind is left to the caller.
func documentIn(text string) Document {
	text = tidy(text)
	var d Document
	for _, m := range bracket.FindAllStringSubmatch(text, -1) {
		if d.Country == "" {
			d.Country = cmp.Or(Country(m[1]), countryIn(m[1]))
		}
		if Country(m[1]) == "" {
			d.Note = joinNotes(d.Note, m[1])
		}
	}
	text = tidy(bracket.ReplaceAllString(text, " "))
	if note := validityNote.FindString(text); note != "" && hasDigit(strings.TrimSuffix(text, note)) {
		text = strings.TrimSuffix(text, note)
		d.Note = joinNotes(d.Note, strings.Trim(note, " .,;()"))
	}
	if before, after, found := strings.Cut(text, ","); found && Country(after) != "" {
		text, d.Country = before, Country(after)
	}
	if d.Country == "" {
		d.Country = countryIn(text)
	}
	d.Number = numberIn(text)
	if plainNumber(d.Number) != plainNumber(text) {
		d.Note = joinNotes(d.Note, text)
	}
	return d
}

// countryIn knows the country or the adjective that a text begins with: "Libya 428720", "French
// national identity card number 050456101445".
func countryIn(text string) string {
	words := strings.Fields(text)
	for n := min(4, len(words)-1); n > 0; n-- {
		if lead := words[:n]; !hasDigit(strings.Join(lead, " ")) {
			if code := Country(strings.Join(lead, " ")); code != "" && len(lead[0]) > 2 {
				return code
			}
		}
	}
	return ""
}

// numberIn gives the part of a text that is the number: from the first word with a digit, with the short
// capitals that belong to it ("PS 472330208"), to the last. Without a digit it is the whole text.
func numberIn(text string) string {
	words := strings.Fields(numberSign.ReplaceAllString(text, " "))
	first, last := -1, -1
	for i, word := range words {
		if hasDigit(word) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return text
	}
	for first > 0 && isSeries(words[first-1]) {
		first--
	}
	number := strings.Join(words[first:last+1], " ")
	return strings.Trim(attachedSign.ReplaceAllString(number, "$1"), " .,;:")
}

// isSeries says whether a word is the letters before a number: one to four capitals.
func isSeries(word string) bool {
	switch word {
	case "CAR", "ID", "SSN", "IMO": // a country and kinds of numbers
		return false
	}
	if len(word) > 4 {
		return false
	}
	for _, r := range word {
		if !unicode.IsUpper(r) && r != '-' && r != '/' {
			return false
		}
	}
	return true
}

// joinPlace puts the parts of an address or a birth place together.
func joinPlace(parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part = strings.Trim(tidy(part), ", "); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

// isoDay gives a day that a list prints in any shape as YYYY-MM-DD, "" where it is no exact day.
func isoDay(text string) string {
	if d, ok := ParseDate(text); ok && d.Exact() {
		return d.From.String()
	}
	return ""
}
