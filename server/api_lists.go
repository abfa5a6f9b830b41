package server

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type listPage struct {
	Items []listItem `json:"items"`
}

type listItem struct {
	session.ListRecord
	Stale   bool `json:"stale"`              // not refreshed within its limit: nobody is called clear
	LongAgo bool `json:"published_long_ago"` // more than 30 days: the publisher may have a newer one
}

// A listAnswer says what an update of a list brought.
type listAnswer struct {
	listItem
	Same bool `json:"same"` // this version was in force already
}

func (s *Server) listItem(r session.ListRecord) listItem {
	return listItem{r, r.Stale(s.o.Now(), s.o.Sessions.StaleAfter()), r.PublishedLongAgo(s.o.Now())}
}

// apiLists answers GET /api/v1/lists.
func (s *Server) apiLists(c *fiber.Ctx) error {
	records, err := s.o.Sessions.Lists(actor(c))
	if err != nil {
		return err
	}
	page := listPage{Items: []listItem{}}
	for _, r := range records {
		page.Items = append(page.Items, s.listItem(r))
	}
	return answer(c, fiber.StatusOK, page)
}

// apiListVersions answers GET /api/v1/lists/:list/versions.
func (s *Server) apiListVersions(c *fiber.Ctx) error {
	history, err := s.o.Sessions.ListHistory(c.UserContext(), actor(c), c.Params("list"))
	if err != nil {
		return err
	}
	page := listPage{Items: []listItem{}}
	for _, r := range history {
		page.Items = append(page.Items, s.listItem(r))
	}
	return answer(c, fiber.StatusOK, page)
}

// apiListVersion answers GET /api/v1/lists/:list/versions/:version.
func (s *Server) apiListVersion(c *fiber.Ctx) error {
	l, err := s.o.Sessions.ListVersion(c.UserContext(), actor(c), c.Params("list"), c.Params("version"))
	if err != nil {
		return err
	}
	l.Found = items(l.Found)
	return answer(c, fiber.StatusOK, l)
}

// apiUploadList answers POST /api/v1/lists/:list.
func (s *Server) apiUploadList(c *fiber.Ctx) error {
	force, err := flagOf(c, "force")
	if err != nil {
		return err
	}
	name := c.Query("name", "uploaded by "+actor(c).Name)
	change, err := s.o.Sessions.UpdateList(c.UserContext(), actor(c), session.ListUpdate{List: c.Params("list"), Source: clip(name, 200), Raw: c.Body(), Force: force})
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, listAnswer{s.listItem(change.Record), change.Same})
}

// How long, in seconds, the answer to an update of a list waits for it.
const (
	usualWait = 30
	maxWait   = 50
)

// updateQuery is how long the answer waits.
var updateQuery = []queryParam{{"wait", "Seconds to wait for the list, 0 to 50; 30 by default. If it takes longer the answer is 202, and what came of it is among the list's attempts, as Location says."}}

// apiUpdateList answers POST /api/v1/lists/:list/update. A fetch may take longer than a request: then it
// goes on, and the answer says where to look.
func (s *Server) apiUpdateList(c *fiber.Ctx) error {
	wait, err := strconv.Atoi(c.Query("wait", strconv.Itoa(usualWait)))
	if err != nil || wait < 0 || wait > maxWait {
		return session.Fields{"wait": fmt.Sprintf("Use 0 to %d seconds.", maxWait)}.Err("server.apiUpdateList")
	}
	id := c.Params("list")
	done, err := s.o.Sessions.RefreshSoon(actor(c), id)
	if err != nil {
		return err
	}
	select {
	case got := <-done:
		if got.Err != nil {
			return got.Err
		}
		return answer(c, fiber.StatusOK, listAnswer{s.listItem(got.Change.Record), got.Change.Same})
	case <-time.After(time.Duration(wait) * time.Second):
	case <-c.UserContext().Done():
	}
	at := s.base + "/api" + apiVersion + "/lists/" + id + "/attempts"
	c.Set(fiber.HeaderLocation, at)
	return answer(c, fiber.StatusAccepted, fetchUnderWay{List: id, Attempts: at})
}

// fetchUnderWay says where what comes of a fetch will be told.
type fetchUnderWay struct {
	List     string `json:"list"`
	Attempts string `json:"attempts"`
}

type attemptPage struct {
	Items []session.ListAttempt `json:"items"`
}

// apiAttempts answers GET /api/v1/lists/:list/attempts.
func (s *Server) apiAttempts(c *fiber.Ctx) error {
	attempts, err := s.o.Sessions.Attempts(c.UserContext(), actor(c), c.Params("list"), shownAttempts)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, attemptPage{items(attempts)})
}

// A retireWish says why a list is taken out of force.
type retireWish struct {
	Reason string `json:"reason"`
}

// apiRetireList answers POST /api/v1/lists/:list/retire.
func (s *Server) apiRetireList(c *fiber.Ctx) error {
	var why retireWish
	if err := bodyOf(c, &why); err != nil {
		return err
	}
	record, err := s.o.Sessions.RetireList(c.UserContext(), actor(c), c.Params("list"), why.Reason)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, s.listItem(record))
}
