package server

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// A suppressionFilter is what the query string of the list asks for, as typed.
type suppressionFilter struct{ State, List, Company, Owner, Cursor string }

// suppressionStates are the states of the filter.
var suppressionStates = []option{{"", "In force", false}, {"overdue", "Overdue for review", false}, {"ended", "Ended", false}}

func parseSuppressionFilter(c *fiber.Ctx) suppressionFilter {
	text := func(name string) string { return clip(strings.TrimSpace(c.Query(name)), maxSearch) }
	return suppressionFilter{State: text("state"), List: text("list"), Company: text("company"), Owner: text("owner"), Cursor: text("cursor")}
}

// suppressionsAsked is what f asks of the domain on behalf of who, or what is wrong with it.
func (s *Server) suppressionsAsked(f suppressionFilter, who session.Actor) (session.SuppressionFilter, error) {
	q := session.SuppressionFilter{List: f.List, Owner: f.Owner, Cursor: f.Cursor, Limit: pageSize}
	if f.Owner == mine {
		q.Owner = who.ID
	}
	if f.Company != "" {
		q.Companies = []string{f.Company}
	}
	switch f.State {
	case "", "in_force":
	case "overdue":
		q.DueBefore = s.o.Now()
	case "ended":
		q.Ended = true
	default:
		return q, session.Fields{"state": "Use in_force, overdue or ended."}.Err("server.suppressionsAsked")
	}
	return q, nil
}

func (f suppressionFilter) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"state": f.State, "list": f.List, "company": f.Company, "owner": f.Owner, "cursor": f.Cursor} {
		if text != "" {
			v.Set(name, text)
		}
	}
	return v
}

// at is path with f as its query string.
func (f suppressionFilter) at(path string) string { return withQuery(path, f.values()) }

type suppressionsView struct {
	frame
	Tab     string
	Filter  suppressionFilter
	Fields  session.Fields
	All     []session.Suppression
	Total   string
	Overdue string // how many are, "" for none
	Next    string
	Lists   []session.ListRecord
	Company map[string]string
	names   func(string) string
}

// listSuppressions answers GET /sanctions/suppressions?state=&list=&company=&owner=&cursor=.
func (s *Server) listSuppressions(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), actor(c)
	view := suppressionsView{frame: s.frame(c, "Suppressions", "sanctions"), Tab: "suppressions", Filter: parseSuppressionFilter(c), names: s.names(ctx)}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	if view.Lists, err = s.o.Sessions.Lists(who); err != nil {
		return err
	}
	_, _, due, err := s.o.Sessions.Suppressions(ctx, who, session.SuppressionFilter{DueBefore: s.o.Now(), Limit: 1})
	if err != nil {
		return err
	}
	if due > 0 {
		view.Overdue = total(due, due >= session.MaxCounted)
	}
	status, n := 0, 0
	q, err := s.suppressionsAsked(view.Filter, who)
	if err == nil {
		view.All, view.Next, n, err = s.o.Sessions.Suppressions(ctx, who, q)
	}
	if status, view.Fields, err = filterProblem(err); err != nil {
		return err
	}
	view.Total = total(n, n >= session.MaxCounted)
	if view.Next != "" {
		f := view.Filter
		f.Cursor = view.Next
		view.Next = f.at(s.base + "/sanctions/suppressions")
	}
	return s.render(c, status, "suppressions", "results", view)
}

// States are the states to choose from, and Owners those who may own suppressions.
func (v suppressionsView) States() []option { return chooseFrom(suppressionStates, v.Filter.State) }

// Owners are those who may answer for suppressions.
func (v suppressionsView) Owners() ([]option, error) {
	members, err := v.deciderOptions("")
	return chooseFrom(append([]option{{"", "Anybody", false}, {mine, "Me", false}}, members...), v.Filter.Owner), err
}

// By is the name of whoever an id stands for.
func (v suppressionsView) By(id string) string { return v.names(id) }

// Due reports whether the review should have taken place.
func (v suppressionsView) Due(p session.Suppression) bool { return p.Overdue(v.s.o.Now()) }

// Export is the address of the CSV with everything that the list holds.
func (v suppressionsView) Export() string {
	f := v.Filter
	f.Cursor = ""
	return f.at(v.s.base + "/sanctions/suppressions/export.csv")
}

// exportSuppressions answers GET /sanctions/suppressions/export.csv with the filters of the list.
func (s *Server) exportSuppressions(c *fiber.Ctx) error {
	f, who := parseSuppressionFilter(c), actor(c)
	f.Cursor = ""
	q, err := s.suppressionsAsked(f, who)
	if err != nil {
		return err
	}
	q.Limit, q.Uncounted = 200, true
	names := s.names(c.UserContext())
	names("member:") // reads the members while the request lasts
	return s.sendCSV(c, f.Company, f.values(), map[string]string{"what": "suppressions"}, func(ctx context.Context, w io.Writer) error {
		return report.SuppressionsCSV(w, pages(ctx, q.Cursor, func(cursor string) ([]session.Suppression, string, error) {
			q.Cursor = cursor
			page, next, _, err := s.o.Sessions.Suppressions(ctx, who, q)
			return page, next, err
		}), s.o.Zone, names)
	})
}

type suppressionView struct {
	frame
	Tab     string
	P       session.Suppression
	Company string
	Held    []session.Alert // the alerts that it holds down, the newest
	Total   string
	Form    form
	names   func(string) string
}

// showSuppression answers GET /sanctions/suppressions/:suppression.
func (s *Server) showSuppression(c *fiber.Ctx) error {
	return s.suppressionPage(c, fiber.StatusOK, form{})
}

func (s *Server) suppressionPage(c *fiber.Ctx, status int, f form) error {
	ctx, who := c.UserContext(), actor(c)
	p, err := s.o.Sessions.Suppression(ctx, who, c.Params("suppression"))
	if err != nil {
		return err
	}
	company, err := s.o.Sessions.Company(ctx, who, p.Company)
	if err != nil {
		return err
	}
	view := suppressionView{frame: s.frame(c, cmp.Or(p.Seen.Person.FullName(), "Suppression"), "sanctions"), Tab: "suppressions", P: p,
		Company: company.Name, Form: f, names: s.names(ctx)}
	view.Accent = p.Company
	n := 0
	if view.Held, _, n, err = s.o.Sessions.Alerts(ctx, who, session.AlertFilter{Suppression: p.ID, Limit: related}); err != nil {
		return err
	}
	view.Total = total(n, n >= session.MaxCounted)
	return s.render(c, status, "suppression", "swap", view)
}

// Sides are both sides as they were when it was decided.
func (v suppressionView) Sides() []side {
	return sides(v.P.Seen.Person, session.Hit{Entry: v.P.Seen.Entry})
}

// By is the name of whoever an id stands for.
func (v suppressionView) By(id string) string { return v.names(id) }

// Due reports whether the review should have taken place.
func (v suppressionView) Due() bool { return v.P.Overdue(v.s.o.Now()) }

// endSuppression answers POST /sanctions/suppressions/:suppression/end.
func (s *Server) endSuppression(c *fiber.Ctx) error {
	f := form{Name: "end", Text: c.FormValue("reason")}
	_, err := s.o.Sessions.EndSuppression(c.UserContext(), actor(c), c.Params("suppression"), f.Text)
	return s.afterSuppression(c, f, "ended", err)
}

// renewSuppression answers POST /sanctions/suppressions/:suppression/review.
func (s *Server) renewSuppression(c *fiber.Ctx) error {
	f := form{Name: "review", Text: c.FormValue("reason")}
	_, err := s.o.Sessions.RenewSuppression(c.UserContext(), actor(c), c.Params("suppression"), f.Text)
	return s.afterSuppression(c, f, "renewed", err)
}

func (s *Server) afterSuppression(c *fiber.Ctx, f form, done string, err error) error {
	if status, ok := showAgain(err); ok {
		return s.suppressionPage(c, status, f.failed(err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/suppressions/"+c.Params("suppression")+"?done="+done, fiber.StatusSeeOther)
}
