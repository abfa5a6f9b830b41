package e2e

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/demo"
	"dossier/fetch"
	"dossier/index"
	"dossier/kv"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// password is every member's.
const password = "a few words for tests"

// A desk is a whole appliance in memory with the demo's people in it.
type desk struct {
	web      *server.Server
	sessions *session.Service
	staff    *staff.Service
	clock    *demo.Clock
	url      string            // where it listens
	stop     func() error      // ends its background work and closes its data
	tokens   map[string]string // cookie values by member: master, agent, auditor, acme
}

var (
	theDesk  *desk
	deskErr  error
	openOnce sync.Once
)

// openDesk returns the desk that all tests share. Loading the demo takes a second or two.
func openDesk(t testing.TB) *desk {
	t.Helper()
	openOnce.Do(func() { theDesk, deskErr = newDesk(true, server.Options{}) })
	if deskErr != nil {
		t.Fatal(deskErr)
	}
	return theDesk
}

// demoDesk is a desk of the test's own, with the demo's people, that stops with the test.
func demoDesk(t testing.TB, sources map[string]string, o server.Options) *desk {
	t.Helper()
	d, err := newDeskFetching(sources, "", true, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.stop(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// newDesk opens an appliance, with the demo's people or empty. What it starts lives as long as the
// tests do.
func newDesk(withDemo bool, o server.Options) (*desk, error) { return newDeskIn("", withDemo, o) }

// newDeskIn is newDesk with its data in a folder; "" is in memory.
func newDeskIn(dir string, withDemo bool, o server.Options) (*desk, error) {
	return newDeskFetching(nil, dir, withDemo, o)
}

// newDeskFetching is newDeskIn with sources of lists.
func newDeskFetching(sources map[string]string, dir string, withDemo bool, o server.Options) (*desk, error) {
	return newDeskHolding(nil, sources, dir, withDemo, o)
}

// newDeskHolding is newDeskFetching, where builds of the index end no sooner than held is closed; nil holds
// none back.
func newDeskHolding(held chan struct{}, sources map[string]string, dir string, withDemo bool, o server.Options) (*desk, error) {
	clock := &demo.Clock{}
	db, err := kv.Open(filepath.Join(dir, "store"), kv.Options{Memory: dir == "", Now: clock.Now, Paced: true})
	if err != nil {
		return nil, err
	}
	ix, err := index.Open(filepath.Join(dir, "index"), index.Options{Memory: dir == ""})
	if err != nil {
		return nil, err
	}
	fetcher, err := fetch.New(fetch.Options{AllowPrivate: true})
	if err != nil {
		return nil, err
	}
	d := &desk{clock: clock, staff: staff.NewService(db, clock.Now), tokens: map[string]string{}}
	d.sessions = session.NewService(session.Options{Store: db, Index: &heldIndex{ix, held}, Now: clock.Now, Deliverer: fetch.NewSender(true), Fetcher: fetcher, Sources: sources})
	ctx := context.Background()
	if err := d.sessions.Start(ctx); err != nil {
		return nil, err
	}
	work, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { d.sessions.Work(work) })
	d.stop = func() error {
		cancel()
		working.Wait()
		return errors.Join(ix.Close(), db.Close())
	}
	o.Sessions, o.Staff, o.Now, o.Version = d.sessions, d.staff, clock.Now, "test"
	if d.web, err = server.New(o); err != nil {
		return nil, err
	}
	if withDemo {
		if err := d.fill(ctx, clock); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.url = "http://" + listener.Addr().String()
	go d.web.Serve(listener)
	return d, nil
}

// fill makes the members and loads the demo.
func (d *desk) fill(ctx context.Context, clock *demo.Clock) error {
	actors := map[string]session.Actor{}
	for name, m := range map[string]staff.Member{
		"master":  {Name: "Mira Test", Role: staff.Master, Everyone: true},
		"agent":   {Name: "Adam Test", Role: staff.Agent, Everyone: true},
		"auditor": {Name: "Otto Test", Role: staff.Auditor, Everyone: true},
		"acme":    {Name: "Ada Test", Role: staff.Agent, Companies: []string{demo.Acme}},
		"orbit":   {Name: "Omar Test", Role: staff.Auditor, Companies: []string{demo.Orbit}},
		"boss":    {Name: "Bea Test", Role: staff.Master, Companies: []string{demo.Acme}},
	} {
		m.Email = name + "@test.example"
		made, err := d.staff.AddMember(ctx, m, password)
		if err != nil {
			return err
		}
		actors[name] = session.Actor{ID: "member:" + made.ID, Name: made.Name, Everyone: true, May: session.System.May}
	}
	if err := demo.Load(ctx, d.sessions, clock, time.Now(), demo.Reviewers{Agent: actors["agent"], Master: actors["master"]}); err != nil {
		return err
	}
	if err := d.sessions.CatchUp(ctx); err != nil {
		return err
	}
	for d.sessions.Gap(ctx, session.System) != "" { // the first build of the index
		time.Sleep(time.Millisecond)
	}
	for name := range actors {
		if err := d.logIn(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) logIn(ctx context.Context, who string) (err error) {
	_, d.tokens[who], err = d.staff.LogIn(ctx, who+"@test.example", password, staff.Browser{IP: "127.0.0.1", UserAgent: "test"})
	return err
}

const cookieName = "__Host-dossier"

// ask sends one request as a member ("" is nobody) and returns the answer with its body.
func (d *desk) ask(t testing.TB, who, method, target string, form url.Values, header ...string) (*http.Response, string) {
	t.Helper()
	var req *http.Request
	if form == nil {
		req = httptest.NewRequest(method, target, nil)
	} else {
		req = httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if who != "" {
		req.AddCookie(&http.Cookie{Name: cookieName, Value: d.tokens[who]})
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := d.web.Test(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	return res, string(body)
}

// csrf is the token that the forms of a member carry.
func (d *desk) csrf(t testing.TB, who string) string {
	t.Helper()
	_, l, err := d.staff.LoggedIn(context.Background(), d.tokens[who])
	if err != nil {
		t.Fatalf("log in of %s: %v", who, err)
	}
	return l.CSRF
}

// find returns the first session of a company for which ok holds.
func (d *desk) find(t testing.TB, what string, ok func(session.Session) bool) session.Session {
	t.Helper()
	for got, err := range d.sessions.Each(context.Background(), session.System) {
		if err != nil {
			t.Fatal(err)
		}
		if ok(got) {
			return got
		}
	}
	t.Fatalf("the demo has no session that is %s", what)
	return session.Session{}
}
