package mrz

import "time"

// Options change how a zone is read. The zero value reads what is there and repairs nothing.
type Options struct {
	// Correct repairs characters that readers of print confuse (O and 0, I and 1, B and 8...) where
	// the alphabet of the field or a check digit proves the repair. Every one is in [Result.Repairs].
	Correct bool
	// Today decides centuries: nobody is born after it, and no document expires more than fifty
	// years after it. With the zero value the clock is not asked: documents then expire from 1980
	// to 2079, and their holders were born before that, or from 1930 to 2029 where a document has
	// no other date.
	Today time.Time
}

// A Result is a zone of a known format, with every field assessed.
type Result struct {
	Format  string   `json:"format"` // one of the constants of this package: TD1, TD2...
	Valid   bool     `json:"valid"`  // all fields are
	Lines   []string `json:"lines"`  // as read, or as repaired if that was asked for
	Fields  []Field  `json:"fields"` // in the order of the zone
	Person  Person   `json:"person"`
	Repairs []Repair `json:"repairs,omitempty"`
}

// Parse reads a zone: its lines, or one element with the whole zone, with or without line breaks.
// Spaces around lines do not count. The error is a [*ShapeError], for a text that is not a zone of
// any format; whatever is wrong inside a zone is in the result.
func Parse(lines []string, o Options) (Result, error) {
	z, err := read(lines)
	if err != nil {
		return Result{}, err
	}
	l, err := detect(&z)
	if err != nil {
		return Result{}, err
	}
	r := l.assess(&z)
	if !r.Valid {
		r = l.explain(&z, r, o.Correct)
	}
	r.Person = l.interpret(r.Fields, o.Today)
	return r, nil
}

func (l *layout) assess(z *zone) Result {
	r := Result{Format: l.format, Valid: true, Lines: z.lines, Fields: make([]Field, len(l.elements))}
	for i := range l.elements {
		l.elements[i].assess(z, &r.Fields[i])
		r.Valid = r.Valid && r.Fields[i].Valid
	}
	return r
}

// Errors lists the fields that do not hold, in the order of the zone. It is never nil, so that it
// becomes an empty list in JSON.
func (r Result) Errors() []Error {
	errors := []Error{}
	for i := range r.Fields {
		if f := &r.Fields[i]; !f.Valid {
			errors = append(errors, Error{f.Label, f.Error, f.Name, f.Line, f.Start, f.End, f.Suggestion})
		}
	}
	return errors
}

// Field returns the field of that name ("document_number"), if the format has one.
func (r Result) Field(name string) (Field, bool) {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return r.Fields[i], true
		}
	}
	return Field{}, false
}
