package server

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

type membersView struct {
	settingsView
	Members  []staff.Member
	Names    map[string]string
	Required bool
}

// showMembers answers GET /settings/members.
func (s *Server) showMembers(c *fiber.Ctx) error {
	view := membersView{Required: s.o.RequireSecondFactor}
	var err error
	if view.settingsView, err = s.settingsView(c, "members"); err != nil {
		return err
	}
	if view.Members, err = s.o.Staff.MembersFor(c.UserContext(), me(c)); err != nil {
		return err
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Names = companyNames(companies)
	return s.render(c, fiber.StatusOK, "members", "", view)
}

// Belongs names the companies of m that the visitor sees.
func (v membersView) Belongs(m staff.Member) string { return belongs(m, v.Names) }

func belongs(m staff.Member, names map[string]string) string {
	if m.Everyone {
		return "All companies"
	}
	var known []string
	hidden := 0
	for _, slug := range m.Companies {
		if name, ok := names[slug]; ok {
			known = append(known, name)
		} else {
			hidden++
		}
	}
	if hidden > 0 {
		known = append(known, "others")
	}
	return strings.Join(known, ", ")
}

type memberView struct {
	settingsView
	M       staff.Member // as stored; without an id it is a new one
	Wish    staff.Member // as typed
	Manages bool         // the visitor may change the member
	Self    bool
	Link    string // to set a password with; it is shown this once
	Logins  []staff.Login
	Names   map[string]string
	Fields  session.Fields
	Problem string // that concerns no field
	Changed bool   // somebody else has changed the member since the form was made
}

// Belongs names the companies of the member that the visitor sees.
func (v memberView) Belongs() string { return belongs(v.M, v.Names) }

// Current reports whether l is the login in which the page is looked at.
func (v memberView) Current(l staff.Login) bool { return l.ID == v.who.login.ID }

// LinkOut reports whether there is a link that the member has not used yet.
func (v memberView) LinkOut() bool { return v.M.Link.Open(v.s.o.Now()) }

// Roles are the roles to choose from.
func (v memberView) Roles() []option {
	return options(staff.Roles, func(r staff.Role) string { return title(string(r)) + ": " + roleMeans[r] }, []string{string(v.Wish.Role)})
}

var roleMeans = map[staff.Role]string{
	staff.Master: "everything, settings included", staff.Agent: "sees and decides sessions", staff.Auditor: "reads and exports, changes nothing",
}

// In reports whether the member, as typed, belongs to a company.
func (v memberView) In(slug string) bool { return slices.Contains(v.Wish.Companies, slug) }

func (s *Server) memberView(c *fiber.Ctx, m staff.Member) (memberView, error) {
	around, err := s.settingsView(c, "members")
	if err != nil {
		return memberView{}, err
	}
	view := memberView{settingsView: around, M: m, Wish: m, Manages: me(c).Manages(m), Self: m.ID == me(c).ID}
	if m.ID != "" {
		view.Title = m.Name
	}
	companies, err := view.Companies()
	view.Names = companyNames(companies)
	return view, err
}

// memberPage shows a member; change, which may be nil, says what came of a form.
func (s *Server) memberPage(c *fiber.Ctx, status int, m staff.Member, change func(*memberView)) error {
	view, err := s.memberView(c, m)
	if err != nil {
		return err
	}
	if m.ID != "" && (view.Manages || view.Self) {
		if view.Logins, err = s.o.Staff.Logins(c.UserContext(), me(c), m.ID); err != nil {
			return err
		}
	}
	if change != nil {
		change(&view)
	}
	return s.render(c, status, "member", "", view)
}

// showNewMember answers GET /settings/members/new.
func (s *Server) showNewMember(c *fiber.Ctx) error {
	return s.memberPage(c, fiber.StatusOK, staff.Member{Role: staff.Agent, Everyone: me(c).Everyone}, nil)
}

// showMember answers GET /settings/members/:member.
func (s *Server) showMember(c *fiber.Ctx) error {
	m, err := s.o.Staff.Member(c.UserContext(), me(c), c.Params("member"))
	if err != nil {
		return err
	}
	return s.memberPage(c, fiber.StatusOK, m, nil)
}

// wishOf is the member as the form describes it.
func (s *Server) wishOf(c *fiber.Ctx) (staff.Member, error) {
	wish := staff.Member{Email: clip(c.FormValue("email"), 300), Name: clip(c.FormValue("name"), 200), Role: staff.Role(c.FormValue("role")), Everyone: c.FormValue("everyone") == "true",
		Impersonal: c.FormValue("impersonal") == "true"}
	var err error
	if wish.Version, err = strconv.Atoi(cmp.Or(c.FormValue("version"), "0")); err != nil {
		return wish, session.Fields{"version": "Load the page again: the form does not say what you saw."}.Err("server.wishOf")
	}
	companies, err := s.o.Sessions.Companies(c.UserContext(), actor(c))
	if err != nil {
		return wish, err
	}
	names := companyNames(companies)
	for _, raw := range c.Request().PostArgs().PeekMulti("company") {
		slug := string(raw)
		if names[slug] == "" {
			return wish, session.Fields{"companies": "There is no company " + clip(slug, 40) + "."}.Err("server.wishOf")
		}
		if !slices.Contains(wish.Companies, slug) {
			wish.Companies = append(wish.Companies, slug)
		}
	}
	return wish, nil
}

// invite answers POST /settings/members: it makes the member and shows the link, once.
func (s *Server) invite(c *fiber.Ctx) error {
	wish, err := s.wishOf(c)
	m, token := staff.Member{}, ""
	if err == nil {
		m, token, err = s.o.Staff.Invite(c.UserContext(), me(c), wish)
	}
	if err != nil {
		return s.memberProblem(c, staff.Member{}, wish, err)
	}
	return s.memberPage(c, fiber.StatusOK, m, func(v *memberView) { v.Link = s.linkFor(c, token) })
}

func (s *Server) linkFor(c *fiber.Ctx, token string) string {
	return s.link(c, "/set-password?token="+token)
}

// memberProblem shows the form as typed with what is wrong, if the problem is one of the form. What
// somebody else has changed meanwhile stands beside it, and saving once more is over that.
func (s *Server) memberProblem(c *fiber.Ctx, m, wish staff.Member, problem error) error {
	status, ok := showAgain(problem)
	if !ok {
		return problem
	}
	return s.memberPage(c, status, m, func(v *memberView) {
		v.Wish, v.Changed = wish, errors.Is(problem, staff.ErrChanged)
		if v.Fields = fieldsOf(problem); len(v.Fields) == 0 {
			v.Problem = problemOf(problem).Detail
		}
	})
}

// editMember answers POST /settings/members/:member.
func (s *Server) editMember(c *fiber.Ctx) error {
	id := c.Params("member")
	wish, err := s.wishOf(c)
	var m staff.Member
	if err == nil {
		m, err = s.o.Staff.Edit(c.UserContext(), me(c), id, wish)
	}
	if err == nil {
		return s.toMember(c, m, "changed")
	}
	now, missing := s.o.Staff.Member(c.UserContext(), me(c), id)
	if missing != nil {
		return missing
	}
	return s.memberProblem(c, now, wish, err)
}

func (s *Server) toMember(c *fiber.Ctx, m staff.Member, done string) error {
	return c.Redirect(s.base+"/settings/members/"+m.ID+"?done="+done, fiber.StatusSeeOther)
}

// disableMember answers POST /settings/members/:member/state with disabled=true or false.
func (s *Server) disableMember(c *fiber.Ctx) error {
	disabled := c.FormValue("disabled") == "true"
	done := map[bool]string{false: "enabled", true: "disabled"}[disabled]
	return s.doToMember(c, done, func(id string) (staff.Member, error) {
		return s.o.Staff.Disable(c.UserContext(), me(c), id, disabled)
	})
}

// doToMember does something to the member of the path and returns to the member.
func (s *Server) doToMember(c *fiber.Ctx, done string, do func(id string) (staff.Member, error)) error {
	old, err := s.o.Staff.Member(c.UserContext(), me(c), c.Params("member"))
	if err != nil {
		return err
	}
	m, err := do(old.ID)
	if err != nil {
		return s.memberProblem(c, old, old, err)
	}
	return s.toMember(c, m, done)
}

// dropFactors answers POST /settings/members/:member/second-factor.
func (s *Server) dropFactors(c *fiber.Ctx) error {
	return s.doToMember(c, "factors-dropped", func(id string) (staff.Member, error) {
		return s.o.Staff.DropSecondFactor(c.UserContext(), me(c), id)
	})
}

// endMemberLogins answers POST /settings/members/:member/logins/end.
func (s *Server) endMemberLogins(c *fiber.Ctx) error {
	return s.doToMember(c, "logins-ended", func(id string) (staff.Member, error) {
		return s.o.Staff.EndLogins(c.UserContext(), me(c), id)
	})
}

// endMemberLogin answers POST /settings/members/:member/logins/:login/end.
func (s *Server) endMemberLogin(c *fiber.Ctx) error {
	return s.doToMember(c, "login-ended", func(id string) (staff.Member, error) {
		m, err := s.o.Staff.EndLogin(c.UserContext(), me(c), id, c.Params("login"))
		if errors.Is(err, staff.ErrNotFound) {
			err = session.Fields{"login": "This login has ended already."}.Err("server.endMemberLogin")
		}
		return m, err
	})
}

// newLink answers POST /settings/members/:member/link: it shows a link to set a password with, once.
func (s *Server) newLink(c *fiber.Ctx) error {
	old, err := s.o.Staff.Member(c.UserContext(), me(c), c.Params("member"))
	if err != nil {
		return err
	}
	m, token, err := s.o.Staff.NewLink(c.UserContext(), me(c), old.ID)
	if err != nil {
		return s.memberProblem(c, old, old, err)
	}
	return s.memberPage(c, fiber.StatusOK, m, func(v *memberView) { v.Link = s.linkFor(c, token) })
}
