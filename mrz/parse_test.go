package mrz

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// The undamaged zones that tests damage. The people are invented.
var intact = map[string][]string{
	TD1:                  {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
	TD2:                  {"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"},
	TD3:                  specimenTD3,
	MRVA:                 {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"},
	MRVB:                 {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"},
	FrenchNationalID:     {"IDFRAMOREL<<<<<<<<<<<<<<<<<<<<952042", "0509952018746CLAIRE<<JEAN<<9206115F0"},
	FrenchDrivingLicense: {"D1FRA13AA000026181231MOREL<<<2"},
	SwissDrivingLicense:  {"AAA001D<<", "FACHE305142128097<<800126<<<<<", "KELLER<<URSULA<VERENA<<<<<<<<<"},
}

func TestIntact(t *testing.T) {
	for format, lines := range intact {
		for name, in := range map[string][]string{
			"lines":     lines,
			"one text":  {strings.Join(lines, "\n")},
			"unbroken":  {strings.Join(lines, "")},
			"untrimmed": {"  " + strings.Join(lines, " \r\n ") + " \r\n"},
		} {
			r, err := Parse(in, Options{Today: today})
			if err != nil || r.Format != format || !r.Valid || len(r.Errors()) != 0 {
				t.Errorf("%s, %s: format %q, %v %+v", format, name, r.Format, err, r.Errors())
			}
		}
	}
}

// A place is an error, and the characters that it is about.
type place struct {
	field, message   string
	line, start, end int
}

// composite is an error of a passport's last check digit.
func composite(message string) place { return place{"composite_check_digit", message, 1, 43, 44} }

// messages are all there are: what is put where in an intact zone, and the errors that follow.
var messages = []struct {
	format   string
	line, at int
	put      string
	want     []place
}{
	{TD3, 0, 0, "I", []place{{"document_code", "invalid document code: I<. First character must be P", 0, 0, 2}}},
	{TD3, 0, 1, "7", []place{{"document_code", "invalid document code: P7. Second character must be a letter or <", 0, 0, 2}}},
	{TD3, 0, 2, "XYZ", []place{{"issuing_state", "invalid state code: XYZ", 0, 2, 5}}},
	{TD3, 0, 2, "DE<", []place{{"issuing_state", "invalid state code: DE", 0, 2, 5}}},
	{TD3, 0, 7, "1", []place{{"last_name", "invalid text: ER1KSSON. Must match the following regular expression: /^[A-Z<]*<*$/", 0, 5, 13}}},
	{TD3, 0, 5, "1ASDFGHE" + strings.Repeat("<", 31), []place{{"last_name", "invalid text: 1ASDFGHE. Must match the following regular expression: /^[A-Z]+<*$/", 0, 5, 13}}},
	{TD3, 0, 5, strings.Repeat("<", 39), []place{{"last_name", "invalid text: . Must match the following regular expression: /^[A-Z]+<*$/", 0, 5, 5}}},
	{TD3, 0, 17, "4", []place{{"first_name", "invalid text: AN4A<MARIA<<<<<<<<<<<<<<<<<<<. Must match the following regular expression: /^[A-Z<]+<*$/", 0, 15, 25}}},
	{TD3, 1, 9, "8", []place{{"document_number_check_digit", "invalid check digit: 8. Must be 6", 1, 9, 10}, composite("invalid check digit: 0. Must be 4")}},
	{TD3, 1, 10, "QQQ", []place{{"nationality", "invalid state code: QQQ", 1, 10, 13}}},
	{TD3, 1, 13, "83041w", []place{{"birth_date", "invalid date: 83041w", 1, 13, 19}, composite("invalid check digit: 0. Must be 8")}},
	{TD3, 1, 13, "7442122", []place{{"birth_date", "invalid date month: 42", 1, 13, 19}, {"birth_date_check_digit", "invalid check digit: 2. Must be 4", 1, 19, 20}}},
	{TD3, 1, 13, "7408323", []place{{"birth_date", "invalid date day: 32", 1, 13, 19}, {"birth_date_check_digit", "invalid check digit: 3. Must be 8", 1, 19, 20}, composite("invalid check digit: 0. Must be 5")}},
	{TD3, 1, 20, "B", []place{{"sex", "invalid sex: B. Must be M, F or <.", 1, 20, 21}}},
	{TD3, 1, 20, "X", []place{{"sex", "invalid sex: X. Must be M, F or <.", 1, 20, 21}}},
	{TD3, 1, 28, "?", []place{{"personal_number", "invalid text: ?E184226B<<<<<. Must match the following regular expression: /^[A-Z0-9<]+<*$/", 1, 28, 37}}},
	{TD3, 1, 28, "<<<<<<<<<<<<<<5", []place{{"personal_number_check_digit", "invalid check digit 5: must be 0 or <", 1, 42, 43}, composite("invalid check digit: 0. Must be 3")}},
	{TD3, 1, 43, "<", []place{composite("invalid check digit: <. Must be 0")}},

	{TD1, 0, 0, "P", []place{{"document_code", "invalid document code: P<. First character must be A, C or I", 0, 0, 2}}},
	{TD1, 0, 1, "V", []place{{"document_code", "invalid document code: IV. Second character may not be V", 0, 0, 2}}},
	{TD1, 0, 0, "AI", []place{{"document_code", "invalid document code: AI. Second character may not be I after A", 0, 0, 2}}},
	{TD1, 0, 0, "AC", nil},
	{TD1, 0, 1, "5", nil},
	{TD1, 0, 1, "w", []place{{"document_code", "invalid document code: Iw. Second character must be a letter, a digit or <", 0, 0, 2}}},
	{TD1, 0, 14, "<", []place{{"document_number_check_digit", "invalid check digit: <. Must be 7", 0, 14, 15}, {"composite_check_digit", "invalid check digit: 6. Must be 7", 1, 29, 30}}},
	{TD1, 0, 14, "<1234<", []place{{"document_number_check_digit", "invalid check digit: 4. Must be 3", 0, 18, 19}, {"composite_check_digit", "invalid check digit: 6. Must be 5", 1, 29, 30}}},
	{TD1, 1, 18, "a", []place{{"optional2", "invalid text: a<<<<<<<<<<. Must match the following regular expression: /^[0-9A-Z<]+$/", 1, 18, 19}, {"composite_check_digit", "invalid check digit: 6. Must be 0", 1, 29, 30}}},
	{TD2, 0, 0, "AC", []place{{"document_code", "invalid document code: AC. Second character may not be C after A", 0, 0, 2}}},
	{TD2, 0, 31, "7", []place{{"first_name", "invalid text: ANNA<MARIA<<<<<<7<<<<. Must match the following regular expression: /^[A-Z<]+<*$/", 0, 15, 32}}},

	{MRVA, 1, 5, "x", []place{{"document_number", "invalid text: L8988x01C. Must match the following regular expression: /^[0-9A-Z<]+$/", 1, 0, 9}, {"document_number_check_digit", "invalid check digit: 4. Must be 2", 1, 9, 10}}},
	{MRVB, 1, 27, "8", []place{{"expiration_date_check_digit", "invalid check digit: 8. Must be 9", 1, 27, 28}}},

	{FrenchNationalID, 0, 5, "M0REL", []place{{"last_name", "invalid text: M0REL<<<<<<<<<<<<<<<<<<<<. Must be only alphabetical with <", 0, 5, 30}, {"composite_check_digit", "invalid check digit: 0. Must be 2", 1, 35, 36}}},
	{FrenchNationalID, 0, 4, "Z", []place{{"issuing_state", "invalid state code: FRZ", 0, 2, 5}, {"composite_check_digit", "invalid check digit: 0. Must be 5", 1, 35, 36}}},
	{FrenchDrivingLicense, 0, 0, "E", []place{{"document_code", "invalid document code: E1. First character must be A, B, or D", 0, 0, 2}, {"document_number_check_digit", "invalid check digit: 6. Must be 3", 0, 14, 15}, {"composite_check_digit", "invalid check digit: 2. Must be 9", 0, 29, 30}}},
	{FrenchDrivingLicense, 0, 1, "Z", []place{{"document_code", "invalid document code number: DZ. Second character must be a number", 0, 0, 2}, {"document_number_check_digit", "invalid check digit: 6. Must be 8", 0, 14, 15}, {"composite_check_digit", "invalid check digit: 2. Must be 4", 0, 29, 30}}},

	{SwissDrivingLicense, 0, 0, "AA<", []place{{"document_number", "invalid document number: AA<001D<<. Must start with three alphanumeric digits", 0, 0, 9}}},
	{SwissDrivingLicense, 0, 4, "O", []place{{"document_number", "invalid document number: AAA0O1D<<. Must have numeric digits in positions 4, 5 and 6", 0, 0, 9}}},
	{SwissDrivingLicense, 0, 8, "1", []place{{"document_number", "invalid document number: AAA001D<1. Must end with <<", 0, 0, 9}}},
	{SwissDrivingLicense, 0, 6, "J", []place{{"document_number", "invalid languageCode code: J. Must be D, F, I or R", 0, 0, 9}, {"language_code", "invalid languageCode code: J. Must be D, F, I or R", 0, 6, 7}}},
	{SwissDrivingLicense, 1, 0, "FB", []place{{"document_code", "invalid document code: FB. Must be FA", 1, 0, 2}}},
	{SwissDrivingLicense, 1, 2, "DEU", []place{{"issuing_state", "invalid state code: DEU. Must be CHE or LIE", 1, 2, 5}}},
	{SwissDrivingLicense, 1, 14, "22T", []place{{"version_number", "invalid number: 22T", 1, 14, 17}}},
	{SwissDrivingLicense, 1, 18, "5", []place{{"separator1", `invalid separator: <5. Must be composed only of "<"`, 1, 17, 19}}},
}

func TestMessages(t *testing.T) {
	for _, tt := range messages {
		lines := damage(intact[tt.format], tt.line, tt.at, tt.put)
		r, err := Parse(lines, Options{Today: today})
		if err != nil || r.Format != tt.format || r.Valid != (len(tt.want) == 0) {
			t.Errorf("%q: format %s, valid %v, %v", lines, r.Format, r.Valid, err)
		}
		var got []place
		for _, e := range r.Errors() {
			got = append(got, place{e.Field, e.Error, e.Line, e.Start, e.End})
			if f, _ := r.Field(e.Field); e.Category != f.Label || e.Category == "" {
				t.Errorf("%q: category %q of %s", lines, e.Category, e.Field)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", lines, got, tt.want)
		}
	}
}

// damage puts other characters over those at one place.
func damage(lines []string, line, at int, put string) []string {
	out := append([]string{}, lines...)
	old := []rune(out[line])
	copy(old[at:], []rune(put))
	out[line] = string(old)
	return out
}

func TestShape(t *testing.T) {
	x := func(n int) string { return strings.Repeat("<", n) }
	tests := []struct {
		lines []string
		want  string
	}{
		{nil, "unrecognized document format. Input must have one, two or three lines, found 0. Found no lines."},
		{[]string{x(30), x(30), x(30), x(9), x(1)}, "unrecognized document format. Input must have one, two or three lines, found 5. Found 5 lines of 30, 30, 30 and 2 more characters."},
		{[]string{x(31)}, "unrecognized document format. First line of input must have 30 (French Driving License) characters and it has a length of 31. Found 1 line of 31 characters."},
		{[]string{x(43), x(44)}, "unrecognized document format. First line of input must have 30 (TD1), 36 (TD2 or French National Id), 44 (TD3) or 9 (Swiss Driving License) characters and it has a length of 43. Found 2 lines of 43 and 44 characters."},
		{[]string{x(44), x(44), x(44)}, "invalid number of lines: 3: Must be 2 for TD3"},
		{[]string{x(30), x(30)}, "invalid number of lines: 2: Must be 3 for TD1"},
		{[]string{x(9), x(30)}, "invalid number of lines: 2: Must be 3 for SWISS_DRIVING_LICENSE"},
		{[]string{"V" + x(43), x(43)}, "invalid number of characters for line 2: 43. Must be 44 for MRV-A"},
		{[]string{"IDFRA" + x(31), x(35)}, "invalid number of characters for line 2: 35. Must be 36 for FRENCH_NATIONAL_ID"},
		{[]string{x(30), x(30), x(31)}, "invalid number of characters for line 3: 31. Must be 30 for TD1"},
		{[]string{x(44), "********"}, `lines must be composed of only alphanumerical characters and "<"`},
		{[]string{"", x(44)}, `lines must be composed of only alphanumerical characters and "<"`},
		{[]string{""}, `lines must be composed of only alphanumerical characters and "<"`},
	}
	for _, tt := range tests {
		r, err := Parse(tt.lines, Options{})
		var shape *ShapeError
		if !errors.As(err, &shape) || err.Error() != tt.want {
			t.Errorf("%q:\n got %v\nwant %s", tt.lines, err, tt.want)
		}
		if r.Format != "" || r.Fields != nil {
			t.Errorf("%q: a result with an error: %+v", tt.lines, r)
		}
	}
}

// TestBeyondASCII: a character of another alphabet is one character, an error of its field only.
func TestBeyondASCII(t *testing.T) {
	r, err := Parse(damage(specimenTD3, 0, 16, "Ñ"), Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	want := Error{Category: "First name", Error: "invalid text: AÑNA<MARIA<<<<<<<<<<<<<<<<<<<. Must match the following regular expression: /^[A-Z<]+<*$/", Field: "first_name", Line: 0, Start: 15, End: 25}
	if got := r.Errors(); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v", got)
	}
}

// TestFrenchOrTD2: one digit in the name of a TD2 does not make it a French card, and a French card
// with a damaged beginning is still one.
func TestFrenchOrTD2(t *testing.T) {
	for format, lines := range map[string][]string{
		TD2:              damage(intact[TD2], 0, 33, "5"),
		FrenchNationalID: damage(intact[FrenchNationalID], 0, 0, "1O"),
	} {
		if r, err := Parse(lines, Options{}); err != nil || r.Format != format {
			t.Errorf("%q is %s, %v", lines, r.Format, err)
		}
	}
}
