package mrz

// An element is one field of a layout: where it stands, the rule it must obey and, for a rule that
// needs more than the field itself, the other places it looks at.
type element struct {
	label, name string
	at          span
	rule        rule
	kind        kind
	over        []span
}

// A kind says which characters a field is made of, and so what may prove a misreading of it.
type kind uint8

const (
	fixed   kind = iota // one of a few values: no repair
	alpha               // letters and filler
	naming              // the same, and the rule finds the value: two names may share the place
	numeric             // digits, and filler in dates
	mixed               // letters, digits and filler
	check               // one digit, computed over the places in over
)

func at(line, start, end int) span { return span{line, start, end} }

func documentCode(r rule, where span) element {
	return element{label: "Document code", name: "document_code", at: where, rule: r, kind: alpha}
}

func issuingState(r rule, where span) element {
	return element{label: "Issuing state", name: "issuing_state", at: where, rule: r, kind: alpha}
}

func nationality(where span) element {
	return element{label: "Nationality", name: "nationality", at: where, rule: state, kind: alpha}
}

func lastName(r rule, where span) element {
	return element{label: "Last name", name: "last_name", at: where, rule: r, kind: naming}
}

func firstName(r rule, where span) element {
	return element{label: "First name", name: "first_name", at: where, rule: r, kind: naming}
}

func documentNumber(r rule, where span, over ...span) element {
	return element{label: "Document number", name: "document_number", at: where, rule: r, kind: mixed, over: over}
}

func documentNumberCheckDigit(r rule, where span, over ...span) element {
	return element{label: "Document number check digit", name: "document_number_check_digit", at: where, rule: r, kind: check, over: over}
}

func birthDate(where span) element {
	return element{label: "Birth date", name: "birth_date", at: where, rule: dateOfBirth, kind: numeric}
}

func birthDateCheckDigit(where, over span) element {
	return element{label: "Birth date check digit", name: "birth_date_check_digit", at: where, rule: checkDigit, kind: check, over: []span{over}}
}

func expirationDate(where span) element {
	return element{label: "Expiration date", name: "expiration_date", at: where, rule: date, kind: numeric}
}

func expirationDateCheckDigit(where, over span) element {
	return element{label: "Expiration date check digit", name: "expiration_date_check_digit", at: where, rule: checkDigit, kind: check, over: []span{over}}
}

func sex(where span) element {
	return element{label: "Sex", name: "sex", at: where, rule: sexOrFiller}
}

func compositeCheckDigit(where span, over ...span) element {
	return element{label: "Composite check digit", name: "composite_check_digit", at: where, rule: checkDigit, kind: check, over: over}
}

// 9303-5 §4.2.2.
var td1 = newLayout(TD1, []int{30, 30, 30},
	documentCode(codeTD1, at(0, 0, 2)),
	issuingState(state, at(0, 2, 5)),
	documentNumber(longNumber, at(0, 5, 14), at(0, 14, 15), at(0, 15, 30)),
	documentNumberCheckDigit(longCheckDigit, at(0, 14, 15), at(0, 5, 14), at(0, 15, 30)),
	element{label: "Optional field 1", name: "optional1", at: at(0, 15, 30), rule: optional, kind: mixed},
	birthDate(at(1, 0, 6)),
	birthDateCheckDigit(at(1, 6, 7), at(1, 0, 6)),
	sex(at(1, 7, 8)),
	expirationDate(at(1, 8, 14)),
	expirationDateCheckDigit(at(1, 14, 15), at(1, 8, 14)),
	nationality(at(1, 15, 18)),
	element{label: "Optional field 2", name: "optional2", at: at(1, 18, 29), rule: optional, kind: mixed},
	compositeCheckDigit(at(1, 29, 30), at(0, 5, 30), at(1, 0, 7), at(1, 8, 15), at(1, 18, 29)),
	lastName(surname, at(2, 0, 30)),
	firstName(givenNames, at(2, 0, 30)),
)

// 9303-6 §4.2.2.
var td2 = newLayout(TD2, []int{36, 36},
	documentCode(codeTD2, at(0, 0, 2)),
	issuingState(state, at(0, 2, 5)),
	lastName(surname, at(0, 5, 36)),
	firstName(givenNames, at(0, 5, 36)),
	documentNumber(longNumber, at(1, 0, 9), at(1, 9, 10), at(1, 28, 35)),
	documentNumberCheckDigit(longCheckDigit, at(1, 9, 10), at(1, 0, 9), at(1, 28, 35)),
	nationality(at(1, 10, 13)),
	birthDate(at(1, 13, 19)),
	birthDateCheckDigit(at(1, 19, 20), at(1, 13, 19)),
	sex(at(1, 20, 21)),
	expirationDate(at(1, 21, 27)),
	expirationDateCheckDigit(at(1, 27, 28), at(1, 21, 27)),
	element{label: "Optional field", name: "optional", at: at(1, 28, 35), rule: optional, kind: mixed},
	compositeCheckDigit(at(1, 35, 36), at(1, 0, 10), at(1, 13, 20), at(1, 21, 35)),
)

// 9303-4 §4.2.2.
var td3 = newLayout(TD3, []int{44, 44},
	documentCode(codeTD3, at(0, 0, 2)),
	issuingState(state, at(0, 2, 5)),
	lastName(surname, at(0, 5, 44)),
	firstName(givenNames, at(0, 5, 44)),
	documentNumber(number, at(1, 0, 9)),
	documentNumberCheckDigit(checkDigit, at(1, 9, 10), at(1, 0, 9)),
	nationality(at(1, 10, 13)),
	birthDate(at(1, 13, 19)),
	birthDateCheckDigit(at(1, 19, 20), at(1, 13, 19)),
	sex(at(1, 20, 21)),
	expirationDate(at(1, 21, 27)),
	expirationDateCheckDigit(at(1, 27, 28), at(1, 21, 27)),
	element{label: "Personal number", name: "personal_number", at: at(1, 28, 42), rule: personalNumber, kind: mixed},
	element{label: "Personal number check digit", name: "personal_number_check_digit", at: at(1, 42, 43), rule: personalCheckDigit, kind: check, over: []span{at(1, 28, 42)}},
	compositeCheckDigit(at(1, 43, 44), at(1, 0, 10), at(1, 13, 20), at(1, 21, 43)),
)

// 9303-7 §4.2.2: as a passport, with a longer optional field and no composite check digit.
var mrvA = visa(MRVA, 44)

// 9303-7 §5.2.2.
var mrvB = visa(MRVB, 36)

func visa(format string, width int) layout {
	return newLayout(format, []int{width, width},
		documentCode(codeVisa, at(0, 0, 2)),
		issuingState(state, at(0, 2, 5)),
		lastName(surname, at(0, 5, width)),
		firstName(givenNames, at(0, 5, width)),
		documentNumber(number, at(1, 0, 9)),
		documentNumberCheckDigit(checkDigit, at(1, 9, 10), at(1, 0, 9)),
		nationality(at(1, 10, 13)),
		birthDate(at(1, 13, 19)),
		birthDateCheckDigit(at(1, 19, 20), at(1, 13, 19)),
		sex(at(1, 20, 21)),
		expirationDate(at(1, 21, 27)),
		expirationDateCheckDigit(at(1, 27, 28), at(1, 21, 27)),
		element{label: "Optional field", name: "optional", at: at(1, 28, width), rule: optional, kind: mixed},
	)
}

// The French card before its TD1 successor of 2021. Its number, as printed on the front, is the
// month of issue, administrative code 2 (the department) and the document number in a row.
var frenchNationalID = newLayout(FrenchNationalID, []int{36, 36},
	documentCode(codeTD1, at(0, 0, 2)),
	issuingState(state, at(0, 2, 5)),
	lastName(letters, at(0, 5, 30)),
	element{label: "Administrative code", name: "administrative_code", at: at(0, 30, 36), rule: optional, kind: mixed},
	element{label: "Issue date", name: "issue_date", at: at(1, 0, 4), rule: date, kind: numeric},
	element{label: "Administrative code 2", name: "administrative_code2", at: at(1, 4, 7), rule: optional, kind: mixed},
	documentNumber(number, at(1, 7, 12)),
	documentNumberCheckDigit(checkDigit, at(1, 12, 13), at(1, 0, 12)),
	firstName(letters, at(1, 13, 27)),
	birthDate(at(1, 27, 33)),
	birthDateCheckDigit(at(1, 33, 34), at(1, 27, 33)),
	sex(at(1, 34, 35)),
	compositeCheckDigit(at(1, 35, 36), at(0, 0, 36), at(1, 0, 35)),
)

var frenchDrivingLicense = newLayout(FrenchDrivingLicense, []int{30},
	documentCode(codeFrenchLicense, at(0, 0, 2)),
	issuingState(state, at(0, 2, 5)),
	documentNumber(number, at(0, 5, 14)),
	documentNumberCheckDigit(checkDigit, at(0, 14, 15), at(0, 0, 14)),
	expirationDate(at(0, 15, 21)),
	lastName(letters, at(0, 21, 29)),
	compositeCheckDigit(at(0, 29, 30), at(0, 0, 29)),
)

// The Swiss and Liechtenstein licence has no check digit. Its number, as printed on the front, is
// the PIN code and the version number in a row; the document number is that of the blank card.
var swissDrivingLicense = newLayout(SwissDrivingLicense, []int{9, 30, 30},
	documentNumber(swissNumber, at(0, 0, 9)),
	element{label: "Language code", name: "language_code", at: at(0, 6, 7), rule: swissLanguage},
	documentCode(codeSwissLicense, at(1, 0, 2)),
	issuingState(swissState, at(1, 2, 5)),
	element{label: "PIN code", name: "pin_code", at: at(1, 5, 14), rule: digits, kind: numeric},
	element{label: "Version number", name: "version_number", at: at(1, 14, 17), rule: digits, kind: numeric},
	element{label: "Separator 1", name: "separator1", at: at(1, 17, 19), rule: separator},
	birthDate(at(1, 19, 25)),
	element{label: "Separator 2", name: "separator2", at: at(1, 25, 30), rule: separator},
	lastName(surname, at(2, 0, 30)),
	firstName(givenNames, at(2, 0, 30)),
)
