package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/session"
)

var now = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)

// sample reads a session of testdata. Everybody in there is invented.
func sample(tb testing.TB, name string) Data {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	var file struct {
		Session session.Session
		Company session.Company
		Events  []session.Event
	}
	if err := json.Unmarshal(text, &file); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return Data{
		Session: file.Session, Company: file.Company, Events: file.Events, Photo: drawnPhoto,
		URL: "https://kyc.example.org/sessions/" + string(file.Session.ID),
		By:  "Maka Reviewer", Now: now, Zone: time.FixedZone("Asia/Tbilisi", 4*3600),
	}
}

// drawnPhoto is a picture of the right shape, each kind in a colour of its own.
func drawnPhoto(p session.Photo) ([]byte, error) {
	if p.Width <= 0 || p.Height <= 0 || p.Width*p.Height > 1e8 {
		return nil, errors.New("there is no such photo")
	}
	w, h := 1000, 1000*p.Height/p.Width
	if h > 1000 {
		w, h = 1000*p.Width/p.Height, 1000
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(60 + 120*x/w), uint8(90 + 110*y/h), uint8(40 * len(p.Kind) % 200), 255})
		}
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

func render(tb testing.TB, d Data) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := Write(&out, d); err != nil {
		tb.Fatal(err)
	}
	if dir := os.Getenv("REPORT_OUT"); dir != "" { // to look at
		os.WriteFile(filepath.Join(dir, string(d.Session.ID)+".pdf"), out.Bytes(), 0o644)
	}
	return out.Bytes()
}

// textOf is the text of a PDF as a reader sees it.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	command := exec.Command(tool, "-layout", "-", "-")
	command.Stdin = bytes.NewReader(pdf)
	text, err := command.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(text)
}

func TestWrite(t *testing.T) {
	for _, name := range []string{"verified", "rejected", "hit", "empty"} {
		t.Run(name, func(t *testing.T) {
			d := sample(t, name)
			golden(t, name+".txt", readable(t, d, textOf(t, render(t, d))))
		})
	}
}

// readable is a text for comparison: without the spacing and the marks that versions of pdftotext put in
// differently, and without the hash of the record, which a new field of sessions changes.
func readable(t *testing.T, d Data, text string) []byte {
	t.Helper()
	hash, err := RecordHash(d.Session)
	if err != nil {
		t.Fatal(err)
	}
	text = strings.NewReplacer(hash, "HASH OF THE RECORD", shortHash(hash), "HASH…",
		"\u202A", "", "\u202B", "", "\u202C", "", "\f", "\n").Replace(text)
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

func TestSameDataSameBytes(t *testing.T) {
	first := render(t, sample(t, "hit"))
	var group sync.WaitGroup
	for range 4 { // at once, because they share the fonts
		d := sample(t, "hit")
		group.Go(func() {
			var again bytes.Buffer
			if err := Write(&again, d); err != nil || !bytes.Equal(first, again.Bytes()) {
				t.Errorf("the same data gave other bytes (error %v)", err)
			}
		})
	}
	group.Wait()
	later := sample(t, "hit")
	later.Now = later.Now.Add(time.Second)
	if bytes.Equal(first, render(t, later)) {
		t.Error("the time of the report is not in the report")
	}
}

// Unknown is never "No": an empty session may not say that a check failed.
func TestUnknownIsNotNo(t *testing.T) {
	d := sample(t, "empty")
	for line := range strings.Lines(textOf(t, render(t, d))) {
		if strings.Contains(line, "✗") || strings.Contains(line, "✓") {
			t.Errorf("a session without data has a result: %q", line)
		}
	}
}

func TestScripts(t *testing.T) {
	people := []struct{ first, last, want string }{
		{"Łukasz", "Müller-Nguyễn", "Müller-Nguyễn"},
		{"ნინო", "ბერიძე", "ნინო ბერიძე"},
		{"Сергій", "Їжакевич", "Сергій Їжакевич"},
		{"Արամ", "Խաչատրյան", "Արամ Խաչատրյան"},
		{"Ελένη", "Παπαδοπούλου", "Ελένη Παπαδοπούλου"},
		{"小明", "王", "小明 王"},
		{"タロウ", "山田", "タロウ 山田"},
		{"길동", "홍", "⟨Gildong Hong⟩"},
		{"สมชาย", "ใจดี", "⟨Smchaay"},
		{"אברהם", "כהן", ""}, // viewers differ in the order of extracted right-to-left text
		{"محمد", "العلي", ""},
	}
	for _, person := range people {
		t.Run(person.first, func(t *testing.T) {
			d := sample(t, "verified")
			d.Session.ID = session.ID("NAME-" + person.first)
			d.Session.Person.FirstName, d.Session.Person.LastName = person.first, person.last
			d.Session.Person.Local = nil
			text := textOf(t, render(t, d))
			if !strings.Contains(text, person.want) {
				t.Errorf("%q is not in the report", person.want)
			}
			if marked := strings.Contains(text, "marks a transliteration"); marked != strings.Contains(person.want, "⟨") {
				t.Errorf("the footnote on transliteration: %v", marked)
			}
		})
	}
}

func TestLongSessions(t *testing.T) {
	d := sample(t, "rejected")
	d.Session.ID = "LONG"
	s := &d.Session
	s.Person.FirstName = strings.Repeat("Llanfairpwllgwyngyll ", 30)
	s.Person.LastName = strings.Repeat("Ž", 900)
	s.Document.MRZ = append(s.Document.MRZ, strings.Repeat("X<", 400))
	for i := range 200 {
		e := s.Document.MRZErrors[i%4]
		e.Category = fmt.Sprintf("Field %d", i)
		s.Document.MRZErrors = append(s.Document.MRZErrors, e)
	}
	for i := range 500 {
		s.Notes = append(s.Notes, session.Note{At: now, By: "Maka Reviewer", Action: session.NoteComment,
			Text: fmt.Sprintf("note %d: %s", i, strings.Repeat("the quick brown fox ", i%40))})
	}
	s.Notes[7].Text = strings.Repeat("a very long note, longer than a page. ", 400) + "END-OF-NOTE"
	s.Extra = map[string]any{"branch": strings.Repeat("extra", 800)}
	for range 40 {
		s.Photos = append(s.Photos, s.Photos[0])
	}
	text := textOf(t, render(t, d))
	for _, want := range []string{"Field 199", "note 499", "END-OF-NOTE", "Further photos", "Page 1 of"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the report", want)
		}
	}
	for i, page := range strings.Split(text, "\f") {
		lines := strings.Split(strings.TrimSpace(page), "\n")
		if len(lines) < 4 {
			continue
		}
		last := strings.TrimSpace(lines[len(lines)-2]) // above the foot
		if last == "Notes" || last == "Attempts" || strings.HasPrefix(last, "Category") {
			t.Errorf("page %d ends with the heading %q", i+1, last)
		}
	}
}

func TestPhotosThatFail(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	whole, _ := drawnPhoto(session.Photo{Width: 100, Height: 100})
	tests := []struct {
		name  string
		photo func(session.Photo) ([]byte, error)
		want  string
	}{
		{"error", func(session.Photo) ([]byte, error) { return nil, errors.New("its bytes do not give its hash") }, "its bytes do not give its hash"},
		{"none", nil, "made without photos"},
		{"no image", func(session.Photo) ([]byte, error) { return []byte("hello"), nil }, "not an image that can be printed"},
		{"another format", func(session.Photo) ([]byte, error) { return picture.Bytes(), nil }, "not an image that can be printed"},
		{"cut short", func(session.Photo) ([]byte, error) { return whole[:len(whole)/2], nil }, "cut short"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := sample(t, "verified")
			d.Photo = test.photo
			text := strings.Join(strings.Fields(textOf(t, render(t, d))), " ")
			if !strings.Contains(text, test.want) || !strings.Contains(text, d.Session.Photos[0].SHA256) {
				t.Errorf("the report does not say %q beside the hash of the photo", test.want)
			}
		})
	}
}

func TestLogo(t *testing.T) {
	logo := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for i := range logo.Pix {
		logo.Pix[i] = uint8(i % 251)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, logo); err != nil {
		t.Fatal(err)
	}
	d := sample(t, "empty")
	plain := render(t, d)
	d.Company.Settings.Logo = file.Bytes()
	if with := render(t, d); len(with) <= len(plain)+1000 {
		t.Errorf("the logo is not in the report: %d bytes with, %d without", len(with), len(plain))
	}
	d.Company.Settings.Logo = file.Bytes()[:200]
	if broken := render(t, d); !bytes.Equal(broken, plain) {
		t.Error("a broken logo changes the report")
	}
}

func TestWriteReportsAFullDisk(t *testing.T) {
	if err := Write(failing{}, sample(t, "empty")); !errors.Is(err, errDisk) {
		t.Errorf("Write to a full disk = %v", err)
	}
}

func TestAccentIsReadable(t *testing.T) {
	for _, text := range []string{"#ffffff", "#ffff00", "#2457c5", "#000000", "", "#zzzzzz", "red"} {
		c := parseColour(text).readable()
		if contrast := 1.05 / (c.luminance() + 0.05); contrast < 4.5 {
			t.Errorf("%q becomes %v, a contrast of %.1f", text, c, contrast)
		}
	}
}

// FuzzWrite: whatever stands in the fields, a report comes out, the same one twice.
func FuzzWrite(f *testing.F) {
	for _, s := range []string{"", "Nino", "محمد\n홍길동", strings.Repeat("W", 290), "\x00\xff\u202E", "⟨⟩\\()", "\U0001F600"} {
		f.Add(s, 3, int64(5))
	}
	f.Fuzz(func(t *testing.T, text string, n int, seconds int64) {
		if len(text) > 300 {
			t.Skip("bounded, to keep the fuzzing quick")
		}
		d := fuzzed(t, text, n, time.Unix(seconds%(200*365*86400), 0))
		var first, second bytes.Buffer
		if err := Write(&first, d); err != nil {
			t.Fatal(err)
		}
		if err := Write(&second, d); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("two reports of the same data differ (error %v)", err)
		}
	})
}

// fuzzed is a sample with text in every field that holds one and n in every number.
func fuzzed(t *testing.T, text string, n int, at time.Time) Data {
	t.Helper()
	d := sample(t, "hit")
	encoded, err := json.Marshal(d.Session)
	if err != nil {
		t.Fatal(err)
	}
	var fields any
	if err := json.Unmarshal(encoded, &fields); err != nil {
		t.Fatal(err)
	}
	changed, err := json.Marshal(replaced(fields, text))
	if err != nil {
		t.Fatal(err)
	}
	d.Session = session.Session{}
	if err := json.Unmarshal(changed, &d.Session); err != nil {
		t.Fatal(err)
	}
	s := &d.Session
	s.Extra[text] = []any{text, n}
	s.Checks.FaceMatchLevel, s.Version, s.DecidedAt = &n, n, at
	s.Document.MRZ = []string{text, text}
	e := sample(t, "rejected").Session.Document.MRZErrors[0]
	e.Category, e.Error, e.Line, e.Start, e.End = text, text, n%3, n%7-1, n
	s.Document.MRZErrors = append(s.Document.MRZErrors, e)
	d.Company.Name, d.Company.Settings.Colour, d.Company.Settings.Logo = text, text, []byte(text)
	d.Events = []session.Event{{Seq: uint64(n), Name: text, Action: text, Hash: text, Detail: map[string]string{text: text}}}
	d.URL, d.By, d.Now = text, text, at
	d.Photo = func(session.Photo) ([]byte, error) { return []byte(text), nil }
	return d
}

// replaced is v with every string but times replaced by text.
func replaced(v any, text string) any {
	switch v := v.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, v); err == nil {
			return v
		}
		return text
	case []any:
		for i := range v {
			v[i] = replaced(v[i], text)
		}
	case map[string]any:
		for key := range v {
			v[key] = replaced(v[key], text)
		}
	}
	return v
}

// BenchmarkWrite is the promise of 100 ms for a session with four photos.
func BenchmarkWrite(b *testing.B) {
	for _, name := range []string{"verified", "hit", "empty", "han"} {
		b.Run(name, func(b *testing.B) {
			d := sample(b, strings.Replace(name, "han", "verified", 1))
			if name == "han" { // takes in the large font
				d.Session.Person.FirstName, d.Session.Person.LastName = "小明", "王"
			}
			photos := map[session.PhotoKind][]byte{}
			for _, p := range d.Session.Photos {
				photos[p.Kind], _ = drawnPhoto(p)
			}
			d.Photo = func(p session.Photo) ([]byte, error) { return photos[p.Kind], nil }
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
