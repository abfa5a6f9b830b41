package sanctions

import (
	"strings"
	"unicode"
)

type script int

const (
	scriptLatin script = iota
	scriptCyrillic
	scriptGreek
	scriptArabic
	scriptHebrew
	scriptIndic
	scriptHangul
	scriptHan
	scriptLoose // the library spells it, but its vowels are not to be trusted
	scriptOther // the library spells it well: Georgian, Armenian, kana
)

// scriptOf gives the script of most letters of a word; a mixed word ("Eвгений" with a Latin E) is a
// slip of the keyboard, not a word of two scripts.
func scriptOf(s string) script {
	var count [scriptOther + 1]int
	for _, r := range s {
		if unicode.IsLetter(r) {
			count[scriptOfRune(r)]++
		}
	}
	best := scriptLatin
	for i, n := range count {
		if n > count[best] {
			best = script(i)
		}
	}
	return best
}

func scriptOfRune(r rune) script {
	switch {
	case r < 0x370 || r >= 0x1e00 && r < 0x1f00:
		return scriptLatin
	case r < 0x400 || r >= 0x1f00 && r < 0x2000:
		return scriptGreek
	case r < 0x530:
		return scriptCyrillic
	case r >= 0x590 && r < 0x600:
		return scriptHebrew
	case r >= 0x600 && r < 0x780 || r >= 0xfb50 && r < 0xff00:
		return scriptArabic
	case r >= 0x900 && r < 0xd80:
		return scriptIndic
	case r >= 0xac00 && r < 0xd7a4:
		return scriptHangul
	case unicode.Is(unicode.Han, r):
		return scriptHan
	case r >= 0xd80 && r < 0x10a0 || r >= 0x1200 && r < 0x1380 || r >= 0x1780 && r < 0x1800:
		return scriptLoose // Sinhala, Thai, Lao, Tibetan, Burmese, Ethiopic, Khmer
	}
	return scriptOther
}

// latin spells the Latin letters that are no base letter with an accent.
var latin = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d",
	'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ł': "l", 'Ł': "l", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ŋ': "ng",
	'ə': "a", 'Ə': "a", 'ĸ': "k", 'ŧ': "t", 'Ŧ': "t", 'ɓ': "b", 'Ɓ': "b", 'ɗ': "d", 'Ɗ': "d", 'ƙ': "k", 'Ƙ': "k",
	'ƴ': "y", 'Ƴ': "y", 'ơ': "o", 'ư': "u", 'ʿ': "", 'ʾ': "", 'ʼ': "", 'ʻ': "", 'ʹ': "", 'ʺ': "",
}

// cyrillic follows the spelling that sanctions lists and passports use most (BGN/PCGN without its marks).
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz",
	'ѓ': "g", 'ќ': "k", 'ѕ': "dz", 'қ': "q", 'ғ': "gh", 'ұ': "u", 'ү': "u", 'ө': "o", 'ә': "a", 'ң': "ng", 'һ': "h",
	'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'ҡ': "q", 'ҙ': "z", 'ҫ': "s", 'җ': "j", 'ҹ': "j", 'ҝ': "g", 'ѳ': "f", 'ѣ': "e",
}

// cyrillicLook puts Cyrillic letters for the Latin ones that look the same.
func cyrillicLook(s string) string {
	return strings.Map(func(r rune) rune {
		if t, ok := lookAlike[r]; ok {
			return t
		}
		return r
	}, s)
}

var lookAlike = map[rune]rune{
	'A': 'а', 'a': 'а', 'B': 'в', 'C': 'с', 'c': 'с', 'E': 'е', 'e': 'е', 'H': 'н', 'I': 'і', 'i': 'і', 'K': 'к', 'k': 'к',
	'M': 'м', 'O': 'о', 'o': 'о', 'P': 'р', 'p': 'р', 'T': 'т', 'X': 'х', 'x': 'х', 'Y': 'у', 'y': 'у',
}

var greek = map[rune]string{
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m",
	'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

var greekPairs = strings.NewReplacer("ου", "u", "αυ", "av", "ευ", "ev", "αι", "e", "ει", "i", "οι", "i",
	"γκ", "gk", "γγ", "ng", "γχ", "nch", "τζ", "tz")

// fromGreek follows ELOT 743 as passports use it; μπ and ντ sound b and d at the start of a word.
func fromGreek(s string) string {
	s = strings.ToLower(s)
	s = strings.Map(func(r rune) rune { // take the accents off
		if f := []rune(foldGreek(r)); len(f) > 0 {
			return f[0]
		}
		return -1
	}, s)
	if t, ok := strings.CutPrefix(s, "μπ"); ok {
		s = "b" + t
	}
	if t, ok := strings.CutPrefix(s, "ντ"); ok {
		s = "d" + t
	}
	return fromTable(greekPairs.Replace(s), greek)
}

// The jamo of Korean syllables, near to the spelling of the lists (KIM, PAK, CHOE, JONG).
var (
	hangulLead  = [19]string{"k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowel = [21]string{"a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui", "i"}
	hangulTail  = [28]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
)
