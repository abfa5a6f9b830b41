package server

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"dossier/session"
	"dossier/staff"
)

// statuses are the HTTP statuses of the domain's codes. Nothing else in the program knows them.
var statuses = map[session.Code]int{
	session.Invalid:      fiber.StatusUnprocessableEntity,
	session.Unauthorized: fiber.StatusUnauthorized,
	session.Forbidden:    fiber.StatusForbidden,
	session.NotFound:     fiber.StatusNotFound,
	session.Conflict:     fiber.StatusConflict,
	session.TooLarge:     fiber.StatusRequestEntityTooLarge,
	session.TooMany:      fiber.StatusTooManyRequests,
	session.NoSpace:      fiber.StatusInsufficientStorage,
	session.Unavailable:  fiber.StatusServiceUnavailable,
	session.Internal:     fiber.StatusInternalServerError,
}

// A problem is an answer that is no success: problem details after RFC 9457, and what the error page shows.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Code     session.Code   `json:"code"`
	Errors   []fieldProblem `json:"errors,omitempty"`
	Instance string         `json:"instance"` // names this occurrence; the log has it as "id"
}

type fieldProblem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// fail answers a request with the error that its handler returned.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	p.Instance = "urn:uuid:" + requestID(c)
	if p.Status >= 500 {
		s.o.Log.Error("request failed", "id", requestID(c), "method", c.Method(), "route", c.Route().Path, "err", err)
	}
	s.secure(c)
	c.Status(p.Status)
	if p.Status == fiber.StatusTooManyRequests || p.Status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(waitOf(err)))
	}
	if strings.HasPrefix(c.Path(), s.base+"/api/") || c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON {
		return c.JSON(p, "application/problem+json")
	}
	return s.render(c, p.Status, "error", "problem", errorView{frame: s.frame(c, p.Title, ""), P: p})
}

type errorView struct {
	frame
	P problem
}

// problemOf says what the user may know of err.
func problemOf(err error) problem {
	code, fields := session.CodeOf(err), fieldsOf(err)
	p := problem{Type: "about:blank", Code: code, Detail: session.MessageOf(err)}
	var fiberErr *fiber.Error
	switch {
	case errors.As(err, &fiberErr):
		p.Status, p.Code, p.Detail = fiberErr.Code, codeOf(fiberErr.Code), detailOf(fiberErr)
	case errors.Is(err, staff.ErrThrottled):
		p.Code, p.Detail = session.TooMany, waitMessage(err)
	case errors.Is(err, staff.ErrRefused):
		p.Code, p.Detail = session.Unauthorized, "Log in, or send a key that is valid."
	case errors.Is(err, staff.ErrSetupClosed):
		p.Code, p.Detail = session.NotFound, "This set-up link is not valid any more. Start the server again for a new one."
	case errors.Is(err, staff.ErrLinkClosed):
		p.Code, p.Detail = session.NotFound, "This link is not valid any more: it was used, replaced, or is older than a week. Ask a master for a new one."
	case errors.Is(err, staff.ErrNotFound):
		p.Code, p.Detail = session.NotFound, "There is no such thing, or no longer."
	case errors.Is(err, staff.ErrChanged):
		p.Code, p.Detail = session.Conflict, "Somebody else has changed this member since you opened the page. Look at what is true now, then save again: what you typed is still in the form."
	case errors.Is(err, staff.ErrForbidden):
		p.Code, p.Detail = session.Forbidden, "This member belongs to companies that are not yours as well. A master of all companies can do it."
	case errors.Is(err, staff.ErrSelf):
		p.Code, p.Detail = session.Invalid, "You cannot do this to your own account. Another master can."
	case errors.Is(err, staff.ErrLastMaster):
		p.Code, p.Detail = session.Invalid, "This is the last master of all companies who can log in. Make another one first."
	case errors.Is(err, context.DeadlineExceeded):
		p.Code, p.Detail = session.Unavailable, "This took too long. Try again, or ask for less at once."
	case len(fields) > 0 && code == session.Internal:
		p.Code, p.Detail = session.Invalid, session.MessageOf(fields.Err(""))
	}
	if p.Status == 0 {
		p.Status = statuses[p.Code]
	}
	for name, message := range fields {
		p.Errors = append(p.Errors, fieldProblem{name, message})
	}
	sort.Slice(p.Errors, func(i, j int) bool { return p.Errors[i].Field < p.Errors[j].Field })
	p.Title = http.StatusText(p.Status)
	return p
}

// waitOf is how many seconds to wait before trying again.
func waitOf(err error) int {
	var wait *staff.WaitError
	if errors.As(err, &wait) {
		return int(math.Ceil(wait.For.Seconds()))
	}
	return 60
}

func waitMessage(err error) string {
	wait := time.Duration(waitOf(err)) * time.Second
	return "Too many attempts. Try again in " + duration(wait) + "."
}

// duration is d in words: "8 seconds", "3 minutes".
func duration(d time.Duration) string {
	if d > 90*time.Second {
		return count(int(math.Ceil(d.Minutes())), "minute", "minutes")
	}
	return count(int(d.Seconds()), "second", "seconds")
}

// fieldsOf are the problems by field that err carries.
func fieldsOf(err error) session.Fields {
	var known *session.Error
	if errors.As(err, &known) && len(known.Fields) > 0 {
		return known.Fields
	}
	var typed *staff.ProblemError
	if errors.As(err, &typed) {
		return typed.Fields
	}
	return nil
}

// codeOf is the code for a status that the HTTP library gave.
func codeOf(status int) session.Code {
	for code, s := range statuses {
		if s == status {
			return code
		}
	}
	if status < 500 {
		return session.Invalid
	}
	return session.Internal
}

func detailOf(e *fiber.Error) string {
	switch e.Code {
	case fiber.StatusNotFound:
		return "There is no such page."
	case fiber.StatusRequestEntityTooLarge:
		return "What you sent is too large."
	case fiber.StatusMethodNotAllowed:
		return "This address does not take that method."
	}
	if e.Code >= 500 {
		return session.MessageOf(nil)
	}
	return e.Message
}

// showAgain reports whether err is for the form that was sent: it comes back as typed, with this status.
func showAgain(err error) (status int, ok bool) {
	p := problemOf(err)
	return p.Status, slices.Contains([]session.Code{session.Invalid, session.Conflict, session.TooLarge}, p.Code)
}

// filterProblem is how a list shows what is wrong with its filters or its cursor: on the page, beside them.
// Any other error comes back.
func filterProblem(err error) (status int, fields session.Fields, failed error) {
	if err == nil {
		return fiber.StatusOK, nil, nil
	}
	status, ok := showAgain(err)
	if !ok {
		return 0, nil, err
	}
	if fields = fieldsOf(err); len(fields) == 0 {
		fields = session.Fields{"cursor": session.MessageOf(err)}
	}
	return status, fields, nil
}

const requestKey = "request"

// requestID names the request in the log and on the page that says that something went wrong.
func requestID(c *fiber.Ctx) string {
	if id, ok := c.Locals(requestKey).(string); ok {
		return id
	}
	id := uuid.NewString()
	c.Locals(requestKey, id)
	return id
}
