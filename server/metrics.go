package server

import (
	"context"
	"crypto/subtle"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dossier/session"
)

// metrics are what /metrics tells. Labels are routes, statuses and ids of lists: nothing of a person, and
// as many as the program has, whatever is asked for.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

// requestBuckets are close together where pages are promised to be answered.
var requestBuckets = []float64{.0005, .001, .0015, .002, .003, .004, .005, .0075, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}

func newMetrics(s *Server) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dossier_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dossier_http_request_seconds", Help: "How long requests took.", Buckets: requestBuckets}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), gatherer{s})
	return m
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(method, route).Observe(took.Seconds())
}

// MetricsHandler answers with the metrics on an address of their own. It asks for the token, if one is set.
func (s *Server) MetricsHandler() http.Handler {
	inner := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/metrics":
			http.NotFound(w, r)
		case s.o.MetricsToken != "" && !s.hasToken(r.Header.Get(fiber.HeaderAuthorization)):
			http.Error(w, "This needs the metrics token as a bearer.", http.StatusUnauthorized)
		default:
			inner.ServeHTTP(w, r)
		}
	})
}

// showMetrics answers GET /metrics, for whoever has the token. Without one it is as if it was not there.
func (s *Server) showMetrics(c *fiber.Ctx) error {
	if s.o.MetricsToken == "" {
		return fiber.ErrNotFound
	}
	if !s.hasToken(c.Get(fiber.HeaderAuthorization)) {
		return &session.Error{Code: session.Unauthorized, Op: "server.showMetrics", Message: "This needs the metrics token as a bearer."}
	}
	return adaptor.HTTPHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))(c)
}

func (s *Server) hasToken(header string) bool {
	token, bearer := strings.CutPrefix(header, "Bearer ")
	return bearer && subtle.ConstantTimeCompare([]byte(token), []byte(s.o.MetricsToken)) == 1
}

// A gatherer reads the figures when they are asked for.
type gatherer struct{ s *Server }

// Describe says nothing: which figures there are depends on the installation.
func (gatherer) Describe(chan<- *prometheus.Desc) {}

// gatherTime is how long gathering may take.
const gatherTime = 10 * time.Second

// Collect sends the figures of now.
func (g gatherer) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gatherTime)
	defer cancel()
	gauge := func(name, help string, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(described(name, help, labels), prometheus.GaugeValue, value, labelValues(labels)...)
	}
	counter := func(name, help string, value float64) {
		out <- prometheus.MustNewConstMetric(described(name, help, nil), prometheus.CounterValue, value)
	}
	gauge("build_info", "1, with the version.", 1, "version", g.s.o.Version)
	f, err := g.s.figures(ctx)
	gauge("up", "Whether the figures below could be read.", flag(err == nil))
	if err != nil {
		g.s.o.Log.Error("metrics", "err", err)
		return
	}
	g.store(f, gauge, counter)
	out <- prometheus.MustNewConstHistogram(described("commit_seconds", "How long transactions took to be durable.", nil),
		f.Commits.Count, f.Commits.Took.Seconds(), buckets(f.Commits.Within))
	if err := g.domain(ctx, gauge); err != nil {
		g.s.o.Log.Error("metrics", "err", err)
	}
}

type gaugeFunc func(name, help string, value float64, labels ...string)

func (g gatherer) store(f Figures, gauge gaugeFunc, counter func(name, help string, value float64)) {
	gauge("sessions", "Sessions stored.", float64(f.Sessions))
	counter("sessions_created_total", "Sessions taken in since the start.", float64(f.Created))
	counter("store_changes_total", "Changes stored since the start; one transaction takes several.", float64(f.Commits.Changes))
	gauge("store_tree_bytes", "Size of the database's tables.", float64(f.Disk.Tree))
	gauge("store_value_log_bytes", "Size of the database's value log.", float64(f.Disk.Values))
	gauge("store_schema", "Schema of the database.", float64(f.Schema))
	gauge("store_damaged", "1 where the daily check of the database has found a damage.", flag(f.Damage != ""))
	gauge("disk_free_bytes", "Free bytes on the disk of the data folder.", float64(f.Disk.Free))
	gauge("disk_least_bytes", "Free bytes below which nothing is stored.", float64(f.Disk.Least))
	gauge("index_documents", "Sessions that a search can find.", float64(f.Index.Documents))
	gauge("index_segments", "Parts of the search index.", float64(f.Index.Segments))
	gauge("index_bytes", "Size of the search index.", float64(f.Index.Bytes))
	gauge("index_backlog", "Sessions that the search index has not taken in yet.", float64(f.Index.Backlog))
	gauge("index_building", "1 while the search index is rebuilt.", flag(f.Index.Building))
	gauge("index_needs_rebuild", "1 while the search index cannot be trusted.", flag(f.Index.NeedsRebuild))
	counter("index_errors_total", "Errors in the background of the search index since the start.", float64(f.Index.Errors))
	gauge("webhook_queue", "Deliveries of webhooks that wait.", float64(f.Hooks))
	gauge("backup_timestamp_seconds", "When the last good backup was made, 0 for never.", unix(f.Backup.At))
	gauge("backup_sessions", "Sessions in the last good backup.", float64(f.Backup.Sessions))
	gauge("backup_bytes", "Size of the last good backup.", float64(f.Backup.Bytes))
	gauge("backup_failed", "1 if the last backup failed.", flag(!f.Backup.FailedAt.IsZero()))
}

// domain adds what the sessions' service knows.
func (g gatherer) domain(ctx context.Context, gauge gaugeFunc) error {
	now := g.s.o.Now()
	lists, err := g.s.o.Sessions.Lists(session.System)
	if err != nil {
		return err
	}
	for _, l := range lists {
		gauge("list_age_seconds", "Since the list was last confirmed by its source.", now.Sub(l.Checked).Seconds(), "list", l.ID)
		gauge("list_entries", "Entries of the list.", float64(l.Entries), "list", l.ID)
		gauge("list_stale", "1 where nobody is called clear because of the list's age.", flag(l.Stale(now, g.s.o.Sessions.StaleAfter())), "list", l.ID)
	}
	open, err := g.s.o.Sessions.OpenAlerts(ctx, session.System, math.MaxInt)
	if err != nil {
		return err
	}
	gauge("alerts_open", "Alerts that wait for somebody.", float64(open))
	runs, err := g.s.o.Sessions.RunRecords(ctx, session.System, 1)
	if err != nil || len(runs) == 0 {
		return err
	}
	gauge("rescreening_timestamp_seconds", "When the newest re-screening began.", unix(runs[0].StartedAt))
	gauge("rescreening_failed", "Persons that the newest re-screening could not screen.", float64(runs[0].Failed))
	gauge("rescreening_running", "1 while a re-screening is under way.", flag(runs[0].Status == session.RunRunning))
	return nil
}

// described gives a metric its full name. Labels come in pairs of name and value.
func described(name, help string, labels []string) *prometheus.Desc {
	var names []string
	for i := 0; i < len(labels); i += 2 {
		names = append(names, labels[i])
	}
	return prometheus.NewDesc("dossier_"+name, help, names, nil)
}

func labelValues(labels []string) (values []string) {
	for i := 1; i < len(labels); i += 2 {
		values = append(values, labels[i])
	}
	return values
}

func buckets(within map[time.Duration]uint64) map[float64]uint64 {
	seconds := map[float64]uint64{}
	for most, n := range within {
		seconds[most.Seconds()] = n
	}
	return seconds
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}
