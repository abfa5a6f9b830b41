package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledInTheMiddleOfARun kills the server with SIGKILL while it screens everybody against a changed
// list. After the restart the run covers everybody, and each who is listed now has one alert.
func TestKilledInTheMiddleOfARun(t *testing.T) {
	const persons, listed = 6000, 60
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	dossier(t, "correct horse battery staple\n", "setup", "--data", data, "--company", "acme", "--email", "nino@example.com", "--name", "Nino", "--password-stdin")
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(dossier(t, "", "key", "add", "--data", data, "--name", "test", "--write", "--lists")), &made); err != nil {
		t.Fatal(err)
	}
	list := []byte("id,type,name,aliases,birth_date,nationality,document_numbers,program\nX-0,person,Vasilon Karmeides,,1961-04-05,,,EXAMPLE\n")
	var people bytes.Buffer
	for n := range persons {
		fmt.Fprintf(&people, `{"reference":"p%d","finish":true,"person":{"first_name":"Greta","last_name":"Unrelated","birth_date":"1991-01-01","document_number":"D%07d"}}`+"\n", n, n)
	}
	for name, content := range map[string][]byte{"one.csv": list, "people.ndjson": people.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dossier(t, "", "sanctions", "load", "--data", data, "--list", "custom", filepath.Join(dir, "one.csv"))
	dossier(t, "", "import", "--data", data, filepath.Join(dir, "people.ndjson"))
	for n := range listed { // spread over the whole run, each meeting one person by the number of the document
		list = fmt.Appendf(list, "X-%d,person,Xenophil Wrackspurt,,1899-01-01,,D%07d,EXAMPLE\n", n+1, n*persons/listed)
	}

	server := serve(t, "--data", data)
	server.upload(made.Key, list)
	before := server.lastRun(made.Key)
	for end := time.Now().Add(time.Minute); before.Population == 0; before = server.lastRun(made.Key) {
		if time.Now().After(end) {
			t.Fatal("the run never began")
		}
		time.Sleep(time.Millisecond)
	}
	if err := server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	server.cmd.Wait()
	if before.Status != "running" || before.Population >= persons {
		t.Skipf("the run was over before it could be killed: %+v", before)
	}

	server = serve(t, "--data", data)
	done := server.lastRun(made.Key)
	for end := time.Now().Add(time.Minute); done.Status != "done"; done = server.lastRun(made.Key) {
		if time.Now().After(end) {
			t.Fatalf("the run does not end: %+v", done)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if done.ID != before.ID || done.Population != persons || done.Screened != persons || done.Failed != 0 || done.Alerts != listed {
		t.Errorf("killed at %d persons, the run ends as %+v", before.Population, done)
	}
	_, page := server.ask(made.Key, http.MethodGet, "/api/v1/alerts?limit=200", nil)
	sessions := map[any]bool{}
	alerts, _ := page["items"].([]any)
	for _, a := range alerts {
		sessions[a.(map[string]any)["session"]] = true
	}
	if len(alerts) != listed || len(sessions) != listed {
		t.Errorf("%d alerts about %d persons, want %d", len(alerts), len(sessions), listed)
	}
	if err := server.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	server.cmd.Wait()
	if said := dossier(t, "", "rescreen", "--data", data); !strings.Contains(said, `"alerts":0`) || !strings.Contains(said, fmt.Sprintf(`"screened":%d`, persons)) {
		t.Errorf("the same facts again: %s", said)
	}
	if said := dossier(t, "", "audit", "verify", "--data", data); !strings.Contains(said, `"whole":true`) {
		t.Errorf("audit verify says %s", said)
	}
}

type runState struct {
	ID, Status                           string
	Population, Screened, Failed, Alerts int
}

// lastRun is the newest re-screening.
func (r *running) lastRun(key string) (run runState) {
	r.t.Helper()
	_, page := r.ask(key, http.MethodGet, "/api/v1/rescreenings", nil)
	items, _ := page["items"].([]any)
	if len(items) == 0 {
		return run
	}
	data, err := json.Marshal(items[0])
	if err == nil {
		err = json.Unmarshal(data, &run)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return run
}

// upload brings a list into force.
func (r *running) upload(key string, list []byte) {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/lists/custom", bytes.NewReader(list))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		r.t.Fatalf("the upload: %d", res.StatusCode)
	}
}
