package sanctions

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"testing"
)

// readDerived reads the names that a third party took from OFAC's SDN list of August 2026: no list
// format, but 19,181 entries of today's size for benchmarks.
func readDerived(tb testing.TB) List {
	tb.Helper()
	unzipped, err := gzip.NewReader(openShared(tb, "ofac-sdn-names-derived-2026-08-03.jsonl.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	c := newCollector("ofac_derived")
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			ID      string                  `json:"entity_id"`
			Name    string                  `json:"primary_name"`
			Type    string                  `json:"entity_type"`
			Aliases []struct{ Name string } `json:"aliases"`
			Born    []string                `json:"dob"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			tb.Fatal(err)
		}
		e := Entry{ID: row.ID, Type: Entity}
		if row.Type == "PERSON" {
			e.Type = Individual
		}
		name := ofacName("", row.Name, e.Type)
		name.Kind = Primary
		e.Names = []Name{name}
		for _, a := range row.Aliases {
			e.Names = append(e.Names, ofacName("", a.Name, e.Type))
		}
		for _, born := range row.Born {
			c.addBirth(&e, born, place{})
		}
		c.add(e, place{})
	}
	list, err := c.finish("")
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

func TestReadDerived(t *testing.T) {
	if list := readDerived(t); list.Entries != 19181 {
		t.Errorf("%d entries, want 19181", list.Entries)
	}
}
