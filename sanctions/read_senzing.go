package sanctions

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// senzingRecord is a line of Senzing JSON. The lists of features hold objects of texts.
type senzingRecord struct {
	ID        string           `json:"RECORD_ID"`
	Type      string           `json:"RECORD_TYPE"` // null for positions and other things
	Changed   string           `json:"LAST_CHANGE"`
	URL       string           `json:"URL"`
	Names     []senzingFeature `json:"NAMES"`
	Dates     []senzingFeature `json:"DATES"`
	Countries []senzingFeature `json:"COUNTRIES"`
	Risks     []senzingFeature `json:"RISKS"`
	Numbers   []senzingFeature `json:"IDENTIFIERS"`
	Addresses []senzingFeature `json:"ADDRESSES"`
	Features  []senzingFeature `json:"FEATURES"` // newer exports put all of them here
	Gender    string           `json:"GENDER"`
}

type senzingFeature map[string]any

// text gives a value, "" if there is none or it is no text.
func (f senzingFeature) text(key string) string {
	s, _ := f[key].(string)
	return tidy(s)
}

// readSenzing reads Senzing JSON lines as OpenSanctions writes them (senzing-jsonl). Records of no type are
// positions and the like, and no entries.
func readSenzing(src *source, c *collector) error {
	newest := ""
	err := eachLine(src, c, func(line []byte, at place) error {
		var s senzingRecord
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		newest = max(newest, s.Changed)
		if s.Type != "" {
			c.add(s.entry(c, at), at)
		}
		return nil
	})
	c.publishedOn(newest)
	return err
}

func (s *senzingRecord) entry(c *collector, at place) Entry {
	e := Entry{ID: s.ID, SourceURL: s.URL, Type: senzingType(s.Type)}
	var topics []string
	for _, list := range [][]senzingFeature{s.Names, s.Dates, s.Countries, s.Risks, s.Numbers, s.Addresses, s.Features} {
		for _, f := range list {
			f.addTo(&e, c, at)
			if topic := f.text("TOPIC"); topic != "" {
				topics = append(topics, topic)
			}
		}
	}
	if sex := sexOf(s.Gender); sex != "" {
		e.Sexes = append(e.Sexes, sex)
	}
	e.Topic = topicOf(topics)
	return e
}

func senzingType(s string) Type {
	switch s {
	case "PERSON":
		return Individual
	case "VESSEL":
		return Vessel
	case "AIRCRAFT":
		return Aircraft
	}
	return Entity
}

func (f senzingFeature) addTo(e *Entry, c *collector, at place) {
	name := Name{
		Full:   cmp.Or(f.text("NAME_FULL"), f.text("NAME_ORG")),
		Given:  f.text("NAME_FIRST"),
		Middle: f.text("NAME_MIDDLE"),
		Family: f.text("NAME_LAST"),
	}
	if name.Full+name.Given+name.Family != "" {
		name.Kind = Alias
		if f.text("NAME_TYPE") == "PRIMARY" {
			name.Kind = Primary
		}
		e.Names = append(e.Names, name)
	}
	c.addBirth(e, f.text("DATE_OF_BIRTH"), at)
	for _, key := range []string{"NATIONALITY", "CITIZENSHIP"} {
		if country := f.text(key); country != "" {
			e.Nationalities = append(e.Nationalities, country)
		}
	}
	if place := f.text("PLACE_OF_BIRTH"); place != "" {
		e.BirthPlaces = append(e.BirthPlaces, place)
	}
	if address := f.text("ADDR_FULL"); address != "" {
		e.Addresses = append(e.Addresses, address)
	}
	if sex := sexOf(f.text("GENDER")); sex != "" {
		e.Sexes = append(e.Sexes, sex)
	}
	f.addNumbers(e)
}

// addNumbers takes every key that ends in _NUMBER, but the ids of OpenSanctions and Wikidata themselves.
func (f senzingFeature) addNumbers(e *Entry) {
	for _, key := range slices.Sorted(maps.Keys(f)) {
		kind, isNumber := strings.CutSuffix(key, "_NUMBER")
		if !isNumber {
			continue
		}
		label := cmp.Or(f.text(kind+"_TYPE"), strings.ReplaceAll(kind, "_", " "))
		if label == "OPEN_SANCTIONS" || label == "WIKIDATA" {
			continue
		}
		e.Documents = append(e.Documents, Document{Kind: label, Number: f.text(key), Country: f.text(kind + "_COUNTRY")})
	}
}
