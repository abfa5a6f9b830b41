package server

import (
	"bytes"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/hashicorp/golang-lru/v2"

	"dossier/report"
	"dossier/session"
)

// widths are those in which small photos are drawn, in pixels; a wish gets the next larger one.
var widths = []int{160, 320, 640, 1000, 1600}

// printWidth is how wide photos are drawn for the PDF, in pixels.
const printWidth = 1000

// thumbnails keeps the small photos that were drawn last. They never leave memory.
type thumbnails struct {
	drawn *lru.Cache[thumbnail, []byte]
}

type thumbnail struct {
	sha256 string
	width  int
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
// original.
func (s *Server) photo(c *fiber.Ctx) error {
	id, err := session.ParseID(c.Params("id"))
	if err != nil {
		return err
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
	key := thumbnail{sha256: hashOf(got, name), width: width}
	if data, ok := s.thumbs.drawn.Get(key); ok && key.sha256 != "" {
		return data, "image/jpeg", nil
	}
	data, p, err := s.o.Sessions.Photo(ctx, who, id, name, width)
	if err == nil {
		s.thumbs.drawn.Add(key, data)
	}
	return data, p.ContentType, err
}

// hashOf is the SHA-256 of the photo that name means, or "": the newest of its kind.
func hashOf(got session.Session, name string) string {
	for i := len(got.Photos) - 1; i >= 0; i-- {
		if p := got.Photos[i]; string(p.Kind) == name || p.SHA256 == name {
			return p.SHA256
		}
	}
	return ""
}

// report answers GET /sessions/:id/report.pdf.
func (s *Server) report(c *fiber.Ctx) error {
	id, err := session.ParseID(c.Params("id"))
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
	events, err := s.o.Sessions.Events(ctx, who, id, 500)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = report.Write(&out, report.Data{Session: got, Company: company, Events: reversed(events), URL: s.link(c, "/sessions/"+string(id)),
		By: who.Name, Now: s.o.Now(), Zone: s.o.Zone, Photo: func(p session.Photo) ([]byte, error) {
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
