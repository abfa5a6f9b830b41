package server

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// describe makes the OpenAPI 3.1 description of the endpoints.
func (s *Server) describe() *huma.OpenAPI {
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	api := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Dossier", Version: s.o.Version,
			Description: "Identity-verification sessions: take in, find, decide, print, screen. A key belongs to one company and sees nothing of another. " +
				"Errors are RFC 9457 problem details. Send an Idempotency-Key with a POST that must not happen twice; one that only asks, or that brings a list into force that is in force already, changes nothing a second time anyway."},
		Servers:  []*huma.Server{{URL: s.base + "/api" + apiVersion}},
		Paths:    map[string]*huma.PathItem{},
		Security: []map[string][]string{{"key": {}}},
		Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
			"key": {Type: "http", Scheme: "bearer", Description: "An API key: dossier key add makes one."}}},
	}
	wrong := &huma.Response{Description: "What went wrong, as problem details.", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[problem](), true, "")}}}
	for _, e := range s.endpoints() {
		path, names := openPath(e.path)
		if api.Paths[path] == nil {
			api.Paths[path] = &huma.PathItem{}
		}
		op := &huma.Operation{OperationID: operationID(e), Summary: e.summary, Description: "Needs the permission to " + string(e.need) + ".",
			RequestBody: e.body(schemas), Responses: map[string]*huma.Response{strconv.Itoa(e.status): e.success(schemas), "default": wrong}}
		for _, name := range names {
			op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: text()})
		}
		for _, q := range e.query {
			op.Parameters = append(op.Parameters, &huma.Param{Name: q.name, In: "query", Description: q.description, Schema: text()})
		}
		if e.method == fiber.MethodPost {
			op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Description: "The same key with the same request does it once.", Schema: text()})
		}
		if e.path == "/lists/:list/update" {
			op.Responses["202"] = &huma.Response{Description: "The fetch goes on.", Content: map[string]*huma.MediaType{
				fiber.MIMEApplicationJSON: {Schema: schemas.Schema(reflect.TypeFor[fetchUnderWay](), true, "")}}}
		}
		put(api.Paths[path], e.method, op)
	}
	return api
}

func put(item *huma.PathItem, method string, op *huma.Operation) {
	switch method {
	case fiber.MethodGet:
		item.Get = op
	case fiber.MethodPost:
		item.Post = op
	case fiber.MethodPut:
		item.Put = op
	case fiber.MethodPatch:
		item.Patch = op
	case fiber.MethodDelete:
		item.Delete = op
	}
}

func (e endpoint) body(schemas huma.Registry) *huma.RequestBody {
	switch {
	case e.media != "":
		return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{e.media: {Schema: binary()}}}
	case e.takes == nil:
		return nil
	}
	schema := schemas.Schema(reflect.TypeOf(e.takes), true, "")
	content := map[string]*huma.MediaType{fiber.MIMEApplicationJSON: {Schema: schema}}
	if e.path == "/sessions" {
		form := &huma.Schema{Type: "object", Required: []string{"session"}, Properties: map[string]*huma.Schema{"session": schema}}
		for _, kind := range session.PhotoKinds {
			form.Properties[string(kind)] = binary()
		}
		content[fiber.MIMEMultipartForm] = &huma.MediaType{Schema: form}
	}
	return &huma.RequestBody{Required: true, Content: content}
}

func (e endpoint) success(schemas huma.Registry) *huma.Response {
	if e.mediaGiven != "" {
		return &huma.Response{Description: "The file.", Content: map[string]*huma.MediaType{e.mediaGiven: {Schema: binary()}}}
	}
	if e.gives == nil {
		return &huma.Response{Description: "Done."}
	}
	return &huma.Response{Description: "Done.", Content: map[string]*huma.MediaType{
		fiber.MIMEApplicationJSON: {Schema: schemas.Schema(reflect.TypeOf(e.gives), true, "")}}}
}

func text() *huma.Schema   { return &huma.Schema{Type: "string"} }
func binary() *huma.Schema { return &huma.Schema{Type: "string", Format: "binary"} }

// schemaName names a type after its package too: session.Person and mrz.Person are two.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	pkg := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
	if pkg == "session" || pkg == "server" {
		pkg = ""
	}
	return strings.ToUpper(pkg[:min(1, len(pkg))]) + pkg[min(1, len(pkg)):] + huma.DefaultSchemaNamer(t, hint)
}

// openPath writes /sessions/:id as /sessions/{id}.
func openPath(path string) (open string, names []string) {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i], names = "{"+name+"}", append(names, name)
		}
	}
	return strings.Join(parts, "/"), names
}

// operationID names an endpoint for generated clients: "get-sessions-id".
func operationID(e endpoint) string {
	return strings.ToLower(e.method) + strings.NewReplacer("/", "-", ":", "", ".", "-").Replace(e.path)
}

// apiDescription answers GET /api/v1/openapi.json.
func (s *Server) apiDescription(c *fiber.Ctx) error {
	description, err := s.description()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(description)
}

// descriptionOnce makes the description when it is first asked for: reflection takes a while.
func descriptionOnce(s *Server) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.describe()) })
}

type docsView struct {
	frame
	Endpoints []docsEndpoint
	Base      string
}

type docsEndpoint struct {
	Method, Path, Summary, Need string
	Query                       []docsParam
	Body                        string
	Status                      int
}

type docsParam struct{ Name, Description string }

// apiDocs answers GET /api/docs: the same table for people.
func (s *Server) apiDocs(c *fiber.Ctx) error {
	view := docsView{frame: s.frame(c, "API", "api"), Base: s.base + "/api" + apiVersion}
	for _, e := range s.endpoints() {
		path, _ := openPath(e.path)
		d := docsEndpoint{Method: e.method, Path: path, Summary: e.summary, Need: string(e.need), Status: e.status, Body: e.bodyName()}
		for _, q := range e.query {
			d.Query = append(d.Query, docsParam{q.name, q.description})
		}
		view.Endpoints = append(view.Endpoints, d)
	}
	return s.render(c, fiber.StatusOK, "apidocs", "main", view)
}

func (e endpoint) bodyName() string {
	if e.takes == nil {
		return e.media
	}
	return "JSON: " + schemaName(reflect.TypeOf(e.takes), "")
}
