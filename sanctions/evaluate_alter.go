package sanctions

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// An Alteration is a way in which names come out wrong or different. It gives false where it does not
// apply to a name.
type Alteration struct {
	Name string
	Do   func(r *rand.Rand, name string) (string, bool)
}

// Alterations are the classes that the table of harder alterations shows. They work on names in Latin
// letters written in the order in which they are spoken.
var Alterations = []Alteration{
	{"two characters swapped", func(r *rand.Rand, n string) (string, bool) { return onLetter(r, n, swapLetters) }},
	{"a character doubled", func(r *rand.Rand, n string) (string, bool) { return onLetter(r, n, doubleLetter) }},
	{"a character dropped", func(r *rand.Rand, n string) (string, bool) { return onLetter(r, n, dropLetter) }},
	{"two typing errors", func(r *rand.Rand, n string) (string, bool) { return typos(r, n, 2) }},
	{"three typing errors", func(r *rand.Rand, n string) (string, bool) { return typos(r, n, 3) }},
	{"first name and surname joined", joinEnds},
	{"two neighbours joined", joinNeighbours},
	{"a long token split", splitLong},
	{"another romanisation", respell},
	{"first name as an initial", firstInitial},
	{"only first and last name left", firstAndLast},
	{"order turned around", turnAround},
}

// onLetter applies an edit at a letter of a random word of three letters or more.
func onLetter(r *rand.Rand, name string, edit func(r *rand.Rand, w string) string) (string, bool) {
	ws := strings.Fields(name)
	var long []int
	for i, w := range ws {
		if len(w) >= 3 && isASCII(w) {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return "", false
	}
	i := long[r.IntN(len(long))]
	for range 20 {
		if w := edit(r, ws[i]); w != ws[i] {
			ws[i] = w
			return strings.Join(ws, " "), true
		}
	}
	return "", false
}

func swapLetters(r *rand.Rand, w string) string {
	i := r.IntN(len(w) - 1)
	return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
}

func doubleLetter(r *rand.Rand, w string) string {
	i := r.IntN(len(w))
	return w[:i+1] + w[i:]
}

func dropLetter(r *rand.Rand, w string) string {
	i := r.IntN(len(w))
	return w[:i] + w[i+1:]
}

func changeLetter(r *rand.Rand, w string) string {
	i := r.IntN(len(w))
	return w[:i] + string(rune('A'+r.IntN(26))) + w[i+1:]
}

func insertLetter(r *rand.Rand, w string) string {
	i := r.IntN(len(w) + 1)
	return w[:i] + string(rune('A'+r.IntN(26))) + w[i:]
}

func typos(r *rand.Rand, name string, n int) (string, bool) {
	edits := []func(*rand.Rand, string) string{swapLetters, dropLetter, changeLetter, insertLetter}
	if len(name) < 4*n {
		return "", false
	}
	ok := true
	for range n {
		if name, ok = onLetter(r, name, edits[r.IntN(len(edits))]); !ok {
			return "", false
		}
	}
	return name, true
}

func joinEnds(_ *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	if len(ws) < 2 {
		return "", false
	}
	last := len(ws) - 1
	return strings.Join(append([]string{ws[0] + ws[last]}, ws[1:last]...), " "), true
}

func joinNeighbours(r *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	if len(ws) < 2 {
		return "", false
	}
	i := r.IntN(len(ws) - 1)
	ws[i] += ws[i+1]
	return strings.Join(slices.Delete(ws, i+1, i+2), " "), true
}

func splitLong(r *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	longest := 0
	for i, w := range ws {
		if len(w) > len(ws[longest]) {
			longest = i
		}
	}
	w := ws[longest]
	if len(w) < 6 || !isASCII(w) {
		return "", false
	}
	cut := 2 + r.IntN(len(w)-3)
	ws[longest] = w[:cut] + " " + w[cut:]
	return strings.Join(ws, " "), true
}

// romanisations are pairs of spellings that different tables give the same sounds.
var romanisations = [][2]string{
	{"MUHAMMAD", "MOHAMED"}, {"MOHAMMED", "MUHAMMAD"}, {"MOHAMMAD", "MOHAMED"}, {"MOHAMED", "MUHAMMAD"}, {"AHMAD", "AHMED"}, {"AHMED", "AHMAD"},
	{"HUSSEIN", "HUSAYN"}, {"HUSAYN", "HOSSEIN"}, {"HASSAN", "HASAN"}, {"YUSUF", "YOUSSEF"}, {"AL-", "EL-"}, {"EL-", "AL-"}, {"AL ", "EL "}, {"ABD AL-", "ABDUL "},
	{"ABDUL ", "ABD AL-"}, {"UDDIN", "EDDINE"}, {"KH", "H"}, {"Q", "K"}, {"DH", "D"}, {"GH", "G"}, {"OU", "U"}, {"OO", "U"}, {"EE", "I"}, {"AA", "A"},
	{"YONG", "YOUNG"}, {"JONG", "JUNG"}, {"CHOL", "CHUL"}, {"KYONG", "KYUNG"}, {"SH", "CH"}, {"DJ", "J"}, {"J", "DJ"}, {"U", "OU"}, {"IY", "Y"}, {"Y", "I"}, {"W", "V"},
	{"PH", "F"}, {"ZH", "J"}, {"TS", "C"}, {"KS", "X"}, {"EI", "EY"}, {"AI", "AY"}, {"SS", "S"}, {"MM", "M"}, {"LL", "L"},
}

// respell writes a name as another table would; up to two rules apply.
func respell(r *rand.Rand, name string) (string, bool) {
	out, done := strings.ToUpper(name), 0
	for _, i := range r.Perm(len(romanisations)) {
		p := romanisations[i]
		if strings.Contains(out, p[0]) {
			out = strings.Replace(out, p[0], p[1], 1)
			if done++; done == 2 {
				break
			}
		}
	}
	return out, done > 0
}

func firstInitial(_ *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	if len(ws) < 2 || len(ws[0]) < 2 {
		return "", false
	}
	ws[0] = ws[0][:1]
	return strings.Join(ws, " "), isASCII(ws[0])
}

func firstAndLast(_ *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	if len(ws) < 3 {
		return "", false
	}
	return ws[0] + " " + ws[len(ws)-1], true
}

func turnAround(_ *rand.Rand, name string) (string, bool) {
	ws := strings.Fields(name)
	if len(ws) < 2 {
		return "", false
	}
	return strings.Join(append(ws[1:], ws[0]), " "), true
}
