package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const passport = `{"mrz":["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<","L898902C36UTO7408122F1204159ZE184226B<<<<<10"]}`

func checkMRZ(t *testing.T, c MRZCheckCmd, in string) string {
	t.Helper()
	var out bytes.Buffer
	env := &Env{Ctx: context.Background(), Stdin: strings.NewReader(in), Stdout: &out, Stderr: &out}
	if err := c.Run(env); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestMRZCheck(t *testing.T) {
	const read = `{"format":"TD3","valid":true,"fields":{"document_code":"P","issuing_state":"UTO","last_name":"ERIKSSON","first_name":"ANNA MARIA","document_number":"L898902C3","document_number_check_digit":"6","nationality":"UTO","birth_date":"740812","birth_date_check_digit":"2","sex":"F","expiration_date":"120415","expiration_date_check_digit":"9","personal_number":"ZE184226B","personal_number_check_digit":"1","composite_check_digit":"0"},"person":{"last_name":"ERIKSSON","first_name":"ANNA MARIA","document_number":"L898902C3","personal_number":"ZE184226B","sex":"F","birth_date":"1974-08-12","expiration_date":"2012-04-15","nationality":"UTO","issuing_state":"UTO"},"errors":[]}`
	damaged := strings.Replace(passport, "L898902C36", "L898902C38", 1)
	misread := strings.Replace(passport, "ERIKSSON", "ER1KSSON", 1)
	tests := []struct {
		name, in string
		correct  bool
		want     string // a part of the one line of output
	}{
		{"lines", passport, false, read},
		{"one text", `{"id":7,"mrz":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"}`, false, read},
		{"damaged", damaged, false, `"errors":[{"category":"Document number check digit","error":"invalid check digit: 8. Must be 6","field":"document_number_check_digit","line":1,"start":9,"end":10,"suggestion":"6"},`},
		{"not corrected", misread, false, `"error":"invalid text: ER1KSSON. Must match the following regular expression: /^[A-Z<]*<*$/","field":"last_name","line":0,"start":5,"end":13,"suggestion":"ERIKSSON"}]}`},
		{"corrected", misread, true, `"errors":[],"repairs":[{"field":"last_name","line":0,"column":7,"from":"1","to":"I","proof":"alphabet"}]}`},
		{"refused", `{"mrz":["P<UTO","L8"]}`, false, `{"error":"unrecognized document format. First line of input must have`},
		{"no zone", `{"MRZ ":1}`, false, `{"error":"\"mrz\" must be a list of lines, or one string"}`},
		{"null", `{"mrz":null}`, false, `{"error":"\"mrz\" must be a list of lines, or one string"}`},
		{"not JSON", `P<UTO`, false, `{"error":"not a JSON object: `},
		{"list", `[1]`, false, `{"error":"not a JSON object: `},
	}
	for _, tt := range tests {
		got := checkMRZ(t, MRZCheckCmd{File: "-", Correct: tt.correct}, tt.in+"\n")
		if strings.Count(got, "\n") != 1 || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestMRZCheckOrder: every line has its answer, in its place, whatever the size of the lines.
func TestMRZCheckOrder(t *testing.T) {
	var in strings.Builder
	const n = 5000
	for i := range n {
		switch {
		case i == 1234:
			fmt.Fprintf(&in, "{\"mrz\":%q}\n", strings.Repeat("<", maxZoneLine))
		case i == n-1:
			in.WriteString(strings.Repeat(" ", maxZoneLine+1)) // without an end of line
		case i%100 == 7:
			in.WriteString("\r\n")
		default:
			fmt.Fprintf(&in, "{\"mrz\":[\"%s\"]}\n", strings.Repeat("<", 100+i))
		}
	}
	lines := strings.Split(strings.TrimSuffix(checkMRZ(t, MRZCheckCmd{File: "-"}, in.String()), "\n"), "\n")
	if len(lines) != n {
		t.Fatalf("%d lines of output for %d of input", len(lines), n)
	}
	for i, line := range lines {
		want := fmt.Sprintf("it has a length of %d.", 100+i)
		switch {
		case i == 1234 || i == n-1:
			want = "the line is longer than 1048576 bytes"
		case i%100 == 7:
			want = "not a JSON object"
		}
		if !strings.Contains(line, want) {
			t.Fatalf("line %d: %.200s, want %s", i, line, want)
		}
	}
}

func TestMRZCheckFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zones.ndjson")
	if err := os.WriteFile(file, []byte(passport), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := checkMRZ(t, MRZCheckCmd{File: file}, ""); !strings.HasPrefix(got, `{"format":"TD3","valid":true`) {
		t.Error(got)
	}
	env := &Env{Ctx: context.Background()}
	if err := (&MRZCheckCmd{File: file + "x"}).Run(env); err == nil || !strings.Contains(err.Error(), "zones.ndjsonx") {
		t.Errorf("a missing file: %v", err)
	}
}

// FuzzMRZCheck: any line gives one line of JSON.
func FuzzMRZCheck(f *testing.F) {
	f.Add([]byte(passport))
	f.Add([]byte(`{"mrz":"é"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		got := answerMRZ(line, mrzOptions(false))
		if !json.Valid(got) || bytes.Count(got, []byte("\n")) != 1 {
			t.Errorf("%q gives %q", line, got)
		}
	})
}

func BenchmarkMRZCheck(b *testing.B) {
	b.SetBytes(int64(len(passport)))
	o := mrzOptions(false)
	for b.Loop() {
		answerMRZ([]byte(passport), o)
	}
}
