package fonts

import (
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// TestEveryCharacter: all that a zone may hold can be drawn, and every outline ends within its cell.
func TestEveryCharacter(t *testing.T) {
	font, err := sfnt.Parse(OCRB())
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	for _, char := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<" {
		index, err := font.GlyphIndex(&buf, char)
		if err != nil || index == 0 {
			t.Errorf("%c: glyph %d, error %v", char, index, err)
			continue
		}
		segments, err := font.LoadGlyph(&buf, index, fixed.I(1000), nil)
		if err != nil || len(segments) == 0 {
			t.Errorf("%c: %d segments, error %v", char, len(segments), err)
		}
		box := segments.Bounds()
		if box.Min.X < fixed.I(-20) || box.Max.X > fixed.I(740) || box.Min.Y < fixed.I(-800) || box.Max.Y > fixed.I(60) {
			t.Errorf("%c: outline %v leaves its cell", char, box)
		}
	}
}
