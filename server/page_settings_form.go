package server

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A settingsForm is a page of Settings that is one form of controls.
type settingsForm struct {
	key      string
	intro    string
	previews bool // shows how the last sessions would have come out
	groups   []controlGroup
	lists    string // name of the control that chooses among the sanctions lists there are
}

// A savedView is the part of a page of Settings that every one that saves a company has.
type savedView struct {
	settingsView
	Seen   int    // version of the settings that the form was made of
	Reason string // as typed
	Failed string
	Fields session.Fields
	Since  []session.Difference // what others changed since, where that is why it failed
	// Preview is asked for by the button beside Save, where Previews offers it.
	Previews bool
	Preview  *session.Preview
}

type formView struct {
	savedView
	Intro  string
	Groups []fieldGroup
}

// showForm answers GET on the page of a form.
func (s *Server) showForm(f settingsForm) fiber.Handler {
	return func(c *fiber.Ctx) error {
		view, err := s.settingsView(c, f.key)
		if err != nil {
			return err
		}
		groups, err := s.groupsOf(c, f, view.Company)
		if err != nil {
			return err
		}
		saved := s.savedView(view)
		saved.Previews = f.previews
		return s.render(c, fiber.StatusOK, "settings", "main", formView{savedView: saved, Intro: f.intro, Groups: shown(groups, view.Company, nil, nil)})
	}
}

// saveForm answers POST on the page of a form.
func (s *Server) saveForm(f settingsForm) fiber.Handler {
	return func(c *fiber.Ctx) error {
		view, err := s.settingsView(c, f.key)
		if err != nil {
			return err
		}
		groups, err := s.groupsOf(c, f, view.Company)
		if err != nil {
			return err
		}
		typed := typedIn(c)
		company := view.Company
		bad := read(groups, &company, typed)
		return s.save(c, view, company, bad, func(status int, again savedView) error {
			again.Previews = f.previews
			return s.render(c, status, "settings", "main", formView{savedView: again, Intro: f.intro,
				Groups: shown(groups, view.Company, typed, again.Fields)})
		})
	}
}

// groupsOf are the groups of a form, with the lists of today among the choices: those that every installation
// knows, further ones that are or were in force, and what the company chose before.
func (s *Server) groupsOf(c *fiber.Ctx, f settingsForm, company session.Company) ([]controlGroup, error) {
	if f.lists == "" {
		return f.groups, nil
	}
	ids, err := s.o.Sessions.ListIDs(c.UserContext())
	if err != nil {
		return nil, err
	}
	groups := slices.Clone(f.groups)
	for i := range groups {
		groups[i].Controls = slices.Clone(groups[i].Controls)
		for k := range groups[i].Controls {
			if ctl := &groups[i].Controls[k]; ctl.Name == f.lists {
				for _, chosen := range ctl.get(&company) {
					if !slices.Contains(ids, chosen) {
						ids = append(ids, chosen)
					}
				}
				ctl.Choices = options(ids, listName, nil)
			}
		}
	}
	return groups, nil
}

func (s *Server) savedView(view settingsView) savedView {
	return savedView{settingsView: view, Seen: view.Company.Version}
}

// save stores a company as a form made it, over the version that the form was made of, and leads back
// to the page. A form that must be filled in again comes back by way of show; bad is what could not be read.
func (s *Server) save(c *fiber.Ctx, view settingsView, company session.Company, bad session.Fields, show func(status int, again savedView) error) error {
	again := s.savedView(view)
	again.Reason = c.FormValue("reason")
	company.Version, _ = strconv.Atoi(c.FormValue("version"))
	again.Seen = company.Version
	var err error
	if c.FormValue("do") == "preview" {
		if err = s.preview(c, &again, company, bad); err == nil {
			return show(fiber.StatusOK, again)
		}
	} else if err = s.saveChecked(c, company, again.Reason, bad); err == nil {
		return c.Redirect(view.at(settingsPageOf(view.Page), "done", "saved"), fiber.StatusSeeOther)
	}
	status, ok := showAgain(err)
	if !ok {
		return err
	}
	again.Failed, again.Fields = session.MessageOf(err), fieldsOf(err)
	if session.CodeOf(err) == session.Conflict {
		seen, err := s.o.Sessions.CompanyVersion(c.UserContext(), actor(c), company.Slug, company.Version)
		if err != nil {
			return err
		}
		again.Since, again.Seen = session.Compare(seen, view.Company), view.Company.Version
	}
	return show(status, again)
}

func (s *Server) saveChecked(c *fiber.Ctx, company session.Company, reason string, bad session.Fields) error {
	if company.Version < 1 { // 0 would make a new company
		return session.Fields{"version": "Load the page again: the form does not say what you saw."}.Err("server.save")
	}
	if len(bad) > 0 {
		for name, problem := range fieldsOf(company.Validate()) {
			bad.Add(name, problem)
		}
		return bad.Err("server.save")
	}
	_, err := s.o.Sessions.SaveCompany(c.UserContext(), actor(c), company, reason)
	return err
}

func (s *Server) preview(c *fiber.Ctx, view *savedView, company session.Company, bad session.Fields) error {
	if err := bad.Err("server.preview"); err != nil {
		return err
	}
	seen, err := s.o.Sessions.PreviewSettings(c.UserContext(), actor(c), company)
	view.Preview = &seen
	return err
}
