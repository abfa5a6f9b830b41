package server

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// shownProblems is how many problems of a list the page holds; the CSV has all that are kept.
const shownProblems = 200

// A listVersionView shows one version of a list, with the records that could not be taken as they stood.
type listVersionView struct {
	frame
	Tab  string
	L    session.ListVersion // with the problems that are shown
	By   string
	Kept int // of the problems
}

// Unkept is how many of the problems are counted only.
func (v listVersionView) Unkept() int { return v.L.Problems - v.Kept }

// showListVersion answers GET /sanctions/lists/:list/:version, which is the SHA-256 of its file.
func (s *Server) showListVersion(c *fiber.Ctx) error {
	l, err := s.o.Sessions.ListVersion(c.UserContext(), actor(c), c.Params("list"), c.Params("version"))
	if err != nil {
		return err
	}
	view := listVersionView{frame: s.frame(c, listName(l.ID), "sanctions"), Tab: "lists", L: l, By: s.names(c.UserContext())(l.By), Kept: len(l.Found)}
	view.L.Found = l.Found[:min(len(l.Found), shownProblems)]
	return s.render(c, fiber.StatusOK, "list_version", "main", view)
}

// exportListProblems answers GET /sanctions/lists/:list/:version/problems.csv.
func (s *Server) exportListProblems(c *fiber.Ctx) error {
	l, err := s.o.Sessions.ListVersion(c.UserContext(), actor(c), c.Params("list"), c.Params("version"))
	if err != nil {
		return err
	}
	return s.sendCSV(c, "", nil, map[string]string{"what": "list-problems", "list": l.ID, "sha256": l.SHA256}, func(_ context.Context, w io.Writer) error {
		return report.ListProblemsCSV(w, l)
	})
}

// listFile answers GET /sanctions/lists/:list/:version/file: the file as it was published.
func (s *Server) listFile(c *fiber.Ctx) error {
	l, raw, err := s.o.Sessions.ListFile(c.UserContext(), actor(c), c.Params("list"), c.Params("version"))
	if err != nil {
		return err
	}
	c.Attachment(l.ID + "-" + l.SHA256[:12] + kindOfFile(raw))
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	return c.Send(raw)
}

// kindOfFile is the ending of a list file's name.
func kindOfFile(raw []byte) string {
	for start, ending := range map[string]string{"\x1f\x8b": ".gz", "PK\x03\x04": ".zip", "<": ".xml", "\xef\xbb\xbf<": ".xml", "{": ".json"} {
		if len(raw) >= len(start) && string(raw[:len(start)]) == start {
			return ending
		}
	}
	return ".csv"
}
