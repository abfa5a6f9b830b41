package report

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/signintech/gopdf"
)

// A face is one of the fonts that we embed.
type face int

const (
	regular face = iota
	bold
	mono
	han
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

var faceFiles = [...]string{
	regular: "DejaVuSans.ttf",
	bold:    "DejaVuSans-Bold.ttf",
	mono:    "DejaVuSansMono.ttf",
	han:     "DroidSansFallbackFull.ttf",
}

// fallback says where a rune is looked for, in this order, when text is set in a face.
var fallback = [...][]face{
	regular: {regular, han},
	bold:    {bold, regular, han},
	mono:    {mono, regular, han},
}

// family is the name that f goes by inside the PDF. The six capitals say that it is a subset (ISO 32000,
// 9.9.2).
func (f face) family() string { return "SUBSET+" + strings.TrimSuffix(faceFiles[f], ".ttf") }

// A library holds the fonts as parsed. It is never changed after loading, so documents share it.
type library struct {
	container gopdf.FontContainer
	parsed    [len(faceFiles)]gopdf.SubsetFontObj // for asking what a font has
}

// loadFonts parses the fonts once for all documents.
var loadFonts = sync.OnceValues(func() (*library, error) {
	lib := new(library)
	for f, name := range faceFiles {
		data, err := fontFiles.ReadFile("fonts/" + name)
		if err != nil {
			return nil, fmt.Errorf("report: font %s: %w", name, err)
		}
		if data, err = flattenGlyphs(data); err != nil {
			return nil, fmt.Errorf("report: font %s: %w", name, err)
		}
		if err := lib.container.AddTTFFontData(face(f).family(), data); err != nil {
			return nil, fmt.Errorf("report: font %s: %w", name, err)
		}
		if err := lib.parsed[f].SetTTFData(data); err != nil {
			return nil, fmt.Errorf("report: font %s: %w", name, err)
		}
	}
	return lib, nil
})

// A glyph is where a rune is found and how wide it is, in thousandths of the font size. A missing one is
// in no font.
type glyph struct {
	face    face
	width   int
	missing bool
}

// glyph finds r for text in face f.
func (lib *library) glyph(f face, r rune) glyph {
	for _, candidate := range fallback[f] {
		font := &lib.parsed[candidate]
		index, err := font.CharCodeToGlyphIndex(r)
		if err == nil && index != 0 {
			return glyph{face: candidate, width: int(font.GlyphIndexToPdfWidth(index))}
		}
	}
	return glyph{missing: true}
}
