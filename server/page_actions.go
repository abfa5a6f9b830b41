package server

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// toSession leads back to the session with word of what was done.
func (s *Server) toSession(c *fiber.Ctx, id session.ID, done string) error {
	return c.Redirect(queueOf(c).at(s.base+"/sessions/"+string(id), "done", done), fiber.StatusSeeOther)
}

// onSession carries out do on the session that the URL names. A problem that is the form's brings the
// page back, as things are now, with the form as typed.
func (s *Server) onSession(c *fiber.Ctx, f form, done string, do func(id session.ID) error) error {
	return s.onSessionThen(c, f, do, func(id session.ID) error { return s.toSession(c, id, done) })
}

// onSessionThen is onSession, where then says where it leads.
func (s *Server) onSessionThen(c *fiber.Ctx, f form, do, then func(id session.ID) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = do(id)
	if err == nil {
		return then(id)
	}
	status, ok := showAgain(err)
	if !ok {
		return err
	}
	got, getErr := s.o.Sessions.Get(c.UserContext(), actor(c), id)
	if getErr != nil {
		return getErr
	}
	return s.sessionPage(c, status, got, f.failed(err))
}

// decide answers POST /sessions/:id/decision: a verdict, or the answer to what another member proposed.
// With then=next it leads on to the next case of the queue.
func (s *Server) decide(c *fiber.Ctx) error {
	f := form{Name: "decision", Kind: c.FormValue("decision"), Text: c.FormValue("note"), Tags: formValues(c, "tags")}
	var after session.Session
	do := func(id session.ID) error {
		version, err := strconv.Atoi(c.FormValue("version"))
		if err != nil {
			return session.Fields{"version": "Load the page again: the form does not say what you saw."}.Err("server.decide")
		}
		after, err = s.o.Sessions.Decide(c.UserContext(), actor(c), id,
			session.Decision{Version: version, Verdict: session.Verdict(f.Kind), Tags: f.Tags, Note: f.Text})
		return err
	}
	return s.onSessionThen(c, f, do, func(id session.ID) error {
		if c.FormValue("then") == "next" {
			return s.toNextCase(c, queueOf(c), id)
		}
		return s.toSession(c, id, decided(after, session.Verdict(f.Kind)))
	})
}

// decided is the word for what a decision has led to.
func decided(after session.Session, verdict session.Verdict) string {
	switch {
	case verdict == session.VerdictSendBack:
		return "sentback"
	case after.Proposal != nil:
		return "proposed"
	case after.Status == session.Rejected:
		return "rejected"
	}
	return "verified"
}

// comment answers POST /sessions/:id/notes.
func (s *Server) comment(c *fiber.Ctx) error {
	f := form{Name: "note", Text: c.FormValue("note")}
	return s.onSession(c, f, "noted", func(id session.ID) error {
		_, err := s.o.Sessions.Comment(c.UserContext(), actor(c), id, f.Text)
		return err
	})
}

// rescreenOne answers POST /sessions/:id/rescreen.
func (s *Server) rescreenOne(c *fiber.Ctx) error {
	return s.onSession(c, form{Name: "rescreen"}, "screened", func(id session.ID) error {
		_, err := s.o.Sessions.RescreenOne(c.UserContext(), actor(c), id)
		return err
	})
}

// hold answers POST /sessions/:id/hold with on=true and a reason, or on=false.
func (s *Server) hold(c *fiber.Ctx) error {
	on, done := c.FormValue("on") == "true", "released"
	if on {
		done = "held"
	}
	f := form{Name: "hold", Text: c.FormValue("reason")}
	return s.onSession(c, f, done, func(id session.ID) error {
		if !on && c.FormValue("on") != "false" {
			return session.Fields{"on": "Load the page again: the form does not say whether to hold or to lift."}.Err("server.hold")
		}
		_, err := s.o.Sessions.Hold(c.UserContext(), actor(c), id, on, f.Text)
		return err
	})
}

// reopen answers POST /sessions/:id/reopen.
func (s *Server) reopen(c *fiber.Ctx) error {
	f := form{Name: "reopen", Text: c.FormValue("reason")}
	return s.onSession(c, f, "reopened", func(id session.ID) error {
		version, _ := strconv.Atoi(c.FormValue("version")) // 0 would not look: it is refused below
		if version < 1 {
			return session.Fields{"version": "Load the page again: the form does not say what you saw."}.Err("server.reopen")
		}
		_, err := s.o.Sessions.Reopen(c.UserContext(), actor(c), id, version, f.Text)
		return err
	})
}

// disposeInSession answers POST /sessions/:id/alerts/:alert.
func (s *Server) disposeInSession(c *fiber.Ctx) error {
	f := dispositionForm(c)
	return s.onSession(c, f, "disposed", func(session.ID) error {
		d, err := f.disposition(c)
		if err != nil {
			return err
		}
		_, err = s.o.Sessions.Dispose(c.UserContext(), actor(c), f.Name, d)
		return err
	})
}

// formValues are all values of a field that may be chosen several times.
func formValues(c *fiber.Ctx, name string) []string {
	var values []string
	for _, v := range c.Request().PostArgs().PeekMulti(name) {
		values = append(values, string(v))
	}
	return values
}

// typedIn gives all values of a field.
func typedIn(c *fiber.Ctx) func(name string) []string {
	return func(name string) []string { return formValues(c, name) }
}
