package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dossier/sanctions"
)

// openLists reads the list of each path. A folder that holds sdn.csv is one OFAC set; of any other
// folder every file is a list.
func openLists(env *Env, paths []string) ([]sanctions.List, error) {
	var lists []sanctions.List
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		read := readListFile
		if info.IsDir() {
			read = readListFolder
		}
		found, err := read(p)
		if err != nil {
			return nil, err
		}
		lists = append(lists, found...)
	}
	for _, l := range lists {
		if n := l.Troubled(); n > 0 {
			fmt.Fprintf(env.Stderr, "%s: %d of its records have problems; the first: %s\n", l.ID, n, l.Problems[0].Text)
		}
	}
	return lists, nil
}

func readListFile(path string) ([]sanctions.List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	l, err := sanctions.Read(bufio.NewReaderSize(f, 1<<16), sanctions.ReadOptions{Name: path})
	if err != nil {
		return nil, err
	}
	return []sanctions.List{l}, nil
}

func readListFolder(dir string) ([]sanctions.List, error) {
	names, err := listFiles(dir)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(names, func(n string) bool { return strings.TrimSuffix(strings.ToLower(n), ".gz") == "sdn.csv" }) {
		return readOFACSet(dir, names)
	}
	var lists []sanctions.List
	for _, n := range names {
		l, err := readListFile(filepath.Join(dir, n))
		if err != nil {
			return nil, err
		}
		lists = append(lists, l...)
	}
	if len(lists) == 0 {
		return nil, fmt.Errorf("%s holds no list: put list files or the OFAC set sdn.csv, alt.csv, add.csv, sdn_comments.csv there", dir)
	}
	return lists, nil
}

func listFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !strings.EqualFold(filepath.Ext(e.Name()), ".md") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func readOFACSet(dir string, names []string) ([]sanctions.List, error) {
	parts := make(map[string]io.Reader)
	for _, n := range names {
		base := strings.ToLower(n)
		if !strings.HasSuffix(strings.TrimSuffix(base, ".gz"), ".csv") {
			continue
		}
		f, err := os.Open(filepath.Join(dir, n))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		parts[base] = bufio.NewReaderSize(f, 1<<16)
	}
	l, err := sanctions.ReadSet(parts, sanctions.ReadOptions{Name: dir})
	if err != nil {
		return nil, err
	}
	return []sanctions.List{l}, nil
}

// A personRow is one row of a file of persons; err says why it cannot be screened.
type personRow struct {
	row    int // 1-based, without the header
	id     string
	person sanctions.Person
	err    error
	warn   string // what is wrong with a row that is screened all the same
}

// personReader reads persons from CSV, by the names in its header.
type personReader struct {
	csv    *csv.Reader
	column map[string]int
	row    int
}

// columnAliases are other names of columns.
var columnAliases = map[string]string{
	"name": "full_name", "date_of_birth": "birth_date", "dob": "birth_date", "gender": "sex", "given_name": "first_name",
	"family_name": "last_name", "surname": "last_name", "document_numbers": "document_number", "row": "id",
}

func newPersonReader(r io.Reader) (*personReader, error) {
	c := csv.NewReader(bufio.NewReaderSize(r, 1<<16))
	c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes = -1, true, true
	header, err := c.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty: its first line must name the columns")
		}
		return nil, err
	}
	p := &personReader{csv: c, column: headerColumns(header)}
	for alias, name := range columnAliases {
		if i, ok := p.column[alias]; ok {
			if _, taken := p.column[name]; !taken {
				p.column[name] = i
			}
		}
	}
	for _, c := range []string{"full_name", "first_name", "last_name", "document_number"} {
		if _, ok := p.column[c]; ok {
			return p, nil
		}
	}
	return nil, errors.New("the header names no column full_name, first_name, last_name or document_number")
}

// next gives the next row, or io.EOF. What is wrong with a row is in the row.
func (p *personReader) next() (personRow, error) {
	record, err := p.csv.Read()
	if errors.Is(err, io.EOF) {
		return personRow{}, io.EOF
	}
	p.row++
	r := personRow{row: p.row}
	if err != nil {
		var bad *csv.ParseError
		if !errors.As(err, &bad) {
			return personRow{}, fmt.Errorf("row %d: %w", p.row, err)
		}
		r.err = fmt.Errorf("not valid CSV: %w", bad.Err)
		return r, nil
	}
	cell := func(name string) string {
		if i, ok := p.column[name]; ok && i < len(record) {
			return strings.TrimSpace(strings.Clone(record[i]))
		}
		return ""
	}
	r.id = cell("id")
	r.err = fillPerson(&r.person, cell)
	r.person.Born, r.warn = birthDate(cell("birth_date"))
	for _, c := range record {
		if !utf8.ValidString(c) {
			r.err = errors.New("the row is not valid UTF-8")
		}
	}
	return r, nil
}

func fillPerson(p *sanctions.Person, cell func(string) string) error {
	p.Full, p.First, p.Middle, p.Last = cell("full_name"), cell("first_name"), cell("middle_name"), cell("last_name")
	p.BirthPlace, p.Nationalities, p.Documents = cell("place_of_birth"), splitAny(cell("nationality")), splitAny(cell("document_number"))
	switch s := strings.ToUpper(cell("sex")); s {
	case "M", "MALE", "F", "FEMALE", "X":
		p.Sex = s[:1]
	}
	if p.Full+p.First+p.Middle+p.Last == "" && len(p.Documents) == 0 {
		return errors.New("the row has neither a name nor a document number")
	}
	return nil
}

var leadingYear = regexp.MustCompile(`^(1[89]|20)\d\d\b`)

// birthDate reads a date. One that cannot be, such as 1968-13-30, gives its year and a warning: a slip in a date
// must not keep a person from being screened.
func birthDate(text string) (d sanctions.Date, warning string) {
	if text == "" {
		return d, ""
	}
	if d, ok := sanctions.ParseDate(text); ok {
		return d, ""
	}
	warning = fmt.Sprintf("birth_date %q is no date, must be YYYY-MM-DD, YYYY-MM or YYYY; screened without it", text)
	if year := leadingYear.FindString(text); year != "" {
		d, _ = sanctions.ParseDate(year)
		warning = fmt.Sprintf("birth_date %q is no date, must be YYYY-MM-DD, YYYY-MM or YYYY; screened with the year alone", text)
	}
	return d, warning
}
