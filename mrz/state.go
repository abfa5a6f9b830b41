package mrz

import (
	"maps"
	"slices"
)

// State names the State, organization or group of persons that a code of the zone stands for, in
// English. It knows 9303-3 section 5 and ISO 3166-1 alpha-3, and the codes withdrawn from ISO 3166-1
// since the first passports were read by machine.
func State(code string) (name string, ok bool) {
	name, ok = states[code]
	return name, ok
}

// States lists the codes that State knows, in order.
func States() []string { return slices.Sorted(maps.Keys(states)) }

var states = func() map[string]string {
	all := maps.Clone(countries)
	maps.Copy(all, otherStates)
	return all
}()

// otherStates are the codes that ISO 3166-1 does not have, or no longer has. Of those in 9303-3
// section 5 only IAO is missing: it signs lists and issues no document.
var otherStates = map[string]string{
	// 9303-3 section 5, part A: extensions.
	"D":   "Germany",
	"GBD": "British Overseas Territories Citizen",
	"GBN": "British National (Overseas)",
	"GBO": "British Overseas Citizen",
	"GBP": "British Protected Person",
	"GBS": "British Subject",
	"RKS": "Kosovo",

	// Part B: reserved by ISO.
	"EUE": "European Union",

	// Part C: United Nations.
	"UNA": "United Nations specialized agency",
	"UNK": "Resident of Kosovo, document of the United Nations Interim Administration Mission",
	"UNO": "United Nations",

	// Part D: other issuing authorities.
	"XBA": "African Development Bank",
	"XCC": "Caribbean Community",
	"XCE": "Council of Europe",
	"XCO": "Common Market for Eastern and Southern Africa",
	"XDC": "Southern African Development Community",
	"XEC": "Economic Community of West African States",
	"XES": "Organization of Eastern Caribbean States",
	"XIM": "African Export-Import Bank",
	"XMP": "Parliamentary Assembly of the Mediterranean",
	"XOM": "Sovereign Military Order of Malta",
	"XPO": "Interpol",

	// Part E: persons without a defined nationality.
	"XXA": "Stateless person",
	"XXB": "Refugee (1951 Convention)",
	"XXC": "Refugee (other)",
	"XXX": "Unspecified nationality",

	// Part F: withdrawn from ISO 3166-1, kept by ICAO.
	"ANT": "Netherlands Antilles",
	"NTZ": "Neutral Zone",

	// Part G: specimens.
	"UTO": "Utopia",

	// Printed in documents without being in any standard.
	"XCT": "Northern Cyprus",
	"XXK": "Kosovo",

	// Withdrawn from ISO 3166-1 since 1980.
	"BUR": "Burma",
	"BYS": "Byelorussian SSR",
	"CSK": "Czechoslovakia",
	"DDR": "German Democratic Republic",
	"FXX": "France, Metropolitan",
	"HVO": "Upper Volta",
	"ROM": "Romania (code until 2002)",
	"SCG": "Serbia and Montenegro",
	"SUN": "Soviet Union",
	"TMP": "East Timor",
	"YMD": "Democratic Yemen",
	"YUG": "Yugoslavia",
	"ZAR": "Zaire",
}
