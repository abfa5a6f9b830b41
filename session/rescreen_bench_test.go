package session_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dossier/demo"
	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

// BenchmarkRescreen measures a run of everybody against the real UN and OFAC lists where they are at
// hand, a second one that finds nothing new, and a run over a change of 50 entries. It seeds
// DOSSIER_BENCH_SESSIONS sessions, 5,000 by default, or takes the data folder DOSSIER_BENCH_DATA, which
// it changes: give it a copy.
func BenchmarkRescreen(b *testing.B) {
	for b.Loop() {
		d := benchDesk(b)
		own := []byte(listHead) // the run over everybody is then the first, which finds nobody screened
		for n := range 50 {
			own = fmt.Appendf(own, "B-%d,person,Person Invented%d,,19%02d-01-01,,,EXAMPLE\n", n, n, 40+n)
		}
		d.update(b, session.ListUpdate{List: "custom", Source: "own.csv", Raw: own, Force: true})
		if raw, err := os.ReadFile("../../shared/data/lists/un-consolidated-2026-02-27.xml.gz"); err == nil {
			d.update(b, session.ListUpdate{List: "un_sc", Source: "un.xml.gz", Raw: raw, Force: true})
			d.update(b, session.ListUpdate{List: "ofac_sdn", Source: "ofac.zip", Raw: ofacSet(b), Force: true})
		} else {
			b.Log("the real lists are not at hand: the run is against invented entries")
		}
		d.measure(b, "all")
		if _, err := d.Rescreen(b.Context(), session.System, "manual"); err != nil {
			b.Fatal(err)
		}
		d.measure(b, "again")
		d.update(b, session.ListUpdate{List: "custom", Source: "own.csv", Raw: bytes.ReplaceAll(own, []byte("Invented"), []byte("Dreamtof"))})
		d.measure(b, "changes")
	}
}

// ofacSet is the OFAC CSV set as one archive.
func ofacSet(b *testing.B) []byte {
	b.Helper()
	files, err := filepath.Glob("../../shared/data/lists/ofac-sdn-csv-2021-mid/*.csv*")
	if err != nil {
		b.Fatal(err)
	}
	set := map[string][]byte{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		if name := session.SetPart(filepath.Base(file)); name != "" {
			set[name] = raw
		}
	}
	raw, err := session.PackSet(set)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}

func (d *desk) update(b *testing.B, u session.ListUpdate) {
	b.Helper()
	if _, err := d.UpdateList(b.Context(), session.System, u); err != nil {
		b.Fatal(err)
	}
}

// measure carries out the run that waits, and reports persons a second, by the clock and by the
// processor time of one core.
func (d *desk) measure(b *testing.B, name string) {
	b.Helper()
	began, used := time.Now(), cpuTime()
	if err := d.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
	run, ran := time.Since(began), cpuTime()-used
	if err := d.catchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	runs, err := d.RunRecords(b.Context(), session.System, 1)
	if err != nil || runs[0].Status != session.RunDone || !runs[0].Whole() {
		b.Fatal(err, runs)
	}
	took, cpu := time.Since(began), cpuTime()-used
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	rss, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(rss), "VmHWM:")
	peak, _, _ = strings.Cut(strings.TrimSpace(peak), "\n")
	n := float64(runs[0].Population)
	b.Logf("%s: %d persons, %d alerts, run %s and %.1f µs of one core each, with the index %s and %.1f µs, heap %d MB, peak %s",
		name, runs[0].Population, runs[0].Alerts, run.Round(time.Millisecond), float64(ran.Microseconds())/n,
		took.Round(time.Millisecond), float64(cpu.Microseconds())/n, m.HeapInuse>>20, peak)
	b.ReportMetric(n/took.Seconds(), name+"-persons/s")
}

// catchUp indexes what is marked, as a command does before it ends.
func (d *desk) catchUp(ctx context.Context) error {
	if d.index.NeedsRebuild() {
		return d.Reindex(ctx, session.System)
	}
	return d.CatchUp(ctx)
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchDesk is a desk on disk with people in it.
func benchDesk(b *testing.B) *desk {
	b.Helper()
	dir, n := os.Getenv("DOSSIER_BENCH_DATA"), 0
	if dir == "" {
		if n, _ = strconv.Atoi(os.Getenv("DOSSIER_BENCH_SESSIONS")); n == 0 {
			n = 5000
		}
		dir = b.TempDir()
	}
	db, err := kv.Open(filepath.Join(dir, "store"), kv.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	ix, err := index.Open(filepath.Join(dir, "index"), index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ix.Close() })
	clock := &demo.Clock{}
	d := &desk{db: db, index: ix, Service: session.NewService(session.Options{Store: db, Index: ix, Now: clock.Now})}
	ctx := context.Background()
	if err := d.Start(ctx); err != nil {
		b.Fatal(err)
	}
	if n > 0 { // without lists: nobody is screened yet
		for _, c := range demo.Companies(time.Now()) {
			if _, err := d.SaveCompany(ctx, session.System, c, "bench"); err != nil {
				b.Fatal(err)
			}
		}
		if err := demo.Seed(ctx, d.Service, clock, demo.SeedOptions{Now: time.Now(), Sessions: n, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(d.Drain(ctx), d.catchUp(ctx)); err != nil {
		b.Fatal(err)
	}
	return d
}
