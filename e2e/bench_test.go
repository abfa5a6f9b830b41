package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/demo"
	"dossier/session"
)

// BenchmarkPages asks a running desk over HTTP, and reports the median and the 99th percentile in the
// eyes of the client. DOSSIER_BENCH_SESSIONS, such as 100000, is how many sessions it holds.
func BenchmarkPages(b *testing.B) {
	d := openDesk(b)
	n, _ := strconv.Atoi(os.Getenv("DOSSIER_BENCH_SESSIONS"))
	if n > 0 {
		if err := demo.Seed(context.Background(), d.sessions, d.clock, demo.SeedOptions{Now: time.Now(), Sessions: n}); err != nil {
			b.Fatal(err)
		}
		if err := d.sessions.CatchUp(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	got := d.find(b, "with photos", func(s session.Session) bool { return len(s.Photos) > 2 })
	one := "/sessions/" + string(got.ID)
	for name, target := range map[string]string{"list": "/sessions", "search": "/sessions?q=s", "details": one, "tab": one + "/attempts",
		"thumbnail": one + "/photos/" + got.Photos[0].SHA256 + "?w=160", "pdf": one + "/report.pdf", "style": "/static/app.css"} {
		b.Run(fmt.Sprintf("%s/sessions=%d", name, n), func(b *testing.B) { d.measure(b, target, strings.HasPrefix(name, "search")) })
	}
}

func (d *desk) measure(b *testing.B, target string, htmx bool) {
	var took []time.Duration
	for b.Loop() {
		req, err := http.NewRequest("GET", d.url+target, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: cookieName, Value: d.tokens["master"]})
		if htmx {
			req.Header.Set("HX-Request", "true")
		}
		started := time.Now()
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		took = append(took, time.Since(started))
		if res.StatusCode != 200 {
			b.Fatalf("status %d", res.StatusCode)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
