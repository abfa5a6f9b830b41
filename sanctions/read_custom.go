package sanctions

import "strings"

// readCustom reads our own CSV (custom-csv): a header with id, type, name and any of aliases,
// birth_date, nationality, document_numbers, program, in any order. Several values of a cell are joined
// with ";". The type is person, entity, vessel or aircraft; an empty one is a person.
func readCustom(src *source, c *collector) error {
	f := openCSV(src, src, ',', 0)
	if err := f.header("id", "type", "name"); err != nil {
		return err
	}
	for {
		more, err := f.next(c)
		if err != nil || !more {
			return err
		}
		at := f.place()
		kind, known := customType(f.get("type"))
		if !known {
			c.note(at, f.get("id"), "the type "+short(f.get("type"))+" is not known; taken for a person")
		}
		e := Entry{ID: f.get("id"), Type: kind}
		e.Names = append(e.Names, Name{Full: f.get("name"), Kind: Primary})
		for _, alias := range splitList(f.get("aliases"), ";") {
			e.Names = append(e.Names, Name{Full: alias, Kind: Alias})
		}
		for _, born := range splitList(f.get("birth_date"), ";") {
			c.addBirth(&e, born, at)
		}
		e.Nationalities = splitList(f.get("nationality"), ";")
		for _, number := range splitList(f.get("document_numbers"), ";") {
			e.Documents = append(e.Documents, Document{Number: number})
		}
		e.Programs = splitList(f.get("program"), ";")
		if _, known := c.at[tidy(e.ID)]; known {
			c.note(at, e.ID, "another row has this id; both are taken as one entry")
		}
		c.add(e, at)
	}
}

func customType(s string) (Type, bool) {
	switch strings.ToLower(s) {
	case "", "person", "individual":
		return Individual, true
	case "vessel", "ship":
		return Vessel, true
	case "aircraft":
		return Aircraft, true
	case "entity", "organization", "organisation", "company":
		return Entity, true
	}
	return Individual, false // or a misspelt "person" would never be met
}
