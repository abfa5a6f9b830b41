package server

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
	"dossier/staff"
)

type profileView struct {
	settingsView
	M        staff.Member
	Name     string // as typed
	Logins   []staff.Login
	Passkeys bool // can be used at this address
	Required bool // everybody must have a second factor
	Form     string
	Fields   session.Fields
}

// Current reports whether l is the login in which the page is looked at.
func (v profileView) Current(l staff.Login) bool { return l.ID == v.who.login.ID }

// Problem is what is wrong with a field of one of the forms of the page.
func (v profileView) Problem(form, field string) string {
	if v.Form != form {
		return ""
	}
	return v.Fields[field]
}

// me is the member who asks.
func me(c *fiber.Ctx) staff.Member {
	v, _ := visitorOf(c)
	return v.member
}

// showProfile answers GET /settings/profile.
func (s *Server) showProfile(c *fiber.Ctx) error { return s.profilePage(c, "", nil) }

// profilePage shows the profile, with what is wrong with one of its forms.
func (s *Server) profilePage(c *fiber.Ctx, form string, problem error) error {
	status := fiber.StatusOK
	around, err := s.settingsView(c, "profile")
	if err != nil {
		return err
	}
	view := profileView{settingsView: around, M: me(c), Name: me(c).Name, Required: s.o.RequireSecondFactor, Form: form}
	_, view.Passkeys = s.site(c)
	if problem != nil {
		var ok bool
		if status, ok = showAgain(problem); !ok {
			return problem
		}
		view.Fields = fieldsOf(problem)
		if form == "name" {
			view.Name = c.FormValue("name")
		}
	}
	if view.Logins, err = s.o.Staff.Logins(c.UserContext(), view.M, view.M.ID); err != nil {
		return err
	}
	return s.render(c, status, "profile", "", view)
}

// changedMe renews the login where a change of the own account has ended all of them, and returns to the profile.
func (s *Server) changedMe(c *fiber.Ctx, m staff.Member, done string) error {
	if err := s.renewed(c, m); err != nil {
		return err
	}
	return c.Redirect(s.base+"/settings/profile?done="+done, fiber.StatusSeeOther)
}

func (s *Server) renewed(c *fiber.Ctx, m staff.Member) error {
	if m.Epoch == me(c).Epoch {
		return nil
	}
	token, err := s.o.Staff.Renew(c.UserContext(), m, c.Cookies(loginCookie), s.browser(c))
	if err == nil {
		s.setCookie(c, token)
	}
	return err
}

// rename answers POST /settings/profile.
func (s *Server) rename(c *fiber.Ctx) error {
	m, err := s.o.Staff.Rename(c.UserContext(), me(c), me(c).ID, c.FormValue("name"))
	if err != nil {
		return s.profilePage(c, "name", err)
	}
	return s.changedMe(c, m, "changed")
}

// changePassword answers POST /settings/profile/password.
func (s *Server) changePassword(c *fiber.Ctx) error {
	err := samePasswords(c)
	m := me(c)
	if err == nil {
		m, err = s.o.Staff.ChangePassword(c.UserContext(), m, c.FormValue("current"), c.FormValue("password"))
	}
	if err != nil {
		return s.profilePage(c, "password", err)
	}
	return s.changedMe(c, m, "password-changed")
}

type enrolView struct {
	settingsView
	Enrolment staff.Enrolment
	Fields    session.Fields
}

// Problem is what is wrong with a field of the form.
func (v enrolView) Problem(_, field string) string { return v.Fields[field] }

// showEnrol answers GET /settings/profile/authenticator.
func (s *Server) showEnrol(c *fiber.Ctx) error { return s.enrolPage(c, nil) }

func (s *Server) enrolPage(c *fiber.Ctx, problem error) error {
	status := fiber.StatusOK
	if problem != nil {
		var ok bool
		if status, ok = showAgain(problem); !ok {
			return problem
		}
	}
	view := enrolView{Fields: fieldsOf(problem)}
	var err error
	if view.settingsView, err = s.settingsView(c, "profile"); err != nil {
		return err
	}
	if view.Enrolment, err = s.enrolment(c); err != nil {
		return err
	}
	view.Title = "Authenticator app"
	return s.render(c, status, "enrol", "", view)
}

func (s *Server) enrolment(c *fiber.Ctx) (staff.Enrolment, error) {
	v, _ := visitorOf(c)
	return s.o.Staff.Enrol(c.UserContext(), v.member, v.login)
}

// enrolCode answers GET /settings/profile/authenticator/qr.png: the code that the app takes in.
func (s *Server) enrolCode(c *fiber.Ctx) error {
	e, err := s.enrolment(c)
	if err != nil {
		return err
	}
	png, err := report.QR(e.URL)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return c.Send(png)
}

// enrol answers POST /settings/profile/authenticator with the first code and the password.
func (s *Server) enrol(c *fiber.Ctx) error {
	v, _ := visitorOf(c)
	m, codes, err := s.o.Staff.ConfirmEnrolment(c.UserContext(), v.member, v.login, c.FormValue("current"), c.FormValue("code"))
	if err != nil {
		return s.enrolPage(c, err)
	}
	return s.factorAdded(c, m, codes)
}

// factorAdded shows new recovery codes, once, or returns to the profile where there are none.
func (s *Server) factorAdded(c *fiber.Ctx, m staff.Member, codes []string) error {
	if len(codes) == 0 {
		return s.changedMe(c, m, "factor-on")
	}
	if err := s.renewed(c, m); err != nil {
		return err
	}
	return s.showCodes(c, codes)
}

type codesView struct {
	settingsView
	Codes []string
}

func (s *Server) showCodes(c *fiber.Ctx, codes []string) error {
	around, err := s.settingsView(c, "profile")
	if err != nil {
		return err
	}
	around.Title = "Recovery codes"
	return s.render(c, fiber.StatusOK, "recovery", "", codesView{settingsView: around, Codes: codes})
}

// dropApp answers POST /settings/profile/authenticator/remove.
func (s *Server) dropApp(c *fiber.Ctx) error {
	m, err := s.o.Staff.DropTOTP(c.UserContext(), me(c), c.FormValue("current"))
	if err != nil {
		return s.profilePage(c, "app", err)
	}
	return s.changedMe(c, m, "factor-off")
}

// newCodes answers POST /settings/profile/recovery.
func (s *Server) newCodes(c *fiber.Ctx) error {
	m, codes, err := s.o.Staff.NewRecovery(c.UserContext(), me(c), c.FormValue("current"))
	if err != nil {
		return s.profilePage(c, "recovery", err)
	}
	if err := s.renewed(c, m); err != nil {
		return err
	}
	return s.showCodes(c, codes)
}

// beginPasskey answers POST /settings/profile/passkeys/begin with a challenge, for passkeys.js.
func (s *Server) beginPasskey(c *fiber.Ctx) error {
	site, ok := s.site(c)
	if !ok {
		return errNoPasskeys
	}
	challenge, err := s.o.Staff.BeginPasskey(c.UserContext(), site, me(c), c.FormValue("current"))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, challenge)
}

// addPasskey answers POST /settings/profile/passkeys with the passkey that the browser made.
func (s *Server) addPasskey(c *fiber.Ctx) error {
	site, ok := s.site(c)
	if !ok {
		return errNoPasskeys
	}
	m, codes, err := s.o.Staff.FinishPasskey(c.UserContext(), site, me(c), c.FormValue("challenge"), c.FormValue("name"), []byte(c.FormValue("answer")))
	if err != nil {
		return s.profilePage(c, "passkey", err)
	}
	return s.factorAdded(c, m, codes)
}

// renamePasskey answers POST /settings/profile/passkeys/:key.
func (s *Server) renamePasskey(c *fiber.Ctx) error {
	m, err := s.o.Staff.RenamePasskey(c.UserContext(), me(c), c.Params("key"), c.FormValue("name"))
	if err != nil {
		return s.profilePage(c, "passkey", passkeyGone(err))
	}
	return s.changedMe(c, m, "changed")
}

// dropPasskey answers POST /settings/profile/passkeys/:key/remove.
func (s *Server) dropPasskey(c *fiber.Ctx) error {
	m, err := s.o.Staff.DropPasskey(c.UserContext(), me(c), c.Params("key"), c.FormValue("current"))
	if gone := passkeyGone(err); gone != err {
		return s.profilePage(c, "passkey", gone)
	}
	if err != nil {
		return s.profilePage(c, "key-"+c.Params("key"), err)
	}
	return s.changedMe(c, m, "factor-off")
}

// passkeyGone says beside the form that a passkey is not there any more.
func passkeyGone(err error) error {
	if errors.Is(err, staff.ErrNotFound) {
		return session.Fields{"passkey": "There is no such passkey any more."}.Err("server.passkeyGone")
	}
	return err
}

// endOthers answers POST /settings/profile/logins/end: all logins but this one.
func (s *Server) endOthers(c *fiber.Ctx) error {
	m, err := s.o.Staff.EndLogins(c.UserContext(), me(c), me(c).ID)
	if err != nil {
		return err
	}
	return s.changedMe(c, m, "logins-ended")
}

// endOne answers POST /settings/profile/logins/:login/end.
func (s *Server) endOne(c *fiber.Ctx) error {
	m, err := s.o.Staff.EndLogin(c.UserContext(), me(c), me(c).ID, c.Params("login"))
	if errors.Is(err, staff.ErrNotFound) {
		return c.Redirect(s.base+"/settings/profile", fiber.StatusSeeOther) // it has ended meanwhile
	}
	if err != nil {
		return err
	}
	return s.changedMe(c, m, "login-ended")
}
