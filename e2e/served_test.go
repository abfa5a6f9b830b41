package e2e

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"dossier/cli"
)

// asProgram makes the test binary the program itself, for benchmarks that ask a server in a process of its own.
const asProgram = "TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(os.Args[1:], &cli.Env{Ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
}

// A served program runs until the test ends.
type served struct{ url string }

// serve starts the program, and waits until it listens. What it logs goes to a file, as it does elsewhere.
func serve(b *testing.B, args ...string) *served {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(os.Args[0], slices.Concat([]string{"serve", "--addr", "127.0.0.1:0"}, args)...)
	ours := func(pair string) bool { return strings.HasPrefix(pair, "DOSSIER_BENCH_") } // the program refuses settings that it does not know
	cmd.Env = append(slices.DeleteFunc(os.Environ(), ours), asProgram+"=1")
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err = cmp.Or(err, cmd.Start()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()); err != nil {
			b.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			go io.Copy(io.Discard, out)
			return &served{url: url}
		}
	}
	said, _ := os.ReadFile(log.Name())
	b.Fatalf("the server never listened; it said %s", said)
	return nil
}

// handled is how many requests the server has answered within so many seconds since it started, by its own
// clock: from the header's arrival until the answer is ready to be sent.
type handled map[float64]float64

var requestBucket = regexp.MustCompile(`(?m)^dossier_http_request_seconds_bucket\{.*route="(.*)",le="(.*)"\} (\d+)$`)

// handled asks the server's metrics.
func (s *served) handled(b *testing.B) handled {
	b.Helper()
	req, err := http.NewRequest("GET", s.url+"/metrics", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+metricsToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	h := handled{}
	for _, m := range requestBucket.FindAllStringSubmatch(string(body), -1) {
		within, err := strconv.ParseFloat(strings.Replace(m[2], "+Inf", "Inf", 1), 64)
		n, countErr := strconv.ParseFloat(m[3], 64)
		if err = cmp.Or(err, countErr); err != nil {
			b.Fatal(err)
		}
		if m[1] != "/metrics" {
			h[within] += n
		}
	}
	return h
}

// since is what was answered after before.
func (h handled) since(before handled) handled {
	for within := range h {
		h[within] -= before[within]
	}
	return h
}

// report says in how much time the share of the requests was answered, in a straight line between the
// steps at which the server counts.
func (h handled) report(b *testing.B) {
	b.Helper()
	for _, p := range []float64{50, 95, 99} {
		b.ReportMetric(1000*h.percentile(p), fmt.Sprintf("server-p%g-ms", p))
	}
}

func (h handled) percentile(p float64) float64 {
	want := h[math.Inf(1)] * p / 100
	below, n := 0.0, 0.0
	for _, within := range slices.Sorted(maps.Keys(h)) {
		if h[within] >= want && h[within] > n {
			return below + (within-below)*(want-n)/(h[within]-n)
		}
		below, n = within, h[within]
	}
	return below
}
