package mrz

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

// collisions are the characters that no check digit tells apart: their values have the same last
// digit, and all weights are coprime to ten.
var collisions = []string{"0AKU<", "1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT"}

func collide(a, b byte) bool {
	for _, group := range collisions {
		if strings.IndexByte(group, a) >= 0 {
			return strings.IndexByte(group, b) >= 0
		}
	}
	return false
}

func TestCollisions(t *testing.T) {
	for i := range len(alphabet) {
		for j := range len(alphabet) {
			a, b := alphabet[i], alphabet[j]
			if same := CheckDigit(string(a)) == CheckDigit(string(b)); same != collide(a, b) {
				t.Errorf("%c and %c: same check digit %v", a, b, same)
			}
		}
	}
}

// TestEverySingleChange changes every character under a check digit, and every check digit, into every
// other one: only the pairs that collide may pass, and those only where the field allows them.
func TestEverySingleChange(t *testing.T) {
	zones := map[string][]string{"long TD1": {"I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"}}
	for format, lines := range intact {
		zones[format] = lines
	}
	for name, lines := range zones {
		r, _ := Parse(lines, Options{})
		l := layoutOf(r.Format)
		for line := range lines {
			for at := range lines[line] {
				if l.checked(line, at) {
					everyChange(t, name, lines, line, at)
				}
			}
		}
	}
}

func everyChange(t *testing.T, name string, lines []string, line, at int) {
	was := lines[line][at]
	for i := range len(alphabet) {
		now := alphabet[i]
		changed := damage(lines, line, at, string(now))
		r, err := Parse(changed, Options{})
		if now != was && err == nil && r.Valid && !collide(was, now) {
			t.Errorf("%s: %c for %c at line %d, %d passes unseen in %q", name, now, was, line, at, changed)
		}
	}
}

// checked reports whether a place is under a check digit or is one.
func (l *layout) checked(line, at int) bool {
	for i := range l.elements {
		e := &l.elements[i]
		if e.kind != check {
			continue
		}
		for _, s := range append([]span{e.at}, e.over...) {
			if s.line == line && s.start <= at && at < s.end {
				return true
			}
		}
	}
	return false
}

// TestRoundTrip: what Generate makes of random people, Parse finds valid and gives back.
func TestRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	formats := []string{TD1, TD2, TD3, MRVA, MRVB, FrenchNationalID, FrenchDrivingLicense, SwissDrivingLicense}
	for range 4000 {
		format := formats[random.IntN(len(formats))]
		p := randomPerson(random, format)
		lines, err := Generate(format, p, Details{})
		if err != nil {
			t.Fatalf("%s %+v: %v", format, p, err)
		}
		r, err := Parse(lines, Options{Today: today})
		if err != nil || !r.Valid || r.Format != format {
			t.Fatalf("%q: %s, %v %+v", lines, r.Format, err, r.Errors())
		}
		if got, want := r.Person, expected(p, r.Person); got != want {
			t.Fatalf("%q:\n got %+v\nwant %+v", lines, got, want)
		}
	}
}

// expected is p as the zone can give it back: transliterated, and cut off where the zone says so.
func expected(p, read Person) Person {
	last, first := spaced(p.LastName), spaced(p.FirstName)
	if read.NameTruncated {
		last, first = read.LastName, read.FirstName // shown by TestTruncation
	}
	p.LastName, p.FirstName, p.NameTruncated = last, first, read.NameTruncated
	return p
}

func spaced(name string) string { return strings.ReplaceAll(Transliterate(name), "<", " ") }

func randomPerson(random *rand.Rand, format string) Person {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	text := func(from string, least, most int) string {
		b := make([]byte, least+random.IntN(most-least+1))
		for i := range b {
			b[i] = from[random.IntN(len(from))]
		}
		return string(b)
	}
	p := Person{
		LastName:     pick("Müller", "Gonçalves de Sá", "O'Connor", "ГАЛКИН", "Papandropoulous", "Smith-Jones", "ﷴ", "Wolfeschlegelsteinhausenbergerdorff"),
		FirstName:    pick("", "Ærøjörgen", "Anna Maria", "Ольга", "فاطمة", "Jean-Claude Marie", "Nilavadhanananda Chayapa Dejthamrong"),
		Sex:          pick("M", "F", "X"),
		BirthDate:    pick("1974-08-12", "1999-12-31", "2000-02-29", "1974-08", "1961"),
		IssuingState: pick("UTO", "D", "GBD", "XXA", "FRA"),
	}
	p.Nationality, p.ExpirationDate = pick("UTO", "D", "RKS", "XXC"), pick("2030-01-01", "2024-02-29")
	p.DocumentNumber = text(alphabet[:36], 1, 9)
	switch format {
	case TD1:
		p.DocumentNumber = text(alphabet[:36], 1, 22)
	case TD2:
		p.DocumentNumber = text(alphabet[:36], 1, 14)
	case TD3:
		p.PersonalNumber = pick("", text(alphabet[:36], 1, 14))
	case FrenchNationalID:
		p.ExpirationDate, p.IssuingState, p.Nationality = "", "FRA", "FRA"
		p.DocumentNumber = pick("0509", "1212", "2012") + text("0123456789", 8, 8)
	case FrenchDrivingLicense:
		p = Person{LastName: p.LastName, DocumentNumber: p.DocumentNumber, ExpirationDate: p.ExpirationDate, IssuingState: "FRA"}
	case SwissDrivingLicense:
		p.Sex, p.ExpirationDate, p.Nationality = "", "", ""
		p.IssuingState, p.DocumentNumber = pick("CHE", "LIE"), text("0123456789", 12, 12)
	}
	return p
}

// TestTruncation: a name is cut only if it must be, and then ends in a letter and keeps a beginning
// of every part that it shows.
func TestTruncation(t *testing.T) {
	tests := []struct {
		last, first string
		width       int
		want        string
	}{
		{"ERIKSSON", "ANNA MARIA", 39, "ERIKSSON<<ANNA<MARIA"},
		{"NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG", 39, "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"},
		{"PAPANDROPOULOUS", "JONATHON WARREN TREVOR", 39, "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"},
		{"BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO", 39, "BENNELONG<WOOLOOMO<WARRANDY<WARNAMBO<<D"},
		{"ARKFREITH", "", 30, "ARKFREITH"},
	}
	for _, tt := range tests {
		got := fitName(strings.Fields(tt.last), strings.Fields(tt.first), tt.width)
		if got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.last, tt.first, got, tt.want)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	good := Person{LastName: "Eriksson", FirstName: "Anna", DocumentNumber: "L898902C3", Sex: "F", BirthDate: "1974-08-12", ExpirationDate: "2032-04-15", Nationality: "UTO", IssuingState: "UTO"}
	tests := []struct {
		format string
		change func(*Person, *Details)
		want   string
	}{
		{"TD4", func(*Person, *Details) {}, `cannot generate format "TD4"`},
		{TD3, func(p *Person, _ *Details) { p.DocumentNumber = "L898902C345" }, "has more than 9 characters"},
		{TD2, func(p *Person, _ *Details) { p.DocumentNumber = "L898902C3456789" }, "has more than 14 characters"},
		{TD2, func(p *Person, d *Details) { p.DocumentNumber, d.Optional = "L898902C345", "X" }, "needs the optional field, which is taken"},
		{TD3, func(p *Person, _ *Details) { p.LastName = "ერიქსონი" }, "has letters that ICAO 9303 does not transliterate"},
		{TD3, func(p *Person, _ *Details) { p.LastName, p.FirstName = "", "" }, "last name: invalid text"},
		{TD3, func(p *Person, _ *Details) { p.BirthDate = "12.08.1974" }, `date "12.08.1974" must be YYYY-MM-DD`},
		{TD3, func(p *Person, _ *Details) { p.BirthDate = "1974-04-31" }, "birth date: invalid date day: 31"},
		{TD3, func(p *Person, _ *Details) { p.ExpirationDate = "" }, "expiration date: invalid date"},
		{TD3, func(p *Person, _ *Details) { p.Nationality = "ZZZ" }, "nationality: invalid state code: ZZZ"},
		{TD3, func(p *Person, _ *Details) { p.Sex = "W" }, `sex "W" must be M, F or X`},
		{TD2, func(p *Person, _ *Details) { p.PersonalNumber = "1" }, "there is no personal number in this format"},
		{TD1, func(p *Person, d *Details) { p.PersonalNumber, d.Optional, d.Optional2 = "1", "A", "B" }, "no place left for the personal number"},
		{TD2, func(p *Person, d *Details) { p.IssuingState, d.DocumentCode = "FRA", "ID" }, "a zone that begins with IDFRA is read as FRENCH_NATIONAL_ID"},
		{TD3, func(_ *Person, d *Details) { d.DocumentCode = "V" }, "is read as MRV-A"},
		{FrenchNationalID, func(p *Person, _ *Details) { p.Nationality = "" }, "there is no expiration date in this format"},
		{FrenchNationalID, func(p *Person, _ *Details) { p.ExpirationDate, p.IssuingState = "", "FRA" }, "there is no nationality in this format"},
		{SwissDrivingLicense, func(p *Person, _ *Details) { p.Sex, p.ExpirationDate, p.Nationality = "", "", "" }, "must have 12 characters"},
	}
	for _, tt := range tests {
		p, d := good, Details{}
		tt.change(&p, &d)
		if lines, err := Generate(tt.format, p, d); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %q, %v; want %q", tt.format, lines, err, tt.want)
		}
	}
}
