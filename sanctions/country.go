package sanctions

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed country.tsv
var countryTable string

// countryCodes maps every folded name and code of country.tsv to the alpha-3 code.
var countryCodes = sync.OnceValue(func() map[string]string {
	codes := make(map[string]string, 1500)
	for line := range strings.Lines(countryTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for _, field := range fields {
			for name := range strings.SplitSeq(field, "|") {
				codes[foldCountry(name)] = fields[0]
			}
		}
	}
	return codes
})

// Country gives the ISO 3166-1 alpha-3 code of any way that a list or a document prints a country: its
// codes, its English names, old and official ones, the adjective ("Afghan"). Kosovo is RKS, as ICAO
// 9303-3 has it. Text that names no country, or may name two ("Congolese"), gives "".
func Country(s string) string {
	if len(s) > maxCountry {
		return ""
	}
	for _, try := range []func(string) string{asPrinted, beforeRemark, withoutStatus} {
		s = try(s)
		if code := countryCodes()[foldCountry(s)]; code != "" {
			return code
		}
	}
	return ""
}

// maxCountry is longer than any country's name, in bytes.
const maxCountry = 200

func asPrinted(s string) string { return s }

// beforeRemark takes "Kuwait (residence as at Mar. 2009)" and "Syria as of 2015" for the country alone.
func beforeRemark(s string) string {
	s = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "possibly ")
	for _, mark := range []string{"(", ";", " as of ", " as at ", " since ", " by birth", " until ", ". "} {
		s, _, _ = strings.Cut(s, mark)
	}
	return s
}

// withoutStatus takes "Iranian citizenship" and "former Yugoslav national" for the country alone.
func withoutStatus(s string) string {
	words := strings.Fields(s)
	for len(words) > 1 {
		switch strings.ToLower(words[len(words)-1]) {
		case "citizenship", "citizen", "nationality", "national", "nationalities":
			words = words[:len(words)-1]
		default:
			return strings.Join(words, " ")
		}
	}
	return strings.Join(words, " ")
}

// foldCountry leaves what tells country names apart: words of lower-case letters without accents,
// without "the".
func foldCountry(s string) string {
	var words strings.Builder
	var word []rune
	end := func() {
		if w := string(word); w != "" && w != "the" {
			if words.Len() > 0 {
				words.WriteByte(' ')
			}
			words.WriteString(w)
		}
		word = word[:0]
	}
	for _, r := range norm.NFD.String(strings.ReplaceAll(s, "&", " and ")) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r) || r == '.' || r == '\'' || r == '’' || r == '*':
			// "U.S.A.", "Côte d’Ivoire" and "Kosovo*" are one word each.
		default:
			end()
		}
	}
	end()
	return words.String()
}

// countryOrText is the code of a country, or the text where it names none that we know.
func countryOrText(s string) string {
	if code := Country(s); code != "" {
		return code
	}
	return s
}
