package specimen

import "math"

// A point is a place in the units of whoever draws: millimetres on a document, head widths in a face.
type point struct{ x, y float64 }

func pt(x, y float64) point { return point{x, y} }

func (p point) add(q point) point        { return point{p.x + q.x, p.y + q.y} }
func (p point) scale(f float64) point    { return point{p.x * f, p.y * f} }
func mix(p, q point, t float64) point    { return p.scale(1 - t).add(q.scale(t)) }
func distance(p, q point) float64        { return math.Hypot(p.x-q.x, p.y-q.y) }
func polar(r, angle float64) point       { return pt(r*math.Cos(angle), r*math.Sin(angle)) }
func (p point) plus(x, y float64) point  { return point{p.x + x, p.y + y} }
func clamp(v, low, high float64) float64 { return min(max(v, low), high) }

// A transform takes user units to pixels: scale and turn about the origin, then shift.
type transform struct{ a, b, c, d, e, f float64 }

func scaling(s float64) transform { return transform{a: s, d: s} }

func (t transform) apply(p point) point {
	return point{t.a*p.x + t.c*p.y + t.e, t.b*p.x + t.d*p.y + t.f}
}

// at returns t with its origin moved to p, its axes turned by angle (radians) and its unit times s.
func (t transform) at(p point, s, angle float64) transform {
	o := t.apply(p)
	sin, cos := math.Sincos(angle)
	return transform{
		a: s * (t.a*cos + t.c*sin), b: s * (t.b*cos + t.d*sin),
		c: s * (t.c*cos - t.a*sin), d: s * (t.d*cos - t.b*sin),
		e: o.x, f: o.y,
	}
}

// unit is the length in pixels of one user unit.
func (t transform) unit() float64 { return math.Hypot(t.a, t.b) }

// A path is a set of closed outlines. Curves are kept as curves until they are drawn.
type path struct{ segs []segment }

type segment struct {
	kind byte // 'M', 'L', 'C'
	p    [3]point
}

func start(x, y float64) *path { return new(path).move(x, y) }

func (p *path) move(x, y float64) *path {
	p.segs = append(p.segs, segment{'M', [3]point{{x, y}}})
	return p
}

func (p *path) line(x, y float64) *path {
	p.segs = append(p.segs, segment{'L', [3]point{{x, y}}})
	return p
}

func (p *path) curve(x1, y1, x2, y2, x, y float64) *path {
	p.segs = append(p.segs, segment{'C', [3]point{{x1, y1}, {x2, y2}, {x, y}}})
	return p
}

// join appends the outlines of q.
func (p *path) join(q *path) *path {
	p.segs = append(p.segs, q.segs...)
	return p
}

// arc is the length of a cubic's handles that makes a quarter of a circle.
const arc = 0.5523

func ellipse(x, y, rx, ry float64) *path {
	return start(x+rx, y).
		curve(x+rx, y+ry*arc, x+rx*arc, y+ry, x, y+ry).
		curve(x-rx*arc, y+ry, x-rx, y+ry*arc, x-rx, y).
		curve(x-rx, y-ry*arc, x-rx*arc, y-ry, x, y-ry).
		curve(x+rx*arc, y-ry, x+rx, y-ry*arc, x+rx, y)
}

func circle(x, y, r float64) *path { return ellipse(x, y, r, r) }

func rectangle(x, y, w, h float64) *path {
	return start(x, y).line(x+w, y).line(x+w, y+h).line(x, y+h)
}

func rounded(x, y, w, h, r float64) *path {
	k := r * (1 - arc)
	return start(x+r, y).line(x+w-r, y).curve(x+w-k, y, x+w, y+k, x+w, y+r).
		line(x+w, y+h-r).curve(x+w, y+h-k, x+w-k, y+h, x+w-r, y+h).
		line(x+r, y+h).curve(x+k, y+h, x, y+h-k, x, y+h-r).
		line(x, y+r).curve(x, y+k, x+k, y, x+r, y)
}

// star has n points, the outer on radius r, the inner on radius r*waist.
func star(x, y, r, waist float64, n int) *path {
	p := new(path)
	for i := range 2 * n {
		radius := r
		if i%2 == 1 {
			radius *= waist
		}
		v := polar(radius, math.Pi*float64(i)/float64(n)-math.Pi/2).plus(x, y)
		if i == 0 {
			p.move(v.x, v.y)
		} else {
			p.line(v.x, v.y)
		}
	}
	return p
}

// stroke is the outline of a line of the given width along pts, thinner at its ends where tapered.
func stroke(pts []point, width float64, tapered bool) *path {
	if len(pts) < 2 {
		return new(path)
	}
	left, right := make([]point, len(pts)), make([]point, len(pts))
	for i, p := range pts {
		before, after := pts[max(i-1, 0)], pts[min(i+1, len(pts)-1)]
		d := max(distance(before, after), 1e-9)
		half := width / 2
		if tapered {
			half *= 0.25 + 0.75*math.Sin(math.Pi*float64(i)/float64(len(pts)-1))
		}
		n := pt((before.y-after.y)/d*half, (after.x-before.x)/d*half)
		left[i], right[i] = p.add(n), p.add(n.scale(-1))
	}
	p := start(left[0].x, left[0].y)
	for _, v := range left[1:] {
		p.line(v.x, v.y)
	}
	for i := len(right) - 1; i >= 0; i-- {
		p.line(right[i].x, right[i].y)
	}
	return p
}

// bezier is n+1 points along a cubic.
func bezier(a, b, c, d point, n int) []point {
	pts := make([]point, n+1)
	for i := range pts {
		t := float64(i) / float64(n)
		ab, bc, cd := mix(a, b, t), mix(b, c, t), mix(c, d, t)
		pts[i] = mix(mix(ab, bc, t), mix(bc, cd, t), t)
	}
	return pts
}

// smooth is a Catmull-Rom curve through pts, n points a span.
func smooth(pts []point, n int) []point {
	var out []point
	for i := range len(pts) - 1 {
		a, b, c, d := pts[max(i-1, 0)], pts[i], pts[i+1], pts[min(i+2, len(pts)-1)]
		out = append(out, bezier(b, b.add(c.add(a.scale(-1)).scale(1.0/6)), c.add(b.add(d.scale(-1)).scale(1.0/6)), c, n)[:n]...)
	}
	return append(out, pts[len(pts)-1])
}

// reversed is the same outlines run the other way: inside another outline they make a hole.
func (p *path) reversed() *path {
	out := new(path)
	for first := 0; first < len(p.segs); {
		last := first + 1
		for last < len(p.segs) && p.segs[last].kind != 'M' {
			last++
		}
		out.reverse(p.segs[first:last])
		first = last
	}
	return out
}

func (s segment) end() point { return s.p[points(s.kind)-1] }

// reverse appends one outline backwards.
func (p *path) reverse(outline []segment) {
	end := outline[len(outline)-1].end()
	p.move(end.x, end.y)
	for i := len(outline) - 1; i > 0; i-- {
		to := outline[i-1].end()
		if s := outline[i]; s.kind == 'C' {
			p.curve(s.p[1].x, s.p[1].y, s.p[0].x, s.p[0].y, to.x, to.y)
		} else {
			p.line(to.x, to.y)
		}
	}
}
