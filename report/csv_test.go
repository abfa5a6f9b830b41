package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file that a person can read.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at the difference, then run go test -update\ngot:\n%s", path, got)
	}
}

func each(list ...session.Session) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func TestCSV(t *testing.T) {
	var list []session.Session
	for _, name := range []string{"verified", "rejected", "hit", "empty"} {
		list = append(list, sample(t, name).Session)
	}
	list[1].Person.FirstName = "=HYPERLINK(\"https://evil.example\")\r\n\tOLEKSII"
	var out bytes.Buffer
	if err := CSV(&out, each(list...), CSVOptions{Zone: time.FixedZone("Asia/Tbilisi", 4*3600), Personal: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "list.csv", out.Bytes())
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), byteOrderMark))).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Errorf("the list reads back as %d rows, error %v", len(rows), err)
	}
}

func TestCSVEndsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	list := func(yield func(session.Session, error) bool) {
		_ = yield(session.Session{ID: "A"}, nil) && yield(session.Session{}, broken)
	}
	var out bytes.Buffer
	if err := CSV(&out, list, CSVOptions{Personal: true}); !errors.Is(err, broken) || !strings.Contains(out.String(), "\r\nA,") {
		t.Errorf("CSV = %v, want the error of the sessions behind the rows before it: %q", err, out.String())
	}
	if err := CSV(failing{}, each(), CSVOptions{}); !errors.Is(err, errDisk) {
		t.Errorf("CSV to a full disk = %v", err)
	}
}

var errDisk = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }

func TestCSVCell(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "Nino", "Nino"},
		{"short number", "4711", "4711"},
		{"decimal", "41.5", "41.5"},
		{"date", "1994-03-12", "1994-03-12"},
		{"time", "2026-11-20 18:11:40", "2026-11-20 18:11:40"},
		{"address", "192.0.2.17", "192.0.2.17"},
		{"letters and digits", "AB123456", "AB123456"},
		{"leading zero", "01001012345", "'01001012345"},
		{"sixteen digits", "9871234567890123", "'9871234567890123"},
		{"power of ten", "12E34567", "'12E34567"},
		{"month only", "1974-08", "'1974-08"},
		{"month and number", "DEC12345", "'DEC12345"},
		{"day and month", "1DEC", "'1DEC"},
		{"long s", "ſep12", "'ſep12"},
		{"formula", "=1+1", "'=1+1"},
		{"formula behind white space", "\t\r\n =1+1", "'=1+1"},
		{"plus", "+995 555 12 34 56", "'+995 555 12 34 56"},
		{"minus", "-2+3", "'-2+3"},
		{"at", "@SUM(A1)", "'@SUM(A1)"},
		{"wide equals", "＝1+1", "'＝1+1"},
		{"hidden behind a zero width space", "\u200B=1+1", "'=1+1"},
		{"apostrophe", "'t Hooft", "''t Hooft"},
		{"inner apostrophe", "O'Neill", "O'Neill"},
		{"line break", "a\r\nb\x00c", "a  bc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := csvCell(test.text); got != test.want {
				t.Errorf("csvCell(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

// FuzzCSVCell: no cell starts a formula, and taking the apostrophe off gives what went in.
func FuzzCSVCell(f *testing.F) {
	for _, s := range []string{"", "=1", "'x", "''", " +1", "007", "1E5", "\x00-1", "\u202e=1", "é", "ſep12", "dec-1", "5 Mar"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := csvCell(text)
		if spoilt.MatchString(text) && !maySpoil(text) {
			t.Errorf("%q is spoilt, and not looked at", text)
		}
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
			t.Errorf("csvCell(%q) = %q starts a formula", text, cell)
		}
		value := strings.TrimPrefix(cell, "'")
		if again := csvCell(value); again != cell {
			t.Errorf("csvCell(%q) = %q, but its value %q gives %q", text, cell, value, again)
		}
	})
}

// TestCSVWithoutPersonalColumns: nothing of who somebody is comes out, and the rest stays in its column.
func TestCSVWithoutPersonalColumns(t *testing.T) {
	s := session.Session{ID: "A", Company: "acme", Reference: "customer-17", Status: session.Success, Extra: map[string]any{"phone": "+999 555"},
		Person:   session.Person{FirstName: "Nino", LastName: "Example", DocumentNumber: "P1234567", PersonalNumber: "01-7", Sex: "F", BirthDate: "1990-04-17", Nationality: "GEO"},
		Activity: session.Activity{ClientIP: "192.0.2.7"}}
	var out strings.Builder
	if err := CSV(&out, each(s), CSVOptions{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\r\n")
	if len(lines) != 2 || strings.Count(lines[0], ",") != strings.Count(lines[1], ",") || !strings.HasPrefix(lines[1], "A,acme,,GEO,") {
		t.Errorf("the list is\n%s", out.String())
	}
	for _, secret := range []string{"Nino", "Example", "P1234567", "01-7", "1990", "192.0.2.7", "555", "customer-17"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is in it", secret)
		}
	}
}
