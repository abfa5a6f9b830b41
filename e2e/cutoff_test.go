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
	sessions := session.NewService(session.Options{Store: db, Index: ix})
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
	if err := sessions.CatchUp(ctx); err != nil {
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

	ix.left.Store(4)
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String()+"/sessions/export.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a list that broke off reads to its end: %d bytes, %v", len(body), err)
	}
}
