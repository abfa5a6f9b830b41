package server

import (
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// filterOf parses a query string as a handler would.
func filterOf(t testing.TB, query string) filter {
	t.Helper()
	var got filter
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error { got = parseFilter(c); return nil })
	req := httptest.NewRequest("GET", "/", nil)
	req.RequestURI = "/?" + query
	if _, err := app.Test(req, -1); err != nil {
		t.Skip(err) // no HTTP request
	}
	return got
}

func TestFilterQuery(t *testing.T) {
	zone := time.FixedZone("", 4*3600)
	f := filterOf(t, "q=+silva+&status=success&status=rejected&status=success&document=passport&reason=sanctions&nationality=deu,+geo&from=2026-11-01&to=2026-11-02&company=acme")
	q, err := f.query(zone)
	if err != nil {
		t.Fatal(err)
	}
	want := session.Query{Text: "silva", Companies: []string{"acme"}, Status: []session.Status{session.Success, session.Rejected}, Documents: []session.DocumentType{session.Passport},
		Reasons: []string{"sanctions"}, Nations: []string{"DEU", "GEO"}, From: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 11, 3, 0, 0, 0, 0, zone), Limit: pageSize}
	if !reflect.DeepEqual(q, want) {
		t.Errorf("%+v\nwant %+v", q, want)
	}
	if !f.Any() || f.Fine() != 7 {
		t.Errorf("Any %v, Fine %d", f.Any(), f.Fine())
	}
}

func TestFilterProblems(t *testing.T) {
	for query, field := range map[string]string{"status=x": "status", "document=x": "document", "reason=x": "reason", "screening=x": "screening",
		"from=1.1.2026": "from", "to=soon": "to", "from=2026-02-02&to=2026-02-01": "to"} {
		_, err := filterOf(t, query).query(time.UTC)
		if fieldsOf(err)[field] == "" {
			t.Errorf("%s: no problem with %s: %v", query, field, err)
		}
	}
}

// FuzzFilter: the URL of a filter gives the same filter again, and never more than was asked for.
func FuzzFilter(f *testing.F) {
	f.Add("q=silva&status=success&status=&from=2026-11-01&cursor=abc")
	f.Add("q=%zz&company=a%00b&status=a;b")
	f.Fuzz(func(t *testing.T, query string) {
		if strings.ContainsAny(query, "# \r\n") || len(query) > 4000 {
			return
		}
		first := filterOf(t, query)
		first.query(time.UTC)
		again := filterOf(t, first.values().Encode())
		first.broken = false // what could be read of it is written well
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%q gives %+v and the second time %+v", query, first, again)
		}
		if _, err := url.ParseQuery(first.values().Encode()); err != nil {
			t.Error(err)
		}
	})
}
