package report

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dossier/session"
)

// byteOrderMark tells Excel that a file is UTF-8.
const byteOrderMark = "\uFEFF"

// CSVOptions say what a CSV has.
type CSVOptions struct {
	Zone     *time.Location // of the times; nil is UTC
	Personal bool           // with the columns that say who somebody is
}

// personal are the columns that say who somebody is, or may do so.
var personal = []string{"Reference", "First name", "Last name", "Local name", "Document number", "Personal number", "Sex",
	"Birth date", "Client IP", "Extra"}

// kept is a row without the columns that are left out.
func (o CSVOptions) kept(header, row []string) []string {
	if o.Personal {
		return row
	}
	var kept []string
	for i, text := range row {
		if !slices.Contains(personal, header[i]) {
			kept = append(kept, text)
		}
	}
	return kept
}

// CSV writes a header and a row for each session, as RFC 4180 has it, in UTF-8 with a byte order mark.
// Times are in the zone, which the header names; unknown is an empty cell. The first error of sessions
// ends the list and is returned.
//
// Spreadsheets run cells that start like a formula, and spoil long numbers: 01001012345 loses its zero,
// 9871234567890123 its last digits, 12E34 becomes a power of ten. Such a cell gets an apostrophe in
// front, as a person would type it. Software that reads the list back takes one leading apostrophe off
// every cell that has one, and has the exact value: a value that starts with one gets a second. (The
// form ="…" would itself be a formula, and a leading tab is lost on the way through many programs.)
func CSV(w io.Writer, sessions iter.Seq2[session.Session, error], o CSVOptions) error {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	header := csvHeader(o.Zone)
	return writeCSV(w, o.kept(header, header), sessions, func(s session.Session) []string { return o.kept(header, csvRow(s, o.Zone)) })
}

// writeCSV writes a header and a row for each item, up to the first error of items.
func writeCSV[T any](w io.Writer, header []string, items iter.Seq2[T, error], row func(T) []string) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("report: csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err := writeRows(out, header, items, row)
	out.Flush() // the rows before an error too
	if err = cmp.Or(err, out.Error()); err != nil {
		return fmt.Errorf("report: csv: %w", err)
	}
	return nil
}

func writeRows[T any](out *csv.Writer, header []string, items iter.Seq2[T, error], row func(T) []string) error {
	if err := out.Write(header); err != nil {
		return err
	}
	for item, err := range items {
		if err != nil {
			return err
		}
		cells := row(item)
		for i, text := range cells {
			cells[i] = csvCell(text)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func csvHeader(zone *time.Location) []string {
	at := " (" + zone.String() + ")"
	return []string{
		"Session ID", "Company", "Reference",
		"First name", "Last name", "Local name", "Document number", "Personal number", "Sex", "Birth date",
		"Expiration date", "Nationality", "Document type", "Issuing state",
		"Status", "Verified", "Decided by", "Decided" + at, "Rejection reasons",
		"Liveness passed", "Document valid", "Face match level", "Match confidence", "ID real", "Full ID detected",
		"Findings", "Screening", "Screened" + at, "Hits",
		"Client IP", "Attempts", "Started" + at, "Finished" + at, "Extra",
	}
}

func csvRow(s session.Session, zone *time.Location) []string {
	p, c, a := s.Person, s.Checks, s.Activity
	return []string{
		string(s.ID), s.Company, s.Reference,
		p.FirstName, p.LastName, p.Local.Full(), p.DocumentNumber, p.PersonalNumber, p.Sex, string(p.BirthDate),
		string(p.ExpirationDate), p.Nationality, named(documentLabels, s.Document.Type), s.Document.IssuingState,
		named(csvStatuses, s.Status), yesNo(s.Verified), s.DecidedBy, csvTime(s.DecidedAt, zone), strings.Join(s.Tags, " | "),
		yesNo(c.LivenessPassed), yesNo(s.Document.Valid), number(c.FaceMatchLevel), number(c.MatchConfidence), yesNo(c.IDReal), yesNo(c.FullIDDetected),
		findingCodes(s.Findings), named(csvScreenings, s.Screening.Status), csvTime(s.Screening.ScreenedAt, zone), strconv.Itoa(len(s.Screening.Hits)),
		a.ClientIP, strconv.Itoa(a.Attempts), csvTime(a.StartedAt, zone), csvTime(a.FinishedAt, zone), extraList(s.Extra),
	}
}

var csvStatuses = map[session.Status]string{
	session.InProgress: "In progress", session.AwaitingAction: "Awaiting action", session.Success: "Success",
	session.Rejected: "Rejected", session.Expired: "Expired",
}

var csvScreenings = map[session.ScreeningStatus]string{
	session.NotScreened: "Not screened", session.Clear: "Clear", session.PotentialMatch: "Potential match",
	session.Match: "Match", session.ScreeningError: "Error",
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "Yes"
	}
	return "No"
}

func number[N int | float64](n *N) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*n), 'f', -1, 64)
}

// csvTime is a time as spreadsheets know it; the header has the zone.
func csvTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateTime)
}

func findingCodes(findings []session.Finding) string {
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, " | ")
}

// extraList is "branch: Main | purpose: Salary", by key.
func extraList(extra map[string]any) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(extra)) {
		parts = append(parts, key+": "+extraText(extra[key]))
	}
	return strings.Join(parts, " | ")
}

// csvCell is text on one line, with an apostrophe in front where a spreadsheet would take it for
// something else than text.
func csvCell(text string) string {
	if !isPlain(text) {
		text = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsSpace(r):
				return ' '
			case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
				return -1
			}
			return r
		}, strings.ToValidUTF8(text, "\uFFFD"))
	}
	text = strings.TrimSpace(text)
	if startsFormula(text) || maySpoil(text) && spoilt.MatchString(text) && !wholeDate.MatchString(text) {
		return "'" + text
	}
	return text
}

// isPlain reports whether text is of printable ASCII alone, as most cells are.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// maySpoil reports whether spoilt can match text at all, which takes longer to find out than all else of a
// cell. What it matches has a digit, one run of letters at most, and few signs.
func maySpoil(text string) bool {
	digits, runs, inRun := false, 0, false
	for i := range len(text) {
		c := text[i]
		isLetter := 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf // the long s is one of September's
		isDigit := '0' <= c && c <= '9'
		if isLetter && !inRun {
			runs++
		}
		if runs > 1 || !isLetter && !isDigit && strings.IndexByte("-/. +", c) < 0 {
			return false
		}
		digits, inRun = digits || isDigit, isLetter
	}
	return digits
}

// startsFormula reports whether a spreadsheet may run text, the wide signs of East Asian keyboards
// included, or whether it starts with the apostrophe that has a meaning here.
func startsFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("'=+-@＝＋－＠", first)
}

// spoilt matches what Excel would turn into another number or a date: a leading zero, more digits than
// it shows, a power of ten, a day and a month. Dates as we print them and short numbers stay as they are.
var spoilt = regexp.MustCompile(`(?i)^(` + strings.Join([]string{
	`0\d+`, `\d{12,}`, // numbers
	`\d+(\.\d*)?e[+-]?\d+`,                    // powers of ten
	`\d{1,4}[-/]\d{1,4}`,                      // days, months, fractions
	`\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}`,       // days with a year
	`\d{1,2}[-/. ]?` + month + `([-/. ]?\d*)`, // 1DEC, 12 MAR 26
	month + `[-/. ]?\d+`,                      // DEC12
}, "|") + `)$`)

// wholeDate is a day as we print it: a spreadsheet may take it for what it is.
var wholeDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

const month = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`
