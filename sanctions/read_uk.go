package sanctions

import (
	"cmp"
	"encoding/xml"
	"regexp"
	"strings"
	"unicode"
)

// ukDesignation is a designation of the UK Sanctions List.
type ukDesignation struct {
	ID          string      `xml:"UniqueID"`
	GroupID     string      `xml:"OFSIGroupID"` // of the list that was closed in January 2026
	UNReference string      `xml:"UNReferenceNumber"`
	Listed      string      `xml:"DateDesignated"`
	Kind        string      `xml:"IndividualEntityShip"`
	Regime      string      `xml:"RegimeName"`
	Information string      `xml:"OtherInformation"`
	Reasons     string      `xml:"UKStatementofReasons"`
	Names       []ukName    `xml:"Names>Name"`
	NonLatin    []string    `xml:"NonLatinNames>NonLatinName>NameNonLatinScript"`
	Titles      []string    `xml:"Titles>Title"`
	Addresses   []ukAddress `xml:"Addresses>Address"`
	Person      ukPerson    `xml:"IndividualDetails>Individual"`
	Companies   []string    `xml:"EntityDetails>Entity>BusinessRegistrationNumbers>BusinessRegistrationNumber"`
	IMO         []string    `xml:"ShipDetails>Ship>IMONumbers>IMONumber"`
}

type ukName struct {
	Name1    string `xml:"Name1"`
	Name2    string `xml:"Name2"`
	Name3    string `xml:"Name3"`
	Name4    string `xml:"Name4"`
	Name5    string `xml:"Name5"`
	Name6    string `xml:"Name6"` // the surname, or the whole name of an entity or a ship
	Type     string `xml:"NameType"`
	Strength string `xml:"AliasStrength"`
}

type ukPerson struct {
	Births      []string       `xml:"DOBs>DOB"`
	Sexes       []string       `xml:"Genders>Gender"`
	Nations     []string       `xml:"Nationalities>Nationality"`
	Passports   []ukPassport   `xml:"PassportDetails>Passport"`
	NationalIDs []ukNational   `xml:"NationalIdentifierDetails>NationalIdentifier"`
	Positions   []string       `xml:"Positions>Position"`
	BirthPlaces []ukBirthplace `xml:"BirthDetails>Location"`
}

type ukPassport struct {
	Number string `xml:"PassportNumber"`
	Note   string `xml:"PassportAdditionalInformation"`
}

type ukNational struct {
	Number string `xml:"NationalIdentifierNumber"`
	Note   string `xml:"NationalIdentifierAdditionalInformation"`
}

type ukBirthplace struct {
	Town    string `xml:"TownOfBirth"`
	Country string `xml:"CountryOfBirth"`
}

type ukAddress struct {
	Line1   string `xml:"AddressLine1"`
	Line2   string `xml:"AddressLine2"`
	Line3   string `xml:"AddressLine3"`
	Line4   string `xml:"AddressLine4"`
	Line5   string `xml:"AddressLine5"`
	Line6   string `xml:"AddressLine6"`
	Post    string `xml:"AddressPostalCode"`
	Country string `xml:"AddressCountry"`
}

// readUK reads the UK Sanctions List (uk-xml).
func readUK(src *source, c *collector) error {
	x := openXML(src)
	return x.walk(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "DateGenerated":
			text, err := x.text(start)
			c.publishedOn(text)
			return err
		case "Designation":
			var d ukDesignation
			at := x.place()
			if err := x.decode(&d, start); err != nil {
				return err
			}
			c.add(d.entry(c, at), at)
		}
		return nil
	})
}

// publishedOn notes a publication date that is printed in any shape.
func (c *collector) publishedOn(text string) {
	if d, ok := ParseDate(text); ok && d.Exact() {
		c.published(d.From.time(), "")
	}
}

func (u *ukDesignation) entry(c *collector, at place) Entry {
	e := Entry{ID: tidy(u.ID), Type: ukType(u.Kind), ListedOn: isoDay(u.Listed), Programs: []string{u.Regime}, Sexes: nil}
	if group := tidy(u.GroupID); group != "" {
		e.FormerIDs = []string{group}
	}
	title := strings.Join(distinct(u.Titles), ", ")
	for _, n := range u.Names {
		name := n.name(e.Type)
		name.Title = title
		e.Names = append(e.Names, name)
	}
	for _, n := range u.NonLatin {
		e.Names = append(e.Names, Name{Full: n, Kind: Original})
	}
	u.Person.addTo(&e, c, at)
	for _, number := range u.Companies {
		e.Documents = append(e.Documents, registrations(number)...)
	}
	for _, number := range u.IMO {
		e.Documents = append(e.Documents, Document{Kind: "IMO number", Number: imoNumber(number)})
	}
	for _, a := range u.Addresses {
		e.Addresses = append(e.Addresses, joinPlace(a.Line1, a.Line2, a.Line3, a.Line4, a.Line5, a.Line6, a.Post, a.Country))
	}
	e.remark(u.Information, u.Reasons, labelled("UN reference", u.UNReference))
	return e
}

func labelled(label, value string) string {
	if value = tidy(value); value == "" {
		return ""
	}
	return label + " " + value
}

func ukType(s string) Type {
	switch strings.ToLower(tidy(s)) {
	case "individual":
		return Individual
	case "ship":
		return Vessel
	}
	return Entity
}

// name reads a name. There may be two primary names, a variation of one is an alias, and an empty
// primary name before the real one is no name.
func (n ukName) name(t Type) Name {
	given := joinName(n.Name1, n.Name2, n.Name3, n.Name4, n.Name5)
	name := Name{Full: joinName(given, n.Name6), Kind: Alias, Weak: strings.HasPrefix(strings.ToLower(tidy(n.Strength)), "low")}
	switch strings.ToLower(tidy(n.Type)) {
	case "primary name", "prime alias":
		name.Kind = Primary
	case "fka":
		name.Kind = Former
	}
	if t == Individual {
		name.Given, name.Family = given, tidy(n.Name6)
	}
	return name
}

func (p *ukPerson) addTo(e *Entry, c *collector, at place) {
	for _, born := range p.Births {
		c.addUKBirth(e, born, at)
	}
	for _, s := range p.Sexes {
		e.Sexes = append(e.Sexes, sexOf(s))
	}
	e.Nationalities = append(e.Nationalities, p.Nations...)
	for _, l := range p.BirthPlaces {
		e.BirthPlaces = append(e.BirthPlaces, joinPlace(l.Town, l.Country))
	}
	for _, d := range p.Passports {
		e.Documents = append(e.Documents, ukDocument("Passport", d.Number, d.Note))
	}
	for _, d := range p.NationalIDs {
		e.Documents = append(e.Documents, ukDocument("National identifier", d.Number, d.Note))
	}
	e.remark(distinct(p.Positions)...)
}

// addUKBirth reads a birth date. The first of January is often a stand-in for the year alone, so it
// counts as the year; what was printed is kept.
func (c *collector) addUKBirth(e *Entry, text string, at place) {
	had := len(e.Births)
	c.addBirth(e, text, at)
	for i := had; i < len(e.Births); i++ {
		b := &e.Births[i]
		if b.From == b.To && b.From.Month == 1 && b.From.Day == 1 {
			b.To = Day{b.From.Year, 12, 31}
			b.Text = tidy(text)
		}
	}
}

// ukDocument reads a number with its free text; the country is what either begins with.
func ukDocument(kind, number, note string) Document {
	d := documentIn(number)
	d.Kind = kind
	d.Country = cmp.Or(d.Country, countryIn(tidy(note)))
	d.Note = joinNotes(d.Note, note)
	return d
}

var registration = regexp.MustCompile(`([A-Za-z]{2,8})\s*[:\-]?\s*(\d[\d\- ]{4,})`)

// registrations finds "OGRN: 1247700291200 KPP: 770701001" in one cell.
func registrations(text string) []Document {
	text = tidy(text)
	var docs []Document
	for _, m := range registration.FindAllStringSubmatch(text, -1) {
		docs = append(docs, Document{Kind: m[1], Number: strings.TrimSpace(m[2])})
	}
	if docs == nil && hasDigit(text) {
		docs = []Document{{Kind: "Business registration number", Number: numberIn(text)}}
	}
	return docs
}

// imoNumber is the digits of "IMO9562233".
func imoNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
