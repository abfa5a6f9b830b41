package mrz

import "strings"

// A document number of more than nine characters (9303-5 §4.2.2.3 note j, 9303-6 §4.2.2.2 note j)
// has a filler where the check digit stands otherwise, and goes on at the start of the optional
// field, followed there by its check digit and a filler.

// overflow is the second part of such a number.
type overflow struct {
	tail  string // the characters after the ninth
	digit string // the check digit, empty where the number is not a long one
	at    int    // place of the check digit within the optional field
}

func readOverflow(checkDigit, optional string) overflow {
	end := strings.IndexByte(optional, filler)
	if checkDigit != "<" || end < 1 || !ascii(optional[:end]) {
		return overflow{}
	}
	return overflow{tail: optional[:end-1], digit: optional[end-1 : end], at: end - 1}
}

// longNumber is the document number of TD1 and TD2; e.over are its check digit and the optional field.
func longNumber(z *zone, e *element, f *Field) {
	rest := readOverflow(z.text(e.over[0]), z.text(e.over[1]))
	if rest.digit == "" {
		number(z, e, f)
		return
	}
	f.Value = clean(f.Raw + rest.tail)
	if optional := e.over[1]; optional.line == f.Line {
		f.End = optional.start + rest.at
	}
	if !only(f.Raw, true) {
		f.fail(invalidText(f.Raw, anyOptional))
	}
}

// longCheckDigit is the check digit of TD1 and TD2; e.over are the document number and the optional
// field. ICAO leaves the filler at the check digit's usual place out of the sum (9303-5 §4.2.4);
// some issuers put it in, so either sum holds.
func longCheckDigit(z *zone, e *element, f *Field) {
	principal, optional := z.text(e.over[0]), z.text(e.over[1])
	rest := readOverflow(f.Raw, optional)
	if rest.digit == "" {
		f.mustBe(f.Raw, CheckDigit(principal))
		return
	}
	f.Value = rest.digit
	f.Line = e.over[1].line
	f.Start = e.over[1].start + rest.at
	f.End = f.Start + 1
	if rest.digit[0] != CheckDigit(principal+"<"+rest.tail) {
		f.mustBe(rest.digit, CheckDigit(principal+rest.tail))
	}
}
