package specimen

import "strings"

// The data page of a passport is 125 by 88 mm (ICAO 9303-4).
const (
	pageWidth  = 125
	pageHeight = 88
	pageUnit   = 5.2 // pixels a millimetre
)

func (d Document) page() []byte {
	s := newSheet(d, pageWidth, pageHeight, pageUnit, 2.5)
	s.emblemAt(82, 37, 21, glaze(s.look.accent, 0.10))
	s.pageHead()
	s.photo(6, 17.5, 32, 41)
	s.pageFields()
	s.ghost(99, 38, 20, 25)
	s.mrz(6.6, pageHeight-6.4)
	s.specimen(46, 60, 12, -0.20)
	return s.finish()
}

func (s *sheet) pageHead() {
	s.fill(rectangle(0, 2.5, s.w, 9.3), vertical(s.look.band.lighter(0.08), s.look.band, 2.5, 11.8))
	s.fill(rectangle(0, 11.8, s.w, 0.5), solid(s.look.accent))
	white := solid(rgb{255, 255, 255})
	s.emblemAt(10, 7.1, 3.6, glaze(s.look.accent.lighter(0.55), 1))
	local, title := s.doc.title()
	s.fit(17, 6.4, 60, s.doc.capitals(firstOf(s.look.local, s.look.name)), textStyle{face: bold, size: 3.2, spacing: 0.12, paint: white})
	s.fit(17, 10, 60, strings.ToUpper(s.look.name), textStyle{face: plain, size: 2.2, spacing: 0.12, paint: glaze(rgb{255, 255, 255}, 0.85)})
	st := textStyle{face: bold, size: 3.6, spacing: 0.25, paint: white}
	s.text(s.w-8-s.width(local, st), 6.8, local, st)
	st = textStyle{face: plain, size: 2.2, spacing: 0.2, paint: glaze(rgb{255, 255, 255}, 0.85)}
	s.text(s.w-8-s.width(title, st), 10, title, st)
}

func (s *sheet) pageFields() {
	d, x := s.doc, 43.0
	s.head(x, 16.8, "Type", "P")
	s.head(x+13, 16.8, "Code", d.State)
	s.field(x+30, 16.8, 48, documentNumber, d.Number)
	y := 23.4
	s.field(x, y, 74, surname, d.bothNames(d.LocalLast, d.LastName))
	s.field(x, y+6.2, 74, givenNames, d.bothNames(d.LocalFirst, d.FirstName))
	s.field(x, y+12.4, 30, nationality, d.Nationality)
	s.field(x+33, y+12.4, 24, personalNumber, firstOf(d.PersonalNumber, "—"))
	s.field(x, y+18.6, 30, birthDate, d.BirthDate)
	s.field(x+33, y+18.6, 20, sex, d.Sex)
	s.field(x, y+24.8, 30, issueDate, d.IssueDate)
	s.field(x+33, y+24.8, 24, expiryDate, d.ExpiryDate)
	s.field(x, y+31, 30, birthPlace, d.capitals(d.BirthPlace))
	s.field(x+33, y+31, 24, authority, s.doc.capitals(s.look.city))
	s.signature(8, 64.8, 24)
	s.chip(114.5, 15.2, 4.2)
}

// head is a field whose label is in English only: the document's type and the state's code.
func (s *sheet) head(x, y float64, label, value string) {
	s.text(x, y, label, textStyle{face: plain, size: s.small(), paint: glaze(s.label(), 0.95)})
	s.text(x, y+s.small()*1.62, value, textStyle{face: medium, size: s.small() * 1.55, paint: solid(ink)})
}

// chip is the sign of an electronic document, h high.
func (s *sheet) chip(x, y, h float64) {
	w := h * 1.6
	col := s.look.accent.darker(0.2)
	s.ring(rounded(x-w/2, y, w, h, 0.5), rounded(x-w/2+0.4, y+0.4, w-0.8, h-0.8, 0.3), solid(col))
	s.ring(circle(x, y+h/2, h*0.24), circle(x, y+h/2, h*0.15), solid(col))
	s.fill(rectangle(x-w/2, y+h/2-0.2, w/2-h*0.2, 0.4), solid(col))
	s.fill(rectangle(x+h*0.2, y+h/2-0.2, w/2-h*0.2, 0.4), solid(col))
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
