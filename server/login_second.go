package server

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

type secondView struct {
	frame
	Next             string
	Problem          string
	App, Key, Spares bool // what the member can go on with: authenticator app, passkey, recovery codes
}

// showSecond answers GET /login/second?next=: the second step of a log-in.
func (s *Server) showSecond(c *fiber.Ctx) error {
	return s.secondPage(c, fiber.StatusOK, c.Query("next"), "")
}

// secondPage shows the second step to whoever has taken the first, and the first one to all others.
func (s *Server) secondPage(c *fiber.Ctx, status int, next, problem string) error {
	m, err := s.o.Staff.HalfLogin(c.UserContext(), c.Cookies(loginCookie))
	if errors.Is(err, staff.ErrRefused) {
		view := s.loginView(c)
		view.Next, view.Problem = next, "This took too long. Start with the password again."
		return s.render(c, fiber.StatusUnprocessableEntity, "login", "", view)
	}
	if err != nil {
		return err
	}
	_, here := s.site(c)
	return s.render(c, status, "second", "", secondView{frame: s.frame(c, "Log in", ""), Next: next, Problem: problem,
		App: m.TOTP.Secret != "", Key: here && len(m.Passkeys) > 0, Spares: len(m.Recovery) > 0})
}

// logInSecond answers POST /login/second with a code.
func (s *Server) logInSecond(c *fiber.Ctx) error {
	m, token, by, err := s.o.Staff.LogInCode(c.UserContext(), c.Cookies(loginCookie), clip(c.FormValue("code"), 60), s.browser(c))
	next := c.FormValue("next")
	switch {
	case errors.Is(err, staff.ErrRefused):
		if m.ID != "" {
			err = s.recordLogin(c, m, session.ActCodeFailed, nil)
		} else {
			err = nil // the first step is too long ago
		}
		return errors.Join(err, s.secondPage(c, fiber.StatusUnprocessableEntity, next, "This code is not right, or was used before."))
	case errors.Is(err, staff.ErrThrottled):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(waitOf(err)))
		return s.secondPage(c, fiber.StatusTooManyRequests, next, waitMessage(err))
	case err != nil:
		return err
	}
	return s.enter(c, m, token, string(by), next)
}

// site is where the browser reaches us, as far as passkeys work there: at a name, over HTTPS or on this
// machine. A server that listens on 127.0.0.1 is also reached as localhost.
func (s *Server) site(c *fiber.Ctx) (staff.Site, bool) {
	u, err := url.Parse(s.o.BaseURL)
	if err != nil {
		return staff.Site{}, false
	}
	asked := url.URL{Scheme: c.Protocol(), Host: c.Hostname()}
	if asked.Hostname() == "localhost" && (u.Host == "" || isLoopback(u.Hostname())) {
		u = &asked
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost" {
		return staff.Site{}, false
	}
	return staff.Site{Host: u.Hostname(), Origin: u.Scheme + "://" + u.Host}, true
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

var errNoPasskeys = &session.Error{Code: session.Invalid, Op: "server.site",
	Message: "Passkeys need a host name and HTTPS. Open Dossier at its base URL, or as localhost on this machine."}

// halfToken is the cookie of a half login, or "" where the passkey is to be the whole log-in.
func (s *Server) halfToken(c *fiber.Ctx) string {
	if c.FormValue("step") != "second" {
		return ""
	}
	return c.Cookies(loginCookie)
}

// beginPasskeyLogin answers POST /login/passkey/begin with a challenge, for passkeys.js.
func (s *Server) beginPasskeyLogin(c *fiber.Ctx) error {
	site, ok := s.site(c)
	if !ok {
		return errNoPasskeys
	}
	challenge, err := s.o.Staff.BeginPasskeyLogin(c.UserContext(), site, s.halfToken(c), s.browser(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, challenge)
}

// passkeyLogin answers POST /login/passkey with the browser's answer to the challenge.
func (s *Server) passkeyLogin(c *fiber.Ctx) error {
	site, ok := s.site(c)
	if !ok {
		return errNoPasskeys
	}
	half := s.halfToken(c)
	m, token, err := s.o.Staff.FinishPasskeyLogin(c.UserContext(), site, half, c.FormValue("challenge"), []byte(c.FormValue("answer")), s.browser(c))
	if errors.Is(err, staff.ErrRefused) {
		const problem = "This passkey was not accepted. Try again, or log in another way."
		err = s.recordLogin(c, m, session.ActLoginFailed, map[string]string{"with": string(staff.ByPasskey)})
		if half != "" {
			return errors.Join(err, s.secondPage(c, fiber.StatusUnprocessableEntity, c.FormValue("next"), problem))
		}
		view := s.loginView(c)
		view.Problem = problem
		return errors.Join(err, s.render(c, fiber.StatusUnprocessableEntity, "login", "", view))
	}
	if err != nil {
		return err
	}
	return s.enter(c, m, token, string(staff.ByPasskey), c.FormValue("next"))
}

type linkView struct {
	frame
	Token  string
	M      staff.Member
	Fields session.Fields
}

// showLink answers GET /set-password?token=. Looking at it does not use it up.
func (s *Server) showLink(c *fiber.Ctx) error {
	m, err := s.o.Staff.LinkOf(c.UserContext(), c.Query("token"))
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "invite", "", linkView{frame: s.frame(c, "Set your password", ""), Token: c.Query("token"), M: m})
}

// useLink answers POST /set-password.
func (s *Server) useLink(c *fiber.Ctx) error {
	token := c.FormValue("token")
	m, err := s.o.Staff.LinkOf(c.UserContext(), token)
	if err != nil {
		return err
	}
	if err = samePasswords(c); err == nil {
		_, err = s.o.Staff.UseLink(c.UserContext(), token, c.FormValue("password"), s.browser(c))
	}
	if status, ok := showAgain(err); ok {
		return s.render(c, status, "invite", "", linkView{frame: s.frame(c, "Set your password", ""), Token: token, M: m, Fields: fieldsOf(err)})
	}
	if err != nil {
		return err
	}
	s.setCookie(c, "")
	return c.Redirect(s.base+"/login?done=password-set", fiber.StatusSeeOther)
}

// samePasswords compares the two fields in which a new password is typed.
func samePasswords(c *fiber.Ctx) error {
	if c.FormValue("password") != c.FormValue("password2") {
		return session.Fields{"password2": "The two passwords differ."}.Err("server.samePasswords")
	}
	return nil
}
