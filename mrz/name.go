package mrz

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A letter is one letter of a name with its possible spellings in the zone, the first by default. A
// separator between name components is the filler; a letter of a script that ICAO gives no rule for
// is foreign, and has no spelling.
type letter struct {
	ways    []string
	foreign bool
	twice   bool // the second one that a shadda stands for
}

var separatorLetter = letter{ways: []string{"<"}}

// Transliterate writes a name as the zone does (9303-3 sections 4.6 and 6): Latin with diacritics,
// Cyrillic and Arabic become the letters A to Z; spaces, hyphens and commas become the filler,
// other punctuation goes. Where ICAO leaves a choice it takes the first: Müller is MUELLER. Letters of
// other scripts, for which ICAO has no rule, are left out.
func Transliterate(name string) string {
	var b strings.Builder
	for _, l := range spell(name) {
		if !l.foreign {
			b.WriteString(l.ways[0])
		}
	}
	return zoneName(b.String())
}

// spell takes a name apart. Separators come one at a time, never at either end.
func spell(name string) []letter {
	letters := make([]letter, 0, len(name))
	gap := false
	for _, c := range norm.NFC.String(strings.ToUpper(name)) {
		if separates(c) {
			gap = len(letters) > 0
			continue
		}
		next, ok := spellRune(c, letters)
		if !ok {
			continue
		}
		if gap {
			letters, gap = append(endComponent(letters), separatorLetter), false
		}
		letters = append(letters, next...)
	}
	return endComponent(letters)
}

func separates(c rune) bool {
	return c == filler || c == '-' || c == ',' || c == '‐' || c == '‑' || c == '–' || c == '،' || unicode.IsSpace(c)
}

// own are the letters and digits that the zone has itself, by character.
var own = func() (all [unicode.MaxASCII + 1][]letter) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" {
		all[c] = []letter{{ways: []string{string(c)}}}
	}
	return all
}()

// spellRune gives the spellings of one character; ok is false for one that is not written at all.
func spellRune(c rune, before []letter) (next []letter, ok bool) {
	if c <= unicode.MaxASCII && own[c] != nil {
		return own[c], true
	}
	if ways, found := spellings[c]; found {
		return []letter{{ways: ways}}, true
	}
	if c == shadda && len(before) > 0 {
		return []letter{doubled(before[len(before)-1])}, true
	}
	if !unicode.IsLetter(c) || c == tatwheel {
		return nil, false
	}
	parts := []rune(strings.ToUpper(norm.NFKD.String(string(c))))
	if parts[0] == c {
		return []letter{{foreign: true}}, true
	}
	for _, part := range parts {
		if l, ok := spellRune(part, nil); ok {
			next = append(next, l...)
		}
	}
	return next, len(next) > 0
}

// doubled is a shadda: the letter before it once more, without its X (ICAO's example is FXDZDZXAH),
// or nothing, since the sign is often left out.
func doubled(l letter) letter {
	if l.foreign || l.twice {
		return letter{ways: []string{""}}
	}
	var ways []string
	for _, way := range l.ways {
		ways = append(ways, strings.TrimPrefix(way, "X"))
	}
	return letter{ways: append(ways, ""), twice: true}
}

// endComponent spells a teh marbuta XAH where it ends a name component.
func endComponent(letters []letter) []letter {
	if n := len(letters); n > 0 && !letters[n-1].foreign && letters[n-1].ways[0] == "XTA" {
		letters[n-1] = letter{ways: []string{"XAH", "XTA"}}
	}
	return letters
}

// SameName reports whether a name as printed in the visual zone and a name of the machine readable
// zone, with fillers or with spaces, are the same name in any of the spellings that ICAO allows.
func SameName(visual, zone string) bool { return NameDistance(visual, zone) == 0 }

// NameDistance is the smallest number of characters to insert, delete or replace until some spelling
// of the visual name is the name of the zone. A letter of a script that ICAO gives no rule for is at
// least one.
func NameDistance(visual, zone string) int {
	return distance(spell(visual), zoneName(zone))
}

// NumberDistance is the same for numbers: only letters and digits count, whatever stands between.
func NumberDistance(visual, zone string) int {
	var letters []letter
	for _, l := range spell(visual) {
		if l.foreign || l.ways[0] != "<" {
			letters = append(letters, l)
		}
	}
	return distance(letters, strings.ReplaceAll(zoneName(zone), "<", ""))
}

// zoneName is a name of the zone with one filler between its components and none around them.
func zoneName(zone string) string {
	return strings.Join(strings.FieldsFunc(strings.ToUpper(zone), separates), "<")
}

// distance is Levenshtein's, over all spellings at once: row[j] is the least cost of making the
// letters so far into the first j characters of the zone.
func distance(letters []letter, zone string) int {
	row := make([]int, len(zone)+1)
	for j := range row {
		row[j] = j
	}
	for _, l := range letters {
		l.advance(row, zone)
	}
	return row[len(zone)]
}

// advance adds the letter to those that row stands for, in the way that costs least.
func (l letter) advance(row []int, zone string) {
	if l.foreign {
		step(row, zone, 0)
		return
	}
	before := row
	if len(l.ways) > 1 {
		before = slices.Clone(row)
	}
	for i, way := range l.ways {
		next := row
		if i > 0 {
			next = slices.Clone(before)
		}
		for k := range len(way) {
			step(next, zone, way[k])
		}
		for j, cost := range next {
			row[j] = min(row[j], cost)
		}
	}
}

// step adds one character to those that row stands for.
func step(row []int, zone string, c byte) {
	left := row[0] // as it was before
	row[0]++
	for j := 1; j < len(row); j++ {
		cost := 1
		if zone[j-1] == c {
			cost = 0
		}
		left, row[j] = row[j], min(left+cost, row[j]+1, row[j-1]+1)
	}
}
