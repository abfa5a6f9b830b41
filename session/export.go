package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"iter"
	"time"
)

// ExportTime is how long the file of an export is kept.
const ExportTime = 24 * time.Hour

// exportPiece is how many bytes of a file are stored at once; after each piece the record says how far it is.
const exportPiece = 512 << 10

// exportQueue is how many exports may wait.
const exportQueue = 16

// An ExportStatus says how far an export is.
type ExportStatus string

// The statuses of an [Export].
const (
	ExportWaiting ExportStatus = "waiting"
	ExportRunning ExportStatus = "running"
	ExportDone    ExportStatus = "done"
	ExportFailed  ExportStatus = "failed"
)

// An Export is a list of sessions that is written to a file in the background. Only a whole one can be
// taken out: a file that was cut off must not look complete.
type Export struct {
	ID         string       `json:"id"` // ULID
	By         string       `json:"by"` // who asked for it, and the only one who gets it
	Query      Query        `json:"query"`
	Filter     string       `json:"filter"`   // the query string of the list, to show what was asked for
	Personal   bool         `json:"personal"` // with the columns that say who somebody is
	Status     ExportStatus `json:"status"`
	Expected   int          `json:"expected"` // sessions found at the start
	More       bool         `json:"more"`     // there were more than Expected
	Rows       int          `json:"rows"`
	Bytes      int          `json:"bytes"`
	Pieces     int          `json:"pieces"`
	SHA256     string       `json:"sha256,omitempty"` // of the whole file
	StartedAt  time.Time    `json:"started_at"`
	FinishedAt time.Time    `json:"finished_at,omitzero"`
	ExpiresAt  time.Time    `json:"expires_at"`
	Problem    string       `json:"problem,omitempty"`
}

// Lose makes of an export one whose file is gone because a session in it was erased. What was asked for goes
// too: it may name the person.
func (e *Export) Lose(now time.Time) {
	e.Status, e.Problem, e.FinishedAt = ExportFailed, "A session in it was erased, so the file was deleted. Start the export again.", now
	e.Query, e.Filter, e.Rows, e.Bytes, e.Pieces, e.SHA256 = Query{}, "", 0, 0, 0, ""
}

// A Sheet writes sessions as a table, with the personal columns or without.
type Sheet func(w io.Writer, sessions iter.Seq2[Session, error], personal bool) error

// An exportJob is an export that waits for its turn. It does not outlive the process.
type exportJob struct {
	export Export
	actor  Actor
	sheet  Sheet
}

// BeginExport starts writing what q finds to a file, with all columns where the actor has the permission
// for personal ones and asks for them. It goes on in the background, one export at a time. While the index does
// not know all sessions it is Unavailable.
func (s *Service) BeginExport(ctx context.Context, actor Actor, q Query, filter string, personal bool, sheet Sheet) (Export, error) {
	if err := actor.need("session.BeginExport", MayExport); err != nil {
		return Export{}, err
	}
	q.Cursor, q.Limit = "", 1
	found, err := s.Find(ctx, actor, q)
	if err == nil {
		err = found.Whole()
	}
	if err != nil {
		return Export{}, err
	}
	q.Companies, q.Limit = within(actor, q.Companies), 200
	now := s.now().UTC()
	e := Export{ID: string(NewID(now)), By: actor.ID, Query: q, Filter: filter, Personal: personal && actor.Can(MayExportPersonal),
		Status: ExportWaiting, Expected: found.Total, More: found.More, StartedAt: now, ExpiresAt: now.Add(ExportTime)}
	if err := s.store.PutExport(ctx, e, s.exportEvents(actor, e)...); err != nil {
		return Export{}, err
	}
	select {
	case s.exports <- exportJob{e, actor, sheet}:
		return e, nil
	default:
		e.Status, e.Problem = ExportFailed, "Too many exports wait already. Try again in some minutes."
		return e, s.store.PutExport(ctx, e)
	}
}

// exportEvents tell each company whose sessions are taken out, so that its own auditors see it.
func (s *Service) exportEvents(actor Actor, e Export) []Event {
	companies := e.Query.Companies
	if companies == nil {
		companies = []string{""}
	}
	detail := map[string]string{"what": "sessions", "export": e.ID, "columns": "all"}
	if !e.Personal {
		detail["columns"] = "without personal ones"
	}
	var events []Event
	for _, company := range companies {
		events = append(events, actor.Event(e.StartedAt, ActExport, company, "", detail))
	}
	return events
}

// keepExporting writes the files that were asked for, one at a time.
func (s *Service) keepExporting(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case job := <-s.exports:
			s.export(ctx, job)
		}
	}
}

// failLeftExports notes that what was under way when the program ended will not be finished.
func (s *Service) failLeftExports(ctx context.Context) error {
	all, err := s.store.ExportsOf(ctx, "")
	for _, e := range all {
		if err == nil && (e.Status == ExportWaiting || e.Status == ExportRunning) {
			e.Status, e.Problem = ExportFailed, "Dossier was stopped before the file was whole. Start the export again."
			err = s.store.PutExport(ctx, e)
		}
	}
	return err
}

func (s *Service) export(ctx context.Context, job exportJob) {
	w := &exportWriter{ctx: ctx, store: s.store, export: job.export, sum: sha256.New()}
	w.export.Status = ExportRunning
	err := job.sheet(w, w.counted(s.every(ctx, job.actor, job.export.Query, s.patient(job.export.ID))), job.export.Personal)
	var gap unreadable
	if errors.As(err, &gap) { // the rest is there, and who has it is told what is not
		err, w.export.Problem = nil, MessageOf(err)
	}
	if err == nil {
		err = w.flush()
	}
	if CodeOf(err) == NotFound { // deleted meanwhile, or a session in it erased
		return
	}
	w.export.Status, w.export.FinishedAt = ExportDone, s.now().UTC()
	w.export.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	if err != nil {
		s.log.Error("export failed", "export", job.export.ID, "err", err)
		w.export.Status, w.export.Problem, w.export.SHA256 = ExportFailed, MessageOf(err), ""
	}
	if err := s.store.PutExport(context.WithoutCancel(ctx), w.export); err != nil && CodeOf(err) != NotFound {
		s.log.Error("note the end of an export", "export", job.export.ID, "err", err)
	}
}

// patient searches for an export, which has time: where the index is only behind, as while very much comes in, it
// waits for it as long as there is the export.
func (s *Service) patient(export string) finder {
	return func(ctx context.Context, actor Actor, q Query) (Found, error) {
		for {
			found, err := s.search(ctx, actor, q)
			if err != nil || found.Gap == "" || s.index.NeedsRebuild() || !s.catchUp.comes(ctx) {
				return found, err
			}
			if _, err := s.store.Export(ctx, export); err != nil {
				return Found{}, err
			}
		}
	}
}

// An exportWriter stores what is written to it in pieces.
type exportWriter struct {
	ctx    context.Context // of the export; the writer does not outlive it
	store  Exports
	export Export
	sum    hash.Hash
	piece  []byte
	rows   []ID // that came since the piece before, those of this piece among them
}

// Write collects a piece.
func (w *exportWriter) Write(data []byte) (int, error) {
	w.sum.Write(data)
	w.export.Bytes += len(data)
	w.piece = append(w.piece, data...)
	if len(w.piece) < exportPiece {
		return len(data), nil
	}
	return len(data), w.flush()
}

func (w *exportWriter) flush() error {
	if len(w.piece) == 0 {
		return nil
	}
	w.export.Pieces++
	err := w.store.AddToExport(w.ctx, w.export, w.piece, w.rows)
	w.piece, w.rows = w.piece[:0], w.rows[:0]
	return err
}

func (w *exportWriter) counted(sessions iter.Seq2[Session, error]) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		for got, err := range sessions {
			if err == nil {
				w.export.Rows++
				w.rows = append(w.rows, got.ID)
			}
			if !yield(got, err) {
				return
			}
		}
	}
}

// ExportRecords returns the exports that the actor started, newest first.
func (s *Service) ExportRecords(ctx context.Context, actor Actor) ([]Export, error) {
	if err := actor.need("session.ExportRecords", MayExport); err != nil {
		return nil, err
	}
	return s.store.ExportsOf(ctx, actor.ID)
}

// ExportRecord returns an export that the actor started, or NotFound.
func (s *Service) ExportRecord(ctx context.Context, actor Actor, id string) (Export, error) {
	if err := actor.need("session.ExportRecord", MayExport); err != nil {
		return Export{}, err
	}
	e, err := s.store.Export(ctx, id)
	if err == nil && (e.By != actor.ID || !s.now().Before(e.ExpiresAt)) {
		return Export{}, notFound("session.ExportRecord", "export")
	}
	return e, err
}

// ExportFile returns the whole file of an export that is done, piece by piece.
func (s *Service) ExportFile(ctx context.Context, actor Actor, id string) (Export, iter.Seq2[[]byte, error], error) {
	e, err := s.ExportRecord(ctx, actor, id)
	if err == nil && e.Status != ExportDone {
		err = conflict("session.ExportFile", "This export is not whole.")
	}
	return e, func(yield func([]byte, error) bool) {
		for n := range e.Pieces {
			piece, err := s.store.ExportPiece(ctx, id, n)
			if !yield(piece, err) || err != nil {
				return
			}
		}
	}, err
}

// DropExport deletes an export, which ends one under way.
func (s *Service) DropExport(ctx context.Context, actor Actor, id string) error {
	if _, err := s.ExportRecord(ctx, actor, id); err != nil {
		return err
	}
	return s.store.DropExport(ctx, id, actor.Event(s.now().UTC(), ActExportDropped, "", "", map[string]string{"export": id}))
}
