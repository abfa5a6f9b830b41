package index

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2/document"
	bleve "github.com/blevesearch/bleve_index_api"

	"dossier/session"
)

// mapping is the version of what is stored. Raise it with every change of fields, terms or folding:
// an index of another version is rebuilt.
const mapping = 1

// The fields of a Bleve document, beside its id.
const (
	fieldWord = "word" // prefixes and whole words of everything that is searched
	fieldIs   = "is"   // what is filtered by, see facet
)

// The facets by which sessions are filtered.
const (
	facetCompany   = "company"
	facetStatus    = "status"
	facetDocument  = "document"
	facetReason    = "reason"
	facetNation    = "nation"
	facetScreening = "screening"
	facetProposed  = "proposed"
)

// facet is the term that says that a session has a value.
func facet(name, value string) string { return name + "=" + value }

// Bounds of what one session can put into the index.
const (
	maxValues = 64  // texts of a session that are searched
	maxValue  = 300 // bytes of one of them
)

// An entry is what the index takes of one session.
type entry struct {
	id    string
	texts []string // to be searched
	is    []string // facets
}

func newEntry(s session.Session) (entry, error) {
	if _, err := keyOf([]byte(s.ID)); err != nil {
		return entry{}, &session.Error{Code: session.Invalid, Op: "index.Put",
			Message: fmt.Sprintf("%q is not a session id.", s.ID), Err: err}
	}
	e := entry{id: string(s.ID), texts: texts(s)}
	is := func(name, value string) {
		if value != "" {
			e.is = append(e.is, facet(name, value))
		}
	}
	is(facetCompany, s.Company)
	is(facetStatus, string(s.Status))
	is(facetDocument, string(s.Document.Type))
	is(facetNation, strings.ToUpper(s.Person.Nationality))
	is(facetScreening, string(screening(s)))
	for _, r := range s.Reasons() {
		is(facetReason, r)
	}
	if s.Proposal != nil {
		is(facetProposed, "yes")
	}
	return e, nil
}

// screening is the status that pages show: no status at all is not screened.
func screening(s session.Session) session.ScreeningStatus {
	if s.Screening.Status == "" {
		return session.NotScreened
	}
	return s.Screening.Status
}

// texts are the values of s that are searched.
func texts(s session.Session) []string {
	p := s.Person
	all := []string{p.FirstName, p.LastName, p.DocumentNumber, p.PersonalNumber, s.Reference}
	if l := p.Local; l != nil {
		all = append(all, l.FirstName, l.LastName)
		if unspaced(l.FirstName) && unspaced(l.LastName) {
			all = append(all, l.LastName+l.FirstName)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Extra)) {
		all = append(all, extraText(s.Extra[key]))
	}
	all = slices.DeleteFunc(all, func(t string) bool { return t == "" })
	return all[:min(len(all), maxValues)]
}

// unspaced reports whether a name is in a script that writes last and first name as one word.
func unspaced(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	})
}

// extraText is an extra field's value as it is searched, "" for one that is not text or number.
func extraText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	}
	return ""
}

// document is e as Bleve takes it.
func (e entry) document() *document.Document {
	d := document.NewDocument(e.id)
	d.AddField(&field{name: fieldWord, values: e.texts, terms: eachTermOf})
	d.AddField(&field{name: fieldIs, values: e.is, terms: func(v string, yield func(string)) { yield(v) }})
	return d
}

// eachTermOf yields every term of a value that is searched.
func eachTermOf(value string, yield func(term string)) {
	if len(value) > maxValue {
		value = strings.ToValidUTF8(value[:maxValue], "")
	}
	words(value, func(word string) {
		for _, form := range spellings(word) {
			eachTerm(form, yield)
		}
	})
}

// A field is a set of terms, made when Bleve analyses the document: neither frequencies nor positions
// nor values are kept. Bleve's own text field would take each term through a token first.
type field struct {
	name   string
	values []string
	terms  func(value string, yield func(term string))
	found  bleve.TokenFrequencies
}

var _ document.Field = (*field)(nil)

// Analyze collects the terms. Every frequency is one: Bleve then stores a term of a single session
// inside its dictionary.
func (f *field) Analyze() {
	f.found = make(bleve.TokenFrequencies, 32)
	var slab []bleve.TokenFreq
	for _, value := range f.values {
		f.terms(value, func(term string) {
			if _, there := f.found[term]; there {
				return
			}
			if len(slab) == cap(slab) {
				slab = make([]bleve.TokenFreq, 0, 32)
			}
			slab = append(slab, bleve.TokenFreq{Term: []byte(term)})
			tf := &slab[len(slab)-1]
			tf.SetFrequency(1)
			f.found[term] = tf
		})
	}
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return nil }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Options() bleve.FieldIndexingOptions              { return bleve.IndexField }
func (f *field) AnalyzedLength() int                              { return 1 }
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.found }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }

// Size is a rough figure for Bleve's statistics.
func (f *field) Size() int { return 64 + 128*len(f.found) }
