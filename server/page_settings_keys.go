package server

import (
	"slices"
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

func (s *Server) keysPage(c *fiber.Ctx, status int, view keysView) (err error) {
	if view.Keys, err = s.o.Staff.Keys(c.UserContext(), me(c)); err != nil {
		return err
	}
	view.Keys = slices.DeleteFunc(view.Keys, func(k staff.Key) bool { return k.Company != view.Company.Slug })
	return s.render(c, status, "settings_keys", "main", view)
}

// keyRights are the rights to choose from, by what the form calls them.
var keyRights = map[string]staff.Key{"read": {}, "write": {Write: true}, "settings": {Write: true, Settings: true}, "lists": {Lists: true}}

// makeKey answers POST /settings/keys. The page that follows is the only one that shows the key.
func (s *Server) makeKey(c *fiber.Ctx) error {
	base, err := s.settingsView(c, "keys")
	if err != nil {
		return err
	}
	view := keysView{settingsView: base, Name: c.FormValue("name"), Rights: c.FormValue("rights")}
	key, known := keyRights[view.Rights]
	if !known {
		view.Fields.Add("rights", "Choose one of the rights.")
		return s.keysPage(c, fiber.StatusUnprocessableEntity, view)
	}
	key.Company, key.Name = view.Company.Slug, view.Name
	view.Made, view.Secret, err = s.o.Staff.AddKey(c.UserContext(), me(c), key)
	if status, ok := showAgain(err); ok {
		view.Fields = fieldsOf(err)
		return s.keysPage(c, status, view)
	}
	if err != nil {
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
	if _, err := s.o.Staff.RevokeKey(c.UserContext(), me(c), c.Params("key")); err != nil {
		return err
	}
	return c.Redirect(view.at(settingsPageOf("keys"), "done", "revoked"), fiber.StatusSeeOther)
}

// RightsOf says what a key may do.
func (v keysView) RightsOf(k staff.Key) string {
	rights := []string{"Read"}
	if k.Write {
		rights = append(rights, "write")
	}
	if k.Settings {
		rights = append(rights, "settings")
	}
	if k.Lists {
		rights = append(rights, "lists of all companies")
	}
	return strings.Join(rights, ", ")
}
