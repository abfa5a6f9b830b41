package report

import (
	"io"
	"strconv"

	"dossier/session"
)

// ListProblemsCSV writes a header and a row for each record of a list that could not be taken as it stood.
func ListProblemsCSV(w io.Writer, l session.ListVersion) error {
	return writeCSV(w, []string{"Entry", "Line", "Byte", "Problem"}, func(yield func(int, error) bool) {
		for i := range l.Found {
			if !yield(i, nil) {
				return
			}
		}
	}, func(i int) []string {
		p := l.Found[i]
		return []string{p.Entry, place(int64(p.Line)), place(p.Offset), p.Text}
	})
}

// place is where in a file something stands, or nothing where that is not known.
func place(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
