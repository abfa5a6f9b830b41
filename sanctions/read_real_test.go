package sanctions

import (
	"slices"
	"strings"
	"testing"
)

// count is what a list holds, by the words of the shared data's README.
type count struct {
	entries, persons, entities, vessels, aircraft int
	names, weak                                   int // 0 where the README gives no number for it
}

func (c count) of(l List) count {
	got := count{entries: l.Entries}
	for _, e := range l.Records {
		switch e.Type {
		case Individual:
			got.persons++
		case Entity:
			got.entities++
		case Vessel:
			got.vessels++
		case Aircraft:
			got.aircraft++
		}
		got.names += len(e.Names)
		for _, n := range e.Names {
			if n.Weak {
				got.weak++
			}
		}
	}
	if c.names == 0 {
		got.names = 0
	}
	if c.weak == 0 {
		got.weak = 0
	}
	return got
}

// TestReadReal reads the real lists and compares with the counts that were taken from the files by
// other means. Names are counted where one element is one name; a name that comes twice counts once.
func TestReadReal(t *testing.T) {
	tests := []struct {
		file, id, format, published string
		want                        count
	}{
		{"un-consolidated-2026-02-27.xml.gz", UNSC, "un-xml", "2026-02-27", count{entries: 1003, persons: 730, entities: 273}},
		{"un-consolidated-2025-11-20.xml.gz", UNSC, "un-xml", "2025-11-20", count{entries: 1000, persons: 727, entities: 273}},
		{"ofac-nonsdn-consolidated-2025-03-28.xml.gz", OFACConsolidated, "ofac-xml", "2025-03-28", count{entries: 443, persons: 80, entities: 363, weak: 70}},
		{"ofac-nonsdn-consolidated-2024-05-06.xml.gz", OFACConsolidated, "ofac-xml", "2024-05-06", count{entries: 443, persons: 79, entities: 364}},
		{"ofac-nonsdn-advanced-2020-03-17.xml.gz", OFACConsolidated, "ofac-advanced-xml", "2020-03-17", count{entries: 375, persons: 82, entities: 293}},
		{"ofac-irgc-enhanced-2024-08-28.xml.gz", OFACSDN, "ofac-enhanced-xml", "2024-08-28", count{entries: 293, persons: 165, entities: 84, aircraft: 44}},
		{"ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz", OFACSDN, "ofac-csv", "", count{entries: 11509, persons: 5876, entities: 4813, vessels: 526, aircraft: 294}},
		{"eu-fsf-1.1-excerpt-2026-08-05.xml.gz", EUFSF, "eu-fsf-xml", "2026-08-05", count{entries: 17, persons: 10, entities: 7, names: 45}},
		{"uk-sanctions-list-excerpt-2026-09-07.xml.gz", UKSanctions, "uk-xml", "2026-09-07", count{entries: 21, persons: 14, entities: 5, vessels: 2}},
		{"uk-hmt-consolidated-2018-04-13.csv.gz", UKSanctions, "uk-conlist-csv", "2018-04-13", count{entries: 2106, persons: 1426, entities: 680, names: 5548}},
		{"ch-seco-excerpt-2026-08-15.xml.gz", CHSECO, "seco-xml", "2026-08-15", count{entries: 4, persons: 2, entities: 1, vessels: 1}},
		{"ca-sema-2025-03.xml.gz", CASEMA, "sema-xml", "2025-03-20", count{entries: 4759, persons: 3334, entities: 1316, vessels: 109}},
		{"opensanctions-ua_war_sanctions-2026-03-13.targets.simple.csv.gz", OpenSanctions, "opensanctions-csv", "2026-03-13", count{entries: 5600, persons: 1543, entities: 2717, vessels: 1340}},
		{"opensanctions-interpol_red_notices-2025-05-23.targets.simple.csv.gz", OpenSanctions, "opensanctions-csv", "2025-05-23", count{entries: 6561, persons: 6561, names: 6563}},
		{"opensanctions-zala-2026-04-29.entities.ftm.json.gz", OpenSanctions, "ftm-jsonl", "2026-04-29", count{entries: 14, persons: 6, entities: 8}},
		{"opensanctions-us_congress-2025-12-08.senzing.jsonl.gz", OpenSanctions, "senzing-jsonl", "2025-12-08", count{entries: 1317, persons: 1317}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			list := readShared(t, test.file)
			published := ""
			if !list.Published.IsZero() {
				published = list.Published.UTC().Format("2006-01-02")
			}
			if list.ID != test.id || list.Format != test.format || published != test.published {
				t.Errorf("%s %s %s, want %s %s %s", list.ID, list.Format, published, test.id, test.format, test.published)
			}
			if got := test.want.of(list); got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			if len(list.Problems) > 1 {
				t.Errorf("%d problems: %v", len(list.Problems), list.Problems[:2])
			}
		})
	}
}

func TestReadRealSet(t *testing.T) {
	list := readSharedSet(t)
	want := count{entries: 8976, persons: 4620, entities: 3673, vessels: 406, aircraft: 277}
	if got := want.of(list); got != want || list.ID != OFACSDN || len(list.Problems) > 0 {
		t.Errorf("%s: got %+v, want %+v; %v", list.ID, got, want, list.Problems)
	}
	// 8,976 primary names, 11,910 in alt.csv and 2,438 weak ones in the remarks, less the repeated.
	if got := (count{names: 1, weak: 1}).of(list); got.names < 23_300 || got.names > 23_330 || got.weak < 2438 || got.weak > 2445 {
		t.Errorf("%d names, %d of them weak", got.names, got.weak)
	}
}

// TestReadRealTraps: single entries that the README warns of.
func TestReadRealTraps(t *testing.T) {
	un := readShared(t, "un-consolidated-2026-02-27.xml.gz")
	set := readSharedSet(t)
	eu := readShared(t, "eu-fsf-1.1-excerpt-2026-08-05.xml.gz")
	uk := readShared(t, "uk-sanctions-list-excerpt-2026-09-07.xml.gz")
	seco := readShared(t, "ch-seco-excerpt-2026-08-15.xml.gz")
	enhanced := readShared(t, "ofac-irgc-enhanced-2024-08-28.xml.gz")
	joined := readShared(t, "ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz")
	tests := []struct {
		name string
		list List
		id   string
		part string // births, names, documents or remarks
		want string // stands in it
	}{
		{"dates only in notes", un, "CFi.009", "births", "1961-08;1961-07"},
		{"Hijri date", un, "QDi.291", "births", "circa 1982-04-19"},
		{"date that is no date", un, "LYi.022", "remarks", "30-35 years old"},
		{"names in one element", un, "IRi.010", "names", "Halen Bakhtiar;Haleh Bakhtiari;Haleh Bakhtiyar"},
		{"blank in a name", un, "SDi.007", "names", "GEDO "},
		{"curly quotes", un, "CDi.009", "names", "Chief Kahwa"},
		{"date with zone", un, "QDi.352", "listed", "2015-04-07"},
		{"one position only", un, "QDi.018", "names", "ABDUL MANAN AGHA"},
		{"no comma", set, "6905", "names", "ABU ZUBAYDAH"},
		{"two commas", set, "10853", "names", "Ruben Pestano LAVILLA Jr."},
		{"remarks cut in a word", set, "12300", "remarks", "PROMO RAIZ S.A.S."},
		{"alias cut in a word", set, "28263", "names", "snowsjohn"},
		{"apostrophe in a weak alias", set, "3754", "names", "ABU-'UMAR"},
		{"circa and span", set, "11748", "births", "circa 1979 to 1982"},
		{"span of months", set, "23470", "births", "1962-03-01 to 1963-02-28"},
		{"end mark before an id", joined, "9639", "names", "HANIYA"},
		{"Arabic form first", eu, "EU.367.96", "names", "Abdul Manan Agha"},
		{"converted Hijri date", eu, "EU.3092.36", "births", "1982-04-19"},
		{"Iranian Hijri year", eu, "EU.6131.26", "births", "1964-03-21 to 1965-03-20"},
		{"month and year", eu, "EU.2909.48", "births", "1961-08"},
		{"range of years", eu, "EU.10436.68", "births", "1960 to 1979"},
		{"wrong language", eu, "EU.2797.3", "names", "Анатолий Алексеевич СИДОРОВ"},
		{"placeholders", uk, "RUS1683", "births", "1975"},
		{"1 January for the year", uk, "AFG0038", "births", "1964;1955"},
		{"year that nobody knows", uk, "RUS2701", "remarks", "15/08/19yy"},
		{"empty primary name", uk, "BEL0174", "names", "Pavel Ivanovich KAZAKOV"},
		{"name in Name1 only", uk, "AFG0043", "names", "MOHAMMAD YAQOUB"},
		{"amended, still listed", seco, "44348", "names", "MZKT"},
		{"bidi marks", enhanced, "26347", "names", ";لواء فاطميون;"},
	}
	for _, test := range tests {
		e := byID(t, test.list, test.id)
		got := map[string]string{"births": joined2(e.Births, Date.String), "names": joined2(e.Names, func(n Name) string { return n.Full }),
			"remarks": e.Remarks, "listed": e.ListedOn}[test.part]
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s of %s are %q, want %q", test.name, test.part, test.id, got, test.want)
		}
	}
	if e := byID(t, uk, "AFG0006"); len(e.Documents) != 1 {
		t.Errorf("one passport ten times: %v", e.Documents)
	}
	if e := byID(t, eu, "EU.2417.3"); slices.ContainsFunc(e.Documents, func(d Document) bool { return d.Number == "-" }) {
		t.Errorf("a dash is no number: %v", e.Documents)
	}
	if e := byID(t, eu, "EU.6002.12"); len(e.Births) != 0 || len(e.BirthPlaces) == 0 {
		t.Errorf("a birth place without a date: %+v", e)
	}
	for _, id := range []string{"5142", "5816", "5374"} {
		if slices.ContainsFunc(seco.Records, func(e Entry) bool { return e.ID == id }) {
			t.Errorf("%s is de-listed", id)
		}
	}
	weak := func(e Entry) (names []string) {
		for _, n := range e.Names {
			if n.Weak {
				names = append(names, n.Full)
			}
		}
		return names
	}
	if got := weak(byID(t, eu, "EU.3092.36")); !slices.Contains(got, "Abosslah") {
		t.Errorf("low quality in the remark: %v", got)
	}
	if e := byID(t, readShared(t, "ofac-nonsdn-consolidated-2025-03-28.xml.gz"), "9647"); !slices.Contains(weak(e), "Mahmoud ZAHAR") {
		t.Errorf("whole name in lastName: %v", weak(e))
	}
}

func joined2[T any](values []T, text func(T) string) string {
	return ";" + strings.Join(texts(values, text), ";") + ";"
}

// TestReadRealCountries: almost every nationality on the real lists is a country that we know.
func TestReadRealCountries(t *testing.T) {
	unknown := map[string]int{}
	all := 0
	lists := []List{readSharedSet(t)}
	for _, file := range []string{"un-consolidated-2026-02-27.xml.gz", "uk-hmt-consolidated-2018-04-13.csv.gz", "ofac-irgc-enhanced-2024-08-28.xml.gz",
		"opensanctions-ua_war_sanctions-2026-03-13.targets.simple.csv.gz", "opensanctions-interpol_red_notices-2025-05-23.targets.simple.csv.gz"} {
		lists = append(lists, readShared(t, file))
	}
	for _, l := range lists {
		for _, e := range l.Records {
			for _, n := range e.Nationalities {
				if all++; Country(n) == "" {
					unknown[n]++
				}
			}
		}
	}
	total := 0
	for _, n := range unknown {
		total += n
	}
	if total*500 > all {
		t.Errorf("%d of %d nationalities are unknown: %v", total, all, unknown)
	}
}
