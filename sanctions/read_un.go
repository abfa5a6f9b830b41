package sanctions

import (
	"encoding/xml"
	"regexp"
	"strings"
	"time"
)

// unParty is an INDIVIDUAL or an ENTITY of the UN Security Council's consolidated list. The names of
// an individual are positions, not given and family name, so only the whole is kept.
type unParty struct {
	Reference   string       `xml:"REFERENCE_NUMBER"`
	DataID      string       `xml:"DATAID"`
	First       string       `xml:"FIRST_NAME"`
	Second      string       `xml:"SECOND_NAME"`
	Third       string       `xml:"THIRD_NAME"`
	Fourth      string       `xml:"FOURTH_NAME"`
	Original    string       `xml:"NAME_ORIGINAL_SCRIPT"`
	List        string       `xml:"UN_LIST_TYPE"`
	Listed      string       `xml:"LISTED_ON"`
	Sex         string       `xml:"GENDER"`
	Comments    string       `xml:"COMMENTS1"`
	Titles      []string     `xml:"TITLE>VALUE"`
	Positions   []string     `xml:"DESIGNATION>VALUE"`
	Nations     []string     `xml:"NATIONALITY>VALUE"`
	Aliases     []unAlias    `xml:"INDIVIDUAL_ALIAS"`
	EntityAlias []unAlias    `xml:"ENTITY_ALIAS"`
	Births      []unBirth    `xml:"INDIVIDUAL_DATE_OF_BIRTH"`
	Places      []unPlace    `xml:"INDIVIDUAL_PLACE_OF_BIRTH"`
	Addresses   []unPlace    `xml:"INDIVIDUAL_ADDRESS"`
	Seats       []unPlace    `xml:"ENTITY_ADDRESS"`
	Documents   []unDocument `xml:"INDIVIDUAL_DOCUMENT"`
}

type unAlias struct {
	Quality string `xml:"QUALITY"`
	Name    string `xml:"ALIAS_NAME"`
	Born    string `xml:"DATE_OF_BIRTH"`
	Note    string `xml:"NOTE"`
}

type unBirth struct {
	Type string `xml:"TYPE_OF_DATE"` // EXACT, APPROXIMATELY, BETWEEN; EXACT does not mean a whole date
	Date string `xml:"DATE"`
	Year string `xml:"YEAR"`
	From string `xml:"FROM_YEAR"`
	To   string `xml:"TO_YEAR"`
	Note string `xml:"NOTE"`
}

type unPlace struct {
	Street  string `xml:"STREET"`
	City    string `xml:"CITY"`
	State   string `xml:"STATE_PROVINCE"`
	Country string `xml:"COUNTRY"`
}

type unDocument struct {
	Kind    string `xml:"TYPE_OF_DOCUMENT"`
	Detail  string `xml:"TYPE_OF_DOCUMENT2"`
	Number  string `xml:"NUMBER"`
	Issuer  string `xml:"ISSUING_COUNTRY"`
	Country string `xml:"COUNTRY_OF_ISSUE"`
	Note    string `xml:"NOTE"`
}

// sexInComments finds the sex where the element GENDER, which is rare, does not give it.
var sexInComments = regexp.MustCompile(`\b(?:Gender|Sex|sex):\s*(\w+)`)

// readUN reads the consolidated list of the UN Security Council (un-xml).
func readUN(src *source, c *collector) error {
	x := openXML(src)
	return x.walk(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "CONSOLIDATED_LIST":
			if t, err := time.Parse(time.RFC3339, attribute(start, "dateGenerated")); err == nil {
				c.published(t, t.UTC().Format(time.DateOnly))
			}
		case "INDIVIDUAL", "ENTITY":
			kind := Individual
			if start.Name.Local == "ENTITY" {
				kind = Entity
			}
			var party unParty
			at := x.place()
			if err := x.decode(&party, start); err != nil {
				return err
			}
			c.add(party.entry(kind, c, at), at)
		}
		return nil
	})
}

func (u *unParty) entry(kind Type, c *collector, at place) Entry {
	e := Entry{ID: tidy(u.Reference), Type: kind, Nationalities: u.Nations, ListedOn: isoDay(u.Listed)}
	if e.ID == "" {
		e.ID = tidy(u.DataID)
	}
	title := strings.Join(distinct(u.Titles), ", ")
	e.Names = append(e.Names,
		Name{Full: joinName(u.First, u.Second, u.Third, u.Fourth), Title: title, Kind: Primary},
		Name{Full: u.Original, Kind: Original})
	for _, alias := range append(u.Aliases, u.EntityAlias...) {
		alias.addTo(&e, c, at)
	}
	for _, birth := range u.Births {
		birth.addTo(&e, c, at)
	}
	for _, p := range u.Places {
		e.BirthPlaces = append(e.BirthPlaces, p.text())
	}
	for _, p := range append(u.Addresses, u.Seats...) {
		e.Addresses = append(e.Addresses, p.text())
	}
	for _, d := range u.Documents {
		e.Documents = append(e.Documents, d.document())
	}
	e.Sexes = []string{sexOf(u.Sex)}
	if m := sexInComments.FindStringSubmatch(u.Comments); m != nil {
		e.Sexes = append(e.Sexes, sexOf(m[1]))
	}
	if program := tidy(u.List); program != "" {
		e.Programs = []string{program}
	}
	e.remark(distinct(u.Positions)...)
	e.remark(u.Comments)
	return e
}

// addTo adds every name of an alias. One element may hold several spellings, the same in the original
// script, and a note.
func (a unAlias) addTo(e *Entry, c *collector, at place) {
	note := strings.ToLower(tidy(a.Note))
	kind := Alias
	if strings.HasPrefix(tidy(a.Quality), "f.k.a") || strings.Contains(note, "listed as") {
		kind = Former
	}
	weak := strings.EqualFold(tidy(a.Quality), "low")
	for _, name := range splitAlias(a.Name) {
		e.Names = append(e.Names, Name{Full: name, Kind: kind, Weak: weak})
	}
	for _, name := range scriptNote(a.Note) {
		e.Names = append(e.Names, Name{Full: name, Kind: Original, Weak: weak})
	}
	for _, name := range listedNames(a.Note) {
		e.Names = append(e.Names, Name{Full: name, Kind: kind, Weak: weak})
	}
	if a.Born != "" {
		c.addBirth(e, a.Born, at)
	}
	if note != "" {
		e.remark(tidy(a.Name) + ": " + tidy(a.Note))
	}
}

// scriptNote finds the name in "In Arabic: سيف العدل" and "original script: Север".
func scriptNote(note string) []string {
	_, name, found := strings.Cut(note, "riginal script:")
	if !found {
		_, name, found = strings.Cut(note, "n Arabic:")
	}
	if name = tidy(name); !found || isoScript(name) == "Latn" {
		return nil
	}
	return []string{name}
}

// listedNames finds further spellings in a note: "Yunis al-Mauritani; Younis al-Mauritani", alone or in a
// bracket. A part with a digit or of many words is no name.
func listedNames(note string) []string {
	note = tidy(note)
	if m := bracket.FindStringSubmatch(note); m != nil {
		note = m[1]
	}
	names := splitList(note, ";")
	for _, name := range names {
		if hasDigit(name) || len(strings.Fields(name)) > 7 {
			return nil
		}
	}
	if len(names) < 2 {
		return nil
	}
	return names
}

// addTo adds a birth date, which may stand in any of the elements.
func (b unBirth) addTo(e *Entry, c *collector, at place) {
	from, to, note := tidy(b.From), tidy(b.To), tidy(b.Note)
	text := tidy(b.Date)
	switch {
	case text != "":
	case from != "" && to != "":
		text = from + " to " + to
	case tidy(b.Year) != "" && monthNamed(strings.ToLower(strings.Trim(note, ". "))) > 0:
		text = note + " " + tidy(b.Year) // SEP. beside the year
	case tidy(b.Year) != "":
		text = tidy(b.Year)
	default:
		text = note
	}
	if strings.Contains(text, note) {
		note = ""
	}
	had := len(e.Births)
	c.addBirth(e, text, at)
	for i := had; i < len(e.Births); i++ {
		if strings.EqualFold(b.Type, "APPROXIMATELY") || strings.EqualFold(note, "approximately") {
			e.Births[i].Circa = true
		} else if note != "" {
			e.Births[i].Text = text + " (" + note + ")" // "from false passport"
		}
	}
}

func (p unPlace) text() string {
	return joinPlace(p.Street, p.City, p.State, p.Country)
}

func (d unDocument) document() Document {
	out := documentIn(d.Number)
	out.Kind = tidy(d.Detail)
	if out.Kind == "" || strings.EqualFold(out.Kind, tidy(d.Kind)) {
		out.Kind = tidy(d.Kind)
	}
	out.Note = joinNotes(out.Note, d.Note)
	if country := tidy(d.Issuer); country != "" {
		out.Country = country
	} else if country := tidy(d.Country); country != "" {
		out.Country = country
	}
	return out
}

var (
	lettered = regexp.MustCompile(`\s+[b-z]\)\s+`)                   // "Mohammad Sabet b) M. Javad"
	bornTail = regexp.MustCompile(`(?i),?\s+born\s+(?:in|on|\d).*$`) // "…, born in Kandahar on 01 Jan. 1967"
)

// splitAlias divides an alias element into its names: at semicolons and letters of enumeration, and at a
// bracket that holds the name in another script. Other brackets are notes, or abbreviations of an
// entity's name, which are names too.
func splitAlias(text string) []string {
	text = quoteMarks.Replace(bornTail.ReplaceAllString(tidy(text), ""))
	inner := bracket.FindAllStringSubmatch(text, -1)
	outer := bracket.ReplaceAllString(text, " ")
	var names []string
	for _, part := range splitList(lettered.ReplaceAllString(outer, ";"), ";") {
		names = append(names, strings.Trim(part, " ,"))
	}
	for _, m := range inner {
		held := strings.Replace(m[1], "original script:", "", 1)
		if isName(held, outer) {
			names = append(names, splitAlias(strings.ReplaceAll(held, "(original script)", ""))...)
		}
	}
	return names
}

// isName says whether the text in a bracket behind a name is another name: in another script, or an
// abbreviation in capitals.
func isName(held, outer string) bool {
	script := isoScript(held)
	if script == "" {
		return false
	}
	if script != isoScript(outer) && isoScript(outer) != "" {
		return true
	}
	return len(held) >= 3 && !strings.ContainsAny(held, " .") && strings.ToUpper(held) == held
}
