package sanctions

import (
	"math"
	"testing"
)

func TestCompare(t *testing.T) {
	tests := []struct {
		name, a, b string
		match      bool
	}{
		{"same", "Anna Maria Silva", "Anna Maria Silva", true},
		{"order and comma", "SILVA, Anna", "Anna Silva", true},
		{"typing error", "Anna Petrosvka", "Anna Petrovska", true},
		{"doubled letter", "Hassan Barakat", "Hasan Barakkat", true},
		{"romanisation", "Mohamed Qaddoumi", "Muhammad Kadumi", true},
		{"article and servant", "Abd al-Rahman al-Tarabulsi", "Abdurrahman El Tarabulsi", true},
		{"joined", "AnnaSilva", "Anna Silva", true},
		{"title", "Dr. Anna Silva", "Anna Silva", true},
		{"initial", "A. Silverstone", "Anna Silverstone", true},
		{"nickname", "Ted Silverstone", "Theodore Silverstone", true},
		{"patronymic left out", "Oleg Ivanovich Tarasenko", "Oleg Tarasenko", true},
		{"Cyrillic", "Олег Тарасенко", "Oleg Tarasenko", true},
		{"Korean spelling", "Pak Yong Chol", "Park Young-chul", true},
		{"another given name", "Igor Tarasenko", "Oleg Tarasenko", false},
		{"another family name", "Oleg Tarasenko", "Oleg Bondarchuk", false},
		{"contradicting patronymics", "Oleg Ivanovich Tarasenko", "Oleg Petrovich Tarasenko", false},
		{"contradicting initials", "Frost, Anna G.", "Anna W Frost", false},
		{"father and son", "Omar bin Salim al-Tarabulsi", "Salim bin Omar al-Tarabulsi", false},
		{"nothing in common", "Anna Silva", "Oleg Tarasenko", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Compare(tt.a, tt.b, "Person"); (got >= DefaultThreshold) != tt.match {
				t.Errorf("Compare(%q, %q) = %v, threshold %v, want match %v", tt.a, tt.b, got, DefaultThreshold, tt.match)
			}
		})
	}
}

func TestCompareEntities(t *testing.T) {
	if got := Compare("Northwind Trading GmbH", "NORTHWIND TRADING LTD", "Company"); got < DefaultThreshold {
		t.Errorf("legal forms keep two names apart: %v", got)
	}
	if got := Compare("Northwind Trading", "Southwind Shipping", "Company"); got >= DefaultThreshold {
		t.Errorf("two companies match: %v", got)
	}
	if a, b := Compare("A.B.C. Trading", "ABC Trading", "Company"), 1.0; a != b {
		t.Errorf("letters with stops score %v", a)
	}
}

var propertyNames = []string{
	"Anna Maria Silva", "OMAR BIN SALIM AL-TARABULSI", "Kim Yong Chol", "Oleg Ivanovich Tarasenko", "J. P. Silverstone",
	"FAIZ", "Abd al-Rahman Ould Sidi", "محمد شريف", "Ana Lucía García Márquez", "Jean-Claude de la Tour", "Tarasenko Jr", "van der Bilt",
}

// A name is itself; swapping changes little; a foreign token never helps.
func TestCompareProperties(t *testing.T) {
	for _, a := range propertyNames {
		if got := Compare(a, a, "Person"); got != 1 {
			t.Errorf("Compare(%q, itself) = %v", a, got)
		}
		for _, b := range propertyNames {
			ab, ba := Compare(a, b, "Person"), Compare(b, a, "Person")
			if math.Abs(ab-ba) > 0.1 {
				t.Errorf("Compare(%q, %q) = %v, swapped %v", a, b, ab, ba)
			}
			for _, longer := range []string{a + " Wszxqorbu", "Wszxqorbu " + a} {
				if got := Compare(longer, b, "Person"); got > ab+1e-9 {
					t.Errorf("Compare(%q, %q) = %v, more than %v without the foreign name", longer, b, got, ab)
				}
			}
		}
	}
}

// FuzzCompare: any two texts score within 0..1, and a name that leaves tokens scores 1 against itself.
func FuzzCompare(f *testing.F) {
	for i, a := range propertyNames {
		f.Add(a, propertyNames[(i+1)%len(propertyNames)])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if s := Compare(a, b, "Person"); s < 0 || s > 1 || math.IsNaN(s) {
			t.Errorf("Compare(%q, %q) = %v", a, b, s)
		}
		if s := Compare(a, a, "Person"); s != 1 && len(tokenise(a)) > 0 {
			t.Errorf("Compare(%q, itself) = %v", a, s)
		}
	})
}

// FuzzDistance: the distance is symmetric, zero only for the same sounds, and never above its limit.
func FuzzDistance(f *testing.F) {
	f.Add("muhammad", "mohamed")
	f.Add("kahdem", "khadem")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = lowerASCII(a), lowerASCII(b)
		for _, c := range []*costTable{&soundCosts, &letterCosts, &looseCosts} {
			ab, ba := c.distance(a, b, maxErrors), c.distance(b, a, maxErrors)
			if ab != ba || ab < 0 || ab > maxErrors || a == b && ab != 0 {
				t.Errorf("distance(%q, %q) = %d, swapped %d", a, b, ab, ba)
			}
		}
	})
}
