package mrz

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	tests := []struct{ raw, birth, other string }{ // the error as a date of birth, and as one of expiry
		{"740812", "", ""},
		{"740430", "", ""},
		{"740431", "invalid date day: 31", "invalid date day: 31"},
		{"740832", "invalid date day: 32", "invalid date day: 32"},
		{"740800", "invalid date day: 00", "invalid date day: 00"},
		{"744212", "invalid date month: 42", "invalid date month: 42"},
		{"740012", "invalid date month: 00", "invalid date month: 00"},
		{"740229", "invalid date day: 29", "invalid date day: 29"},
		{"760229", "", ""},
		{"000229", "", ""},
		{"<<0229", "", "invalid date: <<0229"},
		{"<<0230", "invalid date day: 30", "invalid date day: 30"},
		{"7408<<", "", "invalid date day: <<"},
		{"74<<<<", "", "invalid date month: <<"},
		{"74<<31", "", "invalid date month: <<"},
		{"74<<32", "invalid date day: 32", "invalid date month: <<"},
		{"<<<<<<", "", "invalid date month: <<"},
		{"7408<1", "invalid date day: <1", "invalid date day: <1"},
		{"740<12", "invalid date month: 0<", "invalid date month: 0<"},
		{"7<0812", "invalid date: 7<0812", "invalid date: 7<0812"},
		{"83041w", "invalid date: 83041w", "invalid date: 83041w"},
		{"83O412", "invalid date: 83O412", "invalid date: 83O412"},
	}
	for _, tt := range tests {
		birth, other := Field{Raw: tt.raw, Valid: true}, Field{Raw: tt.raw, Valid: true}
		dateOfBirth(nil, nil, &birth)
		date(nil, nil, &other)
		if birth.Error != tt.birth || birth.Valid != (tt.birth == "") {
			t.Errorf("birth %s: %q, want %q", tt.raw, birth.Error, tt.birth)
		}
		if other.Error != tt.other || other.Valid != (tt.other == "") {
			t.Errorf("expiry %s: %q, want %q", tt.raw, other.Error, tt.other)
		}
	}
}

func TestCenturies(t *testing.T) {
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		today                time.Time
		born, expires        string
		wantBorn, wantExpiry string
	}{
		{now, "740812", "320415", "1974-08-12", "2032-04-15"},
		{now, "740812", "120415", "1974-08-12", "2012-04-15"},
		{now, "261120", "310101", "2026-11-20", "2031-01-01"}, // born today
		{now, "261121", "310101", "1926-11-21", "2031-01-01"}, // would be tomorrow
		{now, "200101", "120415", "1920-01-01", "2012-04-15"}, // not after the document expired
		{now, "400907", "961210", "1940-09-07", "1996-12-10"},
		{now, "740812", "760101", "1974-08-12", "2076-01-01"}, // fifty years
		{now, "740812", "770101", "1974-08-12", "1977-01-01"},
		{now, "7408<<", "320415", "1974-08", "2032-04-15"},
		{now, "74<<<<", "320415", "1974", "2032-04-15"},
		{now, "74<<12", "320415", "1974", "2032-04-15"},
		{now, "<<0812", "320415", "", "2032-04-15"},
		{now, "26<<<<", "320415", "2026", "2032-04-15"},
		{now, "000229", "320415", "2000-02-29", "2032-04-15"},
		{now, "000229", "991231", "", "1999-12-31"}, // 1900 was no leap year
		{now, "741301", "320415", "", "2032-04-15"},
		{time.Time{}, "740812", "320415", "1974-08-12", "2032-04-15"},
		{time.Time{}, "300812", "320415", "2030-08-12", "2032-04-15"},
		{time.Time{}, "740812", "790101", "2074-08-12", "2079-01-01"},
		{time.Time{}, "740812", "800101", "1974-08-12", "1980-01-01"},
		{time.Time{}, "290101", "991399", "2029-01-01", ""},
		{time.Time{}, "300101", "991399", "1930-01-01", ""},
	}
	for _, tt := range tests {
		lines := damage(damage(specimenTD3, 1, 13, tt.born), 1, 21, tt.expires)
		r, err := Parse(lines, Options{Today: tt.today})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Person; p.BirthDate != tt.wantBorn || p.ExpirationDate != tt.wantExpiry {
			t.Errorf("born %s, expires %s: %s and %s, want %s and %s", tt.born, tt.expires, p.BirthDate, p.ExpirationDate, tt.wantBorn, tt.wantExpiry)
		}
	}
}

// TestIssueDate: the French card has no expiry, but its holder was born before it was issued.
func TestIssueDate(t *testing.T) {
	p := Person{LastName: "Morel", FirstName: "Claire", DocumentNumber: "050995201874", BirthDate: "1920-06-11", Sex: "F", IssuingState: "FRA"}
	lines, err := Generate(FrenchNationalID, p, Details{Optional: "952042"})
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := Parse(lines, Options{Today: today}); r.Person.BirthDate != p.BirthDate {
		t.Errorf("%q: born %s", lines, r.Person.BirthDate)
	}
}
