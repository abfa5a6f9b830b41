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

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A bench is a desk with many sessions in it, and some of them to ask for.
type bench struct {
	*desk
	sessions []session.Session // some hundred, from all over the store
	pictured session.Session   // has photos; no id where nobody has
}

// openBench opens the folder that DOSSIER_BENCH_DATA names, a copy of a data directory, or the demo in
// memory with DOSSIER_BENCH_SESSIONS more sessions.
var openBench = sync.OnceValues(func() (*bench, error) {
	dir := os.Getenv("DOSSIER_BENCH_DATA")
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
	return b, b.sample(ctx)
})

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
			if len(s.Photos) > 2 {
				b.pictured = s
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

// targets are the addresses that are measured, each made for one of the sample.
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
	if b.pictured.ID != "" {
		photo := "/sessions/" + string(b.pictured.ID) + "/photos/" + b.pictured.Photos[0].SHA256 + "?w=160"
		all["thumbnail"] = func(session.Session) string { return photo }
	}
	return all
}

// BenchmarkPages asks a running desk over HTTP, one request after the other.
func BenchmarkPages(b *testing.B) {
	bench := benchOf(b)
	targets := bench.targets()
	for _, name := range sortedKeys(targets) {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			var took []time.Duration
			for b.Loop() {
				target := targets[name](bench.sessions[r.IntN(len(bench.sessions))])
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

// BenchmarkPagesAtRate asks 200 times a second whether the answers come or not, and counts from when a
// request was due.
func BenchmarkPagesAtRate(b *testing.B) {
	bench := benchOf(b)
	targets := bench.targets()
	for _, name := range []string{"details", "thumbnail", "search-2"} {
		if targets[name] == nil {
			continue
		}
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(3, 4))
			took := make([]time.Duration, b.N)
			var all sync.WaitGroup
			due := time.Now()
			for i := range b.N {
				due = due.Add(time.Second / 200)
				time.Sleep(time.Until(due))
				target, since := targets[name](bench.sessions[r.IntN(len(bench.sessions))]), due
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
