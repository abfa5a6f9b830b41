package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A bench is a running server with many sessions in it, and some of them to ask for.
type bench struct {
	*served
	token    string            // of a master's login
	sessions []session.Session // some hundred, from all over the store
	pictured []session.Session // have photos
}

// benchDesk opens the folder that DOSSIER_BENCH_DATA names, a copy of a data directory, or a new one with
// the demo in it and DOSSIER_BENCH_SESSIONS more sessions.
func benchDesk(b *testing.B) (d *desk, dir string) {
	b.Helper()
	dir = os.Getenv("DOSSIER_BENCH_DATA")
	fresh := dir == ""
	if fresh {
		dir = b.TempDir()
	}
	d, err := newDeskIn(dir, fresh, server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if n, _ := strconv.Atoi(os.Getenv("DOSSIER_BENCH_SESSIONS")); n > 0 {
		if err := demo.Seed(b.Context(), d.sessions, d.clock, demo.SeedOptions{Now: time.Now(), Sessions: n}); err != nil {
			b.Fatal(err)
		}
		if err := d.sessions.CatchUp(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return d, dir
}

// startBench makes the folder ready and starts a server on it, in a process of its own: in this one it would
// share the garbage collector and the scheduler with whoever asks.
func startBench(b *testing.B) *bench {
	b.Helper()
	d, dir := benchDesk(b)
	bench, err := d.bench(b.Context())
	if err := errors.Join(err, d.stop()); err != nil {
		b.Fatal(err)
	}
	bench.served = serve(b, "--data", dir, "--metrics-token", metricsToken)
	for _, s := range bench.pictured { // draws the small photos, and notes each in the audit log: both is done once in five minutes
		if err := bench.get(thumbnail(s)); err != nil {
			b.Fatal(err)
		}
	}
	return bench
}

// bench adds who will ask, and what for.
func (d *desk) bench(ctx context.Context) (*bench, error) {
	const email = "bench@test.example"
	_, err := d.staff.AddMember(ctx, staff.Member{Name: "Bench", Email: email, Role: staff.Master, Everyone: true}, password)
	if taken := (*staff.ProblemError)(nil); err != nil && !errors.As(err, &taken) { // by the member of an earlier run
		return nil, err
	}
	_, token, err := d.staff.LogIn(ctx, email, password, staff.Browser{IP: "127.0.0.1", UserAgent: "bench"})
	if err != nil {
		return nil, err
	}
	b := &bench{token: token}
	if b.pictured, err = d.pictured(ctx); err != nil {
		return nil, err
	}
	b.sessions, err = d.sample(ctx)
	return b, err
}

// pictured are sessions with photos, of an earlier run where there are some.
func (d *desk) pictured(ctx context.Context) ([]session.Session, error) {
	const n = 60
	page, err := d.sessions.Find(ctx, session.System, session.Query{Text: "Photo Graphed", Limit: n})
	if err != nil || len(page.Sessions) == n && len(page.Sessions[0].Photos) > 0 {
		return page.Sessions, err
	}
	return photographed(ctx, d, n)
}

// photographed hands n sessions in, each with photos of its own.
func photographed(ctx context.Context, d *desk, n int) (all []session.Session, err error) {
	from, err := newDesk(true, server.Options{})
	if err != nil {
		return nil, err
	}
	defer from.stop()
	photos, err := from.somePhotos(ctx)
	if err != nil {
		return nil, err
	}
	for i := range n {
		in := session.Intake{Submission: session.Submission{Company: demo.Acme, Person: &session.Person{FirstName: "Photo", LastName: fmt.Sprint("Graphed ", i)}, Finish: true}}
		for j, p := range photos { // what stands after the end of a JPEG makes it another photo
			in.Photos = append(in.Photos, session.PhotoData{Kind: p.Kind, Data: fmt.Append(slices.Clone(p.Data), i, j, time.Now().UnixNano())})
		}
		got, err := d.sessions.Ingest(ctx, session.System, in)
		if err != nil {
			return nil, err
		}
		all = append(all, got)
	}
	return all, d.sessions.CatchUp(ctx)
}

// somePhotos are those of the first session that has more than two.
func (d *desk) somePhotos(ctx context.Context) (photos []session.PhotoData, err error) {
	for got, err := range d.sessions.Each(ctx, session.System) {
		if err != nil {
			return nil, err
		}
		if len(got.Photos) < 3 {
			continue
		}
		for _, p := range got.Photos {
			data, _, err := d.sessions.Photo(ctx, session.System, got.ID, p.SHA256, 0)
			if err != nil {
				return nil, err
			}
			photos = append(photos, session.PhotoData{Kind: p.Kind, Data: data})
		}
		return photos, nil
	}
	return nil, fmt.Errorf("there are no photos")
}

// sample looks sessions up that start with each letter.
func (d *desk) sample(ctx context.Context) (all []session.Session, err error) {
	for letter := 'a'; letter <= 'z'; letter++ {
		page, err := d.sessions.Find(ctx, session.System, session.Query{Text: string(letter), Limit: 20})
		if err != nil {
			return nil, err
		}
		for _, s := range page.Sessions {
			if p := s.Person; p.LastName != "" && p.FirstName != "" && p.DocumentNumber != "" && p.PersonalNumber != "" {
				all = append(all, s)
			}
		}
	}
	if len(all) < 100 {
		return nil, fmt.Errorf("there are only %d sessions to ask for", len(all))
	}
	return all, nil
}

// ofPictured are the targets that are made for sessions with photos; the others are made for the sample.
var ofPictured = map[string]bool{"pictured": true, "thumbnail": true}

// targets are the addresses that are measured, each made for one session.
func targets() map[string]func(s session.Session) string {
	find := func(filter string, text func(p session.Person) string) func(session.Session) string {
		return func(s session.Session) string { return "/sessions?q=" + url.QueryEscape(text(s.Person)) + filter }
	}
	first := func(text string, n int) string { r := []rune(text); return string(r[:min(n, len(r))]) }
	all := map[string]func(session.Session) string{
		"list":      func(session.Session) string { return "/sessions" },
		"awaiting":  func(session.Session) string { return "/awaiting" },
		"details":   func(s session.Session) string { return "/sessions/" + string(s.ID) },
		"attempts":  func(s session.Session) string { return "/sessions/" + string(s.ID) + "/attempts" },
		"pdf":       func(s session.Session) string { return "/sessions/" + string(s.ID) + "/report.pdf" },
		"style":     func(session.Session) string { return "/static/app.css" },
		"first":     func(session.Session) string { return "/sessions?q=" }, // what a search without a text gets
		"pictured":  func(s session.Session) string { return "/sessions/" + string(s.ID) },
		"thumbnail": thumbnail,
	}
	for name, filter := range map[string]string{"search": "", "filtered": "&status=success&document=passport"} {
		for kind, text := range map[string]func(p session.Person) string{
			"1":        func(p session.Person) string { return first(p.LastName, 1) },
			"2":        func(p session.Person) string { return first(p.LastName, 2) },
			"3":        func(p session.Person) string { return first(p.LastName, 3) },
			"tokens":   func(p session.Person) string { return first(p.FirstName, 2) + " " + first(p.LastName, 3) },
			"name":     func(p session.Person) string { return p.FullName() },
			"document": func(p session.Person) string { return first(p.DocumentNumber, 4) },
			"personal": func(p session.Person) string { return first(p.PersonalNumber, 6) },
			"nothing":  func(p session.Person) string { return "zq" + first(p.LastName, 3) + "x" },
		} {
			all[name+"-"+kind] = find(filter, text)
		}
	}
	return all
}

// thumbnail is one of the small photos of a session.
func thumbnail(s session.Session) string {
	return "/sessions/" + string(s.ID) + "/photos/" + s.Photos[int(s.ID[len(s.ID)-1])%len(s.Photos)].SHA256 + "?w=160"
}

// BenchmarkPages asks a running server over HTTP, one request after the other.
func BenchmarkPages(b *testing.B) {
	bench := startBench(b)
	for _, name := range slices.Sorted(maps.Keys(targets())) {
		b.Run(name, func(b *testing.B) {
			next := bench.asks(name)
			var took []time.Duration
			before := bench.handled(b)
			for b.Loop() {
				target, began := next(), time.Now()
				if err := bench.get(target); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			reportPercentiles(b, took)
			bench.handled(b).since(before).report(b)
		})
	}
}

// warmUp is how many requests come before those that count: ten seconds, in which the server merges what the
// processes before it have left on disk.
const warmUp = 2000

// BenchmarkPagesAtRate asks 200 times a second whether the answers come or not.
func BenchmarkPagesAtRate(b *testing.B) {
	bench := startBench(b)
	for _, name := range []string{"details", "pictured", "thumbnail", "search-2", "first"} {
		b.Run(name, func(b *testing.B) {
			next := bench.asks(name)
			bench.askAtRate(b, next, warmUp)
			before := bench.handled(b)
			b.ResetTimer()
			reportPercentiles(b, bench.askAtRate(b, next, b.N))
			bench.handled(b).since(before).report(b)
		})
	}
}

// askAtRate returns how long each of n requests took.
func (b *bench) askAtRate(tb testing.TB, next func() string, n int) []time.Duration {
	took := make([]time.Duration, n)
	var all sync.WaitGroup
	due := time.Now()
	for i := range n {
		due = due.Add(time.Second / 200)
		time.Sleep(time.Until(due))
		target, began := next(), time.Now() // not when it was due: who sleeps wakes late, and no server can help that
		all.Go(func() {
			if err := b.get(target); err != nil {
				tb.Error(err)
			}
			took[i] = time.Since(began)
		})
	}
	all.Wait()
	return took
}

// asks returns a function that makes addresses, each for a session by chance.
func (b *bench) asks(name string) func() string {
	r, from, target := rand.New(rand.NewPCG(1, 2)), b.sessions, targets()[name]
	if ofPictured[name] {
		from = b.pictured
	}
	return func() string { return target(from[r.IntN(len(from))]) }
}

// BenchmarkWrite notes a look in the audit log and shows nothing: what the disk takes of a details page.
func BenchmarkWrite(b *testing.B) {
	d, _ := benchDesk(b)
	defer d.stop()
	sessions, err := d.sample(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		of := sessions[len(took)%len(sessions)]
		began := time.Now()
		if err := d.sessions.Record(b.Context(), session.System, session.ActViewed, of.Company, of.ID, nil); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	reportPercentiles(b, took)
}

var benchClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (b *bench) get(target string) error {
	req, err := http.NewRequest("GET", b.url+target, nil)
	if err != nil {
		return err
	}
	req.AddCookie(&http.Cookie{Name: cookieName, Value: b.token})
	if strings.Contains(target, "q=") {
		req.Header.Set("HX-Request", "true")
	}
	res, err := benchClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", target, res.StatusCode)
	}
	return nil
}
