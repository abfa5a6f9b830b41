package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dossier/session"
)

const title = "Identity verification report"

// cover draws the top of the first page: whose report it is, of whom, and what was decided.
func (p *printer) cover() {
	p.newPage()
	p.box(0, 0, pageWidth, 5, p.accent)
	p.letterhead()
	left := contentWide
	if p.qrCode(pageWidth-marginX-qrSize, 30) {
		left -= qrSize + 24
	}
	y := p.text(title, style{bold, 17, ink}, marginX, 68, left, 1)
	if name := p.s.Person.FullName(); name != "" {
		y = p.text(name, style{bold, 12, p.accent}, marginX, y+1, left, 2)
	}
	if local := p.s.Person.Local.Full(); local != "" {
		y = p.text(local, style{regular, 10, ink}, marginX, y, left, 2)
	}
	p.y = max(y+8, 30+qrSize+10)
	p.decision()
}

// letterhead draws the company's logo and name.
func (p *printer) letterhead() {
	x := marginX
	if w := p.logo(marginX, 26, 130, 30); w > 0 {
		x += w + 12
	}
	width := pageWidth - marginX - qrSize - 24 - x
	y := p.text(p.companyName(), style{bold, 11, ink}, x, 34, width, 2)
	if header := p.Company.Settings.PDFHeader; header != "" && y < 56 { // a name of two lines leaves no room
		p.text(header, style{regular, 7, muted}, x, y, width, 1)
	}
}

// decision draws the status band: what, by whom, when.
func (p *printer) decision() {
	m := known(statusLabels, p.s.Status)
	const width = contentWide - 24
	lines := p.set.lines(p.decided(), style{regular, 8.5, ink}, width-150)
	if len(p.s.Tags) > 0 {
		tags := "Reasons: " + strings.Join(p.s.Tags, ", ")
		lines = append(lines, p.set.lines(tags, style{regular, 8.5, ink}, width-150)...)
	}
	lines = lines[:min(len(lines), 12)]
	height := max(38, float64(len(lines))*12+18)
	p.box(marginX, p.y, contentWide, height, m.colour.tint())
	p.box(marginX, p.y, 3, height, m.colour)
	p.text("STATUS", style{bold, 6.5, muted}, marginX+14, p.y+8, 130, 1)
	p.text(m.text, style{bold, 12, m.colour}, marginX+14, p.y+16, 130, 1)
	y := p.y + (height-float64(len(lines))*12)/2
	for _, l := range lines {
		p.draw(l, marginX+160, y+9)
		y += 12
	}
	p.y += height + 8
	p.identity()
}

// decided says who decided and when.
func (p *printer) decided() string {
	if p.s.DecidedBy == "" && p.s.DecidedAt.IsZero() {
		return "Not decided yet."
	}
	text := "Decided by " + p.decider()
	if !p.s.DecidedAt.IsZero() {
		text += " on " + p.stamp(p.s.DecidedAt)
	}
	return text + "."
}

// decider names who decided.
func (p *printer) decider() string {
	by := p.s.DecidedBy
	if by == "rules" {
		return fmt.Sprintf("the rules of %s (settings version %d)", p.companyName(), p.s.RulesVersion)
	}
	return p.who(by)
}

// who names a member or a key by the audit trail, which has the name of the day, else by the name of today.
func (p *printer) who(id string) string {
	name := ""
	if i := slices.IndexFunc(p.Events, func(e session.Event) bool { return e.Actor == id && e.Name != "" }); i >= 0 {
		name = p.Events[i].Name
	} else if p.Names != nil {
		name = p.Names(id)
	}
	if name == "" || name == id {
		return or(id)
	}
	return name + " (" + id + ")"
}

// identity draws the line that tells this session from all others.
func (p *printer) identity() {
	facts := []struct{ label, value string }{
		{"Session ID", string(p.s.ID)},
		{"Reference", p.s.Reference},
		{"Created", p.stamp(p.s.CreatedAt)},
		{"Record SHA-256", shortHash(p.hash)},
	}
	width := contentWide / float64(len(facts))
	for i, f := range facts {
		x := marginX + float64(i)*width
		y := p.text(f.label, style{regular, 6.5, muted}, x, p.y, width-8, 1)
		st := style{regular, 7.5, ink}
		if i%3 == 0 {
			st = style{mono, 6.8, ink}
		}
		p.text(or(f.value), st, x, y, width-8, 1)
	}
	p.y += 22
}

// shortHash is the start of a hash, enough to compare by eye.
func shortHash(hash string) string {
	if len(hash) <= 16 {
		return hash
	}
	return hash[:16] + "…"
}

// runningHead draws the top of every page but the first.
func (p *printer) runningHead() {
	const y = 34
	p.text(p.companyName()+"  ·  "+title, style{regular, 7, muted}, marginX, y-8, contentWide-170, 1)
	p.textRight(string(p.s.ID), style{mono, 6.8, muted}, pageWidth-marginX, y)
	p.rule(marginX, y+6, contentWide, hairline)
}

// footers draws the bottom of every page, once it is known how many there are.
func (p *printer) footers() {
	for n := 1; n <= p.pages; n++ {
		p.fail(p.pdf.SetPage(n))
		p.rule(marginX, 802, contentWide, hairline)
		made := fmt.Sprintf("Generated %s by %s", stampIn(p.Now, time.UTC), or(p.By))
		p.text(made, style{regular, 6.5, muted}, marginX, 806, contentWide-90, 1)
		if footer := p.Company.Settings.PDFFooter; footer != "" {
			p.text(footer, style{regular, 6.5, muted}, marginX, 824, contentWide, 1)
		}
		p.textRight(fmt.Sprintf("Page %d of %d", n, p.pages), style{regular, 6.5, muted}, pageWidth-marginX, 812.5)
		if p.marked[n] {
			p.text("⟨ ⟩ marks a transliteration: no font of this document has that script. The original is listed under “About this document”.",
				style{regular, 6, muted}, marginX, 815, contentWide-90, 1)
		}
	}
}
