package server

import (
	"slices"

	"dossier/session"
)

// A zoneView is a machine readable zone as pages show it: the lines cut where a fault begins or ends.
type zoneView struct {
	Lines   [][]stretch
	Errors  []session.MRZError
	Problem string // why the zone could not be read at all
	Invalid bool   // the document is not valid
}

// A stretch is a piece of a line that is faulty as a whole or not at all.
type stretch struct {
	Text   string
	Faults []session.MRZError // what is wrong with it
}

// Any reports whether there is a zone to show.
func (z zoneView) Any() bool { return len(z.Lines) > 0 || z.Problem != "" }

// Zone is the zone of the document.
func (v sessionView) Zone() zoneView { return zoneOf(v.S.Document) }

func zoneOf(d session.Document) zoneView {
	z := zoneView{Errors: d.MRZErrors, Problem: d.MRZProblem, Invalid: d.Valid != nil && !*d.Valid}
	for i, line := range d.MRZ {
		z.Lines = append(z.Lines, stretches([]rune(line), i, d.MRZErrors))
	}
	return z
}

// stretches cuts a line at the borders of the faults in it. Positions count characters from 0.
func stretches(line []rune, number int, faults []session.MRZError) []stretch {
	borders := []int{0, len(line)}
	for _, f := range faults {
		if f.Line == number {
			borders = append(borders, inside(f.Start, line), inside(f.End, line))
		}
	}
	slices.Sort(borders)
	var cut []stretch
	for i, end := range borders[1:] {
		start := borders[i]
		if start == end {
			continue
		}
		piece := stretch{Text: string(line[start:end])}
		for _, f := range faults {
			if f.Line == number && f.Start <= start && end <= f.End {
				piece.Faults = append(piece.Faults, f)
			}
		}
		cut = append(cut, piece)
	}
	return cut
}

func inside(position int, line []rune) int { return min(max(position, 0), len(line)) }
