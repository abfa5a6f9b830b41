package server

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// shownRuns is how many of the newest runs the table holds.
const shownRuns = 50

type runsView struct {
	frame
	Tab   string
	Runs  []session.Run
	names func(string) string
}

// By is the name of who started a run.
func (v runsView) By(id string) string { return v.names(id) }

// Going reports whether a run is not over.
func (v runsView) Going() bool { return slices.ContainsFunc(v.Runs, session.Run.Going) }

// listRuns answers GET /sanctions/runs.
func (s *Server) listRuns(c *fiber.Ctx) error {
	view := runsView{frame: s.frame(c, "Re-screening", "sanctions"), Tab: "runs", names: s.names(c.UserContext())}
	var err error
	if view.Runs, err = s.o.Sessions.RunRecords(c.UserContext(), actor(c), shownRuns); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "runs", "main", view)
}

// followRuns answers GET /sanctions/runs/events.
func (s *Server) followRuns(c *fiber.Ctx) error {
	who := actor(c)
	return s.follow(c, func(ctx context.Context) ([]byte, bool, error) {
		view := runsView{names: s.names(ctx)}
		var err error
		if view.Runs, err = s.o.Sessions.RunRecords(ctx, who, shownRuns); err != nil {
			return nil, false, err
		}
		piece, err := s.piece("runs", "table", view)
		return piece, view.Going(), err
	})
}

// startRun answers POST /sanctions/runs.
func (s *Server) startRun(c *fiber.Ctx) error {
	return s.toRun(c)(s.o.Sessions.Rescreen(c.UserContext(), actor(c), "manual"))
}

type runView struct {
	frame
	Tab string
	Run session.Run
	By  string
	// Everyone is how many sessions there are: what a run that is under way counts towards.
	Everyone int
	names    func(string) string
}

// Took is how long the run was at work.
func (v runView) Took() time.Duration { return v.Run.Took().Round(10 * time.Millisecond) }

// Who is the name of who resumed the run.
func (v runView) Who(id string) string { return v.names(id) }

// Going reports whether the run is not over.
func (v runView) Going() bool { return v.Run.Going() }

// Expected is how many persons the run will have met in the end.
func (v runView) Expected() int {
	if v.Run.Sessions != nil {
		return len(v.Run.Sessions)
	}
	return max(v.Everyone, v.Run.Population)
}

// Broken reports whether the run can be resumed.
func (v runView) Broken() bool {
	return v.Run.Status == session.RunCancelled || v.Run.Status == session.RunFailed
}

// MoreFailures is how many failures are counted and not named.
func (v runView) MoreFailures() int { return v.Run.Failed - len(v.Run.Failures) }

// showRun answers GET /sanctions/runs/:run.
func (s *Server) showRun(c *fiber.Ctx) error {
	view, err := s.runView(c.UserContext(), actor(c), c.Params("run"), s.frame(c, "Re-screening run", "sanctions"))
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "run", "main", view)
}

func (s *Server) runView(ctx context.Context, who session.Actor, id string, f frame) (view runView, err error) {
	view = runView{frame: f, Tab: "runs"}
	if view.Run, err = s.o.Sessions.RunRecord(ctx, who, id); err != nil {
		return view, err
	}
	view.names = s.names(ctx)
	view.By = view.names(view.Run.By)
	view.Everyone, err = s.o.Sessions.Count(ctx)
	return view, err
}

// followRun answers GET /sanctions/runs/:run/events.
func (s *Server) followRun(c *fiber.Ctx) error {
	who, id, f := actor(c), c.Params("run"), s.frame(c, "", "")
	return s.follow(c, func(ctx context.Context) ([]byte, bool, error) {
		view, err := s.runView(ctx, who, id, f)
		if err != nil {
			return nil, false, err
		}
		piece, err := s.piece("run", "progress", view)
		return piece, view.Going(), err
	})
}

// cancelRun answers POST /sanctions/runs/:run/cancel.
func (s *Server) cancelRun(c *fiber.Ctx) error {
	id := c.Params("run")
	if err := s.o.Sessions.Cancel(c.UserContext(), actor(c), id); err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/runs/"+id+"?done=cancelled", fiber.StatusSeeOther)
}

// resumeRun answers POST /sanctions/runs/:run/resume.
func (s *Server) resumeRun(c *fiber.Ctx) error {
	return s.toRun(c)(s.o.Sessions.Resume(c.UserContext(), actor(c), c.Params("run")))
}

// retryRun answers POST /sanctions/runs/:run/retry.
func (s *Server) retryRun(c *fiber.Ctx) error {
	return s.toRun(c)(s.o.Sessions.RetryFailed(c.UserContext(), actor(c), c.Params("run")))
}

// toRun leads to the page of a run that was asked for.
func (s *Server) toRun(c *fiber.Ctx) func(session.Run, error) error {
	return func(run session.Run, err error) error {
		if err != nil {
			return err
		}
		return c.Redirect(s.base+"/sanctions/runs/"+run.ID, fiber.StatusSeeOther)
	}
}
