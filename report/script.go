package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// Between these stands a transliteration of what no font has.
const (
	transliterationStart = '⟨'
	transliterationEnd   = '⟩'
)

// transliterations collects what was transliterated, in order of appearance.
type transliterations struct {
	list []transliteration
}

// A transliteration is a text that no font has, and what is printed for it.
type transliteration struct {
	original []rune
	printed  string
}

// printable returns runes with every stretch that no font has replaced by its transliteration, and
// whether there was one. Words of such a script that follow one another are taken together.
func (t *typesetter) printable(runes []rune, f face) (out []rune, marked bool) {
	for i := 0; i < len(runes); {
		end := t.unprintable(runes[i:], f)
		if end == 0 {
			out = append(out, runes[i])
			i++
			continue
		}
		out = append(out, t.latin.add(runes[i:i+end])...)
		i, marked = i+end, true
	}
	return out, marked
}

// unprintable is how many runes at the start of runes have to be transliterated.
func (t *typesetter) unprintable(runes []rune, f face) int {
	end := 0
	for i, r := range runes {
		switch {
		case r == zeroWidthNonJoiner, r == zeroWidthJoiner:
		case r != ' ' && t.glyph(f, r).missing:
			end = i + 1
		case r != ' ' || end != i: // a single space between two such words
			return end
		}
	}
	return end
}

// add notes that original is not printable, and returns what stands for it.
func (ts *transliterations) add(original []rune) []rune {
	words := strings.Fields(unidecode.Unidecode(string(original)))
	for i, w := range words { // the scripts concerned have no capitals; names read better with them
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	latin := strings.Join(words, " ")
	if strings.Trim(latin, "?[] ") == "" {
		latin = codePoints(original, 6)
	}
	marked := slices.Concat([]rune{transliterationStart}, []rune(latin), []rune{transliterationEnd})
	known := func(t transliteration) bool { return slices.Equal(t.original, original) }
	if !slices.ContainsFunc(ts.list, known) {
		ts.list = append(ts.list, transliteration{slices.Clone(original), string(marked)})
	}
	return marked
}

// codePoints names the first n of runes as "U+D64D U+AE38 …".
func codePoints(runes []rune, n int) string {
	var names []string
	for i, r := range runes {
		if i == n {
			names = append(names, "…")
			break
		}
		names = append(names, fmt.Sprintf("U+%04X", r))
	}
	return strings.Join(names, " ")
}
