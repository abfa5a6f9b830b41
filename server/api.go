package server

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// apiVersion is the path under which the API stands.
const apiVersion = "/v1"

// An endpoint is one thing that a program may ask for. The description at openapi.json is made of the
// same table, so that it says what the code does.
type endpoint struct {
	method, path string
	need         session.Permission
	status       int // of success
	summary      string
	query        []queryParam
	takes        any    // a value of the body's type; nil is no body
	media        string // of the body, where it is not JSON
	gives        any    // a value of the answer's type
	mediaGiven   string // of the answer, where it is not JSON
	do           fiber.Handler
}

// A queryParam is a value in the query string.
type queryParam struct {
	name, description string
}

// endpoints lists the API.
func (s *Server) endpoints() []endpoint {
	const get, post, put, patch, del = fiber.MethodGet, fiber.MethodPost, fiber.MethodPut, fiber.MethodPatch, fiber.MethodDelete
	return []endpoint{
		{post, "/sessions", session.MayIngest, 201, "Start a session, or hand a whole one in with \"finish\": true. As multipart/form-data, the part \"session\" holds the JSON and each file part is a photo named by its kind.", nil, session.Submission{}, "", session.Session{}, "", s.apiCreate},
		{get, "/sessions", session.MayRead, 200, "Find sessions, newest first. While the search index is being built, after a restore or damage, the answer has the field incomplete: sessions may be missing from it.", sessionQuery, nil, "", sessionPage{}, "", s.apiFind},
		{get, "/sessions/:id", session.MayRead, 200, "One session.", nil, nil, "", session.Session{}, "", s.apiSession},
		{patch, "/sessions/:id", session.MayDecide, 200, "Edit client information while the session is not decided.", nil, amendment{}, "", session.Session{}, "", s.apiAmend},
		{put, "/sessions/:id/photos/:name", session.MayIngest, 200, "Attach a photo; the name is its kind, the body the image.", []queryParam{{"attempt", "Number of the attempt; the current one by default."}}, nil, "image/*", session.Session{}, "", s.apiPutPhoto},
		{get, "/sessions/:id/photos/:name", session.MayRead, 200, "A photo, by its kind or its SHA-256.", []queryParam{{"w", "Width in pixels of a smaller JPEG; the original without it."}}, nil, "", nil, "image/*", s.photo},
		{del, "/sessions/:id", session.MayIngest, 204, "Erase a session whose date has come; before it, and on legal hold, it is refused with the rule that says so.", nil, nil, "", nil, "", s.apiErase},
		{post, "/sessions/:id/submission", session.MayIngest, 200, "Add what was read and measured; \"finish\": true runs the rules.", nil, session.Submission{}, "", session.Session{}, "", s.apiSubmit},
		{post, "/sessions/:id/attempts", session.MayIngest, 200, "Start another attempt.", nil, nil, "", session.Session{}, "", s.apiAttempt},
		{post, "/sessions/:id/decision", session.MayDecide, 200, "Verify or reject a session that awaits action. Where the company asks for four eyes, the answer is a session that still awaits action, with a proposal; a member approves it or sends it back.", nil, session.Decision{}, "", session.Session{}, "", s.apiDecide},
		{get, "/sessions/:id/claim", session.MayRead, 200, "Who works on a session; 404 where nobody does.", nil, nil, "", session.Claim{}, "", s.apiClaim},
		{post, "/sessions/:id/claim", session.MayDecide, 200, "Take a session that awaits action to work on: others cannot decide it meanwhile. 409 where somebody has it, unless \"over\" names who. A claim runs out 15 minutes after the last look at it.", nil, claimWish{}, "", session.Claim{}, "", s.apiTake},
		{post, "/sessions/:id/release", session.MayDecide, 204, "Give a session back: the key's own, or with the permission to manage anybody's.", nil, nil, "", nil, "", s.apiRelease},
		{post, "/sessions/:id/assign", session.MayManage, 200, "Give a session to a member, whoever has it now.", nil, assignWish{}, "", session.Claim{}, "", s.apiAssign},
		{get, "/sessions/:id/report.pdf", session.MayRead, 200, "The session as a PDF.", nil, nil, "", nil, "application/pdf", s.report},
		{post, "/sessions/:id/replay", session.MayRead, 200, "Repeat the screenings of a session with the lists of their day, and say whether they come out the same.", nil, nil, "", replayPage{}, "", s.apiReplay},
		{get, "/sessions/:id/audit", session.MayRead, 200, "The audit log of a session, newest first.", nil, nil, "", eventPage{}, "", s.apiAudit},
		{post, "/mrz/check", session.MayRead, 200, "Check a machine readable zone.", nil, zoneQuestion{}, "", zoneAnswer{}, "", s.apiCheckZone},
		{post, "/screen", session.MayRead, 200, "Compare a person with the lists in force, without storing anything.", nil, screenQuestion{}, "", session.Screening{}, "", s.apiScreen},
		{get, "/lists", session.MayRead, 200, "The lists in force.", nil, nil, "", listPage{}, "", s.apiLists},
		{get, "/lists/:list/versions", session.MayRead, 200, "Every version of a list that was in force, newest first.", nil, nil, "", listPage{}, "", s.apiListVersions},
		{get, "/lists/:list/versions/:version", session.MayRead, 200, "One version of a list, by the SHA-256 of its file, with the records of it that could not be taken as they stood.", nil, nil, "", session.ListVersion{}, "", s.apiListVersion},
		{post, "/lists/:list", session.MayList, 200, "Bring a list file into force; the body is the file, as published.", []queryParam{{"force", "true takes a list that is much smaller or older than the one in force, or has other entries."}, {"name", "Name of the file, for the record."}}, nil, "application/octet-stream", listAnswer{}, "", s.apiUploadList},
		{post, "/lists/:list/update", session.MayList, 200, "Fetch a list from its source.", updateQuery, nil, "", listAnswer{}, "", s.apiUpdateList},
		{get, "/lists/:list/attempts", session.MayRead, 200, "What came of the last tries to bring a list up to date, newest first.", nil, nil, "", attemptPage{}, "", s.apiAttempts},
		{post, "/lists/:list/retire", session.MayList, 200, "Take a list out of force with nothing in its place, with a reason.", nil, retireWish{}, "", listItem{}, "", s.apiRetireList},
		{post, "/rescreenings", session.MayList, 202, "Compare everybody with the lists in force again.", nil, nil, "", session.Run{}, "", s.apiRescreen},
		{get, "/rescreenings", session.MayRead, 200, "The last re-screenings.", nil, nil, "", runPage{}, "", s.apiRuns},
		{get, "/rescreenings/:run", session.MayRead, 200, "One re-screening, with how far it is.", nil, nil, "", session.Run{}, "", s.apiRun},
		{post, "/rescreenings/:run/cancel", session.MayList, 200, "Stop a re-screening; what it has done stays done.", nil, nil, "", session.Run{}, "", s.apiCancelRun},
		{post, "/rescreenings/:run/resume", session.MayList, 202, "Let a re-screening that was stopped or broke off go on.", nil, nil, "", session.Run{}, "", s.apiResumeRun},
		{post, "/rescreenings/:run/retry", session.MayList, 202, "Screen those again who failed in a re-screening.", nil, nil, "", session.Run{}, "", s.apiRetryRun},
		{get, "/alerts", session.MayRead, 200, "Hits that somebody must look at, newest first.", alertQuery, nil, "", alertPage{}, "", s.apiAlerts},
		{get, "/alerts/:alert", session.MayRead, 200, "One alert, with what was done with it.", nil, nil, "", alertItem{}, "", s.apiAlert},
		{post, "/alerts/:alert/disposition", session.MayDecide, 200, "Decide an alert; where the company asks for four eyes, this proposes: a member approves it, and \"approve\": false sends it back.", nil, dispositionWish{}, "", alertItem{}, "", s.apiDispose},
		{get, "/suppressions", session.MayRead, 200, "Decisions that a person is not an entry, the next to review first.", suppressionQuery, nil, "", suppressionPage{}, "", s.apiSuppressions},
		{get, "/suppressions/:suppression", session.MayRead, 200, "One suppression.", nil, nil, "", session.Suppression{}, "", s.apiSuppression},
		{post, "/suppressions/:suppression/end", session.MayDecide, 200, "End a suppression; the alerts that it held down open again.", nil, endWish{}, "", session.Suppression{}, "", s.apiEndSuppression},
		{get, "/settings", session.MayManage, 200, "The settings of the company.", nil, nil, "", session.SettingsFile{}, "", s.apiSettings},
		{put, "/settings", session.MayManage, 200, "Replace the settings of the company, whole, over the version that was read; 409 where somebody changed them meanwhile.", []queryParam{{"dry_run", "true only says what would change, or why it may not; no reason is needed then."}}, settingsWish{}, "", settingsAnswer{}, "", s.apiSaveSettings},
	}
}

// apiRoutes registers what programs may ask for, under /api.
func (s *Server) apiRoutes(r fiber.Router) {
	r.Get("/docs", s.apiDocs)
	r.Get(apiVersion+"/openapi.json", s.apiDescription)
	for _, e := range s.endpoints() {
		r.Add(e.method, apiVersion+e.path, s.withKey, s.only(e.need), e.onlyKnown, s.takes(e.method+" /api"+apiVersion+e.path, false), e.do)
	}
	r.Use(func(c *fiber.Ctx) error {
		if err := s.nothingHere(c); err != fiber.ErrNotFound {
			return err
		}
		return &session.Error{Code: session.NotFound, Op: "server.api", Message: "There is no such route; /api/docs lists those there are."}
	})
}

// onlyKnown refuses values in the query string that mean nothing here: a misspelt filter would
// otherwise ask for everything.
func (e endpoint) onlyKnown(c *fiber.Ctx) error {
	var bad session.Fields
	for name := range c.Queries() {
		if !slices.ContainsFunc(e.query, func(q queryParam) bool { return q.name == name }) {
			bad.Add(clip(name, 60), "There is no such parameter.")
		}
	}
	if err := bad.Err("server.onlyKnown"); err != nil {
		return err
	}
	return c.Next()
}

// flagOf is a switch in the query string, off where there is none. What is neither true nor false is refused:
// taken for false, a dry run in other words would not be one.
func flagOf(c *fiber.Ctx, name string) (bool, error) {
	args := c.Context().QueryArgs()
	if !args.Has(name) {
		return false, nil
	}
	on, err := strconv.ParseBool(string(args.Peek(name)))
	if err != nil {
		return false, session.Fields{name: "Use true or false."}.Err("server.flagOf")
	}
	return on, nil
}

// withKey lets those through who send a key that is valid, and makes an actor of it.
func (s *Server) withKey(c *fiber.Ctx) error {
	text, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !ok {
		return staff.ErrRefused
	}
	key, err := s.o.Staff.CheckKey(c.UserContext(), text)
	if err != nil {
		return err
	}
	c.Locals(visitorKey, visitor{actor: session.Actor{ID: "key:" + key.ID, Name: key.Name, Behind: key.MadeBy, IP: s.clientIP(c), May: keyPermissions(key), Companies: []string{key.Company}}})
	return c.Next()
}

func keyPermissions(key staff.Key) []session.Permission {
	may := []session.Permission{session.MayRead}
	if key.Write {
		may = append(may, session.MayIngest, session.MayDecide)
	}
	if key.Lists {
		may = append(may, session.MayList)
	}
	if key.Settings {
		may = append(may, session.MayManage)
	}
	return may
}

// bodyOf reads the JSON body into v.
func bodyOf(c *fiber.Ctx, v any) error {
	if media := c.Get(fiber.HeaderContentType); media != "" && !strings.HasPrefix(media, fiber.MIMEApplicationJSON) {
		return &session.Error{Code: session.Invalid, Op: "server.bodyOf", Message: "The body must be application/json, not " + clip(media, 60) + "."}
	}
	return session.Decode(c.Body(), v)
}

// answer sends v as JSON. Zones are full of <, which stays as it is.
func answer(c *fiber.Ctx, status int, v any) error {
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	encoder := json.NewEncoder(c.Response().BodyWriter())
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// idOf is the session that the path names.
func idOf(c *fiber.Ctx) (session.ID, error) { return session.ParseID(c.Params("id")) }

// sessionOf is that session, where the visitor sees it.
func (s *Server) sessionOf(c *fiber.Ctx) (session.Session, error) {
	id, err := idOf(c)
	if err != nil {
		return session.Session{}, err
	}
	return s.o.Sessions.Get(c.UserContext(), actor(c), id)
}

// changed answers with the session that do gives, unless this idempotency key changed one before: then
// with that, as it is now.
func (s *Server) changed(c *fiber.Ctx, do func(id session.ID) (session.Session, error)) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	before, err := s.once(c)
	if err != nil {
		return err
	}
	if before != "" {
		do = func(session.ID) (session.Session, error) { return s.o.Sessions.Get(c.UserContext(), actor(c), before) }
	}
	got, err := do(id)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, got)
}

// once has what the request changes happen at most once for its idempotency key. It returns the session
// that the key changed before, if it did.
func (s *Server) once(c *fiber.Ctx) (before session.ID, err error) {
	ctx, before, err := s.o.Sessions.Once(c.UserContext(), actor(c), c.Get("Idempotency-Key"), append([]byte(c.Method()+" "+c.Path()+"\n"), c.Body()...))
	c.SetUserContext(ctx)
	return before, err
}
