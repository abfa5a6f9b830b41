package server

import (
	"slices"
	"testing"

	"dossier/sanctions"
	"dossier/session"
)

// TestDifferences: whatever a decision rests on shows when it changes, and of many values the changed ones alone.
func TestDifferences(t *testing.T) {
	name := func(full string) sanctions.Name { return sanctions.Name{Full: full, Kind: sanctions.Alias} }
	seen := session.Sides{Person: session.Person{FirstName: "Vasilon", LastName: "Karmeides", BirthDate: "1961-04-05"},
		Entry: sanctions.Entry{Topic: sanctions.TopicSanction, Names: []sanctions.Name{name("Vasilon Karmeides"), name("Vasso"), name("Vasilis")}, Programs: []string{"A", "B"}}}
	for _, tt := range []struct {
		what   string
		change func(now *session.Sides)
		want   []difference
	}{
		{"nothing", func(*session.Sides) {}, nil},
		{"the order alone", func(now *session.Sides) { slices.Reverse(now.Entry.Names); slices.Reverse(now.Entry.Programs) }, nil},
		{"a birth date", func(now *session.Sides) { now.Person.BirthDate = "1961-05-04" }, []difference{{"Person", "Birth date", "1961-04-05", "1961-05-04"}}},
		{"an alias that came", func(now *session.Sides) { now.Entry.Names = append(now.Entry.Names, name("Vaso")) }, []difference{{"Entry", "Names", "", "Vaso (alias)"}}},
		{"one that went", func(now *session.Sides) { now.Entry.Names = now.Entry.Names[:2] }, []difference{{"Entry", "Names", "Vasilis (alias)", ""}}},
		{"one that is weak now", func(now *session.Sides) { now.Entry.Names[1].Weak = true }, []difference{{"Entry", "Names", "Vasso (alias)", "Vasso (weak alias)"}}},
		{"which part is the family name", func(now *session.Sides) { now.Entry.Names[0].Given, now.Entry.Names[0].Family = "Karmeides", "Vasilon" },
			[]difference{{"Entry", "Name parts", "", "Vasilon Karmeides: given Karmeides · family Vasilon"}}},
		{"the kind of list", func(now *session.Sides) { now.Entry.Topic = "pep" }, []difference{{"Entry", "Kind of list", "Sanction", "Pep"}}},
	} {
		now := seen
		now.Entry.Names, now.Entry.Programs = slices.Clone(seen.Entry.Names), slices.Clone(seen.Entry.Programs)
		tt.change(&now)
		if got := differences(seen, now); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}
