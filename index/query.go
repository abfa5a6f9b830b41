package index

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// Bounds of a search.
const (
	maxText      = 200 // characters
	maxTokens    = 12
	defaultLimit = 25
	maxLimit     = 200
)

// A query is a checked [session.Query], ready to be put to every segment.
type query struct {
	tokens  int     // atoms of the text
	groups  []group // every run of tokens that may be one word of a session
	filters [][]string
	started *span // when, nil for any time
	before  key   // older than: the cursor
	limit   int
	nothing bool // the filters leave nothing
}

// A group is tokens[from:to] read as one word.
type group struct {
	from, to int
	forms    []string // see spellings
	ids      *span    // the sessions whose id begins so, nil if none can
	short    bool     // ids is so short a prefix that it tells years apart, not sessions
}

// compile checks q. Everything wrong with it is one Invalid error.
func compile(q session.Query) (*query, error) {
	var bad session.Fields
	c := &query{before: newest, limit: q.Limit}
	switch {
	case q.Limit == 0:
		c.limit = defaultLimit
	case q.Limit < 0 || q.Limit > maxLimit:
		bad.Add("limit", fmt.Sprintf("At most %d results a page.", maxLimit))
	}
	if utf8.RuneCountInString(q.Text) > maxText {
		bad.Add("q", fmt.Sprintf("Search for at most %d characters.", maxText))
	} else if atoms, more := split(q.Text, maxTokens); more {
		bad.Add("q", fmt.Sprintf("Search for at most %d words.", maxTokens))
	} else {
		atoms = slices.DeleteFunc(atoms, func(a atom) bool { return fold(a.text) == "" })
		c.tokens, c.groups = len(atoms), groups(atoms)
	}
	if q.Cursor != "" {
		var err error
		if c.before, err = parseCursor(q.Cursor); err != nil {
			bad.Add("cursor", "This is not a cursor. Start from the first page.")
		}
	}
	c.filter(q)
	return c, bad.Err("index.Search")
}

// groups lists the ways to read neighbouring atoms as one word: each by itself, and together where no
// space is between them ("o'brien") or where they are a number ("AB 123 456").
func groups(atoms []atom) []group {
	var all []group
	for from := range atoms {
		joined, glued := "", true
		for to := from + 1; to <= len(atoms); to++ {
			a := atoms[to-1]
			joined += a.text
			glued = glued && (to == from+1 || a.glued)
			if to > from+1 {
				if utf8.RuneCountInString(joined) > 2*maxWord {
					break
				}
				if !glued && !strings.ContainsAny(fold(joined), "0123456789") {
					continue
				}
			}
			g := group{from: from, to: to, forms: spellings(joined)}
			g.ids, g.short = idPrefix(joined)
			if len(g.forms) > 0 {
				all = append(all, g)
			}
		}
	}
	return all
}

// shortID is up to which length a prefix of a session id is asked for only when nothing else is found:
// all ids of a year begin with the same three characters, which would otherwise answer to "01" with
// every session.
const shortID = 3

// idPrefix returns the sessions whose id begins with text.
func idPrefix(text string) (ids *span, short bool) {
	if len(text) > ulid.EncodedSize {
		return nil, false
	}
	text = strings.ToUpper(text)
	lowest, err := ulid.ParseStrict(text + strings.Repeat("0", ulid.EncodedSize-len(text)))
	if err != nil {
		return nil, false
	}
	highest, err := ulid.ParseStrict(text + strings.Repeat("Z", ulid.EncodedSize-len(text)))
	if err != nil {
		return nil, false
	}
	return &span{keyOfULID(lowest), keyOfULID(highest).next()}, len(text) <= shortID
}

// filter takes over everything of q but text, cursor and limit.
func (c *query) filter(q session.Query) {
	c.nothing = q.Companies != nil && len(q.Companies) == 0
	filterBy(c, facetCompany, q.Companies)
	filterBy(c, facetStatus, q.Status)
	filterBy(c, facetDocument, q.Documents)
	filterBy(c, facetReason, q.Reasons)
	filterBy(c, facetScreening, q.Screening)
	nations := make([]string, len(q.Nations))
	for i, n := range q.Nations {
		nations[i] = strings.ToUpper(n)
	}
	filterBy(c, facetNation, nations)
	if q.Proposed {
		filterBy(c, facetProposed, []string{"yes"})
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		c.started = &span{key{}, newest}
		if !q.From.IsZero() {
			c.started.from = firstAt(q.From)
		}
		if !q.To.IsZero() {
			c.started.to = firstAt(q.To)
			if c.started.to.compare(c.before) < 0 {
				c.before = c.started.to // a page need not look at what is newer
			}
		}
	}
}

func filterBy[T ~string](c *query, name string, values []T) {
	if len(values) == 0 {
		return
	}
	terms := make([]string, 0, len(values))
	for _, v := range values {
		terms = append(terms, facet(name, string(v)))
	}
	slices.Sort(terms)
	c.filters = append(c.filters, slices.Compact(terms))
}

// firstAt is the least id of a session that starts at t or later. Ids count milliseconds.
func firstAt(t time.Time) key {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	switch {
	case ms < 0:
		return key{}
	case uint64(ms) > ulid.MaxTime():
		return newest
	}
	return key{hi: uint64(ms) << 16}
}

// A cursor is the last id of a page, in a form that invites nobody to build one.
func cursor(k key) string {
	u := k.ulid()
	return base64.RawURLEncoding.EncodeToString(u[:])
}

func parseCursor(text string) (key, error) {
	var u ulid.ULID
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return key{}, err
	}
	if len(data) != len(u) {
		return key{}, fmt.Errorf("index: a cursor of %d bytes", len(data))
	}
	copy(u[:], data)
	return keyOfULID(u), nil
}
