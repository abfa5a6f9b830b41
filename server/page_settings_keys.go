package server

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

type keysView struct {
	settingsView
	Keys   []staff.Key
	Name   string // as typed
	Rights string
	Fields session.Fields
	Made   staff.Key
	Secret string // the text of the key that was made just now; shown this once
}

// showKeys answers GET /settings/keys.
func (s *Server) showKeys(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "keys")
	if err != nil {
		return err
	}
	return s.keysPage(c, fiber.StatusOK, keysView{settingsView: view, Rights: "read"})
}

func (s *Server) keysPage(c *fiber.Ctx, status int, view keysView) error {
	all, err := s.o.Staff.Keys(c.UserContext())
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.Company == view.Company.Slug {
			view.Keys = append(view.Keys, k)
		}
	}
	return s.render(c, status, "settings_keys", "main", view)
}

// makeKey answers POST /settings/keys. The page that follows is the only one that shows the key.
func (s *Server) makeKey(c *fiber.Ctx) error {
	base, err := s.settingsView(c, "keys")
	if err != nil {
		return err
	}
	view := keysView{settingsView: base, Name: strings.TrimSpace(c.FormValue("name")), Rights: c.FormValue("rights")}
	key := staff.Key{Company: view.Company.Slug, Name: view.Name, MadeBy: actor(c).ID}
	switch {
	case view.Rights == "read":
	case view.Rights == "write":
		key.Write = true
	case view.Rights == "lists" && view.May("lists"):
		key.Lists = true
	default:
		view.Fields.Add("rights", "Choose one of the rights.")
		return s.keysPage(c, fiber.StatusUnprocessableEntity, view)
	}
	view.Made, view.Secret, err = s.o.Staff.AddKey(c.UserContext(), key)
	if status, ok := showAgain(err); ok {
		view.Fields = fieldsOf(err)
		return s.keysPage(c, status, view)
	}
	if err != nil {
		return err
	}
	if err := s.recordKey(c, "added", view.Made); err != nil {
		return err
	}
	view.Name = ""
	return s.keysPage(c, fiber.StatusOK, view)
}

// revokeKey answers POST /settings/keys/:key/revoke.
func (s *Server) revokeKey(c *fiber.Ctx) error {
	view, err := s.settingsView(c, "keys")
	if err != nil {
		return err
	}
	notThere := &session.Error{Code: session.NotFound, Op: "server.revokeKey", Message: "There is no such key."}
	all, err := s.o.Staff.Keys(c.UserContext())
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.ID != c.Params("key") || k.Company != view.Company.Slug {
			continue
		}
		k, err := s.o.Staff.RevokeKey(c.UserContext(), k.ID)
		if errors.Is(err, staff.ErrNotFound) {
			return notThere
		}
		if err := errors.Join(err, s.recordKey(c, "revoked", k)); err != nil {
			return err
		}
		return c.Redirect(view.at(settingsPageOf("keys"), "done", "revoked"), fiber.StatusSeeOther)
	}
	return notThere
}

func (s *Server) recordKey(c *fiber.Ctx, what string, k staff.Key) error {
	return s.o.Sessions.Record(c.UserContext(), actor(c), session.ActKey, k.Company, "", map[string]string{"key": k.ID, "change": what})
}

// RightsOf says what a key may do.
func (v keysView) RightsOf(k staff.Key) string {
	switch {
	case k.Write && k.Lists:
		return "Read, write, lists"
	case k.Write:
		return "Read and write"
	case k.Lists:
		return "Read, lists of all companies"
	}
	return "Read"
}
