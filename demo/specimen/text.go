package specimen

import (
	"image"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"dossier/demo/fonts"
)

// A typeface is one of the fonts that documents are set in. Drawn glyphs are kept: a page has some six
// hundred of them, and drawing one costs more than copying it fifty times.
type typeface struct {
	font *opentype.Font

	mu     sync.RWMutex
	sizes  map[int]font.Face // by quarters of a pixel
	glyphs map[glyphKey]glyph
	buf    sfnt.Buffer
}

type glyphKey struct {
	size, shift int // both in quarters of a pixel
	char        rune
}

type glyph struct {
	mask    image.Alpha
	offset  image.Point // from the pen, in pixels, to the mask's corner
	advance float64     // pixels
}

var (
	plain  = newTypeface(goregular.TTF)
	medium = newTypeface(gomedium.TTF)
	bold   = newTypeface(gobold.TTF)
	ocrb   = newTypeface(fonts.OCRB())
)

// newTypeface parses a font that is part of the program, and so cannot be wrong.
func newTypeface(data []byte) *typeface {
	f, err := opentype.Parse(data)
	if err != nil {
		panic(err)
	}
	return &typeface{font: f, sizes: map[int]font.Face{}, glyphs: map[glyphKey]glyph{}}
}

// glyph returns the drawing of a character, of an em of size quarters of a pixel, shifted to the right
// by shift quarters.
func (t *typeface) glyph(size, shift int, char rune) glyph {
	key := glyphKey{size, shift, char}
	t.mu.RLock()
	g, ok := t.glyphs[key]
	t.mu.RUnlock()
	if ok {
		return g
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.glyphs[key]; ok {
		return g
	}
	g = t.rasterise(key)
	t.glyphs[key] = g
	return g
}

func (t *typeface) rasterise(key glyphKey) glyph {
	face := t.sizes[key.size]
	if face == nil {
		var err error
		face, err = opentype.NewFace(t.font, &opentype.FaceOptions{Size: float64(key.size) / 4, DPI: 72})
		if err != nil {
			panic(err) // only for options that are wrong
		}
		t.sizes[key.size] = face
	}
	box, mask, from, advance, ok := face.Glyph(fixed.Point26_6{X: fixed.Int26_6(key.shift * 16)}, key.char)
	if !ok {
		return glyph{}
	}
	g := glyph{offset: box.Min, advance: float64(advance) / 64}
	g.mask = *image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	shared := mask.(*image.Alpha) // opentype draws all glyphs into one
	for y := range box.Dy() {
		copy(g.mask.Pix[y*g.mask.Stride:][:box.Dx()], shared.Pix[shared.PixOffset(from.X, from.Y+y):])
	}
	return g
}

// A style is how a piece of text is set. Size is the height of an em and spacing is added after each
// character, both in user units; pitch, unless zero, puts every character that far from the last.
type textStyle struct {
	face           *typeface
	size           float64
	spacing, pitch float64
	paint          paint
}

// text draws a line of text with its baseline beginning at (x, y), and returns where it ends. Text is
// never turned: see outline.
func (c *canvas) text(x, y float64, s string, st textStyle) float64 {
	unit := c.t.unit()
	size := int(st.size*unit*4 + 0.5)
	pen := c.t.apply(pt(x, y))
	baseline := int(math.Round(pen.y))
	for _, char := range s {
		quarter := int(math.Floor(pen.x*4 + 0.5))
		g := st.face.glyph(size, quarter&3, char)
		corner := image.Pt(quarter>>2, baseline).Add(g.offset)
		c.blend(&g.mask, g.mask.Rect.Add(corner), st.paint)
		if st.pitch > 0 {
			pen.x += st.pitch * unit
		} else {
			pen.x += g.advance + st.spacing*unit
		}
	}
	return x + (pen.x-c.t.apply(pt(x, y)).x)/unit
}

// width is the length of a line of text in user units.
func (c *canvas) width(s string, st textStyle) float64 {
	unit := c.t.unit()
	size := int(st.size*unit*4 + 0.5)
	total := 0.0
	for _, char := range s {
		total += st.face.glyph(size, 0, char).advance/unit + st.spacing
	}
	return total
}

// fit draws text that is made smaller until it is at most limit wide.
func (c *canvas) fit(x, y, limit float64, s string, st textStyle) {
	if w := c.width(s, st); w > limit {
		st.size *= limit / w
		st.spacing *= limit / w
	}
	c.text(x, y, s, st)
}

// outline is a line of text as a path, for text that is turned or very large. It begins at the origin,
// and an em is size high.
func (t *typeface) outline(s string, size float64) *path {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := new(path)
	em := fixed.I(1000)
	scale, x := size/1000, 0.0
	at := func(v fixed.Point26_6) point {
		return pt(x+float64(v.X)/64*scale, float64(v.Y)/64*scale)
	}
	for _, char := range s {
		index, err := t.font.GlyphIndex(&t.buf, char)
		if err != nil {
			continue
		}
		segs, err := t.font.LoadGlyph(&t.buf, index, em, nil)
		if err != nil {
			continue
		}
		for _, s := range segs {
			p.glyphSegment(s, at)
		}
		if advance, err := t.font.GlyphAdvance(&t.buf, index, em, font.HintingNone); err == nil {
			x += float64(advance) / 64 * scale
		}
	}
	return p
}

func (p *path) glyphSegment(s sfnt.Segment, at func(fixed.Point26_6) point) {
	a := at(s.Args[0])
	switch s.Op {
	case sfnt.SegmentOpMoveTo:
		p.move(a.x, a.y)
	case sfnt.SegmentOpLineTo:
		p.line(a.x, a.y)
	case sfnt.SegmentOpQuadTo:
		from, to := p.segs[len(p.segs)-1].end(), at(s.Args[1])
		b, d := mix(from, a, 2.0/3), mix(to, a, 2.0/3)
		p.curve(b.x, b.y, d.x, d.y, to.x, to.y)
	case sfnt.SegmentOpCubeTo:
		b, d := at(s.Args[1]), at(s.Args[2])
		p.curve(a.x, a.y, b.x, b.y, d.x, d.y)
	}
}

// Printable reports whether the documents' fonts have every character of text: they cover Latin, Greek
// and Cyrillic.
func Printable(text string) bool {
	medium.mu.Lock()
	defer medium.mu.Unlock()
	for _, char := range text {
		if index, err := medium.font.GlyphIndex(&medium.buf, char); err != nil || index == 0 {
			return false
		}
	}
	return true
}
