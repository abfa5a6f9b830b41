package sanctions

import (
	"reflect"
	"sync"
	"testing"
)

// invented is a small list of people who do not exist.
func invented() List {
	entry := func(id, name string, more ...Name) Entry {
		return Entry{List: "custom", ID: id, Type: Individual, Topic: TopicSanction, Names: append([]Name{{Full: name, Kind: Primary}}, more...)}
	}
	day := func(y int16, m, d int8) Date { return Date{From: Day{y, m, d}, To: Day{y, m, d}} }
	a := entry("A", "Qudratullah Zarghun Tarakhel", Name{Full: "Commander Zarghun", Kind: Alias, Weak: true})
	a.Births, a.Documents, a.Nationalities, a.Sexes = []Date{day(1968, 3, 12)}, []Document{{Number: "OR-123 456"}}, []string{"AFG"}, []string{"M"}
	b := entry("B", "Maximilian Oberlander", Name{Full: "Максимилиан Оберландер", Kind: Original, Script: "Cyrl"})
	b.Births, b.FormerIDs = []Date{{From: Day{1971, 1, 1}, To: Day{1971, 12, 31}}}, []string{"OLD-B"}
	c := entry("C", "Abd al-Rahman Yusuf Al-Tarabulsi")
	d := entry("D", "Pak Yong Chol")
	e := Entry{List: "custom", ID: "E", Type: Entity, Names: []Name{{Full: "Oberlander Shipping Ltd", Kind: Primary}}}
	return List{ListInfo: ListInfo{ID: "custom"}, Records: []Entry{a, b, c, d, e}}
}

func TestScreen(t *testing.T) {
	x := NewIndex(invented())
	tests := []struct {
		name string
		p    Person
		want string // id of the first hit, "" for none
	}{
		{"as listed", Person{Full: "Qudratullah Zarghun Tarakhel"}, "A"},
		{"parts in their fields", Person{First: "Qudratullah", Middle: "Zarghun", Last: "Tarakhel"}, "A"},
		{"turned around", Person{Full: "TARAKHEL, Qudratullah Zarghun"}, "A"},
		{"typing errors", Person{Full: "Qudratulah Zarhgun Tarakhel"}, "A"},
		{"middle name left out", Person{Full: "Qudratullah Tarakhel"}, "A"},
		{"weak alias", Person{Full: "Zarghun"}, "A"},
		{"joined", Person{Full: "MaximilianOberlander"}, "B"},
		{"split", Person{Full: "Maximilian Ober lander"}, "B"},
		{"other script", Person{Full: "Максимилиан Оберландер"}, "B"},
		{"local name", Person{Full: "M. O.", Local: []string{"Максимилиан Оберландер"}}, "B"},
		{"initial", Person{Full: "M Oberlander"}, "B"},
		{"cut by the zone", Person{Last: "Oberlander", First: "Maximil", Truncated: true}, "B"},
		{"servant and article", Person{Full: "Abdurrahman Yousef El Tarabulsi"}, "C"},
		{"Arabic", Person{Full: "عبد الرحمن يوسف الطرابلسي"}, "C"},
		{"Arabic, consonants that Persian reads otherwise", Person{Full: "قدرت الله ترهخيل"}, "A"},
		{"Korean spelling", Person{Full: "Park Young-chul"}, "D"},
		{"two slips in one word", Person{Full: "Maximilian Obxrlqnder"}, "B"},
		{"a misspelt title", Person{Full: "Comamnder Zarghun"}, "A"},
		{"two other names", Person{Full: "Maximilian Kowalski"}, ""},
		{"somebody else", Person{Full: "Anna Maria Silva"}, ""},
		{"another first name", Person{Full: "Penelope Oberlander"}, ""},
		{"no name", Person{Full: " -- "}, ""},
		{"nothing", Person{}, ""},
		{"document number alone", Person{Full: "Anna Silva", Documents: []string{"or123456"}}, "A"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hits := x.Screen(tt.p, Options{})
			got := ""
			if len(hits) > 0 {
				got = hits[0].EntryID
			}
			if got != tt.want {
				t.Errorf("first hit is %q, want %q: %+v", got, tt.want, hits)
			}
		})
	}
}

func TestScreenFields(t *testing.T) {
	x := NewIndex(invented())
	score := func(p Person) float64 {
		p.Full = "Qudratulah Tarakhel"
		hits := x.Screen(p, Options{Threshold: 0.3})
		if len(hits) == 0 {
			return 0
		}
		return hits[0].Score
	}
	born := func(text string) Person {
		d, ok := ParseDate(text)
		if !ok {
			t.Fatal(text)
		}
		return Person{Born: d}
	}
	alone := score(Person{})
	for _, tt := range []struct {
		name string
		p    Person
		more bool
	}{
		{"same day", born("1968-03-12"), true},
		{"same year", born("1968"), true},
		{"day and month swapped", born("1968-12-03"), true},
		{"one digit", born("1963-03-12"), true},
		{"far apart", born("1999-03-12"), false},
		{"nationality", Person{Nationalities: []string{"Afghanistan"}}, true},
		{"another nationality", Person{Nationalities: []string{"NO"}}, false},
		{"another sex", Person{Sex: "F"}, false},
	} {
		if got := score(tt.p); got == alone || (got > alone) != tt.more {
			t.Errorf("%s: score %v, name alone %v", tt.name, got, alone)
		}
	}
}

func TestScreenOptions(t *testing.T) {
	x := NewIndex(invented())
	muted := []string{x.Screen(Person{Full: "Zarghun"}, Options{WeakNeedMore: []string{"another list"}})[0].List}
	if hits := x.Screen(Person{Full: "Zarghun"}, Options{WeakNeedMore: muted}); len(hits) != 0 {
		t.Errorf("a weak alias alone made a hit: %+v", hits)
	}
	born, _ := ParseDate("1968-03-12")
	if hits := x.Screen(Person{Full: "Zarghun", Born: born}, Options{WeakNeedMore: muted}); len(hits) != 1 || !hits[0].WeakAlias {
		t.Errorf("a weak alias with the birth date made no hit: %+v", hits)
	}
	if hits := x.Screen(Person{Full: "Oberlander Shipping"}, Options{IncludeAllType: true}); len(hits) == 0 || hits[0].EntryID != "E" {
		t.Errorf("the entity is not found: %+v", hits)
	}
	for _, h := range x.Screen(Person{Full: "Oberlander Shipping"}, Options{Threshold: 0.1}) {
		if h.Type != Individual {
			t.Errorf("an entity came without being asked for: %+v", h)
		}
	}
}

// A hit explains itself, and its name points add up to its score where no other field spoke.
func TestScreenExplains(t *testing.T) {
	hits := NewIndex(invented()).Screen(Person{Full: "Qudratulah Tarakhel"}, Options{})
	if len(hits) != 1 {
		t.Fatalf("hits %+v", hits)
	}
	kinds := map[string]bool{}
	sum := 0.0
	for _, r := range hits[0].Reasons {
		kinds[r.Kind] = true
		sum += r.Points
		if r.Text == "" || r.Field != "name" {
			t.Errorf("reason %+v", r)
		}
	}
	if !kinds["same"] || !kinds["sound"] || !kinds["unmatched"] {
		t.Errorf("kinds %v", kinds)
	}
	if d := sum - hits[0].Score; d > 0.001 || d < -0.001 {
		t.Errorf("points add up to %v, score %v", sum, hits[0].Score)
	}
}

func TestIndexEntry(t *testing.T) {
	x := NewIndex(invented())
	for _, id := range []string{"B", "OLD-B"} {
		if e, ok := x.Entry("custom", id); !ok || e.ID != "B" {
			t.Errorf("Entry(%s) = %v, %v", id, e.ID, ok)
		}
	}
	if _, ok := x.Entry("custom", "Z"); ok {
		t.Error("found an entry that is not there")
	}
	if x.Len() != 5 || len(x.Lists()) != 1 {
		t.Errorf("%d entries in %d lists", x.Len(), len(x.Lists()))
	}
}

// Only finds what the whole index finds of the named entries, with the same scores.
func TestOnly(t *testing.T) {
	x := NewIndex(invented())
	sub := x.Only([]Key{{"custom", "A"}, {"custom", "B"}, {"custom", "no such"}})
	if sub.Len() != 2 {
		t.Fatalf("%d entries", sub.Len())
	}
	for _, p := range []Person{{Full: "Qudratulah Zarhgun Tarakhel"}, {Full: "M Oberlander"}} {
		if want, got := x.Screen(p, Options{}), sub.Screen(p, Options{}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, whole index %+v", p.Full, got, want)
		}
	}
	if hits := sub.Screen(Person{Full: "Pak Yong Chol"}, Options{}); len(hits) != 0 {
		t.Errorf("found an entry that was not asked for: %+v", hits)
	}
}

func TestScreenConcurrently(t *testing.T) {
	x := NewIndex(invented())
	p := Person{Full: "Qudratulah Zarhgun Tarakhel"}
	want := x.Screen(p, Options{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 50 {
				if got := x.Screen(p, Options{}); !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, alone %+v", got, want)
				}
			}
		}()
	}
	wg.Wait()
}

func TestFingerprint(t *testing.T) {
	born, _ := ParseDate("1968-03-12")
	p := Person{First: "Anna", Last: "Silva", Born: born, Nationalities: []string{"PT"}, Documents: []string{"AB 12345"}}
	same := Person{First: "ANNA", Last: "Sílva", Born: born, Nationalities: []string{"PRT"}, Documents: []string{"ab-12345"}}
	if p.Fingerprint() != same.Fingerprint() {
		t.Error("spelling of the same facts changes the fingerprint")
	}
	for name, other := range map[string]Person{
		"name":     {First: "Anne", Last: "Silva", Born: born, Nationalities: []string{"PT"}, Documents: []string{"AB 12345"}},
		"birth":    {First: "Anna", Last: "Silva", Nationalities: []string{"PT"}, Documents: []string{"AB 12345"}},
		"document": {First: "Anna", Last: "Silva", Born: born, Nationalities: []string{"PT"}, Documents: []string{"AB 12346"}},
	} {
		if p.Fingerprint() == other.Fingerprint() {
			t.Errorf("another %s does not change the fingerprint", name)
		}
	}
}

// FuzzScreen: no name makes screening panic, and every hit reaches the threshold.
func FuzzScreen(f *testing.F) {
	x := NewIndex(invented())
	for _, s := range propertyNames {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, h := range x.Screen(Person{Full: name, Truncated: true}, Options{Threshold: 0.5}) {
			if h.Score < 0.5 || h.Score > 1 {
				t.Errorf("%q: %+v", name, h)
			}
		}
	})
}

// Names that somebody wrote otherwise are found as if they were written as listed, or nearly.
func TestScreenWrittenOtherwise(t *testing.T) {
	l := invented()
	for _, name := range []string{"Haji Mirwais Lodin", "Kuanyun Zhu", "Muthanna Huwaysh Lakhal", "Baraktaryan Dji", "Nurulazim Abdul Wakil", "Olwethu Zimba Nkosana", "Lomvuk Zhebik", "Abdul Farooqdin Wazir Lal"} {
		l.Records = append(l.Records, Entry{List: l.ID, ID: name, Type: Individual, Names: []Name{{Full: name}}})
	}
	x := NewIndex(l)
	for _, tt := range []struct {
		name, query, id string
		least           float64
	}{
		{"the case shows a lost blank", "QudratullahTARAKHEL Zarghun", "A", 1},
		{"a blank lost before the article", "YUSUFAL-TARABULSI Abd al-Rahman", "C", 1},
		{"the last two joined", "Olwethu ZIMBANKOSANA", "Olwethu Zimba Nkosana", 0.95},
		{"a title without a letter", "Hai Mirwais LODIN", "Haji Mirwais Lodin", 0.95},
		{"a title as an initial", "H. Mirwais Lodin", "Haji Mirwais Lodin", 0.9},
		{"a particle at the end is a name", "Kuanyun ZU", "Kuanyun Zhu", 0.9},
		{"letters that Latin writes as one", "مثنى حويش لكحل", "Muthanna Huwaysh Lakhal", 0.9},
		{"words of another script joined", "نور العظيم عبد الوكيل", "Nurulazim Abdul Wakil", 0.9},
		{"two slips in each of two short words", "Lovmuj HZEBKI", "Lomvuk Zhebik", 0.765},
		{"a servant misspelt beyond recognition", "Qzbdl Farooqdin Wazir Lal", "Abdul Farooqdin Wazir Lal", 0.8},
		{"two slips, which no join explains", "Baraktrayna DJI", "Baraktaryan Dji", 0.8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hits := x.Screen(Person{Full: tt.query}, Options{Top: 1})
			if len(hits) == 0 || hits[0].EntryID != tt.id || hits[0].Score < tt.least {
				t.Errorf("%s: want %s at %v or more, got %+v", tt.query, tt.id, tt.least, hits)
			}
		})
	}
}
