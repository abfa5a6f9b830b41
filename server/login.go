package server

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// loginCookie holds the token of a login. The prefix makes browsers insist on Secure and Path=/.
const loginCookie = "__Host-dossier"

// A visitor is the member who is logged in.
type visitor struct {
	member staff.Member
	login  staff.Login
	actor  session.Actor
}

const visitorKey = "visitor"

func visitorOf(c *fiber.Ctx) (visitor, bool) {
	v, ok := c.Locals(visitorKey).(visitor)
	return v, ok
}

// actor is who asks; nobody, who may do nothing, where no one is logged in.
func actor(c *fiber.Ctx) session.Actor {
	v, _ := visitorOf(c)
	return v.actor
}

// know finds out who is logged in, if anybody.
func (s *Server) know(c *fiber.Ctx) error {
	token := c.Cookies(loginCookie)
	if token == "" {
		return c.Next()
	}
	m, l, err := s.o.Staff.LoggedIn(c.UserContext(), token)
	if errors.Is(err, staff.ErrRefused) {
		return c.Next()
	}
	if err != nil {
		return err
	}
	m.From = s.clientIP(c)
	c.Locals(visitorKey, visitor{member: m, login: l, actor: actorOf(m)})
	return c.Next()
}

func actorOf(m staff.Member) session.Actor {
	return session.Actor{ID: "member:" + m.ID, Name: m.Name, IP: m.From, May: mayOf(m), Everyone: m.Everyone, Companies: m.Companies}
}

// only lets those through who have the permission; who is not logged in is led to the log-in, and who
// lacks a second factor that everybody must have to where one is set up.
func (s *Server) only(need session.Permission) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v, ok := visitorOf(c)
		switch {
		case !ok:
			return s.toLogin(c)
		case s.lacksFactor(c, v.member):
			return s.toProfile(c)
		case !v.actor.Can(need) && v.member.ID == "":
			return &session.Error{Code: session.Forbidden, Op: "server.only", Message: "This key may not do this: it lacks the permission to " + string(need) + "."}
		case !v.actor.Can(need):
			return &session.Error{Code: session.Forbidden, Op: "server.only", Message: "Your role may not do this."}
		}
		return c.Next()
	}
}

// lacksFactor reports whether m must set up a second factor before anything else. Keys of the API have
// no member.
func (s *Server) lacksFactor(c *fiber.Ctx, m staff.Member) bool {
	if !s.o.RequireSecondFactor || m.ID == "" || m.SecondFactor() {
		return false
	}
	path := strings.TrimPrefix(c.Path(), s.base)
	return path != "/settings/profile" && path != "/logout" && !strings.HasPrefix(path, "/settings/profile/") && !strings.HasPrefix(path, "/accent/")
}

func (s *Server) toProfile(c *fiber.Ctx) error {
	target := s.base + "/settings/profile?done=factor-first"
	if isFragment(c) {
		c.Set("HX-Redirect", target)
		return c.SendStatus(fiber.StatusForbidden)
	}
	return c.Redirect(target, fiber.StatusSeeOther)
}

func (s *Server) toLogin(c *fiber.Ctx) error {
	target := s.base + "/login"
	if c.Method() == fiber.MethodGet && c.Path() != s.base+"/" && !isFragment(c) {
		target += "?next=" + url.QueryEscape(c.OriginalURL())
	}
	if isFragment(c) {
		c.Set("HX-Redirect", target)
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	return c.Redirect(target, fiber.StatusSeeOther)
}

type loginView struct {
	frame
	Email, Next string
	Problem     string
	Empty       bool // there are no members yet
	Passkeys    bool // can be used at this address
}

func (s *Server) loginView(c *fiber.Ctx) loginView {
	_, passkeys := s.site(c)
	return loginView{frame: s.frame(c, "Log in", ""), Email: clip(c.FormValue("email"), 300), Next: c.FormValue("next"), Passkeys: passkeys}
}

// showLogin answers GET /login?next=.
func (s *Server) showLogin(c *fiber.Ctx) error {
	if _, ok := visitorOf(c); ok {
		return c.Redirect(s.base+"/sessions", fiber.StatusSeeOther)
	}
	members, err := s.o.Staff.Members(c.UserContext())
	if err != nil {
		return err
	}
	view := s.loginView(c)
	view.Next, view.Empty = c.Query("next"), len(members) == 0
	return s.render(c, fiber.StatusOK, "login", "", view)
}

func (s *Server) browser(c *fiber.Ctx) staff.Browser {
	return staff.Browser{IP: s.clientIP(c), UserAgent: clip(c.Get(fiber.HeaderUserAgent), 300)}
}

// logIn answers POST /login.
func (s *Server) logIn(c *fiber.Ctx) error {
	view := s.loginView(c)
	m, token, err := s.o.Staff.LogIn(c.UserContext(), view.Email, c.FormValue("password"), s.browser(c))
	switch {
	case errors.Is(err, staff.ErrSecondFactor):
		s.setCookie(c, token)
		return c.Redirect(s.base+"/login/second?next="+url.QueryEscape(s.within(view.Next)), fiber.StatusSeeOther)
	case errors.Is(err, staff.ErrRefused):
		view.Problem = "The e-mail address or the password is not right."
		return errors.Join(s.recordLogin(c, m, session.ActLoginFailed, nil), s.render(c, fiber.StatusUnprocessableEntity, "login", "", view))
	case errors.Is(err, staff.ErrThrottled):
		view.Problem = waitMessage(err)
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(waitOf(err)))
		return s.render(c, fiber.StatusTooManyRequests, "login", "", view)
	case err != nil:
		return err
	}
	return s.enter(c, m, token, "password", view.Next)
}

// enter is the end of every way to log in: it is noted, the cookie is set, and the way goes on.
func (s *Server) enter(c *fiber.Ctx, m staff.Member, token, with, next string) error {
	if err := s.recordLogin(c, m, session.ActLogin, map[string]string{"with": with}); err != nil {
		return err
	}
	s.setCookie(c, token)
	return c.Redirect(s.within(next), fiber.StatusSeeOther)
}

// recordLogin notes what m, or somebody unknown, did at the door.
func (s *Server) recordLogin(c *fiber.Ctx, m staff.Member, action string, detail map[string]string) error {
	if m.From = s.clientIP(c); m.ID == "" {
		return s.o.Sessions.Record(c.UserContext(), session.Actor{ID: "unknown", IP: m.From}, action, "", "", detail)
	}
	return s.o.Sessions.RecordMember(c.UserContext(), actorOf(m), action, m.Everyone, m.Companies, detail)
}

func (s *Server) setCookie(c *fiber.Ctx, token string) {
	cookie := &fiber.Cookie{Name: loginCookie, Value: token, Path: "/", Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode}
	if token == "" {
		cookie.MaxAge = -1
	} else {
		cookie.MaxAge = int(staff.MaxLogin.Seconds())
	}
	c.Cookie(cookie)
}

// within is next where it is one of our own pages, and the list of sessions otherwise.
func (s *Server) within(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, s.base+"/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return s.base + "/sessions"
	}
	return next
}

// logOut answers POST /logout.
func (s *Server) logOut(c *fiber.Ctx) error {
	if err := s.o.Staff.LogOut(c.UserContext(), c.Cookies(loginCookie)); err != nil {
		return err
	}
	if v, ok := visitorOf(c); ok {
		if err := s.recordLogin(c, v.member, session.ActLogout, nil); err != nil {
			return err
		}
	}
	s.setCookie(c, "")
	return c.Redirect(s.base+"/login", fiber.StatusSeeOther)
}

// home answers GET /.
func (s *Server) home(c *fiber.Ctx) error {
	return c.Redirect(s.base+"/sessions", fiber.StatusSeeOther)
}
