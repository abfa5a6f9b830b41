package server

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

type screeningReportView struct {
	frame
	Tab      string
	From, To string // as typed
	Company  string
	Problem  string
}

// showScreeningReport answers GET /sanctions/report: the form for a period and a company.
func (s *Server) showScreeningReport(c *fiber.Ctx) error {
	now := s.o.Now().In(s.o.Zone)
	return s.screeningReportForm(c, fiber.StatusOK, screeningReportView{
		From: c.Query("from", now.AddDate(0, -1, 0).Format(time.DateOnly)), To: c.Query("to", now.Format(time.DateOnly)), Company: c.Query("company")})
}

func (s *Server) screeningReportForm(c *fiber.Ctx, status int, view screeningReportView) error {
	view.frame, view.Tab = s.frame(c, "Screening report", "sanctions"), "report"
	return s.render(c, status, "screening_report", "main", view)
}

// downloadScreeningReport answers GET /sanctions/report.:format?from=&to=&company= or ?run=.
func (s *Server) downloadScreeningReport(c *fiber.Ctx) error {
	write, media := report.WriteScreenings, "application/pdf"
	switch c.Params("format") {
	case "pdf":
	case "csv":
		write, media = report.ScreeningsCSV, "text/csv; charset=utf-8"
	default:
		return fiber.ErrNotFound
	}
	view := screeningReportView{From: c.Query("from"), To: c.Query("to"), Company: c.Query("company")}
	wish, err := s.reportWish(c.Query("run"), view)
	var file []byte
	if err == nil {
		file, err = s.screeningReport(c, wish, write)
	}
	if status, ok := showAgain(err); ok && wish.Run == "" {
		view.Problem = session.MessageOf(err)
		return s.screeningReportForm(c, status, view)
	}
	if err != nil {
		return err
	}
	c.Attachment("screening-report-" + wish.From.Format(time.DateOnly) + "." + c.Params("format"))
	c.Set(fiber.HeaderContentType, media)
	return c.Send(file)
}

// reportWish reads the period: days in the zone of the installation, the last one included.
func (s *Server) reportWish(run string, view screeningReportView) (w session.ReportWish, err error) {
	if view.Company != "" {
		w.Companies = []string{view.Company}
	}
	if w.Run = run; run != "" {
		return w, nil
	}
	var bad session.Fields
	if w.From, err = time.ParseInLocation(time.DateOnly, view.From, s.o.Zone); err != nil {
		bad.Add("from", "Give a date such as 2026-03-01.")
	}
	if w.To, err = time.ParseInLocation(time.DateOnly, view.To, s.o.Zone); err != nil {
		bad.Add("to", "Give a date such as 2026-03-31.")
	}
	w.To = w.To.AddDate(0, 0, 1)
	return w, bad.Err("server.reportWish")
}

func (s *Server) screeningReport(c *fiber.Ctx, w session.ReportWish, write func(io.Writer, report.Screenings) error) ([]byte, error) {
	ctx, who := c.UserContext(), actor(c)
	data := report.Screenings{Names: s.names(ctx), By: who.Name, Zone: s.o.Zone}
	var err error
	if len(w.Companies) == 1 {
		if data.Company, err = s.o.Sessions.Company(ctx, who, w.Companies[0]); err != nil {
			return nil, err
		}
	}
	if data.ScreeningReport, err = s.o.Sessions.ScreeningReport(ctx, who, w); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := write(&out, data); err != nil {
		return nil, fmt.Errorf("server: screening report: %w", err)
	}
	return out.Bytes(), nil
}
