package server

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/hashicorp/golang-lru/v2"

	"dossier/report"
	"dossier/session"
)

// widths are those in which small photos are drawn, in pixels; a wish gets the next larger one.
var widths = []int{160, 320, 640, 1000, 1600}

// printWidth is how wide photos are drawn for the PDF, in pixels.
const printWidth = 1000

// faceWidth is how wide the portrait cut from a document is, in pixels.
const faceWidth = 640

// thumbnails keeps the small photos that were drawn last. They never leave memory.
type thumbnails struct {
	drawn *lru.Cache[thumbnail, []byte]
}

type thumbnail struct {
	sha256 string
	width  int
	face   bool // only the face on it; without bytes where there is none
}

// keptThumbnails bounds the cache: at about 40 KB each it takes 20 MB.
const keptThumbnails = 512

func newThumbnails() *thumbnails {
	drawn, err := lru.New[thumbnail, []byte](keptThumbnails)
	if err != nil { // only for sizes below 1
		panic(err)
	}
	return &thumbnails{drawn}
}

// photo answers GET /sessions/:id/photos/:name?w=. The name is a kind or a SHA-256; without w it is the
// original, and with download=yes the original as a file.
func (s *Server) photo(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if c.Query("download") != "" {
		return s.takePhoto(c, id)
	}
	width := 0
	if wish := c.Query("w"); wish != "" {
		if width, err = drawnWidth(wish); err != nil {
			return err
		}
	}
	data, contentType, err := s.drawn(c, id, c.Params("name"), width)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, contentType)
	return c.Send(data)
}

// takePhoto sends the original as a file, whose name says whose photo it is and what it must hash to.
func (s *Server) takePhoto(c *fiber.Ctx, id session.ID) error {
	data, p, err := s.o.Sessions.TakePhoto(c.UserContext(), actor(c), id, c.Params("name"))
	if err != nil {
		return err
	}
	c.Attachment(string(id) + "-" + string(p.Kind) + "-" + short(p.SHA256) + "." + strings.TrimPrefix(p.ContentType, "image/"))
	c.Set(fiber.HeaderContentType, p.ContentType)
	return c.Send(data)
}

func drawnWidth(wish string) (int, error) {
	n, err := strconv.Atoi(wish)
	if err != nil || n < 1 {
		return 0, session.Fields{"w": "Give the width in pixels."}.Err("server.photo")
	}
	for _, w := range widths {
		if n <= w {
			return w, nil
		}
	}
	return widths[len(widths)-1], nil
}

// drawn is the photo at a width, drawn anew unless it is still there. Who asks must see the session.
func (s *Server) drawn(c *fiber.Ctx, id session.ID, name string, width int) ([]byte, string, error) {
	ctx, who := c.UserContext(), actor(c)
	if width == 0 {
		data, p, err := s.o.Sessions.Photo(ctx, who, id, name, 0)
		return data, p.ContentType, err
	}
	got, err := s.o.Sessions.Get(ctx, who, id)
	if err != nil {
		return nil, "", err
	}
	named, ok := got.PhotoNamed(name)
	key := thumbnail{sha256: named.SHA256, width: width}
	if data, kept := s.thumbs.drawn.Get(key); kept && ok {
		return data, "image/jpeg", s.o.Sessions.SawPhoto(ctx, who, got, named)
	}
	data, p, err := s.o.Sessions.Photo(ctx, who, id, name, width)
	if err == nil {
		s.thumbs.drawn.Add(key, data)
	}
	return data, p.ContentType, err
}

// face answers GET /sessions/:id/face.jpg: the portrait cut from the document.
func (s *Server) face(c *fiber.Ctx) error {
	got, err := s.sessionOf(c)
	if err != nil {
		return err
	}
	data, err := s.faceOf(c, got)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return c.Send(data)
}

// faceOf is the face on the front of the document that the applicant showed last, searched for once
// while it is kept. It is NotFound where there is none.
func (s *Server) faceOf(c *fiber.Ctx, got session.Session) ([]byte, error) {
	front, ok := photoOfKind(currentPhotos(got), session.DocumentFront)
	key := thumbnail{sha256: front.SHA256, width: faceWidth, face: true}
	none := &session.Error{Code: session.NotFound, Op: "server.faceOf", Message: "No face was found on this document."}
	if !ok {
		return nil, none
	}
	if data, kept := s.thumbs.drawn.Get(key); kept && len(data) == 0 {
		return nil, none
	} else if kept {
		return data, s.o.Sessions.SawPhoto(c.UserContext(), actor(c), got, front)
	}
	data, err := s.o.Sessions.FaceOf(c.UserContext(), actor(c), got, front, faceWidth)
	if err == nil || session.CodeOf(err) == session.NotFound {
		s.thumbs.drawn.Add(key, data)
	}
	return data, err
}

// photoOfKind is the first photo of one of the kinds, in that order.
func photoOfKind(photos []session.Photo, kinds ...session.PhotoKind) (session.Photo, bool) {
	for _, kind := range kinds {
		for _, p := range photos {
			if p.Kind == kind {
				return p, true
			}
		}
	}
	return session.Photo{}, false
}

// compare answers GET /sessions/:id/compare: the face on the document beside the applicant's. The
// details ask for it after they have loaded, since finding the face takes a moment.
func (s *Server) compare(c *fiber.Ctx) error {
	got, err := s.sessionOf(c)
	if err != nil {
		return err
	}
	view, err := s.sessionView(c, got, "compare")
	if err != nil {
		return err
	}
	if view.FaceFrom == "" {
		_, err := s.faceOf(c, got)
		view.Cut = err == nil
		if err != nil && session.CodeOf(err) != session.NotFound {
			return err
		}
	}
	return s.render(c, fiber.StatusOK, "compare", "compare", view)
}

// report answers GET /sessions/:id/report.pdf.
func (s *Server) report(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	pdf, err := s.pdf(c, id)
	if err != nil {
		return err
	}
	c.Attachment("dossier-" + string(id) + ".pdf")
	c.Set(fiber.HeaderContentType, "application/pdf")
	return c.Send(pdf)
}

// printedEvents is how many events of the audit trail a PDF has.
const printedEvents = 1000

// pdf prints a session, and notes who asked for it.
func (s *Server) pdf(c *fiber.Ctx, id session.ID) ([]byte, error) {
	ctx, who := c.UserContext(), actor(c)
	got, err := s.o.Sessions.Get(ctx, who, id)
	if err != nil {
		return nil, err
	}
	company, err := s.o.Sessions.Company(ctx, who, got.Company)
	if err != nil {
		return nil, err
	}
	events, err := s.o.Sessions.Events(ctx, who, id, printedEvents+1)
	if err != nil {
		return nil, err
	}
	cut := len(events) > printedEvents
	events = events[:min(len(events), printedEvents)]
	var out bytes.Buffer
	err = report.Write(&out, report.Data{Session: got, Company: company, Events: reversed(events), Cut: cut, URL: s.link(c, "/sessions/"+string(id)),
		Names: s.names(ctx), By: who.Name, Now: s.o.Now(), Zone: s.o.Zone, Photo: func(p session.Photo) ([]byte, error) {
			data, _, err := s.drawn(c, id, p.SHA256, printWidth)
			return data, err
		}})
	if err != nil {
		return nil, err
	}
	return out.Bytes(), s.o.Sessions.Record(ctx, who, session.ActReport, got.Company, id, nil)
}

func reversed(events []session.Event) []session.Event {
	oldestFirst := make([]session.Event, len(events))
	for i, e := range events {
		oldestFirst[len(events)-1-i] = e
	}
	return oldestFirst
}
