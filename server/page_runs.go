package server

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// shownRuns is how many of the newest runs the table holds.
const shownRuns = 50

// stopPolling is the status at which htmx asks no more.
const stopPolling = 286

type runsView struct {
	frame
	Tab   string
	Runs  []session.Run
	names func(string) string
}

// By is the name of who started a run.
func (v runsView) By(id string) string { return v.names(id) }

// listRuns answers GET /sanctions/runs.
func (s *Server) listRuns(c *fiber.Ctx) error {
	runs, err := s.o.Sessions.RunRecords(c.UserContext(), actor(c), shownRuns)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "runs", "main", runsView{frame: s.frame(c, "Re-screening", "sanctions"), Tab: "runs", Runs: runs, names: s.names(c.UserContext())})
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
	Took     time.Duration
}

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

// showRun answers GET /sanctions/runs/:run, and tells htmx to stop asking when the run is over.
func (s *Server) showRun(c *fiber.Ctx) error {
	run, err := s.o.Sessions.RunRecord(c.UserContext(), actor(c), c.Params("run"))
	if err != nil {
		return err
	}
	view := runView{frame: s.frame(c, "Re-screening run", "sanctions"), Tab: "runs", Run: run, By: s.names(c.UserContext())(run.By)}
	if view.Everyone, err = s.o.Sessions.Count(c.UserContext()); err != nil {
		return err
	}
	view.Took = run.FinishedAt.Sub(run.StartedAt).Round(10 * time.Millisecond)
	status := fiber.StatusOK
	if isFragment(c) && !view.Going() {
		status = stopPolling
	}
	return s.render(c, status, "run", "progress", view)
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
