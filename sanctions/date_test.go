package sanctions

import (
	"strings"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	tests := map[string]string{
		"1975-06-14": "1975-06-14", "1975-06": "1975-06", "1975": "1975", " 1975-06-14": "1975-06-14",
		"2015-04-07-04:00": "2015-04-07", "1982-04-19T00:00:00": "1982-04-19", "1982-04-19Z": "1982-04-19", "1982-04-19T00:00:00.000+02:00": "1982-04-19",
		"14 Jun 1975": "1975-06-14", "14 June 1975": "1975-06-14", "Jun 1975": "1975-06", "1 Jan. 1953": "1953-01-01", "June 14, 1975": "1975-06-14",
		"August 1961 ": "1961-08", "Nov. 1973 ": "1973-11", "Sept. 1999": "1999-09", "Sep-99": "1999-09",
		"14/06/1975": "1975-06-14", "14.06.1975": "1975-06-14", "06/24/1975": "1975-06-24", "3/4/1962": "1962-04-03",
		"00/00/1975": "1975", "00/09/1977": "1977-09", "dd/mm/1963": "1963", "dd/09/1958": "1958-09", "1962-1-1": "1962-01-01", "1975-00-00": "1975",
		"circa 1957": "circa 1957", "Approximately 1960": "circa 1960", "1960 (approx.)": "circa 1960", "c. 1960": "circa 1960", "ca 1960": "circa 1960",
		"1951 to 1953": "1951 to 1953", "1979-1982": "1979 to 1982", "circa 1979-1982": "circa 1979 to 1982", "1955 - 1958": "1955 to 1958",
		"01 Jan 1955 to 31 Dec 1956": "1955 to 1956", "Mar 1962 to Feb 1963": "1962-03-01 to 1963-02-28", "Between 1955 and 1958": "1955 to 1958",
		"Between Aug. and Sep. 1977": "1977-08-01 to 1977-09-30", "1958 to 1955": "1955 to 1958",
		"24/06/1402 (Hijri Calendar)": "circa 1982-04-19", "1343 Hijri": "1924-08-02 to 1925-07-21", "06/1402 Hijri": "1982-03-27 to 1982-04-24", "1343 (Iranian Hijri calendar)": "1964-03-21 to 1965-03-20",
		"born in the early 1970s": "circa 1970 to 1973", "1970s": "circa 1970 to 1979", "late 1960s": "circa 1966 to 1969", "mid-1960s": "circa 1963 to 1966",
		"born in 1963": "1963", "DOB 1963": "1963", "30 Feb 1975": "1975-02", "29 Feb 1976": "1976-02-29", "(1) 1970": "1970",
	}
	for text, want := range tests {
		got, ok := ParseDate(text)
		if !ok || got.String() != want {
			t.Errorf("ParseDate(%q) = %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "30-35 years old", "15/08/19yy", "1343", "13/13/1970", "32/01/1970", "75", "unknown",
		"1963 or 1964", "1970 and 1971 to 1972", "Thursday", "1970 in Kandahar, Afghanistan", "99999999999999999999", "١٩٧٥"} {
		if got, ok := ParseDate(text); ok || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %q, want none", text, got)
		}
	}
}

func TestParseDates(t *testing.T) {
	tests := map[string]string{
		"1963 or 1964":             "1963|1964",
		"1965-07-15 OR 1969-09-28": "1965-07-15|1969-09-28",
		"1973-06-23;1974-06-23":    "1973-06-23|1974-06-23",
		"(1) 1970 (2) 01/02/1971":  "1970|1971-02-01",
		"a) 1970 b) 1970":          "1970",
		"1970;perhaps later":       "",
		"1970;":                    "1970",
	}
	for text, want := range tests {
		var got []string
		for _, date := range ParseDates(text) {
			got = append(got, date.String())
		}
		if strings.Join(got, "|") != want {
			t.Errorf("ParseDates(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestHijriKeepsText(t *testing.T) {
	date, _ := ParseDate("24/06/1402 (Hijri Calendar)")
	if !strings.Contains(date.Text, "24/06/1402") {
		t.Errorf("the printed date is lost: %+v", date)
	}
}

// TestHijri: known equal days of both calendars (tabular civil reckoning).
func TestHijri(t *testing.T) {
	for text, want := range map[[3]int]string{
		{1343, 1, 1}:   "circa 1924-08-02",
		{1402, 6, 24}:  "circa 1982-04-19",
		{1400, 1, 1}:   "circa 1979-11-21",
		{1421, 1, 1}:   "circa 2000-04-06",
		{1445, 9, 1}:   "circa 2024-03-11",
		{1420, 12, 30}: "circa 2000-04-05",
	} {
		got, ok := hijri(text[0], text[1], text[2])
		if !ok || got.String() != want {
			t.Errorf("hijri(%v) = %v, want %s", text, got, want)
		}
	}
}

// TestSolarHijri: days that are known in both calendars.
func TestSolarHijri(t *testing.T) {
	for text, want := range map[[3]int]string{
		{1343, 0, 0}:   "1964-03-21 to 1965-03-20",
		{1357, 11, 22}: "1979-02-11",
		{1375, 1, 1}:   "1996-03-20",
		{1399, 12, 30}: "2021-03-20",
		{1400, 1, 1}:   "2021-03-21",
		{1403, 1, 1}:   "2024-03-20",
		{1390, 12, 0}:  "2012-02-20 to 2012-03-19",
	} {
		got, ok := solarHijri(text[0], text[1], text[2])
		if !ok || got.String() != want {
			t.Errorf("solarHijri(%v) = %v, want %s", text, got, want)
		}
	}
}

// TestHijriIsContinuous: every month begins the day after the one before ends and has 29 or 30 days.
func TestHijriIsContinuous(t *testing.T) {
	end := hijriDay(1300, 1, 0)
	for year := 1300; year < 1500; year++ {
		for month := 1; month <= 12; month++ {
			span, ok := hijri(year, month, 0)
			days := span.To.time().Sub(span.From.time())/(24*time.Hour) + 1
			if !ok || dayOf(end.time().AddDate(0, 0, 1)) != span.From || days < 29 || days > 30 {
				t.Fatalf("month %d of %d is %v, after %v", month, year, span, end)
			}
			end = span.To
		}
	}
}

// FuzzParseDates: every date is a real span, and reading back what it prints gives the same.
func FuzzParseDates(f *testing.F) {
	for _, seed := range []string{"circa 1979-1982", "24/06/1402 (Hijri Calendar)", "dd/09/1958", "Between Aug. and Sep. 1977", "(1) 1970 (2) 1971", "late 1960s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, date := range ParseDates(text) {
			if date.To.before(date.From) || dayOf(date.From.time()) != date.From || dayOf(date.To.time()) != date.To {
				t.Fatalf("ParseDates(%q) = %+v: no span of real days", text, date)
			}
			again, ok := ParseDate(date.String())
			if again.Text = date.Text; !ok || again != date {
				t.Errorf("ParseDates(%q) = %q, which reads back as %q", text, date, again)
			}
		}
	})
}
