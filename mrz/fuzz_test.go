package mrz

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse: a zone is refused with nothing, or read whole: every field lies inside its line and says
// why it fails, the result is valid if all fields are, and unrepaired lines read again give the same.
func FuzzParse(f *testing.F) {
	for _, lines := range intact {
		f.Add(strings.Join(lines, "\n"), false)
		f.Add(strings.Join(damage(lines, 0, 0, "8Ñ"), ""), true)
	}
	f.Add("", false)
	f.Fuzz(func(t *testing.T, text string, correct bool) {
		o := Options{Correct: correct, Today: today}
		r, err := Parse(strings.Split(text, "\n"), o)
		if err != nil {
			if r.Format != "" || r.Lines != nil || r.Fields != nil || err.Error() == "" {
				t.Errorf("%q: %+v with error %q", text, r, err)
			}
			return
		}
		inspect(t, r, correct)
		if len(r.Repairs) > 0 {
			return // more may be proved the next time, even another format
		}
		again, err := Parse(r.Lines, o)
		if err != nil || !slices.Equal(again.Fields, r.Fields) || again.Person != r.Person {
			t.Errorf("%q: read again\n%+v\nfirst\n%+v\n%v", text, again, r, err)
		}
	})
}

func inspect(t *testing.T, r Result, correct bool) {
	t.Helper()
	valid := true
	for _, f := range r.Fields {
		valid = valid && f.Valid
		width := utf8.RuneCountInString(r.Lines[f.Line])
		if f.Start < 0 || f.Start > f.End || f.End > width {
			t.Errorf("%s at %d to %d of %d", f.Name, f.Start, f.End, width)
		}
		if f.Valid != (f.Error == "") || strings.HasSuffix(f.Value, "<") {
			t.Errorf("%+v", f)
		}
	}
	if valid != r.Valid || valid != (len(r.Errors()) == 0) {
		t.Errorf("valid %v, %d errors", r.Valid, len(r.Errors()))
	}
	if !correct && len(r.Repairs) > 0 {
		t.Errorf("repaired without being asked: %+v", r.Repairs)
	}
	if text, err := json.Marshal(r); err != nil || !json.Valid(text) {
		t.Errorf("JSON %s: %v", text, err)
	}
}

// FuzzGenerate: a zone is refused with a reason, or it is valid.
func FuzzGenerate(f *testing.F) {
	for format := range intact {
		f.Add(format, "Müller", "Ольга", "AB123", "P1", "F", "1974-08-12", "2031-01-31", "UTO", "UTO", "", "X1", "")
	}
	f.Add(FrenchNationalID, "A", "B", "050995201874", "", "X", "1974", "", "", "FRA", "ID", "952042", "")
	f.Fuzz(func(t *testing.T, format, last, first, number, personal, sex, born, expires, nationality, state, code, optional, optional2 string) {
		p := Person{LastName: last, FirstName: first, DocumentNumber: number, PersonalNumber: personal, Sex: sex, BirthDate: born, ExpirationDate: expires, Nationality: nationality, IssuingState: state}
		lines, err := Generate(format, p, Details{code, optional, optional2})
		if err != nil {
			return
		}
		r, err := Parse(lines, Options{Today: today})
		if err != nil || !r.Valid || r.Format != format {
			t.Errorf("%s %+v: %q is %s, %v %+v", format, p, lines, r.Format, err, r.Errors())
		}
	})
}

// FuzzTransliterate: the spelling is of the zone's alphabet, is its own spelling, and is the same name.
func FuzzTransliterate(f *testing.F) {
	for _, name := range []string{"Müller-Ñandú", "Щербаков", "عبّاس ة ابو", "ﷺ ﷴ ŉ ǆ ﬃ", "გ", "O'Connor, A."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone := Transliterate(name)
		if !only(zone, true) || strings.Contains(zone, "<<") || strings.Trim(zone, "<") != zone {
			t.Errorf("Transliterate(%q) = %q", name, zone)
		}
		if again := Transliterate(zone); again != zone {
			t.Errorf("Transliterate(%q) = %q", zone, again)
		}
		foreign := slices.ContainsFunc(spell(name), func(l letter) bool { return l.foreign })
		if len(name) < 1000 && SameName(name, zone) == foreign {
			t.Errorf("SameName(%q, %q) = %v", name, zone, !foreign)
		}
	})
}
