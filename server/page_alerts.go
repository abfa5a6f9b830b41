package server

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// alertStates are the states by which the queue may be filtered, the usual one first.
var alertStates = []session.DispositionState{session.DispositionOpen, session.DispositionProposed, session.DispositionEscalated,
	session.DispositionMatch, session.DispositionNoMatch, session.DispositionGone}

// An alertFilter is what the query string of the queue asks for, as typed.
type alertFilter struct {
	State, List, Company, Score, Age, Assignee, Order, Cursor string
}

// alertOrders are the orders of the queue.
var alertOrders = []option{{"", "Newest", false}, {"oldest", "Oldest", false}, {"score", "Highest score", false}}

// alertAges are the ages to choose from, in days.
var alertAges = []option{{"", "Any", false}, {"1", "Over a day", false}, {"3", "Over 3 days", false}, {"7", "Over a week", false}, {"30", "Over 30 days", false}}

// mine and nobodys are the assignees that are no member's id.
const (
	mine    = "me"
	nobodys = "nobody"
)

func parseAlertFilter(c *fiber.Ctx) alertFilter {
	text := func(name string) string { return clip(strings.TrimSpace(c.Query(name)), maxSearch) }
	f := alertFilter{State: text("state"), List: text("list"), Company: text("company"), Score: text("score"), Age: text("age"),
		Assignee: text("assignee"), Order: text("sort"), Cursor: text("cursor")}
	if f.State == "" {
		f.State = string(session.DispositionOpen)
	}
	return f
}

// query is what f asks of the domain on behalf of who, or what is wrong with it.
func (f alertFilter) query(who session.Actor, now time.Time) (session.AlertFilter, error) {
	var bad session.Fields
	q := session.AlertFilter{List: f.List, Order: session.AlertOrder(f.Order), Cursor: f.Cursor, Limit: pageSize}
	if f.State != "all" {
		if q.State = session.DispositionState(f.State); !slices.Contains(alertStates, q.State) {
			bad.Add("state", "There is no state "+clip(f.State, 40)+".")
		}
	}
	if f.Company != "" {
		q.Companies = []string{f.Company}
	}
	if f.Score != "" {
		var err error
		if q.MinScore, err = strconv.ParseFloat(f.Score, 64); err != nil || !(q.MinScore >= 0 && q.MinScore <= 1) {
			bad.Add("score", "Write a score from 0 to 1, such as 0.9.")
		}
	}
	if f.Age != "" {
		days, err := strconv.Atoi(f.Age)
		if err != nil || days < 0 || days > 36500 {
			bad.Add("age", "Write a number of days.")
		}
		q.RaisedBefore = now.AddDate(0, 0, -days)
	}
	if !slices.ContainsFunc(alertOrders, func(o option) bool { return o.Value == f.Order }) {
		bad.Add("sort", "Use oldest or score, or leave it out for the newest first.")
	}
	switch f.Assignee {
	case "":
	case mine:
		q.Assignees = []string{who.ID}
	case nobodys:
		q.Assignees = []string{""}
	default:
		q.Assignees = []string{f.Assignee}
	}
	return q, bad.Err("server.alertFilter")
}

func (f alertFilter) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"state": f.State, "list": f.List, "company": f.Company, "score": f.Score, "age": f.Age,
		"assignee": f.Assignee, "sort": f.Order, "cursor": f.Cursor} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if f.State == string(session.DispositionOpen) {
		v.Del("state")
	}
	return v
}

// at is path with f as its query string.
func (f alertFilter) at(path string) string { return withQuery(path, f.values()) }

// Any reports whether f narrows the queue beyond its state.
func (f alertFilter) Any() bool {
	f.Cursor, f.Order, f.State = "", "", ""
	return len(f.values()) > 0
}

type alertsView struct {
	frame
	Tab     string
	Filter  alertFilter
	Fields  session.Fields
	Alerts  []session.Alert
	Total   string
	Next    string // address of the next page
	Lists   []session.ListRecord
	Company map[string]string
	names   func(string) string
}

// listAlerts answers GET /sanctions?state=&list=&company=&score=&age=&assignee=&sort=&cursor=. Without a
// state it shows what is open.
func (s *Server) listAlerts(c *fiber.Ctx) error {
	view := alertsView{frame: s.frame(c, "Sanctions", "sanctions"), Tab: "alerts", Filter: parseAlertFilter(c), names: s.names(c.UserContext())}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	if view.Lists, err = s.o.Sessions.Lists(actor(c)); err != nil {
		return err
	}
	status, n := 0, 0
	q, err := view.Filter.query(actor(c), s.o.Now())
	if err == nil {
		view.Alerts, view.Next, n, err = s.o.Sessions.Alerts(c.UserContext(), actor(c), q)
	}
	if status, view.Fields, err = filterProblem(err); err != nil {
		return err
	}
	view.Total = total(n, n >= session.MaxCounted)
	if view.Next != "" {
		f := view.Filter
		f.Cursor = view.Next
		view.Next = f.at(s.base + "/sanctions")
	}
	if isFragment(c) {
		c.Set("HX-Replace-Url", view.Filter.at(s.base+"/sanctions"))
	}
	return s.render(c, status, "alerts", "results", view)
}

// States and the methods after it are the choices of the filter.
func (v alertsView) States() []option {
	return append(options(alertStates, dispositionName, []string{v.Filter.State}), option{"all", "All", v.Filter.State == "all"})
}

// Orders are the orders of the queue.
func (v alertsView) Orders() []option { return chooseFrom(alertOrders, v.Filter.Order) }

// Ages are the ages of alerts.
func (v alertsView) Ages() []option { return chooseFrom(alertAges, v.Filter.Age) }

func chooseFrom(all []option, value string) []option {
	all = slices.Clone(all)
	for i := range all {
		all[i].On = all[i].Value == value
	}
	return all
}

// Assignees are those who may have been given alerts.
func (v alertsView) Assignees() ([]option, error) {
	members, err := v.deciderOptions("")
	all := []option{{"", "Anybody", false}, {mine, "Me", false}, {nobodys, "Nobody", false}}
	return chooseFrom(append(all, members...), v.Filter.Assignee), err
}

// Who is the name of the member that an alert is given to.
func (v alertsView) Who(assignee string) string {
	if assignee == v.who.actor.ID {
		return "Me"
	}
	return v.names(assignee)
}

// First is the address of the first page.
func (v alertsView) First() string {
	f := v.Filter
	f.Cursor = ""
	return f.at(v.s.base + "/sanctions")
}

// Proposed is how many dispositions wait for approval, "" for none.
func (v alertsView) Proposed() (string, error) { return v.elsewhere(session.DispositionProposed) }

// Escalated is how many alerts wait for somebody else to decide, "" for none.
func (v alertsView) Escalated() (string, error) { return v.elsewhere(session.DispositionEscalated) }

// elsewhere is how many alerts are in a state that this page does not show, "" for none.
func (v alertsView) elsewhere(state session.DispositionState) (string, error) {
	if v.Filter.State == string(state) {
		return "", nil
	}
	_, _, n, err := v.s.o.Sessions.Alerts(v.ctx, v.who.actor, session.AlertFilter{State: state, Limit: 1})
	if n == 0 {
		return "", err
	}
	return total(n, n >= session.MaxCounted), err
}

// TakeNext is where the button for the next case leads.
func (v alertsView) TakeNext() string {
	f := v.Filter
	f.Cursor, f.State, f.Assignee = "", "", ""
	return f.at(v.s.base + "/sanctions/next")
}

// Export is the address of the CSV with everything that the queue holds.
func (v alertsView) Export() string {
	f := v.Filter
	f.Cursor = ""
	return f.at(v.s.base + "/sanctions/export.csv")
}

// Here is the address of this page.
func (v alertsView) Here() string { return v.Filter.at(v.s.base + "/sanctions") }

// takeNext answers POST /sanctions/next?list=…&after=: the next open alert becomes the member's.
func (s *Server) takeNext(c *fiber.Ctx) error {
	f := parseAlertFilter(c)
	f.State, f.Assignee, f.Cursor = string(session.DispositionOpen), "", ""
	q, err := f.query(actor(c), s.o.Now())
	if err != nil {
		return err
	}
	q.After = clip(c.FormValue("after"), 100)
	a, err := s.o.Sessions.TakeNextAlert(c.UserContext(), actor(c), q)
	if session.CodeOf(err) == session.NotFound {
		return c.Redirect(s.base+"/sanctions?done=no-next", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return c.Redirect(f.at(s.base+"/sanctions/alerts/"+a.ID), fiber.StatusSeeOther)
}

// exportAlerts answers GET /sanctions/export.csv with the filters of the queue.
func (s *Server) exportAlerts(c *fiber.Ctx) error {
	f, who := parseAlertFilter(c), actor(c)
	f.Cursor = ""
	q, err := f.query(who, s.o.Now())
	if err != nil {
		return err
	}
	q.Limit, q.Uncounted = 200, true
	names := s.names(c.UserContext())
	names("member:") // reads the members while the request lasts
	return s.sendCSV(c, f.Company, f.values(), map[string]string{"what": "alerts"}, func(ctx context.Context, w io.Writer) error {
		return report.AlertsCSV(w, pages(ctx, q.Cursor, func(cursor string) ([]session.Alert, string, error) {
			q.Cursor = cursor
			page, next, _, err := s.o.Sessions.Alerts(ctx, who, q)
			return page, next, err
		}), s.o.Zone, names)
	})
}
