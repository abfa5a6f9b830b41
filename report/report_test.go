package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
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

func TestSamples(t *testing.T) {
	for _, name := range []string{"verified", "rejected", "hit", "empty"} {
		render(t, sample(t, name))
	}
}
