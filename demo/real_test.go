package demo

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/mrz"
	"dossier/sanctions"
	"dossier/session"
)

// TestNobodyReal: no person of the demo, and no entry of its list, bears the whole name of somebody on
// a real list. The lists are not part of the project; without them there is nothing to compare.
func TestNobodyReal(t *testing.T) {
	real := realNames(t)
	for _, c := range Cases(today) {
		if list := real[folded(c.Person.FirstName+" "+c.Person.LastName)]; list != "" {
			t.Errorf("%s %s is on %s", c.Person.FirstName, c.Person.LastName, list)
		}
	}
	ours, err := session.ReadList(ListCSV(), ListID, "list.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range ours.Records {
		for _, n := range e.Names {
			if list := real[folded(n.Full)]; list != "" {
				t.Errorf("%s of the demo's list is on %s", n.Full, list)
			}
		}
	}
}

// realNames are the folded names of persons on the lists that are at hand, with the list's file.
func realNames(t *testing.T) map[string]string {
	dir := filepath.Join(cmp.Or(os.Getenv("DOSSIER_SHARED_DATA"), "../../shared/data"), "lists")
	files, _ := filepath.Glob(filepath.Join(dir, "*.gz"))
	sets, _ := filepath.Glob(filepath.Join(dir, "*", "sdn.csv.gz"))
	names := map[string]string{}
	for _, file := range append(files, sets...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list, err := session.ReadList(raw, "", filepath.Base(file))
		if err != nil {
			continue // of a format that has no reader yet
		}
		for _, e := range list.Records {
			if e.Type != sanctions.Individual {
				continue
			}
			for _, n := range e.Names {
				names[folded(n.Full)] = filepath.Base(file)
			}
		}
	}
	if len(names) == 0 {
		t.Skip("no real lists at hand: set DOSSIER_SHARED_DATA")
	}
	return names
}

// folded is a name as a sorted set of words in the zone's alphabet.
func folded(name string) string {
	words := strings.FieldsFunc(strings.ToUpper(mrz.Transliterate(name)), func(r rune) bool { return r < 'A' || r > 'Z' })
	slices.Sort(words)
	return strings.Join(words, " ")
}
