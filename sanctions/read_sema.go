package sanctions

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
)

// semaRecord is a record of Canada's Consolidated Autonomous Sanctions List. It has no id.
type semaRecord struct {
	Country  string `xml:"Country"` // the regulations, in both languages
	Schedule string `xml:"Schedule"`
	Item     string `xml:"Item"`
	Last     string `xml:"LastName"`
	Given    string `xml:"GivenName"`
	Entity   string `xml:"EntityOrShip"`
	Title    string `xml:"TitleOrShip"` // a title, or the kind of a ship
	IMO      string `xml:"ShipIMONumber"`
	Aliases  string `xml:"Aliases"`
	Born     string `xml:"DateOfBirthOrShipBuildDate"`
	Listed   string `xml:"DateOfListing"`
}

// readSEMA reads Canada's list (sema-xml). It has no date of its own: the newest listing stands for it.
func readSEMA(src *source, c *collector) error {
	x := openXML(src)
	newest := ""
	err := x.walk(func(start xml.StartElement) error {
		if start.Name.Local != "record" {
			return nil
		}
		var record semaRecord
		at := x.place()
		if err := x.decode(&record, start); err != nil {
			return err
		}
		e := record.entry(c, at)
		newest = max(newest, e.ListedOn)
		c.add(e, at)
		return nil
	})
	c.publishedOn(newest)
	return err
}

func (s *semaRecord) entry(c *collector, at place) Entry {
	regulations, _, _ := strings.Cut(tidy(s.Country), " / ")
	e := Entry{Type: Entity, ListedOn: isoDay(s.Listed), Programs: []string{regulations}}
	e.ID = strings.Join(slices.DeleteFunc([]string{regulations, tidy(s.Schedule), tidy(s.Item)}, func(s string) bool { return s == "" }), " | ")
	name := Name{Full: s.Entity, Kind: Primary}
	switch {
	case tidy(s.Last) != "" || tidy(s.Given) != "":
		e.Type = Individual
		name = Name{Given: s.Given, Family: s.Last, Title: s.Title, Kind: Primary}
		c.addBirth(&e, s.Born, at)
	case tidy(s.IMO) != "":
		e.Type = Vessel
		e.Documents = []Document{{Kind: "IMO number", Number: imoNumber(s.IMO)}}
		e.Remarks = tidy(s.Title)
	}
	e.Names = append(e.Names, name)
	for _, alias := range splitSEMA(s.Aliases, e.Type) {
		e.Names = append(e.Names, Name{Full: alias, Kind: Alias})
	}
	return e
}

var (
	languageLabel = regexp.MustCompile(`\b(?:Belaruss?ian|Russian|Ukrainian|Arabic|Persian|Farsi|Burmese|Chinese|Spanish|French|English|Hebrew)\s*:`)
	lineBreak     = regexp.MustCompile(`\s*[\r\n]+\s*`)
	orName        = regexp.MustCompile(`\s+(?:or|and)\s+|\s*/\s*`)
)

// splitSEMA divides the aliases of a record: at semicolons, line breaks, language labels and commas, but
// not at the comma before a company's legal form.
func splitSEMA(text string, t Type) []string {
	if t == Individual {
		text = lineBreak.ReplaceAllString(text, ";")
	}
	text = quoteMarks.Replace(languageLabel.ReplaceAllString(tidy(text), ";"))
	var names []string
	for part := range strings.SplitSeq(text, ";") {
		for _, name := range splitCommas(part, t) {
			names = append(names, splitOr(name, t)...)
		}
	}
	return names
}

// legalForms stand behind a comma that belongs to the name.
var legalForms = strings.Fields("ltd limited llc inc jsc ojsc cjsc pjsc pao oao ooo zao ao co corp corporation company plc gmbh ag kg bv nv " +
	"sa s.a srl s.r.l lda pte de cv c.v ооо оао зао пао ао ип фгуп фгбу фку")

func splitCommas(text string, t Type) []string {
	var names []string
	for _, part := range splitList(text, ",") {
		if t != Individual && len(names) > 0 && isLegalForm(part) {
			names[len(names)-1] += ", " + part
			continue
		}
		names = append(names, part)
	}
	return names
}

func isLegalForm(s string) bool {
	for _, word := range strings.Fields(strings.ToLower(s)) {
		if !slices.Contains(legalForms, strings.Trim(word, ".,()")) {
			return false
		}
	}
	return true
}

// splitOr divides a person's "A B or C D" and "A B/ C D", where both sides are whole names.
func splitOr(name string, t Type) []string {
	if t != Individual {
		return []string{name}
	}
	parts := orName.Split(strings.TrimPrefix(name, "or "), -1)
	for _, part := range parts {
		if len(strings.Fields(part)) < 2 {
			return []string{strings.TrimPrefix(name, "or ")}
		}
	}
	return parts
}
