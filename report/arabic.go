package report

import "unicode"

const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

// A letter's presentation forms. A letter with only the first two joins the letter before it and never
// the one after (alef, dal, reh, waw and the like).
type arabicForms struct {
	isolated, final, initial, medial rune
}

// arabicLetters are the letters of Arabic, Persian, Urdu, Kurdish, Pashto and Sindhi that Unicode gives
// presentation forms (blocks FB50–FDFF and FE70–FEFF). The other letters stand as they are.
var arabicLetters = map[rune]arabicForms{
	'\u0621': {isolated: 0xFE80},
	'\u0622': {0xFE81, 0xFE82, 0, 0}, '\u0623': {0xFE83, 0xFE84, 0, 0}, '\u0624': {0xFE85, 0xFE86, 0, 0},
	'\u0625': {0xFE87, 0xFE88, 0, 0}, '\u0626': {0xFE89, 0xFE8A, 0xFE8B, 0xFE8C},
	'\u0627': {0xFE8D, 0xFE8E, 0, 0}, '\u0628': {0xFE8F, 0xFE90, 0xFE91, 0xFE92},
	'\u0629': {0xFE93, 0xFE94, 0, 0}, '\u062A': {0xFE95, 0xFE96, 0xFE97, 0xFE98},
	'\u062B': {0xFE99, 0xFE9A, 0xFE9B, 0xFE9C}, '\u062C': {0xFE9D, 0xFE9E, 0xFE9F, 0xFEA0},
	'\u062D': {0xFEA1, 0xFEA2, 0xFEA3, 0xFEA4}, '\u062E': {0xFEA5, 0xFEA6, 0xFEA7, 0xFEA8},
	'\u062F': {0xFEA9, 0xFEAA, 0, 0}, '\u0630': {0xFEAB, 0xFEAC, 0, 0},
	'\u0631': {0xFEAD, 0xFEAE, 0, 0}, '\u0632': {0xFEAF, 0xFEB0, 0, 0},
	'\u0633': {0xFEB1, 0xFEB2, 0xFEB3, 0xFEB4}, '\u0634': {0xFEB5, 0xFEB6, 0xFEB7, 0xFEB8},
	'\u0635': {0xFEB9, 0xFEBA, 0xFEBB, 0xFEBC}, '\u0636': {0xFEBD, 0xFEBE, 0xFEBF, 0xFEC0},
	'\u0637': {0xFEC1, 0xFEC2, 0xFEC3, 0xFEC4}, '\u0638': {0xFEC5, 0xFEC6, 0xFEC7, 0xFEC8},
	'\u0639': {0xFEC9, 0xFECA, 0xFECB, 0xFECC}, '\u063A': {0xFECD, 0xFECE, 0xFECF, 0xFED0},
	'\u0640': {0x0640, 0x0640, 0x0640, 0x0640}, // tatweel, a mere stroke
	'\u0641': {0xFED1, 0xFED2, 0xFED3, 0xFED4}, '\u0642': {0xFED5, 0xFED6, 0xFED7, 0xFED8},
	'\u0643': {0xFED9, 0xFEDA, 0xFEDB, 0xFEDC}, '\u0644': {0xFEDD, 0xFEDE, 0xFEDF, 0xFEE0},
	'\u0645': {0xFEE1, 0xFEE2, 0xFEE3, 0xFEE4}, '\u0646': {0xFEE5, 0xFEE6, 0xFEE7, 0xFEE8},
	'\u0647': {0xFEE9, 0xFEEA, 0xFEEB, 0xFEEC}, '\u0648': {0xFEED, 0xFEEE, 0, 0},
	'\u0649': {0xFEEF, 0xFEF0, 0, 0}, '\u064A': {0xFEF1, 0xFEF2, 0xFEF3, 0xFEF4},
	'\u0671': {0xFB50, 0xFB51, 0, 0}, '\u0679': {0xFB66, 0xFB67, 0xFB68, 0xFB69},
	'\u067A': {0xFB5E, 0xFB5F, 0xFB60, 0xFB61}, '\u067B': {0xFB52, 0xFB53, 0xFB54, 0xFB55},
	'\u067E': {0xFB56, 0xFB57, 0xFB58, 0xFB59}, '\u067F': {0xFB62, 0xFB63, 0xFB64, 0xFB65},
	'\u0680': {0xFB5A, 0xFB5B, 0xFB5C, 0xFB5D}, '\u0683': {0xFB76, 0xFB77, 0xFB78, 0xFB79},
	'\u0684': {0xFB72, 0xFB73, 0xFB74, 0xFB75}, '\u0686': {0xFB7A, 0xFB7B, 0xFB7C, 0xFB7D},
	'\u0687': {0xFB7E, 0xFB7F, 0xFB80, 0xFB81}, '\u0688': {0xFB88, 0xFB89, 0, 0},
	'\u068C': {0xFB84, 0xFB85, 0, 0}, '\u068D': {0xFB82, 0xFB83, 0, 0}, '\u068E': {0xFB86, 0xFB87, 0, 0},
	'\u0691': {0xFB8C, 0xFB8D, 0, 0}, '\u0698': {0xFB8A, 0xFB8B, 0, 0},
	'\u06A4': {0xFB6A, 0xFB6B, 0xFB6C, 0xFB6D}, '\u06A6': {0xFB6E, 0xFB6F, 0xFB70, 0xFB71},
	'\u06A9': {0xFB8E, 0xFB8F, 0xFB90, 0xFB91}, '\u06AD': {0xFBD3, 0xFBD4, 0xFBD5, 0xFBD6},
	'\u06AF': {0xFB92, 0xFB93, 0xFB94, 0xFB95}, '\u06B1': {0xFB9A, 0xFB9B, 0xFB9C, 0xFB9D},
	'\u06B3': {0xFB96, 0xFB97, 0xFB98, 0xFB99}, '\u06BA': {0xFB9E, 0xFB9F, 0, 0},
	'\u06BB': {0xFBA0, 0xFBA1, 0xFBA2, 0xFBA3}, '\u06BE': {0xFBAA, 0xFBAB, 0xFBAC, 0xFBAD},
	'\u06C0': {0xFBA4, 0xFBA5, 0, 0}, '\u06C1': {0xFBA6, 0xFBA7, 0xFBA8, 0xFBA9},
	'\u06C5': {0xFBE0, 0xFBE1, 0, 0}, '\u06C6': {0xFBD9, 0xFBDA, 0, 0}, '\u06C7': {0xFBD7, 0xFBD8, 0, 0},
	'\u06C8': {0xFBDB, 0xFBDC, 0, 0}, '\u06C9': {0xFBE2, 0xFBE3, 0, 0}, '\u06CB': {0xFBDE, 0xFBDF, 0, 0},
	'\u06CC': {0xFBFC, 0xFBFD, 0xFBFE, 0xFBFF}, '\u06D0': {0xFBE4, 0xFBE5, 0xFBE6, 0xFBE7},
	'\u06D2': {0xFBAE, 0xFBAF, 0, 0}, '\u06D3': {0xFBB0, 0xFBB1, 0, 0},
}

// lamAlef are the ligatures of lam with the four forms of alef, isolated; the final one follows each.
var lamAlef = map[rune]rune{'\u0622': 0xFEF5, '\u0623': 0xFEF7, '\u0625': 0xFEF9, '\u0627': 0xFEFB}

// joinArabic replaces Arabic letters by the forms that they take beside their neighbours, as far as the
// font has them, and drops the joiners. The text stays in reading order.
func joinArabic(runes []rune, has func(rune) bool) []rune {
	out := make([]rune, 0, len(runes))
	joined := false // the letter before reaches for this one
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		forms, isLetter := arabicLetters[r]
		ligature, isLigature := ligatureOf(runes[i:])
		switch {
		case r == zeroWidthJoiner:
			joined = true
		case unicode.Is(unicode.Mn, r): // a mark sits on its letter and joins nothing
			out = append(out, r)
		case !isLetter:
			if r != zeroWidthNonJoiner {
				out = append(out, r)
			}
			joined = false
		case isLigature && has(ligature):
			i++
			if joined {
				ligature++
			}
			out = append(out, ligature)
			joined = false
		default:
			reaches := forms.initial != 0 && takesBefore(runes[i+1:])
			if form := forms.pick(joined && forms.final != 0, reaches); has(form) {
				r = form
			}
			out = append(out, r)
			joined = reaches
		}
	}
	return out
}

// ligatureOf is the isolated ligature that runes start with, if they do.
func ligatureOf(runes []rune) (ligature rune, ok bool) {
	if len(runes) < 2 || runes[0] != '\u0644' {
		return 0, false
	}
	ligature, ok = lamAlef[runes[1]]
	return ligature, ok
}

// takesBefore reports whether the next letter of rest joins the one before it.
func takesBefore(rest []rune) bool {
	for _, r := range rest {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		return r == zeroWidthJoiner || arabicLetters[r].final != 0
	}
	return false
}

func (f arabicForms) pick(before, after bool) rune {
	switch {
	case before && after:
		return f.medial
	case before:
		return f.final
	case after:
		return f.initial
	}
	return f.isolated
}
