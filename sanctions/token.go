package sanctions

import "strings"

// A kind says what part a token plays in a name.
type kind uint8

const (
	ordinary   kind = iota // a given or family name
	patronymic             // -ovich, -ovna, -oglu...
	initial                // a single letter
	servant                // abd, abdul, abdur: the servant of
	kunya                  // abu, umm, and al-Din with its article: parts of a name, but frequent ones
	particle               // al, bin, de, van
	generation             // jr, iii
	title                  // mr, dr, sheikh, general
	number                 // digits, in names of ships and brigades
	legalForm              // ltd, gmbh: entities only
)

// A token is one word of a name, ready to be compared.
type token struct {
	text    string // canonical: "abdal" for abd al-
	raw     string // as written, for explanations
	sound   string // see sounds
	kind    kind
	part    kind    // what kind the text alone makes it in a person's name
	loose   bool    // the vowels of text are a guess
	abjad   bool    // the vowels of text are those of one spelling among several
	other   bool    // transliterated
	short   bool    // one Han character or Hangul syllable
	strange float32 // bits that the letters of a word say that no list or table knows; 0 for those known
	settled bool    // see givenNames and familyNames
	mask    uint32  // see letters
	kin     *kinship
}

// maxTokens bounds the work on one name. The longest person's name on the UN list has eleven words.
const maxTokens = 24

// tokenise splits a person's name into tokens: the part before a comma goes behind the rest, compound
// names with Abd, -ullah and -uddin get one form.
func tokenise(name string) []token {
	ws := canonical(words(commaFirst(name)))
	if len(ws) > maxTokens {
		ws = ws[:maxTokens]
	}
	ts := make([]token, len(ws))
	for i, w := range ws {
		ts[i] = newToken(w)
		ts[i].kind = ts[i].part
		switch ts[i].part {
		case patronymic, servant, kunya, particle, title:
			if w.short {
				ts[i].kind = ordinary
			}
		}
	}
	promote(ts)
	return ts
}

// newToken works out once what comparing needs again and again.
func newToken(w word) token {
	var t token
	if known := spelled.get(w.text); known != nil {
		t = *known
	} else {
		t = spell(strings.Clone(w.text))
		spelled.put(t.text, t)
	}
	t.raw, t.loose, t.abjad, t.other, t.short = w.raw, w.loose, w.abjad, w.other, w.short
	return t
}

// spell is the token of a word of which only the letters are known.
func spell(text string) token {
	return token{text: text, sound: sounds(ending(text)), part: personKind(text), settled: givenNames[text] || familyNames[text], mask: letters(text), kin: kinships[text]}
}

// spelled are tokens of words met before, with what their text alone says: names repeat from person to person.
var spelled = newCache[token]()

// commaFirst turns "LAST, First" into "First LAST". A comma before Jr or III changes nothing.
func commaFirst(name string) string {
	last, first, ok := strings.Cut(name, ",")
	if !ok {
		return name
	}
	for _, w := range words(first) {
		if !suffixes[w.text] {
			return first + " " + last
		}
	}
	return last + " " + first
}

// promote makes an ordinary name of a particle or title that would leave a name of one token or none:
// "Ben Netanyahu" and "Do Van" are given and family name.
func promote(ts []token) {
	if last := len(ts) - 1; last > 0 && ts[last].kind == particle && endings[ts[last].text] && ts[last-1].kind != particle {
		ts[last].kind = ordinary
	}
	n := 0
	for _, t := range ts {
		if t.kind == ordinary || t.kind == patronymic {
			n++
		}
	}
	for i := range ts {
		k := ts[i].kind
		if n == 0 && (k == particle || k == title || k == kunya || k == servant) || n == 1 && len(ts) == 2 && i == 0 && ts[i].text == "bin" && ts[i].raw != "" && strings.EqualFold(ts[i].raw, "ben") {
			ts[i].kind = ordinary
			if w := lowerASCII(ts[i].raw); w != "" {
				ts[i] = newToken(word{text: w, raw: ts[i].raw})
			}
		}
	}
}

// personKind is the kind of a word in a person's name, as far as its text says.
func personKind(t string) kind {
	switch {
	case t[0] <= '9':
		return number
	case len(t) == 1:
		return initial
	case suffixes[t]:
		return generation
	case t == "abu" || t == "umm" || standingDin[t]:
		return kunya
	case isAbd(t):
		return servant
	case particles[t]:
		return particle
	case titles[t]:
		return title
	case isPatronymic(t):
		return patronymic
	}
	return ordinary
}

func isPatronymic(t string) bool {
	if len(t) < 7 {
		return false
	}
	for _, s := range []string{"ovich", "evich", "ovitch", "evitch", "ovych", "evych", "ovna", "evna", "ivna", "ivich", "ovic", "oglu", "ogly", "qizi", "kyzy"} {
		if strings.HasSuffix(t, s) {
			return true
		}
	}
	return false
}

// canonical gives one form to what lists and passports write in many: the Arabic article with its
// assimilations, son-of words, Abd with its article, names that end in Allah or al-Din.
func canonical(ws []word) []word {
	out := make([]word, 0, len(ws)+2)
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		switch {
		case w.loose:
		case isAbd(w.text) && i+1 < len(ws) && (ws[i+1].text == "allah" || ws[i+1].text == "ullah"):
			w.text, w.raw = "abdullah", w.raw+" "+ws[i+1].raw
			i++
		case mayBeAbd(w.text) && i+2 < len(ws) && isArticle(ws[i+1].text):
			w.text, w.raw = "abdal", w.raw+" "+ws[i+1].raw
			i++
		case sameWord[w.text] != "":
			w.text = sameWord[w.text]
		case i+1 < len(ws) && assimilated(w.text, ws[i+1].text):
			w.text = "al"
		case w.text == "ullah" || w.text == "ulla" || w.text == "ollah":
			if len(out) > 0 && len(out[len(out)-1].text) > 2 {
				out[len(out)-1] = joinWords(out[len(out)-1], w, "ullah")
				continue
			}
		case isDin(w.text) && len(out) > 1 && out[len(out)-1].text == "al":
			article := out[len(out)-1]
			out = out[:len(out)-1]
			head := out[len(out)-1]
			head.raw += " " + article.raw
			out[len(out)-1] = joinWords(head, w, "uddin")
			continue
		default:
			if rest, ok := abdCompound(w.text); ok {
				out = append(out, word{text: w.text[:len(w.text)-len(rest)], raw: w.raw, loose: w.loose, other: w.other})
				w.text = rest
				w.raw = w.raw[len(w.raw)-min(len(rest), len(w.raw)):]
			}
		}
		out = append(out, w)
	}
	return out
}

func joinWords(head, tail word, ending string) word {
	head.text += ending
	head.raw += " " + tail.raw
	return head
}

func isAbd(t string) bool {
	switch t {
	case "abd", "abdel", "abdal", "abdul", "abdol", "abdoul", "abdoel", "abdil", "abdur", "abdus", "abdun", "abdush", "abdud", "abdour", "abder", "abdes":
		return true
	}
	return false
}

// mayBeAbd takes "adb" before an article for what it must be.
func mayBeAbd(t string) bool {
	switch t {
	case "adb", "bad", "dba", "abdd", "aabd", "abbd":
		return true
	}
	return isAbd(t)
}

func isArticle(t string) bool {
	switch t {
	case "al", "el", "ul", "ar", "er", "ur", "as", "es", "us", "ad", "ed", "ud", "an", "en", "un", "at", "et", "az", "ez", "ash", "esh", "ush":
		return true
	}
	return false
}

// assimilated says whether t is the article as it sounds before next: ar-Rahman, ash-Shami.
func assimilated(t, next string) bool {
	if !isArticle(t) {
		return false
	}
	return t[1] == 'l' || strings.HasPrefix(next, t[1:]) && len(next) > 3
}

func isDin(t string) bool {
	switch t {
	case "din", "deen", "dine", "dien", "dyn", "ddin":
		return true
	}
	return false
}

// abdCompound cuts the servant off a compound: abdulrahman, abdurrahman, abdelkader. Names that only
// begin alike (abdurakhmanov, abdullah) stay whole.
func abdCompound(t string) (rest string, ok bool) {
	if !strings.HasPrefix(t, "abd") || len(t) < 8 {
		return "", false
	}
	i := 3
	for i < len(t) && isVowel(t[i]) {
		i++
	}
	if i == 3 || i >= len(t)-3 {
		return "", false
	}
	switch {
	case t[i] == 'l' && !strings.HasPrefix(t[i:], "la") && !strings.HasPrefix(t[i:], "lla"):
		return t[i+1:], true
	case strings.HasPrefix(t[i:], "lla") && !strings.HasPrefix(t[i:], "llah") && len(t)-i > 4:
		return t[i+1:], true // abdullatif
	case t[i] == t[i+1] && t[i] != 'l':
		return t[i+1:], true // abdurrahman
	case t[i] == 'r' && (strings.HasPrefix(t[i:], "rahm") || strings.HasPrefix(t[i:], "rah") || strings.HasPrefix(t[i:], "rash")):
		return t[i:], true // abdurahman
	case t[i] == 's' && strings.HasPrefix(t[i:], "sala") || t[i] == 's' && strings.HasPrefix(t[i:], "sama"):
		return t[i:], true
	}
	return "", false
}

// ending gives names on -allah and al-Din one spelling of their end.
func ending(t string) string {
	switch t[len(t)-1] {
	case 'h', 'a', 'e', 'n':
	default:
		return t
	}
	for _, e := range []string{"oullah", "ullah", "allah", "ollah", "oulla", "ulla", "olla", "alla"} {
		if head, ok := strings.CutSuffix(t, e); ok && len(head) > 2 {
			return head + "ullah"
		}
	}
	for _, e := range []string{"eddine", "eddeen", "uddeen", "addine", "iddine", "aldeen", "uldeen", "eldine", "oddine", "eddin", "uddin", "aldin", "uldin", "eldin", "addin", "iddin", "oddin", "odine", "edine", "udine", "udeen", "udin", "edin"} {
		if head, ok := strings.CutSuffix(t, e); ok && len(head) > 2 {
			return head + "uddin"
		}
	}
	return t
}
