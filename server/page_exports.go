package server

import (
	"cmp"
	"context"
	"io"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// stopPolling is the status at which htmx asks no more.
const stopPolling = 286

// exportTime bounds how long an export may take that is sent while it is written.
const exportTime = 10 * time.Minute

type exportsView struct {
	frame
	Exports []session.Export
}

// Going reports whether any of the exports goes on.
func (v exportsView) Going() bool {
	for _, e := range v.Exports {
		if e.Status == session.ExportWaiting || e.Status == session.ExportRunning {
			return true
		}
	}
	return false
}

// Tone colours the status of an export.
func (v exportsView) Tone(e session.Export) string {
	return map[session.ExportStatus]string{session.ExportWaiting: "info", session.ExportRunning: "info", session.ExportDone: "good", session.ExportFailed: "bad"}[e.Status]
}

// Of is how many sessions the export will have, as far as that is known.
func (v exportsView) Of(e session.Export) string { return total(e.Expected, e.More) }

// sendCSV notes that somebody takes data out, then sends what write writes while it is written. A list that
// is cut off ends the connection without an end of the file, so that no browser takes it for whole.
func (s *Server) sendCSV(c *fiber.Ctx, company string, filters url.Values, detail map[string]string, write func(context.Context, io.Writer) error) error {
	detail["filters"] = strings.Join(slices.Sorted(maps.Keys(filters)), " ")
	if err := s.o.Sessions.RecordExport(c.UserContext(), actor(c), company, detail); err != nil {
		return err
	}
	what := detail["what"]
	c.Attachment(s.exportName(what, s.o.Now()))
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	out, in := io.Pipe()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), exportTime)
		defer cancel()
		err := write(ctx, in)
		if err != nil {
			s.o.Log.Warn("export cut off", "what", what, "err", err)
		}
		in.CloseWithError(err) // nil is the end of the file
	}()
	c.Context().SetBodyStream(out, -1)
	return nil
}

// pages yields what read gives page by page, so that memory stays small.
func pages[T any](ctx context.Context, cursor string, read func(cursor string) ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			page, next, err := read(cursor)
			if err = cmp.Or(err, ctx.Err()); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
			}
			if cursor = next; next == "" {
				return
			}
		}
	}
}

// exportSessions answers GET /sessions/export.csv with the filters of the list.
func (s *Server) exportSessions(c *fiber.Ctx) error {
	f, who := parseFilter(c).first(), actor(c)
	q, err := f.query(s.o.Zone)
	if err != nil {
		return err
	}
	first, err := s.o.Sessions.Find(c.UserContext(), who, q)
	if err == nil {
		err = first.Whole()
	}
	if err != nil {
		return err
	}
	personal := who.Can(session.MayExportPersonal)
	detail := map[string]string{"what": "sessions", "found": total(first.Total, first.More), "columns": columnsTaken(personal)}
	return s.sendCSV(c, f.Company, f.values(), detail, func(ctx context.Context, w io.Writer) error {
		return s.sheet(w, s.o.Sessions.Every(ctx, who, q), personal)
	})
}

func columnsTaken(personal bool) string {
	if personal {
		return "all"
	}
	return "without personal ones"
}

// sheet writes sessions as exports have them.
func (s *Server) sheet(w io.Writer, sessions iter.Seq2[session.Session, error], personal bool) error {
	return report.CSV(w, sessions, report.CSVOptions{Zone: s.o.Zone, Personal: personal})
}

func (s *Server) exportName(what string, at time.Time) string {
	return what + "-" + at.In(s.o.Zone).Format(time.DateOnly) + ".csv"
}

// listExports answers GET /exports: the member's own of the last day, with how far they are.
func (s *Server) listExports(c *fiber.Ctx) error {
	view := exportsView{frame: s.frame(c, "Exports", allSessions.section)}
	var err error
	if view.Exports, err = s.o.Sessions.ExportRecords(c.UserContext(), actor(c)); err != nil {
		return err
	}
	status := fiber.StatusOK
	if isFragment(c) && !view.Going() {
		status = stopPolling
	}
	return s.render(c, status, "exports", "exports", view)
}

// startExport answers POST /exports?q=&…: what the filters find is written to a file in the background.
func (s *Server) startExport(c *fiber.Ctx) error {
	f := parseFilter(c).first()
	q, err := f.query(s.o.Zone)
	if err != nil {
		return err
	}
	if _, err := s.o.Sessions.BeginExport(c.UserContext(), actor(c), q, f.values().Encode(), c.FormValue("personal") != "no", s.sheet); err != nil {
		return err
	}
	return c.Redirect(s.base+"/exports", fiber.StatusSeeOther)
}

// exportFile answers GET /exports/:export/export.csv with the whole file.
func (s *Server) exportFile(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), exportTime) // the file goes out after the handler has returned
	e, pieces, err := s.o.Sessions.ExportFile(ctx, actor(c), c.Params("export"))
	if err != nil {
		cancel()
		return err
	}
	if err := s.o.Sessions.Record(c.UserContext(), actor(c), session.ActExportTaken, "", "", map[string]string{"export": e.ID, "sha256": e.SHA256}); err != nil {
		cancel()
		return err
	}
	c.Attachment(s.exportName("sessions", e.StartedAt))
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	out, in := io.Pipe()
	go func() {
		defer cancel()
		for piece, err := range pieces {
			if err == nil {
				_, err = in.Write(piece)
			}
			if err != nil {
				in.CloseWithError(err)
				return
			}
		}
		in.Close()
	}()
	c.Context().SetBodyStream(out, e.Bytes)
	return nil
}

// dropExport answers POST /exports/:export/delete.
func (s *Server) dropExport(c *fiber.Ctx) error {
	if err := s.o.Sessions.DropExport(c.UserContext(), actor(c), c.Params("export")); err != nil {
		return err
	}
	return c.Redirect(s.base+"/exports?done=deleted", fiber.StatusSeeOther)
}
