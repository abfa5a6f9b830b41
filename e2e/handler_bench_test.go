package e2e

import (
	"testing"

	"dossier/session"
)

// BenchmarkHandlers renders pages without a network, in memory: what a page allocates, of which the test's own
// request and answer are those of "nothing".
func BenchmarkHandlers(b *testing.B) {
	d := openDesk(b)
	details := func(what string, ok func(session.Session) bool) string {
		return "/sessions/" + string(d.find(b, what, ok).ID)
	}
	for _, page := range []struct{ name, target string }{
		{"nothing", "/healthz"},
		{"details", details("decided, without photos", func(s session.Session) bool {
			return s.Status == session.Success && len(s.Photos) == 0 && len(s.Document.MRZ) > 0
		})},
		{"pictured", details("decided, with photos", func(s session.Session) bool { return s.Status == session.Success && len(s.Photos) > 2 })},
		{"awaiting", details("undecided, with photos", func(s session.Session) bool { return s.Status == session.AwaitingAction && len(s.Photos) > 2 })},
		{"list", "/sessions"},
		{"search", "/sessions?q=an"},
	} {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if res, body := d.ask(b, "master", "GET", page.target, nil); res.StatusCode != 200 {
					b.Fatalf("%d: %s", res.StatusCode, body)
				}
			}
		})
	}
}
