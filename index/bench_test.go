package index

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

// benchSessions is how many sessions the benchmarks search: 100,000, or what DOSSIER_BENCH_SESSIONS says.
func benchSessions(tb testing.TB) int {
	text := os.Getenv("DOSSIER_BENCH_SESSIONS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		tb.Fatalf("DOSSIER_BENCH_SESSIONS=%q is not a number of sessions", text)
	}
	return n
}

// A population is n invented sessions over a year, each made from its number alone.
type population struct{ n int }

var syllables = strings.Fields("ba be bi bo bu da de di do ga ge gi go ka ke ki ko la le li lo ma me mi mo mu na ne ni no nu " +
	"pa pe pi po ra re ri ro ru sa se si so sha she ta te ti to va ve vi vo za ze zi zo cha chi kha ya yu tsi")

// invent makes a name of the k-th of a vocabulary.
func invent(k uint64, least int, end ...string) string {
	r := rand.New(rand.NewPCG(k, 3))
	var b strings.Builder
	for range least + r.IntN(3) {
		b.WriteString(syllables[r.IntN(len(syllables))])
	}
	b.WriteString(end[r.IntN(len(end))])
	name := b.String()
	return strings.ToUpper(name[:1]) + name[1:]
}

// common draws from a vocabulary of n in which few are frequent and many are rare, as names are.
func common(r *rand.Rand, n float64) uint64 {
	return uint64(n * r.Float64() * r.Float64() * r.Float64())
}

func (p population) session(i int) session.Session {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	at := start.Add(time.Duration(i) * (365 * 24 * time.Hour / time.Duration(p.n)))
	s := session.Session{
		ID: session.NewID(at), Company: [...]string{"acme", "acme", "zeta", "nova"}[r.IntN(4)],
		Reference: fmt.Sprintf("R-2026-%07d", i),
		Status:    session.Statuses[min(r.IntN(12), len(session.Statuses)-1)],
		Document:  session.Document{Type: session.DocumentTypes[min(r.IntN(8), 4)]},
		Person: session.Person{
			FirstName: invent(common(r, 3000), 1, "", "n", "m", "r"), LastName: invent(1<<32+common(r, 60000), 2, "vi", "dze", "son", "ov", "berg", ""),
			DocumentNumber: fmt.Sprintf("%c%c%07d", 'A'+r.IntN(26), 'A'+r.IntN(26), r.IntN(1e7)),
			PersonalNumber: fmt.Sprintf("%02d%09d", r.IntN(70), r.IntN(1e9)),
			Nationality:    [...]string{"GEO", "EST", "POL", "DEU", "FRA", "ARM"}[r.IntN(6)],
		},
	}
	if r.IntN(3) == 0 {
		s.Person.Local = &session.LocalName{FirstName: cyrillic.Replace(strings.ToLower(s.Person.FirstName)), LastName: cyrillic.Replace(strings.ToLower(s.Person.LastName))}
	}
	if r.IntN(4) == 0 {
		s.Extra = map[string]any{"iban": fmt.Sprintf("GE%02dNB%016d", r.IntN(90)+10, r.Int64N(1e16)), "segment": "retail"}
	}
	if s.Status == session.Rejected {
		s.Findings = []session.Finding{{Code: "mrz_invalid"}}
	}
	return s
}

var cyrillic = strings.NewReplacer("sh", "ш", "ch", "ч", "kh", "х", "ya", "я", "yu", "ю", "ts", "ц", "a", "а", "b", "б", "d", "д", "e", "е",
	"g", "г", "i", "и", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "z", "з")

func (p population) all() iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		for i := range p.n {
			if !yield(p.session(i), nil) {
				return
			}
		}
	}
}

// built is the index that all benchmarks of a run search. DOSSIER_BENCH_DIR keeps it for the next run.
var built = sync.OnceValues(func() (*Index, error) {
	dir := os.Getenv("DOSSIER_BENCH_DIR")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "dossier-index-"); err != nil {
			return nil, err
		}
	}
	return Open(dir, Options{})
})

func benchIndex(b *testing.B) (*Index, population) {
	b.Helper()
	p := population{benchSessions(b)}
	ix, err := built()
	if err != nil {
		b.Fatal(err)
	}
	if ix.Stats().Documents == p.n {
		return ix, p
	}
	peak := peakMemory()
	if err := ix.Rebuild(context.Background(), p.all()); err != nil {
		b.Fatal(err)
	}
	st := ix.Stats()
	b.Logf("built %d sessions in %s: %d segments, %d MB on disk, at most %d MB of memory from the system",
		st.Documents, st.BuildTook.Round(time.Millisecond), st.Segments, st.Bytes>>20, peak()>>20)
	return ix, p
}

// peakMemory watches how much memory the process has, until its result is called.
func peakMemory() (stop func() uint64) {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		peak := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.Sys-m.HeapReleased)
			select {
			case <-done:
				result <- peak
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

// A queryKind is one kind of text that people type.
type queryKind struct {
	name string
	text func(s session.Session, r *rand.Rand) string
}

func queryKinds() []queryKind {
	prefix := func(text string, n int) string { return text[:min(n, len(text))] }
	return []queryKind{
		{"no_text", func(session.Session, *rand.Rand) string { return "" }},
		{"one_character", func(s session.Session, _ *rand.Rand) string { return prefix(s.Person.LastName, 1) }},
		{"two_characters", func(s session.Session, _ *rand.Rand) string { return prefix(s.Person.LastName, 2) }},
		{"three_characters", func(s session.Session, _ *rand.Rand) string { return prefix(s.Person.LastName, 3) }},
		{"five_characters", func(s session.Session, _ *rand.Rand) string { return prefix(s.Person.LastName, 5) }},
		{"two_tokens", func(s session.Session, _ *rand.Rand) string {
			return prefix(s.Person.FirstName, 2) + " " + prefix(s.Person.LastName, 3)
		}},
		{"full_name", func(s session.Session, _ *rand.Rand) string { return s.Person.FullName() }},
		{"document_prefix", func(s session.Session, _ *rand.Rand) string { return prefix(s.Person.DocumentNumber, 5) }},
		{"personal_number", func(s session.Session, _ *rand.Rand) string { return s.Person.PersonalNumber }},
		{"reference_prefix", func(s session.Session, _ *rand.Rand) string { return prefix(s.Reference, 9) }},
		{"session_id_prefix", func(s session.Session, r *rand.Rand) string { return prefix(string(s.ID), 4+r.IntN(8)) }},
		{"no_match", func(_ session.Session, r *rand.Rand) string {
			return fmt.Sprintf("wqx%dj%c", r.IntN(1e4), 'a'+r.IntN(26))
		}},
		{"typing_error", func(s session.Session, r *rand.Rand) string {
			name := []byte(strings.ToLower(s.Person.LastName))
			name[1+r.IntN(len(name)-1)] = 'q'
			return string(name)
		}},
	}
}

// eachKind runs search over every kind of query, without and with filters, on the same sessions for
// whichever engine it asks, and reports the percentiles.
func eachKind(b *testing.B, p population, search func(text string, filtered bool) error) {
	for _, kind := range queryKinds() {
		for _, filter := range []string{"", "filtered"} {
			b.Run(strings.TrimSuffix(kind.name+"/"+filter, "/"), func(b *testing.B) {
				r := rand.New(rand.NewPCG(11, 12))
				took := make([]time.Duration, 0, b.N)
				for b.Loop() {
					text := kind.text(p.session(r.IntN(p.n)), r)
					began := time.Now()
					if err := search(text, filter != ""); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(began))
				}
				reportPercentiles(b, took)
			})
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	ix, p := benchIndex(b)
	eachKind(b, p, func(text string, filtered bool) error {
		q := session.Query{Text: text}
		if filtered {
			q.Companies, q.Status = []string{"acme"}, []session.Status{session.Success, session.AwaitingAction}
		}
		_, err := ix.Search(context.Background(), q)
		return err
	})
}

// BenchmarkPages goes from page to page through a frequent prefix.
func BenchmarkPages(b *testing.B) {
	ix, _ := benchIndex(b)
	var took []time.Duration
	q := session.Query{Text: "ma"}
	for b.Loop() {
		began := time.Now()
		found, err := ix.Search(context.Background(), q)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		q.Cursor = found.Next
	}
	reportPercentiles(b, took)
}

// BenchmarkPut changes one session at a time, as a decision does.
func BenchmarkPut(b *testing.B) {
	ix, p := benchIndex(b)
	r := rand.New(rand.NewPCG(13, 14))
	for b.Loop() {
		s := p.session(r.IntN(p.n))
		if err := ix.Put(context.Background(), []session.Session{s}); err != nil {
			b.Fatal(err)
		}
		if err := ix.Delete(context.Background(), []session.ID{s.ID}); err != nil {
			b.Fatal(err)
		}
	}
}

func reportPercentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		at := took[min(len(took)-1, len(took)*p/100)]
		b.ReportMetric(float64(at.Microseconds()), fmt.Sprintf("p%d-µs", p))
	}
	b.ReportMetric(0, "ns/op") // the percentiles say it, without the time to make up a query
}

// BenchmarkOpen opens a complete index: every byte verified, every order made.
func BenchmarkOpen(b *testing.B) {
	ix, _ := benchIndex(b)
	dir := ix.dir
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		again, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if again.NeedsRebuild() {
			b.Fatal("it was not opened but thrown away")
		}
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
