package server

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

type setupView struct {
	frame
	Token                      string
	Company, Slug, Email, Name string
	Fields                     session.Fields
}

// showSetup answers GET /setup?token=.
func (s *Server) showSetup(c *fiber.Ctx) error {
	token := c.Query("token")
	if !s.o.Staff.SetupOpen(c.UserContext(), token) {
		return staff.ErrSetupClosed
	}
	return s.render(c, fiber.StatusOK, "setup", "", setupView{frame: s.frame(c, "Set up Dossier", ""), Token: token})
}

// setUp answers POST /setup: it makes the first company and its master, and logs the master in.
func (s *Server) setUp(c *fiber.Ctx) error {
	view := setupView{frame: s.frame(c, "Set up Dossier", ""), Token: c.FormValue("token"), Company: strings.TrimSpace(c.FormValue("company")),
		Slug: strings.TrimSpace(c.FormValue("slug")), Email: c.FormValue("email"), Name: c.FormValue("name")}
	if !s.o.Staff.SetupOpen(c.UserContext(), view.Token) {
		return staff.ErrSetupClosed
	}
	err := s.makeFirst(c.UserContext(), view, c.FormValue("password"), c.FormValue("password2"))
	if status, ok := showAgain(err); ok {
		view.Fields = fieldsOf(err)
		return s.render(c, status, "setup", "", view)
	}
	if err != nil {
		return err
	}
	_, token, err := s.o.Staff.LogIn(c.UserContext(), view.Email, c.FormValue("password"), s.browser(c))
	if err != nil {
		return err
	}
	s.setCookie(c, token)
	return c.Redirect(s.base+"/sessions?done=setup", fiber.StatusSeeOther)
}

// makeFirst checks everything before it stores the first thing, so that the form can be sent again.
func (s *Server) makeFirst(ctx context.Context, v setupView, password, again string) error {
	company := session.NewCompany(v.Slug, v.Company, s.o.Now().UTC())
	bad := session.Fields{}
	if err := company.Validate(); err != nil {
		for field, message := range fieldsOf(err) {
			if field == "name" {
				field = "company"
			}
			bad.Add(field, message)
		}
	}
	if password != again {
		bad.Add("password2", "The two passwords differ.")
	}
	if len(bad) > 0 {
		return bad.Err("server.setUp")
	}
	if _, err := s.o.Staff.FinishSetup(ctx, v.Token, staff.Member{Email: v.Email, Name: v.Name}, password); err != nil {
		return err
	}
	_, err := s.o.Sessions.SaveCompany(ctx, session.System, company, "")
	if session.CodeOf(err) == session.Conflict { // it was made on the command line before
		err = nil
	}
	return err
}
