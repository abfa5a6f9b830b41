package sanctions

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// maxDepth bounds the nesting of elements; no list goes deeper than 20.
const maxDepth = 64

// An xmlFile streams the records of an XML list. External entities are never read and no entity but
// XML's own five is known, because encoding/xml does neither.
type xmlFile struct {
	src *source
	raw *xml.Decoder
	dec *xml.Decoder
}

// depthGuard hands on the tokens of a decoder and refuses to go too deep.
type depthGuard struct {
	raw   *xml.Decoder
	depth int
}

func (g *depthGuard) Token() (xml.Token, error) {
	t, err := g.raw.RawToken()
	switch t.(type) {
	case xml.StartElement:
		g.depth++
	case xml.EndElement:
		g.depth--
	}
	if g.depth > maxDepth {
		return nil, &FileError{Offset: g.raw.InputOffset(), Text: fmt.Sprintf("elements are nested more than %d deep; it is no list", maxDepth)}
	}
	return t, err
}

func openXML(src *source) *xmlFile {
	raw := xml.NewDecoder(src)
	raw.CharsetReader = decodeCharset
	return &xmlFile{src: src, raw: raw, dec: xml.NewTokenDecoder(&depthGuard{raw: raw})}
}

// decodeCharset reads the 8-bit encodings that publishers have used.
func decodeCharset(name string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return r, nil
	case "windows-1252", "cp1252", "iso-8859-1", "latin1":
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	}
	return nil, fmt.Errorf("the encoding %q is not known; convert the file to UTF-8", name)
}

// walk visits every element down from the root. A visitor that wants an element decodes it whole with
// [xmlFile.decode]; what it leaves alone is descended into.
func (x *xmlFile) walk(visit func(start xml.StartElement) error) error {
	seen := false
	for {
		x.src.nextRecord()
		token, err := x.dec.Token()
		if errors.Is(err, io.EOF) && seen {
			return nil
		}
		if err != nil {
			return x.broken(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		seen = true
		if err := visit(start); err != nil {
			return x.broken(err)
		}
	}
}

// decode reads one element into v.
func (x *xmlFile) decode(v any, start xml.StartElement) error {
	return x.dec.DecodeElement(v, &start)
}

// skip passes over the element that the visitor was given.
func (x *xmlFile) skip() error { return x.dec.Skip() }

// text reads the text of one element.
func (x *xmlFile) text(start xml.StartElement) (string, error) {
	var s string
	err := x.decode(&s, start)
	return tidy(s), err
}

// place is where the decoder stands.
func (x *xmlFile) place() place { return place{offset: x.raw.InputOffset()} }

// broken says that the file cannot be read on.
func (x *xmlFile) broken(err error) error {
	var file *FileError
	if errors.As(err, &file) {
		return file
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return &FileError{Offset: x.raw.InputOffset(), Text: "the file is truncated; fetch it again", Err: err}
	case errors.As(err, &syntax):
		return &FileError{Offset: x.raw.InputOffset(), Text: "the XML is broken: " + syntax.Msg, Err: err}
	}
	file = x.src.explain(err)
	file.Offset = x.raw.InputOffset()
	return file
}

// attribute gives the value of an attribute, "" if it has none.
func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
