package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"dossier/demo"
)

// run is dossier on a command line, within the process.
func run(tb testing.TB, args ...string) string {
	tb.Helper()
	var out, problems strings.Builder
	if code := Run(args, &Env{Ctx: context.Background(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &problems}); code != 0 {
		tb.Fatalf("dossier %s: exit %d: %s", strings.Join(args, " "), code, problems.String())
	}
	return out.String()
}

// realLists are the published lists beside the checkout, or none.
func realLists() []string {
	const dir = "../../shared/data/lists/"
	un, _ := filepath.Glob(dir + "un-consolidated-*.xml.gz")
	ofac, _ := filepath.Glob(dir + "ofac-sdn-csv-*")
	return append(un[max(0, len(un)-1):], ofac[max(0, len(ofac)-1):]...)
}

// BenchmarkImport imports b.N invented sessions of some 3 KB, without photos, into a folder where the
// published lists are in force: until all are on disk, and until the search index has them too.
func BenchmarkImport(b *testing.B) {
	dir := b.TempDir()
	data, file := "--data="+filepath.Join(dir, "data"), filepath.Join(dir, "in.ndjson")
	now := time.Now()
	for _, c := range demo.Companies(now) {
		run(b, "company", "add", data, "--name="+c.Name, c.Slug)
	}
	if lists := realLists(); len(lists) > 0 {
		run(b, append([]string{"sanctions", "load", data}, lists...)...)
	} else {
		b.Log("no published lists beside the checkout: nobody is compared with any")
	}
	writeSessions(b, file, now, b.N)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer hardWork.Store(false)
	RunAhead() // as import does
	workHard()
	go holdMemory(b.Context())
	b.ResetTimer()
	var got importTally
	var stored time.Duration
	c := importCmd{storeSettings: storeSettings{Data: filepath.Join(dir, "data")}, Path: file}
	err := c.withBulk(&Env{Ctx: b.Context(), Stdout: io.Discard, Stderr: io.Discard}, func(ctx context.Context, a *appliance) (err error) {
		began := time.Now()
		got, err = c.importFile(ctx, &Env{Stderr: io.Discard}, a, file, "")
		stored = time.Since(began)
		return err
	})
	if err != nil || got.Imported != b.N {
		b.Fatalf("%+v, %v", got, err)
	}
	b.ReportMetric(float64(b.N)/stored.Seconds(), "stored/s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
	b.ReportMetric(0, "ns/op")
}

func writeSessions(tb testing.TB, path string, now time.Time, n int) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for i := range n {
		sub := demo.Invent(now, 7, i).Submission
		sub.Extra, sub.Finish = nil, true // the bare companies define no fields
		line, err := json.Marshal(sub)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	size, _ := f.Seek(0, io.SeekCurrent)
	tb.Logf("%d sessions, %d bytes each", n, int(size)/max(1, n))
}
