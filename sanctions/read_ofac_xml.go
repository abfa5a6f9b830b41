package sanctions

import (
	"encoding/xml"
	"time"
)

// ofacEntry is an sdnEntry of the classic XML. Vessels and aircraft have only a last name.
type ofacEntry struct {
	UID       string        `xml:"uid"`
	First     string        `xml:"firstName"`
	Last      string        `xml:"lastName"`
	Title     string        `xml:"title"`
	Type      string        `xml:"sdnType"`
	Remarks   string        `xml:"remarks"`
	Programs  []string      `xml:"programList>program"`
	Aliases   []ofacAlias   `xml:"akaList>aka"`
	Births    []ofacMain    `xml:"dateOfBirthList>dateOfBirthItem"`
	Places    []ofacMain    `xml:"placeOfBirthList>placeOfBirthItem"`
	Nations   []ofacMain    `xml:"nationalityList>nationality"`
	Citizens  []ofacMain    `xml:"citizenshipList>citizenship"`
	IDs       []ofacID      `xml:"idList>id"`
	Addresses []ofacAddress `xml:"addressList>address"`
}

type ofacAlias struct {
	Type     string `xml:"type"`
	Category string `xml:"category"` // strong, weak
	First    string `xml:"firstName"`
	Last     string `xml:"lastName"`
}

// ofacMain is a value of which one is marked as the preferred.
type ofacMain struct {
	Born    string `xml:"dateOfBirth"`
	Place   string `xml:"placeOfBirth"`
	Country string `xml:"country"`
	Main    string `xml:"mainEntry"`
}

type ofacID struct {
	Kind    string `xml:"idType"`
	Number  string `xml:"idNumber"`
	Country string `xml:"idCountry"`
	Issued  string `xml:"issueDate"`
	Expires string `xml:"expirationDate"`
}

type ofacAddress struct {
	Line1   string `xml:"address1"`
	Line2   string `xml:"address2"`
	Line3   string `xml:"address3"`
	City    string `xml:"city"`
	State   string `xml:"stateOrProvince"`
	Post    string `xml:"postalCode"`
	Country string `xml:"country"`
}

// readOFACXML reads OFAC's classic XML (ofac-xml), of the SDN and of the consolidated list.
func readOFACXML(src *source, c *collector) error {
	x := openXML(src)
	err := x.walk(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "Publish_Date":
			text, err := x.text(start)
			if t, wrong := time.Parse("01/02/2006", text); wrong == nil {
				c.published(t, "")
			}
			return err
		case "sdnEntry":
			var entry ofacEntry
			at := x.place()
			if err := x.decode(&entry, start); err != nil {
				return err
			}
			c.add(entry.entry(c, at), at)
		}
		return nil
	})
	chooseOFAC(c)
	return err
}

func (o *ofacEntry) entry(c *collector, at place) Entry {
	id := tidy(o.UID)
	e := Entry{ID: id, Type: ofacType(o.Type), Programs: o.Programs, SourceURL: ofacPage + id}
	name := ofacName(o.First, o.Last, e.Type)
	name.Kind = Primary
	e.Names = append(e.Names, name)
	for _, a := range o.Aliases {
		name := ofacName(a.First, a.Last, e.Type)
		name.Kind, name.Weak = ofacKind(a.Type), tidy(a.Category) == "weak"
		e.Names = append(e.Names, name)
	}
	isMain := func(m ofacMain) bool { return m.Main == "true" }
	for _, m := range mainFirst(o.Births, isMain) {
		c.addBirth(&e, m.Born, at)
	}
	for _, m := range mainFirst(o.Places, isMain) {
		e.BirthPlaces = append(e.BirthPlaces, m.Place)
	}
	for _, m := range append(mainFirst(o.Nations, isMain), mainFirst(o.Citizens, isMain)...) {
		e.Nationalities = append(e.Nationalities, m.Country)
	}
	for _, d := range o.IDs {
		addOFACFeature(&e, d.Kind, d.Number, d.Country, validity(d.Issued, d.Expires))
	}
	for _, a := range o.Addresses {
		e.Addresses = append(e.Addresses, joinPlace(a.Line1, a.Line2, a.Line3, a.City, a.State, a.Post, a.Country))
	}
	e.remark(o.Title, o.Remarks)
	return e
}

// validity is the note of a document's dates.
func validity(issued, expires string) string {
	note := ""
	if issued = tidy(issued); issued != "" {
		note = "issued " + issued
	}
	if expires = tidy(expires); expires != "" {
		note = joinNotes(note, "expires "+expires)
	}
	return note
}
