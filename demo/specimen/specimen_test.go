package specimen

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"sync"
	"testing"
)

var (
	woman = NewFace(6, Look{Female: true, Age: 33, Skin: 1})
	man   = NewFace(11, Look{Age: 44, Skin: 4, Dark: true})
)

func passport() Document {
	return Document{
		Kind: Passport, State: "UKR", Number: "FE4738206", PersonalNumber: "19920311-04827", LastName: "Shevchuk", FirstName: "Oksana",
		LocalLast: "Шевчук", LocalFirst: "Оксана", Sex: "F", Nationality: "UKR", BirthDate: "11 MAR 1992", BirthPlace: "Poltava",
		IssueDate: "02 MAY 2021", ExpiryDate: "02 MAY 2031", Face: woman,
		MRZ: []string{"P<UKRSHEVCHUK<<OKSANA<<<<<<<<<<<<<<<<<<<<<<<", "FE47382063UKR9203114F31050221992031104827<04"},
	}
}

func card(kind Kind) Document {
	d := Document{
		Kind: kind, State: "D", Number: "C9576688A", LastName: "Brinkhoff", FirstName: "Jürgen Karl", Sex: "M", Nationality: "D",
		BirthDate: "12 AUG 1974", BirthPlace: "Lüneburg", IssueDate: "02 MAY 2021", ExpiryDate: "02 MAY 2031", Face: man,
	}
	if kind != DrivingLicence {
		d.MRZ = []string{"I<D<<C9576688A9<<<<<<<<<<<<<<<", "7408126M3105025D<<<<<<<<<<<<<4", "BRINKHOFF<<JUERGEN<KARL<<<<<<<"}
	}
	return d
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPictures: every kind of document gives whole pictures of a sensible size, and only cards have a back.
func TestPictures(t *testing.T) {
	for _, d := range []Document{passport(), card(IDCard), card(ResidencePermit), card(DrivingLicence)} {
		for name, data := range map[string][]byte{"front": Front(d), "back": Back(d), "portrait": Portrait(d), "selfie": Selfie(d.Face, 5)} {
			if name == "back" && d.Kind == Passport {
				if data != nil {
					t.Error("a passport has a back")
				}
				continue
			}
			size := decode(t, data).Bounds()
			if size.Dx() < 250 || size.Dy() < 250 || len(data) < 5<<10 || len(data) > 250<<10 {
				t.Errorf("kind %d, %s: %d bytes, %v", d.Kind, name, len(data), size)
			}
		}
	}
}

// TestSameBytes: the same document is the same picture, whoever draws at the same time.
func TestSameBytes(t *testing.T) {
	want := [][]byte{Front(passport()), Back(card(IDCard)), Portrait(passport()), Selfie(man, 9)}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			got := [][]byte{Front(passport()), Back(card(IDCard)), Portrait(passport()), Selfie(man, 9)}
			for i := range got {
				if !bytes.Equal(got[i], want[i]) {
					t.Errorf("picture %d differs when drawn again", i)
				}
			}
		})
	}
	all.Wait()
}

// TestEverythingShows: whatever a document says changes its picture, so nothing is left out.
func TestEverythingShows(t *testing.T) {
	plain := Front(passport())
	for name, change := range map[string]func(*Document){
		"number": func(d *Document) { d.Number = "FE4738207" }, "personal number": func(d *Document) { d.PersonalNumber = "" },
		"last name": func(d *Document) { d.LastName = "Shevchak" }, "first name": func(d *Document) { d.FirstName = "Oksano" },
		"local name": func(d *Document) { d.LocalLast = "Шевчак" }, "sex": func(d *Document) { d.Sex = "X" },
		"nationality": func(d *Document) { d.Nationality = "UTO" }, "birth date": func(d *Document) { d.BirthDate = "12 MAR 1992" },
		"birth place": func(d *Document) { d.BirthPlace = "Lutsk" }, "issue": func(d *Document) { d.IssueDate = "03 MAY 2021" },
		"expiry": func(d *Document) { d.ExpiryDate = "03 MAY 2031" }, "face": func(d *Document) { d.Face = man },
		"zone": func(d *Document) { d.MRZ = []string{d.MRZ[0], d.MRZ[1][:43] + "5"} }, "state": func(d *Document) { d.State = "POL" },
		"cut off": func(d *Document) { d.Flaw = CutOff }, "screen": func(d *Document) { d.Flaw = FromScreen }, "glare": func(d *Document) { d.Flaw = Glare },
	} {
		d := passport()
		change(&d)
		if bytes.Equal(Front(d), plain) {
			t.Errorf("%s does not show", name)
		}
	}
}

// TestZonePitch: each character of the zone stands 2.54 mm after the last and each line 6.35 mm below
// (ISO 7501, ten characters an inch): a reader finds ink in the cell of a letter and none in a gap.
func TestZonePitch(t *testing.T) {
	d := card(IDCard)
	d.MRZ = []string{"H H H H H H H H H H H H H H H ", " H H H H H H H H H H H H H H H", "H H H H H H H H H H H H H H H "}
	m := decode(t, Back(d))
	for line, text := range d.MRZ {
		for i, char := range text {
			x := desk + 5 + 2.54*float64(i) + 1.2
			y := desk + cardHeight - 5.2 - 6.35*float64(2-line) - 1.3
			ink := darkest(m, x*cardUnit, y*cardUnit) < 90
			if ink != (char == 'H') {
				t.Fatalf("line %d, character %d (%q): ink is %v", line, i, char, ink)
			}
		}
	}
}

// darkest is the least luma within a millimetre of a point in pixels.
func darkest(m image.Image, x, y float64) uint32 {
	low := uint32(255)
	for dx := -6; dx <= 6; dx++ {
		for dy := -6; dy <= 6; dy++ {
			r, g, b, _ := m.At(int(x)+dx, int(y)+dy).RGBA()
			low = min(low, (r+g+b)/3>>8)
		}
	}
	return low
}

// TestStates: every state has a look whose words the fonts can print.
func TestStates(t *testing.T) {
	for code, s := range states {
		words, ok := labels[s.lang]
		if !ok {
			t.Errorf("%s: no labels in %q", code, s.lang)
		}
		for _, text := range append(words[:], s.name, s.local, s.city) {
			if !Printable(text) || !Printable((Document{State: code}).capitals(text)) {
				t.Errorf("%s: %q cannot be printed", code, text)
			}
		}
	}
	if got := (Document{State: "GRC"}).capitals("Ελληνική"); got != "ΕΛΛΗΝΙΚΗ" {
		t.Errorf("Greek capitals: %q", got)
	}
}

// TestStrangeText: what no font has is left out, and does no harm.
func TestStrangeText(t *testing.T) {
	d := passport()
	d.LastName, d.BirthPlace, d.State, d.MRZ = "ქართული\n\x00\xff", string(make([]byte, 3000)), "??", []string{"\xff\xfe", ""}
	decode(t, Front(d))
}

func TestFaces(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(200) {
		f := NewFace(seed, Look{Female: seed%2 == 0, Age: int(18 + seed%70), Skin: int(seed % 10), Scarf: true, Turban: true})
		if f != NewFace(seed, Look{Female: seed%2 == 0, Age: int(18 + seed%70), Skin: int(seed % 10), Scarf: true, Turban: true}) {
			t.Fatalf("seed %d gives two faces", seed)
		}
		if f.Female && f.Beard != Shaven {
			t.Errorf("seed %d: %+v", seed, f)
		}
		seen[fmt.Sprintf("%+v", f)] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d different faces of 200", len(seen))
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, draw := range map[string]func() []byte{
		"passport":   func() []byte { return Front(passport()) },
		"card_front": func() []byte { return Front(card(IDCard)) },
		"card_back":  func() []byte { return Back(card(IDCard)) },
		"portrait":   func() []byte { return Portrait(passport()) },
		"selfie":     func() []byte { return Selfie(man, 3) },
	} {
		b.Run(name, func(b *testing.B) {
			size := len(draw())
			b.ReportAllocs()
			for b.Loop() {
				draw()
			}
			b.ReportMetric(float64(size)/1024, "KB")
		})
	}
}
