package e2e

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"dossier/index"
	"dossier/kv"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A shortIndex says that there is always another page, and fails when it is asked for too many.
type shortIndex struct {
	*index.Index
	left atomic.Int32
}

func (ix *shortIndex) Search(ctx context.Context, q session.Query) (session.Found, error) {
	if ix.left.Add(-1) < 0 {
		return session.Found{}, errors.New("the index is gone")
	}
	q.Cursor = ""
	found, err := ix.Index.Search(ctx, q)
	found.Next = "more"
	return found, err
}

// A shortStore fails when it is asked for lists too often.
type shortStore struct {
	*kv.DB
	left atomic.Int32
}

var errGone = errors.New("the store is gone")

func (db *shortStore) Alerts(ctx context.Context, f session.AlertFilter) ([]session.Alert, string, int, error) {
	if db.left.Add(-1) < 0 {
		return nil, "", 0, errGone
	}
	return db.DB.Alerts(ctx, f)
}

func (db *shortStore) Suppressions(ctx context.Context, f session.SuppressionFilter) ([]session.Suppression, string, int, error) {
	if db.left.Add(-1) < 0 {
		return nil, "", 0, errGone
	}
	return db.DB.Suppressions(ctx, f)
}

func (db *shortStore) Events(ctx context.Context, f session.EventFilter) ([]session.Event, uint64, error) {
	if db.left.Add(-1) < 0 {
		return nil, 0, errGone
	}
	return db.DB.Events(ctx, f)
}

// TestACutOffExportIsNoFile: who reads the list while it is written must see that it broke off.
func TestACutOffExportIsNoFile(t *testing.T) {
	db, err := kv.Open("", kv.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	inner, err := index.Open("", index.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	ix := &shortIndex{Index: inner}
	store := &shortStore{DB: db}
	store.left.Store(1000)
	sessions := session.NewService(session.Options{Store: store, Index: ix})
	people := staff.NewService(db, time.Now)
	ctx := t.Context()
	if err := sessions.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.SaveCompany(ctx, session.System, session.NewCompany("acme", "Acme", time.Now()), "new"); err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.Ingest(ctx, session.System, session.Intake{Submission: session.Submission{Company: "acme", Person: &session.Person{LastName: "Example"}}}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sessions.Reindex(ctx, session.System), sessions.CatchUp(ctx)); err != nil {
		t.Fatal(err)
	}
	if _, err := people.AddMember(ctx, staff.Member{Name: "Otto", Email: "otto@test.example", Role: staff.Auditor, Everyone: true}, password); err != nil {
		t.Fatal(err)
	}
	_, token, err := people.LogIn(ctx, "otto@test.example", password, staff.Browser{IP: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	web, err := server.New(server.Options{Sessions: sessions, Staff: people})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go web.Serve(listener)
	defer web.Shutdown(context.Background())

	for _, path := range []string{"/sessions/export.csv", "/sanctions/export.csv", "/sanctions/suppressions/export.csv", "/activity/export.csv"} {
		ix.left.Store(4)
		store.left.Store(0)
		req, err := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: cookieName, Value: token})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || len(body) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: a list that broke off reads to its end: %d, %d bytes, %v", path, res.StatusCode, len(body), err)
		}
	}
}
