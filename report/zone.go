package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	zoneSize  = 10.5 // font size of the zone, in points
	zonePitch = zoneSize * 0.602
	zoneLine  = 18.0
	zoneWide  = 78 // characters that fit in a line of the page
	zoneLines = 12 // more is no zone of any document
)

// zone draws the machine readable zone, the faulty characters marked, and what is wrong with it.
func (p *printer) zone() {
	d := p.s.Document
	if len(d.MRZ) == 0 && d.MRZProblem == "" && len(d.MRZErrors) == 0 {
		return
	}
	p.section("Machine readable zone")
	if d.MRZProblem != "" {
		p.paragraph(d.MRZProblem, style{regular, body.size, bad})
	}
	faults := p.faults()
	p.need(zoneLine*float64(min(len(d.MRZ), 3)) + 20)
	for i, text := range d.MRZ[:min(len(d.MRZ), zoneLines)] {
		p.zoneText(text, func(at int) bool { return faults[[2]int{i, at}] })
	}
	if len(d.MRZ) > 0 {
		p.y += 6
	}
	p.zoneErrors()
}

// faults are the faulty characters, as line and character from 0.
func (p *printer) faults() map[[2]int]bool {
	faults := map[[2]int]bool{}
	for _, e := range p.s.Document.MRZErrors {
		if e.Line < 0 || e.Line >= len(p.s.Document.MRZ) {
			continue
		}
		end := min(e.End, utf8.RuneCountInString(p.s.Document.MRZ[e.Line]))
		for at := max(e.Start, 0); at < end; at++ {
			faults[[2]int{e.Line, at}] = true
		}
	}
	return faults
}

// zoneText draws one line of a zone, in several where it is too long to be one.
func (p *printer) zoneText(text string, faulty func(at int) bool) {
	runes := []rune(text)
	for from := 0; from == 0 || from < min(len(runes), 10*zoneWide); from += zoneWide {
		p.need(zoneLine)
		p.box(marginX-4, p.y, contentWide+8, zoneLine, panel)
		for i, r := range runes[from:min(from+zoneWide, len(runes))] {
			p.zoneCharacter(r, marginX+4+float64(i)*zonePitch, faulty(from+i))
		}
		p.y += zoneLine
	}
}

// zoneCharacter draws one character in its place. A faulty one stands red on a red ground and
// underlined, to be seen on a print in black too.
func (p *printer) zoneCharacter(r rune, x float64, faulty bool) {
	st := style{mono, zoneSize, ink}
	if faulty {
		p.box(x, p.y+2.5, zonePitch, zoneLine-5, bad.mix(white, 0.8))
		p.box(x, p.y+zoneLine-3.5, zonePitch, 1, bad)
		st.colour = bad
	}
	if r <= ' ' || r > '~' { // nothing else is allowed in a zone; the place is kept
		r = '\uFFFD'
	}
	p.draw(p.set.line([]rune{r}, st), x, p.y+zoneLine-6)
}

// zoneErrors lists what is wrong with the zone, or says that nothing is.
func (p *printer) zoneErrors() {
	d := p.s.Document
	if len(d.MRZErrors) == 0 {
		if d.MRZProblem == "" {
			p.paragraph("No errors.", style{regular, body.size, good})
		}
		return
	}
	var rows [][]cell
	for _, e := range d.MRZErrors {
		at := fmt.Sprintf("Line %d, character %d", e.Line+1, e.Start+1)
		if e.End > e.Start+1 {
			at = fmt.Sprintf("Line %d, characters %d–%d", e.Line+1, e.Start+1, e.End)
		}
		what := plain(or(e.Error))
		if strings.TrimSpace(e.Suggestion) != "" {
			what = append(what, block{"Suggested: " + e.Suggestion, small})
		}
		rows = append(rows, []cell{{{or(e.Category), strong}}, what, {{at, small}}})
	}
	p.table([]column{{"Category", 0.31}, {"Error", 0.47}, {"Where", 0.22}}, rows)
}
