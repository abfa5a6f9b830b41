package mrz

import (
	"fmt"
	"strings"
)

// yymmdd writes an ISO date, or the part of it that is known, as the zone does.
func (w *writer) yymmdd(iso string) string {
	if iso == "" {
		return ""
	}
	parts := strings.Split(iso, "-")
	ok := len(parts) <= 3 && len(parts[0]) == 4 && allDigits(strings.Join(parts, ""))
	for _, part := range parts[1:] {
		ok = ok && len(part) == 2
	}
	if !ok {
		w.fail("date %q must be YYYY-MM-DD, YYYY-MM or YYYY", iso)
		return ""
	}
	return (strings.Join(parts, "") + "<<<<")[2:8]
}

// names writes the name into the one field that most formats have for it, or into two.
func (w *writer) names(last, first string) {
	lastField, firstField := w.element("last_name"), w.element("first_name")
	primary, secondary := w.components(last), w.components(first)
	if w.err != nil {
		return
	}
	switch {
	case firstField == nil && len(secondary) > 0:
		w.fail("there is no first name in this format")
	case firstField != nil && firstField.at == lastField.at:
		w.at(lastField.at, fitName(primary, secondary, lastField.at.end-lastField.at.start))
	default:
		w.at(lastField.at, fit(primary, lastField.at.end-lastField.at.start))
		if firstField != nil {
			w.at(firstField.at, fit(secondary, firstField.at.end-firstField.at.start))
		}
	}
}

// components are the parts of a name as the zone spells them.
func (w *writer) components(name string) []string {
	for _, l := range spell(name) {
		if l.foreign {
			w.fail("name %q has letters that ICAO 9303 does not transliterate", name)
			return nil
		}
	}
	text := Transliterate(name)
	if text == "" {
		return nil
	}
	return strings.FieldsFunc(text, func(c rune) bool { return c == filler })
}

// fitName writes primary and secondary identifier into width characters. A name that is too long is
// cut as ICAO wants (9303-4 §4.2.3): the given names first, the surname only as far as the first
// letter of the given names needs, and a letter in the last place as the sign of it.
func fitName(primary, secondary []string, width int) string {
	if len(secondary) == 0 {
		return fit(primary, width)
	}
	last := fit(primary, width-3)
	return last + "<<" + fit(secondary, width-2-len(last))
}

// fit joins components with fillers, in at most width characters. Where they are too long, the longest
// ones are shortened until all fit; where that is not enough, the last ones go.
func fit(components []string, width int) string {
	keep := components
	for 2*len(keep)-1 > width {
		keep = keep[:len(keep)-1]
	}
	lengths := make([]int, len(keep))
	total := len(keep) - 1
	for i, c := range keep {
		lengths[i] = len(c)
		total += len(c)
	}
	for ; total > width; total-- {
		lengths[longest(lengths)]--
	}
	cut := make([]string, len(keep))
	for i, c := range keep {
		cut[i] = c[:lengths[i]]
	}
	return strings.Join(cut, "<")
}

// longest is the index of the largest number, the last one of equals.
func longest(numbers []int) int {
	at := 0
	for i, n := range numbers {
		if n >= numbers[at] {
			at = i
		}
	}
	return at
}

func (w *writer) fail(format string, a ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, a...)
	}
}
