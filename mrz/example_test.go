package mrz_test

import (
	"fmt"
	"time"

	"dossier/mrz"
)

func ExampleParse() {
	r, err := mrz.Parse([]string{
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
		"L898902C38UTO7408122F1204159ZE184226B<<<<<10",
	}, mrz.Options{Today: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		fmt.Println(err) // not a zone at all
		return
	}
	fmt.Println(r.Format, r.Valid, r.Person.FirstName, r.Person.LastName, r.Person.BirthDate)
	for _, e := range r.Errors() {
		fmt.Printf("%s: %s (%q)\n", e.Category, e.Error, r.Lines[e.Line][e.Start:e.End])
	}
	// Output:
	// TD3 false ANNA MARIA ERIKSSON 1974-08-12
	// Document number check digit: invalid check digit: 8. Must be 6 ("8")
	// Composite check digit: invalid check digit: 0. Must be 4 ("0")
}

func ExampleGenerate() {
	lines, err := mrz.Generate(mrz.TD3, mrz.Person{
		LastName: "Ødegård", FirstName: "Åse Marie", DocumentNumber: "AB1234567", Sex: "F",
		BirthDate: "1990-02", ExpirationDate: "2031-01-31", Nationality: "UTO", IssuingState: "UTO",
	}, mrz.Details{})
	fmt.Println(lines[0])
	fmt.Println(lines[1], err)
	// Output:
	// P<UTOOEDEGAARD<<AASE<MARIE<<<<<<<<<<<<<<<<<<
	// AB12345671UTO9002<<7F3101311<<<<<<<<<<<<<<08 <nil>
}

func ExampleSameName() {
	fmt.Println(mrz.SameName("Müller", "MUELLER"), mrz.SameName("Müller", "MULLER"), mrz.SameName("ГАЛКИН", "GALKIN"))
	fmt.Println(mrz.SameName("Miller", "MUELLER"), mrz.NameDistance("Miller", "MUELLER"))
	// Output:
	// true true true
	// false 2
}
