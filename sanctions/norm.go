package sanctions

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// maxNameBytes bounds what one name may cost. The longest name on any list we have seen is 312 bytes.
const maxNameBytes = 1000

// A word is one written word of a name after normalising.
type word struct {
	text  string // a-z and 0-9 only, never empty
	raw   string // as written
	loose bool   // its script writes few or no vowels, so those of text are a guess
	other bool   // it was not written in Latin letters
	abjad bool   // its script writes few vowels, but a table knows its usual spelling
	short bool   // it is one Han character or Hangul syllable, of which many sound the same
}

// Normalise gives the words of a name in lower-case Latin letters, parted by single spaces. Every
// script is transliterated, accents and apostrophes fall away, hyphens part words. It is idempotent,
// and its result is at most eight times as long as the name.
func Normalise(name string) string {
	var b strings.Builder
	for i, w := range words(name) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// words splits a name and normalises each word of it.
func words(name string) []word {
	name = strings.ReplaceAll(clip(name), "&", " and ")
	if !isASCII(name) {
		name = norm.NFKC.String(strings.ToValidUTF8(name, " "))
	}
	out := make([]word, 0, 4)
	for raw := range strings.FieldsFuncSeq(name, isBreak) {
		out = appendWord(out, raw)
	}
	return out
}

// clip cuts an overlong name between two characters.
func clip(s string) string {
	if len(s) <= maxNameBytes {
		return s
	}
	s = s[:maxNameBytes]
	for len(s) > 0 {
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isBreak says whether r parts two words. Apostrophes, the letters that stand for ʿayn and hamza, the
// question mark that a bad conversion leaves in their place, and formatting marks belong to a word.
func isBreak(r rune) bool {
	switch r {
	case ' ':
		return true
	case '\'', '`', '´', '’', '‘', 'ʼ', 'ʻ', 'ʿ', 'ʾ', '′', '?', '"':
		return false
	case 'ー':
		return false
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r)
}

// appendWord normalises raw by the script that most of its letters belong to. One written word may give
// several: every Han character and Hangul syllable is a word, and the Arabic article stands alone.
func appendWord(out []word, raw string) []word {
	if isASCII(raw) {
		return appendText(out, lowerASCII(raw), raw, false, false)
	}
	if known := foreign.get(raw); known != nil {
		return append(out, *known...)
	}
	s := scriptOf(raw)
	if s == scriptArabic || s == scriptHan { // they may change the word before
		return appendForeign(out, s, raw)
	}
	raw = strings.Clone(raw)
	ws := slices.Clip(appendForeign(nil, s, raw))
	foreign.put(raw, ws)
	return append(out, ws...)
}

// foreign are words written in other letters than A to Z that were met before, with what they give.
var foreign = newCache[[]word]()

func appendForeign(out []word, s script, raw string) []word {
	switch s {
	case scriptLatin:
		return appendText(out, foldLatin(raw), raw, false, false)
	case scriptCyrillic:
		return appendText(out, fromTable(cyrillicLook(raw), cyrillic), raw, false, true)
	case scriptGreek:
		return appendText(out, fromGreek(raw), raw, false, true)
	case scriptArabic:
		return appendArabic(out, raw)
	case scriptHebrew:
		return appendText(out, fromHebrew(raw), raw, true, true)
	case scriptIndic:
		return appendText(out, fromIndic(raw), raw, false, true)
	case scriptHangul:
		return appendHangul(out, raw)
	case scriptHan:
		return appendHan(out, raw)
	default:
		return appendText(out, lowerASCII(unidecode.Unidecode(raw)), raw, s == scriptLoose, true)
	}
}

func appendText(out []word, text, raw string, loose, other bool) []word {
	if text == "" {
		return out
	}
	return append(out, word{text: text, raw: raw, loose: loose, other: other})
}

// lowerASCII keeps the letters and digits of s, in lower case.
func lowerASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b.WriteByte(c)
		case 'A' <= c && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		}
	}
	return b.String()
}

// foldLatin takes the accents off. Letters that are no accented ones have a spelling in latin.
func foldLatin(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case latin[r] != "":
			b.WriteString(latin[r])
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(unidecode.Unidecode(string(r)))
		}
	}
	return lowerASCII(b.String())
}

// fromTable spells a word letter by letter; what the table does not know goes through the library.
func fromTable(s string, table map[rune]string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if t, ok := table[r]; ok {
			b.WriteString(t)
			continue
		}
		b.WriteString(foldLatin(string(r)))
	}
	return lowerASCII(b.String())
}

func appendHan(out []word, raw string) []word {
	var rest strings.Builder
	flush := func() {
		out = appendText(out, lowerASCII(unidecode.Unidecode(rest.String())), rest.String(), false, true)
		rest.Reset()
	}
	for _, r := range raw {
		if !unicode.Is(unicode.Han, r) {
			rest.WriteRune(r)
			continue
		}
		flush()
		out = appendText(out, lowerASCII(unidecode.Unidecode(string(r))), string(r), false, true)
		markShort(out)
	}
	flush()
	return out
}

// appendHangul spells Korean syllable by syllable, near to how lists write Korean names.
func appendHangul(out []word, raw string) []word {
	for _, r := range raw {
		if r < 0xac00 || r > 0xd7a3 {
			out = appendText(out, lowerASCII(unidecode.Unidecode(string(r))), string(r), false, true)
			continue
		}
		n := int(r - 0xac00)
		text := hangulLead[n/588] + hangulVowel[n%588/28] + hangulTail[n%28]
		out = appendText(out, text, string(r), false, true)
		markShort(out)
	}
	return out
}

func markShort(ws []word) {
	if len(ws) > 0 {
		ws[len(ws)-1].short = true
	}
}

// lostBlanks puts a blank where the writing says that one was lost: where a capital follows a small letter
// (JuanPEREZ), and before an article that is joined to what precedes it (OMARAL-TIKRITI).
func lostBlanks(name string) string {
	if name = clip(name); !isASCII(name) {
		return name
	}
	var b strings.Builder
	from := 0 // where the word begins that i stands in
	for i := range len(name) {
		switch {
		case !isLetter(name[i]):
			from = i + 1
		case i-from < 3:
		case isLower(name[i-1]) && !isLower(name[i]) && isLetter(at(name, i+1)),
			strings.HasPrefix(name[i:], "AL-"), strings.HasPrefix(name[i:], "EL-"), strings.HasPrefix(name[i:], "al-"), strings.HasPrefix(name[i:], "el-"):
			b.WriteByte(' ')
			from = i
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isLetter(c byte) bool { return isLower(c) || 'A' <= c && c <= 'Z' }
