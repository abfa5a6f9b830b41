package server

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A sessionView is the page of one session, with whichever form came back with problems.
type sessionView struct {
	frame
	Tab     string // current, attempts or audit
	S       session.Session
	Company session.Company
	Photos  []session.Photo // of the attempt that is shown
	Large   session.Photo   // the one shown large
	Events  []session.Event // for the tab Audit
	Next    session.ID      // the next session that awaits action, after a decision
	Form    form

	names func(string) string
}

// A form is what somebody typed, with what is wrong with it.
type form struct {
	Name   string // which form of the page: decision, note, reopen, or the id of an alert
	Text   string // note or reason
	Kind   string // verdict or disposition
	Tags   []string
	Reason string // code of a disposition
	Fields session.Fields
	Failed string // what is wrong with the whole
}

// Is reports whether the form that came back is the one called name.
func (f form) Is(name string) bool { return f.Name == name }

// Has reports whether tag was chosen.
func (f form) Has(tag string) bool { return slices.Contains(f.Tags, tag) }

// failed is f with what err says about it.
func (f form) failed(err error) form {
	f.Fields = fieldsOf(err)
	if len(f.Fields) == 0 {
		f.Failed = session.MessageOf(err)
	}
	return f
}

// showSession answers GET /sessions/:id.
func (s *Server) showSession(c *fiber.Ctx) error {
	id, err := session.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.View(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	return s.sessionPage(c, fiber.StatusOK, got, form{})
}

// sessionPage renders the tab Current session.
func (s *Server) sessionPage(c *fiber.Ctx, status int, got session.Session, f form) error {
	view, err := s.sessionView(c, got, "current")
	if err != nil {
		return err
	}
	view.Form = f
	if done := c.Query("done"); done == "verified" || done == "rejected" {
		view.Next = s.nextAwaiting(c.UserContext(), actor(c), got.ID)
	}
	return s.render(c, status, "session", "swap", view)
}

func (s *Server) sessionView(c *fiber.Ctx, got session.Session, tab string) (sessionView, error) {
	view := sessionView{frame: s.frame(c, sessionTitle(got), sectionOf(got)), Tab: tab, S: got, names: s.names(c.UserContext())}
	var err error
	view.Company, err = s.o.Sessions.Company(c.UserContext(), actor(c), got.Company)
	view.Accent = got.Company
	view.Photos = currentPhotos(got)
	view.Large = chosen(view.Photos, c.Query("photo"))
	return view, err
}

func sessionTitle(got session.Session) string {
	for _, name := range []string{got.Person.FullName(), got.Person.Local.Full(), got.Reference} {
		if name != "" {
			return name
		}
	}
	return "Session " + string(got.ID)
}

func sectionOf(got session.Session) string {
	switch got.Status {
	case session.AwaitingAction:
		return awaitingList.section
	case session.Rejected:
		return rejections.section
	}
	return allSessions.section
}

// currentPhotos are those of the newest attempt that has any, in the order in which pages show them.
func currentPhotos(got session.Session) []session.Photo {
	newest := 0
	for _, p := range got.Photos {
		newest = max(newest, p.Attempt)
	}
	return photosOf(got.Photos, newest)
}

func photosOf(all []session.Photo, attempt int) []session.Photo {
	var photos []session.Photo
	for _, p := range all {
		if p.Attempt == attempt {
			photos = append(photos, p)
		}
	}
	slices.SortStableFunc(photos, func(a, b session.Photo) int {
		return slices.Index(session.PhotoKinds, a.Kind) - slices.Index(session.PhotoKinds, b.Kind)
	})
	return photos
}

// chosen is the photo with that hash, else the first.
func chosen(photos []session.Photo, sha256 string) session.Photo {
	for _, p := range photos {
		if p.SHA256 == sha256 {
			return p
		}
	}
	if len(photos) > 0 {
		return photos[0]
	}
	return session.Photo{}
}

// nextAwaiting is another session that awaits action, or "".
func (s *Server) nextAwaiting(ctx context.Context, who session.Actor, not session.ID) session.ID {
	page, err := s.o.Sessions.Find(ctx, who, session.Query{Status: []session.Status{session.AwaitingAction}, Limit: 2})
	if err != nil {
		s.o.Log.Warn("find the next session", "err", err)
	}
	for _, got := range page.Sessions {
		if got.ID != not {
			return got.ID
		}
	}
	return ""
}

// showAttempts answers GET /sessions/:id/attempts.
func (s *Server) showAttempts(c *fiber.Ctx) error {
	view, err := s.tab(c, "attempts")
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "attempts", "swap", view)
}

// showAudit answers GET /sessions/:id/audit.
func (s *Server) showAudit(c *fiber.Ctx) error {
	view, err := s.tab(c, "audit")
	if err != nil {
		return err
	}
	view.Events, err = s.o.Sessions.Events(c.UserContext(), actor(c), view.S.ID, 500)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "audit", "swap", view)
}

func (s *Server) tab(c *fiber.Ctx, tab string) (sessionView, error) {
	id, err := session.ParseID(c.Params("id"))
	if err != nil {
		return sessionView{}, err
	}
	got, err := s.o.Sessions.View(c.UserContext(), actor(c), id)
	if err != nil {
		return sessionView{}, err
	}
	return s.sessionView(c, got, tab)
}

// Decidable reports whether the session waits for a decision and the member may make it.
func (v sessionView) Decidable() bool {
	return v.S.Status == session.AwaitingAction && v.May("decide")
}

// Editable reports whether client information may be edited.
func (v sessionView) Editable() bool {
	return (v.S.Status == session.AwaitingAction || v.S.Status == session.InProgress) && v.May("decide")
}

// Reopenable reports whether the decision may be taken back.
func (v sessionView) Reopenable() bool {
	return (v.S.Status == session.Success || v.S.Status == session.Rejected) && v.May("manage")
}

// TagGroups are the reasons for a rejection.
func (v sessionView) TagGroups() []session.TagGroup { return v.Company.Settings.TagGroups() }

// By is the name of who decided.
func (v sessionView) By(id string) string { return v.names(id) }

// Face and Selfie are the pictures to compare by eye, where both are there.
func (v sessionView) Face() session.Photo { return v.ofKind(session.Portrait, session.DocumentFront) }

// Selfie is the picture of the applicant.
func (v sessionView) Selfie() session.Photo { return v.ofKind(session.Selfie, session.Liveness) }

func (v sessionView) ofKind(kinds ...session.PhotoKind) session.Photo {
	for _, kind := range kinds {
		for _, p := range v.Photos {
			if p.Kind == kind {
				return p
			}
		}
	}
	return session.Photo{}
}
