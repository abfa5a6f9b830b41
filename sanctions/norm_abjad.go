package sanctions

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func foldGreek(r rune) string {
	for _, c := range norm.NFD.String(string(r)) {
		return string(c)
	}
	return ""
}

// arabicLetters spells the consonants of Arabic, Persian, Urdu, Pashto and Kurdish. Long vowels depend
// on their place and are handled in spellArabic.
var arabicLetters = map[rune]string{
	'ب': "b", 'پ': "p", 'ت': "t", 'ث': "th", 'ج': "j", 'چ': "ch", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z",
	'ژ': "zh", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'غ': "gh", 'ف': "f", 'ڤ': "v", 'ق': "q", 'ك': "k",
	'گ': "g", 'ڭ': "g", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ټ': "t", 'ډ': "d", 'ړ': "r", 'ځ': "z", 'څ': "ts", 'ږ': "g",
	'ښ': "kh", 'ڼ': "n", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n", 'ھ': "h",
}

// arabicForms brings the variants of a letter together and drops vowel marks, which names seldom carry.
func arabicForms(s string) []rune {
	var out []rune
	for _, r := range s {
		switch r {
		case 'أ', 'إ', 'ٱ':
			r = 'ا'
		case 'آ':
			r = 'ا'
		case 'ى', 'ی', 'ې', 'ۍ', 'ئ', 'ے':
			r = 'ي'
		case 'ة', 'ۀ', 'ە', 'ہ', 'ۃ':
			r = 'ه'
		case 'ک':
			r = 'ك'
		case 'ګ':
			r = 'گ'
		case 'ؤ', 'ۇ', 'ۆ', 'ۋ':
			r = 'و'
		case 'ء', 'ـ':
			continue
		}
		if unicode.IsMark(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// appendArabic spells one Arabic word. Common names have their usual spelling in arabicNames; the
// article becomes a word of its own; the rest gets vowels by rule, which is a guess.
func appendArabic(out []word, raw string) []word {
	rs := arabicForms(raw)
	if len(rs) == 0 {
		return out
	}
	if last := len(out) - 1; string(rs) == "الله" && last >= 0 && out[last].other && out[last].text != "abd" {
		out[last].text, out[last].raw = out[last].text+"ullah", out[last].raw+" "+raw
		return out
	}
	if t, ok := arabicNames[string(rs)]; ok {
		for _, w := range strings.Fields(t) {
			out = append(out, word{text: w, raw: raw, other: true, abjad: true})
		}
		return out
	}
	for _, end := range []struct{ written, spelt string }{{"الله", "ullah"}, {"الدين", "uddin"}} {
		if head, ok := strings.CutSuffix(string(rs), end.written); ok && len(head) > 4 {
			return appendCompound(out, []rune(head), end.spelt, raw)
		}
	}
	if rest, ok := strings.CutPrefix(string(rs), "عبدال"); ok && len(rest) > 2 {
		out = append(out, word{text: "abdul", raw: raw, other: true})
		return appendArabic(out, rest)
	}
	if len(rs) > 4 && rs[0] == 'ا' && rs[1] == 'ل' {
		out = append(out, word{text: "al", raw: "ال", other: true})
		if t, ok := arabicNames[string(rs[2:])]; ok && !strings.Contains(t, " ") {
			return append(out, word{text: t, raw: raw, other: true, abjad: true})
		}
		rs = rs[2:]
	}
	text := spellArabic(rs)
	if head, ok := strings.CutSuffix(text, "i"); ok && strings.HasSuffix(raw, "ى") {
		text = head + "e" // an alef that many write for a ya: Muthanna, but Zawahiri too
	}
	return appendText(out, text, raw, true, true)
}

// appendCompound spells a name that ends in Allah or al-Din: سعيدالله is saidullah.
func appendCompound(out []word, head []rune, end, raw string) []word {
	text, known := arabicNames[string(head)]
	if !known || strings.Contains(text, " ") {
		text = spellArabic(head)
	}
	return append(out, word{text: text + end, raw: raw, loose: !known, other: true, abjad: true})
}

// spellArabic puts an a between consonants that nothing parts: قاسم is qasam, ظريف is zarif.
func spellArabic(rs []rune) string {
	var b strings.Builder
	vowel := true // the last letter written was a vowel, or none was written
	for i, r := range rs {
		last := i == len(rs)-1
		switch {
		case r == 'ا':
			if !vowel || i == 0 || last {
				b.WriteByte('a')
			}
			vowel = true
		case r == 'ع':
			if i == 0 {
				b.WriteByte('a')
				vowel = true
			}
		case r == 'و' && i > 0 && !vowel && (last || rs[i+1] != 'ا' && rs[i+1] != 'ي'):
			b.WriteByte('u')
			vowel = true
		case r == 'ي' && i > 0 && !vowel && (last || rs[i+1] != 'ا'):
			b.WriteByte('i')
			vowel = true
		case r == 'ه' && last && i > 0 && !vowel:
			b.WriteByte('a')
			vowel = true
		default:
			t := abjadConsonant(r)
			if t == "" {
				continue
			}
			if !vowel {
				b.WriteByte('a')
			}
			b.WriteString(t)
			vowel = false
		}
	}
	return lowerASCII(b.String())
}

func abjadConsonant(r rune) string {
	switch r {
	case 'و':
		return "w"
	case 'ي':
		return "y"
	}
	if t, ok := arabicLetters[r]; ok {
		return t
	}
	return foldLatin(string(r))
}

var hebrewLetters = map[rune]string{
	'ב': "b", 'ג': "g", 'ד': "d", 'ה': "h", 'ז': "z", 'ח': "h", 'ט': "t", 'כ': "k", 'ך': "kh", 'ל': "l", 'מ': "m", 'ם': "m",
	'נ': "n", 'ן': "n", 'ס': "s", 'פ': "p", 'ף': "f", 'צ': "ts", 'ץ': "ts", 'ק': "k", 'ר': "r", 'ש': "sh", 'ת': "t",
}

// fromHebrew spells a Hebrew word with guessed vowels, as spellArabic does.
func fromHebrew(s string) string {
	var rs []rune
	for _, r := range s {
		if unicode.IsLetter(r) {
			rs = append(rs, r)
		}
	}
	var b strings.Builder
	vowel := true
	for i, r := range rs {
		last := i == len(rs)-1
		switch {
		case r == 'א' || r == 'ע':
			if !vowel || i == 0 {
				b.WriteByte('a')
			}
			vowel = true
		case r == 'ו' && i > 0 && !vowel:
			b.WriteByte('o')
			vowel = true
		case r == 'ו':
			b.WriteByte('v')
			vowel = false
		case r == 'י' && i > 0 && !vowel:
			b.WriteByte('i')
			vowel = true
		case r == 'י':
			b.WriteByte('y')
			vowel = false
		case r == 'ה' && last && i > 0:
			if !vowel {
				b.WriteByte('a')
			}
			vowel = true
		default:
			if !vowel {
				b.WriteByte('a')
			}
			if t, ok := hebrewLetters[r]; ok {
				b.WriteString(t)
			} else {
				b.WriteString(foldLatin(string(r)))
			}
			vowel = false
		}
	}
	return lowerASCII(b.String())
}

// indicLetters holds the letters of Devanagari by their offset in the block. The blocks of Bengali,
// Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada and Malayalam have the same layout.
var indicLetters = map[rune]string{
	0x01: "n", 0x02: "n", 0x03: "h", 0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0a: "u", 0x0b: "ri", 0x0e: "e", 0x0f: "e", 0x10: "ai",
	0x12: "o", 0x13: "o", 0x14: "au", 0x15: "k", 0x16: "kh", 0x17: "g", 0x18: "gh", 0x19: "n", 0x1a: "ch", 0x1b: "chh", 0x1c: "j",
	0x1d: "jh", 0x1e: "n", 0x1f: "t", 0x20: "th", 0x21: "d", 0x22: "dh", 0x23: "n", 0x24: "t", 0x25: "th", 0x26: "d", 0x27: "dh",
	0x28: "n", 0x29: "n", 0x2a: "p", 0x2b: "ph", 0x2c: "b", 0x2d: "bh", 0x2e: "m", 0x2f: "y", 0x30: "r", 0x31: "r", 0x32: "l",
	0x33: "l", 0x34: "l", 0x35: "v", 0x36: "sh", 0x37: "sh", 0x38: "s", 0x39: "h", 0x58: "q", 0x59: "kh", 0x5a: "gh", 0x5b: "z",
	0x5c: "r", 0x5d: "rh", 0x5e: "f", 0x5f: "y",
	0x3e: "a", 0x3f: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x46: "e", 0x47: "e", 0x48: "ai", 0x4a: "o", 0x4b: "o", 0x4c: "au",
}

// fromIndic spells a word of an Indic script. A consonant carries an a unless a vowel sign or a virama
// follows; the a at the end of a word is silent.
func fromIndic(s string) string {
	var b strings.Builder
	pending := false // a consonant waits for its vowel
	for _, r := range s {
		off := r & 0x7f
		switch {
		case r < 0x900 || r >= 0xd80:
			b.WriteString(foldLatin(string(r)))
			pending = false
		case off >= 0x66 && off <= 0x6f:
			b.WriteByte(byte('0' + off - 0x66))
			pending = false
		case off == 0x3c:
		case off == 0x4d:
			pending = false
		case off >= 0x15 && off <= 0x39 || off >= 0x58 && off <= 0x5f:
			if pending {
				b.WriteByte('a')
			}
			b.WriteString(indicLetters[off])
			pending = true
		case off >= 0x3e && off <= 0x4c:
			b.WriteString(indicLetters[off])
			pending = false
		default:
			if pending {
				b.WriteByte('a')
			}
			b.WriteString(indicLetters[off])
			pending = false
		}
	}
	return lowerASCII(b.String())
}
