package specimen

// bust paints neck, shoulders and clothes.
func (s *sitter) bust() {
	neck := 0.50
	if s.Female {
		neck = 0.42
	}
	s.fill(start(-neck, 0.7).curve(-neck, 1.3, -neck-0.02, 1.5, -neck-0.3, 1.78).line(0, 2.5).line(neck+0.3, 1.78).
		curve(neck+0.02, 1.5, neck, 1.3, neck, 0.7), solid(s.skin.toward(s.shade, 0.3)))
	s.fill(start(-neck, 1.05).curve(-0.3, s.chin+0.22, 0.3, s.chin+0.30, neck, 1.0).line(neck, 1.35).
		curve(0.2, 1.72, -0.2, 1.66, -neck, 1.32), glaze(s.shade.darker(0.12), 0.55))
	s.fill(s.shoulders(neck), vertical(s.cloth.lighter(0.10), s.cloth.darker(0.16), 1.5, 3))
	s.garment(neck)
}

// shoulders is the body's outline with an opening for the neck.
func (s *sitter) shoulders(neck float64) *path {
	wide := 2.02
	if s.Female {
		wide = 1.78
	}
	return start(-neck-0.13, 1.58).
		curve(-neck-0.45, 1.86, -wide*0.85, 1.9, -wide*0.96, 2.42).
		curve(-wide*1.05, 2.8, -wide*1.08, 3.1, -wide*1.1, 3.6).
		line(wide*1.1, 3.6).
		curve(wide*1.08, 3.1, wide*1.05, 2.8, wide*0.96, 2.42).
		curve(wide*0.85, 1.9, neck+0.45, 1.86, neck+0.13, 1.58).
		curve(neck*0.7, 2.02, -neck*0.7, 2.02, -neck-0.13, 1.58)
}

func (s *sitter) garment(neck float64) {
	seam := glaze(s.cloth.darker(0.5), 0.5)
	edge := bezier(pt(-neck-0.13, 1.58), pt(-neck*0.7, 2.02), pt(neck*0.7, 2.02), pt(neck+0.13, 1.58), 14)
	switch s.Clothes {
	case Tee:
		s.fill(stroke(edge, 0.11, false), solid(s.cloth.darker(0.14)))
	case Shirt:
		s.collar(neck, s.cloth.lighter(0.16))
		s.buttons(seam)
	case Suit:
		s.lapels(neck)
	case Blouse:
		s.fill(start(-neck-0.14, 1.57).curve(-0.3, 2.1, -0.1, 2.4, 0, 2.55).curve(0.1, 2.4, 0.3, 2.1, neck+0.14, 1.57).
			line(neck, 1.4).line(-neck, 1.4), solid(s.skin.toward(s.shade, 0.14)))
		s.fill(stroke(bezier(pt(-neck-0.15, 1.57), pt(-0.3, 2.1), pt(-0.1, 2.4), pt(0, 2.56), 10), 0.06, false), seam)
		s.fill(stroke(bezier(pt(neck+0.15, 1.57), pt(0.3, 2.1), pt(0.1, 2.4), pt(0, 2.56), 10), 0.06, false), seam)
	case Hoodie:
		s.fill(start(-neck-0.12, 1.42).curve(-neck-0.55, 1.6, -neck-0.4, 2.1, 0, 2.2).curve(neck+0.4, 2.1, neck+0.55, 1.6, neck+0.12, 1.42).
			curve(neck*0.8, 2.0, -neck*0.8, 2.0, -neck-0.12, 1.42), solid(s.cloth.darker(0.12)))
		for _, side := range []float64{-1, 1} {
			s.fill(stroke(bezier(pt(side*0.2, 2.05), pt(side*0.22, 2.3), pt(side*0.18, 2.5), pt(side*0.2, 2.75), 6), 0.05, false), solid(s.cloth.lighter(0.6)))
		}
	case Collarless:
		s.fill(stroke(edge, 0.16, false), solid(s.cloth.lighter(0.18)))
		s.fill(rectangle(-0.1, 1.93, 0.2, 1.7), solid(s.cloth.lighter(0.12)))
		s.buttons(seam)
	}
}

// collar is two points of a shirt's collar.
func (s *sitter) collar(neck float64, col rgb) {
	for _, side := range []float64{-1, 1} {
		s.fill(start(side*(neck+0.06), 1.38).line(side*(neck+0.24), 1.62).line(side*0.42, 2.22).line(0, 1.93), solid(col))
		s.fill(stroke([]point{{side * 0.42, 2.22}, {0, 1.93}}, 0.035, false), glaze(col.darker(0.6), 0.35))
	}
}

func (s *sitter) buttons(ink paint) {
	s.fill(rectangle(-0.015, 1.95, 0.03, 1.7), glaze(ink.top, 0.35))
	for i := range 3 {
		s.fill(circle(0.07, 2.25+0.36*float64(i), 0.035), ink)
	}
}

// lapels is a jacket over a white shirt, with a tie where a man wears it.
func (s *sitter) lapels(neck float64) {
	white, jacket := hex(0xf1f1ee), s.cloth.darker(0.25)
	s.fill(s.shoulders(neck), vertical(jacket.lighter(0.08), jacket, 1.5, 3))
	s.fill(start(-neck-0.12, 1.56).line(0, 3.4).line(neck+0.12, 1.56).curve(neck*0.7, 2.02, -neck*0.7, 2.02, -neck-0.12, 1.56), solid(white))
	s.collar(neck, white.darker(0.03))
	if !s.Female {
		tie := cloths[(s.Cloth+7)%len(cloths)].darker(0.1)
		s.fill(start(-0.13, 1.93).line(0.13, 1.93).line(0.09, 2.16).line(-0.09, 2.16), solid(tie.darker(0.15)))
		s.fill(start(-0.09, 2.16).line(0.09, 2.16).line(0.24, 3.5).line(-0.24, 3.5), solid(tie))
	}
	for _, side := range []float64{-1, 1} {
		s.fill(start(side*(neck+0.20), 1.60).line(side*(neck+0.52), 2.0).line(side*(neck+0.28), 2.22).line(side*(neck+0.42), 2.34).line(side*0.12, 3.5).line(side*0.02, 3.5), solid(jacket.lighter(0.10)))
		s.fill(stroke([]point{{side * (neck + 0.20), 1.60}, {side * 0.05, 3.4}}, 0.03, false), glaze(jacket.darker(0.6), 0.5))
	}
}
