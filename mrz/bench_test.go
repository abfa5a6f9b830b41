package mrz

import (
	"testing"
	"time"
)

var specimenTD3 = []string{
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
	"L898902C36UTO7408122F1204159ZE184226B<<<<<10",
}

var today = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// BenchmarkParseTD3 is the promise of DESIGN section 15: under 2 µs and at most 10 allocations.
func BenchmarkParseTD3(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Parse(specimenTD3, Options{Today: today}); err != nil || !r.Valid {
			b.Fatal(err, r.Errors())
		}
	}
}

// BenchmarkParseDamagedTD3 adds the search for repairs.
func BenchmarkParseDamagedTD3(b *testing.B) {
	damaged := []string{specimenTD3[0], "L8989O2C36UTO7408I22F1204159ZE184226B<<<<<10"}
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Parse(damaged, Options{Today: today}); err != nil || r.Valid {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerateTD3(b *testing.B) {
	r, _ := Parse(specimenTD3, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Generate(TD3, r.Person, Details{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSameName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if !SameName("Müller-Lüdenscheidt Åse", "MULLER<LUEDENSCHEIDT<AASE") {
			b.Fatal("not the same")
		}
	}
}
