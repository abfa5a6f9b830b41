package server

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// eventsShown is how many events a page of the audit log has.
const eventsShown = 50

type activityView struct {
	frame
	Filter   activityFilter
	Fields   session.Fields
	Events   []session.Event
	NextURL  string
	LookedTo string // number of the event to which the log was looked through, where there is more
	Checked  *chainCheck
	Company  map[string]string
	names    func(string) string
}

// A chainCheck is what walking the whole audit chain gave.
type chainCheck struct {
	Events string
	Broken string // the first broken link, "" if the chain is whole
}

// An activityFilter is what the query string of the audit log asks for, as typed.
type activityFilter struct {
	Action, Actor, Session, Company, From, To, Before string
}

func (s *Server) activityFilter(c *fiber.Ctx) (activityFilter, session.EventFilter, error) {
	text := func(name string) string { return clip(strings.TrimSpace(c.Query(name)), maxSearch) }
	typed := activityFilter{Action: text("action"), Actor: text("actor"), Session: text("session"), Company: text("company"),
		From: text("from"), To: text("to"), Before: text("before")}
	f := session.EventFilter{Action: typed.Action, Actor: typed.Actor, Limit: eventsShown + 1}
	var bad session.Fields
	if typed.Company != "" {
		f.Companies = []string{typed.Company}
	}
	if typed.Session != "" {
		id, err := session.ParseID(typed.Session)
		if err != nil {
			bad.Add("session", "A session id has 26 letters and digits.")
		}
		f.Session = id
	}
	f.From = dayIn(&bad, "from", typed.From, s.o.Zone)
	if f.To = dayIn(&bad, "to", typed.To, s.o.Zone); !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	if typed.Before != "" {
		n, err := strconv.ParseUint(typed.Before, 10, 64)
		if err != nil {
			bad.Add("before", "This is no event number.")
		}
		f.Before = n
	}
	return typed, f, bad.Err("server.activityFilter")
}

// showActivity answers GET /activity?action=&actor=&session=&company=&from=&to=&before=.
func (s *Server) showActivity(c *fiber.Ctx) error {
	typed, f, err := s.activityFilter(c)
	view, viewErr := s.activityView(c, typed)
	if viewErr != nil {
		return viewErr
	}
	status := fiber.StatusOK
	if err == nil {
		err = view.load(c, f)
	}
	if again, ok := showAgain(err); ok {
		status, view.Fields = again, fieldsOf(err)
	} else if err != nil {
		return err
	}
	return s.render(c, status, "activity", "results", view)
}

func (s *Server) activityView(c *fiber.Ctx, typed activityFilter) (activityView, error) {
	view := activityView{frame: s.frame(c, "Activity", "activity"), Filter: typed, names: s.names(c.UserContext())}
	companies, err := view.Companies()
	view.Company = companyNames(companies)
	return view, err
}

// load reads a page of events. f asks for one more than is shown, to know whether there are others.
func (v *activityView) load(c *fiber.Ctx, f session.EventFilter) error {
	events, next, err := v.s.o.Sessions.Activity(c.UserContext(), actor(c), f)
	if err != nil {
		return err
	}
	v.Events = events
	if len(events) > eventsShown {
		v.Events = events[:eventsShown]
		next = v.Events[eventsShown-1].Seq
	} else if next > 0 {
		v.LookedTo = number(int(next))
	}
	if next > 0 {
		typed := v.Filter
		typed.Before = strconv.FormatUint(next, 10)
		v.NextURL = v.s.base + "/activity?" + typed.values().Encode()
	}
	return nil
}

// Export is the address of the CSV with everything that the filter chooses.
func (v activityView) Export() string {
	f := v.Filter
	f.Before = ""
	address := v.s.base + "/activity/export.csv"
	if f.Any() {
		address += "?" + f.values().Encode()
	}
	return address
}

// exportActivity answers GET /activity/export.csv with the filters of the page.
func (s *Server) exportActivity(c *fiber.Ctx) error {
	typed, f, err := s.activityFilter(c)
	if err != nil {
		return err
	}
	who := actor(c)
	return s.sendCSV(c, typed.Company, typed.values(), map[string]string{"what": "activity"}, func(ctx context.Context, w io.Writer) error {
		return report.EventsCSV(w, s.o.Sessions.EachActivity(ctx, who, f), s.o.Zone, actionName)
	})
}

func (f activityFilter) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"action": f.Action, "actor": f.Actor, "session": f.Session, "company": f.Company,
		"from": f.From, "to": f.To, "before": f.Before} {
		if text != "" {
			v.Set(name, text)
		}
	}
	return v
}

// Any reports whether the filter narrows the log.
func (f activityFilter) Any() bool {
	f.Before = ""
	return len(f.values()) > 0
}

// Actions are the choices of the filter.
func (v activityView) Actions() []option {
	all := make([]option, len(auditActions))
	for i, a := range auditActions {
		all[i] = option{a.Code, a.Name, a.Code == v.Filter.Action}
	}
	return all
}

// Actors are those whose doings may be looked for: members, API keys, and the program itself.
func (v activityView) Actors() ([]option, error) {
	ids := []string{session.System.ID}
	members, err := v.s.o.Staff.MembersFor(v.ctx, v.who.member)
	for _, m := range members {
		ids = append(ids, "member:"+m.ID)
	}
	keys, keysErr := v.s.o.Staff.Keys(v.ctx, v.who.member)
	for _, k := range keys {
		ids = append(ids, "key:"+k.ID)
	}
	if asked := v.Filter.Actor; asked != "" && !slices.Contains(ids, asked) {
		ids = append(ids, asked)
	}
	return options(ids, v.names, []string{v.Filter.Actor}), errors.Join(err, keysErr)
}

// Detail is what an event says beyond who did what, as "list: un_sc · entries: 10".
func (v activityView) Detail(e session.Event) string {
	if id := e.Detail["member"]; id != "" {
		named := maps.Clone(e.Detail)
		named["member"] = v.names("member:" + id)
		e.Detail = named
	}
	return detail(e)
}

func detail(e session.Event) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		value := e.Detail[key]
		switch key {
		case "sha256":
			value = short(value)
		case "status":
			value = statusName(session.Status(value))
		case "screening":
			value = cmp.Or(screeningName(session.ScreeningStatus(value)), value)
		case "list":
			value = listName(value)
		}
		if value != "" {
			parts = append(parts, strings.ReplaceAll(key, "_", " ")+": "+value)
		}
	}
	return strings.Join(parts, " · ")
}

// Detail is what an event of the session says beyond who did what.
func (v sessionView) Detail(e session.Event) string { return detail(e) }

// verifyActivity answers POST /activity/verify: it walks the whole chain, and notes what came of it.
func (s *Server) verifyActivity(c *fiber.Ctx) error {
	view, err := s.activityView(c, activityFilter{})
	if err != nil {
		return err
	}
	n, broken := s.o.Sessions.VerifyAudit(c.UserContext(), actor(c))
	if broken != nil && errors.Is(broken, c.UserContext().Err()) {
		return broken
	}
	view.Checked = &chainCheck{Events: number(int(n))}
	outcome := "whole"
	if broken != nil {
		outcome, view.Checked.Broken = "broken", broken.Error()
		s.o.Log.Error("the audit chain is broken", "err", broken)
	}
	err = s.o.Sessions.Record(c.UserContext(), actor(c), session.ActAuditChecked, "", "", map[string]string{"outcome": outcome, "events": strconv.FormatUint(n, 10)})
	err = errors.Join(err, view.load(c, session.EventFilter{Limit: eventsShown + 1}))
	if err != nil && broken == nil { // of a broken log, what can be told is told
		return err
	}
	return s.render(c, fiber.StatusOK, "activity", "checked", view)
}
