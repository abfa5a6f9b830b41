package sanctions

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strings"
	"time"
)

// euEntity is a sanctionEntity of the EU's Financial Sanctions Files 1.1. Almost all is in attributes.
type euEntity struct {
	Reference string   `xml:"euReferenceNumber,attr"`
	LogicalID string   `xml:"logicalId,attr"`
	UNID      string   `xml:"unitedNationId,attr"`
	Listed    string   `xml:"designationDate,attr"`
	Details   string   `xml:"designationDetails,attr"`
	Remarks   []string `xml:"remark"`
	Subject   struct {
		Code string `xml:"code,attr"`
	} `xml:"subjectType"`
	Regulation struct {
		Programme string `xml:"programme,attr"`
		Title     string `xml:"numberTitle,attr"`
		URL       string `xml:"publicationUrl"`
	} `xml:"regulation"`
	Names     []euName     `xml:"nameAlias"`
	Births    []euBirth    `xml:"birthdate"`
	Citizens  []euPlace    `xml:"citizenship"`
	Documents []euDocument `xml:"identification"`
	Addresses []euPlace    `xml:"address"`
}

type euName struct {
	First    string   `xml:"firstName,attr"`
	Middle   string   `xml:"middleName,attr"`
	Last     string   `xml:"lastName,attr"`
	Whole    string   `xml:"wholeName,attr"`
	Title    string   `xml:"title,attr"`
	Function string   `xml:"function,attr"`
	Sex      string   `xml:"gender,attr"`
	Language string   `xml:"nameLanguage,attr"`
	Strong   string   `xml:"strong,attr"`
	Remarks  []string `xml:"remark"`
}

type euBirth struct {
	euPlace
	Date     string   `xml:"birthdate,attr"`
	Day      string   `xml:"dayOfMonth,attr"`
	Month    string   `xml:"monthOfYear,attr"`
	Year     string   `xml:"year,attr"`
	From     string   `xml:"yearRangeFrom,attr"`
	To       string   `xml:"yearRangeTo,attr"`
	Circa    string   `xml:"circa,attr"`
	Calendar string   `xml:"calendarType,attr"`
	Remarks  []string `xml:"remark"`
}

type euPlace struct {
	Street  string `xml:"street,attr"`
	Place   string `xml:"place,attr"`
	City    string `xml:"city,attr"`
	Region  string `xml:"region,attr"`
	Zip     string `xml:"zipCode,attr"`
	ISO2    string `xml:"countryIso2Code,attr"`
	Country string `xml:"countryDescription,attr"`
}

type euDocument struct {
	Number   string   `xml:"number,attr"`
	Latin    string   `xml:"latinNumber,attr"`
	Kind     string   `xml:"identificationTypeDescription,attr"`
	Code     string   `xml:"identificationTypeCode,attr"`
	ISO2     string   `xml:"countryIso2Code,attr"`
	Country  string   `xml:"countryDescription,attr"`
	Issued   string   `xml:"issueDate,attr"`
	Expires  string   `xml:"validTo,attr"`
	Expired  string   `xml:"knownExpired,attr"`
	False    string   `xml:"knownFalse,attr"`
	Lost     string   `xml:"reportedLost,attr"`
	Revoked  string   `xml:"revokedByIssuer,attr"`
	NameOnIt string   `xml:"nameOnDocument,attr"`
	Remarks  []string `xml:"remark"`
}

// readEU reads the EU's Financial Sanctions Files 1.1 (eu-fsf-xml).
func readEU(src *source, c *collector) error {
	x := openXML(src)
	return x.walk(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "export":
			if t, err := time.Parse(time.RFC3339, attribute(start, "generationDate")); err == nil {
				c.published(t, cmp.Or(attribute(start, "globalFileId"), t.Format(time.DateOnly)))
			}
		case "sanctionEntity":
			var entity euEntity
			at := x.place()
			if err := x.decode(&entity, start); err != nil {
				return err
			}
			e := entity.entry(c, at)
			foreign := map[string]bool{}
			entity.noteForeign(foreign)
			choosePrimary(e.Names, foreign)
			c.add(e, at)
		}
		return nil
	})
}

func (u *euEntity) entry(c *collector, at place) Entry {
	e := Entry{
		ID:        cmp.Or(tidy(u.Reference), tidy(u.LogicalID)),
		Type:      euType(u.Subject.Code),
		ListedOn:  isoDay(u.Listed),
		SourceURL: tidy(u.Regulation.URL),
	}
	if p := tidy(u.Regulation.Programme); p != "" {
		e.Programs = []string{p}
	}
	for _, n := range u.Names {
		n.addTo(&e)
	}
	for _, b := range u.Births {
		b.addTo(&e, c, at)
	}
	for _, p := range u.Citizens {
		if country := p.country(); country != "" {
			e.Nationalities = append(e.Nationalities, country)
		}
	}
	for _, d := range u.Documents {
		e.Documents = append(e.Documents, d.documents()...)
	}
	for _, p := range u.Addresses {
		e.Addresses = append(e.Addresses, p.text())
	}
	e.remark(u.Remarks...)
	e.remark(u.Details, u.Regulation.Title, labelled("UN reference", u.UNID))
	return e
}

func euType(code string) Type {
	switch strings.ToLower(tidy(code)) {
	case "person", "p":
		return Individual
	}
	return Entity
}

// addTo adds a name. All names are marked strong, even where the remark says "low quality alias" (once
// spelt "aliias").
func (n euName) addTo(e *Entry) {
	remark := strings.ToLower(joinNotes(n.Remarks...))
	name := Name{Full: tidy(n.Whole), Given: n.First, Middle: n.Middle, Family: n.Last, Title: n.Title, Kind: Alias,
		Weak: tidy(n.Strong) == "false" || strings.Contains(remark, "low quality a")}
	if strings.HasPrefix(remark, "former") || strings.HasPrefix(remark, "f.k.a") || strings.HasPrefix(remark, "previous") {
		name.Kind = Former
	}
	e.Names = append(e.Names, name)
	if sex := sexOf(n.Sex); sex != "" {
		e.Sexes = append(e.Sexes, sex)
	}
	e.remark(n.Function)
	for _, r := range n.Remarks {
		e.remark(tidy(n.Whole) + ": " + tidy(r))
	}
}

// noteForeign notes the names that are marked as the spelling of another language than English.
func (u *euEntity) noteForeign(foreign map[string]bool) {
	for _, n := range u.Names {
		if language := tidy(n.Language); language != "" && !strings.EqualFold(language, "EN") {
			foreign[tidy(n.Whole)] = true
		}
	}
}

// choosePrimary marks the primary name of an entry whose list has no mark for it: the first name in
// Latin script that is strong, no former name and no spelling of another language, or the one that has
// most of these, in this order.
func choosePrimary(names []Name, foreign map[string]bool) {
	best := -1
	score := func(n Name) int {
		s := 0
		for i, good := range []bool{!foreign[tidy(n.Full)], n.Kind != Former, !n.Weak, isoScript(n.Full+n.Family) == "Latn"} {
			if good {
				s += 1 << i
			}
		}
		return s
	}
	for i, n := range names {
		if joinName(n.Full, n.Given, n.Family) != "" && (best < 0 || score(n) > score(names[best])) {
			best = i
		}
	}
	if best >= 0 {
		names[best].Kind = Primary
	}
}

// addTo adds a birth date and its place; either may be missing. In the Islamic calendar the parts are
// as printed and the whole date, if there is one, is converted. Iran and Afghanistan, or a remark that
// names one of them, mean solar years.
func (b euBirth) addTo(e *Entry, c *collector, at place) {
	if place := b.euPlace.text(); place != "" {
		e.BirthPlaces = append(e.BirthPlaces, place)
	}
	text := strings.Trim(joinDashed(b.Year, b.Month, b.Day), "-")
	switch {
	case b.Date != "":
		text = b.Date
	case tidy(b.From) != "" && tidy(b.To) != "":
		text = b.From + " to " + b.To
	case text == "":
		text = cmp.Or(tidy(b.From), tidy(b.To))
	}
	islamic := strings.EqualFold(b.Calendar, "ISLAMIC")
	if islamic && b.Date == "" && text != "" {
		text += " Hijri"
		if solarWord.MatchString(strings.ToLower(joinNotes(b.Remarks...))) || b.ISO2 == "IR" || b.ISO2 == "AF" {
			text += " (solar)"
		}
	}
	had := len(e.Births)
	c.addBirth(e, text, at)
	for i := had; i < len(e.Births); i++ {
		e.Births[i].Circa = e.Births[i].Circa || b.Circa == "true"
		if islamic && b.Date != "" {
			e.Births[i].Text = joinDashed(b.Year, b.Month, b.Day) + " Hijri"
		}
	}
}

// joinDashed writes year, month and day as far as they are known: 1961, 1961-8, 1961-8-14.
func joinDashed(year, month, day string) string {
	if year = tidy(year); year == "" {
		return ""
	}
	if month = tidy(month); month == "" {
		return year
	}
	if day = tidy(day); day == "" {
		return year + "-" + month
	}
	return year + "-" + month + "-" + day
}

func (p euPlace) text() string {
	return joinPlace(p.Street, p.Place, p.City, p.Zip, p.Region, p.countryName())
}

// country is the code; 00 means unknown.
func (p euPlace) country() string {
	if iso := tidy(p.ISO2); iso != "" && iso != "00" {
		return iso
	}
	return p.countryName()
}

func (p euPlace) countryName() string {
	if name := tidy(p.Country); name != "UNKNOWN" {
		return name
	}
	return ""
}

// documents gives the document, twice where its number is also given in Latin letters.
func (d euDocument) documents() []Document {
	notes := []string{validity(d.Issued, d.Expires)}
	for text, is := range map[string]string{"expired": d.Expired, "false": d.False, "reported lost": d.Lost, "revoked": d.Revoked} {
		if is == "true" {
			notes = append(notes, text)
		}
	}
	slices.Sort(notes)
	notes = append(notes, d.Remarks...)
	if d.NameOnIt != "" {
		notes = append(notes, "in the name of "+d.NameOnIt)
	}
	country := euPlace{ISO2: d.ISO2, Country: d.Country}.country()
	doc := Document{Kind: cmp.Or(tidy(d.Kind), tidy(d.Code)), Number: d.Number, Country: country, Note: joinNotes(notes...)}
	docs := []Document{doc}
	if latin := tidy(d.Latin); latin != "" && latin != tidy(d.Number) {
		doc.Number = latin
		docs = append(docs, doc)
	}
	return docs
}
