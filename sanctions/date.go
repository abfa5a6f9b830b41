package sanctions

import (
	"fmt"
	"time"
)

// The years that a date on a list can lie in. Anything else is a misprint or another calendar.
const (
	firstYear = 1800
	lastYear  = 2199
)

// IsZero says whether the day is unknown.
func (d Day) IsZero() bool { return d == Day{} }

// String gives YYYY-MM-DD, or nothing for an unknown day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// time is the day at midnight UTC.
func (d Day) time() time.Time {
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, time.UTC)
}

func dayOf(t time.Time) Day {
	return Day{int16(t.Year()), int8(t.Month()), int8(t.Day())}
}

// before compares two days.
func (d Day) before(e Day) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	return d.Day < e.Day
}

// IsZero says whether nothing is known of the date.
func (d Date) IsZero() bool { return d.From.IsZero() }

// Exact says whether the date is one known day.
func (d Date) Exact() bool { return !d.IsZero() && d.From == d.To && !d.Circa }

// String gives the date as far as it is known: 1962-03-04, 1962-03, 1962, or a span, with "circa".
func (d Date) String() string {
	if d.IsZero() {
		return d.Text
	}
	text := d.From.String() + " to " + d.To.String()
	last := lastDayOf(int(d.To.Year), int(d.To.Month))
	switch whole := d.From.Day == 1 && d.To.Day == last; {
	case d.From == d.To:
		text = d.From.String()
	case whole && d.From.Year == d.To.Year && d.From.Month == d.To.Month:
		text = d.From.String()[:len("1962-03")]
	case whole && d.From.Month == 1 && d.To.Month == 12 && d.From.Year == d.To.Year:
		text = d.From.String()[:len("1962")]
	case whole && d.From.Month == 1 && d.To.Month == 12:
		text = fmt.Sprintf("%d to %d", d.From.Year, d.To.Year)
	}
	if d.Circa {
		return "circa " + text
	}
	return text
}

func lastDayOf(year, month int) int8 {
	return int8(time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}

// dateOf gives the span of a day, a month (day 0) or a year (day and month 0). A day that the calendar
// does not have stands for its month. It says false where even year or month cannot be.
func dateOf(year, month, day int) (Date, bool) {
	if year < firstYear || year > lastYear || month < 0 || month > 12 || day < 0 || day > 31 {
		return Date{}, false
	}
	if month == 0 {
		return Date{From: Day{int16(year), 1, 1}, To: Day{int16(year), 12, 31}}, true
	}
	last := lastDayOf(year, month)
	if day == 0 || int8(day) > last {
		return Date{From: Day{int16(year), int8(month), 1}, To: Day{int16(year), int8(month), last}}, true
	}
	exact := Day{int16(year), int8(month), int8(day)}
	return Date{From: exact, To: exact}, true
}

// spanOf is the span from the start of a to the end of b, whichever of them is first.
func spanOf(a, b Date) Date {
	span := Date{From: a.From, To: a.To, Circa: a.Circa || b.Circa}
	if b.From.before(span.From) {
		span.From = b.From
	}
	if span.To.before(b.To) {
		span.To = b.To
	}
	return span
}

// hijri gives the span of a day, a month (day 0) or a year (day and month 0) of the Islamic calendar, by
// the tabular civil reckoning: 30-year cycles with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29
// and the epoch 16 July 622 (Julian). Observed months may begin a day or two earlier or later, so an
// exact day is circa.
func hijri(year, month, day int) (Date, bool) {
	if year < 1200 || year > 1600 || month < 0 || month > 12 || day < 0 || day > 30 {
		return Date{}, false
	}
	switch {
	case month == 0:
		return Date{From: hijriDay(year, 1, 1), To: hijriDay(year+1, 1, 0)}, true
	case day == 0:
		return Date{From: hijriDay(year, month, 1), To: hijriDay(year, month+1, 0)}, true
	}
	exact := hijriDay(year, month, day)
	return Date{From: exact, To: exact, Circa: true}, true
}

// hijriDay counts the days from the epoch; month 13 and day 0 run over into the neighbours.
func hijriDay(year, month, day int) Day {
	if month > 12 {
		year, month = year+1, month-12
	}
	days := (year-1)*354 + (11*year+3)/30 + 29*(month-1) + month/2 + day
	// The epoch in the Gregorian calendar is 19 July 622; day 1 is the epoch itself.
	return dayOf(time.Date(622, time.July, 18+days, 0, 0, 0, 0, time.UTC))
}

// solarHijri gives the span of a day, a month (day 0) or a year (day and month 0) of the solar calendar
// of Iran and Afghanistan. Leap years follow the 33-year rule, which holds from 1178 to 1633: the year
// begins on the day of the equinox, in 1300 on 21 March 1921.
func solarHijri(year, month, day int) (Date, bool) {
	if year < 1200 || year > 1500 || month < 0 || month > 12 || day < 0 || day > 31 {
		return Date{}, false
	}
	switch {
	case month == 0:
		return Date{From: solarDay(year, 1, 1), To: solarDay(year+1, 1, 0)}, true
	case day == 0 && month == 12:
		return Date{From: solarDay(year, 12, 1), To: solarDay(year+1, 1, 0)}, true
	case day == 0:
		return Date{From: solarDay(year, month, 1), To: solarDay(year, month+1, 0)}, true
	}
	exact := solarDay(year, month, day)
	return Date{From: exact, To: exact}, true
}

// solarDay counts the days from the first day of 1300. Six months have 31 days, the others 30.
func solarDay(year, month, day int) Day {
	days := 365*(year-1300) + leapsBefore(year) - leapsBefore(1300) + 30*(month-1) + min(month-1, 6) + day
	return dayOf(time.Date(1921, time.March, 20+days, 0, 0, 0, 0, time.UTC))
}

// leapsBefore counts the leap years before a year: those with (25·year + 11) mod 33 < 8.
func leapsBefore(year int) int {
	leaps := 0
	for y := 1178; y < year; y++ {
		if (25*y+11)%33 < 8 {
			leaps++
		}
	}
	return leaps
}
