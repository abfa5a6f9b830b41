package mrz

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSpecimens compares what we read in ICAO's own specimens with testdata/specimens.golden.
func TestSpecimens(t *testing.T) {
	text, err := os.ReadFile("testdata/specimens.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, block := range strings.Split(string(text), "\n\n")[1:] {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		r, err := Parse(lines[1:], Options{Today: today})
		if err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", lines[0], err, r.Errors())
		}
		fmt.Fprintf(&got, "%s\n%s\n\n", lines[0], indented(t, r))
	}
	golden(t, "testdata/specimens.golden", got.String())
}

func indented(t *testing.T, r Result) string {
	t.Helper()
	flat, err := r.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, flat, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (go test -update writes it anew):\n%s", file, got)
	}
}

// TestCheckDigitExamples are the worked examples of 9303-3 appendix A.
func TestCheckDigitExamples(t *testing.T) {
	for text, want := range map[string]byte{
		"520727":    '3',
		"AB2134<<<": '5',
		"HA672242<6" + "5802254" + "9601086<<<<<<<<<<<<<<0":            '8', // composite, TD3
		"D231458907<<<<<<<<<<<<<<<" + "3407127" + "9507122<<<<<<<<<<<": '2', // composite, TD1
		"HA672242<6" + "5802254" + "9601086<<<<<<<":                    '8', // composite, TD2
	} {
		if got := CheckDigit(text); got != want {
			t.Errorf("CheckDigit(%q) = %c, want %c", text, got, want)
		}
	}
}

// TestNameExamples are the examples of names in parts 4 to 6: usual ones, truncated ones, and those
// that only look truncated, which ICAO wants treated as if they were.
func TestNameExamples(t *testing.T) {
	tests := []struct {
		field, last, first string
		truncated          bool
	}{
		{"ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "ERIKSSON", "ANNA MARIA", false},
		{"HENG<<DEBORAH<MING<LO<<<<<<<<<<<<<<<<<<", "HENG", "DEBORAH MING LO", false},
		{"SMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<", "SMITH JONES", "SUSIE MARGARET", false},
		{"AL<BASRI<<HUDA<MUHAMMAD<JAWAD<<<<<<<<<<", "AL BASRI", "HUDA MUHAMMAD JAWAD", false},
		{"ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", false},
		{"SATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "", false},
		{"NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", true},
		{"NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU", "NILAVADHANANANDA", "ARNPOL PETCH CHARONGU", true},
		{"BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI", true},
		{"BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO", "BENNELONG WOOLOOM WARRAND WARNAM", "DINGO", true},
		{"PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS", "JONATHON WARREN TREVOR", true},
		{"NILAVADHANANANDA<<CHAYAPA<DE<K", "NILAVADHANANANDA", "CHAYAPA DE K", true},
		{"BENNE<WOOLO<WARRA<WARNA<<DIN<P", "BENNE WOOLO WARRA WARNA", "DIN P", true},
		{"AL<BASRI<<HUDA<MUHAMMAD<JAWAD<", "AL BASRI", "HUDA MUHAMMAD JAWAD", false},
		{"VILARCHAO<FERNANDEZ<<JOSE<RAMO", "VILARCHAO FERNANDEZ", "JOSE RAMO", true},
		{"NILAVADHANANANDA<<ARN<PET<CHARO", "NILAVADHANANANDA", "ARN PET CHARO", true},
		// Not ICAO's: one name that fills the field, to its end and up to its end.
		{"WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELC", "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELC", "", true},
		{"WOLFESCHLEGELSTEINHAUSENBERGERDORFFWE<<", "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWE", "", false},
	}
	for _, tt := range tests {
		r, err := Parse(withName(tt.field), Options{Today: today})
		if err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", tt.field, err, r.Errors())
		}
		if p := r.Person; p.LastName != tt.last || p.FirstName != tt.first || p.NameTruncated != tt.truncated {
			t.Errorf("%s: read %q, %q, truncated %v", tt.field, p.LastName, p.FirstName, p.NameTruncated)
		}
	}
}

// withName is a specimen of the format that has a name field of that width, with that name.
func withName(field string) []string {
	switch len(field) {
	case 30:
		return []string{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", field}
	case 31:
		return []string{"I<UTO" + field, "D231458907UTO7408122F1204159<<<<<<<6"}
	}
	return []string{"P<UTO" + field, specimenTD3[1]}
}
