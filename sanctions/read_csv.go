package sanctions

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A csvFile streams the rows of a CSV list.
type csvFile struct {
	src     *source
	rows    *csv.Reader
	columns map[string]int // folded name → place, from the header
	row     []string
	first   int // lines before the reader began
}

// openCSV reads rows of any length; first lines have been read before.
func openCSV(src *source, r io.Reader, separator rune, first int) *csvFile {
	rows := csv.NewReader(r)
	rows.Comma = separator
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true
	return &csvFile{src: src, rows: rows, first: first}
}

// header reads the names of the columns, and refuses a file that lacks one of those needed.
func (f *csvFile) header(needed ...string) error {
	row, err := f.rows.Read()
	if err != nil {
		return &FileError{Line: f.first + 1, Text: "the header cannot be read: " + err.Error(), Err: err}
	}
	f.columns = make(map[string]int, len(row))
	for i, name := range row {
		if key := columnName(name); key != "" {
			if _, again := f.columns[key]; !again {
				f.columns[key] = i
			}
		}
	}
	for _, name := range needed {
		if _, ok := f.columns[columnName(name)]; !ok {
			return &FileError{Line: f.first + 1, Text: fmt.Sprintf("the header lacks the column %q", name)}
		}
	}
	return nil
}

// columnName folds the name of a column: "D.O.B", "D.O.B." and "dob" are one.
func columnName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, s)
}

// next reads a row into f.row and gives false at the end. A row that cannot be parsed is reported to c
// and passed over. Where the text stops inside a quoted field, or in a last row that is short and has no
// line end, the file is truncated.
func (f *csvFile) next(c *collector) (bool, error) {
	var bad *csv.ParseError
	for {
		f.src.nextRecord()
		row, err := f.rows.Read()
		switch {
		case errors.Is(err, io.EOF) && bad != nil:
			return false, f.truncated(bad)
		case errors.Is(err, io.EOF) && f.cutShort():
			return false, f.truncated(nil)
		case errors.Is(err, io.EOF):
			return false, nil
		}
		if bad != nil {
			c.skip(place{line: f.first + bad.StartLine}, "", fmt.Sprintf("lines %d to %d are left out: %v", f.first+bad.StartLine, f.first+bad.Line, bad.Err))
		}
		if err == nil {
			f.row = row
			return true, nil
		}
		if bad = nil; !errors.As(err, &bad) {
			return false, err
		}
	}
}

// cutShort says whether the last row stops before its end. OFAC's end mark is a row of one cell.
func (f *csvFile) cutShort() bool {
	return len(f.row) > 0 && len(f.row) < len(f.columns) && f.src.plain.last != '\n' && f.row[0] != ctrlZ
}

func (f *csvFile) truncated(at *csv.ParseError) error {
	e := &FileError{Text: "the file is truncated; fetch it again"}
	if at != nil {
		e.Line, e.Err = f.first+at.StartLine, at
	}
	return e
}

// get gives the cell under a column, "" where the row or the file has none.
func (f *csvFile) get(column string) string {
	i, ok := f.columns[columnName(column)]
	if !ok || i >= len(f.row) {
		return ""
	}
	return tidy(decodeCell(f.row[i]))
}

// decodeCell gives the text of a cell in UTF-8. The older lists of the UK are in Windows-1252.
func decodeCell(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	text, _ := charmap.Windows1252.NewDecoder().String(s) // cannot fail: every byte has a meaning or U+FFFD
	return text
}

// place is the line on which the row begins.
func (f *csvFile) place() place {
	line, _ := f.rows.FieldPos(0)
	return place{line: f.first + line}
}
