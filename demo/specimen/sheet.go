package specimen

import (
	"image"
	"math"
	"math/rand/v2"
)

// A sheet is a document on a desk, as the camera sees it: a canvas whose origin is the document's
// upper left corner.
type sheet struct {
	*canvas
	doc  Document
	look state
	w, h float64 // of the document

	corners []func() // put back what lies under the rounded corners
}

const desk = 3.2 // millimetres of desk around a document

var deskColour, shadow = hex(0x4b5563), hex(0x111827)

// newSheet lays a document of w by h mm on the desk and prints its ground: a soft blend of the state's
// colours with fine lines.
func newSheet(d Document, w, h, unit, corner float64) *sheet {
	s := &sheet{doc: d, look: stateOf(d.State), w: w, h: h}
	s.canvas = newCanvas(int((w+2*desk)*unit), int((h+2*desk)*unit), unit, deskColour)
	s.t = s.t.at(pt(desk, desk), 1, 0)
	inside := rounded(0.5, 0.5, w-1, h-1, corner)
	s.ring(rounded(-0.6, -0.2, w+1.2, h+1.3, corner+0.6), inside, glaze(shadow, 0.18))
	s.ring(rounded(-0.3, -0.1, w+0.6, h+0.8, corner+0.4), inside, glaze(shadow, 0.25))
	s.print(s.paper(), corner)
	return s
}

// paper is the ground of the document: a row of colours from left to right.
func (s *sheet) paper() func(t float64) rgb {
	left, middle, right := s.look.band.lighter(0.78), s.look.accent.lighter(0.84), s.look.band.lighter(0.83)
	switch s.doc.Kind {
	case ResidencePermit:
		left, right = hex(0xd9b8c4), hex(0xb9d0e2)
	case DrivingLicence:
		left, middle, right = hex(0xf0c4cf), hex(0xf4dbe0), hex(0xe9c2d8)
	}
	return func(t float64) rgb {
		if t < 0.5 {
			return left.toward(middle, 2*t)
		}
		return middle.toward(right, 2*t-1)
	}
}

// print lays the ground with its lines within the rounded outline of the document.
func (s *sheet) print(ground func(t float64) rgb, corner float64) {
	from, to := s.t.apply(pt(0, 0)), s.t.apply(pt(s.w, s.h))
	area := image.Rect(int(from.x), int(from.y), int(to.x), int(to.y))
	row := make([]uint8, 4*area.Dx())
	for x := range area.Dx() {
		col := ground(float64(x) / float64(area.Dx()))
		row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = col.r, col.g, col.b, 255
	}
	s.keepCorners(area, int(corner*s.t.unit()))
	for y := area.Min.Y; y < area.Max.Y; y++ {
		copy(s.img.Pix[s.img.PixOffset(area.Min.X, y):], row)
	}
	s.tint(pattern(s.look.waves, false), area, glaze(s.look.band, 0.17))
	s.tint(pattern(s.look.waves, true), area, glaze(s.look.accent, 0.30))
}

// keepCorners remembers what lies under the corners that are to be rounded off, r pixels wide. They
// are cut when all is printed.
func (s *sheet) keepCorners(area image.Rectangle, r int) {
	for y := range r {
		dx := float64(r) - math.Sqrt(float64(r*r)-math.Pow(float64(r-y)-0.5, 2))
		n := int(dx + 0.5)
		for _, line := range []int{area.Min.Y + y, area.Max.Y - 1 - y} {
			for _, x := range []int{area.Min.X, area.Max.X - n} {
				place := s.img.Pix[s.img.PixOffset(x, line):][:4*n]
				old := append([]uint8(nil), place...)
				s.corners = append(s.corners, func() { copy(place, old) })
			}
		}
	}
}

// ink is the colour of what is printed about the person, label that of the words beside it.
var ink = hex(0x1b1e26)

func (s *sheet) label() rgb { return s.look.band.darker(0.25) }

// field prints a label in two languages and under it a value, at most limit wide.
func (s *sheet) field(x, y, limit float64, name int, value string) {
	words := s.doc.words()[name]
	if words != english[name] {
		words += " / " + english[name]
	}
	s.fit(x, y, limit, words, textStyle{face: plain, size: s.small(), paint: glaze(s.label(), 0.95)})
	s.fit(x, y+s.small()*1.62, limit, value, textStyle{face: medium, size: s.small() * 1.55, spacing: 0.03, paint: solid(ink)})
}

// small is the height of the labels; a card has less room than a page.
func (s *sheet) small() float64 {
	if s.doc.Kind == Passport {
		return 2.05
	}
	return 1.62
}

// emblemAt prints the state's emblem, r high around (x, y).
func (s *sheet) emblemAt(x, y, r float64, with paint) {
	old := s.t
	s.t = s.t.at(pt(x, y), r, 0)
	s.fill(emblem(s.look.emblem), with)
	s.t = old
}

// photo prints the portrait into a frame.
func (s *sheet) photo(x, y, w, h float64) {
	old, clipped := s.t, s.img
	a, b := s.t.apply(pt(x, y)), s.t.apply(pt(x+w, y+h))
	frame := image.Rect(int(a.x), int(a.y), int(b.x), int(b.y))
	s.fill(rounded(x-0.35, y-0.35, w+0.7, h+0.7, 0.8), glaze(rgb{255, 255, 255}, 0.8))
	s.img = s.img.SubImage(frame).(*image.RGBA)
	s.fill(rectangle(x, y, w, h), vertical(hex(0xe9edf1), hex(0xcfd6de), y, y+h))
	s.t = s.t.at(pt(x+w/2, y+h*0.44), w/3.55, 0)
	s.doc.Face.draw(s.canvas)
	s.t, s.img = old, clipped
	s.tint(pattern(s.look.waves+1, false), frame, glaze(s.look.band.lighter(0.3), 0.10))
}

// ghost prints the small second portrait: one colour, faded out at its edge.
func (s *sheet) ghost(x, y, w, h float64) {
	unit := s.t.unit()
	small := newCanvas(int(w*unit), int(h*unit), 1, rgb{255, 255, 255})
	small.t = scaling(1).at(pt(w*unit/2, h*unit*0.44), w*unit/3.7, 0)
	s.doc.Face.draw(small)
	corner := s.t.apply(pt(x, y))
	to := s.look.band.darker(0.2)
	for py := range small.img.Rect.Dy() {
		for px := range small.img.Rect.Dx() {
			p := small.img.Pix[small.img.PixOffset(px, py):][:3]
			light := (float64(p[0])*3 + float64(p[1])*6 + float64(p[2])) / 2550
			u, v := float64(px)/(w*unit)*2-1, float64(py)/(h*unit)*2-1
			fade := clamp(2.4*(1-math.Sqrt(u*u+v*v*0.9)), 0, 1)
			s.mixPixel(int(corner.x)+px, int(corner.y)+py, to, 0.62*(1-light)*fade)
		}
	}
	canvases.Put(small)
}

// mixPixel moves one pixel toward a colour.
func (c *canvas) mixPixel(x, y int, to rgb, alpha float64) {
	if alpha <= 0 || !(image.Point{x, y}).In(c.img.Rect) {
		return
	}
	p := c.img.Pix[c.img.PixOffset(x, y):][:3]
	col := rgb{p[0], p[1], p[2]}.toward(to, alpha)
	p[0], p[1], p[2] = col.r, col.g, col.b
}

// signature is a scribble of the holder's hand, w wide on a line that begins at (x, y): loops as a
// rolling wheel draws them, of uneven height.
func (s *sheet) signature(x, y, w float64) {
	const steps = 14 // points a loop
	r := rand.New(rand.NewPCG(s.doc.seed(), 7))
	loops := 7 + r.IntN(6)
	height, width, lean := make([]float64, loops+1), w/float64(loops+1), 0.2+0.5*r.Float64()
	for i := range height {
		height[i] = w * (0.035 + 0.06*r.Float64())
		if i == 0 || r.IntN(4) == 0 { // a capital, or a letter with an upper length
			height[i] = w * (0.13 + 0.07*r.Float64())
		}
	}
	var pts []point
	for i := range loops * steps {
		t := float64(i) / steps
		h := height[i/steps]*(1-t+math.Floor(t)) + height[i/steps+1]*(t-math.Floor(t))
		rise := (1 - math.Cos(2*math.Pi*t)) / 2
		pts = append(pts, pt(x+width*(t+0.75*math.Sin(2*math.Pi*t))+lean*h*rise, y-h*rise-0.03*w*math.Sin(t*0.7)))
	}
	if r.IntN(2) == 0 { // a stroke back under the name
		end := pts[len(pts)-1]
		pts = append(pts, smooth([]point{end, end.plus(w*0.06, w*0.05), pt(x+w*0.3, y+w*0.06), pt(x+w, y+w*0.02)}, 6)...)
	}
	s.fill(stroke(pts, w*0.011, false), glaze(hex(0x1c2a52), 0.9))
}

// mrz prints the zone: OCR-B, ten characters an inch, lines 6.35 mm apart, the last at baseline y.
func (s *sheet) mrz(x, y float64) {
	top := y - 6.35*float64(len(s.doc.MRZ)-1) - 5.2
	s.fill(rectangle(0, top, s.w, s.h-top-0.01), glaze(rgb{255, 255, 255}, 0.62))
	for i, line := range s.doc.MRZ {
		at := y - 6.35*float64(len(s.doc.MRZ)-1-i)
		s.text(x, at, line, textStyle{face: ocrb, size: 3.63, pitch: 2.54, paint: solid(hex(0x15161a))})
	}
}

// specimen prints the word across the document, faint but not to be missed.
func (s *sheet) specimen(x, y, size, angle float64) {
	old := s.t
	s.t = s.t.at(pt(x, y), 1, angle)
	s.fill(bold.outline("SPECIMEN", size), glaze(hex(0xb3263a), 0.17))
	s.t = old
}
