package sanctions

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
)

// ftmEntity is a line of FollowTheMoney. Every value is a list of texts.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Caption    string              `json:"caption"`
	Properties map[string][]string `json:"properties"`
	Referents  []string            `json:"referents"` // ids that were merged into this one
	LastSeen   string              `json:"last_seen"`
	Target     bool                `json:"target"`
}

// ftmSaid is what other lines say of an entity; they may come before or after it.
type ftmSaid struct {
	sanctioned bool // a Sanction that has no end date
	office     bool // an Occupancy
	programs   []string
	listed     string
	documents  []Document
}

// An ftmReader gathers the lines of a file until all are known.
type ftmReader struct {
	c      *collector
	said   map[string]*ftmSaid
	topics map[string]bool // entries that are targets by themselves
	newest string
}

// readFTM reads FollowTheMoney entities (ftm-jsonl). An entry is whoever has a topic, is marked as a
// target, is sanctioned or holds an office; relatives and owners beside them are left out.
func readFTM(src *source, c *collector) error {
	r := &ftmReader{c: c, said: map[string]*ftmSaid{}, topics: map[string]bool{}}
	err := eachLine(src, c, func(line []byte, at place) error {
		var e ftmEntity
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		r.take(&e, at)
		return nil
	})
	if err != nil {
		return err
	}
	r.finish()
	c.publishedOn(r.newest)
	return nil
}

// eachLine gives every line that is not empty. A line that take refuses is a problem; a last line that
// is cut short means a truncated file.
func eachLine(src *source, c *collector, take func(line []byte, at place) error) error {
	for number := 1; ; number++ {
		src.nextRecord()
		line, err := src.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			wrong := take(line, place{line: number})
			if wrong != nil && errors.Is(err, io.EOF) {
				return &FileError{Line: number, Text: "the file is truncated; fetch it again", Err: wrong}
			}
			if wrong != nil {
				c.skip(place{line: number}, "", fmt.Sprintf("the line is left out: %v", wrong))
			}
		}
		if err != nil {
			return nil
		}
	}
}

func (r *ftmReader) take(e *ftmEntity, at place) {
	r.newest = max(r.newest, e.LastSeen)
	p := e.Properties
	switch e.Schema {
	case "Sanction":
		for _, id := range p["entity"] {
			said := r.of(id)
			said.sanctioned = said.sanctioned || len(p["endDate"]) == 0
			said.programs = append(said.programs, firstOf(p["program"], p["programId"])...)
			if listed := firstText(p["listingDate"], p["startDate"]); listed != "" && (said.listed == "" || listed < said.listed) {
				said.listed = listed
			}
		}
	case "Passport", "Identification":
		for _, id := range p["holder"] {
			for _, number := range slices.Concat(p["number"], p["passportNumber"]) {
				d := Document{Kind: cmp.Or(firstText(p["type"]), e.Schema), Number: number, Country: firstText(p["country"])}
				r.of(id).documents = append(r.of(id).documents, d)
			}
		}
	case "Occupancy":
		for _, id := range p["holder"] {
			r.of(id).office = true
		}
	default:
		if kind, ok := ftmType(e.Schema); ok {
			r.c.add(r.entry(e, kind, at), at)
			r.topics[e.ID] = e.Target || len(p["topics"]) > 0
		}
	}
}

func (r *ftmReader) of(id string) *ftmSaid {
	if r.said[id] == nil {
		r.said[id] = &ftmSaid{}
	}
	return r.said[id]
}

// firstOf gives the first list that is not empty.
func firstOf(lists ...[]string) []string {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// firstText gives the smallest value of the first list that is not empty: the order of values is by chance.
func firstText(lists ...[]string) string {
	if l := firstOf(lists...); len(l) > 0 {
		return slices.Min(l)
	}
	return ""
}

// wikidataID is what stands where a name is missing in Wikidata.
var wikidataID = regexp.MustCompile(`^Q\d+$`)

// ftmDocuments are the properties that number somebody, with what a reviewer calls them.
var ftmDocuments = []struct{ property, kind string }{
	{"passportNumber", "Passport"}, {"idNumber", "ID number"}, {"socialSecurityNumber", "Social security number"}, {"taxNumber", "Tax number"},
	{"innCode", "INN"}, {"ogrnCode", "OGRN"}, {"registrationNumber", "Registration number"}, {"imoNumber", "IMO number"}, {"mmsi", "MMSI"},
}

func (r *ftmReader) entry(e *ftmEntity, kind Type, at place) Entry {
	p := e.Properties
	out := Entry{ID: e.ID, FormerIDs: e.Referents, Type: kind, SourceURL: openSanctionsPage + e.ID}
	if topics := p["topics"]; len(topics) > 0 {
		out.Topic = topicOf(topics)
	}
	names := slices.DeleteFunc(slices.Clone(p["name"]), wikidataID.MatchString)
	if caption := e.Caption; caption != "" && !wikidataID.MatchString(caption) {
		out.Names = append(out.Names, Name{Full: caption, Kind: Primary})
	} else if len(names) > 0 {
		out.Names = append(out.Names, Name{Full: names[0], Kind: Primary})
	}
	add := func(names []string, kind NameKind, weak bool) {
		for _, n := range names {
			out.Names = append(out.Names, Name{Full: n, Kind: kind, Weak: weak})
		}
	}
	add(names, Alias, false)
	add(p["alias"], Alias, false)
	add(p["abbreviation"], Alias, true)
	add(p["weakAlias"], Alias, true)
	add(p["previousName"], Former, false)
	for _, born := range p["birthDate"] {
		r.c.addBirth(&out, born, at)
	}
	out.BirthPlaces = slices.Clone(p["birthPlace"])
	out.Nationalities = slices.Concat(p["nationality"], p["citizenship"])
	if len(out.Nationalities) == 0 {
		out.Nationalities = slices.Concat(p["country"], p["jurisdiction"], p["flag"])
	}
	for _, s := range p["gender"] {
		out.Sexes = append(out.Sexes, sexOf(s))
	}
	for _, d := range ftmDocuments {
		for _, number := range p[d.property] {
			out.Documents = append(out.Documents, Document{Kind: d.kind, Number: number})
		}
	}
	out.Addresses = slices.Clone(p["address"])
	out.Programs = slices.Clone(p["programId"])
	out.Remarks = joinNotes(slices.Concat(p["position"], p["notes"])...)
	return out
}

// finish puts together what the lines say and keeps the entries that somebody lists.
func (r *ftmReader) finish() {
	l := &r.c.list
	l.Records = slices.DeleteFunc(l.Records, func(e Entry) bool {
		said := r.said[e.ID]
		return !r.topics[e.ID] && (said == nil || !said.sanctioned && !said.office)
	})
	for i := range l.Records {
		e := &l.Records[i]
		said := r.said[e.ID]
		if said == nil {
			said = &ftmSaid{}
		}
		switch { // a Sanction may be a debarment or a warrant, so topics go first
		case e.Topic != "":
		case said.sanctioned:
			e.Topic = TopicSanction
		case said.office:
			e.Topic = TopicPEP
		default:
			e.Topic = TopicOther
		}
		e.Programs = append(e.Programs, said.programs...)
		e.Documents = append(e.Documents, said.documents...)
		e.ListedOn = isoDay(said.listed)
	}
}
