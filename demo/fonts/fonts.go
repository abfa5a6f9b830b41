// Package fonts holds the OCR-B face in which machine-readable zones are printed.
package fonts

import (
	"bytes"
	_ "embed"
	"slices"
)

//go:embed OCRB.otf
var ocrb []byte

// OCRB returns an OpenType font with the capitals, digits and the filler of ICAO 9303. Its licence
// allows use, change and distribution without limit; see LICENCE.txt.
//
// The file draws the filler and the 8 with the operator flex1, which golang.org/x/image/font/sfnt does
// not know (it refuses the glyph). The font returned says the same in two plain curves.
func OCRB() []byte { return withoutFlex1(slices.Clone(ocrb)) }

// Type 2 charstrings (Adobe technical note 5177): 0x0c 0x25 is flex1, 0x08 is rrcurveto, and a byte
// from 32 to 246 is that number less 139.
var flex1 = []byte{0x0c, 0x25}

const (
	rrcurveto  = 0x08
	zero       = 139
	low, high  = 32, 246
	flex1Args  = 11
	curvesArgs = 12
)

// withoutFlex1 rewrites each flex1 whose numbers are a byte each, as they all are here, in its place:
// eleven numbers and a two-byte operator become twelve numbers and one of one byte.
func withoutFlex1(font []byte) []byte {
	for at := flex1Args; ; {
		next := bytes.Index(font[at:], flex1)
		if next < 0 {
			return font
		}
		at += next
		spellOut(font[at-flex1Args : at+len(flex1)])
		at += len(flex1)
	}
}

// spellOut turns eleven numbers and flex1 into two curves. Flex1 leaves out the last curve's shorter
// side, because the whole ends at the height (or width) where it began.
func spellOut(op []byte) {
	var dx, dy int
	for i, b := range op[:flex1Args] {
		if b < low || b > high {
			return // not a flex1 of short numbers
		}
		if i < flex1Args-1 && i%2 == 0 {
			dx += int(b) - zero
		} else if i < flex1Args-1 {
			dy += int(b) - zero
		}
	}
	last := op[flex1Args-1]
	if max(dx, -dx) > max(dy, -dy) {
		op[flex1Args-1], op[curvesArgs-1] = last, byte(zero-dy)
	} else {
		op[flex1Args-1], op[curvesArgs-1] = byte(zero-dx), last
	}
	op[curvesArgs] = rrcurveto
}
