package report

import (
	"encoding/binary"
	"errors"
	"slices"
)

var errFont = errors.New("the font file is broken")

// Flags of a component of a composite glyph, OpenType "glyf".
const (
	argsAreWords   = 0x0001
	argsAreOffsets = 0x0002
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasTwoScales   = 0x0040
	hasMatrix      = 0x0080
	hasHints       = 0x0100
	useMetrics     = 0x0200
)

// flattenGlyphs returns the TrueType font with every composite glyph made of simple glyphs only.
//
// gopdf subsets a font by taking the parts of a composite glyph, but not the parts of its parts: without
// this, Ё loses its dots, ễ its hat and the Arabic ﺒ its dot. DejaVu nests hundreds of glyphs so.
func flattenGlyphs(font []byte) ([]byte, error) {
	t, err := readGlyphs(font)
	if err != nil {
		return nil, err
	}
	changed := false
	for i, glyph := range t.glyphs {
		flat, err := t.flatten(glyph)
		if err != nil {
			return nil, err
		}
		if flat != nil {
			t.glyphs[i], changed = flat, true
		}
	}
	if !changed {
		return font, nil
	}
	return t.rebuilt(), nil
}

// A glyphTable is a font taken apart as far as flattening needs.
type glyphTable struct {
	font       []byte
	glyf, loca int // where their records start in the table directory
	head       int // where that table itself starts
	glyphs     [][]byte
}

func readGlyphs(font []byte) (*glyphTable, error) {
	t := &glyphTable{font: font}
	tables := map[string]int{}
	if len(font) < 12 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		record := 12 + 16*i
		if record+16 > len(font) {
			return nil, errFont
		}
		tables[string(font[record:record+4])] = record
	}
	glyf, loca, head := t.table(tables["glyf"]), t.table(tables["loca"]), t.table(tables["head"])
	if glyf == nil || loca == nil || len(head) < 52 {
		return nil, errFont
	}
	t.glyf, t.loca = tables["glyf"], tables["loca"]
	t.head = int(binary.BigEndian.Uint32(font[tables["head"]+8:]))
	offsets := glyphOffsets(loca, binary.BigEndian.Uint16(head[50:]) == 0)
	for i := range len(offsets) - 1 {
		if offsets[i] > offsets[i+1] || offsets[i+1] > len(glyf) {
			return nil, errFont
		}
		t.glyphs = append(t.glyphs, glyf[offsets[i]:offsets[i+1]])
	}
	return t, nil
}

// table is the content of the table whose directory record starts at record, or nil.
func (t *glyphTable) table(record int) []byte {
	if record == 0 {
		return nil
	}
	start := int(binary.BigEndian.Uint32(t.font[record+8:]))
	end := start + int(binary.BigEndian.Uint32(t.font[record+12:]))
	if start > end || end > len(t.font) {
		return nil
	}
	return t.font[start:end]
}

func glyphOffsets(loca []byte, short bool) []int {
	var offsets []int
	if short {
		for ; len(loca) >= 2; loca = loca[2:] {
			offsets = append(offsets, 2*int(binary.BigEndian.Uint16(loca)))
		}
		return offsets
	}
	for ; len(loca) >= 4; loca = loca[4:] {
		offsets = append(offsets, int(binary.BigEndian.Uint32(loca)))
	}
	return offsets
}

// A component is one part of a composite glyph: what it draws, where, and under which transformation.
type component struct {
	flags, glyph uint16
	x, y         int16
	matrix       [4]float64 // xx, xy, yx, yy
}

// flatten returns glyph made of simple glyphs, or nil where it is so already.
func (t *glyphTable) flatten(glyph []byte) ([]byte, error) {
	parts, err := components(glyph)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	var flat []component
	nested := false
	for _, p := range parts {
		inner, err := t.simple(p, 0)
		if err != nil {
			return nil, err
		}
		nested = nested || len(inner) != 1 || inner[0].glyph != p.glyph
		flat = append(flat, inner...)
	}
	if !nested {
		return nil, nil
	}
	out := slices.Clone(glyph[:10]) // -1 contours and the bounding box, which stay
	for i, c := range flat {
		out = c.append(out, i < len(flat)-1)
	}
	return append(out, make([]byte, -len(out)&3)...), nil
}

// simple returns the simple glyphs that c stands for.
func (t *glyphTable) simple(c component, depth int) ([]component, error) {
	if int(c.glyph) >= len(t.glyphs) || depth > 8 {
		return nil, errFont
	}
	parts, err := components(t.glyphs[c.glyph])
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return []component{c}, nil
	}
	var all []component
	for _, p := range parts {
		inner, err := t.simple(c.of(p), depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, inner...)
	}
	return all, nil
}

// of places p, a part of the glyph that c draws, where c draws it.
func (c component) of(p component) component {
	m, n := c.matrix, p.matrix
	return component{
		flags: p.flags &^ useMetrics,
		glyph: p.glyph,
		x:     c.x + int16(m[0]*float64(p.x)+m[2]*float64(p.y)),
		y:     c.y + int16(m[1]*float64(p.x)+m[3]*float64(p.y)),
		matrix: [4]float64{
			n[0]*m[0] + n[1]*m[2], n[0]*m[1] + n[1]*m[3],
			n[2]*m[0] + n[3]*m[2], n[2]*m[1] + n[3]*m[3],
		},
	}
}

// components returns the parts of a composite glyph, none for a simple or an empty one.
func components(glyph []byte) ([]component, error) {
	if len(glyph) < 10 || int16(binary.BigEndian.Uint16(glyph)) >= 0 {
		return nil, nil
	}
	var all []component
	for rest := glyph[10:]; ; {
		c, size := readComponent(rest)
		if size == 0 || c.flags&argsAreOffsets == 0 { // placing by point numbers: no font of ours does
			return nil, errFont
		}
		all = append(all, c)
		if c.flags&moreComponents == 0 {
			return all, nil
		}
		rest = rest[size:]
	}
}

// readComponent reads the component that b starts with; size 0 means that b is too short.
func readComponent(b []byte) (c component, size int) {
	if len(b) < 4 {
		return c, 0
	}
	c = component{flags: binary.BigEndian.Uint16(b), glyph: binary.BigEndian.Uint16(b[2:]), matrix: [4]float64{1, 0, 0, 1}}
	size = 6
	if c.flags&argsAreWords != 0 {
		size = 8
	}
	scales := size
	size += map[uint16]int{hasScale: 2, hasTwoScales: 4, hasMatrix: 8}[c.flags&(hasScale|hasTwoScales|hasMatrix)]
	if len(b) < size {
		return c, 0
	}
	if c.flags&argsAreWords != 0 {
		c.x, c.y = int16(binary.BigEndian.Uint16(b[4:])), int16(binary.BigEndian.Uint16(b[6:]))
	} else {
		c.x, c.y = int16(int8(b[4])), int16(int8(b[5]))
	}
	fixed := func(i int) float64 { return float64(int16(binary.BigEndian.Uint16(b[scales+2*i:]))) / (1 << 14) }
	switch {
	case c.flags&hasScale != 0:
		c.matrix[0], c.matrix[3] = fixed(0), fixed(0)
	case c.flags&hasTwoScales != 0:
		c.matrix[0], c.matrix[3] = fixed(0), fixed(1)
	case c.flags&hasMatrix != 0:
		c.matrix = [4]float64{fixed(0), fixed(1), fixed(2), fixed(3)}
	}
	return c, size
}

// append writes c behind out with wide offsets, with a matrix where it needs one, and without hints.
func (c component) append(out []byte, more bool) []byte {
	flags := c.flags&^(hasScale|hasTwoScales|hasMatrix|hasHints|moreComponents) | argsAreWords
	if more {
		flags |= moreComponents
	}
	plain := c.matrix == [4]float64{1, 0, 0, 1}
	if !plain {
		flags |= hasMatrix
	}
	out = binary.BigEndian.AppendUint16(out, flags)
	out = binary.BigEndian.AppendUint16(out, c.glyph)
	out = binary.BigEndian.AppendUint16(out, uint16(c.x))
	out = binary.BigEndian.AppendUint16(out, uint16(c.y))
	if !plain {
		for _, v := range c.matrix {
			out = binary.BigEndian.AppendUint16(out, uint16(int16(v*(1<<14))))
		}
	}
	return out
}

// rebuilt is the font with its glyphs as they are now: the new tables stand at the end of the file.
func (t *glyphTable) rebuilt() []byte {
	out := slices.Clone(t.font)
	out = append(out, make([]byte, -len(out)&3)...)
	var loca []byte
	start := len(out)
	for _, g := range t.glyphs {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(out)-start))
		out = append(out, g...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(out)-start))
	t.move(out, t.glyf, start, len(out)-start)
	out = append(out, make([]byte, -len(out)&3)...)
	t.move(out, t.loca, len(out), len(loca))
	binary.BigEndian.PutUint16(out[t.head+50:], 1) // loca is now of the long form
	return append(out, loca...)
}

func (t *glyphTable) move(out []byte, record, start, length int) {
	binary.BigEndian.PutUint32(out[record+8:], uint32(start))
	binary.BigEndian.PutUint32(out[record+12:], uint32(length))
}
