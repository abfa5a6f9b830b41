package specimen

import "math"

// Emblems, all invented.
const (
	sunEmblem = iota
	starEmblem
	shieldEmblem
	mountainEmblem
	treeEmblem
	waveEmblem
	wingEmblem
)

// emblem is an emblem as one outline, 2 units high around the origin.
func emblem(kind int) *path {
	p := new(path)
	switch kind {
	case sunEmblem:
		p.join(star(0, 0, 0.86, 0.72, 24)).join(circle(0, 0, 0.5).reversed()).join(circle(0, 0, 0.42)).join(star(0, 0, 0.30, 0.42, 5).reversed())
	case starEmblem:
		p.join(star(0, 0.03, 0.62, 0.40, 5)).join(star(0, 0.03, 0.24, 0.40, 5).reversed())
	case shieldEmblem:
		p.join(shield(0.62)).join(shield(0.52).reversed()).join(star(0, 0, 0.34, 0.34, 4))
	case mountainEmblem:
		p.join(start(-0.7, 0.42).line(-0.2, -0.45).line(0.0, -0.12).line(0.22, -0.5).line(0.7, 0.42))
		p.join(start(-0.2, -0.3).line(-0.33, -0.06).line(-0.19, -0.14).line(-0.08, -0.06).reversed())
		p.join(start(0.22, -0.35).line(0.07, -0.07).line(0.22, -0.15).line(0.37, -0.06).reversed())
		p.join(star(0, -0.72, 0.16, 0.42, 6))
	case treeEmblem:
		p.join(rectangle(-0.05, 0.2, 0.1, 0.42))
		for i := range 7 {
			v := polar(0.36, math.Pi*(1+float64(i)/6))
			p.join(circle(v.x, v.y*1.15+0.08, 0.15))
		}
		p.join(circle(0, -0.1, 0.28))
	case waveEmblem:
		for i := range 4 {
			y := -0.33 + 0.24*float64(i)
			p.join(stroke(bezier(pt(-0.66, y+0.1), pt(-0.25, y-0.22), pt(0.2, y+0.34), pt(0.66, y-0.05), 12), 0.11, true))
		}
		p.join(star(0, -0.66, 0.17, 0.42, 5))
	case wingEmblem:
		p.join(wings())
	}
	return p.join(laurel())
}

func shield(r float64) *path {
	return start(-r, -r).line(r, -r).curve(r, r*0.2, r*0.6, r*0.85, 0, r*1.2).curve(-r*0.6, r*0.85, -r, r*0.2, -r, -r)
}

// wings is a bird with spread wings.
func wings() *path {
	p := ellipse(0, 0.05, 0.15, 0.42).join(circle(0.02, -0.45, 0.14)).join(start(0.13, -0.5).line(0.28, -0.42).line(0.13, -0.38))
	for _, side := range []float64{-1, 1} {
		for i := range 5 {
			a := 0.16 * float64(i)
			p.join(stroke([]point{{side * 0.08, -0.18}, {side * (0.3 - a*0.1), -0.5 + a*1.1}, {side * (0.68 - a*0.35), -0.46 + a*1.6}}, 0.13, true))
		}
	}
	return p.join(start(-0.12, 0.4).line(0.12, 0.4).line(0.26, 0.78).line(-0.26, 0.78))
}

// laurel is two branches that meet below.
func laurel() *path {
	p := new(path)
	for _, side := range []float64{-1, 1} {
		for i := range 9 {
			a := math.Pi/2 - side*(0.22+0.24*float64(i))
			v, out := polar(0.93, a), polar(1, a+side*0.9)
			p.join(stroke([]point{v, v.plus(out.x*-0.09, out.y*-0.09), v.plus(out.x*-0.2, out.y*-0.2)}, 0.11, true))
		}
	}
	return p
}
