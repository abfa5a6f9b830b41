package server

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type sessionPage struct {
	Items    []session.Session `json:"items"`
	Next     string            `json:"next"`               // cursor of the next page, "" at the end
	Total    int               `json:"total"`              // exact up to 10,000
	More     bool              `json:"more,omitempty"`     // there are more than total
	Forgiven bool              `json:"forgiven,omitempty"` // nothing matched as typed: found with one typing error
	Gap      string            `json:"incomplete,omitempty" doc:"Only while the search index does not know all sessions: why items and total may leave some out. An empty list then does not mean that there is no such person; ask again later."`
}

type eventPage struct {
	Items []session.Event `json:"items"`
}

var sessionQuery = []queryParam{
	{"q", "Beginning of names, numbers, ids, references, extra values."}, {"company", "Slug."},
	{"status", "in_progress, awaiting_action, success, rejected or expired; may be repeated."},
	{"document", "passport, id_card, residence_permit, driving_licence or visa; may be repeated."},
	{"reason", "id_spoofed, full_id_not_detected, low_face_match, mrz_invalid, sanctions, expired, under_age or duplicate; may be repeated."},
	{"nationality", "ISO 3166-1 alpha-3."}, {"screening", "not_screened, clear, potential_match, match or error; may be repeated."},
	{"approval", "yes: only those with a decision that awaits approval."},
	{"from", "First day, YYYY-MM-DD."}, {"to", "Last day, YYYY-MM-DD."},
	{"cursor", "From the answer before."}, {"limit", "1 to 200; 25 by default."},
}

// apiCreate answers POST /api/v1/sessions, as JSON or with photos as multipart/form-data.
func (s *Server) apiCreate(c *fiber.Ctx) error {
	in, err := intakeOf(c)
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.Ingest(c.UserContext(), actor(c), in)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLocation, s.base+"/api"+apiVersion+"/sessions/"+string(got.ID))
	return answer(c, fiber.StatusCreated, got)
}

func intakeOf(c *fiber.Ctx) (session.Intake, error) {
	in := session.Intake{Key: c.Get("Idempotency-Key")}
	files, ok := filesOf(c)
	if !ok {
		return in, bodyOf(c, &in.Submission)
	}
	if err := sessionPart(c, files, &in.Submission); err != nil {
		return in, err
	}
	slices.SortStableFunc(files, func(a, b file) int { return cmp.Compare(a.field, b.field) }) // so that a repeated request is the same
	for _, f := range files {
		if f.field != "session" {
			in.Photos = append(in.Photos, session.PhotoData{Kind: session.PhotoKind(f.field), Data: f.data})
		}
	}
	return in, nil
}

// sessionPart reads the JSON of a form, which some clients send as a field and some as a file.
func sessionPart(c *fiber.Ctx, files []file, sub *session.Submission) error {
	var found [][]byte
	for name, value := range c.Request().PostArgs().All() {
		if string(name) != "session" {
			return session.Fields{clip(string(name), 60): "There is no such part: use session, and one file part a photo."}.Err("server.sessionPart")
		}
		found = append(found, value)
	}
	for _, f := range files {
		if f.field == "session" && len(f.data) > 0 {
			found = append(found, f.data)
		}
	}
	switch {
	case len(found) != 1:
		return session.Fields{"session": "Send one part named session, with the JSON."}.Err("server.sessionPart")
	case len(found[0]) > jsonLimit:
		return &session.Error{Code: session.TooLarge, Op: "server.sessionPart", Message: "The part session is too large: at most " + megabytes(jsonLimit) + " are taken."}
	}
	return session.Decode(found[0], sub)
}

// apiSubmit answers POST /api/v1/sessions/:id/submission.
func (s *Server) apiSubmit(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	in := session.Intake{ID: id, Key: c.Get("Idempotency-Key")}
	if err := bodyOf(c, &in.Submission); err != nil {
		return err
	}
	got, err := s.o.Sessions.Ingest(c.UserContext(), actor(c), in)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, got)
}

// apiPutPhoto answers PUT /api/v1/sessions/:id/photos/:name.
func (s *Server) apiPutPhoto(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	p := session.PhotoData{Kind: session.PhotoKind(c.Params("name")), Data: c.Request().Body()} // no copy of megabytes: it is done with in here
	if text := c.Query("attempt"); text != "" {
		if p.Attempt, err = strconv.Atoi(text); err != nil || p.Attempt < 1 {
			return session.Fields{"attempt": "Give the number of the attempt, from 1."}.Err("server.apiPutPhoto")
		}
	}
	got, err := s.o.Sessions.Ingest(c.UserContext(), actor(c), session.Intake{ID: id, Photos: []session.PhotoData{p}, Key: c.Get("Idempotency-Key")})
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, got)
}

// apiFind answers GET /api/v1/sessions.
func (s *Server) apiFind(c *fiber.Ctx) error {
	q, err := parseFilter(c).query(s.o.Zone)
	if err != nil {
		return err
	}
	if q.Limit, err = limitOf(c, 25); err != nil {
		return err
	}
	page, err := s.o.Sessions.Find(c.UserContext(), actor(c), q)
	if err != nil {
		return err
	}
	if err := s.o.Sessions.RecordSearch(c.UserContext(), actor(c), slices.Sorted(maps.Keys(c.Queries()))); err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, sessionPage{Items: items(page.Sessions), Next: page.Next, Total: page.Total, More: page.More, Forgiven: page.Forgiven, Gap: page.Gap})
}

// limitOf is how many items a page may have.
func limitOf(c *fiber.Ctx, otherwise int) (int, error) {
	text := c.Query("limit")
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 200 {
		return 0, session.Fields{"limit": "Use 1 to 200."}.Err("server.limitOf")
	}
	return n, nil
}

// items is all, and [] instead of null where there are none.
func items[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// apiSession answers GET /api/v1/sessions/:id.
func (s *Server) apiSession(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.View(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, got)
}

// An amendment is the body of a PATCH: the fields of the person that change.
type amendment struct {
	Version int                        `json:"version,omitempty"` // the one that was seen; 0 does not look
	Person  map[string]json.RawMessage `json:"person"`
	Reason  string                     `json:"reason"`
}

// fields are the changes by name; those of the local name are "local.first_name" and so on.
func (a amendment) fields() (map[string]string, error) {
	var bad session.Fields
	fields := map[string]string{}
	take := func(name string, raw json.RawMessage) {
		var text *string
		if err := json.Unmarshal(raw, &text); err != nil {
			bad.Add("person."+clip(name, 60), "This must be text in quotes, or null to empty it.")
			return
		}
		fields[name] = ""
		if text != nil {
			fields[name] = *text
		}
	}
	for name, raw := range a.Person {
		var local map[string]json.RawMessage
		if name != "local" || json.Unmarshal(raw, &local) != nil {
			take(name, raw)
			continue
		}
		for part, raw := range local {
			take("local."+part, raw)
		}
	}
	return fields, bad.Err("server.amendment")
}

// apiAmend answers PATCH /api/v1/sessions/:id.
func (s *Server) apiAmend(c *fiber.Ctx) error {
	return s.changed(c, func(id session.ID) (session.Session, error) {
		var a amendment
		if err := bodyOf(c, &a); err != nil {
			return session.Session{}, err
		}
		fields, err := a.fields()
		if err != nil {
			return session.Session{}, err
		}
		return s.o.Sessions.Amend(c.UserContext(), actor(c), id, session.Amendment{Version: a.Version, Fields: fields, Reason: a.Reason})
	})
}

// apiAttempt answers POST /api/v1/sessions/:id/attempts.
func (s *Server) apiAttempt(c *fiber.Ctx) error {
	return s.changed(c, func(id session.ID) (session.Session, error) {
		return s.o.Sessions.StartAttempt(c.UserContext(), actor(c), id)
	})
}

// apiDecide answers POST /api/v1/sessions/:id/decision.
func (s *Server) apiDecide(c *fiber.Ctx) error {
	return s.changed(c, func(id session.ID) (session.Session, error) {
		var d session.Decision
		if err := bodyOf(c, &d); err != nil {
			return session.Session{}, err
		}
		return s.o.Sessions.Decide(c.UserContext(), actor(c), id, d)
	})
}

// apiAudit answers GET /api/v1/sessions/:id/audit.
func (s *Server) apiAudit(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	events, err := s.o.Sessions.Events(c.UserContext(), actor(c), id, 1000)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, eventPage{Items: items(events)})
}

// apiErase answers DELETE /api/v1/sessions/:id.
func (s *Server) apiErase(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := s.o.Sessions.Erase(c.UserContext(), actor(c), id, ""); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
