package photo_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"

	"dossier/demo/specimen"
	"dossier/photo"
)

// document is a drawn identity card, whose portrait stands on its left, with a part painted over.
func document(t *testing.T, front bool, blank func(b image.Rectangle) image.Rectangle) []byte {
	t.Helper()
	d := specimen.Document{Kind: specimen.IDCard, State: "UTO", Number: "L898902C3", LastName: "ERIKSSON", FirstName: "ANNA MARIA",
		Sex: "F", Nationality: "UTO", BirthDate: "12 AUG 1974", ExpiryDate: "15 APR 2031", Face: specimen.NewFace(11, specimen.Look{Female: true, Age: 35, Skin: 2})}
	data := specimen.Front(d)
	if !front {
		data = specimen.Back(d)
	}
	if blank == nil {
		return data
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	painted := image.NewRGBA(img.Bounds())
	draw.Draw(painted, img.Bounds(), img, img.Bounds().Min, draw.Src)
	draw.Draw(painted, blank(img.Bounds()), image.NewUniform(color.White), image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, painted, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func right(b image.Rectangle) image.Rectangle { b.Min.X = b.Dx() / 2; return b }
func whole(b image.Rectangle) image.Rectangle { return b }

func TestPortrait(t *testing.T) {
	for name, tt := range map[string]struct {
		data  []byte
		found bool
	}{
		"a document":                  {document(t, true, nil), true},
		"its left half":               {document(t, true, right), true},
		"no more than white":          {document(t, true, whole), false},
		"its back, which has no face": {document(t, false, nil), false},
	} {
		cut, found, err := photo.Portrait(tt.data, 320)
		if err != nil || found != tt.found {
			t.Errorf("%s: found %v, %v; want %v", name, found, err, tt.found)
		}
		if !found {
			continue
		}
		got, err := jpeg.DecodeConfig(bytes.NewReader(cut))
		if err != nil || got.Width > 320 || got.Width < 100 || got.Height < got.Width {
			t.Errorf("%s: cut to %d × %d, %v", name, got.Width, got.Height, err)
		}
	}
	if _, _, err := photo.Portrait(document(t, true, nil)[:2000], 320); err == nil {
		t.Error("a photo that is cut short gives a portrait")
	}
	if _, _, err := photo.Portrait([]byte("GIF89a"), 320); err == nil {
		t.Error("what is no photo gives a portrait")
	}
}
