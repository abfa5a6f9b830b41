package server

import (
	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// pageSize is how many sessions a page of a list shows.
const pageSize = 25

// A listKind is one of the lists of sessions: all of them, or those of one status.
type listKind struct {
	section, path, title string
	status               session.Status // "" where the visitor chooses
}

var (
	allSessions  = listKind{"sessions", "/sessions", "Sessions", ""}
	awaitingList = listKind{"awaiting", "/awaiting", "Awaiting action", session.AwaitingAction}
	rejections   = listKind{"rejections", "/rejections", "Rejections", session.Rejected}
)

type listView struct {
	frame
	Path    string // without the base
	Filter  filter
	Choose  bool // the status may be chosen
	Own     bool // only what the member works on; then nothing else is filtered
	Rows    []session.Row
	Found   session.Found
	Total   string
	Nobody  bool // there are no sessions at all
	Fields  session.Fields
	Company map[string]string // names by slug
	Columns []column
	Saved   []session.SavedFilter
	Claims  map[session.ID]session.Claim
	Form    form // of a filter to be saved that came back

	queue queue
	names func(string) string
}

// listSessions answers GET /sessions?q=&status=&….
func (s *Server) listSessions(c *fiber.Ctx) error { return s.sessionList(c, allSessions) }

// listAwaiting answers GET /awaiting.
func (s *Server) listAwaiting(c *fiber.Ctx) error { return s.sessionList(c, awaitingList) }

// listRejections answers GET /rejections.
func (s *Server) listRejections(c *fiber.Ctx) error { return s.sessionList(c, rejections) }

func (s *Server) sessionList(c *fiber.Ctx, kind listKind) error {
	return s.sessionListWith(c, kind, parseFilter(c), form{})
}

// sessionListWith is the list with a form that came back with problems.
func (s *Server) sessionListWith(c *fiber.Ctx, kind listKind, f filter, back form) error {
	view := listView{frame: s.frame(c, kind.title, kind.section), Path: kind.path, Filter: f, Choose: kind.status == "", Form: back,
		Own: kind == awaitingList && c.Query("mine") != "" && actor(c).Can(session.MayDecide), names: s.names(c.UserContext())}
	view.queue = queue{kind: kind, filter: f.first(), known: true}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	if view.Company[view.Filter.Company] != "" {
		view.Accent = view.Filter.Company
	}
	status := fiber.StatusOK
	if len(back.Fields) > 0 || back.Failed != "" {
		status = fiber.StatusUnprocessableEntity
	}
	err = s.fill(c, &view, kind)
	if again, ok := showAgain(err); ok {
		status, view.Fields = again, fieldsOf(err)
		if len(view.Fields) == 0 {
			view.Fields = session.Fields{"q": session.MessageOf(err)}
		}
	} else if err != nil {
		return err
	}
	view.Total = total(view.Found.Total, view.Found.More)
	if view.Found.Total == 0 && !view.Filter.Any() && view.Choose && view.Gap == "" {
		view.Nobody = true
	}
	if isFragment(c) && !view.Own {
		c.Set("HX-Replace-Url", view.Filter.at(s.base+kind.path))
	}
	return s.render(c, status, "sessions", "found", view)
}

// fill finds what the list shows: the sessions, who works on them, and what the member chose to see.
func (s *Server) fill(c *fiber.Ctx, view *listView, kind listKind) error {
	ctx, who := c.UserContext(), actor(c)
	preferred, err := s.o.Sessions.Preferences(ctx, who)
	if err != nil {
		return err
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Columns, view.Saved = append(chosenColumns(preferred.Columns), extraColumns(companies, view.Filter.Company)...), preferred.Filters
	if view.Own {
		view.Rows, err = s.o.Sessions.Mine(ctx, who)
		view.Found.Total = len(view.Rows)
	} else {
		var q session.Query
		if q, err = (queue{kind: kind, filter: view.Filter}).query(s); err == nil {
			view.Rows, view.Found, err = s.o.Sessions.Rows(ctx, who, q)
		}
	}
	if err == nil {
		view.Claims, err = s.o.Sessions.ClaimsOn(ctx, who, view.Rows)
	}
	return err
}

func companyNames(companies []session.Company) map[string]string {
	names := make(map[string]string, len(companies))
	for _, c := range companies {
		names[c.Slug] = c.Name
	}
	return names
}

// Statuses and the methods after it are what the filters offer.
func (v listView) Statuses() []option {
	return options(session.Statuses, statusName, v.Filter.Status)
}

// Documents are the document types.
func (v listView) Documents() []option {
	return options(session.DocumentTypes, documentName, v.Filter.Document)
}

// Screenings are the outcomes of a screening.
func (v listView) Screenings() []option {
	return options(session.ScreeningStatuses, screeningName, v.Filter.Screening)
}

// Reasons are the reasons for which a session may wait or fail.
func (v listView) Reasons() []option {
	names := map[string]string{}
	for _, r := range session.ReasonNames {
		names[r.Code] = r.Name
	}
	return options(reasonCodes(), func(code string) string { return names[code] }, v.Filter.Reason)
}

// Next is the address of the next page, "" on the last.
func (v listView) Next() string {
	if v.Found.Next == "" {
		return ""
	}
	f := v.Filter
	f.Cursor = v.Found.Next
	return f.at(v.s.base + v.Path)
}

// Newest is the address of the first page.
func (v listView) Newest() string { return v.Filter.first().at(v.s.base + v.Path) }

// Here is the address of this page.
func (v listView) Here() string { return v.Filter.at(v.s.base + v.Path) }

// fewRows is up to how many sessions a CSV is sent at once; longer ones are written in the background.
const fewRows = 2000

// Long reports whether an export of the list goes on in the background.
func (v listView) Long() bool { return v.Found.More || v.Found.Total > fewRows }

// Export is where everything that the list holds is taken out: at once, or in the background.
func (v listView) Export() string {
	f := v.Filter.first()
	switch v.Path {
	case awaitingList.path:
		f.Status = []string{string(session.AwaitingAction)}
	case rejections.path:
		f.Status = []string{string(session.Rejected)}
	}
	if v.Long() {
		return f.at(v.s.base + "/exports")
	}
	return f.at(v.s.base + "/sessions/export.csv")
}

// saveFilter answers POST /sessions/filters?list=&…: the filter in the address gets a name.
func (s *Server) saveFilter(c *fiber.Ctx) error {
	q := queueOf(c)
	f := form{Name: "filter", Text: c.FormValue("name")}
	err := s.o.Sessions.SaveFilter(c.UserContext(), actor(c), session.SavedFilter{Name: f.Text, List: q.kind.path, Query: q.filter.values().Encode()})
	if _, ok := showAgain(err); ok {
		return s.sessionListWith(c, q.kind, q.filter, f.failed(err))
	}
	return s.toList(c, q, "filter-saved", err)
}

// dropFilter answers POST /sessions/filters/delete with the name of the saved filter.
func (s *Server) dropFilter(c *fiber.Ctx) error {
	return s.toList(c, queueOf(c), "deleted", s.o.Sessions.DropFilter(c.UserContext(), actor(c), c.FormValue("name")))
}

// chooseColumns answers POST /sessions/columns with the columns that the lists shall have; none are the
// usual ones.
func (s *Server) chooseColumns(c *fiber.Ctx) error {
	var codes []string
	if c.FormValue("usual") == "" {
		for _, col := range chosenColumns(formValues(c, "column")) {
			codes = append(codes, col.Code)
		}
	}
	return s.toList(c, queueOf(c), "columns", s.o.Sessions.ChooseColumns(c.UserContext(), actor(c), codes))
}

// toList leads back to the list, unless err says that nothing was done.
func (s *Server) toList(c *fiber.Ctx, q queue, done string, err error) error {
	if err != nil {
		return err
	}
	return c.Redirect(q.filter.with(s.base+q.kind.path, "done", done), fiber.StatusSeeOther)
}
