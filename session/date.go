package session

import (
	"fmt"
	"strings"
	"time"

	"dossier/sanctions"
)

// A Date is a civil date as far as a document tells it: "1974-08-12", "1974-08", "1974" or "".
type Date string

// Valid reports whether d is a real date in one of the three forms. The empty date is not valid.
func (d Date) Valid() bool {
	_, _, ok := d.span()
	return ok
}

// Span returns the first and the last day that d may mean.
func (d Date) Span() (first, last time.Time, ok bool) { return d.span() }

func (d Date) span() (first, last time.Time, ok bool) {
	switch len(d) {
	case len("2006"):
		t, err := time.Parse("2006", string(d))
		return t, t.AddDate(1, 0, -1), err == nil && t.Year() > 0
	case len("2006-01"):
		t, err := time.Parse("2006-01", string(d))
		return t, t.AddDate(0, 1, -1), err == nil && t.Year() > 0
	case len(time.DateOnly):
		t, err := time.Parse(time.DateOnly, string(d))
		return t, t, err == nil && t.Year() > 0
	}
	return time.Time{}, time.Time{}, false
}

// AgeOn is the age in whole years that a person born on d has at least on the day of now.
func (d Date) AgeOn(now time.Time) (years int, ok bool) {
	_, last, ok := d.span()
	if !ok {
		return 0, false
	}
	years = now.Year() - last.Year()
	if now.Month() < last.Month() || now.Month() == last.Month() && now.Day() < last.Day() {
		years--
	}
	return years, true
}

// asListed is d in the form that screening compares.
func (d Date) asListed() sanctions.Date {
	first, last, ok := d.span()
	if !ok {
		return sanctions.Date{}
	}
	return sanctions.Date{From: dayOf(first), To: dayOf(last)}
}

func dayOf(t time.Time) sanctions.Day {
	return sanctions.Day{Year: int16(t.Year()), Month: int8(t.Month()), Day: int8(t.Day())}
}

func (d Date) check(bad *Fields, field string) {
	if d != "" && !d.Valid() {
		bad.Add(field, fmt.Sprintf("%q is not a date. Write YYYY-MM-DD, or YYYY-MM or YYYY where the document says no more.", clip(string(d), 20)))
	}
}

func joinNonEmpty(sep string, parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// clip shortens text for a message to at most n runes.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n]) + "…"
}
