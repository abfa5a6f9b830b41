package specimen

import "math"

// hairBehind paints what hangs behind the head and shoulders.
func (s *sitter) hairBehind() {
	dark := solid(s.hair.darker(0.18))
	w := s.w
	switch s.Style {
	case LongStraight:
		s.fill(start(0, -1.55).curve(w*1.1, -1.6, w+0.32, -0.8, w+0.28, 0).curve(w+0.26, 0.9, w+0.32, 1.5, w+0.22, 2.35).
			line(-w-0.22, 2.35).curve(-w-0.32, 1.5, -w-0.26, 0.9, -w-0.28, 0).curve(-w-0.32, -0.8, -w*1.1, -1.6, 0, -1.55), dark)
	case LongWavy:
		s.fill(s.waves(2.25), dark)
	case Bob:
		s.fill(start(0, -1.58).curve(w*1.2, -1.6, w+0.36, -0.7, w+0.34, 0.1).curve(w+0.36, 0.7, w+0.2, 1.1, w-0.15, 1.25).
			line(-w+0.15, 1.25).curve(-w-0.2, 1.1, -w-0.36, 0.7, -w-0.34, 0.1).curve(-w-0.36, -0.7, -w*1.2, -1.6, 0, -1.58), dark)
	case Afro:
		s.fill(s.cloud(1.36, -0.42, 17, 0.30), dark)
	case Bun:
		s.fill(ellipse(0, -1.58, 0.44, 0.33), dark)
	case Ponytail:
		s.fill(start(w-0.2, -1.1).curve(w+0.7, -0.9, w+0.5, 0.3, w+0.42, 1.6).curve(w+0.2, 1.9, w+0.05, 1.6, w-0.05, 1.2).line(w-0.2, 0), dark)
	case Curly:
		if s.Female {
			s.fill(s.cloud(1.34, -0.1, 15, 0.34), dark)
		}
	case Scarf:
		s.fill(start(0, -1.62).curve(w*1.15, -1.62, w+0.36, -0.9, w+0.32, 0).curve(w+0.3, 0.9, w+0.3, 1.5, w+0.45, 2.3).
			line(-w-0.45, 2.3).curve(-w-0.3, 1.5, -w-0.3, 0.9, -w-0.32, 0).curve(-w-0.36, -0.9, -w*1.15, -1.62, 0, -1.62), solid(s.scarf().darker(0.2)))
	}
}

// waves is long hair with wavy edges down to y.
func (s *sitter) waves(y float64) *path {
	p := start(0, -1.58)
	side := func(sign float64) []point {
		var pts []point
		for i := range 9 {
			t := float64(i) / 8
			pts = append(pts, pt(sign*(s.w+0.20+0.10*t*math.Sin(t*13+sign)+0.16*t), -0.7+t*(y+0.7)))
		}
		return smooth(pts, 5)
	}
	right, left := side(1), side(-1)
	p.curve(s.w*0.8, -1.62, right[0].x, -1.35, right[0].x, right[0].y)
	for _, v := range right[1:] {
		p.line(v.x, v.y)
	}
	for i := len(left) - 1; i >= 0; i-- {
		p.line(left[i].x, left[i].y)
	}
	return p.curve(left[0].x, -1.35, -s.w*0.8, -1.62, 0, -1.58)
}

// cloud is a mass of curls: n bumps of radius bump on a circle of radius r around (0, y).
func (s *sitter) cloud(r, y float64, n int, bump float64) *path {
	p := ellipse(0, y, r, r)
	for i := range n {
		v := polar(r-0.04, -math.Pi*1.2+math.Pi*1.4*float64(i)/float64(n-1))
		p.join(circle(v.x, v.y+y, bump*(0.9+0.2*lean(i))))
	}
	return p
}

// hairInFront paints what lies on the skull.
func (s *sitter) hairInFront() {
	paint := vertical(s.hair.lighter(0.10), s.hair, -1.6, -0.4)
	switch s.Style {
	case Bald:
		s.fringe()
	case Buzz:
		s.fill(s.cap(0.015, -0.80, 0, -0.12), glaze(s.hair, 0.82))
	case Short:
		s.fill(s.cap(0.17, -0.82, 0.02, -0.08), paint)
		s.strands(0.5)
	case SidePart:
		s.fill(s.cap(0.20, -0.86, -0.22, -0.05), paint)
		s.strands(-0.35)
	case Quiff:
		s.fill(s.cap(0.10, -0.86, 0, -0.05), paint)
		s.fill(start(-0.74, -1.0).curve(-0.75, -1.75, 0.2, -1.95, 0.72, -1.55).curve(0.95, -1.3, 0.85, -1.0, 0.72, -0.9).curve(0.3, -1.15, -0.3, -1.05, -0.74, -0.92), paint)
		s.strands(0.4)
	case Curly:
		s.fill(s.cap(0.16, -0.80, 0, -0.05), paint)
		s.curls(0.98, 2)
	case Afro:
		s.fill(s.cap(0.22, -0.82, 0, -0.15), solid(s.hair.darker(0.18)))
		s.curls(1.10, 3)
	case LongStraight:
		s.fill(s.curtain(0.06), paint)
		s.strands(0)
	case LongWavy:
		s.fill(s.curtain(0.30), paint)
		s.strands(0.3)
	case Bob:
		s.fill(s.bangs(), paint)
		s.strands(0.2)
	case Bun, Ponytail:
		s.fill(s.cap(0.13, -0.90, 0.05, 0.02), paint)
		s.strands(0)
	case Scarf:
		s.veil()
	case Turban:
		s.turban()
	}
}

// cap is hair that covers the skull: rise above it, hairline y, where the line is highest (x), and how
// far it comes down beside the ears.
func (s *sitter) cap(rise, line, part, side float64) *path {
	w := s.w
	return start(-w-0.03, side).
		curve(-w-0.10, -0.75, -w*0.78, -1.40-rise, 0, -1.40-rise).
		curve(w*0.78, -1.40-rise, w+0.10, -0.75, w+0.03, side).
		curve(w-0.02, side-0.2, w-0.06, -0.45, w-0.12, -0.55).
		curve(w-0.22, line-0.12, 0.3+part, line-0.02, part+0.05, line-0.06).
		curve(-0.3+part, line-0.02, -w+0.22, line-0.06, -w+0.12, -0.55).
		curve(-w+0.06, -0.45, -w+0.02, side-0.2, -w-0.03, side)
}

// curtain is long hair parted at x, falling at both sides of the face.
func (s *sitter) curtain(x float64) *path {
	w := s.w
	return start(-w-0.16, 0.75).
		curve(-w-0.30, -0.6, -w*0.8, -1.62, 0, -1.60).
		curve(w*0.8, -1.62, w+0.30, -0.6, w+0.16, 0.75).
		curve(w+0.02, 0.3, w-0.02, -0.3, w-0.18, -0.55).
		curve(w-0.35, -0.85, x+0.3, -1.0, x, -1.16).
		curve(x-0.3, -0.95, -w+0.3, -0.75, -w+0.14, -0.45).
		curve(-w+0.02, -0.2, -w-0.02, 0.3, -w-0.16, 0.75)
}

// bangs is hair cut straight over the brows.
func (s *sitter) bangs() *path {
	w := s.w
	return start(-w-0.20, 0.95).
		curve(-w-0.34, -0.6, -w*0.85, -1.60, 0, -1.60).
		curve(w*0.85, -1.60, w+0.34, -0.6, w+0.20, 0.95).
		curve(w-0.02, 0.7, w-0.02, -0.1, w-0.10, -0.42).
		curve(w*0.5, -0.36, -w*0.5, -0.36, -w+0.10, -0.42).
		curve(-w+0.02, -0.1, -w+0.02, 0.7, -w-0.20, 0.95)
}

// strands are a few lighter and darker lines that follow the head.
func (s *sitter) strands(part float64) {
	for i := range 7 {
		x := -0.72 + 0.24*float64(i)
		top := pt(part*0.4+x*0.25, -1.42)
		end := pt(x*1.12, -0.98+0.16*math.Abs(x))
		ink := glaze(s.hair.lighter(0.22), 0.35)
		if i%2 == 0 {
			ink = glaze(s.hair.darker(0.3), 0.35)
		}
		s.fill(stroke(bezier(top, mix(top, end, 0.3).plus(x*0.3, -0.05), mix(top, end, 0.7).plus(x*0.25, 0), end, 8), 0.035, true), ink)
	}
}

// curls are rows of locks over the forehead, the innermost at radius r.
func (s *sitter) curls(r float64, rows int) {
	for row := range rows {
		for i := range 8 + row {
			n := float64(7 + row)
			a := math.Pi * (1.13 + 0.74*float64(i)/n)
			v := polar(r+0.17*float64(row), a)
			tone := s.hair.lighter(0.04 + 0.05*float64((i+row)%3))
			s.fill(circle(v.x*0.92, v.y-0.22, 0.15+0.03*lean(i+row)), solid(tone))
		}
	}
}

// fringe is what is left at the sides of a bald head.
func (s *sitter) fringe() {
	if s.Age < 0.35 {
		return // shaved
	}
	for _, side := range []float64{-1, 1} {
		w := s.w * side
		s.fill(start(w+side*0.04, 0.12).curve(w+side*0.14, -0.4, w+side*0.02, -0.75, w*0.86, -0.86).
			curve(w*0.84, -0.6, w*0.92, -0.2, w+side*0.04, 0.12), glaze(s.hair, 0.9))
	}
}

func (s *sitter) scarf() rgb { return cloths[(s.Cloth+3)%len(cloths)] }

// veil is a head scarf that leaves the face free, as passport rules ask.
func (s *sitter) veil() {
	w, col := s.w, s.scarf()
	outer := start(0, -1.64).curve(w*1.1, -1.64, w+0.32, -0.9, w+0.28, 0).curve(w+0.26, 0.9, w*0.9, 1.6, 0.1, 1.95).
		curve(-w*0.9, 1.6, -w-0.26, 0.9, -w-0.28, 0).curve(-w-0.32, -0.9, -w*1.1, -1.64, 0, -1.64)
	inner := start(0, -0.98).curve(w*0.62, -0.98, w*0.97, -0.6, w*0.97, 0).curve(w*0.97, 0.55, s.jaw+0.1, 1.02, 0, s.chin+0.02).
		curve(-s.jaw-0.1, 1.02, -w*0.97, 0.55, -w*0.97, 0).curve(-w*0.97, -0.6, -w*0.62, -0.98, 0, -0.98)
	s.ring(outer, inner, solid(col))
	for i, x := range []float64{-0.5, -0.15, 0.3} {
		fold := bezier(pt(x, -1.55+0.1*math.Abs(x)), pt(-w-0.05+x*0.2, -0.9), pt(-w-0.2, 0.2), pt(-w+0.25+0.3*float64(i), 1.5), 10)
		s.fill(stroke(fold, 0.035, true), glaze(col.darker(0.4), 0.28))
	}
	s.fill(stroke(bezier(pt(-0.7, 1.25), pt(-0.1, 1.75), pt(0.4, 1.8), pt(w, 1.2), 10), 0.05, true), glaze(col.darker(0.5), 0.4))
}

func (s *sitter) turban() {
	w, col := s.w, s.scarf()
	s.fill(start(-w-0.10, -0.42).curve(-w-0.34, -1.3, -0.7, -1.95, 0.05, -1.95).curve(0.8, -1.95, w+0.34, -1.3, w+0.10, -0.42).
		curve(w*0.7, -0.75, 0.3, -0.98, 0, -1.0).curve(-0.3, -0.98, -w*0.7, -0.75, -w-0.10, -0.42), vertical(col.lighter(0.12), col, -1.9, -0.5))
	for i := range 4 {
		y := 0.22 * float64(i)
		s.fill(stroke(bezier(pt(-w-0.1+y*0.3, -0.62-y), pt(-0.5, -1.2-y*0.7), pt(-0.1, -1.2-y*0.9), pt(0.15, -1.02-y), 10), 0.035, true), glaze(col.darker(0.5), 0.4))
		s.fill(stroke(bezier(pt(w+0.1-y*0.3, -0.62-y), pt(0.5, -1.2-y*0.7), pt(0.1, -1.2-y*0.9), pt(-0.15, -1.02-y), 10), 0.035, true), glaze(col.darker(0.5), 0.4))
	}
}

func (s *sitter) beard() {
	hair := s.hair.darker(0.1)
	switch s.Beard {
	case Stubble:
		s.fill(s.jawHair(0.02), glaze(hair.toward(s.skin, 0.3), 0.34))
	case Moustache:
		s.moustache(hair, 1)
	case Goatee:
		s.moustache(hair, 0.95)
		s.fill(start(-0.3, 0.86).curve(-0.38, 1.1, -0.3, s.chin+0.02, 0, s.chin+0.06).curve(0.3, s.chin+0.02, 0.38, 1.1, 0.3, 0.86).
			curve(0.2, 1.02, -0.2, 1.02, -0.3, 0.86), glaze(hair, 0.93))
	case FullBeard:
		s.fill(s.jawHair(0.13), glaze(hair, 0.95))
		s.moustache(hair.lighter(0.05), 1.05)
	}
}

// jawHair follows the jaw from ear to ear, hanging deep units below the chin.
func (s *sitter) jawHair(deep float64) *path {
	w, j, chin := s.w, s.jaw, s.chin+deep
	return start(-w+0.005, 0.05).
		curve(-w*0.99, 0.5, -j-0.13, 0.80, -j-0.08, 0.86).
		curve(-j*0.9, chin-0.1, -j*0.5, chin, 0, chin).
		curve(j*0.5, chin, j*0.9, chin-0.1, j+0.08, 0.86).
		curve(j+0.13, 0.80, w*0.99, 0.5, w-0.005, 0.05).
		curve(w-0.12, 0.5, 0.55, 0.72, 0.36, 0.72).
		curve(0.2, 0.66, -0.2, 0.66, -0.36, 0.72).
		curve(-0.55, 0.72, -w+0.12, 0.5, -w+0.005, 0.05)
}

func (s *sitter) moustache(hair rgb, size float64) {
	s.fill(start(0, 0.69).curve(0.14, 0.65, 0.28*size, 0.70, 0.40*size, 0.87).
		curve(0.26, 0.865, 0.1, 0.845, 0, 0.855).curve(-0.1, 0.845, -0.26, 0.865, -0.40*size, 0.87).
		curve(-0.28*size, 0.70, -0.14, 0.65, 0, 0.69), glaze(hair, 0.95))
}

// lean is a small wave that makes neighbouring curls differ.
func lean(n int) float64 { return math.Sin(float64(n)*1.7) * 0.5 }
