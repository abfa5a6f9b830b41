package server

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A thresholdView shows what another threshold would do to a company's own sessions.
type thresholdView struct {
	frame
	Tab     string
	Company session.Company
	Tried   string // as typed
	Seen    string // version of the settings that the form was made of
	Reason  string
	Fields  session.Fields
	Failed  string
	P       session.ThresholdPreview
}

// showThreshold answers GET /sanctions/threshold?company=&threshold=.
func (s *Server) showThreshold(c *fiber.Ctx) error {
	slug, err := s.thresholdCompany(c)
	if err != nil {
		return err
	}
	return s.thresholdPage(c, fiber.StatusOK, thresholdView{Company: session.Company{Slug: slug}, Tried: clip(strings.TrimSpace(c.Query("threshold")), 20)}, nil)
}

// thresholdCompany is the company that the query string names, else the first that the member sees.
func (s *Server) thresholdCompany(c *fiber.Ctx) (string, error) {
	if slug := c.Query("company"); slug != "" {
		return slug, nil
	}
	companies, err := s.o.Sessions.Companies(c.UserContext(), actor(c))
	if err == nil && len(companies) == 0 {
		err = &session.Error{Code: session.NotFound, Op: "server.thresholdCompany", Message: "There is no company yet: make one with dossier company add."}
	}
	if err != nil {
		return "", err
	}
	return companies[0].Slug, nil
}

// thresholdPage renders the page with a preview, or with what problem says of the form.
func (s *Server) thresholdPage(c *fiber.Ctx, status int, view thresholdView, problem error) error {
	company, err := s.o.Sessions.Company(c.UserContext(), actor(c), view.Company.Slug)
	if err != nil {
		return err
	}
	view.frame, view.Tab, view.Company = s.frame(c, "Threshold", "sanctions"), "threshold", company
	view.Accent = company.Slug
	if view.Seen == "" {
		view.Seen = strconv.Itoa(company.Version)
	}
	if view.Tried == "" {
		view.Tried = strconv.FormatFloat(company.Settings.HitThreshold(), 'f', -1, 64)
	}
	tried, err := thresholdOf(view.Tried)
	if err == nil {
		view.P, err = s.o.Sessions.PreviewThreshold(c.UserContext(), actor(c), company.Slug, tried)
	}
	if problem == nil {
		problem = err
	}
	if again, ok := showAgain(problem); ok {
		status, view.Fields = again, fieldsOf(problem)
		if len(view.Fields) == 0 {
			view.Failed = session.MessageOf(problem)
		}
	} else if problem != nil {
		return problem
	}
	return s.render(c, status, "threshold", "main", view)
}

func thresholdOf(text string) (float64, error) {
	t, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil {
		return 0, session.Fields{"threshold": "Write a number from 0.7 to 1, such as 0.85."}.Err("server.thresholdOf")
	}
	return t, nil
}

// saveThreshold answers POST /sanctions/threshold?company= with threshold, version and reason.
func (s *Server) saveThreshold(c *fiber.Ctx) error {
	slug, err := s.thresholdCompany(c)
	if err != nil {
		return err
	}
	view := thresholdView{Company: session.Company{Slug: slug}, Tried: clip(strings.TrimSpace(c.FormValue("threshold")), 20),
		Seen: clip(c.FormValue("version"), 20), Reason: c.FormValue("reason")}
	company, err := s.o.Sessions.Company(c.UserContext(), actor(c), slug)
	if err != nil {
		return err
	}
	if err = s.saveTried(c, company, view); err != nil {
		return s.thresholdPage(c, fiber.StatusOK, view, err)
	}
	return c.Redirect(s.base+"/sanctions/threshold?company="+slug+"&done=saved", fiber.StatusSeeOther)
}

func (s *Server) saveTried(c *fiber.Ctx, company session.Company, view thresholdView) error {
	var bad session.Fields
	seen, err := strconv.Atoi(view.Seen)
	if err != nil {
		bad.Add("version", "Load the page again: the form does not say what you saw.")
	}
	tried, err := thresholdOf(view.Tried)
	if err != nil || !(tried >= session.MinThreshold && tried <= 1) {
		bad.Add("threshold", "Write a number from 0.7 to 1, such as 0.85.")
	}
	if err := bad.Err("server.saveTried"); err != nil {
		return err
	}
	company.Version, company.Settings.Threshold = seen, tried
	_, err = s.o.Sessions.SaveCompany(c.UserContext(), actor(c), company, view.Reason)
	return err
}

// Same reports whether the threshold that is tried is the one in force.
func (v thresholdView) Same() bool { return v.P.Now == v.P.Chosen }

// Here is the address of this page about the same company.
func (v thresholdView) Here() string {
	return v.s.base + "/sanctions/threshold?company=" + v.Company.Slug
}
