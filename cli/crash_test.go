package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A running program is this test binary, serving a data folder.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	said []string // before it listened
}

func dossier(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	cmd.Stdin = strings.NewReader(stdin)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dossier %s: %v\n%s", strings.Join(args, " "), err, errors.String())
	}
	return string(out)
}

// fails runs a command that must not succeed, and returns what it says.
func fails(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	said, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("dossier %s succeeds", strings.Join(args, " "))
	}
	return string(said)
}

// serve starts the program and waits until it says that it listens.
func serve(t *testing.T, args ...string) *running {
	t.Helper()
	return serveTo(t, os.Stderr, args...)
}

// serveTo is serve with the log elsewhere.
func serveTo(t *testing.T, log io.Writer, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: exec.Command(os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)}
	r.cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	r.cmd.Stderr = log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill(); r.cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			r.url = url
			go io.Copy(io.Discard, out)
			return r
		}
		r.said = append(r.said, lines.Text())
	}
	t.Fatalf("the server never listened; it said %q", r.said)
	return nil
}

// ask sends a request with the key and returns the status and the decoded answer.
func (r *running) ask(key, method, path string, body any) (int, map[string]any) {
	data, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequest(method, r.url+path, bytes.NewReader(data))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	answer := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

func newKey(t *testing.T, data string) string {
	t.Helper()
	dossier(t, "correct horse battery staple\n", "setup", "--data", data, "--company", "acme", "--email", "nino@example.com", "--name", "Nino", "--password-stdin")
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(dossier(t, "", "key", "add", "--data", data, "--name", "test", "--write")), &made); err != nil {
		t.Fatal(err)
	}
	return made.Key
}

// moreRounds is how many times the server is killed, where somebody asks for more than in every test run.
var moreRounds = os.Getenv("DOSSIER_CRASH_ROUNDS")

// TestKilledWhileSessionsComeIn kills the server with SIGKILL under load. What it answered must be
// there after a restart, found by search, nothing may be half there, and index, store and audit chain whole.
// DOSSIER_CRASH_ROUNDS asks for more rounds than the two of every test run.
func TestKilledWhileSessionsComeIn(t *testing.T) {
	rounds, sessions := 2, 500
	if n, err := strconv.Atoi(moreRounds); err == nil {
		rounds = n
	}
	data := filepath.Join(t.TempDir(), "data")
	key := newKey(t, data)
	answered := map[string]string{} // id by reference
	for round := range rounds {
		server := serve(t, "--data", data)
		killAfter := sessions/4 + round*37%(sessions/2)
		for ref, id := range server.ingestUntilKilled(key, round, sessions, killAfter) {
			answered[ref] = id
		}
	}
	server := serve(t, "--data", data)
	found := wholeAfterCatchUp(t, data)
	for ref, id := range answered {
		status, got := server.ask(key, http.MethodGet, "/api/v1/sessions/"+id, nil)
		if status != http.StatusOK || got["reference"] != ref {
			t.Fatalf("session %s (%s) was answered before the crash and is now %d, %v", id, ref, status, got)
		}
		status, page := server.ask(key, http.MethodGet, "/api/v1/sessions?q="+ref, nil)
		if status != http.StatusOK || page["total"] != 1.0 {
			t.Fatalf("%s is found %v times (%d)", ref, page["total"], status)
		}
	}
	if len(answered) < rounds*sessions/8 {
		t.Fatalf("only %d sessions were answered in %d rounds: the test proves little", len(answered), rounds)
	}
	for check, f := range found {
		if f.Level != ok && check != "lists" && check != "backup" { // this folder has neither
			t.Errorf("after %d kills: %s", rounds, f)
		}
		if check == "index" || check == "records" || check == "sessions" || check == "audit" {
			t.Log(f)
		}
	}
	if err := server.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := server.cmd.Wait(); err != nil {
		t.Errorf("the graceful end: %v", err)
	}
	if said := dossier(t, "", "audit", "verify", "--data", data); !strings.Contains(said, `"whole":true`) {
		t.Errorf("audit verify says %s", said)
	}
	t.Logf("%d answered sessions over %d kills, none lost", len(answered), rounds)
}

// wholeAfterCatchUp asks doctor until the index has taken in everything.
func wholeAfterCatchUp(t *testing.T, data string) map[string]finding {
	t.Helper()
	for tries := 0; ; tries++ {
		found, _ := doctor(t, data)
		if strings.Contains(found["index"].Text, ", 0 still") || tries == 20 {
			return found
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// ingestUntilKilled sends sessions from 16 clients and kills the server after a number of answers.
func (r *running) ingestUntilKilled(key string, round, sessions, killAfter int) map[string]string {
	var (
		mu       sync.Mutex
		answered = map[string]string{}
		clients  sync.WaitGroup
		kill     sync.Once
		next     = make(chan int)
	)
	for range 16 {
		clients.Go(func() {
			for n := range next {
				ref := fmt.Sprintf("r%02dn%04d", round, n)
				status, got := r.ask(key, http.MethodPost, "/api/v1/sessions", map[string]any{"reference": ref, "finish": true,
					"person": map[string]any{"first_name": "Greta", "last_name": "Unrelated", "document_number": ref}})
				id, _ := got["id"].(string)
				if status != http.StatusCreated || id == "" {
					continue
				}
				mu.Lock()
				answered[ref] = id
				enough := len(answered) >= killAfter
				mu.Unlock()
				if enough {
					kill.Do(func() { r.cmd.Process.Kill() })
				}
			}
		})
	}
	for n := range sessions {
		next <- n
	}
	close(next)
	clients.Wait()
	r.cmd.Wait()
	return answered
}

// TestSecondProcess is told that the folder is in use, and what the first one has stays whole.
func TestSecondProcess(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	newKey(t, data)
	serve(t, "--data", data)
	cmd := exec.Command(os.Args[0], "reindex", "--data", data)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	said, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "Another dossier process") {
		t.Errorf("a second process: %v, %s", err, said)
	}
}

// TestDemo is the README's first command: it prints what it promises, and the demo key works.
func TestDemo(t *testing.T) {
	server := serve(t, "--demo")
	said := strings.Join(server.said, "\n")
	_, key, found := strings.Cut(said, "demo api key: ")
	if !found || !strings.Contains(said, "demo login: ") {
		t.Fatalf("the demo said %s", said)
	}
	key = strings.Fields(key)[0]
	status, page := server.ask(key, http.MethodGet, "/api/v1/sessions?limit=200", nil)
	items, _ := page["items"].([]any)
	if status != http.StatusOK || len(items) < 30 {
		t.Fatalf("the demo key finds %d sessions (%d)", len(items), status)
	}
	full := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(filepath.Join(full, "store"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "serve", "--demo", "--data", full, "--addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	if said, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(said), "is not empty") {
		t.Errorf("the demo in a folder that is not empty: %v, %s", err, said)
	}
	statuses := map[any]int{}
	for _, item := range items {
		statuses[item.(map[string]any)["status"]]++
	}
	for _, want := range []string{"success", "rejected", "awaiting_action", "in_progress"} {
		if statuses[want] == 0 {
			t.Errorf("the demo has no session that is %s: %v", want, statuses)
		}
	}
	req, err := http.NewRequest(http.MethodGet, server.url+"/api/v1/sessions/"+items[5].(map[string]any)["id"].(string)+"/report.pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if pdf, err := io.ReadAll(res.Body); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("the report is %d bytes, %v", len(pdf), err)
	}
}
