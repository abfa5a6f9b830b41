package server

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// eventsShown is how many events a page of the audit log has.
const eventsShown = 50

type activityView struct {
	frame
	Filter  activityFilter
	Fields  session.Fields
	Events  []session.Event
	NextURL string
	Checked *chainCheck
	Company map[string]string
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

// showActivity answers GET /activity?action=&actor=&session=&from=&to=&before=.
func (s *Server) showActivity(c *fiber.Ctx) error {
	typed, f, err := s.activityFilter(c)
	view := activityView{frame: s.frame(c, "Activity", "activity"), Filter: typed}
	status := fiber.StatusOK
	if err == nil {
		view.Events, err = s.o.Sessions.Activity(c.UserContext(), actor(c), f)
	}
	if again, ok := showAgain(err); ok {
		status, view.Fields = again, fieldsOf(err)
	} else if err != nil {
		return err
	}
	if len(view.Events) > eventsShown {
		view.Events = view.Events[:eventsShown]
		typed.Before = strconv.FormatUint(view.Events[eventsShown-1].Seq, 10)
		view.NextURL = s.base + "/activity?" + typed.values().Encode()
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	return s.render(c, status, "activity", "results", view)
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

// Actors are the members whose doings may be looked for, and the program itself.
func (v activityView) Actors() ([]option, error) {
	members, err := v.s.o.Staff.Members(v.ctx)
	all := []option{{session.System.ID, session.System.Name, v.Filter.Actor == session.System.ID}}
	for _, m := range members {
		if v.All() || shares(v.who.actor, m.Companies) {
			id := "member:" + m.ID
			all = append(all, option{id, m.Name, v.Filter.Actor == id})
		}
	}
	return all, err
}

func shares(who session.Actor, companies []string) bool {
	return slices.ContainsFunc(companies, who.Sees)
}

// Detail is what an event says beyond who did what, as "list: un_sc · entries: 10".
func (v activityView) Detail(e session.Event) string { return detail(e) }

func detail(e session.Event) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		value := e.Detail[key]
		if key == "sha256" {
			value = short(value)
		}
		if value != "" {
			parts = append(parts, strings.ReplaceAll(key, "_", " ")+": "+value)
		}
	}
	return strings.Join(parts, " · ")
}

// Detail is what an event of the session says beyond who did what.
func (v sessionView) Detail(e session.Event) string { return detail(e) }

// verifyActivity answers POST /activity/verify: it walks the whole chain.
func (s *Server) verifyActivity(c *fiber.Ctx) error {
	n, err := s.o.Sessions.VerifyAudit(c.UserContext())
	if err != nil && errors.Is(err, c.UserContext().Err()) {
		return err
	}
	view := activityView{frame: s.frame(c, "Activity", "activity"), Checked: &chainCheck{Events: number(int(n))}}
	if err != nil {
		view.Checked.Broken = err.Error()
		s.o.Log.Error("the audit chain is broken", "err", err)
	}
	if view.Events, err = s.o.Sessions.Activity(c.UserContext(), actor(c), session.EventFilter{Limit: eventsShown}); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "activity", "checked", view)
}
