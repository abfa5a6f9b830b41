package sanctions

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// What the formats of OpenSanctions have in common.

const openSanctionsPage = "https://www.opensanctions.org/entities/"

// ftmType knows the schemata of FollowTheMoney that are somebody or something listed; false for the others,
// which say something of them (Sanction, Address, Ownership, ...).
func ftmType(schema string) (Type, bool) {
	switch schema {
	case "Person":
		return Individual, true
	case "Vessel":
		return Vessel, true
	case "Airplane":
		return Aircraft, true
	case "LegalEntity", "Company", "Organization", "PublicBody":
		return Entity, true
	}
	return Entity, false
}

// topicOf sums up the topics of an entity. Relatives and close associates of a PEP count as PEPs, as the
// FATF has it; what is merely linked to a sanctioned party does not count as sanctioned.
func topicOf(topics []string) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(names, t) })
	}
	switch {
	case has("sanction", "sanction.counter"):
		return TopicSanction
	case has("role.pep", "role.rca"):
		return TopicPEP
	}
	return TopicOther
}

// readTargets reads targets.simple.csv (opensanctions-csv). It has no topics: a dataset of PEPs is told
// by its title, an entry with sanctions or a program is sanctioned, everything else is "other".
func readTargets(src *source, c *collector) error {
	f := openCSV(src, src, ',', 0)
	if err := f.header("id", "schema", "name", "dataset"); err != nil {
		return err
	}
	newest := ""
	for {
		more, err := f.next(c)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		newest = max(newest, f.get("last_seen"))
		c.add(targetEntry(f, c), f.place())
	}
	c.publishedOn(newest)
	return nil
}

func targetEntry(f *csvFile, c *collector) Entry {
	id := f.get("id")
	kind, known := ftmType(f.get("schema"))
	if !known {
		c.note(f.place(), id, fmt.Sprintf("the schema %q is not known; taken for an entity", short(f.get("schema"))))
	}
	e := Entry{ID: id, Type: kind, SourceURL: openSanctionsPage + id, Topic: targetTopic(f)}
	e.Names = append(e.Names, Name{Full: f.get("name"), Kind: Primary})
	for _, alias := range cellValues(f.get("aliases")) {
		e.Names = append(e.Names, Name{Full: alias, Kind: Alias})
	}
	if kind == Individual {
		c.addBirth(&e, f.get("birth_date"), f.place())
	}
	e.Nationalities = cellValues(f.get("countries"))
	e.Addresses = cellValues(f.get("addresses"))
	for _, number := range cellValues(f.get("identifiers")) {
		e.Documents = append(e.Documents, Document{Number: number})
	}
	e.Programs = append(cellValues(f.get("program_ids")), cellValues(f.get("dataset"))...)
	e.Remarks = joinNotes(cellValues(f.get("sanctions"))...)
	return e
}

func targetTopic(f *csvFile) string {
	titles := strings.ToLower(f.get("dataset"))
	isAny := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(titles, w) })
	}
	switch {
	case f.get("program_ids") != "", isAny("sanction", "ofac", "sdn", "asset freeze", "embargo"):
		return TopicSanction
	case isAny("red notice", "wanted", "debar", "exclusion", "disqualif"):
		return TopicOther
	case isAny("pep", "politically", "congress", "parliament", "members of", "position holder", "world leaders", "everypolitician", "assembly"):
		return TopicPEP
	case len(cellValues(f.get("sanctions"))) > 0:
		return TopicSanction
	}
	return TopicOther
}

// cellValues divides a cell of several values. A value that holds a semicolon or a quote is quoted once
// more inside the cell; an empty cell may be a pair of quotes.
func cellValues(cell string) []string {
	if !strings.Contains(cell, `"`) {
		return splitList(cell, ";")
	}
	inner := csv.NewReader(strings.NewReader(cell))
	inner.Comma, inner.FieldsPerRecord = ';', -1
	values, err := inner.Read()
	if _, rest := inner.Read(); err != nil || !errors.Is(rest, io.EOF) {
		return splitList(cell, ";")
	}
	return distinct(values)
}
