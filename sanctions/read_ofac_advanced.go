package sanctions

import (
	"cmp"
	"encoding/xml"
	"strconv"
)

// OFAC's Advanced XML is normalised: reference values come first, then locations, documents, parties and
// at last the entries that put a party on a list.

// advancedParty is a DistinctParty.
type advancedParty struct {
	ID       string `xml:"FixedRef,attr"`
	Comment  string `xml:"Comment"`
	Profiles []struct {
		ID         string             `xml:"ID,attr"`
		SubType    string             `xml:"PartySubTypeID,attr"`
		Identities []advancedIdentity `xml:"Identity"`
		Features   []advancedFeature  `xml:"Feature"`
	} `xml:"Profile"`
}

type advancedIdentity struct {
	ID      string          `xml:"ID,attr"`
	Aliases []advancedAlias `xml:"Alias"`
	Groups  []struct {
		ID   string `xml:"ID,attr"`
		Type string `xml:"NamePartTypeID,attr"`
	} `xml:"NamePartGroups>MasterNamePartGroup>NamePartGroup"`
}

type advancedAlias struct {
	Type    string `xml:"AliasTypeID,attr"`
	Primary string `xml:"Primary,attr"`
	Weak    string `xml:"LowQuality,attr"`
	Names   []struct {
		Parts []advancedPart `xml:"DocumentedNamePart>NamePartValue"`
	} `xml:"DocumentedName"`
}

type advancedPart struct {
	Group  string `xml:"NamePartGroupID,attr"`
	Script string `xml:"ScriptID,attr"`
	Value  string `xml:",chardata"`
}

type advancedFeature struct {
	Type     string `xml:"FeatureTypeID,attr"`
	Versions []struct {
		Period   *advancedPeriod `xml:"DatePeriod"`
		Location struct {
			ID string `xml:"LocationID,attr"`
		} `xml:"VersionLocation"`
		Detail struct {
			Reference string `xml:"DetailReferenceID,attr"`
			Text      string `xml:",chardata"`
		} `xml:"VersionDetail"`
	} `xml:"FeatureVersion"`
}

type advancedPeriod struct {
	Start advancedBoundary `xml:"Start"`
	End   advancedBoundary `xml:"End"`
}

type advancedBoundary struct {
	Circa string       `xml:"Approximate,attr"`
	From  advancedDate `xml:"From"`
	To    advancedDate `xml:"To"`
}

type advancedDate struct {
	Year  string `xml:"Year"`
	Month string `xml:"Month"`
	Day   string `xml:"Day"`
}

type advancedLocation struct {
	ID      string `xml:"ID,attr"`
	Country struct {
		ID string `xml:"CountryID,attr"`
	} `xml:"LocationCountry"`
	Parts []string `xml:"LocationPart>LocationPartValue>Value"`
}

type advancedDocument struct {
	Kind     string `xml:"IDRegDocTypeID,attr"`
	Identity string `xml:"IdentityID,attr"`
	Country  string `xml:"IssuedBy-CountryID,attr"`
	Number   string `xml:"IDRegistrationNo"`
	Dates    []struct {
		Type   string         `xml:"IDRegDocDateTypeID,attr"`
		Period advancedPeriod `xml:"DatePeriod"`
	} `xml:"DocumentDate"`
}

type advancedListing struct {
	Profile string `xml:"ProfileID,attr"`
	List    string `xml:"ListID,attr"`
	Events  []struct {
		Date advancedDate `xml:"Date"`
	} `xml:"EntryEvent"`
	Measures []struct {
		Type    string `xml:"SanctionsTypeID,attr"`
		Comment string `xml:"Comment"`
	} `xml:"SanctionsMeasure"`
}

// sanctionsTypeProgram is the measure whose comment is the name of a program.
const sanctionsTypeProgram = "1"

// An advancedReader holds the tables of the file.
type advancedReader struct {
	x         *xmlFile
	c         *collector
	values    map[string]map[string]string // element name → ID → meaning
	locations map[string]advancedLocation
	documents map[string][]advancedDocument // by identity
	byProfile map[string]string             // profile → entry
	onSDN     map[string]bool               // profiles
}

// readOFACAdvanced reads OFAC's Advanced XML (ofac-advanced-xml).
func readOFACAdvanced(src *source, c *collector) error {
	r := &advancedReader{x: openXML(src), c: c, values: map[string]map[string]string{}, locations: map[string]advancedLocation{},
		documents: map[string][]advancedDocument{}, byProfile: map[string]string{}, onSDN: map[string]bool{}}
	err := r.x.walk(r.visit)
	c.list.ID = ofacByLists(len(r.onSDN), len(r.byProfile))
	return err
}

func (r *advancedReader) visit(start xml.StartElement) error {
	switch start.Name.Local {
	case "DateOfIssue":
		var d advancedDate
		err := r.x.decode(&d, start)
		if date, ok := d.date(); ok {
			r.c.published(date.From.time(), "")
		}
		return err
	case "AliasType", "Country", "DetailReference", "FeatureType", "IDRegDocDateType", "IDRegDocType", "List", "NamePartType", "PartySubType", "Script":
		return r.addValue(start)
	case "Location":
		var l advancedLocation
		err := r.x.decode(&l, start)
		r.locations[l.ID] = l
		return err
	case "IDRegDocument":
		var d advancedDocument
		err := r.x.decode(&d, start)
		r.documents[d.Identity] = append(r.documents[d.Identity], d)
		return err
	case "DistinctParty":
		var p advancedParty
		at := r.x.place()
		if err := r.x.decode(&p, start); err != nil {
			return err
		}
		r.c.add(r.entry(&p, at), at)
	case "SanctionsEntry":
		var l advancedListing
		err := r.x.decode(&l, start)
		r.addListing(&l)
		return err
	case "ProfileRelationships":
		return r.x.skip()
	}
	return nil
}

// addValue keeps the meaning of an id. A party's subtype is "Unknown" for individuals and entities; there
// the type stands behind it.
func (r *advancedReader) addValue(start xml.StartElement) error {
	kind, id := start.Name.Local, attribute(start, "ID")
	partyType := attribute(start, "PartyTypeID")
	text, err := r.x.text(start)
	if kind == "PartySubType" && text == "Unknown" {
		text = map[string]string{"1": "Individual"}[partyType]
	}
	if r.values[kind] == nil {
		r.values[kind] = map[string]string{}
	}
	r.values[kind][id] = text
	return err
}

func (r *advancedReader) entry(p *advancedParty, at place) Entry {
	id := tidy(p.ID)
	e := Entry{ID: id, Remarks: tidy(p.Comment), SourceURL: ofacPage + id, Type: Entity}
	for _, profile := range p.Profiles {
		r.byProfile[profile.ID] = id
		e.Type = ofacType(r.values["PartySubType"][profile.SubType])
		for _, identity := range profile.Identities {
			e.Names = append(e.Names, r.names(identity)...)
			for _, d := range r.documents[identity.ID] {
				addOFACFeature(&e, r.values["IDRegDocType"][d.Kind], d.Number, r.values["Country"][d.Country], r.validity(d))
			}
		}
		for _, f := range profile.Features {
			r.addFeature(&e, f, at)
		}
	}
	return e
}

// names gives the names of an identity. What a part is, is found through its group.
func (r *advancedReader) names(identity advancedIdentity) []Name {
	partType := make(map[string]string, len(identity.Groups))
	for _, g := range identity.Groups {
		partType[g.ID] = r.values["NamePartType"][g.Type]
	}
	var names []Name
	for _, alias := range identity.Aliases {
		for _, documented := range alias.Names {
			var n Name
			latin := true
			for _, part := range documented.Parts {
				n.addOFACPart(partType[part.Group], part.Value)
				script := r.values["Script"][part.Script]
				latin = latin && (script == "" || script == "Latin")
			}
			n.Weak = alias.Weak == "true"
			switch {
			case !latin:
				n.Kind = Original
			case alias.Primary == "true":
				n.Kind = Primary
			default:
				n.Kind = ofacKind(r.values["AliasType"][alias.Type])
			}
			names = append(names, n)
		}
	}
	return names
}

func (r *advancedReader) addFeature(e *Entry, f advancedFeature, at place) {
	kind := r.values["FeatureType"][f.Type]
	for _, v := range f.Versions {
		text := cmp.Or(tidy(v.Detail.Text), r.values["DetailReference"][v.Detail.Reference])
		location := r.locations[v.Location.ID]
		country := r.values["Country"][location.Country.ID]
		switch kind {
		case "Birthdate":
			if date, ok := v.Period.date(); ok {
				e.Births = append(e.Births, date)
			} else {
				r.c.note(at, e.ID, "a birth date without a span of days is left out")
			}
		case "Place of Birth":
			e.BirthPlaces = append(e.BirthPlaces, cmp.Or(text, joinPlace(append(location.Parts, country)...)))
		case "Nationality Country", "Citizenship Country":
			e.Nationalities = append(e.Nationalities, cmp.Or(country, text))
		case "Location":
			if place := joinPlace(append(location.Parts, country)...); place != "" {
				e.Addresses = append(e.Addresses, place)
			}
		default:
			addOFACFeature(e, kind, text, "", "")
		}
	}
}

// addListing adds program and listing date; the earliest date is when the party was first listed.
func (r *advancedReader) addListing(l *advancedListing) {
	i, known := r.c.at[r.byProfile[l.Profile]]
	if !known {
		return
	}
	if r.values["List"][l.List] == "SDN List" {
		r.onSDN[l.Profile] = true
	}
	e := &r.c.list.Records[i]
	for _, m := range l.Measures {
		if m.Type == sanctionsTypeProgram {
			e.Programs = append(e.Programs, m.Comment)
		}
	}
	for _, event := range l.Events {
		if date, ok := event.Date.date(); ok && (e.ListedOn == "" || date.From.String() < e.ListedOn) {
			e.ListedOn = date.From.String()
		}
	}
}

func (r *advancedReader) validity(d advancedDocument) string {
	issued, expires := "", ""
	for _, date := range d.Dates {
		span, ok := date.Period.date()
		switch kind := r.values["IDRegDocDateType"][date.Type]; {
		case !ok:
		case kind == "Issue Date":
			issued = span.String()
		case kind == "Expiration Date":
			expires = span.String()
		}
	}
	return validity(issued, expires)
}

// date is the whole span of a period: a year alone is written as its first to its last day.
func (p *advancedPeriod) date() (Date, bool) {
	if p == nil {
		return Date{}, false
	}
	from, ok := p.Start.From.date()
	to, ok2 := p.End.To.date()
	if !ok || !ok2 {
		return Date{}, false
	}
	span := spanOf(from, to)
	span.Circa = p.Start.Circa == "true" || p.End.Circa == "true"
	return span, true
}

func (d advancedDate) date() (Date, bool) {
	year, _ := strconv.Atoi(tidy(d.Year))
	month, _ := strconv.Atoi(tidy(d.Month))
	day, _ := strconv.Atoi(tidy(d.Day))
	return dateOf(year, month, day)
}
