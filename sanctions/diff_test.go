package sanctions

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func specimen() Entry {
	return Entry{ID: "X-1", Type: Individual, Topic: TopicSanction,
		Names:         []Name{{Full: "Anna Example", Kind: Primary}, {Full: "Ania", Kind: Alias, Weak: true}, {Full: "Анна", Kind: Original}},
		Births:        []Date{{From: Day{1970, 1, 1}, To: Day{1970, 12, 31}}, {From: Day{1971, 2, 3}, To: Day{1971, 2, 3}}},
		BirthPlaces:   []string{"Utopia", "Erewhon"},
		Nationalities: []string{"DEU", "FRA"},
		Documents:     []Document{{Kind: "Passport", Number: "AB 123", Country: "DEU"}, {Number: "77"}},
		Programs:      []string{"ONE", "TWO"},
	}
}

// TestHashIgnoresOrder: any order of the content and any immaterial field give the same hash.
func TestHashIgnoresOrder(t *testing.T) {
	want := specimen().Hash()
	for range 50 {
		e := specimen()
		rand.Shuffle(len(e.Names), func(i, j int) { e.Names[i], e.Names[j] = e.Names[j], e.Names[i] })
		slices.Reverse(e.Births)
		slices.Reverse(e.BirthPlaces)
		slices.Reverse(e.Nationalities)
		slices.Reverse(e.Documents)
		slices.Reverse(e.Programs)
		e.Remarks, e.ListedOn, e.Documents[0].Note, e.List, e.Births[0].Text = "seen again", "2026-01-01", "expired", "un_sc", "1970 (about)"
		if got := e.Hash(); got != want {
			t.Fatalf("hash %s, want %s", got, want)
		}
	}
}

// TestHashSeesContent: every material change gives another hash.
func TestHashSeesContent(t *testing.T) {
	changes := map[string]func(*Entry){
		"type":           func(e *Entry) { e.Type = Entity },
		"topic":          func(e *Entry) { e.Topic = TopicPEP },
		"name":           func(e *Entry) { e.Names[0].Full = "Anna Exampla" },
		"name dropped":   func(e *Entry) { e.Names = e.Names[:2] },
		"alias strength": func(e *Entry) { e.Names[1].Weak = false },
		"birth":          func(e *Entry) { e.Births[1].To.Day = 4 },
		"circa":          func(e *Entry) { e.Births[1].Circa = true },
		"place":          func(e *Entry) { e.BirthPlaces = append(e.BirthPlaces, "Nowhere") },
		"nationality":    func(e *Entry) { e.Nationalities[0] = "AUT" },
		"sex":            func(e *Entry) { e.Sexes = []string{"F"} },
		"document":       func(e *Entry) { e.Documents[1].Number = "78" },
		"program":        func(e *Entry) { e.Programs[1] = "THREE" },
		"moved value":    func(e *Entry) { e.Programs, e.BirthPlaces = e.BirthPlaces, e.Programs },
	}
	for name, change := range changes {
		e := specimen()
		change(&e)
		if e.Hash() == specimen().Hash() {
			t.Errorf("%s: the hash does not see the change", name)
		}
	}
}

func TestDiff(t *testing.T) {
	entry := func(id, name string, former ...string) Entry {
		return Entry{ID: id, FormerIDs: former, Type: Individual, Names: []Name{{Full: name, Kind: Primary}}}
	}
	old := []Entry{entry("1", "Anna"), entry("2", "Bert"), entry("3", "Cora"), entry("4", "Dora"), entry("5", "Emil")}
	now := []Entry{entry("9", "Dora", "4"), entry("3", "Cora"), entry("2", "Berta"), entry("6", "Fritz"), entry("1", "Anna")}
	d := Diff(old, now)
	if len(d.Added) != 1 || d.Added[0].ID != "6" {
		t.Errorf("added %v", d.Added)
	}
	if len(d.Removed) != 1 || d.Removed[0].ID != "5" {
		t.Errorf("removed %v", d.Removed)
	}
	if len(d.Changed) != 2 || d.Changed[0].Old.ID != "4" || d.Changed[0].New.ID != "9" || d.Changed[1].New.ID != "2" {
		t.Errorf("changed %v", d.Changed)
	}
	reversed := slices.Clone(old)
	slices.Reverse(reversed)
	for _, c := range d.Changed {
		if !c.Material {
			t.Errorf("the change of %s is material", c.New.ID)
		}
	}
	if d := Diff(old, reversed); !d.IsEmpty() {
		t.Errorf("another order is no change: %+v", d)
	}
}

// TestDiffMerged: two entries merged into one are one change and no removal.
func TestDiffMerged(t *testing.T) {
	old := []Entry{{ID: "1", Names: []Name{{Full: "A"}}}, {ID: "2", Names: []Name{{Full: "B"}}}}
	d := Diff(old, []Entry{{ID: "3", FormerIDs: []string{"1", "2"}, Names: []Name{{Full: "A"}}}})
	if len(d.Added) != 0 || len(d.Removed) != 0 || len(d.Changed) != 1 {
		t.Errorf("%+v", d)
	}
}

// TestDiffUN: the real pair of UN lists, whose differences its README counts. Both changes are in the
// comments, so nothing material changed.
func TestDiffUN(t *testing.T) {
	old, now := readShared(t, "un-consolidated-2025-11-20.xml.gz"), readShared(t, "un-consolidated-2026-02-27.xml.gz")
	d := Diff(old.Records, now.Records)
	if len(d.Added) != 4 || len(d.Removed) != 1 || len(d.Changed) != 2 {
		t.Fatalf("%d added, %d removed, %d changed, want 4, 1, 2", len(d.Added), len(d.Removed), len(d.Changed))
	}
	for _, c := range d.Changed {
		if c.Material {
			t.Errorf("%s changed materially: %+v, before %+v", c.New.ID, c.New, c.Old)
		}
	}
}

// TestDiffOFAC: two lists with the same record count differ.
func TestDiffOFAC(t *testing.T) {
	old, now := readShared(t, "ofac-nonsdn-consolidated-2024-05-06.xml.gz"), readShared(t, "ofac-nonsdn-consolidated-2025-03-28.xml.gz")
	if d := Diff(old.Records, now.Records); old.Entries != now.Entries || d.IsEmpty() {
		t.Errorf("%d and %d entries, difference %d", old.Entries, now.Entries, len(d.Changed))
	}
}
