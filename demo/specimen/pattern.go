package specimen

import (
	"image"
	"math"
	"sync"
)

// Patterns are the fine lines behind the text. They are drawn once, as coverage without colour, and
// then tinted for each state.

const patterns = 3

var patternMasks [2 * patterns]struct {
	once sync.Once
	mask *image.Alpha
}

// pattern returns the n-th pattern's waves, or its rosettes.
func pattern(n int, rosettes bool) *image.Alpha {
	i := n % patterns
	draw := waveLines
	if rosettes {
		i, draw = i+patterns, rosetteLines
	}
	p := &patternMasks[i]
	p.once.Do(func() {
		c := newCanvas(patternWidth, patternHeight, 1, rgb{})
		draw(c, n%patterns)
		p.mask = image.NewAlpha(c.img.Rect)
		for i := range p.mask.Pix {
			p.mask.Pix[i] = c.img.Pix[4*i]
		}
	})
	return p.mask
}

// The size of a pattern in pixels covers every document.
const patternWidth, patternHeight = 1260, 910

// waveLines are bundles of parallel waves that swell and shrink.
func waveLines(c *canvas, n int) {
	gap := []float64{11, 13, 12}[n]
	for y := -60.0; y < patternHeight+60; y += gap {
		var pts []point
		for x := -20.0; x <= patternWidth+20; x += 10 {
			swell := math.Sin(x/[]float64{170, 230, 140}[n] + float64(n))
			pts = append(pts, pt(x, y+26*swell*math.Sin(y/90+float64(n)*0.7)+9*math.Sin(x/41+y/37)))
		}
		c.fill(stroke(pts, 1.5, false), glaze(rgb{255, 255, 255}, 0.85))
	}
}

// rosetteLines are hypotrochoids: the curves that a wheel draws that rolls inside a ring.
func rosetteLines(c *canvas, n int) {
	ring := func(x, y, r float64, lobes int) {
		for turn := range 7 {
			var pts []point
			for i := 0; i <= 420; i++ {
				a := 2 * math.Pi * float64(i) / 420
				w := 0.74 + 0.26*math.Sin(float64(lobes)*a+float64(turn)*0.45)*(0.55+0.45*math.Cos(float64(turn)*0.5))
				pts = append(pts, polar(r*w*(1-0.035*float64(turn)), a).plus(x, y))
			}
			c.fill(stroke(pts, 1.4, false), glaze(rgb{255, 255, 255}, 0.8))
		}
	}
	ring(patternWidth*0.72, patternHeight*0.40, 270, 7+2*n)
	ring(patternWidth*0.16, patternHeight*0.26, 150, 9+n)
	ring(patternWidth*0.30, patternHeight*0.66, 120, 6+n)
}

// tint lays a pattern over a rectangle of the picture in the given colour.
func (c *canvas) tint(mask *image.Alpha, area image.Rectangle, with paint) {
	area = area.Intersect(mask.Rect)
	part := mask.SubImage(area).(*image.Alpha)
	c.blend(part, area, with)
}
