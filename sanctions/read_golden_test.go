package sanctions

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// render is a list as a person would compare it: what it is, an entry a line, then the problems.
func render(l List) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(l.ListInfo)
	for _, e := range l.Records {
		_ = enc.Encode(e)
	}
	for _, p := range l.Problems {
		_ = enc.Encode(p)
	}
	return b.String()
}

// fixtures are the lists of invented people, one a format, each with the traps of its format.
func fixtures(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/read/*.*")
	if err != nil || len(files) == 0 {
		tb.Fatal("no fixtures", err)
	}
	var lists []string
	for _, f := range files {
		if filepath.Ext(f) != ".golden" {
			lists = append(lists, f)
		}
	}
	return lists
}

// compare compares with a golden file, or writes it where UPDATE_GOLDEN is set.
func compare(t *testing.T, golden string, list List) {
	t.Helper()
	got := render(list)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("%s line %d:\n got %s\nwant %s", golden, i+1, g, w)
		}
	}
}

func TestReadGolden(t *testing.T) {
	for _, file := range fixtures(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			list, err := Read(f, ReadOptions{Name: file})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, file+".golden", list)
		})
	}
}

func TestReadSetGolden(t *testing.T) {
	list, err := ReadSet(openSet(t), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "testdata/read/ofac-set.golden", list)
}

// openSet opens the CSV set of the fixtures.
func openSet(t *testing.T) map[string]io.Reader {
	t.Helper()
	parts := map[string]io.Reader{}
	for _, name := range []string{"sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"} {
		data, err := os.ReadFile("testdata/read/ofac-set/" + name)
		if err != nil {
			t.Fatal(err)
		}
		parts[name] = bytes.NewReader(data)
	}
	return parts
}
