package report

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"

	"github.com/signintech/gopdf"
)

// The page, in points: A4 with its margins.
const (
	pageWidth   = 595.28
	pageHeight  = 841.89
	marginX     = 42.0
	contentTop  = 58.0 // below the running head
	contentEnd  = 792.0
	contentWide = pageWidth - 2*marginX
)

// A sheet is the document being drawn, from top to bottom. The first failure of gopdf stays in err and
// makes the rest of no effect that matters.
type sheet struct {
	pdf     *gopdf.GoPdf
	lib     *library
	set     *typesetter
	accent  colour
	y       float64 // where the next thing goes
	pages   int
	pending []heading // drawn with what follows them, so that none ends a page
	added   [len(faceFiles)]bool
	marked  map[int]bool // pages with a transliteration
	head    func()       // draws the running head of a new page
	err     error
}

func newSheet(lib *library, accent colour) *sheet {
	s := &sheet{pdf: new(gopdf.GoPdf), lib: lib, set: newTypesetter(lib), accent: accent, marked: map[int]bool{}, head: func() {}}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	s.pdf.SetCompressLevel(zlib.BestSpeed) // pages of text: a few kilobytes more, much less time
	return s
}

func (s *sheet) fail(err error) {
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("report: %w", err)
	}
}

func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.pages++
	s.y = contentTop
	s.head()
}

// need makes room for h points, on a new page where they no longer fit, and draws the headings that
// wait for them.
func (s *sheet) need(h float64) {
	total := h
	for _, waiting := range s.pending {
		total += waiting.height()
	}
	if s.y+total > contentEnd && s.y > contentTop {
		s.newPage()
	}
	pending := s.pending
	s.pending = nil
	for _, waiting := range pending {
		waiting.draw(s)
	}
}

// use makes f the current font, and part of the document when it is used first.
func (s *sheet) use(f face, size float64) {
	if !s.added[f] {
		s.added[f] = true
		s.fail(s.pdf.AddTTFFontFromFontContainer(f.family(), &s.lib.container))
	}
	s.fail(s.pdf.SetFont(f.family(), "", size))
}

// draw puts l with its baseline at y.
func (s *sheet) draw(l line, x, y float64) {
	s.pdf.SetTextColor(l.style.colour.r, l.style.colour.g, l.style.colour.b)
	for _, span := range l.spans {
		s.use(span.face, l.style.size)
		s.pdf.SetXY(x+span.dx, y)
		s.fail(s.pdf.Text(span.text))
	}
	if l.marked {
		s.marked[s.pages] = true
	}
}

// text draws text in lines of at most width from y down, without a page break, at most max lines of it,
// and returns where it ends.
func (s *sheet) text(text string, st style, x, y, width float64, max int) float64 {
	for i, l := range s.set.lines(text, st, width) {
		if i == max {
			break
		}
		s.draw(l, x, y+st.size)
		y += st.leading()
	}
	return y
}

// textRight draws text in one line that ends at x, its baseline at y.
func (s *sheet) textRight(text string, st style, x, y float64) {
	l := s.set.lines(text, st, contentWide)[0]
	s.draw(l, x-l.width, y)
}

func (s *sheet) rule(x, y, width float64, c colour) { s.box(x, y, width, 0.5, c) }

func (s *sheet) box(x, y, width, height float64, c colour) {
	s.pdf.SetFillColor(c.r, c.g, c.b)
	s.pdf.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

// A heading waits until what follows it is drawn.
type heading struct {
	title string
	style style
	main  bool // of a section, as against a part of one
}

// section starts a section.
func (s *sheet) section(title string) {
	s.pending = append(s.pending, heading{title, style{bold, 10.5, s.accent}, true})
}

// part starts a part of a section.
func (s *sheet) part(title string) {
	s.pending = append(s.pending, heading{title, style{bold, 8.5, ink}, false})
}

func (h heading) height() float64 {
	if h.main {
		return 36
	}
	return 24
}

func (h heading) draw(s *sheet) {
	lines := s.set.lines(h.title, h.style, contentWide)
	if !h.main {
		s.draw(lines[0], marginX, s.y+16)
		s.y += h.height()
		return
	}
	if s.y == contentTop {
		s.y -= 10 // the running head already keeps a distance
	}
	s.pdf.SetXY(marginX, s.y)
	s.pdf.AddOutlineWithPosition(h.title)
	s.draw(lines[0], marginX, s.y+24)
	s.rule(marginX, s.y+30, contentWide, s.accent)
	s.y += h.height()
}

// paragraph draws text over the whole width; it may go on on the next page.
func (s *sheet) paragraph(text string, st style) {
	for _, l := range s.set.lines(text, st, contentWide) {
		s.need(st.leading())
		s.draw(l, marginX, s.y+st.size)
		s.y += st.leading()
	}
}

// writeTo writes the document, unless something went wrong while it was drawn.
func (s *sheet) writeTo(w io.Writer) error {
	if s.err != nil {
		return s.err
	}
	var out bytes.Buffer // gopdf does not report failing writes
	if _, err := s.pdf.WriteTo(&out); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}
