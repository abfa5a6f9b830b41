package session_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/index"
	"dossier/session"
)

// ids writes a line for each session.
func ids(w io.Writer, sessions iter.Seq2[session.Session, error], personal bool) error {
	for s, err := range sessions {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %t %s\n", s.ID, personal, bytes.Repeat([]byte("x"), 400_000))
	}
	return nil
}

func (d *desk) exported(e session.Export) session.Export {
	d.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		got, err := d.ExportRecord(d.t.Context(), auditor, e.ID)
		if err != nil {
			d.t.Fatal(err)
		}
		if got.Status == session.ExportDone || got.Status == session.ExportFailed {
			return got
		}
	}
	d.t.Fatal("the export does not end")
	return e
}

var auditor = session.Actor{ID: "member:x", Companies: []string{"acme"}, May: []session.Permission{session.MayRead, session.MayExport}}

func TestExport(t *testing.T) {
	d := newDesk(t)
	go d.Work(t.Context())
	for range 5 {
		d.doubtful()
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := d.BeginExport(t.Context(), auditor, session.Query{Status: []session.Status{session.AwaitingAction}}, "status=awaiting_action", true, ids)
	if err != nil {
		t.Fatal(err)
	}
	done := d.exported(e)
	if done.Status != session.ExportDone || done.Rows != 5 || done.Personal || done.Pieces < 2 {
		t.Errorf("the export is %+v", done)
	}
	_, pieces, err := d.ExportFile(t.Context(), auditor, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	for piece, err := range pieces {
		if err != nil {
			t.Fatal(err)
		}
		file.Write(piece)
	}
	if sum := sha256.Sum256(file.Bytes()); file.Len() != done.Bytes || hex.EncodeToString(sum[:]) != done.SHA256 || bytes.Count(file.Bytes(), []byte(" false ")) != 5 {
		t.Errorf("the file has %d bytes, the record says %d", file.Len(), done.Bytes)
	}
	other := auditor
	other.ID = "member:y"
	if _, err := d.ExportRecord(t.Context(), other, e.ID); session.CodeOf(err) != session.NotFound {
		t.Errorf("somebody else sees it: %v", err)
	}
	d.pass(session.ExportTime)
	if _, _, err := d.ExportFile(t.Context(), auditor, e.ID); session.CodeOf(err) != session.NotFound {
		t.Errorf("after a day: %v", err)
	}
}

// TestExportOfDamage: what can be read is in the file, and what cannot is named.
func TestExportOfDamage(t *testing.T) {
	d := newDesk(t)
	var bad session.Session
	for range 3 {
		bad = d.doubtful()
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Service = session.NewService(session.Options{Store: &flawed{DB: d.db, bad: bad.ID}, Index: d.index, Now: d.now})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	go d.Work(t.Context())
	e, err := d.BeginExport(t.Context(), auditor, session.Query{}, "", false, ids)
	if err != nil {
		t.Fatal(err)
	}
	if done := d.exported(e); done.Status != session.ExportDone || done.Rows != 2 || done.SHA256 == "" || !strings.Contains(done.Problem, string(bad.ID)) {
		t.Errorf("the export is %+v", done)
	}
	rows := 0
	for got, last := range d.Every(t.Context(), auditor, session.Query{}) {
		if err = last; last == nil {
			rows++
		} else if rows != 2 || !strings.Contains(session.MessageOf(last), string(bad.ID)) {
			t.Errorf("after %d rows: %v, %v", rows, got.ID, last)
		}
	}
	if err == nil {
		t.Error("nothing is said of the damaged session")
	}
}

// TestErasedFromExports: the file of an export goes with a session in it, one that is written meanwhile too.
func TestErasedFromExports(t *testing.T) {
	d := newDesk(t)
	d.keep(0, 0, true)
	go d.Work(t.Context())
	for range 5 {
		d.doubtful()
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := d.Find(t.Context(), session.System, session.Query{})
	if err != nil {
		t.Fatal(err)
	}
	erase := func(n int) {
		t.Helper()
		if err := d.Erase(t.Context(), session.System, all.Sessions[n].ID, "request"); err != nil {
			t.Fatal(err)
		}
	}
	begin := func(sheet session.Sheet) session.Export {
		t.Helper()
		e, err := d.BeginExport(t.Context(), auditor, session.Query{}, "q=doubtful", false, sheet)
		if err != nil {
			t.Fatal(err)
		}
		return d.exported(e)
	}
	whole := begin(ids)
	if whole.Status != session.ExportDone {
		t.Fatalf("the export is %+v", whole)
	}
	erase(0)
	lost := d.exported(whole)
	if _, _, err := d.ExportFile(t.Context(), auditor, whole.ID); lost.Status != session.ExportFailed || lost.Filter != "" || session.CodeOf(err) != session.Conflict {
		t.Errorf("after an erasure the export is %+v, its file %v", lost, err)
	}
	for n, at := range map[int]int{1: 1, 2: 3} { // erased behind the piece that was stored last, and before it
		rows := 0
		meanwhile := begin(func(w io.Writer, sessions iter.Seq2[session.Session, error], personal bool) error {
			return ids(w, func(yield func(session.Session, error) bool) {
				for s, err := range sessions {
					if rows++; rows == at {
						erase(n)
					}
					if !yield(s, err) {
						return
					}
				}
			}, personal)
		})
		if meanwhile.Status != session.ExportFailed || meanwhile.Pieces != 0 {
			t.Errorf("erased at row %d: the export is %+v", at, meanwhile)
		}
	}
}

// TestAnExportThatFailsIsNoFile: what was written before the failure cannot be taken for the whole.
func TestAnExportThatFailsIsNoFile(t *testing.T) {
	d := newDesk(t)
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	go d.Work(t.Context())
	e, err := d.BeginExport(t.Context(), auditor, session.Query{}, "", false, func(w io.Writer, _ iter.Seq2[session.Session, error], _ bool) error {
		w.Write(make([]byte, 1<<20))
		return errors.New("the disk is gone")
	})
	if err != nil {
		t.Fatal(err)
	}
	if done := d.exported(e); done.Status != session.ExportFailed || done.SHA256 != "" {
		t.Errorf("the export is %+v", done)
	}
	if _, _, err := d.ExportFile(t.Context(), auditor, e.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("its file: %v", err)
	}
	if err := d.DropExport(t.Context(), auditor, e.ID); err != nil {
		t.Error(err)
	}
}

// A slow index takes nothing in before it is released, or fails to. At the second search of an export it is
// behind.
type slow struct {
	*index.Index
	svc      *session.Service
	failing  bool
	pages    atomic.Int32
	released chan struct{}
}

func (x *slow) Put(ctx context.Context, sessions []session.Session) error {
	if x.failing {
		return errors.New("no space left on device")
	}
	select {
	case <-x.released:
		return x.Index.Put(ctx, sessions)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *slow) Search(ctx context.Context, q session.Query) (session.Found, error) {
	if q.Limit == 200 && x.pages.Add(1) == 1 {
		x.svc.FallBehind() // which the next page finds
	}
	return x.Index.Search(ctx, q)
}

// TestExportWhileTheIndexIsBehind: an export in the background waits for an index that only takes its time, and
// ends without a file where the index takes nothing any more, or when it is deleted.
func TestExportWhileTheIndexIsBehind(t *testing.T) {
	const sessions = 450 // three pages
	for _, c := range []struct {
		name            string
		failing, delete bool
		status          session.ExportStatus
		rows            int
	}{
		{"waits", false, false, session.ExportDone, sessions},
		{"fails", true, false, session.ExportFailed, 200},
		{"deleted", false, true, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			var changes []session.Change
			for range sessions {
				s := session.Session{ID: session.NewID(d.now()), Company: "acme", Status: session.Success, CreatedAt: d.now(), UpdatedAt: d.now()}
				changes = append(changes, session.Change{Session: &s})
			}
			if _, err := d.db.CommitAll(t.Context(), changes); err != nil {
				t.Fatal(err)
			}
			if err := d.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			x := &slow{Index: d.index, failing: c.failing, released: make(chan struct{})}
			d.Service = session.NewService(session.Options{Store: d.db, Index: x, Now: d.now})
			x.svc = d.Service
			if err := d.CatchUp(t.Context()); err != nil { // nothing is left: it knows that it has all
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			e, err := d.BeginExport(t.Context(), auditor, session.Query{}, "", false, func(_ io.Writer, all iter.Seq2[session.Session, error], _ bool) (err error) {
				for _, problem := range all {
					err = cmp.Or(err, problem)
				}
				ended <- err
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			d.pass(time.Second)
			d.ingest(session.Submission{Company: "acme"}) // for the index to take in
			ctx, stop := context.WithCancel(t.Context())
			var working sync.WaitGroup
			working.Go(func() { d.Work(ctx) })
			t.Cleanup(working.Wait)
			t.Cleanup(stop)
			if !c.failing {
				for x.pages.Load() < 3 { // it asks for the second page again
					time.Sleep(time.Millisecond)
				}
				if got, err := d.ExportRecord(t.Context(), auditor, e.ID); err != nil || got.Status != session.ExportRunning && got.Status != session.ExportWaiting {
					t.Errorf("while it waits it is %s, %v", got.Status, err)
				}
			}
			if c.delete {
				if err := d.DropExport(t.Context(), auditor, e.ID); err != nil {
					t.Fatal(err)
				}
				if err := <-ended; session.CodeOf(err) != session.NotFound {
					t.Errorf("the export that is deleted while it waits ends with %v", err)
				}
				return
			}
			close(x.released)
			if got := d.exported(e); got.Status != c.status || got.Rows != c.rows {
				t.Errorf("the export is %+v, want %s with %d rows", got, c.status, c.rows)
			}
		})
	}
}

// TestALeftExport: a program that ends leaves no export that seems to go on.
func TestALeftExport(t *testing.T) {
	d := newDesk(t) // whose Work does not run
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := d.BeginExport(t.Context(), auditor, session.Query{}, "", false, ids)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := d.ExportRecord(t.Context(), auditor, e.ID); err != nil || got.Status != session.ExportFailed {
		t.Errorf("the export is %s, %v", got.Status, err)
	}
}
