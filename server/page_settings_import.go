package server

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type importView struct {
	savedView
	File        string // as typed or uploaded
	Checked     bool   // the file is in order, and Differences says what it would change
	Differences []session.Difference
}

// exportSettings answers GET /settings/export.json with the settings of a company as a file.
func (s *Server) exportSettings(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "transfer")
	if err != nil {
		return err
	}
	file, err := s.o.Sessions.ExportSettings(c.UserContext(), actor(c), view.Company.Slug)
	if err != nil {
		return err
	}
	c.Attachment("settings-" + view.Company.Slug + "-" + strconv.Itoa(view.Company.Version) + ".json")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(file)
}

// showTransfer answers GET /settings/transfer.
func (s *Server) showTransfer(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "transfer")
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "settings_transfer", "main", importView{savedView: s.savedView(view)})
}

// importSettings answers POST /settings/transfer: it says what a file would change, and, when that has
// been seen and a reason given, applies it.
func (s *Server) importSettings(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "transfer")
	if err != nil {
		return err
	}
	again := importView{savedView: s.savedView(view), File: c.FormValue("settings")}
	again.Reason = c.FormValue("reason")
	if f, ok := fileOf(c, "file"); ok {
		again.File = string(f.data)
	}
	company, err := s.o.Sessions.ReadSettings(c.UserContext(), actor(c), view.Company.Slug, []byte(again.File))
	if status, ok := showAgain(err); ok {
		again.Failed, again.Fields = session.MessageOf(err), fieldsOf(err)
		return s.render(c, status, "settings_transfer", "main", again)
	}
	if err != nil {
		return err
	}
	show := func(status int, saved savedView) error {
		again.savedView, again.Checked = saved, true
		again.Differences = session.Compare(view.Company, company)
		return s.render(c, status, "settings_transfer", "main", again)
	}
	if c.FormValue("do") != "save" {
		return show(fiber.StatusOK, again.savedView)
	}
	return s.save(c, view, company, nil, show)
}

// Problems are what is wrong with the file, by field, beside what the form itself asks.
func (v importView) Problems() []fieldProblem {
	var all []fieldProblem
	for _, p := range problemOf(v.Fields.Err("")).Errors {
		if p.Field != "reason" && p.Field != "version" {
			all = append(all, p)
		}
	}
	return all
}
