package specimen

import (
	"math/rand/v2"
)

// Cards are of the size ID-1 (ISO/IEC 7810).
const (
	cardWidth  = 85.6
	cardHeight = 53.98
	cardUnit   = 6.8 // pixels a millimetre
	cardCorner = 3.18
)

func (d Document) cardFront() []byte {
	s := newSheet(d, cardWidth, cardHeight, cardUnit, cardCorner)
	s.emblemAt(60, 31, 17, glaze(s.look.accent, 0.11))
	s.cardHead()
	s.photo(4, 12.5, 24, 31)
	if d.Kind == DrivingLicence {
		s.licenceFields()
	} else {
		s.cardFields()
	}
	s.ghost(68.5, 28.5, 14, 17.5)
	s.signature(6, 50.2, 20)
	s.specimen(33, 46, 8.5, -0.22)
	return s.finish()
}

func (s *sheet) cardHead() {
	local, title := s.doc.title()
	s.emblemAt(7.2, 6.2, 3.4, glaze(s.look.band, 0.95))
	st := textStyle{face: bold, size: 2.7, spacing: 0.1, paint: solid(s.look.band)}
	s.fit(13, 5.2, 44, s.doc.capitals(firstOf(s.look.local, s.look.name)), st)
	s.fit(13, 8.6, 44, local+"  ·  "+title, textStyle{face: medium, size: 2.05, spacing: 0.08, paint: solid(s.look.band.darker(0.2))})
	s.fill(rectangle(13, 10, s.w-17, 0.28), glaze(s.look.accent, 0.9))
	s.fill(rounded(s.w-15, 2.4, 11, 6.6, 0.9), solid(s.look.band))
	code := textStyle{face: bold, size: 3.8, spacing: 0.2, paint: solid(rgb{255, 255, 255})}
	s.text(s.w-9.5-s.width(s.doc.State, code)/2, 7.1, s.doc.State, code)
}

func (s *sheet) cardFields() {
	d, x, y := s.doc, 31.5, 13.9
	s.field(x, y, 35, surname, d.bothNames(d.LocalLast, d.LastName))
	s.field(x, y+5.7, 35, givenNames, d.bothNames(d.LocalFirst, d.FirstName))
	s.field(x, y+11.4, 18, sex, d.Sex)
	s.field(x+19.5, y+11.4, 17, nationality, d.Nationality)
	s.field(x, y+17.1, 18, birthDate, d.BirthDate)
	s.field(x+19.5, y+17.1, 17, expiryDate, d.ExpiryDate)
	s.field(x, y+22.8, 36, birthPlace, d.capitals(d.BirthPlace))
	s.field(x, y+28.5, 18, documentNumber, d.Number)
	s.field(x+19.5, y+28.5, 20, personalNumber, firstOf(d.PersonalNumber, "—"))
	s.contacts(69.5, 13.2)
}

// licenceFields are numbered, as on the licences of most of the world (Directive 2006/126/EC).
func (s *sheet) licenceFields() {
	d := s.doc
	lines := [][2]string{
		{"1.", d.bothNames(d.LocalLast, d.LastName)}, {"2.", d.bothNames(d.LocalFirst, d.FirstName)},
		{"3.", d.BirthDate + "  " + d.BirthPlace}, {"4a.", d.IssueDate}, {"4b.", d.ExpiryDate},
		{"4c.", s.look.city}, {"4d.", firstOf(d.PersonalNumber, "—")}, {"5.", d.Number}, {"9.", "AM  B  BE  L  T"},
	}
	for i, l := range lines {
		y := 15.6 + 3.55*float64(i)
		s.text(31.5, y, l[0], textStyle{face: plain, size: 1.8, paint: solid(s.label())})
		s.fit(36, y, 36, l[1], textStyle{face: medium, size: 2.45, paint: solid(ink)})
	}
}

// contacts is the golden plate of a chip card.
func (s *sheet) contacts(x, y float64) {
	gold, line := hex(0xd9b65a), glaze(hex(0x7d6224), 0.75)
	s.fill(rounded(x, y, 12, 10, 1.6), vertical(gold.lighter(0.3), gold, y, y+10))
	for _, dy := range []float64{3.2, 6.5} {
		s.fill(rectangle(x, y+dy, 4, 0.22), line)
		s.fill(rectangle(x+8, y+dy, 4, 0.22), line)
	}
	s.ring(rounded(x+4, y+1.4, 4, 7.2, 1), rounded(x+4.22, y+1.62, 3.56, 6.76, 0.8), line)
	s.fill(rectangle(x+5.9, y, 0.22, 1.5), line)
	s.fill(rectangle(x+5.9, y+8.5, 0.22, 1.5), line)
}

func (d Document) cardBack() []byte {
	s := newSheet(d, cardWidth, cardHeight, cardUnit, cardCorner)
	s.emblemAt(70, 14, 9, glaze(s.look.accent, 0.35))
	if d.Kind == DrivingLicence {
		s.categories()
	} else {
		s.backFields()
		s.mrz(5, cardHeight-5.2)
	}
	s.specimen(10, 30, 8.5, -0.22)
	return s.finish()
}

func (s *sheet) backFields() {
	d := s.doc
	s.fill(rectangle(0, 2.2, s.w, 3.4), glaze(s.look.band, 0.9))
	s.text(5, 4.75, s.doc.capitals(firstOf(s.look.local, s.look.name)), textStyle{face: bold, size: 2.2, spacing: 0.1, paint: solid(rgb{255, 255, 255})})
	s.field(5, 9, 25, issueDate, d.IssueDate)
	s.field(33, 9, 25, authority, s.doc.capitals(s.look.city))
	s.field(5, 15, 25, personalNumber, firstOf(d.PersonalNumber, "—"))
	s.bars(33, 14, 26, 5.5)
	s.text(5, 23.6, "This card remains the property of the issuing state. Specimen without value.", textStyle{face: plain, size: 1.45, paint: glaze(s.label(), 0.9)})
}

// bars is a bar code that says nothing.
func (s *sheet) bars(x, y, w, h float64) {
	r := rand.New(rand.NewPCG(s.doc.seed(), 3))
	p := new(path)
	for at := 0.0; at < w; {
		width := 0.18 * float64(1+r.IntN(3))
		p.join(rectangle(x+at, y, width, h))
		at += width + 0.18*float64(1+r.IntN(3))
	}
	s.fill(p, solid(ink))
}

// categories is the table on the back of a driving licence.
func (s *sheet) categories() {
	line := glaze(s.label(), 0.5)
	for i, name := range []string{"AM", "A1", "A", "B", "BE", "C", "D", "T"} {
		y := 9.5 + 4.9*float64(i)
		s.fill(rectangle(5, y+1.4, 56, 0.14), line)
		s.text(7, y, name, textStyle{face: bold, size: 2.3, paint: solid(ink)})
		if name == "AM" || name == "B" || name == "BE" || name == "T" {
			s.text(22, y, s.doc.IssueDate, textStyle{face: plain, size: 2, paint: solid(ink)})
			s.text(43, y, s.doc.ExpiryDate, textStyle{face: plain, size: 2, paint: solid(ink)})
		}
	}
	for _, x := range []float64{5, 18, 39, 61} {
		s.fill(rectangle(x, 5.6, 0.14, 40), line)
	}
	s.bars(65, 32, 15, 8)
}
