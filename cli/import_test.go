package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// importInto imports what arguments name and returns the exit code, and what is said on both outputs.
func importInto(t *testing.T, data string, stdin io.Reader, args ...string) (code int, said, problems string) {
	t.Helper()
	var out, errs strings.Builder
	code = Run(append([]string{"import", "--data", data}, args...), &Env{Ctx: t.Context(), Stdin: stdin, Stdout: &out, Stderr: &errs})
	return code, strings.TrimSpace(out.String()), errs.String()
}

func newCompany(t *testing.T) string {
	t.Helper()
	t.Setenv("DOSSIER_LOG_LEVEL", "error")
	dir := t.TempDir()
	t.Chdir(dir)
	data := filepath.Join(dir, "data")
	run(t, "company", "add", "--data="+data, "--name=Acme", "acme")
	return data
}

func sessionLines(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, `{"reference":"s%d"}`+"\n", i)
	}
	return b.String()
}

// TestInterruptedImport ends though its input does not.
func TestInterruptedImport(t *testing.T) {
	data := newCompany(t)
	ctx, stop := context.WithCancel(t.Context())
	in, out := io.Pipe()
	go func() {
		io.WriteString(out, sessionLines(1, 5)) // returns when all is read
		stop()
	}()
	var said, problems strings.Builder
	code := Run([]string{"import", "--data", data, "-"}, &Env{Ctx: ctx, Stdin: in, Stdout: &said, Stderr: &problems})
	if code != 1 || !strings.Contains(problems.String(), "interrupted before it was done; run it again") {
		t.Errorf("exit %d, %s, %q", code, said.String(), problems.String())
	}
}

// TestRejectedInOrder mixes lines that are refused at once with others that are committed first.
func TestRejectedInOrder(t *testing.T) {
	data := newCompany(t)
	var file strings.Builder
	want := []int{}
	for n := 1; n <= 3000; n++ {
		switch {
		case n%7 == 0:
			file.WriteString("\n")
		case n%3 == 0:
			want = append(want, n)
			file.WriteString("{\"refrence\":1}\n")
		default:
			file.WriteString(sessionLines(n, n))
		}
	}
	if err := os.WriteFile("in.ndjson", []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said, problems := importInto(t, data, nil, "in.ndjson"); code != 0 || !strings.Contains(said, fmt.Sprintf(`"rejected":%d}`, len(want))) {
		t.Fatalf("exit %d, %s, %s", code, said, problems)
	}
	written, err := os.ReadFile("in.ndjson.rejected")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(written)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines were written, want %d", len(lines), len(want))
	}
	for i, text := range lines {
		var entry struct{ Line int }
		if err := json.Unmarshal([]byte(text), &entry); err != nil || entry.Line != want[i] {
			t.Fatalf("rejected line %d is %d, want %d (%v)", i, entry.Line, want[i], err)
		}
	}
}
