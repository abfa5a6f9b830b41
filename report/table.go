package report

// A block is text in one style; a cell is blocks below one another.
type block struct {
	text  string
	style style
}

type cell []block

// A column is a column of a table. Its width is a share of the whole.
type column struct {
	title string
	share float64
}

const (
	cellGap    = 8.0 // between columns
	cellMargin = 3.4 // above and below the text of a row
)

var (
	body   = style{regular, 8, ink}
	strong = style{bold, 8, ink}
	small  = style{regular, 7, muted}
	label  = style{regular, 7.5, muted}
	fixed  = style{mono, 6.5, ink}
	digest = style{mono, 5.6, muted} // a SHA-256 in hex
	when   = style{regular, 6.6, muted}
)

// code is an id or a hash as a cell.
func code(text string) cell {
	if or(text) == unknown {
		return value(text)
	}
	return cell{{text, fixed}}
}

func plain(text string) cell { return cell{{text, body}} }

// table draws rows under their titles. The titles come again on every page, a row that fits on a page
// is not split, and one that does not goes on on the next.
func (s *sheet) table(columns []column, rows [][]cell) {
	widths, titles := make([]float64, len(columns)), make([]cell, len(columns))
	for i, c := range columns {
		widths[i] = c.share * contentWide
		titles[i] = cell{{c.title, style{bold, 7, muted}}}
	}
	head := s.layOut(widths, titles)
	drawHead := func() {
		s.box(marginX-4, s.y, contentWide+8, head.height(), panel)
		s.drawRow(head, func() {})
	}
	if len(rows) == 0 {
		return
	}
	set, total := make([]row, len(rows)), head.height()
	for i, cells := range rows {
		set[i] = s.layOut(widths, cells)
		total += set[i].height() + 0.5
	}
	if total > keepTogether {
		total = head.height() + min(set[0].height(), contentEnd-contentTop-head.height())
	}
	s.need(total)
	drawHead()
	for _, r := range set {
		s.drawRow(r, drawHead)
	}
}

// A field is a label with its value.
type field struct {
	label string
	value cell
}

// fields draws labels and values in two columns, filled row by row; an odd one stands alone.
func (s *sheet) fields(left, right []field) {
	widths := []float64{0.17 * contentWide, 0.33 * contentWide, 0.19 * contentWide, 0.31 * contentWide}
	var rows []row
	for i := range max(len(left), len(right)) {
		cells := make([]cell, 4)
		for side, list := range [][]field{left, right} {
			if i < len(list) {
				cells[2*side] = cell{{list[i].label, label}}
				cells[2*side+1] = list[i].value
			}
		}
		rows = append(rows, s.layOut(widths, cells))
	}
	s.drawRows(rows)
}

// keepTogether is the height up to which rows that belong together are not parted by a page break.
const keepTogether = 190

func (s *sheet) drawRows(rows []row) {
	total := 0.0
	for _, r := range rows {
		total += r.height() + 0.5
	}
	if total <= keepTogether {
		s.need(total)
	}
	for _, r := range rows {
		s.need(min(r.height(), contentEnd-contentTop))
		s.drawRow(r, func() {})
	}
}

// wide draws labels with values that take the rest of the line; unknown ones are left out.
func (s *sheet) wide(list ...field) {
	widths := []float64{0.17 * contentWide, 0.83 * contentWide}
	var rows []row
	for _, f := range list {
		if len(f.value) == 0 || f.value[0].text == unknown {
			continue
		}
		rows = append(rows, s.layOut(widths, []cell{{{f.label, label}}, f.value}))
	}
	s.drawRows(rows)
}

// A row is a row of a table, set in lines.
type row struct {
	widths []float64
	cells  [][]line
}

func (s *sheet) layOut(widths []float64, cells []cell) row {
	r := row{widths: widths, cells: make([][]line, len(cells))}
	for i, c := range cells {
		for _, b := range c {
			if b.text == "" {
				continue
			}
			r.cells[i] = append(r.cells[i], s.set.lines(b.text, b.style, widths[i]-cellGap)...)
		}
	}
	return r
}

func (r row) height() float64 {
	highest := 0.0
	for _, lines := range r.cells {
		h := 0.0
		for _, l := range lines {
			h += l.style.leading()
		}
		highest = max(highest, h)
	}
	return highest + 2*cellMargin
}

// drawRow draws r and a hairline under it. again is called on every new page it takes.
func (s *sheet) drawRow(r row, again func()) {
	h := r.height()
	splits := h > (contentEnd-contentTop)/2
	if s.y+h > contentEnd && (!splits || s.y > contentEnd-60) {
		s.newPage()
		again()
	}
	for {
		s.drawPiece(&r)
		if r.done() {
			break
		}
		s.newPage()
		again()
	}
	s.rule(marginX, s.y, contentWide, hairline)
	s.y += 0.5
}

// drawPiece draws as many lines of every cell as the page takes, at least one, and leaves the rest in r.
func (s *sheet) drawPiece(r *row) {
	top, lowest, x := s.y+cellMargin, s.y, marginX
	rest := make([][]line, len(r.cells))
	for i, lines := range r.cells {
		y := top
		for n, l := range lines {
			if n > 0 && y+l.style.leading()+cellMargin > contentEnd {
				rest[i] = lines[n:]
				break
			}
			s.draw(l, x, y+max(l.style.size, body.size)*1.05) // small text stands on the line of its neighbours
			y += l.style.leading()
		}
		lowest, x = max(lowest, y), x+r.widths[i]
	}
	r.cells = rest
	s.y = lowest + cellMargin
}

func (r row) done() bool {
	for _, lines := range r.cells {
		if len(lines) > 0 {
			return false
		}
	}
	return true
}
