package server

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// maxEntryAlerts is how many alerts of one entry a page offers to be decided together.
const maxEntryAlerts = 100

// An entryView is all open alerts of one entry, to be decided alike.
type entryView struct {
	frame
	Tab      string
	List     string
	Entry    string
	In       string // slug of the company, or "" for all
	Alerts   []session.Alert
	Sessions map[session.ID]session.Session
	Total    string // how many there are, where the page shows fewer; else ""
	Form     form
	FourEye  bool
	Results  []session.BulkResult
	Company  map[string]string
}

// showEntry answers GET /sanctions/entry?list=&entry=&company=.
func (s *Server) showEntry(c *fiber.Ctx) error { return s.entryPage(c, fiber.StatusOK, form{}, nil) }

func (s *Server) entryPage(c *fiber.Ctx, status int, f form, results []session.BulkResult) error {
	ctx, who := c.UserContext(), actor(c)
	view := entryView{frame: s.frame(c, "Alerts of one entry", "sanctions"), Tab: "alerts", Form: f, Results: results,
		List: clip(c.Query("list"), 60), Entry: clip(c.Query("entry"), 200), In: clip(c.Query("company"), 40), Sessions: map[session.ID]session.Session{}}
	if view.List == "" || view.Entry == "" {
		return &session.Error{Code: session.NotFound, Op: "server.entryPage", Message: "Name a list and an entry."}
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	filter := session.AlertFilter{List: view.List, Entry: view.Entry, State: session.DispositionOpen, Limit: maxEntryAlerts}
	if view.In != "" {
		filter.Companies, view.Accent = []string{view.In}, view.In
	}
	n := 0
	if view.Alerts, _, n, err = s.o.Sessions.Alerts(ctx, who, filter); err != nil {
		return err
	}
	if n > len(view.Alerts) {
		view.Total = total(n, n >= session.MaxCounted)
	}
	for _, a := range view.Alerts {
		if view.Sessions[a.Session], err = s.o.Sessions.Get(ctx, who, a.Session); err != nil {
			return err
		}
	}
	view.FourEye = slices.ContainsFunc(companies, func(c session.Company) bool {
		return (view.In == "" || c.Slug == view.In) && c.Settings.FourEyes.OnHits()
	})
	return s.render(c, status, "entry", "swap", view)
}

// Listed is a hit on the entry, as the first of its alerts has it.
func (v entryView) Listed() (hit session.Hit) {
	switch {
	case len(v.Alerts) > 0:
		return v.Alerts[0].Hit
	case len(v.Results) > 0:
		return v.Results[0].Alert.Hit
	}
	return hit
}

// Person is who an alert is about, as the session has them now.
func (v entryView) Person(a session.Alert) session.Person { return v.Sessions[a.Session].Person }

// Choice is the value of the box of an alert: its id, and what a decision about it rests on.
func (v entryView) Choice(a session.Alert) string {
	got := v.Sessions[a.Session]
	if h, ok := currentHit(got, a.ID); ok {
		return a.ID + " " + h.Basis(got.Screening.Person)
	}
	return a.ID + " gone"
}

// Verdict says how a field of the person compares with the entry: birth date, nationality or document.
func (v entryView) Verdict(a session.Alert, field string) verdict {
	for _, s := range sides(v.Person(a), a.Hit) {
		if s.Field == field {
			return s.Verdict
		}
	}
	return notCompared
}

// Chosen reports whether the box of an alert was ticked in the form that came back.
func (v entryView) Chosen(a session.Alert) bool {
	return slices.ContainsFunc(v.Form.Choices, func(c string) bool { return strings.HasPrefix(c, a.ID+" ") })
}

// States are the decisions to choose from.
func (v entryView) States() []option {
	return options(decisions, dispositionName, []string{v.Form.Kind})
}

// ReasonCodes are the reasons to choose from.
func (v entryView) ReasonCodes() []option { return reasonOptions(v.Form.Reason) }

// Steps are the steps of a review; what the hits say to them differs from one to the other.
func (v entryView) Steps() []stepView {
	steps := hitView{Hit: v.Listed(), Form: v.Form}.Steps()
	for i := range steps {
		if steps[i].Code != "list" && steps[i].Code != "type" {
			steps[i].Answer = ""
		}
	}
	return steps
}

// Here is the address of this page; its form goes there, too.
func (v entryView) Here() string { return entryURL(v.s.base, v.List, v.Entry, v.In) }

// Decided is how many alerts the form decided.
func (v entryView) Decided() int { return len(v.Results) - len(v.Undone()) }

// Undone are the alerts that were not decided, with why.
func (v entryView) Undone() []session.BulkResult {
	var undone []session.BulkResult
	for _, r := range v.Results {
		if r.Problem != "" {
			undone = append(undone, r)
		}
	}
	return undone
}

// disposeEntry answers POST /sanctions/entry?list=&entry=&company= with the boxes ticked as alerts=id basis.
func (s *Server) disposeEntry(c *fiber.Ctx) error {
	f := form{Name: "entry", Kind: c.FormValue("state"), Reason: c.FormValue("reason"), Text: c.FormValue("text"), Tags: formValues(c, "steps"), Choices: formValues(c, "alerts")}
	basis := map[string]string{}
	for _, choice := range f.Choices {
		id, seen, _ := strings.Cut(choice, " ")
		basis[id] = cmp.Or(seen, "none")
	}
	d := session.Disposition{State: session.DispositionState(f.Kind), Reason: f.Reason, Text: f.Text, Steps: f.Tags}
	results, err := s.o.Sessions.DisposeAll(c.UserContext(), actor(c), c.Query("list"), c.Query("entry"), basis, d)
	if status, ok := showAgain(err); ok {
		return s.entryPage(c, status, f.failed(err), nil)
	}
	if err != nil {
		return err
	}
	return s.entryPage(c, fiber.StatusOK, form{}, results)
}
