package server

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A queue is the list that a session was opened from, with its filters. It stands in the address of
// every page of the session, so that the next and the previous one are those of the list.
type queue struct {
	kind   listKind
	filter filter
	known  bool // the address names a list
}

func queueOf(c *fiber.Ctx) queue {
	q := queue{kind: allSessions, filter: parseFilter(c)}
	for _, kind := range []listKind{allSessions, awaitingList, rejections} {
		if kind.section == c.Query("list") {
			q.kind, q.known = kind, true
		}
	}
	q.filter = q.filter.first()
	return q
}

// query is the search that the list shows.
func (q queue) query(s *Server) (session.Query, error) {
	found, err := q.filter.query(s.o.Zone)
	if q.kind.status != "" {
		found.Status = []session.Status{q.kind.status}
	}
	return found, err
}

func (q queue) values() url.Values {
	if !q.known {
		return url.Values{}
	}
	v := q.filter.values()
	v.Set("list", q.kind.section)
	return v
}

// at is path with the queue and pairs of further names and values as its query string.
func (q queue) at(path string, pairs ...string) string {
	if !q.known && len(pairs) == 0 {
		return path
	}
	v := q.values()
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return withQuery(path, v)
}

// neighbour answers GET /sessions/:id/next and GET /sessions/:id/previous: the session beside this one in
// its list, or the list itself, at its end.
func (s *Server) neighbour(newer bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id, err := idOf(c)
		if err != nil {
			return err
		}
		q := queueOf(c)
		query, err := q.query(s)
		if err != nil {
			return err
		}
		gap := s.o.Sessions.Gap(c.UserContext(), actor(c))
		next, err := s.o.Sessions.Neighbour(c.UserContext(), actor(c), query, id, newer)
		if err != nil {
			return err
		}
		if next == "" {
			done := map[bool]string{false: "last", true: "first"}[newer]
			if gap != "" {
				done = "unknown"
			}
			return c.Redirect(q.at(s.base+"/sessions/"+string(id), "done", done), fiber.StatusSeeOther)
		}
		return c.Redirect(q.at(s.base+"/sessions/"+string(next)), fiber.StatusSeeOther)
	}
}

// nextCase answers POST /sessions/next: it claims the next free session of the queue and leads there.
func (s *Server) nextCase(c *fiber.Ctx) error {
	q := queueOf(c)
	if !q.known {
		q.kind, q.known = awaitingList, true
	}
	return s.toNextCase(c, q, session.ID(c.FormValue("not")))
}

func (s *Server) toNextCase(c *fiber.Ctx, q queue, not session.ID) error {
	query, err := q.query(s)
	if err != nil {
		return err
	}
	if not != "" {
		if not, err = session.ParseID(string(not)); err != nil {
			return err
		}
	}
	gap := s.o.Sessions.Gap(c.UserContext(), actor(c))
	next, err := s.o.Sessions.NextCase(c.UserContext(), actor(c), query, not)
	if err != nil {
		return err
	}
	to := q.at(s.base+"/sessions/"+string(next), "done", "claimed")
	if next == "" {
		done := "nocase"
		if gap != "" {
			done = "unknown"
		}
		to = q.filter.with(s.base+awaitingList.path, "done", done)
	}
	if isFragment(c) { // another page altogether
		c.Set("HX-Redirect", to)
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// claim answers POST /sessions/:id/claim, with over=member:… to take the session over from that member.
func (s *Server) claim(c *fiber.Ctx) error {
	return s.onSession(c, form{Name: "claim"}, "claimed", func(id session.ID) error {
		_, err := s.o.Sessions.Claim(c.UserContext(), actor(c), id, c.FormValue("over"))
		return err
	})
}

// release answers POST /sessions/:id/release.
func (s *Server) release(c *fiber.Ctx) error {
	return s.onSession(c, form{Name: "claim"}, "unclaimed", func(id session.ID) error {
		return s.o.Sessions.Release(c.UserContext(), actor(c), id)
	})
}

// assign answers POST /sessions/:id/assign with member, the id of a member.
func (s *Server) assign(c *fiber.Ctx) error {
	return s.onSession(c, form{Name: "assign", Kind: c.FormValue("member")}, "assigned", func(id session.ID) error {
		to, err := s.frame(c, "", "").decider(c.FormValue("member"))
		if err != nil {
			return err
		}
		if to.ID == "" {
			return session.Fields{"member": "Choose a member."}.Err("server.assign")
		}
		_, err = s.o.Sessions.Assign(c.UserContext(), actor(c), id, to)
		return err
	})
}

// deciders are the members who may decide sessions and alerts, of those that the visitor may know of: all,
// or those who see the company.
func (f frame) deciders(company string) ([]session.Actor, error) {
	members, err := f.s.o.Staff.MembersFor(f.ctx, f.who.member)
	all := make([]session.Actor, 0, len(members))
	for _, m := range members {
		if a := actorOf(m); !m.Disabled && a.Can(session.MayDecide) && (company == "" || a.Sees(company)) {
			all = append(all, a)
		}
	}
	return all, err
}

// decider is the one of them with the id, or the zero Actor.
func (f frame) decider(id string) (session.Actor, error) {
	all, err := f.deciders("")
	if i := slices.IndexFunc(all, func(a session.Actor) bool { return a.ID == id }); i >= 0 {
		return all[i], err
	}
	return session.Actor{}, err
}

// deciderOptions are the deciders, to choose from.
func (f frame) deciderOptions(company string) ([]option, error) {
	all, err := f.deciders(company)
	options := make([]option, len(all))
	for i, a := range all {
		options[i] = option{a.ID, a.Name, false}
	}
	return options, err
}

// A pickedView is the page on which many sessions are rejected, before and after.
type pickedView struct {
	frame
	Queue    queue
	Company  map[string]string // names by slug
	Groups   []session.TagGroup
	Sessions []session.Session
	Outcomes []session.Outcome // after
	Failed   int
	Proposed int
	Form     form
}

// Back is the list that the sessions were picked from.
func (v pickedView) Back() string { return v.Queue.filter.at(v.s.base + v.Queue.kind.path) }

// Post is where the form goes.
func (v pickedView) Post() string { return v.Queue.at(v.s.base + "/sessions/reject") }

// Why says what kept a session from being rejected.
func (v pickedView) Why(o session.Outcome) string { return session.MessageOf(o.Err) }

// Found is how many of the picked sessions can be rejected.
func (v pickedView) Found() string { return count(len(v.Sessions), "session", "sessions") }

// Result says what became of them: "3 sessions rejected, 2 proposed".
func (v pickedView) Result() string {
	rejected := count(len(v.Outcomes)-v.Failed-v.Proposed, "session", "sessions") + " rejected"
	if v.Proposed > 0 {
		return rejected + ", " + number(v.Proposed) + " proposed"
	}
	return rejected
}

// confirmReject answers GET /sessions/reject?pick=ID&pick=…: the sessions as they are now, to be looked
// at once more.
func (s *Server) confirmReject(c *fiber.Ctx) error {
	values, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return session.Fields{"pick": "The address is malformed."}.Err("server.confirmReject")
	}
	return s.rejectPage(c, fiber.StatusOK, values["pick"], form{Tags: []string{"Spam"}})
}

func (s *Server) rejectPage(c *fiber.Ctx, status int, picks []string, f form) error {
	view := pickedView{frame: s.frame(c, "Reject sessions", awaitingList.section), Queue: queueOf(c), Form: f}
	if len(picks) > session.MaxPicked {
		return session.Fields{"pick": "Choose at most 200 sessions."}.Err("server.rejectPage")
	}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	for _, text := range picks {
		id, err := session.ParseID(text)
		if err != nil {
			continue
		}
		got, err := s.o.Sessions.Get(c.UserContext(), actor(c), id)
		if session.CodeOf(err) == session.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if got.Status == session.AwaitingAction {
			view.Sessions = append(view.Sessions, got)
		}
	}
	view.Groups = tagGroupsOf(companies, view.Sessions)
	return s.render(c, status, "reject", "swap", view)
}

// tagGroupsOf are the reasons that the company of the sessions offers, or where they are of several, those
// that all companies offer.
func tagGroupsOf(companies []session.Company, sessions []session.Session) []session.TagGroup {
	for _, company := range companies {
		others := slices.ContainsFunc(sessions, func(got session.Session) bool { return got.Company != company.Slug })
		if len(sessions) > 0 && !others {
			return company.Settings.TagGroups()
		}
	}
	return session.TagGroups
}

// rejectMany answers POST /sessions/reject with pick=ID:version, once for each session.
func (s *Server) rejectMany(c *fiber.Ctx) error {
	f := form{Name: "decision", Text: c.FormValue("note"), Tags: formValues(c, "tags")}
	picked, ids := picksOf(c)
	outcomes, err := s.o.Sessions.DecideMany(c.UserContext(), actor(c), picked, session.Decision{Verdict: session.VerdictReject, Tags: f.Tags, Note: f.Text})
	if status, ok := showAgain(err); ok {
		return s.rejectPage(c, status, ids, f.failed(err))
	}
	if err != nil {
		return err
	}
	view := pickedView{frame: s.frame(c, "Reject sessions", awaitingList.section), Queue: queueOf(c), Outcomes: outcomes}
	for _, o := range outcomes {
		switch {
		case o.Err != nil:
			view.Failed++
		case o.Session.Proposal != nil:
			view.Proposed++
		}
	}
	return s.render(c, fiber.StatusOK, "reject", "swap", view)
}

func picksOf(c *fiber.Ctx) (picked []session.Picked, ids []string) {
	for _, text := range formValues(c, "pick") {
		const idSize = 26
		if len(text) <= idSize+1 || text[idSize] != ':' {
			continue
		}
		id, err := session.ParseID(text[:idSize])
		version, numberErr := strconv.Atoi(text[idSize+1:])
		if err == nil && numberErr == nil {
			picked, ids = append(picked, session.Picked{ID: id, Version: version}), append(ids, string(id))
		}
	}
	return picked, ids
}
