package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/kv"
	"dossier/session"
)

// examined is a stopped data folder with sessions, a photo, a list and an index.
func examined(t *testing.T) (data string, photo []byte) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	dossier(t, "", "seed", "--sessions", "60", "--data", data)
	photo = make([]byte, 700_000)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range photo {
		photo[i] = byte(r.Uint32())
	}
	db, err := kv.Open(filepath.Join(data, "store"), kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.PutPhoto(t.Context(), photo); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return data, photo
}

// doctor runs the command and returns its findings by check, and whether it exits with 0.
func doctor(t *testing.T, data string) (found map[string]finding, well bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "doctor", "--json", "--data", data)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_LOG_LEVEL=error")
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	found = map[string]finding{}
	for line := range bytes.Lines(out) {
		var f finding
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		found[f.Check] = f
	}
	return found, err == nil
}

// A sound folder gives no failure, stopped and served; what is missing is told as a warning.
func TestDoctorOfSoundFolder(t *testing.T) {
	data, _ := examined(t)
	for _, running := range []bool{false, true} {
		if running {
			serve(t, "--data", data)
		}
		found, well := doctor(t, data)
		if _, told := found["server"]; told != running || !well {
			t.Errorf("running %v: exit 0 %v, server %v", running, well, told)
		}
		for check, f := range found {
			want := ok
			if check == "backup" { // there was never one
				want = warn
			}
			if f.Level != want {
				t.Errorf("running %v: %s", running, f)
			}
		}
		for _, check := range strings.Fields("settings folder space schema clock index lists backup tables records sessions photos archive audit") {
			if found[check].Level == "" {
				t.Errorf("running %v: nothing is said of %s", running, check)
			}
		}
	}
	dossier(t, "", "backup", filepath.Join(t.TempDir(), "b"), "--data", data)
	if found, _ := doctor(t, data); found["backup"].Level != ok {
		t.Errorf("after a backup: %s", found["backup"])
	}
}

// Bytes that are torn or flipped in any kind of file are told, with what to do. What is wrong with the
// index alone mends itself.
func TestDoctorOfDamage(t *testing.T) {
	data, photo := examined(t)
	flip := func(at func([]byte) int) func([]byte) []byte {
		return func(b []byte) []byte { b[at(b)] ^= 1; return b }
	}
	middle := func(b []byte) int { return len(b) / 2 }
	inPhoto := func(b []byte) int { return bytes.Index(b, photo[1000:1100]) }
	half := func(b []byte) []byte { return b[:len(b)/2] }
	tests := []struct {
		name, file string
		damage     func([]byte) []byte
		checks     string // one of these fails
	}{
		{"value log flipped", "store/*.vlog", flip(inPhoto), "photos"},
		{"value log torn", "store/*.vlog", func(b []byte) []byte { return b[:inPhoto(b)] }, "photos store"},
		{"table flipped", "store/*.sst", flip(middle), "tables store"},
		{"table torn", "store/*.sst", half, "store"},
		{"MANIFEST flipped", "store/MANIFEST", flip(middle), "store"},
		{"MANIFEST torn", "store/MANIFEST", half, "store"},
		{"index segment flipped", "index/*/*.zap", flip(middle), "index"},
		{"index segment torn", "index/*/*.zap", half, "index"},
		{"index root torn", "index/*/root.bolt", half, "index"},
		{"index state lost", "index/current", func([]byte) []byte { return nil }, "index"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(copied, "store"), 0o700); err != nil {
				t.Fatal(err)
			}
			damageLargest(t, filepath.Join(copied, filepath.FromSlash(test.file)), test.damage)
			found, well := doctor(t, copied)
			wrong := slices.DeleteFunc(strings.Fields(test.checks), func(check string) bool { return found[check].Level == ok || found[check].Level == "" })
			if len(wrong) == 0 {
				t.Fatalf("nothing is said: %v", found)
			}
			f := found[wrong[0]]
			if test.checks == "index" {
				if f.Level != warn || !well || !strings.Contains(f.Remedy, "builds it anew") {
					t.Errorf("%s", f)
				}
				wantFound(t, copied, 60)
				return
			}
			if f.Level != fail || well || !strings.Contains(f.Text+f.Remedy, "backup") {
				t.Errorf("exit 0 %v: %s", well, f)
			}
		})
	}
}

// An export of a damaged database has all that can be read, names what cannot, and fails.
func TestExportOfDamage(t *testing.T) {
	const sessions = 12
	dir := t.TempDir()
	data, photos := filepath.Join(dir, "data"), filepath.Join(dir, "photos")
	dossier(t, "", "seed", "--sessions", fmt.Sprint(sessions), "--photos", "--data", data)
	var stored []session.Session
	for line := range strings.Lines(dossier(t, "", "export", "--photos", photos, "--data", data)) {
		var s session.Session
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		stored = append(stored, s)
	}
	files, err := filepath.Glob(filepath.Join(photos, "*", "*"))
	if err != nil || len(stored) != sessions || len(files) == 0 {
		t.Fatalf("the sound database gives %d sessions, %d photos, %v", len(stored), len(files), err)
	}
	slices.SortFunc(files, func(a, b string) int { return -cmp.Compare(size(t, a), size(t, b)) })
	photo, err := os.ReadFile(files[0]) // the largest, which the value log has
	if err != nil {
		t.Fatal(err)
	}
	damageLargest(t, filepath.Join(data, "store", "*.vlog"), func(b []byte) []byte { b[bytes.Index(b, photo[1000:1100])] ^= 1; return b })
	for _, format := range []string{"ndjson", "csv"} {
		again, out := filepath.Join(dir, format), filepath.Join(dir, "out."+format)
		said := fails(t, "export", "--format", format, "--photos", again, "-o", out, "--data", data)
		lost, err := filepath.Rel(photos, files[0])
		if err != nil {
			t.Fatal(err)
		}
		if id, name := filepath.Split(lost); !strings.Contains(said, filepath.Clean(id)+", photo "+name+": left out: This photo is damaged") {
			t.Errorf("%s: the photo %s is not named: %s", format, lost, said)
		}
		left, err := filepath.Glob(filepath.Join(again, "*", "*"))
		if err != nil || len(left) != len(files)-1 {
			t.Errorf("%s: %d photos are written, %v; want all %d but one", format, len(left), err, len(files))
		}
		written, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stored {
			if !bytes.Contains(written, []byte(s.ID)) {
				t.Errorf("%s: session %s is not written", format, s.ID)
			}
		}
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// damageLargest changes the largest file that the pattern matches.
func damageLargest(t *testing.T, pattern string, damage func([]byte) []byte) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file matches %s: %v", pattern, err)
	}
	var largest []byte
	path := ""
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > len(largest) {
			largest, path = data, f
		}
	}
	if err := os.WriteFile(path, damage(largest), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantFound serves the folder: the search must find all sessions after the index was built anew.
func wantFound(t *testing.T, data string, want int) {
	t.Helper()
	keys := []string{}
	for _, company := range []string{"acme", "orbit"} {
		var made struct{ Key string }
		if err := json.Unmarshal([]byte(dossier(t, "", "key", "add", "--data", data, "--name", "test", "--company", company)), &made); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, made.Key)
	}
	server := serve(t, "--data", data)
	wholeAfterCatchUp(t, data) // which no command before it built
	n := 0.0
	for _, key := range keys {
		status, page := server.ask(key, http.MethodGet, "/api/v1/sessions?limit=1", nil)
		total, _ := page["total"].(float64)
		if n += total; status != http.StatusOK {
			t.Errorf("the search answers %d", status)
		}
	}
	if int(n) != want {
		t.Errorf("the search finds %v sessions, want %d", n, want)
	}
}

// What is no data folder, or held by a process without a socket, is told.
func TestDoctorOfNoFolder(t *testing.T) {
	found, well := doctor(t, filepath.Join(t.TempDir(), "nothing"))
	if f := found["folder"]; f.Level != fail || well || !strings.Contains(f.Text, "no database") {
		t.Errorf("%v", found)
	}
	data := filepath.Join(t.TempDir(), "data")
	newKey(t, data)
	db, err := kv.Open(filepath.Join(data, "store"), kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, well = doctor(t, data)
	if f := found["store"]; f.Level != fail || well || !strings.Contains(f.Text, "Another dossier process") {
		t.Errorf("%v", found)
	}
}
