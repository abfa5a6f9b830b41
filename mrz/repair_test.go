package mrz

import (
	"slices"
	"testing"
)

func TestRepair(t *testing.T) {
	type repairs []Repair
	tests := []struct {
		name     string
		format   string
		line, at int
		put      string
		want     repairs
		valid    bool // after the repair
	}{
		{"digit in a name", TD3, 0, 5, "ER1K550N", repairs{{"last_name", 0, 7, "1", "I", "alphabet"}, {"last_name", 0, 9, "5", "S", "alphabet"}, {"last_name", 0, 10, "5", "S", "alphabet"}, {"last_name", 0, 11, "0", "O", "alphabet"}}, true},
		{"digits in both names", TD3, 0, 5, "ER1KSSON<<ANNA<MAR1A", repairs{{"last_name", 0, 7, "1", "I", "alphabet"}, {"first_name", 0, 23, "1", "I", "alphabet"}}, true},
		{"digit in a state", TD3, 0, 2, "UT0", repairs{{"issuing_state", 0, 4, "0", "O", "alphabet"}}, true},
		{"digit in a code", TD3, 0, 1, "0", repairs{{"document_code", 0, 1, "0", "O", "alphabet"}}, true},
		{"letter in a date", TD3, 1, 13, "74O8I2", repairs{{"birth_date", 1, 15, "O", "0", "alphabet"}, {"birth_date", 1, 17, "I", "1", "alphabet"}}, true},
		{"letter in a date and its check digit", TD3, 1, 13, "74O812Z", repairs{{"birth_date", 1, 15, "O", "0", "alphabet"}, {"birth_date_check_digit", 1, 19, "Z", "2", "alphabet"}}, true},
		{"letter for a check digit", TD3, 1, 43, "O", repairs{{"composite_check_digit", 1, 43, "O", "0", "alphabet"}}, true},
		{"letter in a number", TD3, 1, 5, "O", repairs{{"document_number", 1, 5, "O", "0", "check digit"}}, true},
		{"letter in a card's number", TD1, 0, 10, "S", repairs{{"document_number", 0, 10, "S", "5", "check digit"}}, true},
		{"one of two places, nobody knows which", TD3, 1, 28, "2E184226B", nil, false},
		{"letter in a PIN", SwissDrivingLicense, 1, 5, "3O5", repairs{{"pin_code", 1, 6, "O", "0", "alphabet"}}, true},

		{"a code that may hold a digit", TD1, 0, 1, "5", nil, true},
		{"a check digit over several fields", FrenchDrivingLicense, 0, 1, "2", nil, false},
		{"no such state", TD3, 0, 2, "X0Z", nil, false},
		{"date does not agree with its digit", TD3, 1, 13, "74O712", nil, false},
		{"check digit wrong in any reading", TD3, 1, 9, "5", nil, false},
		{"six and G have the same check digit", TD3, 0, 17, "4", nil, false},
		{"two look-alikes prove nothing", TD3, 1, 1, "B989O", nil, false},
	}
	for _, tt := range tests {
		lines := damage(intact[tt.format], tt.line, tt.at, tt.put)
		r, err := Parse(lines, Options{Correct: true, Today: today})
		if err != nil || r.Valid != tt.valid || !slices.Equal(r.Repairs, tt.want) {
			t.Errorf("%s: valid %v, %v, %+v", tt.name, r.Valid, err, r.Repairs)
		}
		if tt.want != nil && !slices.Equal(r.Lines, damage(intact[tt.format], 0, 0, "")) && tt.name != "digit in a code" {
			t.Errorf("%s: lines are %q", tt.name, r.Lines)
		}
	}
}

// TestNoSilentRepair: without being asked, nothing is changed; the error says what it could be.
func TestNoSilentRepair(t *testing.T) {
	tests := []struct {
		line, at int
		put      string
		field    string
		want     string
	}{
		{0, 5, "ER1K", "last_name", "ERIKSSON"},
		{0, 2, "UT0", "issuing_state", "UTO"},
		{1, 13, "74O812", "birth_date", "740812"},
		{1, 5, "O", "document_number_check_digit", "Document number L898902C3"},
		{1, 9, "5", "document_number_check_digit", "6"},
		{1, 43, "O", "composite_check_digit", "0"},
		{0, 17, "4", "first_name", ""},
	}
	for _, tt := range tests {
		lines := damage(specimenTD3, tt.line, tt.at, tt.put)
		r, err := Parse(lines, Options{Today: today})
		f, _ := r.Field(tt.field)
		if err != nil || r.Valid || len(r.Repairs) != 0 || !slices.Equal(r.Lines, lines) || f.Suggestion != tt.want {
			t.Errorf("%q: valid %v, %d repairs, %s: suggestion %q", lines, r.Valid, len(r.Repairs), tt.field, f.Suggestion)
		}
	}
}
