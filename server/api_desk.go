package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// A claimWish is how a program takes a session to work on.
type claimWish struct {
	Over string `json:"over,omitempty"` // who has it now, "member:<id>": it is taken over from nobody else
}

// An assignWish says who is to work on a session.
type assignWish struct {
	Member string `json:"member"` // "member:<id>", as claims and decisions name members
}

var errNoClaim = &session.Error{Code: session.NotFound, Op: "server.apiClaim", Message: "Nobody works on this session."}

// apiClaim answers GET /api/v1/sessions/:id/claim.
func (s *Server) apiClaim(c *fiber.Ctx) error {
	got, err := s.sessionOf(c)
	if err != nil {
		return err
	}
	claim, err := s.o.Sessions.ClaimOf(c.UserContext(), actor(c), got)
	if err == nil && claim.By == "" {
		err = errNoClaim
	}
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, claim)
}

// apiTake answers POST /api/v1/sessions/:id/claim.
func (s *Server) apiTake(c *fiber.Ctx) error {
	var wish claimWish
	if len(c.Body()) > 0 {
		if err := bodyOf(c, &wish); err != nil {
			return err
		}
	}
	return s.claimed(c, func(id session.ID) (session.Claim, error) {
		return s.o.Sessions.Claim(c.UserContext(), actor(c), id, wish.Over)
	})
}

// apiAssign answers POST /api/v1/sessions/:id/assign.
func (s *Server) apiAssign(c *fiber.Ctx) error {
	var wish assignWish
	if err := bodyOf(c, &wish); err != nil {
		return err
	}
	return s.claimed(c, func(id session.ID) (session.Claim, error) {
		to, err := s.o.Staff.Member(c.UserContext(), staff.Operator, strings.TrimPrefix(wish.Member, "member:"))
		if err != nil || to.Disabled { // whom the session's company does not know is refused below, in the same words
			to = staff.Member{}
		}
		return s.o.Sessions.Assign(c.UserContext(), actor(c), id, actorOf(to))
	})
}

// claimed answers with the claim that do makes, unless this idempotency key made one before: then with the
// claim that there is now.
func (s *Server) claimed(c *fiber.Ctx, do func(session.ID) (session.Claim, error)) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	before, err := s.once(c)
	if err != nil {
		return err
	}
	if before != "" {
		return s.apiClaim(c)
	}
	claim, err := do(id)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, claim)
}

// apiRelease answers POST /api/v1/sessions/:id/release.
func (s *Server) apiRelease(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	before, err := s.once(c)
	if err == nil && before == "" {
		err = s.o.Sessions.Release(c.UserContext(), actor(c), id)
	}
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// A settingsWish are new settings of a company, whole, over the version that was read.
type settingsWish struct {
	session.SettingsFile
	Reason string `json:"reason"` // why; the history shows it
}

// A settingsAnswer are the settings of a company, and what was changed.
type settingsAnswer struct {
	session.SettingsFile
	Changed []session.Difference `json:"changed"`
}

// ownCompany is the company of the key.
func ownCompany(c *fiber.Ctx) string { return actor(c).Companies[0] }

// apiSettings answers GET /api/v1/settings.
func (s *Server) apiSettings(c *fiber.Ctx) error {
	file, err := s.o.Sessions.ExportSettings(c.UserContext(), actor(c), ownCompany(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(file)
}

// apiSaveSettings answers PUT /api/v1/settings; with dry_run it only says what would change, or why not.
func (s *Server) apiSaveSettings(c *fiber.Ctx) error {
	dry, err := flagOf(c, "dry_run")
	if err != nil {
		return err
	}
	var wish settingsWish
	if err := bodyOf(c, &wish); err != nil {
		return err
	}
	before, err := s.o.Sessions.Company(c.UserContext(), actor(c), ownCompany(c))
	if err != nil {
		return err
	}
	company, err := s.o.Sessions.WithSettings(c.UserContext(), actor(c), ownCompany(c), wish.SettingsFile)
	if err != nil {
		return err
	}
	if wish.Version < 1 { // 0 would make a new company
		return session.Fields{"version": "Send the version that you read, so that nobody else's change is lost."}.Err("server.apiSaveSettings")
	}
	changed := session.Compare(before, company)
	if company.Version = wish.Version; dry {
		err = s.o.Sessions.MaySave(c.UserContext(), actor(c), company)
	} else {
		company, err = s.o.Sessions.SaveCompany(c.UserContext(), actor(c), company, wish.Reason)
	}
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, settingsAnswer{company.File(), items(changed)})
}
