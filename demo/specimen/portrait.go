package specimen

// Faces are drawn in head units: the middle of the face is the origin, the head is about 2 wide, its
// crown at -1.4, its chin at 1.35, the shoulders at 2.2; y runs down.

// A sitter is a Face with its measures worked out.
type sitter struct {
	*canvas
	Face
	skin, shade, hair, cloth rgb
	w, jaw, chin             float64 // half widths of head and jaw, y of the chin
	eyeX, eyeY               float64
}

// draw paints head and shoulders, without background, in the canvas's present units.
func (f Face) draw(c *canvas) {
	s := &sitter{canvas: c, Face: f}
	s.skin, s.hair, s.cloth = skins[f.Skin], hairs[f.Hair], cloths[f.Cloth]
	s.shade = s.skin.toward(hex(0x40150c), 0.30)
	s.w = 0.95 + 0.05*f.Width
	s.jaw = 0.66 + 0.06*f.Jaw
	s.chin = 1.32 + 0.06*f.Length
	if f.Female {
		s.w, s.jaw, s.chin = s.w-0.04, s.jaw-0.08, s.chin-0.03
	}
	s.eyeX, s.eyeY = 0.40+0.025*f.Gap, 0.06

	s.hairBehind()
	s.bust()
	s.head()
	s.eyes()
	s.nose()
	s.beard()
	s.mouth()
	s.wrinkles()
	s.hairInFront()
	s.glasses()
}

// skull is the outline of the head without its ears.
func (s *sitter) skull() *path {
	w, j, chin := s.w, s.jaw, s.chin
	return start(0, -1.38).
		curve(w*0.62, -1.38, w, -0.95, w, -0.22).
		curve(w, 0.25, w*0.97, 0.5, j+0.09, 0.82).
		curve(j*0.86, chin-0.12, j*0.45, chin, 0, chin).
		curve(-j*0.45, chin, -j*0.86, chin-0.12, -j-0.09, 0.82).
		curve(-w*0.97, 0.5, -w, 0.25, -w, -0.22).
		curve(-w, -0.95, -w*0.62, -1.38, 0, -1.38)
}

// farSide is the right part of the face, which lies in the shade.
func (s *sitter) farSide() *path {
	w, j, chin := s.w, s.jaw, s.chin
	return start(0.3, -1.34).
		curve(w*0.75, -1.3, w, -0.9, w, -0.22).
		curve(w, 0.25, w*0.97, 0.5, j+0.09, 0.82).
		curve(j*0.86, chin-0.12, j*0.45, chin, 0, chin).
		curve(0.5, chin-0.25, w*0.62, 0.6, w*0.66, 0.1).
		curve(w*0.7, -0.5, w*0.72, -1, 0.3, -1.34)
}

func (s *sitter) head() {
	for _, side := range []float64{-1, 1} {
		s.fill(ellipse(side*(s.w+0.02), 0.13, 0.15, 0.27), solid(s.skin.toward(s.shade, 0.25)))
		s.fill(ellipse(side*(s.w+0.04), 0.14, 0.07, 0.16), glaze(s.shade, 0.5))
	}
	s.fill(s.skull(), vertical(s.skin.lighter(0.06), s.skin.toward(s.shade, 0.10), -1.2, 1.3))
	s.fill(s.farSide(), glaze(s.shade, 0.20))
	blush := glaze(hex(0xc4513f), 0.11-0.008*float64(s.Skin))
	if s.Female {
		blush.alpha *= 1.4
	}
	s.fill(ellipse(-0.52, 0.52, 0.21, 0.15), blush)
	s.fill(ellipse(0.52, 0.52, 0.21, 0.15), blush)
}

func (s *sitter) eyes() {
	for _, side := range []float64{-1, 1} {
		s.eye(side*s.eyeX, s.eyeY, side)
		s.brow(side)
	}
}

func (s *sitter) eye(x, y, side float64) {
	open := 0.100 - 0.022*s.Age
	s.fill(ellipse(x, y-0.02, 0.255, 0.165), glaze(s.shade, 0.22))
	white := start(x-0.2, y+0.015).curve(x-0.1, y-open*1.5, x+0.1, y-open*1.5, x+0.2, y+0.005).
		curve(x+0.1, y+open*1.15, x-0.1, y+open*1.15, x-0.2, y+0.015)
	s.fill(white, solid(hex(0xf7f3ee).toward(s.skin, 0.012*float64(s.Skin))))
	iris := irises[s.Eyes]
	s.fill(circle(x, y-0.008, 0.094), solid(iris))
	s.fill(circle(x, y-0.008, 0.045), solid(iris.darker(0.8)))
	s.fill(circle(x-0.03, y-0.04, 0.022), glaze(rgb{255, 255, 255}, 0.9))
	// The lid crosses the iris, or the eyes would stare.
	lid := bezier(pt(x-0.22, y+0.02), pt(x-0.1, y-open*1.5-0.01), pt(x+0.1, y-open*1.5-0.01), pt(x+0.22, y+0.005), 10)
	s.fill(stroke(lid, s.lash(), false), solid(s.hairDark().darker(0.3)))
	fold := bezier(pt(x-0.19, y-0.10), pt(x-0.08, y-open*1.5-0.075), pt(x+0.08, y-open*1.5-0.075), pt(x+0.2, y-0.10), 8)
	s.fill(stroke(fold, 0.022, true), glaze(s.shade.darker(0.2), 0.6))
	if s.Female {
		s.fill(start(x+side*0.17, y-0.045).line(x+side*0.27, y-0.09).line(x+side*0.215, y+0.015), solid(s.hairDark().darker(0.3)))
	}
	under := bezier(pt(x-0.17, y+0.1), pt(x-0.08, y+0.15), pt(x+0.08, y+0.15), pt(x+0.17, y+0.1), 8)
	s.fill(stroke(under, 0.02, true), glaze(s.shade.darker(0.1), 0.25+0.4*s.Age))
}

func (s *sitter) lash() float64 {
	if s.Female {
		return 0.062
	}
	return 0.045
}

// hairDark is the colour of brows and lashes: never as light as the lightest hair.
func (s *sitter) hairDark() rgb {
	if s.Style == Bald || s.Style == Scarf || s.Style == Turban {
		return s.hair.darker(0.35)
	}
	return s.hair.darker(0.22)
}

func (s *sitter) brow(side float64) {
	y, thick := s.eyeY-0.29-0.02*s.Brow, 0.098+0.02*s.Brow
	if s.Female {
		y, thick = y-0.03, 0.066+0.012*s.Brow
	}
	in, out := side*(s.eyeX-0.21), side*(s.eyeX+0.25)
	pts := bezier(pt(in, y+0.05), pt(in+(out-in)*0.3, y-0.035), pt(in+(out-in)*0.7, y-0.07), pt(out, y+0.06), 10)
	s.fill(stroke(pts, thick, true), solid(s.hairDark()))
}

func (s *sitter) nose() {
	w := 0.155 + 0.03*s.Nose + 0.006*float64(s.Skin)
	tip := 0.56 + 0.03*s.Length
	s.fill(start(0.05, 0.0).curve(0.10, 0.2, 0.12, 0.3, w+0.05, tip-0.04).
		curve(w+0.02, tip+0.07, 0.05, tip+0.07, 0, tip+0.06).curve(0.06, tip-0.1, 0.03, 0.2, 0.05, 0), glaze(s.shade, 0.42))
	s.fill(ellipse(-0.02, tip-0.06, 0.07, 0.06), glaze(rgb{255, 255, 255}, 0.13))
	under := bezier(pt(-w, tip-0.03), pt(-w-0.01, tip+0.085), pt(-0.05, tip+0.03), pt(0, tip+0.075), 8)
	under = append(under, bezier(pt(0, tip+0.075), pt(0.05, tip+0.03), pt(w+0.01, tip+0.085), pt(w, tip-0.03), 8)[1:]...)
	s.fill(stroke(under, 0.032, true), glaze(s.shade.darker(0.22), 0.75))
	for _, side := range []float64{-1, 1} {
		s.fill(ellipse(side*w*0.52, tip+0.042, 0.042, 0.02), glaze(s.shade.darker(0.5), 0.7))
	}
}

func (s *sitter) mouth() {
	y, half := 0.885+0.02*s.Length, 0.29+0.03*s.Mouth
	full := 0.075 + 0.02*s.Mouth + 0.003*float64(s.Skin)
	lip := s.skin.toward(hex(0xa23a3e), 0.42)
	if s.Female {
		lip = s.skin.toward(hex(0xb02a42), 0.60)
	} else if s.Beard == FullBeard {
		full *= 0.85
	}
	lip = lip.darker(0.03 * float64(s.Skin) / 2)
	s.fill(start(-half, y-0.02).curve(-half*0.5, y-full*0.8, -0.08, y-full*1.25, 0, y-full*0.8).
		curve(0.08, y-full*1.25, half*0.5, y-full*0.8, half, y-0.02).curve(half*0.4, y+0.02, -half*0.4, y+0.02, -half, y-0.02), solid(lip.darker(0.14)))
	s.fill(start(-half, y-0.02).curve(-half*0.4, y+0.025, half*0.4, y+0.025, half, y-0.02).
		curve(half*0.5, y+full*1.75, -half*0.5, y+full*1.75, -half, y-0.02), solid(lip))
	s.fill(ellipse(-0.05, y+full*0.62, half*0.32, full*0.22), glaze(rgb{255, 255, 255}, 0.14))
	smile := 0.035 + 0.015*s.Mouth
	line := bezier(pt(-half-0.03, y-smile), pt(-half*0.4, y+0.035), pt(half*0.4, y+0.04), pt(half+0.03, y-smile), 12)
	s.fill(stroke(line, 0.03, true), solid(s.shade.darker(0.45)))
	s.fill(stroke(bezier(pt(-0.15, y+0.215), pt(-0.06, y+0.25), pt(0.06, y+0.25), pt(0.15, y+0.215), 6), 0.03, true), glaze(s.shade.darker(0.1), 0.4))
}

// wrinkles come with age: folds beside the nose, lines on the forehead, feet of crows.
func (s *sitter) wrinkles() {
	if s.Age < 0.25 {
		return
	}
	ink := glaze(s.shade.darker(0.15), 0.55*s.Age)
	for _, side := range []float64{-1, 1} {
		fold := bezier(pt(side*0.22, 0.5), pt(side*0.34, 0.62), pt(side*0.38, 0.74), pt(side*0.39, 0.86), 8)
		s.fill(stroke(fold, 0.03, true), ink)
		for i := range 2 {
			y := s.eyeY + 0.02 + 0.07*float64(i)
			s.fill(stroke([]point{{side * 0.67, y}, {side * 0.72, y + 0.01}, {side * 0.78, y + 0.03}}, 0.018, true), ink)
		}
	}
	if s.Age > 0.45 {
		for i := range 2 {
			y := -0.52 - 0.14*float64(i)
			s.fill(stroke(bezier(pt(-0.42, y+0.02), pt(-0.15, y-0.03), pt(0.15, y-0.03), pt(0.42, y+0.02), 8), 0.02, true), ink)
		}
	}
}

func (s *sitter) glasses() {
	if s.Glasses == NoGlasses {
		return
	}
	frame := hex(0x2a2528)
	if s.Cloth%2 == 0 {
		frame = hex(0x5b3a26)
	}
	for _, side := range []float64{-1, 1} {
		x, y := side*(s.eyeX+0.02), s.eyeY+0.03
		outer, inner := rounded(x-0.33, y-0.23, 0.66, 0.48, 0.13), rounded(x-0.285, y-0.185, 0.57, 0.39, 0.1)
		if s.Glasses == RoundGlasses {
			outer, inner = circle(x, y, 0.315), circle(x, y, 0.272)
		}
		s.fill(inner, glaze(hex(0xdfeaf2), 0.13))
		s.ring(outer, inner, solid(frame))
		s.fill(start(x-0.2, y-0.1).line(x-0.06, y-0.19).line(x-0.02, y-0.19).line(x-0.2, y-0.04), glaze(rgb{255, 255, 255}, 0.35))
		s.fill(stroke([]point{{side * (s.eyeX + 0.33), y - 0.07}, {side * (s.w + 0.02), y - 0.02}}, 0.05, false), solid(frame))
	}
	bridge := bezier(pt(-s.eyeX+0.31, s.eyeY+0.01), pt(-0.05, s.eyeY-0.07), pt(0.05, s.eyeY-0.07), pt(s.eyeX-0.31, s.eyeY+0.01), 6)
	s.fill(stroke(bridge, 0.045, false), solid(frame))
}
