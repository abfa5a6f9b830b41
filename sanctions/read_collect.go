package sanctions

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxProblems is how many problems a list tells one by one; the rest is counted.
const maxProblems = 1000

// A collector gathers the entries of one list as its reader meets them.
type collector struct {
	list    List
	at      map[string]int // entry id → place in list.Records
	skipped int            // records that were left out
}

func newCollector(id string) *collector {
	return &collector{list: List{ListInfo: ListInfo{ID: id}}, at: map[string]int{}}
}

// A place is where in the file something stands: a line or a byte offset.
type place struct {
	line   int
	offset int64
}

// add takes an entry in. An id that came before means another row of the same entry: what both say is
// kept.
func (c *collector) add(e Entry, p place) {
	e.ID = tidy(e.ID)
	if e.ID == "" {
		c.skip(p, "", "a record without an id is left out")
		return
	}
	i, known := c.at[e.ID]
	if !known {
		c.at[e.ID] = len(c.list.Records)
		c.list.Records = append(c.list.Records, e)
		return
	}
	c.list.Records[i].merge(e)
}

// merge adds what another row says of the same entry.
func (e *Entry) merge(o Entry) {
	e.FormerIDs = append(e.FormerIDs, o.FormerIDs...)
	e.Names = append(e.Names, o.Names...)
	e.Births = append(e.Births, o.Births...)
	e.BirthPlaces = append(e.BirthPlaces, o.BirthPlaces...)
	e.Nationalities = append(e.Nationalities, o.Nationalities...)
	e.Sexes = append(e.Sexes, o.Sexes...)
	e.Documents = append(e.Documents, o.Documents...)
	e.Addresses = append(e.Addresses, o.Addresses...)
	e.Programs = append(e.Programs, o.Programs...)
	if e.ListedOn == "" || o.ListedOn != "" && o.ListedOn < e.ListedOn {
		e.ListedOn = o.ListedOn
	}
	for part := range strings.SplitSeq(o.Remarks, "; ") {
		if len(e.Remarks)+len(part) < maxRemarks && !strings.Contains(e.Remarks, part) {
			e.remark(part)
		}
	}
	if e.SourceURL == "" {
		e.SourceURL = o.SourceURL
	}
}

// skip reports a record that is left out.
func (c *collector) skip(p place, entry, text string) {
	c.skipped++
	c.note(p, entry, text)
}

// note reports a record that is taken in part.
func (c *collector) note(p place, entry, text string) {
	if len(c.list.Problems) >= maxProblems {
		c.list.Unsaid++
		return
	}
	c.list.Problems = append(c.list.Problems, Problem{Line: p.line, Offset: p.offset, Entry: entry, Text: text})
}

// addBirth reads a birth date into e. What cannot be read stays in the remarks, and is reported.
func (c *collector) addBirth(e *Entry, text string, p place) {
	text = tidy(text)
	if text == "" || text == "-" {
		return
	}
	dates := ParseDates(text)
	e.Births = append(e.Births, dates...)
	if len(dates) == 0 {
		e.remark("Birth: " + text)
		c.note(p, e.ID, fmt.Sprintf("birth date %q is not understood; it stands in the remarks", short(text)))
	}
}

// published notes the date of the list, which is also its version unless the publisher has another.
func (c *collector) published(t time.Time, version string) {
	c.list.Published = t
	c.list.Version = version
}

// finish tidies the entries and refuses a list that holds none. id, if not empty, is the list's id.
func (c *collector) finish(id string) (List, error) {
	l := &c.list
	if id != "" {
		l.ID = id
	}
	kept := l.Records[:0]
	for i := range l.Records {
		e := &l.Records[i]
		e.List = l.ID
		e.finish()
		if len(e.Names) == 0 {
			c.skip(place{}, e.ID, "the entry has no name and is left out")
			continue
		}
		kept = append(kept, *e)
	}
	clear(l.Records[len(kept):])
	l.Records = kept
	l.Entries = len(kept)
	if l.Version == "" && !l.Published.IsZero() {
		l.Version = l.Published.UTC().Format(time.DateOnly)
	}
	if len(kept) == 0 {
		return List{}, &FileError{Text: "the list is empty: it has no entry that can be read; fetch it again"}
	}
	// One bad record in ten is no longer a misprint: columns have moved or the text is damaged.
	if c.skipped > 10 && c.skipped*9 > len(kept) {
		first := l.Problems[0]
		return List{}, &FileError{Line: first.Line, Offset: first.Offset,
			Text: fmt.Sprintf("%d records cannot be read and only %d can; the first problem: %s", c.skipped, len(kept), first.Text)}
	}
	return *l, nil
}

// finish tidies every field and drops what is empty or said twice.
func (e *Entry) finish() {
	e.finishNames()
	if e.Topic == "" {
		e.Topic = TopicSanction
	}
	e.FormerIDs = slices.DeleteFunc(distinct(e.FormerIDs), func(id string) bool { return id == e.ID })
	e.BirthPlaces = distinct(e.BirthPlaces)
	e.Sexes = distinct(e.Sexes)
	e.Addresses = distinct(e.Addresses)
	e.Programs = distinct(e.Programs)
	for i, n := range e.Nationalities {
		e.Nationalities[i] = countryOrText(tidy(n))
	}
	e.Nationalities = distinct(e.Nationalities)
	e.Births = distinctFunc(e.Births, func(d Date) Date { d.Text = ""; return d })
	e.finishDocuments()
	e.Remarks = strings.TrimSpace(e.Remarks)
}

// finishNames puts the primary name first. A name that comes twice is strong if it is so once, and
// keeps the parts that it has anywhere.
func (e *Entry) finishNames() {
	at := make(map[string]int, len(e.Names))
	names := e.Names[:0]
	for _, n := range e.Names {
		n.tidy()
		if n.Full == "" {
			continue
		}
		i, known := at[n.Full]
		if !known {
			at[n.Full] = len(names)
			names = append(names, n)
			continue
		}
		names[i] = sameName(names[i], n)
	}
	slices.SortStableFunc(names, func(a, b Name) int { return rank(a.Kind) - rank(b.Kind) })
	e.Names = slices.Clip(names)
	if len(names) > 0 && names[0].Kind != Primary {
		names[0].Kind, names[0].Weak = Primary, false
	}
}

func rank(k NameKind) int {
	if k == Primary {
		return 0
	}
	return 1
}

// sameName is one name that two records give.
func sameName(a, b Name) Name {
	a.Weak = a.Weak && b.Weak
	if rank(b.Kind) < rank(a.Kind) {
		a.Kind = b.Kind
	}
	if a.Family == "" && a.Given == "" {
		a.Given, a.Middle, a.Patronymic, a.Family = b.Given, b.Middle, b.Patronymic, b.Family
	}
	if a.Title == "" {
		a.Title = b.Title
	}
	return a
}

// tidy cleans every part; a full name that is missing is made of the parts, given names first.
func (n *Name) tidy() {
	for _, part := range []*string{&n.Full, &n.Given, &n.Middle, &n.Patronymic, &n.Family, &n.Title} {
		*part = tidy(*part)
	}
	if n.Full == "" {
		n.Full = joinName(n.Given, n.Middle, n.Patronymic, n.Family)
	}
	if n.Given+n.Middle+n.Patronymic == "" || n.Family == "" { // one part alone says nothing about the whole
		n.Given, n.Middle, n.Patronymic, n.Family = "", "", "", ""
	}
	if n.Kind == "" {
		n.Kind = Alias
	}
	n.Script = isoScript(n.Full)
}

func (e *Entry) finishDocuments() {
	documents := e.Documents[:0]
	for _, d := range e.Documents {
		d.Kind, d.Number, d.Note = strings.Trim(tidy(d.Kind), " :"), tidy(d.Number), tidy(d.Note)
		if digits := imoNumber(d.Number); strings.HasPrefix(d.Number, "IMO") && len(digits) == 7 {
			d.Kind, d.Number = "IMO number", digits
		}
		d.Country = countryOrText(tidy(d.Country))
		if hasDigit(d.Number) { // without one it is "-" or a remark
			documents = append(documents, d)
		}
	}
	e.Documents = distinctFunc(documents, func(d Document) Document { d.Note = ""; return d })
}

// distinct cleans texts and keeps the first of each.
func distinct(texts []string) []string {
	for i, s := range texts {
		texts[i] = tidy(s)
	}
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	return distinctFunc(texts, func(s string) string { return s })
}

// distinctFunc keeps the first of all values that have the same key, in their order.
func distinctFunc[T any, K comparable](values []T, key func(T) K) []T {
	if len(values) < 2 {
		return values
	}
	seen := make(map[K]bool, len(values))
	return slices.DeleteFunc(values, func(v T) bool {
		k := key(v)
		again := seen[k]
		seen[k] = true
		return again
	})
}

// maxRemarks is the most that the remarks of an entry grow to, in bytes. The longest in real lists, of
// entries with hundreds of currency addresses, have about 20 KB.
const maxRemarks = 128 << 10

// remark adds to the remarks of an entry, as long as they do not grow too long.
func (e *Entry) remark(parts ...string) {
	for _, s := range parts {
		switch s = tidy(s); {
		case s == "" || len(e.Remarks)+len(s) > maxRemarks:
		case e.Remarks == "":
			e.Remarks = s
		default:
			e.Remarks += "; " + s
		}
	}
}

// joinNotes puts notes or remarks together.
func joinNotes(parts ...string) string {
	var e Entry
	e.remark(parts...)
	return e.Remarks
}

// short is text as it may stand in a message.
func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:57]) + "..."
	}
	return s
}
