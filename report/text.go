package report

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A style says how text is set. Size is in points.
type style struct {
	face   face
	size   float64
	colour colour
}

// leading is the distance from one baseline to the next, in points.
func (s style) leading() float64 { return s.size * 1.4 }

// A line is text ready to draw: in visual order, split by font.
type line struct {
	spans  []span
	style  style
	width  float64 // points
	marked bool    // holds a transliteration
}

// A span is text in one font, dx points right of the start of its line.
type span struct {
	face face
	text string
	dx   float64
}

// maxRunes bounds one text: whoever sends a novel as a name gets its start.
const maxRunes = 20_000

// A typesetter turns texts into lines. It belongs to one document.
type typesetter struct {
	lib    *library
	glyphs [len(fallback)]map[rune]glyph
	latin  transliterations
}

func newTypesetter(lib *library) *typesetter {
	t := &typesetter{lib: lib}
	for i := range t.glyphs {
		t.glyphs[i] = map[rune]glyph{}
	}
	return t
}

func (t *typesetter) glyph(f face, r rune) glyph {
	g, ok := t.glyphs[f][r]
	if !ok {
		g = t.lib.glyph(f, r)
		t.glyphs[f][r] = g
	}
	return g
}

// lines sets text in lines of at most width points. There is always at least one line.
func (t *typesetter) lines(text string, st style, width float64) []line {
	var lines []line
	for paragraph := range strings.SplitSeq(clean(text), "\n") {
		runes, marked := t.printable([]rune(paragraph), st.face)
		rtl := rightToLeft(runes)
		runes = joinArabic(runes, func(r rune) bool { return !t.glyph(st.face, r).missing })
		for _, part := range t.wrap(runes, st, width) {
			l := t.line(visualOrder(part, rtl), st)
			l.marked = marked
			lines = append(lines, l)
		}
	}
	return lines
}

// line sets runes, which are in visual order, as one line.
func (t *typesetter) line(runes []rune, st style) line {
	l := line{style: st}
	var text strings.Builder
	start, current := 0.0, face(-1)
	flush := func() {
		if text.Len() > 0 {
			l.spans = append(l.spans, span{face: current, text: text.String(), dx: start})
			text.Reset()
		}
	}
	for _, r := range runes {
		g := t.glyph(st.face, r)
		if g.missing {
			continue
		}
		if g.face != current {
			flush()
			start, current = l.width, g.face
		}
		text.WriteRune(r)
		l.width += float64(g.width) * st.size / 1000
	}
	flush()
	return l
}

// wrap splits runes into lines: at spaces, behind hyphens and the like, between Han, and inside a word
// only where the word is wider than a line.
func (t *typesetter) wrap(runes []rune, st style, width float64) [][]rune {
	var lines [][]rune
	start, end, used := 0, 0, 0.0 // of the line, its last place to break, its width
	for i := 0; i < len(runes); i++ {
		w := float64(t.glyph(st.face, runes[i]).width) * st.size / 1000
		for used+w > width && i > start && runes[i] != ' ' {
			if end <= start {
				end = i
			}
			lines = append(lines, trimRight(runes[start:end]))
			start, used = end, 0
			for _, r := range runes[start:i] {
				used += float64(t.glyph(st.face, r).width) * st.size / 1000
			}
		}
		used += w
		if breaksAfter(runes, i) {
			end = i + 1
		}
	}
	return append(lines, trimRight(runes[start:]))
}

func trimRight(runes []rune) []rune {
	for len(runes) > 0 && runes[len(runes)-1] == ' ' {
		runes = runes[:len(runes)-1]
	}
	return runes
}

func breaksAfter(runes []rune, i int) bool {
	switch r := runes[i]; {
	case r == ' ', r == '/', r == ';', r == '_':
		return true
	case r == '-', r == ',':
		return i+1 < len(runes) && !unicode.IsDigit(runes[i+1])
	default:
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
	}
}

// clean makes text safe to print: composed, of bounded length, without control characters and without
// the invisible ones that could make a text read as another. Line ends stay as "\n".
func clean(text string) string {
	text = clip(strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f', r == '\u0085':
			return '\n'
		case r == '\t', unicode.Is(unicode.Zs, r):
			return ' '
		case r == zeroWidthNonJoiner, r == zeroWidthJoiner: // they say how Arabic letters join
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, text))
}

// clip cuts text to maxRunes and says so.
func clip(text string) string {
	if len(text) <= maxRunes {
		return text
	}
	runes := []rune(text)
	if len(runes) <= maxRunes {
		return text
	}
	return fmt.Sprintf("%s… (%d characters more)", string(runes[:maxRunes]), len(runes)-maxRunes)
}
