package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dossier/server"
	"dossier/session"
)

const metricsToken = "a token of sixteen"

func someFigures(f server.Figures) func(context.Context) (server.Figures, error) {
	return func(context.Context) (server.Figures, error) { return f, nil }
}

// Metrics are off unless somebody has said who may read them, and hold nothing of a person.
func TestMetrics(t *testing.T) {
	d := demoDesk(t, nil, server.Options{MetricsToken: metricsToken, Figures: someFigures(server.Figures{
		Sessions: 41, Index: server.IndexFigures{Backlog: 7}, Backup: server.BackupFigures{At: time.Unix(1700000000, 0)},
		Commits: server.CommitFigures{Count: 3, Changes: 9, Took: time.Second, Within: map[time.Duration]uint64{time.Millisecond: 2}}})})
	got := d.find(t, "named", func(s session.Session) bool { return s.Person.LastName != "" && s.Person.DocumentNumber != "" })
	d.ask(t, "master", "GET", "/sessions/"+string(got.ID), nil)
	d.ask(t, "master", "GET", "/sessions?q="+got.Person.LastName, nil)
	d.ask(t, "master", "GET", "/nothing/"+got.Person.LastName, nil)
	if res, _ := d.ask(t, "", "GET", "/metrics", nil); res.StatusCode != 401 {
		t.Errorf("without the token: %d, want 401", res.StatusCode)
	}
	if res, _ := d.ask(t, "", "GET", "/metrics", nil, "Authorization", "Bearer wrong"); res.StatusCode != 401 {
		t.Errorf("with a wrong token: %d, want 401", res.StatusCode)
	}
	res, body := d.ask(t, "", "GET", "/metrics", nil, "Authorization", "Bearer "+metricsToken)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("with the token: %d %s\n%.500s", res.StatusCode, res.Header.Get("Content-Type"), body)
	}
	for _, want := range []string{
		`dossier_http_requests_total{method="GET",route="/sessions/:id",status="200"} 1`, `dossier_http_request_seconds_bucket{method="GET",route="/sessions",le="+Inf"} 1`,
		"dossier_sessions 41", "dossier_index_backlog 7", "dossier_backup_timestamp_seconds 1.7e+09", "dossier_alerts_open ", `dossier_list_age_seconds{list="custom"}`,
		`dossier_commit_seconds_bucket{le="0.001"} 2`, "dossier_commit_seconds_count 3", "dossier_up 1", "go_goroutines ", "dossier_rescreening_timestamp_seconds",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("there is no %s", want)
		}
	}
	for _, not := range []string{string(got.ID), got.Person.LastName, got.Person.DocumentNumber, "test.example", "master"} {
		if not != "" && strings.Contains(body, not) {
			t.Errorf("the metrics hold %q", not)
		}
	}
	if res, _ := openDesk(t).ask(t, "", "GET", "/metrics", nil, "Authorization", "Bearer "); res.StatusCode != 404 {
		t.Errorf("where no token is set: %d, want 404", res.StatusCode)
	}
	own := httptest.NewRecorder()
	d.web.MetricsHandler().ServeHTTP(own, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if own.Code != 401 {
		t.Errorf("the address of its own without the token: %d, want 401", own.Code)
	}
	own = httptest.NewRecorder()
	openDesk(t).web.MetricsHandler().ServeHTTP(own, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if own.Code != 200 || !strings.Contains(own.Body.String(), "dossier_build_info") {
		t.Errorf("the address of its own where no token is set: %d, want 200", own.Code)
	}
}

// The page System says what an operator has to know, and every page says what must not wait.
func TestSystemPage(t *testing.T) {
	well := server.Figures{Sessions: 1200, Started: time.Now().Add(-49 * time.Hour), Index: server.IndexFigures{Documents: 1200},
		Disk: server.DiskFigures{Free: 50 << 30, Least: 256 << 20}, Backup: server.BackupFigures{At: time.Now(), File: "x.backup", Sessions: 1200, Bytes: 5 << 30}}
	failed, full, lagging, damaged := well, well, well, well
	damaged.Damage = "A table of the database is damaged."
	failed.Backup.FailedAt, failed.Backup.Reason = time.Now(), "the disk of /b has only 1 MB left"
	full.Disk.Free = 1 << 20
	lagging.Index.Backlog, lagging.Backup = 31, server.BackupFigures{}
	var now server.Figures
	d := demoDesk(t, nil, server.Options{Figures: func(context.Context) (server.Figures, error) { return now, nil }})
	for _, test := range []struct {
		name      string
		f         server.Figures
		page      []string // stands on the page System
		elsewhere string   // stands on every page of a master
	}{
		{"well", well, []string{"Up to date", "50.0 GB", "2 days, 1 hour", "x.backup", "1,200 sessions, 5.0 GB", "None planned"}, ""},
		{"failed", failed, []string{"has only 1 MB left"}, "The last backup failed."},
		{"full", full, []string{"Nothing can be stored"}, "The disk is full"},
		{"damaged", damaged, []string{"A table of the database is damaged."}, "The database is damaged."},
		{"lagging", lagging, []string{"Catching up", "31 sessions", "There is none yet", `hx-trigger="every 2s"`}, ""},
	} {
		now = test.f
		res, body := d.ask(t, "master", "GET", "/settings/system", nil)
		for _, want := range test.page {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %d, without %q", test.name, res.StatusCode, want)
			}
		}
		_, body = d.ask(t, "master", "GET", "/sessions", nil)
		if has := strings.Contains(body, "See System"); has != (test.elsewhere != "") || !strings.Contains(body, test.elsewhere) {
			t.Errorf("%s: the page Sessions has a banner: %v, want %q", test.name, has, test.elsewhere)
		}
		if _, body = d.ask(t, "agent", "GET", "/sessions", nil); strings.Contains(body, "See System") {
			t.Errorf("%s: an agent sees the banner", test.name)
		}
	}
	if res, _ := d.ask(t, "boss", "GET", "/settings/system", nil); res.StatusCode != 403 {
		t.Errorf("a master of one company: %d, want 403", res.StatusCode)
	}
}
