package demo

import (
	"slices"

	"dossier/mrz"
)

// A flaw is a fault of a passport's zone. Each gives errors of one category only: the digits that
// depend on what was changed are made to fit, unless they are the fault themselves.
type zoneFlaw struct {
	category string // as mrz.Error has it
	at       int    // position in the second line; in the first where first is set
	first    bool
	put      string // what stands there; "" is a wrong digit
}

// zoneFlaws are one fault of every category that a passport's zone can have.
var zoneFlaws = []zoneFlaw{
	{"Document code", 0, true, "X<"},
	{"Issuing state", 2, true, "XYZ"},
	{"Last name", 6, true, "0"},
	{"First name", -1, true, "8"},
	{"Document number", 2, false, "-"},
	{"Document number check digit", 9, false, ""},
	{"Nationality", 10, false, "UTX"},
	{"Birth date", 15, false, "13"},
	{"Birth date check digit", 19, false, ""},
	{"Sex", 20, false, "K"},
	{"Expiration date", 23, false, "19"},
	{"Expiration date check digit", 27, false, ""},
	{"Personal number", 30, false, "*"},
	{"Personal number check digit", 42, false, ""},
	{"Composite check digit", 43, false, ""},
}

// damage returns the two lines of a passport with the fault in them.
func (f zoneFlaw) damage(lines []string) []string {
	out := [][]byte{[]byte(lines[0]), []byte(lines[1])}
	line := out[1]
	if f.first {
		line = out[0]
	}
	if f.at < 0 { // the second letter of the given names
		f.at = givenNamesAt(lines[0]) + 1
	}
	if f.put == "" {
		line[f.at] = '0' + (line[f.at]-'0'+4)%10
	} else {
		copy(line[f.at:], f.put)
	}
	for _, digit := range []struct{ from, to int }{{0, 9}, {13, 19}, {21, 27}, {28, 42}} {
		if digit.to != f.at {
			out[1][digit.to] = mrz.CheckDigit(string(out[1][digit.from:digit.to]))
		}
	}
	if f.at != 43 || f.first {
		l := out[1]
		out[1][43] = mrz.CheckDigit(string(slices.Concat(l[0:10], l[13:20], l[21:43])))
	}
	return []string{string(out[0]), string(out[1])}
}

func givenNamesAt(line string) int {
	for i := 5; i+2 < len(line); i++ {
		if line[i:i+2] == "<<" {
			return i + 2
		}
	}
	return 5
}
