package index

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// maxWord is how many characters of a word count; what follows is neither stored nor asked for.
const maxWord = 32

// spellings are the forms under which a word is stored and asked for, its folded form first: two
// people who write the same name in two ways should meet in one of them.
func spellings(word string) []string {
	plain := fold(word)
	if plain == "" {
		return nil
	}
	forms := []string{clip(plain)}
	add := func(form string) {
		if form = clip(form); form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	if ascii(word) {
		return forms
	}
	lower := strings.ToLower(norm.NFC.String(word))
	add(fold(germanic.Replace(lower)))
	if romanised(lower) {
		add(fold(unidecode.Unidecode(lower)))
		add(fold(unidecode.Unidecode(passport.Replace(lower))))
	}
	return forms
}

// fold is word without case, diacritics and everything that is neither letter nor digit.
func fold(word string) string {
	if ascii(word) {
		return strings.Map(foldASCII, word)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		r = unicode.ToLower(r)
		if long, ok := plainLetters[r]; ok {
			b.WriteString(long)
			continue
		}
		switch {
		case unicode.IsDigit(r):
			b.WriteRune('0' + digitValue(r))
		case isWordRune(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func foldASCII(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return r
	}
	return -1
}

// isWordRune reports whether r is part of a word. Modifier letters are not: most of them are written
// as apostrophes. Nonspacing marks are passed over, so that they neither count nor split.
func isWordRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.Mc) && !unicode.Is(unicode.Lm, r)
}

// isSilent reports whether r is neither part of a word nor a break in it: marks, joiners, soft hyphens.
func isSilent(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || r == '\u0640' }

// digitValue is 0 to 9 for a decimal digit of any script: Unicode keeps them in runs from zero up.
func digitValue(r rune) rune {
	first := r
	for unicode.IsDigit(first - 1) {
		first--
	}
	return (r - first) % 10
}

// plainLetters are letters that Unicode does not decompose, and forms that people use for one another.
// MRZ spelling (ICAO 9303-3 section 6) decides where there is a choice.
var plainLetters = map[rune]string{
	'ł': "l", 'ß': "ss", 'ı': "i", 'ø': "o", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th",
	'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ə': "e", 'ǝ': "e", 'ɖ': "d", 'ƒ': "f",
	'ς': "σ",
	'ך': "כ", 'ם': "מ", 'ן': "נ", 'ף': "פ", 'ץ': "צ",
	'ة': "ه", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ۀ': "ه", 'ە': "ه", 'ہ': "ه", 'ٱ': "ا", 'ـ': "",
}

// germanic writes umlauts as two letters, as MRZs do.
var germanic = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe")

// passport writes Cyrillic, Greek and Georgian the way that people and newer passports do where the
// usual transliteration (go-unidecode's) is that of libraries.
var passport = strings.NewReplacer(
	"ю", "yu", "я", "ya", "ё", "yo", "є", "ye", "ї", "yi", "й", "y", "х", "h", "щ", "sch", "ц", "c", "ћ", "c",
	"ου", "ou", "ού", "ou", "μπ", "b", "β", "v", "η", "i", "ή", "i", "υ", "y", "ύ", "y", "χ", "ch",
	"ჟ", "zh", "ღ", "gh", "ყ", "q", "შ", "sh", "ჩ", "ch", "ც", "ts", "ძ", "dz", "წ", "ts", "ჭ", "ch", "ხ", "kh", "ჯ", "j",
)

// romanised reports whether word has letters that are also stored in a Latin transliteration. Arabic
// and Hebrew leave vowels out, so that theirs would find little.
func romanised(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Arabic, unicode.Hebrew)
	})
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// clip is the part of a folded word that counts.
func clip(word string) string {
	if len(word) <= maxWord {
		return word
	}
	n := 0
	for i := range word {
		if n == maxWord {
			return word[:i]
		}
		n++
	}
	return word
}
