package server

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// versionsShown is how many versions a page of the history has.
const versionsShown = 50

type historyView struct {
	savedView
	Versions []session.Company
	Older    string // address of the next page
}

// showHistory answers GET /settings/history?before=.
func (s *Server) showHistory(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "history")
	if err != nil {
		return err
	}
	h := historyView{savedView: s.savedView(view)}
	h.Versions, err = s.o.Sessions.CompanyVersions(c.UserContext(), actor(c), view.Company.Slug, max(c.QueryInt("before"), 0), versionsShown)
	if err != nil {
		return err
	}
	if n := len(h.Versions); n == versionsShown && h.Versions[n-1].Version > 1 {
		h.Older = view.at(settingsPageOf("history"), "before", strconv.Itoa(h.Versions[n-1].Version))
	}
	return s.render(c, fiber.StatusOK, "settings_history", "main", h)
}

type versionView struct {
	savedView
	V, Against  session.Company
	Differences []session.Difference
	All         []session.Difference // every field of V
	Versions    []session.Company    // to compare with
}

// showVersion answers GET /settings/history/:version?against=: one version whole, and what differs
// between it and another, by default the one before.
func (s *Server) showVersion(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "history")
	if err != nil {
		return err
	}
	number, err := c.ParamsInt("version")
	if err != nil {
		return fiber.ErrNotFound
	}
	v := versionView{savedView: s.savedView(view)}
	v.Title = "Settings, version " + strconv.Itoa(number)
	if v.V, err = s.version(c, view, number); err != nil {
		return err
	}
	against := c.QueryInt("against", number-1)
	if against > 0 {
		if v.Against, err = s.version(c, view, against); err != nil {
			return err
		}
		v.Differences = session.Compare(v.Against, v.V)
	}
	v.All = session.Compare(session.Company{}, v.V)
	v.Versions, err = s.o.Sessions.CompanyVersions(c.UserContext(), actor(c), view.Company.Slug, 0, versionsShown)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "settings_version", "main", v)
}

func (s *Server) version(c *fiber.Ctx, view settingsView, number int) (session.Company, error) {
	return s.o.Sessions.CompanyVersion(c.UserContext(), actor(c), view.Company.Slug, number)
}

// At is the address of a version.
func (v savedView) At(version int) string {
	return v.at(settingsPage{key: "history/" + strconv.Itoa(version), company: true})
}
