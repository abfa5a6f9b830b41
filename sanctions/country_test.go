package sanctions

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCountry(t *testing.T) {
	tests := map[string]string{
		"RU": "RUS", "ru": "RUS", "RUS": "RUS", "Russia": "RUS", "Russian Federation": "RUS", "RUSSIAN FEDERATION": "RUS", "Russian": "RUS",
		"D": "DEU", "GBR": "GBR", "GBN": "GBR", "UK": "GBR", "British": "GBR",
		"United Kingdom of Great Britain and Northern Ireland": "GBR",
		"Iran (Islamic Republic of)":                           "IRN", "IRAN (ISLAMIC REPUBLIC OF)": "IRN", "Iran": "IRN",
		"Democratic People's Republic of Korea": "PRK", "Democratic People’s Republic of Korea": "PRK", "Korea, North": "PRK", "DPRK": "PRK",
		"Korea, South": "KOR", "Republic of Korea": "KOR",
		"Syria": "SYR", "Syrian Arab Republic": "SYR", "Syrian Arab Republic as of September 2015": "SYR",
		"Congo, Democratic Republic of the": "COD", "CONGO, Democratic Republic of (was Zaire)": "COD", "Congo, Republic of the": "COG",
		"Macedonia, The Former Yugoslav Republic of": "MKD", "Cote d Ivoire": "CIV", "Côte d'Ivoire": "CIV",
		"Türkiye": "TUR", "Turkiye": "TUR", "Turkey": "TUR", "The Gambia": "GMB", "Bahamas, The": "BHS",
		"Kosovo": "RKS", "XKX": "RKS", "State of Palestine": "PSE", "PALESTINIAN TERRITORY, Occupied": "PSE",
		"BOSNIA AND HERZEGOWINA": "BIH", "U.S.A.": "USA", "Kuwaiti citizenship": "KWT", "Kuwait (at time of listing)": "KWT",
		"Afghan": "AFG", " Venezuela ": "VEN", "Viet Nam": "VNM", "Burma": "MMR", "Niger": "NER", "Nigeria": "NGA",
		"": "", "(": "", "Congolese": "", "Atlantis": "", "XXA": "", "00": "", "Region: Crimea": "", "undetermined": "",
	}
	for text, want := range tests {
		if got := Country(text); got != want {
			t.Errorf("Country(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestCountryTable holds that no name of the table belongs to two countries.
func TestCountryTable(t *testing.T) {
	owner := map[string]string{}
	lines := 0
	for line := range strings.Lines(countryTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		fields := strings.Split(strings.TrimSpace(line), "\t")
		for _, field := range fields {
			for name := range strings.SplitSeq(field, "|") {
				key := foldCountry(name)
				if other := owner[key]; other != "" && other != fields[0] {
					t.Errorf("%q is both %s and %s", name, other, fields[0])
				}
				owner[key] = fields[0]
			}
		}
	}
	if lines != 250 { // 249 of ISO 3166-1 and Kosovo
		t.Errorf("%d countries in the table, want 250", lines)
	}
}

// FuzzCountry: the answer is a code of the table or nothing, and a code stands for itself.
func FuzzCountry(f *testing.F) {
	f.Add("Iran (Islamic Republic of)")
	f.Add("\xff(")
	f.Fuzz(func(t *testing.T, text string) {
		code := Country(text)
		if code == "" {
			return
		}
		if utf8.RuneCountInString(code) != 3 || Country(code) != code {
			t.Errorf("Country(%q) = %q, which is no code", text, code)
		}
	})
}
