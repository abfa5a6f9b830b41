package report

import (
	"encoding/binary"
	"testing"
)

// TestFlattenGlyphs: in the fonts as loaded no part of a glyph is itself made of parts, which is all
// that gopdf follows; and every glyph keeps as many outlines as it had.
func TestFlattenGlyphs(t *testing.T) {
	for _, name := range faceFiles {
		original, err := fontFiles.ReadFile("fonts/" + name)
		if err != nil {
			t.Fatal(err)
		}
		flat, err := flattenGlyphs(original)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		before, after := glyphsOf(t, original), glyphsOf(t, flat)
		if len(before.glyphs) != len(after.glyphs) {
			t.Fatalf("%s: %d glyphs became %d", name, len(before.glyphs), len(after.glyphs))
		}
		for i := range after.glyphs {
			parts, err := components(after.glyphs[i])
			if err != nil {
				t.Fatalf("%s: glyph %d: %v", name, i, err)
			}
			for _, p := range parts {
				if inner, _ := components(after.glyphs[p.glyph]); len(inner) > 0 {
					t.Errorf("%s: glyph %d has a part with parts", name, i)
				}
			}
			if got, want := outlines(after, i), outlines(before, i); got != want {
				t.Errorf("%s: glyph %d has %d outlines, had %d", name, i, got, want)
			}
		}
	}
}

func glyphsOf(t *testing.T, font []byte) *glyphTable {
	t.Helper()
	table, err := readGlyphs(font)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// outlines counts the outlines that glyph i draws, those of its parts included.
func outlines(t *glyphTable, i int) int {
	glyph := t.glyphs[i]
	parts, _ := components(glyph)
	if len(parts) == 0 {
		if len(glyph) < 2 {
			return 0
		}
		return int(int16(binary.BigEndian.Uint16(glyph)))
	}
	n := 0
	for _, p := range parts {
		n += outlines(t, int(p.glyph))
	}
	return n
}

// FuzzFlattenGlyphs: a broken font is an error, never a panic or an endless loop.
func FuzzFlattenGlyphs(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x00"))
	font, err := fontFiles.ReadFile("fonts/" + faceFiles[mono])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(font[:4096])
	f.Fuzz(func(t *testing.T, font []byte) {
		flat, err := flattenGlyphs(font)
		if err != nil && flat != nil {
			t.Error("a font came with an error")
		}
	})
}
