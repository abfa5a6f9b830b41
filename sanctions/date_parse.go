package sanctions

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// ParseDate reads one date in any shape that lists print: "1975-06-14", "14 Jun 1975", "14/06/1975" (day
// first), "Jun 1975", "00/00/1975", "dd/mm/1975", "circa 1957", "1955 to 1958", "between Aug. and Sep.
// 1977", "early 1970s", "24/06/1402 (Hijri Calendar)". It says false where the text holds no date, a
// year that nobody can know ("15/08/19yy") or several dates (see [ParseDates]).
func ParseDate(text string) (Date, bool) {
	dates := ParseDates(text)
	if len(dates) != 1 {
		return Date{}, false
	}
	return dates[0], true
}

// maxDateText is longer than any date text, in bytes; what is longer is prose.
const maxDateText = 300

var (
	enumerator = regexp.MustCompile(`(^|[\s;,])\(?[a-z0-9]\)\s*`)            // "(1) 1970 (2) 1971", "a) 1970 b) 1971"
	alternates = regexp.MustCompile(`\s*(?:;|\||\bor\b|\balt\.?\s)\s*`)      // between whole dates
	spanWord   = regexp.MustCompile(`\s+(?:to|and|until|till|-)\s+|\s-|-\s`) // "1955 to 1958", "1955 - 1958"
	yearSpan   = regexp.MustCompile(`^(\d{4})\s?[-/]\s?(\d{4})$`)            // "1979-1982", "1979/1982"
	decade     = regexp.MustCompile(`^(early|mid|late)?[\s-]*(?:the\s+)?(\d{3})0'?s$`)
	isoStamp   = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[tT ]\d{2}:.*|[+-]\d{2}:\d{2}|[zZ])$`) // with time or zone
	hijriWord  = regexp.MustCompile(`\(?\b(?:hijri|hijrah|islamic|a\.?h\.?)\b\.?(?:\s+(?:calendar|year))?\)?`)
	solarWord  = regexp.MustCompile(`\(?\b(?:iranian|persian|afghan|solar|shamsi)\b\)?`)
	circaWord  = regexp.MustCompile(`\(?\b(?:circa|approximately|approx|about|around|estimated|possibly|probably|c\.|ca\.?|c\b)\.?\s*\)?`)
	leadWord   = regexp.MustCompile(`^(?:d\.?o\.?b\.?|born|in|on|between|from|year of birth|the)[\s:]+`)
)

// ParseDates reads every date of a text that may hold alternatives: "1963 or 1964", "(1) 1970 (2) 1971",
// "1973-06-23;1974-06-23". Where one of them cannot be read, it gives none: half of a birth date's
// alternatives would pass for all of them.
func ParseDates(text string) []Date {
	if len(text) > maxDateText {
		return nil
	}
	text = tidy(text)
	if simple := strings.ToLower(text); !strings.ContainsAny(text, "();|") {
		if date, ok := parseSingle(trimDate(simple), calendar{date: dateOf}); ok { // as almost all are
			return []Date{date}
		}
	}
	plain := enumerator.ReplaceAllString(strings.ToLower(text), ";")
	var dates []Date
	for part := range strings.SplitSeq(alternates.ReplaceAllString(plain, ";"), ";") {
		if part = trimDate(part); part == "" {
			continue
		}
		date, ok := parseSpan(part)
		if !ok {
			return nil
		}
		if date.Text != "" {
			date.Text = text
		}
		if !slices.Contains(dates, date) {
			dates = append(dates, date)
		}
	}
	return dates
}

func trimDate(s string) string { return strings.Trim(s, " ,.;:()'\"") }

// parseSpan reads one date or one span.
func parseSpan(s string) (Date, bool) {
	in := calendarOf(s)
	s = trimDate(solarWord.ReplaceAllString(hijriWord.ReplaceAllString(s, " "), " "))
	circa := circaWord.MatchString(s)
	s = trimDate(circaWord.ReplaceAllString(s, " "))
	for {
		rest := leadWord.ReplaceAllString(s, "")
		if rest == s {
			break
		}
		s = rest
	}
	date, ok := parseEnds(s, in)
	date.Circa = date.Circa || circa
	if ok && in.islamic {
		date.Text = s
	}
	return date, ok
}

// A calendar turns a printed date into a span of Gregorian days.
type calendar struct {
	islamic bool
	date    func(year, month, day int) (Date, bool)
}

// calendarOf tells the calendar of a text. Iran and Afghanistan count solar years since the Hijra.
func calendarOf(s string) calendar {
	switch {
	case !hijriWord.MatchString(s):
		return calendar{date: dateOf}
	case solarWord.MatchString(s):
		return calendar{islamic: true, date: solarHijri}
	}
	return calendar{islamic: true, date: hijri}
}

// parseEnds reads a span by its two ends, or a single date.
func parseEnds(s string, in calendar) (Date, bool) {
	if m := decade.FindStringSubmatch(s); m != nil && !in.islamic {
		return parseDecade(m[1], m[2])
	}
	if m := yearSpan.FindStringSubmatch(s); m != nil {
		s = m[1] + " to " + m[2]
	}
	ends := spanWord.Split(s, 3)
	if len(ends) == 1 {
		return parseSingle(s, in)
	}
	if len(ends) > 2 {
		return Date{}, false
	}
	to, ok := parseSingle(trimDate(ends[1]), in)
	if !ok {
		return Date{}, false
	}
	from, ok := parseSingle(trimDate(ends[0]), in)
	if !ok { // "Aug. and Sep. 1977": the first end borrows the year of the second
		words := strings.Fields(ends[1])
		from, ok = parseSingle(trimDate(ends[0])+" "+words[len(words)-1], in)
	}
	if !ok {
		return Date{}, false
	}
	return spanOf(from, to), true
}

// parseDecade reads "1970s" and its early, middle and late parts, which nobody has ever measured: circa.
func parseDecade(part, tens string) (Date, bool) {
	first, _ := strconv.Atoi(tens + "0")
	offsets := map[string][2]int{"": {0, 9}, "early": {0, 3}, "mid": {3, 6}, "late": {6, 9}}[part]
	from, ok1 := dateOf(first+offsets[0], 0, 0)
	to, ok2 := dateOf(first+offsets[1], 0, 0)
	span := spanOf(from, to)
	span.Circa = true
	return span, ok1 && ok2
}

// parseSingle reads a date of one to three parts, in the order that its shape tells.
func parseSingle(s string, in calendar) (Date, bool) {
	if m := isoStamp.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	parts, ok := dateParts(s)
	if !ok {
		return Date{}, false
	}
	year, month, day, ok := arrange(parts)
	if !ok {
		return Date{}, false
	}
	date, ok := in.date(year, month, day)
	if ok && !in.islamic && day > int(lastDayOf(year, max(month, 1))) {
		date.Text = s // such as 30 February: the month is what can be held
	}
	return date, ok
}

// A datePart is a number or the name of a month.
type datePart struct {
	n      int
	digits int // how many digits were printed; 0 for a month's name
}

// dateParts splits at everything that is no letter and no digit. "dd", "mm" and "00" are the unknown 0.
func dateParts(s string) ([]datePart, bool) {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 || len(words) > 3 {
		return nil, false
	}
	parts := make([]datePart, len(words))
	for i, word := range words {
		if n, err := strconv.Atoi(strings.TrimRight(word, "stndrh")); err == nil && len(word) <= 4 {
			parts[i] = datePart{n, len(strings.TrimRight(word, "stndrh"))}
			continue
		}
		if word == "dd" || word == "mm" {
			parts[i] = datePart{0, 2}
			continue
		}
		month := monthNamed(word)
		if month == 0 {
			return nil, false
		}
		parts[i] = datePart{month, 0}
	}
	return parts, true
}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNamed knows a month by its English name or the first three letters or more of it; 0 if by neither.
func monthNamed(word string) int {
	if len(word) < 3 {
		return 0
	}
	return 1 + slices.IndexFunc(monthNames, func(name string) bool { return strings.HasPrefix(name, word) })
}

// arrange tells year, month and day apart.
func arrange(p []datePart) (year, month, day int, ok bool) {
	isYear := func(i int) bool { return p[i].digits == 4 }
	isName := func(i int) bool { return p[i].digits == 0 }
	isShort := func(i int) bool { return p[i].digits == 1 || p[i].digits == 2 }
	switch {
	case len(p) == 1 && isYear(0):
		return p[0].n, 0, 0, true
	case len(p) == 2 && isName(0) && isYear(1), len(p) == 2 && isShort(0) && isYear(1):
		return p[1].n, p[0].n, 0, true
	case len(p) == 2 && isYear(0) && (isName(1) || isShort(1)):
		return p[0].n, p[1].n, 0, true
	case len(p) == 2 && isName(0) && p[1].digits == 2: // "Sep-99"
		return fullYear(p[1].n), p[0].n, 0, true
	case len(p) != 3:
		return 0, 0, 0, false
	case isYear(0) && isShort(1) && isShort(2), isYear(0) && isName(1) && isShort(2):
		return p[0].n, p[1].n, p[2].n, true
	case isName(0) && isShort(1) && isYear(2): // "June 14, 1975"
		return p[2].n, p[0].n, p[1].n, true
	case isShort(0) && isName(1) && isYear(2):
		return p[2].n, p[1].n, p[0].n, true
	case isShort(0) && isShort(1) && isYear(2) && p[1].n > 12 && p[0].n <= 12: // can only be month first
		return p[2].n, p[0].n, p[1].n, true
	case isShort(0) && isShort(1) && isYear(2):
		return p[2].n, p[1].n, p[0].n, true
	}
	return 0, 0, 0, false
}

// fullYear puts a two-digit year into 1930 to 2029.
func fullYear(n int) int {
	if n < 30 {
		return 2000 + n
	}
	return 1900 + n
}
