package server

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A rowsPage is a page of Settings that edits a list row by row: "add", "up:2", "down:2" and "remove:2"
// are buttons of the form, which bring it back changed and not saved, so that it needs no JavaScript.
type rowsPage[T any] struct {
	key, template string
	intro         string
	most          int // rows
	previews      bool
	get           func(session.Company) []T
	set           func(*session.Company, []T)
	read          func(typedRow) T // one row, as typed
	blank         T
}

type rowsView[T any] struct {
	savedView
	Intro   string
	Rows    []T
	Unsaved bool // the rows are not what is in force
	Full    bool // no further row is taken
}

// showRows answers GET on the page.
func showRows[T any](s *Server, p rowsPage[T]) fiber.Handler {
	return func(c *fiber.Ctx) error {
		view, err := s.settingsView(c, p.key)
		if err != nil {
			return err
		}
		saved := s.savedView(view)
		saved.Previews = p.previews
		return s.render(c, fiber.StatusOK, p.template, "main", rowsView[T]{savedView: saved, Intro: p.intro, Rows: p.get(view.Company)})
	}
}

// saveRows answers POST on the page.
func saveRows[T any](s *Server, p rowsPage[T]) fiber.Handler {
	return func(c *fiber.Ctx) error {
		view, err := s.settingsView(c, p.key)
		if err != nil {
			return err
		}
		rows := p.typed(c)
		company := view.Company
		p.set(&company, rows)
		show := func(status int, again savedView) error {
			again.Previews = p.previews
			return s.render(c, status, p.template, "main", rowsView[T]{savedView: again, Intro: p.intro, Rows: rows, Unsaved: true, Full: len(rows) >= p.most})
		}
		if changed, ok := p.edited(rows, c.FormValue("do")); ok {
			rows = changed
			return show(fiber.StatusOK, s.asTyped(c, view))
		}
		return s.save(c, view, company, nil, show)
	}
}

// asTyped is the view of a form that comes back without having been saved.
func (s *Server) asTyped(c *fiber.Ctx, view settingsView) savedView {
	saved := s.savedView(view)
	saved.Seen, _ = strconv.Atoi(c.FormValue("version"))
	saved.Reason = c.FormValue("reason")
	return saved
}

// typed are the rows of the form; the field rows says how many there are.
func (p rowsPage[T]) typed(c *fiber.Ctx) []T {
	n, _ := strconv.Atoi(c.FormValue("rows"))
	values := typedIn(c)
	var rows []T
	for i := range min(max(n, 0), p.most) {
		rows = append(rows, p.read(func(name string) []string { return values(name + "." + strconv.Itoa(i)) }))
	}
	return rows
}

// edited carries out a button that changes the rows; false where do is another one.
func (p rowsPage[T]) edited(rows []T, do string) ([]T, bool) {
	what, number, _ := strings.Cut(do, ":")
	i, err := strconv.Atoi(number)
	there := err == nil && i >= 0 && i < len(rows)
	switch {
	case what == "add" && len(rows) < p.most:
		return append(rows, p.blank), true
	case what == "remove" && there:
		return slices.Delete(rows, i, i+1), true
	case what == "up" && there && i > 0:
		rows[i-1], rows[i] = rows[i], rows[i-1]
		return rows, true
	case what == "down" && there && i+1 < len(rows):
		rows[i+1], rows[i] = rows[i], rows[i+1]
		return rows, true
	}
	return rows, what == "add" || what == "remove" || what == "up" || what == "down"
}

// A typedRow gives the values of a row's fields.
type typedRow func(name string) []string

func (r typedRow) text(name string) string { return strings.TrimSpace(first(r(name))) }

// on reports whether a box is ticked.
func (r typedRow) on(name string) bool { return first(r(name)) == "on" }

// Bad is the problem of a field of a row, by the name that the JSON gives it.
func (v rowsView[T]) Bad(list string, i int, name string) string {
	return v.Fields[list+"["+strconv.Itoa(i)+"]."+name]
}

// Pick offers choices, with one of them chosen.
func (v rowsView[T]) Pick(kind, chosen string) []option {
	var all []option
	switch kind {
	case "type":
		all = options(session.ExtraTypes, extraTypeName, []string{chosen})
	case "group":
		for _, g := range session.TagGroups {
			all = append(all, option{g.Name, g.Name, g.Name == chosen})
		}
	case "risk":
		all = append([]option{{Name: "No rule"}}, severityChoices...)
		for i := range all {
			all[i].On = all[i].Value == chosen
		}
	}
	return all
}

func extraTypeName(t string) string {
	if t == "email" {
		return "E-mail"
	}
	return title(t)
}
