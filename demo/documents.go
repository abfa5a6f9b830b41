package demo

import (
	"strings"
	"time"

	"dossier/demo/specimen"
	"dossier/mrz"
	"dossier/session"
)

// A Photo is a picture that is drawn when it is asked for.
type Photo struct {
	Kind    session.PhotoKind
	Attempt int // 0 is the current one
	TakenAt time.Time
	Draw    func() []byte // JPEG; the same bytes every time, safe for use by several goroutines
}

// Documents are all photos of a person: the document's sides, the portrait of its chip where it has
// one, and a selfie.
func Documents(p Person) []Photo { return picture{}.photos(p) }

// A picture says what is unusual about a person's photos.
type picture struct {
	flaw  specimen.Flaw
	other bool   // the selfie shows somebody else
	place uint64 // another place for the selfie
}

func (pic picture) photos(p Person) []Photo {
	d := p.document()
	d.Flaw = pic.flaw
	all := []Photo{{Kind: session.DocumentFront, Draw: func() []byte { return specimen.Front(d) }}}
	if p.Type == session.Passport {
		all = append(all, Photo{Kind: session.Portrait, Draw: func() []byte { return specimen.Portrait(d) }})
	} else {
		all = append(all, Photo{Kind: session.DocumentBack, Draw: func() []byte { return specimen.Back(d) }})
	}
	return append(all, pic.selfie(p))
}

func (pic picture) selfie(p Person) Photo {
	face, seed := p.Face, p.seed()+pic.place
	if pic.other {
		face = specimen.NewFace(seed+1, p.stranger())
	}
	return Photo{Kind: session.Selfie, Draw: func() []byte { return specimen.Selfie(face, seed) }}
}

// stranger looks like somebody else of the same sex.
func (p Person) stranger() specimen.Look {
	return specimen.Look{Female: p.Face.Female, Age: 30, Skin: (p.Face.Skin + 3) % 8, Dark: p.Face.Skin > 4}
}

func (p Person) seed() uint64 {
	var sum uint64 = 14695981039346656037 // FNV-1a
	for _, b := range []byte(p.State + p.Number) {
		sum = (sum ^ uint64(b)) * 1099511628211
	}
	return sum
}

var kinds = map[session.DocumentType]specimen.Kind{
	session.Passport: specimen.Passport, session.IDCard: specimen.IDCard,
	session.ResidencePermit: specimen.ResidencePermit, session.DrivingLicence: specimen.DrivingLicence,
}

// document is what is printed on the person's document.
func (p Person) document() specimen.Document {
	d := specimen.Document{
		Kind: kinds[p.Type], State: p.State, Number: p.Number, PersonalNumber: p.PersonalNumber,
		LastName: printed(p.LastName), FirstName: printed(p.FirstName), Sex: p.Sex, Nationality: p.Nationality,
		BirthDate: day(p.Born), BirthPlace: printed(p.BirthPlace), IssueDate: day(p.Issued), ExpiryDate: day(p.Expires),
		MRZ: p.MRZ, Face: p.Face,
	}
	if l := p.Local; l != nil && p.State == p.Nationality && specimen.Printable(l.FirstName+l.LastName) && !latin(l.LastName) {
		d.LocalFirst, d.LocalLast = l.FirstName, l.LastName
	}
	return d
}

// printed is a text as the documents' fonts can show it: in Latin letters without marks if need be.
func printed(text string) string {
	if specimen.Printable(text) {
		return text
	}
	return mrz.Transliterate(text)
}

func latin(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 'ɏ' && r < 'Ḁ' })
}

// day writes a date as passports do: 12 AUG 1974, or as much of it as is known.
func day(d session.Date) string {
	first, _, ok := d.Span()
	switch {
	case !ok:
		return ""
	case len(d) == len("2006"):
		return "XX XXX " + string(d)
	case len(d) == len("2006-01"):
		return "XX " + strings.ToUpper(first.Format("Jan 2006"))
	}
	return strings.ToUpper(first.Format("02 Jan 2006"))
}
