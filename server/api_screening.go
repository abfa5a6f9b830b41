package server

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type zoneQuestion struct {
	MRZ     lines `json:"mrz"`
	Correct bool  `json:"correct,omitempty"` // repair look-alikes where a check digit or the alphabet proves it
}

// lines are those of a zone; one text that holds them all is taken too.
type lines []string

// UnmarshalJSON reads a list of lines, or one text.
func (l *lines) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte{'"'}) {
		*l = make(lines, 1)
		return json.Unmarshal(data, &(*l)[0])
	}
	return json.Unmarshal(data, (*[]string)(l))
}

// A zoneAnswer is what a checked zone looks like, for the description; the domain writes it itself.
type zoneAnswer struct {
	Format string            `json:"format"`
	Valid  bool              `json:"valid"`
	Fields map[string]string `json:"fields"`
	Person map[string]any    `json:"person"`
	Errors []map[string]any  `json:"errors"`
}

// apiCheckZone answers POST /api/v1/mrz/check.
func (s *Server) apiCheckZone(c *fiber.Ctx) error {
	var q zoneQuestion
	if err := bodyOf(c, &q); err != nil {
		return err
	}
	zone, err := s.o.Sessions.CheckZone(actor(c), q.MRZ, q.Correct)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, zone)
}

// A screenQuestion is a person who is screened and not stored, at the top or in "person".
type screenQuestion struct {
	session.Person
	FullName   string          `json:"full_name,omitempty"` // where the parts are not known
	MiddleName string          `json:"middle_name,omitempty"`
	Nested     *session.Person `json:"person,omitempty"`
	Threshold  float64         `json:"threshold,omitempty"` // 0 to 1; the matcher's by default
	Top        int             `json:"top,omitempty"`       // at most so many hits; 25 by default
}

// apiScreen answers POST /api/v1/screen.
func (s *Server) apiScreen(c *fiber.Ctx) error {
	var q screenQuestion
	if err := bodyOf(c, &q); err != nil {
		return err
	}
	if q.Nested != nil {
		q.Person = *q.Nested
	}
	result, err := s.o.Sessions.Screen(c.UserContext(), actor(c), session.Question{Person: q.Person, FullName: q.FullName,
		MiddleName: q.MiddleName, Threshold: q.Threshold, Top: q.Top})
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, result)
}

type runPage struct {
	Items []session.Run `json:"items"`
}

// apiRescreen answers POST /api/v1/rescreenings. A run that waits already is the answer to a second wish.
func (s *Server) apiRescreen(c *fiber.Ctx) error {
	return s.accepted(c, func() (session.Run, error) { return s.o.Sessions.Rescreen(c.UserContext(), actor(c), "manual") })
}

// accepted answers with the run that do asks for, unless this idempotency key asked for one before: then
// with that, as it is now.
func (s *Server) accepted(c *fiber.Ctx, do func() (session.Run, error)) error {
	before, err := s.once(c)
	if err != nil {
		return err
	}
	if before != "" {
		do = func() (session.Run, error) { return s.o.Sessions.RunRecord(c.UserContext(), actor(c), string(before)) }
	}
	run, err := do()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLocation, s.base+"/api"+apiVersion+"/rescreenings/"+run.ID)
	return answer(c, fiber.StatusAccepted, run)
}

// apiResumeRun answers POST /api/v1/rescreenings/:run/resume.
func (s *Server) apiResumeRun(c *fiber.Ctx) error {
	return s.accepted(c, func() (session.Run, error) {
		return s.o.Sessions.Resume(c.UserContext(), actor(c), c.Params("run"))
	})
}

// apiRetryRun answers POST /api/v1/rescreenings/:run/retry.
func (s *Server) apiRetryRun(c *fiber.Ctx) error {
	return s.accepted(c, func() (session.Run, error) {
		return s.o.Sessions.RetryFailed(c.UserContext(), actor(c), c.Params("run"))
	})
}

// apiCancelRun answers POST /api/v1/rescreenings/:run/cancel.
func (s *Server) apiCancelRun(c *fiber.Ctx) error {
	if err := s.o.Sessions.Cancel(c.UserContext(), actor(c), c.Params("run")); err != nil {
		return err
	}
	return s.apiRun(c)
}

// apiRuns answers GET /api/v1/rescreenings.
func (s *Server) apiRuns(c *fiber.Ctx) error {
	runs, err := s.o.Sessions.RunRecords(c.UserContext(), actor(c), 50)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, runPage{items(runs)})
}

// apiRun answers GET /api/v1/rescreenings/:run.
func (s *Server) apiRun(c *fiber.Ctx) error {
	run, err := s.o.Sessions.RunRecord(c.UserContext(), actor(c), c.Params("run"))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, run)
}

type alertPage struct {
	Items []alertItem `json:"items"`
	Next  string      `json:"next"`
	Total int         `json:"total"` // 10,000 means so many or more
}

type alertItem struct {
	session.Alert
	Basis string `json:"basis"` // to be sent with a decision, which is refused when it is no longer true
}

// alertQuery are the filters of the alerts.
var alertQuery = []queryParam{{"state", "open, proposed, escalated, match, no_match or gone; all without it."}, {"list", "List id."}, {"company", "Slug."},
	{"score", "At least this score, 0 to 1."}, {"age", "Raised at least so many days ago."}, {"assignee", "me, nobody or member:ID."},
	{"sort", "oldest or score; the newest first without it."}, {"cursor", "From the answer before."}, {"limit", "1 to 200; 50 by default."}}

// apiAlerts answers GET /api/v1/alerts.
func (s *Server) apiAlerts(c *fiber.Ctx) error {
	limit, err := limitOf(c, 50)
	if err != nil {
		return err
	}
	f := parseAlertFilter(c)
	if c.Query("state") == "" {
		f.State = "all"
	}
	q, err := f.query(actor(c), s.o.Now())
	if err != nil {
		return err
	}
	q.Limit = limit
	alerts, next, total, err := s.o.Sessions.Alerts(c.UserContext(), actor(c), q)
	if err != nil {
		return err
	}
	page := alertPage{Items: []alertItem{}, Next: next, Total: total}
	for _, a := range alerts {
		page.Items = append(page.Items, alertItem{a, a.Basis()})
	}
	return answer(c, fiber.StatusOK, page)
}

// apiAlert answers GET /api/v1/alerts/:alert.
func (s *Server) apiAlert(c *fiber.Ctx) error {
	alert, err := s.o.Sessions.Alert(c.UserContext(), actor(c), c.Params("alert"))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, alertItem{alert, alert.Basis()})
}

// A dispositionWish is what a program decides of an alert, or of a disposition that somebody proposed.
type dispositionWish struct {
	State   session.DispositionState `json:"state,omitempty"`   // match, no_match or escalated
	Reason  string                   `json:"reason,omitempty"`  // code: name_differs, birth_date_differs, all_fields_agree, other and the like
	Text    string                   `json:"text,omitempty"`    // why, in words
	Steps   []string                 `json:"steps,omitempty"`   // taken: list, type, name, fields, several
	Basis   string                   `json:"basis,omitempty"`   // of the alert as it was read; refused when it is no longer true
	Approve *bool                    `json:"approve,omitempty"` // instead of a state: false sends back what was proposed; true is refused, since a member approves
}

// apiDispose answers POST /api/v1/alerts/:alert/disposition.
func (s *Server) apiDispose(c *fiber.Ctx) error {
	var d dispositionWish
	if err := bodyOf(c, &d); err != nil {
		return err
	}
	before, err := s.once(c)
	if err != nil {
		return err
	}
	if before != "" {
		return s.apiAlert(c)
	}
	alert, err := s.rule(c.UserContext(), actor(c), c.Params("alert"), d)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, alertItem{alert, alert.Basis()})
}

// rule carries a wish out.
func (s *Server) rule(ctx context.Context, who session.Actor, alert string, d dispositionWish) (session.Alert, error) {
	if d.Approve == nil {
		return s.o.Sessions.Dispose(ctx, who, alert, session.Disposition{State: d.State, Reason: d.Reason, Text: d.Text, Steps: d.Steps, Basis: d.Basis})
	}
	if d.State != "" || d.Reason != "" || len(d.Steps) > 0 {
		return session.Alert{}, session.Fields{"approve": "Approve or send back with a text only; the proposal has the rest."}.Err("server.rule")
	}
	return s.o.Sessions.Approve(ctx, who, alert, d.Basis, *d.Approve, d.Text)
}

type suppressionPage struct {
	Items []session.Suppression `json:"items"`
	Next  string                `json:"next"`
	Total int                   `json:"total"` // 10,000 means so many or more
}

// suppressionQuery are the filters of the suppressions.
var suppressionQuery = []queryParam{{"state", "in_force, overdue or ended; in_force without it."}, {"list", "List id."}, {"company", "Slug."},
	{"owner", "me or member:ID."}, {"cursor", "From the answer before."}, {"limit", "1 to 200; 50 by default."}}

// apiSuppressions answers GET /api/v1/suppressions.
func (s *Server) apiSuppressions(c *fiber.Ctx) error {
	limit, err := limitOf(c, 50)
	if err != nil {
		return err
	}
	q, err := s.suppressionsAsked(parseSuppressionFilter(c), actor(c))
	if err != nil {
		return err
	}
	q.Limit = limit
	all, next, total, err := s.o.Sessions.Suppressions(c.UserContext(), actor(c), q)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, suppressionPage{items(all), next, total})
}

// apiSuppression answers GET /api/v1/suppressions/:suppression.
func (s *Server) apiSuppression(c *fiber.Ctx) error {
	p, err := s.o.Sessions.Suppression(c.UserContext(), actor(c), c.Params("suppression"))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, p)
}

// An endWish says why a suppression ends.
type endWish struct {
	Reason string `json:"reason"`
}

// apiEndSuppression answers POST /api/v1/suppressions/:suppression/end.
func (s *Server) apiEndSuppression(c *fiber.Ctx) error {
	var wish endWish
	if err := bodyOf(c, &wish); err != nil {
		return err
	}
	before, err := s.once(c)
	if err != nil {
		return err
	}
	if before != "" {
		return s.apiSuppression(c)
	}
	p, err := s.o.Sessions.EndSuppression(c.UserContext(), actor(c), c.Params("suppression"), wish.Reason)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, p)
}
