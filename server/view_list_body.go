package server

import (
	"html/template"
	"strings"

	"dossier/session"
)

// Body is the rows of the table. It is written here and not by a template, which takes ten times as long
// for the 300 cells of a page: most of what a search costs.
func (v listView) Body() (template.HTML, error) {
	lock, err := v.s.icon("lock")
	if err != nil {
		return "", err
	}
	w := rowWriter{view: v, picks: v.AnyPickable(), queue: v.queue.at(""), lock: string(lock)}
	w.Grow(len(v.Rows) * rowSize)
	for _, got := range v.Rows {
		w.row(got)
	}
	return template.HTML(w.String()), nil
}

// rowSize is about how many bytes a row takes.
const rowSize = 2 << 10

// A rowWriter writes rows.
type rowWriter struct {
	htmlWriter
	view  listView
	picks bool   // there is a column of boxes
	queue string // query string of every link: the list that it leads out of
	lock  string
}

func (w *rowWriter) row(got session.Row) {
	id, name := string(got.ID), got.Name()
	link, called := w.view.s.base+"/sessions/"+id+w.queue, name
	if name == "" {
		called = "session " + id
	}
	w.raw(`<tr data-row>`)
	if w.picks {
		w.raw(`<td class="pick">`)
		if w.view.pickable(got) {
			w.raw(`<input type="checkbox" name="pick" value="`, id, `" form="bulk" aria-label="Select `)
			w.text(called)
			w.raw(`">`)
		}
		w.raw(`</td>`)
	}
	w.raw(`<td class="lead-cell"><a class="row-link" href="`)
	w.text(link)
	w.raw(`">`)
	if name != "" {
		w.text(name)
	} else {
		w.raw(`<span class="sub">No name yet</span>`)
	}
	w.raw(`</a>`)
	if local := got.Person.Local.Full(); local != "" {
		w.raw(`<span class="sub"><bdi>`)
		w.text(local)
		w.raw(`</bdi></span>`)
	}
	w.raw(`</td>`)
	for _, c := range w.view.Columns {
		w.cell(c, c.cell(w.view, got))
	}
	w.raw(`<td class="more"><a href="`)
	w.text(link)
	w.raw(`" aria-label="More about `)
	w.text(called)
	w.raw(`" title="More">⋮</a></td></tr>`, "\n")
}

func (w *rowWriter) cell(in column, c cell) {
	w.raw(`<td`)
	if class := strings.TrimSpace(in.class + " " + c.class); class != "" {
		w.raw(` class="`, class, `"`)
	}
	w.raw(` data-label="`)
	w.text(in.Label)
	w.raw(`">`)
	for i, p := range c.pills {
		if i > 0 {
			w.raw(`<br>`)
		}
		w.raw(`<span class="pill `, p.tone, `">`)
		w.text(p.text)
		w.raw(`</span>`)
	}
	switch {
	case !c.at.IsZero():
		w.raw(string(w.view.s.when(c.at)))
	case len(c.pills) == 0:
		w.text(dash(c.text))
	}
	if c.sub != "" {
		w.raw(`<span class="sub held">`, w.lock)
		w.text(c.sub)
		w.raw(`</span>`)
	}
	w.raw(`</td>`)
}
