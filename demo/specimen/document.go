package specimen

import (
	"hash/fnv"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// A Kind is a kind of document.
type Kind int

// The kinds of a [Document].
const (
	Passport Kind = iota
	IDCard
	ResidencePermit
	DrivingLicence
)

// A Document is all that is printed on a document. Texts are printed as they are; characters that no
// font here has are left out, so give the Latin spelling where there is no Greek or Cyrillic one.
type Document struct {
	Kind           Kind
	State          string // ICAO code of the issuing state; "D" for Germany
	Number         string
	PersonalNumber string // may be empty
	LastName       string
	FirstName      string
	LocalLast      string // in Greek or Cyrillic, may be empty
	LocalFirst     string
	Sex            string // M, F or X
	Nationality    string // ICAO code
	BirthDate      string // as printed, "12 AUG 1974"
	BirthPlace     string
	IssueDate      string
	ExpiryDate     string
	MRZ            []string // the lines; none on a driving licence
	Face           Face
	Flaw           Flaw
}

// A Flaw is something wrong with the photo of a document.
type Flaw int

// The flaws of a photo.
const (
	NoFlaw     Flaw = iota
	CutOff          // part of the document is outside the picture
	FromScreen      // the document was photographed from a screen
	Glare           // a reflection covers part of it
)

// Front draws the data page of a passport or the front of a card.
func Front(d Document) []byte {
	if d.Kind == Passport {
		return d.page()
	}
	return d.cardFront()
}

// Back draws the back of a card; a passport has none and gives nil.
func Back(d Document) []byte {
	if d.Kind == Passport {
		return nil
	}
	return d.cardBack()
}

// words are the labels in the second language of the document.
func (d Document) words() [16]string { return labels[stateOf(d.State).lang] }

// title is the kind of document in both languages, the state's own first.
func (d Document) title() (local, inEnglish string) {
	i := passportTitle + int(d.Kind)
	return d.capitals(d.words()[i]), strings.ToUpper(english[i])
}

// seed makes whatever differs from document to document, such as the signature, repeatable.
func (d Document) seed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(d.State + d.Number + d.LastName + d.FirstName))
	return h.Sum64()
}

// bothNames is a name in its own script, if any, and in Latin letters, in capitals.
func (d Document) bothNames(local, latin string) string {
	latin = d.capitals(latin)
	if local == "" {
		return latin
	}
	return d.capitals(local) + " / " + latin
}

// capitals is text in capitals as the state's language writes them: Greek drops its accents, Turkish
// keeps the dot of its i.
func (d Document) capitals(text string) string {
	return cases.Upper(language.Make(stateOf(d.State).lang)).String(text)
}
