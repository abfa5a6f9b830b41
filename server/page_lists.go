package server

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type listsView struct {
	frame
	Tab      string
	Lists    []session.ListRecord
	Retired  []string // ids
	Attempts []session.ListAttempt
	IDs      []string // to choose from
	Form     listForm
	names    func(string) string
}

// A listForm is the upload as typed; browsers never send a file again.
type listForm struct {
	List    string // chosen
	Own     string // the id of a further list, which goes before
	Force   bool
	Problem string         // that concerns no field
	Fields  session.Fields // what is wrong beside "list" and "file"
}

// id is the list that the form is about, "" is as the content says.
func (f listForm) id() string { return cmp.Or(f.Own, f.List) }

// Stale reports whether a list was not refreshed for too long.
func (f frame) Stale(l session.ListRecord) bool {
	return l.Stale(f.s.o.Now(), f.s.o.Sessions.StaleAfter())
}

// LongAgo says how many days ago a list was published, where that is longer than usual.
func (f frame) LongAgo(l session.ListRecord) string {
	if !l.PublishedLongAgo(f.s.o.Now()) {
		return ""
	}
	return f.s.since(l.Published)
}

// OldOnes names the lists that were published longer ago than usual.
func (v listsView) OldOnes() string {
	var old []string
	for _, l := range v.Lists {
		if ago := v.LongAgo(l); ago != "" {
			old = append(old, listName(l.ID)+", "+ago)
		}
	}
	return strings.Join(old, "; ")
}

// By is the name of who brought a list into force.
func (v listsView) By(id string) string { return v.names(id) }

// KnownLists are the ids to choose from; the content says which list a file is where none is chosen.
func (v listsView) KnownLists() []option {
	return options(v.IDs, listName, []string{v.Form.List})
}

// A listSource is where a list is published, and where it is fetched from.
type listSource struct {
	ID, Published, Fetched string
}

// Sources are those of all known lists.
func (v listsView) Sources() []listSource {
	var all []listSource
	on := v.s.o.Sessions.Sources()
	for _, id := range v.IDs {
		known := session.BaseList(id) == id // where a further data set is published is a guess, unless it is fetched
		if source := (listSource{id, session.DefaultSource(id), on[id]}); source.Fetched != "" || known && source.Published != "" {
			all = append(all, source)
		}
	}
	return all
}

// showLists answers GET /sanctions/lists.
func (s *Server) showLists(c *fiber.Ctx) error { return s.listsPage(c, fiber.StatusOK, listForm{}) }

func (s *Server) listsPage(c *fiber.Ctx, status int, f listForm) error {
	view := listsView{frame: s.frame(c, "Sanctions lists", "sanctions"), Tab: "lists", Form: f, names: s.names(c.UserContext())}
	var err error
	if view.IDs, err = s.o.Sessions.ListIDs(c.UserContext()); err != nil {
		return err
	}
	if view.Lists, err = s.o.Sessions.Lists(actor(c)); err != nil {
		return err
	}
	if view.Retired, err = s.o.Sessions.RetiredLists(actor(c)); err != nil {
		return err
	}
	if view.Attempts, err = s.o.Sessions.Attempts(c.UserContext(), actor(c), "", 10); err != nil {
		return err
	}
	return s.render(c, status, "lists", "main", view)
}

// uploadList answers POST /sanctions/lists with the parts file, list and force.
func (s *Server) uploadList(c *fiber.Ctx) error {
	f := listForm{List: c.FormValue("list"), Own: clip(strings.TrimSpace(c.FormValue("own")), 100), Force: c.FormValue("force") == "true"}
	change, err := s.takeUpload(c, f)
	if status, ok := showAgain(err); ok {
		if f.Fields = fieldsOf(err); len(f.Fields) == 0 {
			f.Problem = session.MessageOf(err)
		}
		return s.listsPage(c, status, f)
	}
	if err != nil {
		return err
	}
	done := "loaded"
	if change.Same {
		done = "same"
	}
	return c.Redirect(s.base+"/sanctions/lists?done="+done, fiber.StatusSeeOther)
}

func (s *Server) takeUpload(c *fiber.Ctx, f listForm) (session.ListChange, error) {
	list, ok := fileOf(c, "file")
	if !ok {
		return session.ListChange{}, session.Fields{"file": "Choose a list file."}.Err("server.uploadList")
	}
	return s.o.Sessions.UpdateList(c.UserContext(), actor(c), session.ListUpdate{List: f.id(), Source: clip(list.name, 200), Raw: list.data, Force: f.Force})
}

type oneListView struct {
	listsView
	ID      string
	History []session.ListRecord
	Source  string // where it is fetched from, or ""
	Retire  retireForm
}

// A retireForm is the wish to take a list out of force, as typed.
type retireForm struct {
	Reason  string
	Problem string
}

// InForce reports whether a version of the list is in force.
func (v oneListView) InForce() bool { return v.History[0].Retired == nil }

// showList answers GET /sanctions/lists/:list: every version that was in force.
func (s *Server) showList(c *fiber.Ctx) error { return s.listPage(c, fiber.StatusOK, retireForm{}) }

func (s *Server) listPage(c *fiber.Ctx, status int, f retireForm) error {
	id := c.Params("list")
	history, err := s.o.Sessions.ListHistory(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	if len(history) == 0 { // a list that was tried and never came into force has no page
		return &session.Error{Code: session.NotFound, Op: "server.showList", Message: "There is no such list."}
	}
	view := oneListView{listsView: listsView{frame: s.frame(c, listName(id), "sanctions"), Tab: "lists", names: s.names(c.UserContext())}, ID: id, History: history, Source: s.o.Sessions.Sources()[id], Retire: f}
	if view.Attempts, err = s.o.Sessions.Attempts(c.UserContext(), actor(c), id, 10); err != nil {
		return err
	}
	return s.render(c, status, "list", "main", view)
}

// retireList answers POST /sanctions/lists/:list/retire.
func (s *Server) retireList(c *fiber.Ctx) error {
	f := retireForm{Reason: c.FormValue("reason")}
	_, err := s.o.Sessions.RetireList(c.UserContext(), actor(c), c.Params("list"), f.Reason)
	if status, ok := showAgain(err); ok {
		f.Problem = session.MessageOf(err)
		return s.listPage(c, status, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/lists?done=retired", fiber.StatusSeeOther)
}

// fetchList answers POST /sanctions/lists/:list/update.
func (s *Server) fetchList(c *fiber.Ctx) error {
	if _, err := s.o.Sessions.RefreshSoon(actor(c), c.Params("list")); err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/fetches?done=fetching", fiber.StatusSeeOther)
}

// shownAttempts is how many tries the page of them holds.
const shownAttempts = 200

// showFetches answers GET /sanctions/fetches: what happened at each try to bring a list up to date.
func (s *Server) showFetches(c *fiber.Ctx) error {
	f := listForm{List: c.Query("list")}
	view := listsView{frame: s.frame(c, "List updates", "sanctions"), Tab: "lists", Form: f, names: s.names(c.UserContext())}
	var err error
	if view.IDs, err = s.o.Sessions.ListIDs(c.UserContext()); err != nil {
		return err
	}
	if view.Attempts, err = s.o.Sessions.Attempts(c.UserContext(), actor(c), f.List, shownAttempts); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "fetches", "main", view)
}
