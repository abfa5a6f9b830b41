package mrz

import (
	"slices"
	"strings"
)

// The formats, as [Result.Format] and [Generate] name them.
const (
	TD1                  = "TD1"                    // identity card, 3 lines of 30 (9303-5)
	TD2                  = "TD2"                    // identity card, 2 lines of 36 (9303-6)
	TD3                  = "TD3"                    // passport, 2 lines of 44 (9303-4)
	MRVA                 = "MRV-A"                  // visa, 2 lines of 44 (9303-7)
	MRVB                 = "MRV-B"                  // visa, 2 lines of 36 (9303-7)
	FrenchNationalID     = "FRENCH_NATIONAL_ID"     // identity card of 1988 to 2021, 2 lines of 36
	FrenchDrivingLicense = "FRENCH_DRIVING_LICENSE" // 1 line of 30
	SwissDrivingLicense  = "SWISS_DRIVING_LICENSE"  // Switzerland and Liechtenstein, lines of 9, 30 and 30
)

// A layout is one format: the length of each line and what stands where.
type layout struct {
	format   string
	lengths  []int
	elements []element
	places   places
}

// places are the indexes of the elements that say something about the person, -1 where there is none.
type places struct {
	lastName, firstName, documentNumber, personalNumber, sex, nationality, issuingState int
	birthDate, expirationDate, issueDate                                                int
}

func newLayout(format string, lengths []int, elements ...element) layout {
	l := layout{format: format, lengths: lengths, elements: elements}
	l.places = places{
		l.index("last_name"), l.index("first_name"), l.index("document_number"), l.index("personal_number"),
		l.index("sex"), l.index("nationality"), l.index("issuing_state"),
		l.index("birth_date"), l.index("expiration_date"), l.index("issue_date"),
	}
	return l
}

func (l *layout) index(name string) int {
	return slices.IndexFunc(l.elements, func(e element) bool { return e.name == name })
}

// detect recognises the format by the number of lines, the length of the first one and its first
// characters, and then insists on the shape of that format.
func detect(z *zone) (*layout, error) {
	l, err := recognise(z)
	if err != nil {
		return nil, err
	}
	if len(z.lines) != len(l.lengths) {
		return nil, z.refuse("invalid number of lines: %d: Must be %d for %s", len(z.lines), len(l.lengths), l.format)
	}
	for i, want := range l.lengths {
		if n := z.length(i); n != want {
			return nil, z.refuse("invalid number of characters for line %d: %d. Must be %d for %s", i+1, n, want, l.format)
		}
	}
	return l, nil
}

func recognise(z *zone) (*layout, error) {
	if n := len(z.lines); n < 1 || n > 3 {
		return nil, z.refuse("unrecognized document format. Input must have one, two or three lines, found %d. %s", n, z.seen())
	}
	first, n := z.lines[0], z.length(0)
	if len(z.lines) == 1 {
		if n == 30 {
			return &frenchDrivingLicense, nil
		}
		return nil, z.refuse("unrecognized document format. First line of input must have 30 (French Driving License) characters and it has a length of %d. %s", n, z.seen())
	}
	visa := strings.HasPrefix(first, "V")
	switch {
	case n == 30:
		return &td1, nil
	case n == 36 && visa:
		return &mrvB, nil
	case n == 36 && isFrenchID(z):
		return &frenchNationalID, nil
	case n == 36:
		return &td2, nil
	case n == 44 && visa:
		return &mrvA, nil
	case n == 44:
		return &td3, nil
	case n == 9:
		return &swissDrivingLicense, nil
	}
	return nil, z.refuse("unrecognized document format. First line of input must have 30 (TD1), 36 (TD2 or French National Id), 44 (TD3) or 9 (Swiss Driving License) characters and it has a length of %d. %s", n, z.seen())
}

// isFrenchID tells the French card from a TD2. Undamaged it starts with IDFRA... A card whose first
// characters are damaged still has digits where a TD2 has a name; then the check digits decide, so
// that one wrong character in the name of a TD2 does not make it another document.
func isFrenchID(z *zone) bool {
	first := z.lines[0]
	if strings.HasPrefix(first, "IDFRA") {
		return true
	}
	if !strings.ContainsAny(cut(first, 30, 35), "0123456789") {
		return false
	}
	if len(z.lines) != 2 || z.length(1) != 36 {
		return true
	}
	return checksThatHold(z, &td2) <= checksThatHold(z, &frenchNationalID)
}

func checksThatHold(z *zone, l *layout) int {
	n := 0
	for i := range l.elements {
		e := &l.elements[i]
		if e.kind == check && z.text(e.at) == string(z.digit(e.over)) {
			n++
		}
	}
	return n
}
