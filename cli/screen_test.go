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

const customList = `id,type,name,aliases,birth_date,nationality,document_numbers,program
P1,person,Qudratullah Zarghun Tarakhel,,1968-03-12,AFG,OR123456,TEST
P2,person,Maximilian Oberlander,,1971,DEU,,TEST
`

// tableEnv gives an Env over buffers.
func tableEnv(in string) (env *Env, out, errs *bytes.Buffer) {
	out, errs = new(bytes.Buffer), new(bytes.Buffer)
	return &Env{Ctx: context.Background(), Stdin: strings.NewReader(in), Stdout: out, Stderr: errs}, out, errs
}

func writeTemp(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type screenedLine struct {
	Row  int
	ID   string
	Hits []struct {
		EntryID string `json:"entry_id"`
	}
	Error string
}

func screen(t *testing.T, in string) ([]screenedLine, string) {
	t.Helper()
	env, out, errs := tableEnv(in)
	cmd := SanctionsScreenCmd{Lists: []string{writeTemp(t, "list.csv", customList)}, In: "-", Top: 5}
	if err := cmd.Run(env); err != nil {
		t.Fatal(err)
	}
	var lines []screenedLine
	for line := range strings.Lines(out.String()) {
		var l screenedLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, l)
	}
	return lines, errs.String()
}

func TestSanctionsScreen(t *testing.T) {
	lines, errs := screen(t, `id,full_name,birth_date,document_number,gender
a,Qudratulah Tarakhel,1968-03-12,,male
b,Anna Silva,,,
c,Anna Silva,,OR-123456,
d,,,,
e,Maximilian Oberlander,1971-13-40,,
`)
	want := []struct{ id, hit, err string }{{"a", "P1", ""}, {"b", "", ""}, {"c", "P1", ""}, {"d", "", "neither a name"}, {"e", "P2", ""}}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	for i, w := range want {
		l := lines[i]
		hit := ""
		if len(l.Hits) > 0 {
			hit = l.Hits[0].EntryID
		}
		if l.Row != i+1 || l.ID != w.id || hit != w.hit || !strings.Contains(l.Error, w.err) {
			t.Errorf("line %d is %+v, want %+v", i+1, l, w)
		}
	}
	for _, w := range []string{"row 4: ", "row 5: birth_date"} {
		if !strings.Contains(errs, w) {
			t.Errorf("standard error lacks %q: %s", w, errs)
		}
	}
}

// Rows come out in the order they went in, however many workers there are.
func TestSanctionsScreenOrder(t *testing.T) {
	var in strings.Builder
	in.WriteString("row,first_name,last_name\n")
	const n = 1000
	for i := range n {
		fmt.Fprintf(&in, "%d,Anna,Silva\n", i+10)
	}
	lines, _ := screen(t, in.String())
	if len(lines) != n {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		if l.Row != i+1 || l.ID != fmt.Sprint(i+10) {
			t.Fatalf("line %d is %+v", i+1, l)
		}
	}
}

func TestSanctionsScreenRefuses(t *testing.T) {
	list := writeTemp(t, "list.csv", customList)
	for name, tt := range map[string]struct {
		cmd  SanctionsScreenCmd
		in   string
		want string
	}{
		"empty file":    {SanctionsScreenCmd{Lists: []string{list}, In: "-"}, "", "empty"},
		"no name":       {SanctionsScreenCmd{Lists: []string{list}, In: "-"}, "a,b\n1,2\n", "full_name"},
		"threshold":     {SanctionsScreenCmd{Lists: []string{list}, In: "-", Threshold: 2}, "full_name\nx\n", "between 0 and 1"},
		"missing list":  {SanctionsScreenCmd{Lists: []string{list + ".not"}, In: "-"}, "full_name\nx\n", "no such file"},
		"empty folder":  {SanctionsScreenCmd{Lists: []string{t.TempDir()}, In: "-"}, "full_name\nx\n", "holds no list"},
		"not even text": {SanctionsScreenCmd{Lists: []string{writeTemp(t, "x", "\x00\x01\x02")}, In: "-"}, "full_name\nx\n", "x"},
	} {
		env, _, _ := tableEnv(tt.in)
		if err := tt.cmd.Run(env); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tt.want)
		}
	}
}

func TestSanctionsCompare(t *testing.T) {
	env, out, _ := tableEnv("name1,name2,schema\nAnna Silva,\"SILVA, Anna\",Person\nAnna Silva,Oleg Tarasenko,\n")
	if err := (&SanctionsCompareCmd{In: "-"}).Run(env); err != nil {
		t.Fatal(err)
	}
	want := "name1,name2,schema,score\nAnna Silva,\"SILVA, Anna\",Person,1.0000\nAnna Silva,Oleg Tarasenko,,0.0000\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	env, _, _ = tableEnv("a,b\n")
	if err := (&SanctionsCompareCmd{In: "-"}).Run(env); err == nil || !strings.Contains(err.Error(), "name1") {
		t.Errorf("error %v", err)
	}
}

func TestSanctionsEvaluate(t *testing.T) {
	pairs := writeTemp(t, "pairs.csv", "name1,name2,is_match,schema,group\nAnna Silva,Ana Silva,true,Person,g\nAnna Silva,Oleg Tarasenko,false,Person,g\n")
	people := "row,full_name,date_of_birth\n1,Qudratullah Zarghun Tarakhel,1968-03-12\n"
	treated := "row,full_name,date_of_birth\n1,Qudratulah Zarghun Tarakhel,1968-03-12\n"
	env, out, _ := tableEnv("")
	cmd := SanctionsEvaluateCmd{
		Pairs: pairs, Lists: []string{writeTemp(t, "list.csv", customList)}, FAR: 0.001, Seed: 1,
		Untreated: writeTemp(t, "u.csv", people), Treated: writeTemp(t, "t.csv", treated),
		Negatives: []string{writeTemp(t, "n.csv", "row,full_name\n1,Anna Silva\n2,Jo Brown\n")},
	}
	if err := cmd.Run(env); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"all persons", "altered", "1 of     1  100.00 %", "three typing errors", "name and birth date: threshold"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
	env, out, _ = tableEnv("")
	cmd.Pairs, cmd.Show = "", 2
	cmd.Treated = writeTemp(t, "t.csv", "row,full_name\n1,Olga Brown\n")
	cmd.Negatives = []string{writeTemp(t, "n.csv", "row,full_name\n1,Anna Silva\n2,Qudratullah Tarakhel\n")}
	if err := cmd.Run(env); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{": Qudratullah Tarakhel, for Qudratullah Zarghun Tarakhel\n", "missed 0.0000: Olga Brown\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table does not show %q:\n%s", want, out)
		}
	}
	env, _, _ = tableEnv("")
	if err := (&SanctionsEvaluateCmd{}).Run(env); err == nil {
		t.Error("nothing to evaluate is no error")
	}
}
