package mrz

import (
	"strconv"
	"time"
)

// dateOfBirth is YYMMDD; a year, month or day that is not known is two fillers (9303-3 §4.8).
func dateOfBirth(_ *zone, _ *element, f *Field) { f.date(true) }

// date is YYMMDD, or YYMM in the French card, and known in full.
func date(_ *zone, _ *element, f *Field) { f.date(false) }

func (f *Field) date(mayBeUnknown bool) {
	if !looksLikeDate(f.Raw) {
		f.fail("invalid date: " + f.Raw)
		return
	}
	wrong := func(part, least, most int) bool {
		return part == unknown && !mayBeUnknown || part != unknown && (part < least || part > most)
	}
	year, month := twoDigits(f.Raw), twoDigits(f.Raw[2:])
	switch {
	case wrong(month, 1, 12):
		f.fail("invalid date month: " + f.Raw[2:4])
	case len(f.Raw) == 6 && wrong(twoDigits(f.Raw[4:]), 1, daysIn(month, year)):
		f.fail("invalid date day: " + f.Raw[4:])
	case wrong(year, 0, 99):
		f.fail("invalid date: " + f.Raw)
	}
}

// looksLikeDate reports whether raw is four or six digits or fillers.
func looksLikeDate(raw string) bool {
	for i := 0; i < len(raw); i++ {
		if !isDigit(raw[i]) && raw[i] != filler {
			return false
		}
	}
	return len(raw) == 4 || len(raw) == 6
}

// What two characters of a date may be besides a number from 0 to 99.
const (
	unknown   = -1 // two fillers
	halfKnown = -2 // one filler: a misreading
)

// twoDigits reads the first two characters of s, which are digits or fillers.
func twoDigits(s string) int {
	switch a, b := s[0], s[1]; {
	case a == filler && b == filler:
		return unknown
	case a == filler || b == filler:
		return halfKnown
	default:
		return int(a-'0')*10 + int(b-'0')
	}
}

// daysIn is the length of a month. A year of two digits is a leap year if it divides by four: of the
// centuries that a document can mean, only 2000 ends in 00.
func daysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year < 0 || year%4 == 0 {
			return 29
		}
		return 28
	}
	return 31
}

// A day is a date of a document with its century; month and day are 0 where not known.
type day struct{ year, month, day int }

func dayOf(t time.Time) day {
	if t.IsZero() {
		return day{}
	}
	year, month, number := t.Date()
	return day{year, int(month), number}
}

// after compares what is known of both.
func (d day) after(o day) bool {
	if d.year != o.year {
		return d.year > o.year
	}
	if d.month != o.month {
		return d.month != 0 && o.month != 0 && d.month > o.month
	}
	return d.day != 0 && o.day != 0 && d.day > o.day
}

// parts takes a valid field apart; the year has no century yet. ok is false where even the year is unknown.
func parts(raw string) (d day, ok bool) {
	d = day{twoDigits(raw), max(twoDigits(raw[2:]), 0), 0}
	if len(raw) == 6 && d.month != 0 { // a day without its month says nothing
		d.day = max(twoDigits(raw[4:]), 0)
	}
	return d, d.year != unknown
}

// longestValidity in years is more than any document that is read by machine is valid for.
const longestValidity = 50

// firstZones is the year from which documents have had a zone: none expired before.
const firstZones = 1980

// documentDay gives a date of expiry or issue its century: the latest that is not more than ahead
// years after today. Without today, it is the one that falls into 1980 to 2079.
func documentDay(d, today day, ahead int) day {
	latest := firstZones + 99
	if today.year != 0 {
		latest = today.year + ahead
	}
	d.year = latestYear(d.year, latest)
	return d
}

// birth gives a date of birth its century: the latest in which the holder was born before all days
// in before that are known. Without any, it is the one that falls into 1930 to 2029.
func birth(d day, before ...day) day {
	d.year = latestYear(d.year, 2029)
	limited := false
	for _, limit := range before {
		if limit.year == 0 {
			continue
		}
		if !limited {
			d.year, limited = latestYear(d.year%100, limit.year), true
		}
		if d.after(limit) {
			d.year -= 100
		}
	}
	return d
}

// latestYear is the latest year up to latest that ends in the two digits yy.
func latestYear(yy, latest int) int {
	return latest - ((latest-yy)%100+100)%100
}

// iso writes what is known: 1974-08-12, 1974-08 or 1974; nothing for 29 February 1900, which never was.
func (d day) iso() string {
	if d == (day{1900, 2, 29}) {
		return ""
	}
	var buf [10]byte
	b := strconv.AppendInt(buf[:0], int64(d.year), 10)
	if d.month != 0 {
		b = append(b, '-', byte('0'+d.month/10), byte('0'+d.month%10))
	}
	if d.day != 0 {
		b = append(b, '-', byte('0'+d.day/10), byte('0'+d.day%10))
	}
	return string(b)
}
