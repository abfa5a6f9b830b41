package sanctions

import (
	"cmp"
	"strings"
)

// readUKCSV reads the CSV edition of the UK Sanctions List (uk-csv): the report date in line 1, then a
// header, then one designation over many rows that share its id.
func readUKCSV(src *source, c *collector) error {
	return readUKRows(src, c, "Report Date:", "Unique ID", func(f *csvFile) {
		d := ukRow(f)
		c.add(d.entry(c, f.place()), f.place())
	})
}

// readUKRows reads the first line of a UK file, which holds its date, and every row behind the header.
// Later editions may leave the first line out.
func readUKRows(src *source, c *collector, mark, id string, take func(*csvFile)) error {
	first := 0
	if head, _ := src.Peek(len(mark)); strings.EqualFold(string(head), mark) && !ukHeader(src, id) {
		line, err := src.ReadString('\n')
		if err != nil {
			return &FileError{Line: 1, Text: "the file is truncated after its first line; fetch it again", Err: err}
		}
		c.publishedOn(strings.Trim(line[len(mark):], " ,\r\n\""))
		first = 1
	}
	f := openCSV(src, src, ',', first)
	if err := f.header(id, "Name 6"); err != nil {
		return err
	}
	for {
		more, err := f.next(c)
		if err != nil || !more {
			return err
		}
		take(f)
	}
}

// ukHeader says whether the first line is the header already.
func ukHeader(src *source, id string) bool {
	head, _ := src.Peek(4 << 10)
	text, _, _ := strings.Cut(string(head), "\n")
	return hasColumns(",", id)(text)
}

func ukRow(f *csvFile) ukDesignation {
	name := ukRowName(f)
	name.Type, name.Strength = f.get("Name type"), f.get("Alias strength")
	return ukDesignation{
		ID:          f.get("Unique ID"),
		GroupID:     f.get("OFSI Group ID"),
		UNReference: f.get("UN Reference Number"),
		Listed:      f.get("Date Designated"),
		Kind:        cmp.Or(f.get("Individual, Entity, Ship"), f.get("Designation Type")),
		Regime:      f.get("Regime Name"),
		Information: f.get("Other Information"),
		Reasons:     f.get("UK Statement of Reasons"),
		Names:       []ukName{name},
		NonLatin:    []string{f.get("Name non-latin script")},
		Titles:      []string{f.get("Title")},
		Companies:   []string{f.get("Business registration number (s)")},
		IMO:         []string{f.get("IMO number")},
		Addresses: []ukAddress{{f.get("Address Line 1"), f.get("Address Line 2"), f.get("Address Line 3"), f.get("Address Line 4"),
			f.get("Address Line 5"), f.get("Address Line 6"), f.get("Address Postal Code"), f.get("Address Country")}},
		Person: ukPerson{
			Births:      []string{f.get("D.O.B")},
			Sexes:       []string{f.get("Gender")},
			Nations:     splitList(f.get("Nationality(/ies)"), "|"),
			Positions:   []string{f.get("Position")},
			Passports:   []ukPassport{{f.get("Passport number"), f.get("Passport additional information")}},
			NationalIDs: []ukNational{{f.get("National Identifier number"), f.get("National Identifier additional information")}},
			BirthPlaces: []ukBirthplace{{f.get("Town of birth"), f.get("Country of birth")}},
		},
	}
}

func ukRowName(f *csvFile) ukName {
	return ukName{Name1: f.get("Name 1"), Name2: f.get("Name 2"), Name3: f.get("Name 3"),
		Name4: f.get("Name 4"), Name5: f.get("Name 5"), Name6: f.get("Name 6")}
}

// readConList reads the list of HM Treasury that was closed in January 2026 (uk-conlist-csv), with 29 or
// 36 columns. Rows are the cross product of an entry's names, birth dates and birth places.
func readConList(src *source, c *collector) error {
	return readUKRows(src, c, "Last Updated,", "Group ID", func(f *csvFile) {
		c.add(conListEntry(f, c), f.place())
	})
}

func conListEntry(f *csvFile, c *collector) Entry {
	e := Entry{
		ID:            f.get("Group ID"),
		Type:          ukType(f.get("Group Type")),
		ListedOn:      isoDay(f.get("Listed On")),
		Programs:      []string{f.get("Regime")},
		BirthPlaces:   ukPlaces(f.get("Town of Birth"), f.get("Country of Birth")),
		Nationalities: splitNumbered(f.get("Nationality")),
		Remarks:       joinNotes(f.get("Position"), f.get("Other Information")),
	}
	parts := ukRowName(f)
	parts.Type, parts.Strength = f.get("Alias Type"), f.get("Alias Quality")
	name := parts.name(e.Type)
	name.Title = strings.Join(splitNumbered(f.get("Title")), ", ")
	e.Names = []Name{name, {Full: f.get("Name Non-Latin Script"), Kind: Original}}
	c.addUKBirth(&e, f.get("DOB"), f.place())
	passports := joinName(f.get("Passport Number"), f.get("Passport Details"))
	for _, number := range splitNumbered(passports) {
		e.Documents = append(e.Documents, ukDocument("Passport", number, ""))
	}
	nationalIDs := joinName(f.get("NI Number"), f.get("National Identification Number"), f.get("National Identification Details"))
	for _, number := range splitNumbered(nationalIDs) {
		e.Documents = append(e.Documents, ukDocument("National identifier", number, ""))
	}
	e.Addresses = []string{joinPlace(f.get("Address 1"), f.get("Address 2"), f.get("Address 3"), f.get("Address 4"),
		f.get("Address 5"), f.get("Address 6"), f.get("Post/Zip Code"), f.get("Country"))}
	return e
}

// ukPlaces joins town and country; where either cell holds several, each stands alone.
func ukPlaces(towns, countries string) []string {
	town, country := splitNumbered(towns), splitNumbered(countries)
	if len(town) <= 1 && len(country) <= 1 {
		return []string{joinPlace(strings.Join(town, ""), strings.Join(country, ""))}
	}
	return append(town, country...)
}
