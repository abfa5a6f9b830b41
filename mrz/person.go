package mrz

import (
	"strings"
	"time"
)

// A Person is what a zone says about its holder, interpreted. What the zone does not say, or says in
// a way that cannot be understood, is empty; whether it is right is for the fields to tell.
type Person struct {
	LastName  string `json:"last_name,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	// DocumentNumber is the number as printed on the document's front, put together where a zone
	// spreads it over several fields (long numbers, French card, Swiss licence).
	DocumentNumber string `json:"document_number,omitempty"`
	PersonalNumber string `json:"personal_number,omitempty"`
	Sex            string `json:"sex,omitempty"`             // M, F, or X where the document leaves it open
	BirthDate      string `json:"birth_date,omitempty"`      // 1974-08-12, or 1974-08 or 1974 where the document says no more
	ExpirationDate string `json:"expiration_date,omitempty"` // 2012-04-15
	Nationality    string `json:"nationality,omitempty"`     // code as printed: UTO, D, XXA
	IssuingState   string `json:"issuing_state,omitempty"`
	// NameTruncated is set where the name reaches the last place of its field: then ICAO wants it
	// treated as cut off (9303-4 §4.2.3).
	NameTruncated bool `json:"name_truncated,omitempty"`
}

// interpret makes a person out of the assessed fields of a layout.
func (l *layout) interpret(fields []Field, now time.Time) Person {
	at, today := &l.places, dayOf(now)
	last, first := pick(fields, at.lastName), pick(fields, at.firstName)
	p := Person{
		LastName:       tidy(last.Value),
		FirstName:      tidy(first.Value),
		DocumentNumber: pick(fields, at.documentNumber).Value,
		PersonalNumber: pick(fields, at.personalNumber).Value,
		Sex:            sexOf(pick(fields, at.sex)),
		Nationality:    pick(fields, at.nationality).Value,
		IssuingState:   pick(fields, at.issuingState).Value,
		NameTruncated:  endsInLetter(last.Raw) || endsInLetter(first.Raw),
	}
	expires := known(pick(fields, at.expirationDate), today, longestValidity)
	issued := known(pick(fields, at.issueDate), today, 0)
	if expires.year != 0 {
		p.ExpirationDate = expires.iso()
	}
	if born := pick(fields, at.birthDate); born.Valid {
		if d, ok := parts(born.Raw); ok {
			p.BirthDate = birth(d, today, expires, issued).iso()
		}
	}
	p.national(l.format, fields)
	return p
}

// absent stands for a field that a format does not have.
var absent Field

func pick(fields []Field, i int) *Field {
	if i < 0 {
		return &absent
	}
	return &fields[i]
}

// national fills what the two national formats say in a way of their own.
func (p *Person) national(format string, fields []Field) {
	switch format {
	case FrenchNationalID:
		p.DocumentNumber = join(fields, "issue_date", "administrative_code2", "document_number")
		p.Nationality = p.IssuingState // the card is for nationals only
	case SwissDrivingLicense:
		p.DocumentNumber = join(fields, "pin_code", "version_number")
	}
}

// known is the date of a valid field, with its century: at most ahead years after today.
func known(f *Field, today day, ahead int) day {
	if !f.Valid {
		return day{}
	}
	d, ok := parts(f.Raw)
	if !ok {
		return day{}
	}
	return documentDay(d, today, ahead)
}

func sexOf(f *Field) string {
	switch {
	case !f.Valid:
		return ""
	case f.Raw == "<":
		return "X"
	}
	return f.Raw
}

// tidy leaves one space between the components of a name.
func tidy(name string) string {
	if name == "" || name[0] != ' ' && !strings.Contains(name, "  ") {
		return name
	}
	return strings.Join(strings.Fields(name), " ")
}

func endsInLetter(raw string) bool { return raw != "" && isLetter(raw[len(raw)-1]) }

func join(fields []Field, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		for i := range fields {
			if fields[i].Name == name {
				b.WriteString(fields[i].Value)
			}
		}
	}
	return b.String()
}
