package mrz

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const filler = '<'

// A span is a run of characters in one line, End exclusive.
type span struct{ line, start, end int }

// A zone is a text of up to three lines, ready to be cut by character position.
type zone struct {
	lines []string
	wide  bool // holds characters beyond ASCII, so that bytes are not characters
}

// text returns the characters of s, which must lie inside the zone.
func (z *zone) text(s span) string {
	line := z.lines[s.line]
	if !z.wide {
		return line[s.start:s.end]
	}
	return cut(line, s.start, s.end)
}

// cut is line[start:end] counted in characters instead of bytes.
func cut(line string, start, end int) string {
	from, to, n := len(line), len(line), 0
	for i := range line {
		if n == start {
			from = i
		}
		if n == end {
			to = i
			break
		}
		n++
	}
	return line[from:to]
}

func (z *zone) length(line int) int { return z.count(z.lines[line]) }

// count is the number of characters of a part of z.
func (z *zone) count(part string) int {
	if !z.wide {
		return len(part)
	}
	return utf8.RuneCountInString(part)
}

// digit computes the check digit over the given spans.
func (z *zone) digit(over []span) byte {
	var s sum
	for _, part := range over {
		s.add(z.text(part))
	}
	return s.digit()
}

// unbroken lists the shapes that may come as one string without line breaks, by its length.
var unbroken = map[int][]int{72: {36, 36}, 88: {44, 44}, 90: {30, 30, 30}, 69: {9, 30, 30}}

// read makes a zone from lines as they came: spaces around a line go, and one string with the whole
// zone is split at its line breaks or, without any, by its length.
func read(lines []string) (zone, error) {
	if len(lines) == 1 {
		lines = split(lines[0])
	}
	z := zone{lines: make([]string, len(lines))}
	for i, line := range lines {
		if !ascii(line) {
			line = strings.ToValidUTF8(line, "\uFFFD")
			z.wide = true
		}
		z.lines[i] = trim(line)
	}
	for _, line := range z.lines {
		// A single character that does not belong is reported by its field, where a reviewer can
		// see it; a line without any character of the alphabet is not a line of a zone.
		if strings.IndexFunc(line, inAlphabet) < 0 {
			return zone{}, z.refuse(`lines must be composed of only alphanumerical characters and "<"`)
		}
	}
	return z, nil
}

// trim takes spaces off both ends, but not those that give a line the length of a zone's: there they
// stand for characters that could not be read, and the field says so.
func trim(line string) string {
	trimmed := strings.TrimSpace(line)
	if len(trimmed) == len(line) || isLineLength(utf8.RuneCountInString(trimmed)) || !isLineLength(utf8.RuneCountInString(line)) {
		return trimmed
	}
	return line
}

func isLineLength(n int) bool { return n == 9 || n == 30 || n == 36 || n == 44 }

func split(text string) []string {
	text = strings.Trim(text, "\r\n")
	if strings.ContainsAny(text, "\r\n") {
		return strings.FieldsFunc(text, func(c rune) bool { return c == '\r' || c == '\n' })
	}
	whole := strings.TrimSpace(text)
	lengths, ok := unbroken[len(whole)]
	if !ok || !ascii(whole) {
		return []string{text}
	}
	lines := make([]string, len(lengths))
	for i, n := range lengths {
		lines[i], whole = whole[:n], whole[n:]
	}
	return lines
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func inAlphabet(c rune) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == filler
}

func (z *zone) refuse(format string, a ...any) error {
	e := &ShapeError{Message: fmt.Sprintf(format, a...)}
	for i := range min(len(z.lines), 10) {
		e.Lengths = append(e.Lengths, z.length(i))
	}
	return e
}

// seen describes the shape for a message: "Found 2 lines of 44 and 43 characters."
func (z *zone) seen() string {
	lengths := make([]string, 0, 4)
	for i := range z.lines {
		if i == 3 && len(z.lines) > 4 {
			lengths = append(lengths, fmt.Sprintf("%d more", len(z.lines)-i))
			break
		}
		lengths = append(lengths, fmt.Sprint(z.length(i)))
	}
	switch len(lengths) {
	case 0:
		return "Found no lines."
	case 1:
		return "Found 1 line of " + lengths[0] + " characters."
	}
	last := len(lengths) - 1
	return fmt.Sprintf("Found %d lines of %s and %s characters.", len(z.lines), strings.Join(lengths[:last], ", "), lengths[last])
}
