package server

import (
	"bufio"
	"context"
	"iter"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/report"
	"dossier/session"
)

// pageSize is how many sessions a page of a list shows.
const pageSize = 25

// A listKind is one of the lists of sessions: all of them, or those of one status.
type listKind struct {
	section, path, title string
	status               session.Status // "" where the visitor chooses
}

var (
	allSessions  = listKind{"sessions", "/sessions", "Sessions", ""}
	awaitingList = listKind{"awaiting", "/awaiting", "Awaiting action", session.AwaitingAction}
	rejections   = listKind{"rejections", "/rejections", "Rejections", session.Rejected}
)

type listView struct {
	frame
	Path    string // without the base
	Filter  filter
	Choose  bool // the status may be chosen
	Found   session.Page
	Total   string
	Nobody  bool // there are no sessions at all
	Fields  session.Fields
	Company map[string]string // names by slug
}

// listSessions answers GET /sessions?q=&status=&….
func (s *Server) listSessions(c *fiber.Ctx) error { return s.sessionList(c, allSessions) }

// listAwaiting answers GET /awaiting.
func (s *Server) listAwaiting(c *fiber.Ctx) error { return s.sessionList(c, awaitingList) }

// listRejections answers GET /rejections.
func (s *Server) listRejections(c *fiber.Ctx) error { return s.sessionList(c, rejections) }

func (s *Server) sessionList(c *fiber.Ctx, kind listKind) error {
	view := listView{frame: s.frame(c, kind.title, kind.section), Path: kind.path, Filter: parseFilter(c), Choose: kind.status == ""}
	companies, err := view.Companies()
	if err != nil {
		return err
	}
	view.Company = companyNames(companies)
	if view.Company[view.Filter.Company] != "" {
		view.Accent = view.Filter.Company
	}
	status := fiber.StatusOK
	view.Found, err = s.find(c.UserContext(), actor(c), view.Filter, kind)
	if again, ok := showAgain(err); ok {
		status, view.Fields = again, fieldsOf(err)
		if len(view.Fields) == 0 {
			view.Fields = session.Fields{"q": session.MessageOf(err)}
		}
	} else if err != nil {
		return err
	}
	view.Total = total(view.Found.Total, view.Found.More)
	if view.Found.Total == 0 && !view.Filter.Any() && view.Choose {
		view.Nobody = true
	}
	if isFragment(c) {
		c.Set("HX-Replace-Url", view.Filter.at(s.base+kind.path))
	}
	return s.render(c, status, "sessions", "results", view)
}

func (s *Server) find(ctx context.Context, who session.Actor, f filter, kind listKind) (session.Page, error) {
	q, err := f.query(s.o.Zone)
	if err != nil {
		return session.Page{}, err
	}
	if kind.status != "" {
		q.Status = []session.Status{kind.status}
	}
	return s.o.Sessions.Find(ctx, who, q)
}

func companyNames(companies []session.Company) map[string]string {
	names := make(map[string]string, len(companies))
	for _, c := range companies {
		names[c.Slug] = c.Name
	}
	return names
}

// Statuses and the methods after it are what the filters offer.
func (v listView) Statuses() []option {
	return options(session.Statuses, statusName, v.Filter.Status)
}

// Documents are the document types.
func (v listView) Documents() []option {
	return options(session.DocumentTypes, documentName, v.Filter.Document)
}

// Screenings are the outcomes of a screening.
func (v listView) Screenings() []option {
	return options(session.ScreeningStatuses, screeningName, v.Filter.Screening)
}

// Reasons are the reasons for which a session may wait or fail.
func (v listView) Reasons() []option {
	names := map[string]string{}
	for _, r := range session.ReasonNames {
		names[r.Code] = r.Name
	}
	return options(reasonCodes(), func(code string) string { return names[code] }, v.Filter.Reason)
}

// Next is the address of the next page, "" on the last.
func (v listView) Next() string {
	if v.Found.Next == "" {
		return ""
	}
	f := v.Filter
	f.Cursor = v.Found.Next
	return f.at(v.s.base + v.Path)
}

// Newest is the address of the first page.
func (v listView) Newest() string {
	f := v.Filter
	f.Cursor = ""
	return f.at(v.s.base + v.Path)
}

// Here is the address of this page.
func (v listView) Here() string { return v.Filter.at(v.s.base + v.Path) }

// Export is the address of the CSV with everything that the list holds.
func (v listView) Export() string {
	f := v.Filter
	f.Cursor = ""
	switch v.Path {
	case awaitingList.path:
		f.Status = []string{string(session.AwaitingAction)}
	case rejections.path:
		f.Status = []string{string(session.Rejected)}
	}
	return f.at(v.s.base + "/sessions/export.csv")
}

// exportTime bounds how long an export may take; it goes on after the handler has returned.
const exportTime = 10 * time.Minute

// exportSessions answers GET /sessions/export.csv with the filters of the list.
func (s *Server) exportSessions(c *fiber.Ctx) error {
	f, who := parseFilter(c), actor(c)
	f.Cursor = ""
	first, err := s.find(c.UserContext(), who, f, allSessions)
	if err != nil {
		return err
	}
	detail := map[string]string{"what": "sessions", "found": total(first.Total, first.More), "filters": strconv.Itoa(len(f.values()))}
	if err := s.o.Sessions.RecordExport(c.UserContext(), who, f.Company, detail); err != nil {
		return err
	}
	c.Attachment("sessions-" + s.o.Now().In(s.o.Zone).Format(time.DateOnly) + ".csv")
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		ctx, cancel := context.WithTimeout(context.Background(), exportTime)
		defer cancel()
		if err := report.CSV(w, s.every(ctx, who, f), s.o.Zone); err != nil {
			s.o.Log.Warn("export cut off", "err", err)
		}
		w.Flush()
	})
	return nil
}

// every yields all sessions that f asks for, page by page, so that memory stays small.
func (s *Server) every(ctx context.Context, who session.Actor, f filter) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		q, err := f.query(s.o.Zone)
		q.Limit = 200
		for err == nil {
			var page session.Page
			if page, err = s.o.Sessions.Find(ctx, who, q); err != nil {
				break
			}
			for _, got := range page.Sessions {
				if !yield(got, nil) {
					return
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				return
			}
		}
		yield(session.Session{}, err)
	}
}
