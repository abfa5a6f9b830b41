package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/cli"
	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// loadRealLists brings the published lists beside the checkout into force, and says how many entries
// there are to compare with.
func loadRealLists(b *testing.B, d *desk) (entries int) {
	b.Helper()
	const dir = "../../shared/data/lists/"
	un, _ := filepath.Glob(dir + "un-consolidated-*.xml.gz")
	consolidated, _ := filepath.Glob(dir + "ofac-nonsdn-consolidated-*.xml.gz")
	for _, file := range slices.Concat(un[max(0, len(un)-1):], consolidated[max(0, len(consolidated)-1):]) {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		change, err := d.sessions.UpdateList(context.Background(), session.System, session.ListUpdate{Source: file, Raw: raw})
		if err != nil {
			b.Fatal(err)
		}
		entries += change.Record.Entries
	}
	return entries
}

// BenchmarkIngest hands b.N sessions of some 3 KB in over the API, from 16 clients in this process, into
// a store on disk. Every answer says 201: the session is durable then.
func BenchmarkIngest(b *testing.B) {
	const clients = 16
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	cli.RunAhead() // as serve does
	d, err := newDeskIn(b.TempDir(), false, server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := d.stop(); err != nil {
			b.Error(err)
		}
	}()
	now := time.Now()
	for _, c := range demo.Companies(now) {
		if _, err := d.sessions.SaveCompany(b.Context(), session.System, c, "for the benchmark"); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("compared with %d entries", loadRealLists(b, d))
	keys := d.keys(b)
	bodies, size := make([][]byte, b.N), 0
	for i := range bodies {
		sub := demo.Invent(now, 11, i).Submission
		sub.Finish = true
		addAttempts(&sub, 3)
		if bodies[i], err = json.Marshal(sub); err != nil {
			b.Fatal(err)
		}
		size += len(bodies[i])
	}
	b.Logf("%d bytes a body", size/b.N)
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	var next atomic.Int64
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			client := &http.Client{Transport: transport}
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := post(client, d.url+"/api/v1/sessions", keys, bodies[i]); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
	b.ReportMetric(0, "ns/op")
	reportPercentiles(b, took)
}

// addAttempts puts n failed attempts before the one that sub tells of, which makes it as long as they get.
func addAttempts(sub *session.Submission, n int) {
	a := session.Attempt{Outcome: "failed", Reason: "The lower part of the picture was blurred, where the machine readable zone is, and glare hid the portrait."}
	if sub.Document != nil {
		a.Document = *sub.Document
	}
	if sub.Checks != nil {
		a.Checks = *sub.Checks
	}
	for range n {
		sub.Attempts = append(sub.Attempts, a)
	}
}

// keys makes an API key for each of the demo's companies, and returns them by company.
func (d *desk) keys(tb testing.TB) map[string]string {
	tb.Helper()
	keys := map[string]string{}
	for _, company := range []string{demo.Acme, demo.Orbit} {
		_, secret, err := d.staff.AddKey(tb.Context(), staff.Operator, staff.Key{Name: company, Company: company, Write: true})
		if err != nil {
			tb.Fatal(err)
		}
		keys[company] = secret
	}
	return keys
}

func post(client *http.Client, url string, keys map[string]string, body []byte) error {
	company := demo.Acme
	if bytes.Contains(body, []byte(`"company":"`+demo.Orbit+`"`)) {
		company = demo.Orbit
	}
	req, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+keys[company])
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%d: %s", res.StatusCode, answer)
	}
	return err
}

func reportPercentiles(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(took[min(len(took)-1, len(took)*p/100)].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
}
