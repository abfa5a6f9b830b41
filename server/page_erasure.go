package server

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// How much of what is due the page shows and counts.
const (
	shownDue = 100
	countDue = 10_000
	shownOld = 20 // runs
)

type erasureView struct {
	settingsView
	Due     []session.Due
	Records int // due; with Photos and Held at most countDue
	Photos  int
	Held    int
	More    bool // there is more than was counted
	Under   bool // one of the runs is under way
	Runs    []session.Erasure
	Failed  string
	names   func(string) string

	sessions *session.Service
}

// By is the name of who started a run.
func (v erasureView) By(id string) string { return v.names(id) }

// Waits reports whether there is something to erase.
func (v erasureView) Waits() bool { return v.Records+v.Photos > 0 }

// Going reports whether a run is under way, and CutOff whether it ended without being done.
func (v erasureView) Going(run session.Erasure) bool { return v.sessions.ErasureUnderWay(run.ID) }

func (v erasureView) CutOff(run session.Erasure) bool {
	return run.FinishedAt.IsZero() && !v.Going(run)
}

// showErasure answers GET /settings/erasure: what is due, as a dry run, and the log of runs.
func (s *Server) showErasure(c *fiber.Ctx) error {
	return s.erasurePage(c, fiber.StatusOK, "")
}

func (s *Server) erasurePage(c *fiber.Ctx, status int, failed string) error {
	around, err := s.settingsView(c, "erasure")
	if err != nil {
		return err
	}
	view := erasureView{settingsView: around, Under: s.o.Sessions.Erasing(), names: s.names(c.UserContext()), sessions: s.o.Sessions}
	if view.Runs, err = s.o.Sessions.Erasures(c.UserContext(), actor(c), shownOld); err != nil {
		return err
	}
	view.Under = view.Under || slices.ContainsFunc(view.Runs, view.Going)
	if isFragment(c) && failed == "" {
		if !view.Under {
			status = stopPolling
		}
		return s.render(c, status, "erasure", "erasures", view)
	}
	if err := view.count(c.UserContext(), s.o.Sessions, actor(c)); err != nil {
		return err
	}
	view.Failed = failed
	return s.render(c, status, "erasure", "main", view)
}

// count goes through what is due, as far as the page counts.
func (v *erasureView) count(ctx context.Context, sessions *session.Service, who session.Actor) error {
	for d, err := range sessions.DueForErasure(ctx, who) {
		if err != nil {
			return err
		}
		if v.Records+v.Photos+v.Held == countDue {
			v.More = true
			return nil
		}
		switch {
		case d.Held:
			v.Held++
		case d.What == session.EraseRecord:
			v.Records++
		default:
			v.Photos++
		}
		if len(v.Due) < shownDue {
			v.Due = append(v.Due, d)
		}
	}
	return nil
}

// startErasure answers POST /settings/erasure.
func (s *Server) startErasure(c *fiber.Ctx) error {
	err := s.o.Sessions.AskErasure(actor(c))
	if status, ok := showAgain(err); err != nil && ok {
		return s.erasurePage(c, status, session.MessageOf(err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/settings/erasure?done=erasing", fiber.StatusSeeOther)
}

// eraseSession answers POST /sessions/:id/erase.
func (s *Server) eraseSession(c *fiber.Ctx) error {
	f := form{Name: "erase", Reason: c.FormValue("reason")}
	erase := func(id session.ID) error {
		return s.o.Sessions.Erase(c.UserContext(), actor(c), id, f.Reason)
	}
	return s.onSessionThen(c, f, erase, func(session.ID) error {
		return c.Redirect(s.base+"/sessions?done=erased", fiber.StatusSeeOther)
	})
}

// Erasable reports whether the member may erase the session now.
func (v sessionView) Erasable() bool {
	due := v.S.Retention.Due
	return v.May("manage") && !v.S.Retention.Hold && (v.Company.Settings.EarlyErasure || !due.IsZero() && !due.After(v.s.o.Now()))
}

// Early reports whether the date of the session is still to come.
func (v sessionView) Early() bool {
	return v.S.Retention.Due.IsZero() || v.S.Retention.Due.After(v.s.o.Now())
}

// ErasureReasons are those for erasing a session before its date.
func (v sessionView) ErasureReasons() []session.ErasureReason { return session.ErasureReasons }
