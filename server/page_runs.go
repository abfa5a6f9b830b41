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
	run, err := s.o.Sessions.Rescreen(c.UserContext(), actor(c), "manual")
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/sanctions/runs/"+run.ID, fiber.StatusSeeOther)
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
func (v runView) Going() bool {
	return v.Run.Status == session.RunQueued || v.Run.Status == session.RunRunning
}

// Covered is screened + failed + excluded: at the end it must be the population.
func (v runView) Covered() int { return v.Run.Screened + v.Run.Failed + v.Run.ExcludedTotal() }

// Whole reports whether every person is accounted for.
func (v runView) Whole() bool { return v.Covered() == v.Run.Population }

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
