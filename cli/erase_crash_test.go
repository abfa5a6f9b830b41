package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestKilledInTheMiddleOfAnErasure kills a retention run with SIGKILL, first among the sessions and then while
// it takes them out of the files. What it said is erased is erased, the rest is whole, and the next run ends it.
func TestKilledInTheMiddleOfAnErasure(t *testing.T) {
	const sessions = 60
	dir := t.TempDir()
	data, period := filepath.Join(dir, "data"), filepath.Join(dir, "period.json")
	dossier(t, "", "seed", "--sessions", fmt.Sprint(sessions), "--photos", "--data", data)
	if err := os.WriteFile(period, []byte(`{"photo_days":1,"record_days":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, company := range []string{"acme", "orbit"} {
		dossier(t, "", "company", "set", company, period, "--reason", "test", "--data", data)
	}
	if said := dossier(t, "", "retention", "--dry-run", "--data", data); !strings.Contains(said, fmt.Sprintf(`"records":%d`, sessions)) {
		t.Fatalf("due are: %s", said)
	}

	erased := killedErasure(t, data, sessions/3)
	if len(erased) == sessions {
		t.Skip("the run had erased everybody before it could be killed")
	}
	soundAfterErasure(t, data)
	left := dossier(t, "", "export", "--data", data)
	for _, id := range erased {
		if strings.Contains(left, id) {
			t.Errorf("session %s was erased before the kill, and is there", id)
		}
	}
	killedErasure(t, data, strings.Count(left, "\n"))
	soundAfterErasure(t, data)
	if said := dossier(t, "", "retention", "--data", data); !strings.Contains(said, `"records":0`) || !strings.Contains(said, `"purged":true`) {
		t.Errorf("the run after the kills: %s", said)
	}
	if found := soundAfterErasure(t, data); !strings.Contains(found["sessions"].Text, "all 0 ") || !strings.Contains(found["photos"].Text, "all 0 ") {
		t.Errorf("left are: %s; %s", found["sessions"], found["photos"])
	}
}

// killedErasure kills a retention run as soon as it has said of n sessions that they are erased, and returns
// the ids of all of whom it said so.
func killedErasure(t *testing.T, data string, n int) (erased []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "retention", "--data", data)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, rest, is := strings.Cut(lines.Text(), `"id":"`); is {
			erased = append(erased, rest[:26])
		}
		if len(erased) == n {
			cmd.Process.Kill()
		}
	}
	cmd.Wait()
	if len(erased) < n {
		t.Fatalf("the run said of %d sessions that they are erased, want %d", len(erased), n)
	}
	return erased
}

// soundAfterErasure lets doctor look at a stopped folder: store, photos, index and audit chain.
func soundAfterErasure(t *testing.T, data string) map[string]finding {
	t.Helper()
	found, _ := doctor(t, data)
	for check, f := range found {
		if f.Level != ok && check != "lists" && check != "backup" {
			t.Errorf("after the kill: %s", f)
		}
	}
	return found
}
