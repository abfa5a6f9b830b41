package report

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// rightToLeft reports whether a paragraph runs from right to left: its first strong letter says so
// (rules P2 and P3 of the Unicode bidirectional algorithm, UAX #9).
func rightToLeft(runes []rune) bool {
	for _, r := range runes {
		switch class(r) {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

func class(r rune) bidi.Class {
	properties, _ := bidi.LookupRune(r)
	return properties.Class()
}

// visualOrder returns a line in the order in which it is drawn from left to right. Marks stay behind
// the letter they sit on, brackets are mirrored.
func visualOrder(runes []rune, rtl bool) []rune {
	if !slices.ContainsFunc(runes, turns) {
		return runes
	}
	levels := embeddingLevels(runes, rtl)
	clusters := clustersOf(runes, levels)
	for level := 2; level >= 1; level-- { // rule L2; there are no embeddings, so 2 is the deepest
		for i := 0; i < len(clusters); i++ {
			end := i
			for end < len(clusters) && clusters[end].level >= level {
				end++
			}
			slices.Reverse(clusters[i:max(i, end)])
			i = max(i, end)
		}
	}
	var out []rune
	for _, c := range clusters {
		out = append(out, c.runes...)
	}
	return out
}

// turns reports whether r can make a line read otherwise than from left to right.
func turns(r rune) bool {
	switch class(r) {
	case bidi.R, bidi.AL, bidi.AN:
		return true
	}
	return false
}

// A cluster is a letter with the marks that sit on it.
type cluster struct {
	runes []rune
	level int
}

func clustersOf(runes []rune, levels []int) []cluster {
	var clusters []cluster
	for i, r := range runes {
		if len(clusters) > 0 && unicode.Is(unicode.Mn, r) {
			last := &clusters[len(clusters)-1]
			last.runes = append(last.runes, r)
			continue
		}
		if levels[i] == 1 {
			r = []rune(bidi.ReverseString(string(r)))[0] // the mirror image, where r is a bracket
		}
		clusters = append(clusters, cluster{[]rune{r}, levels[i]})
	}
	return clusters
}

// embeddingLevels returns the level of each rune: 0 and 2 run from left to right, 1 from right to left.
// The bidi package gives stretches of one direction only, so that 0 and 2 have to be told apart here.
func embeddingLevels(runes []rune, rtl bool) []int {
	levels := make([]int, len(runes))
	var p bidi.Paragraph
	text, skip, even := string(runes), 0, 2
	direction := bidi.DefaultDirection(bidi.RightToLeft)
	if !rtl { // a mark in front keeps a line that starts with Arabic from turning the paragraph round
		text, skip, even = "\u200E"+text, 1, 0
		direction = bidi.DefaultDirection(bidi.LeftToRight)
	}
	if _, err := p.SetString(text, direction); err != nil {
		return levels
	}
	order, err := p.Order()
	if err != nil {
		return levels
	}
	for i := range order.NumRuns() {
		run := order.Run(i)
		level := even
		if run.Direction() == bidi.RightToLeft {
			level = 1
		}
		from, to := run.Pos()
		for at := max(from-skip, 0); at <= to-skip && at < len(levels); at++ {
			levels[at] = level
		}
	}
	if !rtl {
		raiseNumbers(runes, levels)
	}
	pairBrackets(runes, levels, rtl)
	return levels
}

// raiseNumbers lifts numbers that belong to right-to-left text inside a left-to-right line to level 2
// (rule I1): Arabic digits always, European ones where the last strong letter before them was of level 1.
func raiseNumbers(runes []rune, levels []int) {
	afterRTL := false
	for i, r := range runes {
		switch class(r) {
		case bidi.L:
			afterRTL = false
		case bidi.R, bidi.AL:
			afterRTL = true
		case bidi.AN:
			levels[i] = 2
		case bidi.EN:
			if afterRTL {
				levels[i] = 2
			}
		case bidi.ES, bidi.CS, bidi.ET: // "12.5" is one number
			if i > 0 && i+1 < len(runes) && levels[i] == 0 && levels[i-1] == 2 && class(runes[i+1]) == class(runes[i-1]) {
				levels[i] = 2
			}
		}
	}
}

// pairBrackets gives both brackets of a pair one level (rule N0), which the bidi package does not do:
// that of the line where something inside runs as the line does, else that of the text before them.
func pairBrackets(runes []rune, levels []int, rtl bool) {
	var open []int
	for i, r := range runes {
		properties, _ := bidi.LookupRune(r)
		switch {
		case !properties.IsBracket():
		case properties.IsOpeningBracket():
			open = append(open, i)
		case len(open) > 0 && bidi.ReverseString(string(r)) == string(runes[open[len(open)-1]]):
			first := open[len(open)-1]
			open = open[:len(open)-1]
			if level, ok := bracketLevel(runes, levels, first, i, rtl); ok {
				levels[first], levels[i] = level, level
			}
		}
	}
}

// bracketLevel is the level of the brackets at first and last; ok is false where nothing decides it.
func bracketLevel(runes []rune, levels []int, first, last int, rtl bool) (level int, ok bool) {
	along, against := 0, 1
	if rtl {
		along, against = 1, 2
	}
	for i := first + 1; i < last; i++ {
		if turned, strong := direction(runes[i], levels[i]); strong && turned == rtl {
			return along, true
		} else if strong {
			ok = true
		}
	}
	for i := first - 1; i >= 0; i-- {
		if turned, strong := direction(runes[i], levels[i]); strong && turned != rtl {
			return against, ok
		} else if strong {
			break
		}
	}
	return along, ok
}

// direction reports whether r runs from right to left, if it has a direction. Numbers count as what
// they belong to.
func direction(r rune, level int) (rtl, strong bool) {
	switch class(r) {
	case bidi.L:
		return false, true
	case bidi.R, bidi.AL, bidi.AN:
		return true, true
	case bidi.EN:
		return level != 0, true
	}
	return false, false
}
