package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"dossier/kv"
)

// The person who is looked for, with the first letters as the index has them.
const (
	soughtName   = "Zzyzxłówska"
	soughtFolded = "zzyzxlowska"
	soughtStart  = "zzyzxl"
	soughtNumber = "ZZQ7739114"
	soughtEntry  = "Qwyjibolder"
)

// An office is a data folder in use, with all folders around it that a program may write to.
type office struct {
	t                            *testing.T
	data, temp, backups, in, log string
	photo                        []byte
	kept                         *keeper
	identity                     string // file of the age identity that reads the backups; "" where they are plain
	key                          string // of the API
}

func newOffice(t *testing.T, encrypted bool) *office {
	t.Helper()
	dir := t.TempDir()
	o := &office{t: t, data: filepath.Join(dir, "data"), temp: filepath.Join(dir, "temp"), backups: filepath.Join(dir, "backups"), in: filepath.Join(dir, "in"), log: filepath.Join(dir, "log")}
	for _, d := range []string{o.data, o.temp, o.backups, o.in, o.log} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	o.kept = keep(t, o.data, o.temp, o.backups, o.log)
	t.Setenv("TMPDIR", o.temp)
	t.Setenv("DOSSIER_DATA", o.data)
	if encrypted {
		t.Setenv("DOSSIER_ENCRYPTION_KEY", strings.Repeat("a7", kv.KeySize))
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("DOSSIER_BACKUP_RECIPIENT", identity.Recipient().String())
		o.identity = o.write("identity.txt", identity.String())
	}
	noise := image.NewGray(image.Rect(0, 0, 700, 700))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rand.Uint32())
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, noise, nil); err != nil {
		t.Fatal(err)
	}
	o.photo = photo.Bytes()
	return o
}

// write writes a file that the operator hands in.
func (o *office) write(name, content string) (path string) {
	o.t.Helper()
	path = filepath.Join(o.in, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// markers are what is looked for, by what it is.
func (o *office) markers() map[string][][]byte {
	half := len(o.photo) / 2
	return map[string][][]byte{
		"name": markersOf(soughtName), "folded name": markersOf(soughtFolded), "start of the name": markersOf(soughtStart),
		"number": markersOf(soughtNumber), "entry of a list": markersOf(soughtEntry),
		"photo": {o.photo[half : half+100], o.photo[1000:1100], o.photo[len(o.photo)-100:]},
	}
}

// ask sends a request and returns the answer's body.
func (o *office) ask(method, to string, head map[string]string, body io.Reader) (*http.Response, string) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, to, body)
	if err != nil {
		o.t.Fatal(err)
	}
	for k, v := range head {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultTransport.RoundTrip(req) // which follows no redirect
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		o.t.Fatalf("%s %s: %d %s, %v", method, to, res.StatusCode, said, err)
	}
	return res, string(said)
}

// use does with the program what an office does with it in a day, and stops it in the middle. It returns in
// which files it left what is looked for.
func (o *office) use() (found map[string][]string) {
	o.t.Helper()
	o.key = newKey(o.t, o.data)
	dossier(o.t, "", "sanctions", "load", "--list", "custom", o.write("list.csv", "id,type,name\nX-1,person,"+soughtEntry+" Quux\n"))
	if err := os.WriteFile(filepath.Join(o.in, "face.jpg"), o.photo, 0o600); err != nil {
		o.t.Fatal(err)
	}
	line := func(reference, number string) string {
		return fmt.Sprintf(`{"reference":%q,"person":{"first_name":"Anna","last_name":%q,"document_number":%q},"photos":[{"kind":"selfie","path":"face.jpg"}]}`+"\n", reference, soughtName, number)
	}
	dossier(o.t, "", "import", o.write("more.ndjson", line("i-1", "OTHER1")+strings.Replace(line("i-2", soughtNumber), `"reference"`, `"refused"`, 1)))
	if refused, err := os.ReadFile(filepath.Join(o.in, "more.ndjson.rejected")); err != nil || !bytes.Contains(refused, []byte(soughtNumber)) {
		o.t.Fatalf("the refused line is not where the operator looks for it: %s, %v", refused, err)
	}
	server := o.serve()
	o.work(server.url)
	backup := filepath.Join(o.backups, "all.backup")
	dossier(o.t, "", "backup", backup)
	server.cmd.Process.Kill() // so that its files stay as they were
	server.cmd.Wait()
	found = filesWith(o.t, o.data, o.markers())
	dossier(o.t, "", "reindex")
	restored := []string{"restore", backup, "--dry-run"}
	if o.identity != "" {
		restored = append(restored, "--identity", o.identity)
	}
	dossier(o.t, "", restored...)
	o.kept.stop()
	for what, files := range filesWith(o.t, o.kept.dir, o.markers()) {
		found[what] = append(found[what], files...)
	}
	return found
}

// serve starts the server with a log of everything.
func (o *office) serve() *running {
	o.t.Helper()
	log, err := os.Create(filepath.Join(o.log, "server.log"))
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { log.Close() })
	return serveTo(o.t, log, "--log-level", "debug")
}

// work takes in a session with its photo, finds it, looks at it, and takes it out in every form.
func (o *office) work(at string) {
	o.t.Helper()
	api, asKey := at+"/api/v1/sessions", map[string]string{"Authorization": "Bearer " + o.key, "Content-Type": "application/json"}
	var made struct{ ID string }
	_, said := o.ask("POST", api, asKey, strings.NewReader(fmt.Sprintf(`{"reference":"a-1","person":{"first_name":"Anna","last_name":%q,"document_number":%q}}`, soughtName, soughtNumber)))
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		o.t.Fatal(err)
	}
	asKey["Content-Type"] = "image/jpeg"
	o.ask("PUT", api+"/"+made.ID+"/photos/selfie", asKey, bytes.NewReader(o.photo))
	for _, q := range []string{soughtStart, soughtName, soughtNumber} {
		for tries := 0; ; tries++ {
			_, said := o.ask("GET", api+"?q="+url.QueryEscape(q), asKey, nil)
			if strings.Contains(said, made.ID) {
				break
			}
			if tries == 600 {
				o.t.Fatalf("a search for %s finds %s", q, said)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	o.ask("GET", api+"/"+made.ID+"/photos/selfie?w=120", asKey, nil)
	o.ask("GET", api+"/"+made.ID+"/report.pdf", asKey, nil)
	o.ask("POST", at+"/api/v1/screen", map[string]string{"Authorization": asKey["Authorization"], "Content-Type": "application/json"}, strings.NewReader(`{"last_name":"`+soughtEntry+`"}`))
	o.export(at)
}

// export has a file of all sessions written in the background, as a member, and takes it out.
func (o *office) export(at string) {
	o.t.Helper()
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	res, _ := o.ask("POST", at+"/login", form, strings.NewReader(url.Values{"email": {"nino@example.com"}, "password": {"correct horse battery staple"}}.Encode()))
	for _, c := range res.Cookies() {
		form["Cookie"] = c.Name + "=" + c.Value
	}
	_, page := o.ask("GET", at+"/sessions", form, nil)
	token := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil {
		o.t.Fatalf("the page has no form: %s", page)
	}
	o.ask("POST", at+"/exports?q="+soughtStart, form, strings.NewReader(url.Values{"csrf": {token[1]}}.Encode()))
	file := regexp.MustCompile(`/exports/\w+/export\.csv`)
	for tries := 0; ; tries++ {
		_, page = o.ask("GET", at+"/exports", form, nil)
		if file.MatchString(page) {
			break
		}
		if tries == 1200 {
			o.t.Fatalf("the export does not end: %s", page)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, csv := o.ask("GET", at+file.FindString(page), form, nil); !strings.Contains(csv, soughtName) {
		o.t.Fatalf("the export is %s", csv)
	}
}

// TestNothingInPlainText uses the whole program, with a key and without, and looks for a person, her photo and
// an entry of a list in every file that it ever wrote: data folder, index, temporary files, backups, log.
// Without a key all of it must be found, or the test would prove nothing. What the operator asked for in plain
// text stands apart: what was handed in, FILE.rejected beside it, and downloads.
func TestNothingInPlainText(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprintf("encrypted=%v", encrypted), func(t *testing.T) {
			o := newOffice(t, encrypted)
			found := o.use()
			if encrypted {
				for what, files := range found {
					t.Errorf("the %s is in %q", what, files)
				}
				if segments, err := filepath.Glob(filepath.Join(o.kept.dir, "*.zap")); len(segments) > 0 || err != nil {
					t.Errorf("the index was on disk: %q, %v", segments, err)
				}
				return
			}
			for what, where := range map[string]string{
				"name": ".mem .sst backups_ restoring_", "number": ".mem .sst .zap backups_ restoring_", "folded name": ".zap",
				"start of the name": ".zap", "entry of a list": ".sst backups_ restoring_", "photo": ".vlog backups_ restoring_",
			} {
				files := strings.Join(found[what], " ")
				for _, kind := range strings.Fields(where) {
					if !strings.Contains(files, kind) {
						t.Errorf("the %s is in no file %s, but in %q: the test proves little", what, kind, files)
					}
				}
				if strings.Contains(files, ".log") {
					t.Errorf("the %s is in the log", what)
				}
			}
		})
	}
}

// TestErasedLeavesEveryFile erases a person with the command line: afterwards neither her name nor the letters
// by which the index finds it nor her number are in any file of the data folder. The photo, which is younger
// than an hour, goes with a later run; kv's tests look for its bytes.
func TestErasedLeavesEveryFile(t *testing.T) {
	o := newOffice(t, false)
	o.kept.stop() // what there was once is no matter here
	newKey(t, o.data)
	dossier(t, "", "company", "set", "acme", o.write("early.json", `{"early_erasure":true}`), "--reason", "test")
	line := `{"reference":"e-1","person":{"first_name":"Anna","last_name":%q,"document_number":%q}}` + "\n"
	dossier(t, "", "import", o.write("two.ndjson", fmt.Sprintf(line+line, soughtName, soughtNumber, "Stayswright", "STAYS1")))
	erased, stays := o.markers(), map[string][][]byte{"other": markersOf("Stayswright")}
	delete(erased, "photo")
	delete(erased, "entry of a list")
	before := filesWith(t, o.data, erased)
	for what := range erased {
		if !strings.Contains(strings.Join(before[what], " "), ".zap") && what != "name" {
			t.Fatalf("before the erasure the %s is in %q: the test would prove nothing", what, before[what])
		}
	}
	id := ""
	for _, one := range strings.Split(dossier(t, "", "export"), "\n") {
		if strings.Contains(one, soughtNumber) {
			id = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}`).FindString(one)
		}
	}
	dossier(t, "", "erase", id, "--reason", "request")
	for what, files := range filesWith(t, o.data, erased) {
		t.Errorf("the %s is still in %q", what, files)
	}
	if files := strings.Join(filesWith(t, o.data, stays)["other"], " "); !strings.Contains(files, ".zap") || !strings.Contains(files, ".sst") {
		t.Errorf("who stays is in %q", files)
	}
}
