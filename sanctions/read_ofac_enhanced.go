package sanctions

import (
	"encoding/xml"
	"strings"
	"time"
)

// enhancedEntity is an entity of OFAC's Enhanced XML. Its documents hold names of their own, which are
// no names of the entry, so every path is spelt out.
type enhancedEntity struct {
	ID        string             `xml:"id,attr"`
	Type      string             `xml:"generalInfo>entityType"`
	Title     string             `xml:"generalInfo>title"`
	Remarks   string             `xml:"generalInfo>remarks"`
	Lists     []enhancedList     `xml:"sanctionsLists>sanctionsList"`
	Programs  []string           `xml:"sanctionsPrograms>sanctionsProgram"`
	Names     []enhancedName     `xml:"names>name"`
	Features  []enhancedFeature  `xml:"features>feature"`
	Documents []enhancedDocument `xml:"identityDocuments>identityDocument"`
	Addresses []enhancedAddress  `xml:"addresses>address"`
}

type enhancedList struct {
	Name   string `xml:",chardata"`
	Listed string `xml:"datePublished,attr"`
}

type enhancedName struct {
	Primary      string                `xml:"isPrimary"`
	Alias        string                `xml:"aliasType"`
	Weak         string                `xml:"isLowQuality"`
	Translations []enhancedTranslation `xml:"translations>translation"`
}

type enhancedTranslation struct {
	Script string         `xml:"script"`
	Full   string         `xml:"formattedFullName"`
	Parts  []enhancedPart `xml:"nameParts>namePart"`
}

type enhancedPart struct {
	Type  string `xml:"type"`
	Value string `xml:"value"`
}

type enhancedFeature struct {
	Type    string `xml:"type"`
	Value   string `xml:"value"`
	From    string `xml:"valueDate>fromDateBegin"`
	To      string `xml:"valueDate>toDateEnd"`
	Circa   string `xml:"valueDate>isApproximate"`
	Primary string `xml:"isPrimary"`
}

type enhancedDocument struct {
	Kind    string `xml:"type"`
	Number  string `xml:"documentNumber"`
	Country string `xml:"issuingCountry"`
	Issued  string `xml:"issueDate"`
	Expires string `xml:"expirationDate"`
	Valid   string `xml:"isValid"`
}

type enhancedAddress struct {
	Country      string `xml:"country"`
	Translations []struct {
		Parts []enhancedPart `xml:"addressParts>addressPart"`
	} `xml:"translations>translation"`
}

// readOFACEnhanced reads OFAC's Enhanced XML (ofac-enhanced-xml).
func readOFACEnhanced(src *source, c *collector) error {
	x := openXML(src)
	sdn := 0
	err := x.walk(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "dataAsOf":
			text, err := x.text(start)
			if t, wrong := time.Parse("2006-01-02T15:04:05", text); wrong == nil {
				c.published(t, "")
			}
			return err
		case "referenceValues", "featureTypes":
			return x.skip()
		case "entity":
			var entity enhancedEntity
			at := x.place()
			if err := x.decode(&entity, start); err != nil {
				return err
			}
			if entity.onSDN() {
				sdn++
			}
			c.add(entity.entry(c, at), at)
		}
		return nil
	})
	c.list.ID = ofacByLists(sdn, len(c.list.Records))
	return err
}

func (o *enhancedEntity) onSDN() bool {
	for _, l := range o.Lists {
		if tidy(l.Name) == "SDN List" {
			return true
		}
	}
	return false
}

func (o *enhancedEntity) entry(c *collector, at place) Entry {
	id := tidy(o.ID)
	e := Entry{ID: id, Type: ofacType(o.Type), Programs: o.Programs, SourceURL: ofacPage + id}
	for _, l := range o.Lists {
		if day := isoDay(l.Listed); day != "" && (e.ListedOn == "" || day < e.ListedOn) {
			e.ListedOn = day
		}
	}
	for _, n := range o.Names {
		e.Names = append(e.Names, n.names(e.Type)...)
	}
	isPrimary := func(f enhancedFeature) bool { return f.Primary == "true" }
	for _, f := range mainFirst(o.Features, isPrimary) {
		f.addTo(&e, c, at)
	}
	for _, d := range o.Documents {
		note := validity(d.Issued, d.Expires)
		if d.Valid == "false" {
			note = joinNotes("not valid", note)
		}
		addOFACFeature(&e, d.Kind, d.Number, d.Country, note)
	}
	for _, a := range o.Addresses {
		e.Addresses = append(e.Addresses, a.text())
	}
	e.remark(o.Title, o.Remarks)
	return e
}

// names gives a name in all its scripts. The formatted name puts the family name in capitals, so the
// parts are what is kept.
func (n enhancedName) names(t Type) []Name {
	kind := Primary
	if tidy(n.Primary) != "true" {
		kind = ofacKind(n.Alias)
	}
	var names []Name
	for _, tr := range n.Translations {
		var name Name
		for _, p := range tr.Parts {
			name.addOFACPart(p.Type, p.Value)
		}
		if name.Full == "" && name.Given == "" && name.Family == "" {
			name = ofacName("", tr.Full, t)
		}
		name.Kind, name.Weak = kind, tidy(n.Weak) == "true"
		if script := tidy(tr.Script); script != "" && script != "Latin" {
			name.Kind = Original
		}
		names = append(names, name)
	}
	return names
}

// addOFACPart puts a part of a name where its type says: "Last Name", "First Name", "Patronymic" and
// others of people; the name of an entity, vessel or aircraft is whole.
func (n *Name) addOFACPart(kind, value string) {
	switch strings.ToLower(tidy(kind)) {
	case "first name", "nickname":
		n.Given = joinName(n.Given, value)
	case "middle name":
		n.Middle = joinName(n.Middle, value)
	case "patronymic":
		n.Patronymic = joinName(n.Patronymic, value)
	case "last name", "maiden name", "matronymic":
		n.Family = joinName(n.Family, value)
	default:
		n.Full = joinName(n.Full, value)
	}
}

func (f enhancedFeature) addTo(e *Entry, c *collector, at place) {
	switch tidy(f.Type) {
	case "Birthdate":
		from, ok := ParseDate(f.From)
		to, ok2 := ParseDate(f.To)
		if !ok || !ok2 {
			c.addBirth(e, f.Value, at)
			return
		}
		date := spanOf(from, to)
		date.Circa = tidy(f.Circa) == "true"
		e.Births = append(e.Births, date)
	case "Place of Birth":
		e.BirthPlaces = append(e.BirthPlaces, f.Value)
	case "Nationality Country", "Citizenship Country":
		e.Nationalities = append(e.Nationalities, f.Value)
	default:
		addOFACFeature(e, f.Type, f.Value, "", "")
	}
}

func (a enhancedAddress) text() string {
	var parts []string
	if len(a.Translations) > 0 {
		for _, p := range a.Translations[0].Parts {
			parts = append(parts, p.Value)
		}
	}
	return joinPlace(append(parts, a.Country)...)
}
