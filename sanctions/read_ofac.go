package sanctions

import (
	"cmp"
	"slices"
	"strings"
)

// What OFAC's formats have in common.

// ofacPage is the public page of an entry; its id is the same in all formats.
const ofacPage = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="

// Programs tell the lists apart where the format does not. Some stand on the consolidated (non-SDN)
// list alone: the Palestinian Legislative Council, Chinese military-industrial companies, foreign
// evaders, correspondent account and menu-based sanctions. The sectoral ones stand on both, but on the
// consolidated list only companies have them.
var (
	nonSDNPrograms   = []string{"NS-PLC", "NS-CMIC", "CMIC-EO13959", "FSE-IR", "FSE-SY", "FSE-WMD", "FSE-SDGT", "561-Related", "561LIST", "NS-MBS"}
	sectoralPrograms = []string{"UKRAINE-EO13662", "RUSSIA-EO14024", "CAATSA - RUSSIA"}
)

// chooseOFAC names the list by what most of its entries are. By this rule more than 99 % are non-SDN in
// two real versions of the consolidated list, and 0.4 % in a real SDN list.
func chooseOFAC(c *collector) {
	nonSDN := 0
	for _, e := range c.list.Records {
		if isNonSDN(e) {
			nonSDN++
		}
	}
	c.list.ID = ofacByLists(len(c.list.Records)-nonSDN, len(c.list.Records))
}

func isNonSDN(e Entry) bool {
	return slices.ContainsFunc(e.Programs, func(program string) bool {
		return slices.Contains(nonSDNPrograms, program) || e.Type == Entity && slices.Contains(sectoralPrograms, program)
	})
}

// ofacByLists names the list by how many entries are on the SDN list. An entry of the consolidated list
// may be on the SDN list too, so most entries decide, and half of them mean the SDN list.
func ofacByLists(sdn, all int) string {
	if 2*sdn >= all {
		return OFACSDN
	}
	return OFACConsolidated
}

// ofacType knows the types as all OFAC formats write them; an entry without one is an entity.
func ofacType(s string) Type {
	switch strings.ToLower(tidy(s)) {
	case "individual":
		return Individual
	case "vessel":
		return Vessel
	case "aircraft":
		return Aircraft
	}
	return Entity
}

// ofacKind knows a.k.a., f.k.a. and n.k.a.: the last, "now known as", is an alias too.
func ofacKind(s string) NameKind {
	if strings.HasPrefix(strings.ToLower(tidy(s)), "f") {
		return Former
	}
	return Alias
}

// generations are the suffixes that stand behind a second comma.
var generations = []string{"jr", "sr", "ii", "iii", "iv", "v"}

// inverted reads the name of an individual as "LAST, First Middle". A suffix behind a second comma
// ("LAVILLA, Ruben Pestano, Jr.") goes last; without a comma the name is kept whole.
func inverted(text string) Name {
	parts := splitList(text, ",")
	if len(parts) < 2 {
		return Name{Full: tidy(text)}
	}
	n := Name{Family: parts[0], Given: parts[1]}
	rest := parts[2:]
	for _, part := range rest {
		if !slices.Contains(generations, strings.ToLower(strings.Trim(part, "."))) {
			n.Given = joinName(n.Given, part)
			rest = nil
		}
	}
	n.Full = joinName(n.Given, n.Family, strings.Join(rest, " "))
	return n
}

// ofacName is a name in parts, or inverted in one of them, as weak aliases are.
func ofacName(first, last string, t Type) Name {
	first, last = tidy(first), tidy(last)
	switch {
	case t != Individual:
		return Name{Full: joinName(first, last)}
	case first == "":
		return inverted(last)
	}
	return Name{Given: first, Family: last}
}

// noDocuments are words in the "id types" that identify nobody: OFAC files directives, dates and web
// sites in the same place.
var noDocuments = []string{"sanction", "website", "email", "e-mail", "gender", "target type", " date", "executive order",
	"information", "issuer", "ticker", "organization type", "nationality", "risk", "prohibited", "phone", "fax", "currency",
	"swift", "bik", "isin", "directive", "aircraft model", "aircraft operator", "aircraft mode s", "vessel type", "determination"}

// addOFACFeature takes one "id" of an entry: a document, a sex, or something that is neither.
func addOFACFeature(e *Entry, kind, number, country, note string) {
	kind = tidy(kind)
	folded := " " + strings.ToLower(kind)
	switch {
	case strings.TrimSpace(folded) == "gender":
		if sex := sexOf(number); sex != "" {
			e.Sexes = append(e.Sexes, sex)
		}
	case slices.ContainsFunc(noDocuments, func(word string) bool { return strings.Contains(folded, word) }):
	default:
		e.Documents = append(e.Documents, Document{Kind: kind, Number: tidy(number), Country: country, Note: note})
	}
}

// mainFirst puts the values that OFAC marks as preferred before the others.
func mainFirst[T any](values []T, isMain func(T) bool) []T {
	slices.SortStableFunc(values, func(a, b T) int { return cmp.Compare(rankMain(isMain(a)), rankMain(isMain(b))) })
	return values
}

func rankMain(isMain bool) int {
	if isMain {
		return 0
	}
	return 1
}
