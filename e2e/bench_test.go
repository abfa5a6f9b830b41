package e2e

import (
	"context"
	"fmt"
	"io"
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

	"dossier/cli"
	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A bench is a desk with many sessions in it, and some of them to ask for.
type bench struct {
	*desk
	sessions []session.Session // some hundred, from all over the store
	pictured []session.Session // have photos
}

// openBench opens the folder that DOSSIER_BENCH_DATA names, a copy of a data directory, or the demo in
// memory with DOSSIER_BENCH_SESSIONS more sessions.
var openBench = sync.OnceValues(func() (*bench, error) {
	dir := os.Getenv("DOSSIER_BENCH_DATA")
	cli.RunAhead() // as serve does
	ctx := context.Background()
	d, err := newDeskIn(dir, dir == "", server.Options{})
	if err != nil {
		return nil, err
	}
	if n, _ := strconv.Atoi(os.Getenv("DOSSIER_BENCH_SESSIONS")); n > 0 {
		if err := demo.Seed(ctx, d.sessions, d.clock, demo.SeedOptions{Now: time.Now(), Sessions: n}); err != nil {
			return nil, err
		}
		if err := d.sessions.CatchUp(ctx); err != nil {
			return nil, err
		}
	}
	if dir != "" {
		email := fmt.Sprintf("bench-%d@test.example", time.Now().UnixNano())
		if _, err := d.staff.AddMember(ctx, staff.Member{Name: "Bench", Email: email, Role: staff.Master, Everyone: true}, password); err != nil {
			return nil, err
		}
		if _, d.tokens["master"], err = d.staff.LogIn(ctx, email, password, staff.Browser{IP: "127.0.0.1", UserAgent: "bench"}); err != nil {
			return nil, err
		}
	}
	b := &bench{desk: d}
	if b.pictured, err = photographed(ctx, d, 60); err != nil {
		return nil, err
	}
	return b, b.sample(ctx)
})

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

// look draws the small photos, and lets them be noted in the audit log: both is done once in five minutes.
func (b *bench) look(thumbnail func(session.Session) string) error {
	for _, s := range b.pictured {
		if err := b.get(thumbnail(s)); err != nil {
			return err
		}
	}
	return nil
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
func (b *bench) sample(ctx context.Context) error {
	for letter := 'a'; letter <= 'z'; letter++ {
		page, err := b.desk.sessions.Find(ctx, session.System, session.Query{Text: string(letter), Limit: 20})
		if err != nil {
			return err
		}
		for _, s := range page.Sessions {
			if s.Person.LastName != "" && s.Person.FirstName != "" && s.Person.DocumentNumber != "" {
				b.sessions = append(b.sessions, s)
			}
		}
	}
	if len(b.sessions) == 0 {
		return fmt.Errorf("there are no sessions to ask for")
	}
	return nil
}

func benchOf(b *testing.B) *bench {
	b.Helper()
	bench, err := openBench()
	if err != nil {
		b.Fatal(err)
	}
	return bench
}

// ofPictured are the targets that are made for sessions with photos; the others are made for the sample.
var ofPictured = map[string]bool{"pictured": true, "thumbnail": true}

// targets are the addresses that are measured, each made for one session.
func (b *bench) targets() map[string]func(s session.Session) string {
	find := func(filter string, text func(p session.Person) string) func(session.Session) string {
		return func(s session.Session) string { return "/sessions?q=" + url.QueryEscape(text(s.Person)) + filter }
	}
	first := func(text string, n int) string { r := []rune(text); return string(r[:min(n, len(r))]) }
	all := map[string]func(session.Session) string{
		"list":     func(session.Session) string { return "/sessions" },
		"awaiting": func(session.Session) string { return "/awaiting" },
		"details":  func(s session.Session) string { return "/sessions/" + string(s.ID) },
		"attempts": func(s session.Session) string { return "/sessions/" + string(s.ID) + "/attempts" },
		"pdf":      func(s session.Session) string { return "/sessions/" + string(s.ID) + "/report.pdf" },
		"style":    func(session.Session) string { return "/static/app.css" },
		"first":    func(session.Session) string { return "/sessions?q=" }, // what a search without a text gets
		"pictured": func(s session.Session) string { return "/sessions/" + string(s.ID) },
		"thumbnail": func(s session.Session) string {
			return "/sessions/" + string(s.ID) + "/photos/" + s.Photos[int(s.ID[len(s.ID)-1])%len(s.Photos)].SHA256 + "?w=160"
		},
	}
	for name, filter := range map[string]string{"search": "", "filtered": "&status=success&document=passport"} {
		for kind, text := range map[string]func(p session.Person) string{
			"1":        func(p session.Person) string { return first(p.LastName, 1) },
			"2":        func(p session.Person) string { return first(p.LastName, 2) },
			"3":        func(p session.Person) string { return first(p.LastName, 3) },
			"tokens":   func(p session.Person) string { return first(p.FirstName, 2) + " " + first(p.LastName, 3) },
			"name":     func(p session.Person) string { return p.FullName() },
			"document": func(p session.Person) string { return first(p.DocumentNumber, 4) },
			"nothing":  func(p session.Person) string { return "zq" + first(p.LastName, 3) + "x" },
		} {
			all[name+"-"+kind] = find(filter, text)
		}
	}
	return all
}

// BenchmarkPages asks a running desk over HTTP, one request after the other.
func BenchmarkPages(b *testing.B) {
	bench := benchOf(b)
	targets := bench.targets()
	if err := bench.look(targets["thumbnail"]); err != nil {
		b.Fatal(err)
	}
	for _, name := range sortedKeys(targets) {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			var took []time.Duration
			for b.Loop() {
				target := bench.target(targets, name, r)
				began := time.Now()
				if err := bench.get(target); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			reportPercentiles(b, took)
		})
	}
}

// target is one of the addresses, made for a session by chance.
func (b *bench) target(targets map[string]func(session.Session) string, name string, r *rand.Rand) string {
	from := b.sessions
	if ofPictured[name] {
		from = b.pictured
	}
	return targets[name](from[r.IntN(len(from))])
}

// BenchmarkPagesAtRate asks 200 times a second whether the answers come or not, and counts from when a
// request was due.
func BenchmarkPagesAtRate(b *testing.B) {
	bench := benchOf(b)
	targets := bench.targets()
	if err := bench.look(targets["thumbnail"]); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"details", "pictured", "thumbnail", "search-2"} {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(3, 4))
			took := make([]time.Duration, b.N)
			var all sync.WaitGroup
			due := time.Now()
			for i := range b.N {
				due = due.Add(time.Second / 200)
				time.Sleep(time.Until(due))
				target, since := bench.target(targets, name, r), due
				all.Go(func() {
					if err := bench.get(target); err != nil {
						b.Error(err)
					}
					took[i] = time.Since(since)
				})
			}
			all.Wait()
			reportPercentiles(b, took)
		})
	}
}

// BenchmarkWrite notes a look in the audit log and shows nothing: what the disk takes of a details page.
func BenchmarkWrite(b *testing.B) {
	bench := benchOf(b)
	var took []time.Duration
	for b.Loop() {
		of := bench.sessions[len(took)%len(bench.sessions)]
		began := time.Now()
		if err := bench.desk.sessions.Record(b.Context(), session.System, session.ActViewed, of.Company, of.ID, nil); err != nil {
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
	req.AddCookie(&http.Cookie{Name: cookieName, Value: b.tokens["master"]})
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

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
