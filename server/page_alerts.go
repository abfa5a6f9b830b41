package server

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type alertsView struct {
	frame
	Tab     string
	State   string
	List    string
	Alerts  []session.Alert
	Total   string
	NextURL string
	Lists   []session.ListRecord
	Company map[string]string
}

// alertStates are the states by which the queue may be filtered, the usual one first.
var alertStates = []session.DispositionState{session.DispositionOpen, session.DispositionEscalated, session.DispositionMatch,
	session.DispositionNoMatch, session.DispositionGone}

// listAlerts answers GET /sanctions?state=&list=&cursor=. Without a state it shows what is open.
func (s *Server) listAlerts(c *fiber.Ctx) error {
	view := alertsView{frame: s.frame(c, "Sanctions", "sanctions"), Tab: "alerts", State: c.Query("state", string(session.DispositionOpen)), List: c.Query("list")}
	f := session.AlertFilter{List: view.List, Cursor: c.Query("cursor"), Limit: pageSize}
	if view.State != "all" {
		f.State = session.DispositionState(view.State)
		if !slices.Contains(alertStates, f.State) {
			return session.Fields{"state": "There is no such state."}.Err("server.listAlerts")
		}
	}
	alerts, next, n, err := s.o.Sessions.Alerts(c.UserContext(), actor(c), f)
	if err != nil {
		return err
	}
	view.Alerts, view.Total = alerts, number(n)
	if next != "" {
		view.NextURL = s.base + "/sanctions?state=" + url.QueryEscape(view.State) + "&list=" + url.QueryEscape(view.List) + "&cursor=" + url.QueryEscape(next)
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	if view.Lists, err = s.o.Sessions.Lists(actor(c)); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "alerts", "results", view)
}

// States are the choices of the filter.
func (v alertsView) States() []option {
	return append(options(alertStates, dispositionName, []string{v.State}), option{"all", "All", v.State == "all"})
}

// A hitView is one hit with the form in which it is decided.
type hitView struct {
	frame
	Hit    session.Hit
	Person session.Person
	Post   string // where the form goes
	Form   form
	Open   bool // the form is shown
	By     string
	Sides  []side
}

// A side is one field of a hit, the person's beside the entry's.
type side struct {
	Field, Person string
	Entry         []string
}

// dispositionReasons are the codes for a decision about a hit.
var dispositionReasons = []option{
	{"name_differs", "Name differs", false}, {"birth_date_differs", "Birth date differs", false}, {"nationality_differs", "Nationality differs", false},
	{"document_differs", "Document number differs", false}, {"other_person", "Known to be another person", false},
	{"all_fields_agree", "All fields agree", false}, {"needs_information", "More information is needed", false},
}

// ReasonCodes are the reasons to choose from.
func (v hitView) ReasonCodes() []option {
	chosen := slices.Clone(dispositionReasons)
	for i := range chosen {
		chosen[i].On = chosen[i].Value == v.Form.Reason
	}
	return chosen
}

// States are the decisions to choose from.
func (v hitView) States() []option {
	return options([]session.DispositionState{session.DispositionNoMatch, session.DispositionMatch, session.DispositionEscalated}, dispositionName, []string{v.Form.Kind})
}

// Hits are the hits of the session, each with its form.
func (v sessionView) Hits() []hitView {
	hits := make([]hitView, len(v.S.Screening.Hits))
	for i, h := range v.S.Screening.Hits {
		hits[i] = hitView{frame: v.frame, Hit: h, Person: v.S.Person, By: v.names(h.Disposition.By), Sides: sides(v.S.Person, h.Entry),
			Post: v.s.base + "/sessions/" + string(v.S.ID) + "/alerts/" + h.Alert}
		if v.Form.Is(h.Alert) {
			hits[i].Form, hits[i].Open = v.Form, true
		}
	}
	return hits
}

func sides(p session.Person, e session.ListEntry) []side {
	var names []string
	for _, n := range e.Names {
		text := n.Full
		if n.Weak {
			text += " (weak alias)"
		}
		names = append(names, text)
	}
	person := p.FullName()
	if local := p.Local.Full(); local != "" {
		person += " · " + local
	}
	var births, documents []string
	for _, b := range e.Births {
		births = append(births, b.String())
	}
	for _, d := range e.Documents {
		documents = append(documents, joined(" · ", d.Kind, d.Number, d.Country))
	}
	all := []side{
		{"Name", person, names}, {"Birth date", string(p.BirthDate), births}, {"Nationality", country(p.Nationality), each(e.Nationalities, country)},
		{"Sex", p.Sex, e.Sexes}, {"Place of birth", p.PlaceOfBirth, e.BirthPlaces}, {"Document", joined(" · ", p.DocumentNumber, p.PersonalNumber), documents},
	}
	return all
}

func each(texts []string, do func(string) string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = do(t)
	}
	return out
}

func joined(sep string, parts ...string) string {
	text := ""
	for _, p := range parts {
		switch {
		case p == "":
		case text == "":
			text = p
		default:
			text += sep + p
		}
	}
	return text
}

type alertView struct {
	frame
	Tab     string
	Alert   session.Alert
	Company string
	HitView hitView
	Gone    bool // the session does not have the hit any more
}

// showAlert answers GET /sanctions/alerts/:alert.
func (s *Server) showAlert(c *fiber.Ctx) error { return s.alertPage(c, fiber.StatusOK, form{}) }

func (s *Server) alertPage(c *fiber.Ctx, status int, f form) error {
	ctx, who := c.UserContext(), actor(c)
	a, err := s.o.Sessions.Alert(ctx, who, c.Params("alert"))
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.Get(ctx, who, a.Session)
	if err != nil {
		return err
	}
	company, err := s.o.Sessions.Company(ctx, who, a.Company)
	if err != nil {
		return err
	}
	fr := s.frame(c, a.Person, "sanctions")
	fr.Accent = a.Company
	view := alertView{frame: fr, Tab: "alerts", Alert: a, Company: company.Name, Gone: a.Disposition.State == session.DispositionGone}
	a.Hit.Disposition = a.Disposition
	view.HitView = hitView{frame: fr, Hit: a.Hit, Person: got.Person, Post: s.base + "/sanctions/alerts/" + a.ID, Form: f,
		Open: true, By: s.names(ctx)(a.Disposition.By), Sides: sides(got.Person, a.Hit.Entry)}
	return s.render(c, status, "alert", "swap", view)
}

// disposeAlert answers POST /sanctions/alerts/:alert.
func (s *Server) disposeAlert(c *fiber.Ctx) error {
	f := dispositionForm(c)
	_, err := s.o.Sessions.Dispose(c.UserContext(), actor(c), f.Name, f.disposition())
	if status, ok := showAgain(err); ok {
		return s.alertPage(c, status, f.failed(err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/alerts/"+f.Name+"?done=disposed", fiber.StatusSeeOther)
}
