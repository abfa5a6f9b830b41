package server

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// maxSearch bounds the text of a search, in characters.
const maxSearch = 200

// A filter is what the query string of a list asks for, as typed. Its URL says the same again.
type filter struct {
	Text, Company, Nation, From, To     string
	Status, Document, Reason, Screening []string
	Approval                            bool // only what awaits approval
	Cursor                              string
	broken                              bool // the query string cannot be read whole, so that it asks for who knows what
}

func parseFilter(c *fiber.Ctx) filter {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString())) // gives what could be read, in any case
	text := func(name string) string { return clip(strings.TrimSpace(q.Get(name)), maxSearch) }
	return filter{
		Text: text("q"), Company: text("company"), Nation: strings.ToUpper(text("nationality")), From: text("from"), To: text("to"),
		Status: nonEmpty(q["status"]), Document: nonEmpty(q["document"]), Reason: nonEmpty(q["reason"]), Screening: nonEmpty(q["screening"]),
		Approval: text("approval") != "", Cursor: text("cursor"), broken: err != nil,
	}
}

// nonEmpty leaves out what is blank or repeated, which would stand in every link of the page; nothing
// left is nil.
func nonEmpty(values []string) []string {
	var kept []string
	for _, v := range values {
		if strings.TrimSpace(v) != "" && !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// query is the search that f asks for, or what is wrong with it. Days are whole days in zone.
func (f filter) query(zone *time.Location) (session.Query, error) {
	var bad session.Fields
	if f.broken {
		bad.Add("q", "The address is malformed: a filter in it cannot be read. Write ; as %3B and % as %25.")
	}
	q := session.Query{Text: f.Text, Cursor: f.Cursor, Limit: pageSize, Proposed: f.Approval}
	if f.Company != "" {
		q.Companies = []string{f.Company}
	}
	if f.Nation != "" {
		q.Nations = strings.FieldsFunc(f.Nation, func(r rune) bool { return r == ',' || r == ' ' })
	}
	q.Status = known(&bad, "status", f.Status, session.Statuses)
	q.Documents = known(&bad, "document", f.Document, session.DocumentTypes)
	q.Screening = known(&bad, "screening", f.Screening, session.ScreeningStatuses)
	q.Reasons = known(&bad, "reason", f.Reason, reasonCodes())
	q.From = dayIn(&bad, "from", f.From, zone)
	if q.To = dayIn(&bad, "to", f.To, zone); !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1)
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		bad.Add("to", "This is before the first day.")
	}
	return q, bad.Err("server.filter")
}

// known keeps the values that there are, and notes the others as problems.
func known[T ~string](bad *session.Fields, field string, values []string, all []T) []T {
	var kept []T
	for _, v := range values {
		if !slices.Contains(all, T(v)) {
			bad.Add(field, "There is no "+field+" "+clip(v, 40)+".")
			continue
		}
		kept = append(kept, T(v))
	}
	return kept
}

func reasonCodes() []string {
	codes := make([]string, len(session.ReasonNames))
	for i, r := range session.ReasonNames {
		codes[i] = r.Code
	}
	return codes
}

func dayIn(bad *session.Fields, field, text string, zone *time.Location) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		bad.Add(field, "Write the day as YYYY-MM-DD.")
	}
	return t
}

// values are the query string of f, without what is empty.
func (f filter) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"q": f.Text, "company": f.Company, "nationality": f.Nation, "from": f.From, "to": f.To, "cursor": f.Cursor} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if f.Approval {
		v.Set("approval", "yes")
	}
	for name, texts := range map[string][]string{"status": f.Status, "document": f.Document, "reason": f.Reason, "screening": f.Screening} {
		if len(texts) > 0 {
			v[name] = texts
		}
	}
	return v
}

// first is f on the first page.
func (f filter) first() filter {
	f.Cursor = ""
	return f
}

// with is path with f and one more name and value as its query string.
func (f filter) with(path, name, value string) string {
	v := f.values()
	v.Set(name, value)
	return path + "?" + v.Encode()
}

// at is path with f as its query string.
func (f filter) at(path string) string { return withQuery(path, f.values()) }

// withQuery is path with a query string, if there is any.
func withQuery(path string, v url.Values) string {
	if q := v.Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// Any reports whether f narrows the list at all.
func (f filter) Any() bool { return len(f.first().values()) > 0 }

// Fine reports how many of the finer filters, those behind the disclosure, are set.
func (f filter) Fine() int {
	f.Cursor, f.Text, f.Company = "", "", ""
	n := 0
	for _, v := range f.values() {
		n += len(v)
	}
	return n
}

// An option is a value that a filter may take.
type option struct {
	Value, Name string
	On          bool
}

func options[T ~string](all []T, name func(T) string, on []string) []option {
	list := make([]option, len(all))
	for i, v := range all {
		list[i] = option{string(v), name(v), slices.Contains(on, string(v))}
	}
	return list
}
