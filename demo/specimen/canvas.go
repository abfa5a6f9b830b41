package specimen

import (
	"encoding/binary"
	"image"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/vector"
)

// A canvas is a picture under work. Drawing is in the units of its transform; t may be changed between
// calls, so that a face is drawn in its own units wherever it is put.
type canvas struct {
	img *image.RGBA
	t   transform
	ras vector.Rasterizer
	cov []uint8 // coverage of the shape being filled
}

// canvases are kept for the next picture: four megabytes each would otherwise be cleared and collected
// for every drawing.
var canvases sync.Pool

// newCanvas returns a canvas of w by h pixels, filled with a colour.
func newCanvas(w, h int, unit float64, ground rgb) *canvas {
	c, _ := canvases.Get().(*canvas)
	if c == nil || cap(c.img.Pix) < 4*w*h {
		c = &canvas{img: image.NewRGBA(image.Rect(0, 0, w, h))}
	}
	c.img = &image.RGBA{Pix: c.img.Pix[:4*w*h], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	c.t = scaling(unit)
	row := c.img.Pix[:4*w]
	for i := 0; i < len(row); i += 4 {
		row[i], row[i+1], row[i+2], row[i+3] = ground.r, ground.g, ground.b, 255
	}
	for y := 1; y < h; y++ {
		copy(c.img.Pix[y*4*w:], row)
	}
	return c
}

// An rgb is an opaque colour, a paint one with an opacity and perhaps a second colour further down.
type rgb struct{ r, g, b uint8 }

type paint struct {
	top, bottom rgb
	y0, y1      float64 // user units: where top ends and bottom begins; equal means top only
	alpha       float64
}

func hex(v uint32) rgb { return rgb{uint8(v >> 16), uint8(v >> 8), uint8(v)} }

func solid(c rgb) paint                { return paint{top: c, alpha: 1} }
func glaze(c rgb, alpha float64) paint { return paint{top: c, alpha: alpha} }
func (c rgb) toward(d rgb, t float64) rgb {
	m := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*t)) }
	return rgb{m(c.r, d.r), m(c.g, d.g), m(c.b, d.b)}
}
func (c rgb) darker(t float64) rgb  { return c.toward(rgb{20, 16, 24}, t) }
func (c rgb) lighter(t float64) rgb { return c.toward(rgb{255, 255, 255}, t) }

func vertical(top, bottom rgb, y0, y1 float64) paint {
	return paint{top: top, bottom: bottom, y0: y0, y1: y1, alpha: 1}
}

// fill paints the inside of p (non-zero winding).
func (c *canvas) fill(p *path, with paint) {
	box := c.bounds(p)
	if box.Empty() {
		return
	}
	c.trace(p, box)
	mask := image.Alpha{Pix: c.coverage(box), Stride: box.Dx(), Rect: image.Rect(0, 0, box.Dx(), box.Dy())}
	c.ras.Draw(&mask, mask.Rect, image.Opaque, image.Point{})
	c.blend(&mask, box, with)
}

// ring fills what lies between two outlines that turn the same way.
func (c *canvas) ring(outer, inner *path, with paint) {
	c.fill(new(path).join(outer).join(inner.reversed()), with)
}

// bounds is the part of the picture that p may touch.
func (c *canvas) bounds(p *path) image.Rectangle {
	low, high := pt(math.Inf(1), math.Inf(1)), pt(math.Inf(-1), math.Inf(-1))
	for _, s := range p.segs {
		for _, v := range s.p[:points(s.kind)] {
			v = c.t.apply(v)
			low = pt(min(low.x, v.x), min(low.y, v.y))
			high = pt(max(high.x, v.x), max(high.y, v.y))
		}
	}
	if low.x > high.x {
		return image.Rectangle{}
	}
	return image.Rect(int(low.x)-1, int(low.y)-1, int(high.x)+2, int(high.y)+2).Intersect(c.img.Rect)
}

func points(kind byte) int {
	if kind == 'C' {
		return 3
	}
	return 1
}

func (c *canvas) trace(p *path, box image.Rectangle) {
	c.ras.Reset(box.Dx(), box.Dy())
	c.ras.DrawOp = draw.Src // the mask is overwritten
	at := func(v point) (float32, float32) {
		v = c.t.apply(v)
		return float32(v.x - float64(box.Min.X)), float32(v.y - float64(box.Min.Y))
	}
	open := false
	for _, s := range p.segs {
		x, y := at(s.p[0])
		switch s.kind {
		case 'M':
			if open {
				c.ras.ClosePath()
			}
			c.ras.MoveTo(x, y)
			open = true
		case 'L':
			c.ras.LineTo(x, y)
		case 'C':
			x2, y2 := at(s.p[1])
			x3, y3 := at(s.p[2])
			c.ras.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	c.ras.ClosePath()
}

func (c *canvas) coverage(box image.Rectangle) []uint8 {
	n := box.Dx() * box.Dy()
	if cap(c.cov) < n {
		c.cov = make([]uint8, n)
	}
	return c.cov[:n]
}

// blend lays the paint over the picture where the mask, whose corner is at box.Min, lets it through.
func (c *canvas) blend(mask *image.Alpha, box image.Rectangle, with paint) {
	part := box.Intersect(c.img.Rect)
	opacity := uint32(clamp(with.alpha, 0, 1)*256 + 0.5)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		col := c.colourAt(with, y)
		src := mask.Pix[(y-box.Min.Y)*mask.Stride+part.Min.X-box.Min.X:][:part.Dx()]
		dst := c.img.Pix[c.img.PixOffset(part.Min.X, y):][:4*part.Dx()]
		blendRow(dst, src, col, opacity)
	}
}

func (c *canvas) colourAt(with paint, y int) rgb {
	if with.y0 == with.y1 {
		return with.top
	}
	a, b := c.t.apply(pt(0, with.y0)).y, c.t.apply(pt(0, with.y1)).y
	return with.top.toward(with.bottom, clamp((float64(y)-a)/(b-a), 0, 1))
}

// blendRow mixes a colour into a row of pixels. Most of a mask is empty or full, so it goes by eights
// where it can; red and blue share one multiplication, with room for a byte of weight above each.
func blendRow(dst, src []uint8, col rgb, opacity uint32) {
	redBlue, green := uint32(col.r)|uint32(col.b)<<16, uint32(col.g)<<8
	const redBlueMask, greenMask, opaque = 0x00ff00ff, 0x0000ff00, 0xff000000
	var eight [32]uint8
	for i := 0; i < len(eight); i += 4 {
		binary.LittleEndian.PutUint32(eight[i:], redBlue|green|opaque)
	}
	for i := 0; i < len(src); i++ {
		if i+8 <= len(src) {
			run := binary.LittleEndian.Uint64(src[i:])
			if run == 0 {
				i += 7
				continue
			}
			if run == math.MaxUint64 && opacity == 256 {
				copy(dst[4*i:], eight[:])
				i += 7
				continue
			}
		}
		a := (uint32(src[i])*opacity*257 + 32768) >> 16 // 0 to 256
		p := dst[4*i : 4*i+4 : 4*i+4]
		old := binary.LittleEndian.Uint32(p)
		rb := ((old&redBlueMask)*(256-a) + redBlue*a) >> 8 & redBlueMask
		g := ((old&greenMask)*(256-a) + green*a) >> 8 & greenMask
		binary.LittleEndian.PutUint32(p, rb|g|opaque)
	}
}
