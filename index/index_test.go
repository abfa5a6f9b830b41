package index

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

// start is when the first session of every test started.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func open(t testing.TB, dir string) *Index {
	t.Helper()
	ix, err := Open(dir, Options{Memory: dir == ""})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func put(t testing.TB, ix *Index, sessions ...session.Session) {
	t.Helper()
	if err := ix.Put(t.Context(), sessions); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, ix *Index, q session.Query) session.Found {
	t.Helper()
	found, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search(%+v): %v", q, err)
	}
	return found
}

// references names what was found by the sessions' references.
func references(found session.Found, of []session.Session) string {
	var refs []string
	for _, id := range found.IDs {
		i := slices.IndexFunc(of, func(s session.Session) bool { return s.ID == id })
		refs = append(refs, of[i].Reference)
	}
	return strings.Join(refs, " ")
}

// invented are people in several scripts; their references are what the tests expect.
func invented() []session.Session {
	person := func(ref, first, last, local, lang, document, personal string) session.Session {
		s := session.Session{Reference: ref, Person: session.Person{FirstName: first, LastName: last,
			DocumentNumber: document, PersonalNumber: personal}}
		if f, l, ok := strings.Cut(local, "|"); ok {
			s.Person.Local = &session.LocalName{FirstName: f, LastName: l, Lang: lang}
		}
		return s
	}
	all := []session.Session{
		person("pl", "Łucja", "Zażółć-Gęśla", "", "", "ZS 123 4567", "85031512345"),
		person("de", "JUERGEN", "GROSSMUELLER", "Jürgen|Großmüller", "de", "C01X0006H", ""),
		person("tr", "Işıl", "Yıldırım", "", "", "U12345678", ""),
		person("dk", "Søren", "Kjærgård", "", "", "200000001", "010203-4567"),
		person("is", "Þórður", "Æðgersson", "", "", "A2000000", ""),
		person("ru", "", "", "Юлия|Щербакова", "ru", "75 1234567", ""),
		person("gr", "", "", "Χρήστος|Παπαδόπουλος", "el", "AK123456", ""),
		person("ge", "", "", "ქეთევან|ღვინიაშვილი", "ka", "09AA12345", "01008012345"),
		person("am", "", "", "Հովհաննես|Գրիգորյան", "hy", "AN0123456", ""),
		person("ar", "", "", "أحمد|الجُرجاني", "ar", "٠١٢٣٤٥٦٧", ""),
		person("he", "", "", "אברהם|שלום", "he", "31234567", ""),
		person("cn", "", "", "小明|王", "zh", "E12345678", ""),
		person("kr", "", "", "민수|김", "ko", "M12345678", ""),
		person("ie", "Maeve", "O'Brien", "", "", "PD1234567", ""),
		person("nl", "Sanne", "van den Berg", "", "", "SPECI2014", ""),
	}
	for i := range all {
		all[i].ID = session.NewID(start.Add(time.Duration(i) * time.Hour))
	}
	return all
}

func TestSearchText(t *testing.T) {
	ix, people := open(t, ""), invented()
	put(t, ix, people...)
	tests := []struct{ text, want string }{
		{"", "nl ie kr cn he ar am ge gr ru is dk tr de pl"},
		{"  ...  ", "nl ie kr cn he ar am ge gr ru is dk tr de pl"},
		{"łuc", "pl"}, {"luc", "pl"}, {"LUCJA zazolc", "pl"}, {"zazolc lucja", "pl"}, {"zażółćgęśla", "pl"}, {"gesla", "pl"},
		{"zs1234567", "pl"}, {"ZS-123-4567", "pl"}, {"zs 123", "pl"}, {"zs 1 2 3 4 5", "pl"}, {"850315 12345", "pl"}, {"8503151", "pl"},
		{"jurgen", "de"}, {"jürgen", "de"}, {"juergen", "de"}, {"GROẞMÜLLER", "de"}, {"grossmul", "de"}, {"großmue", "de"},
		{"isil", "tr"}, {"IŞIL", "tr"}, {"ışıl", "tr"}, {"yildirim", "tr"},
		{"soren", "dk"}, {"søren kjaer", "dk"}, {"soeren", "dk"}, {"kjærgård", "dk"}, {"kjaergaard", "dk"},
		{"thordur", "is"}, {"Þórð", "is"}, {"aedgers", "is"},
		{"юлия", "ru"}, {"yuliya", "ru"}, {"iuliia", "ru"}, {"Shcherb", "ru"}, {"щер", "ru"}, {"scherb", "ru"},
		{"christos", "gr"}, {"khrestos", "gr"}, {"χρηστος", "gr"}, {"ΠΑΠΑΔΟΠΟΥΛΟΣ", "gr"}, {"papadop", "gr"},
		{"ketevan", "ge"}, {"ქეთ", "ge"}, {"ghviniashvili", "ge"}, {"01008 01", "ge"}, {"09aa", "ge"},
		{"hovhannes", "am"}, {"ԳՐԻԳՈՐ", "am"}, {"grigor", "am"},
		{"احمد", "ar"}, {"الجرجاني", "ar"}, {"01234", "ar"},
		{"אברהמ", "he"}, {"שלו", "he"},
		{"王小明", "cn"}, {"王", "cn"}, {"小", "cn"}, {"wang", "cn"}, {"wangxiaoming", "cn"},
		{"김민수", "kr"}, {"김", "kr"}, {"기", "kr"},
		{"obrien", "ie"}, {"o'brien", "ie"}, {"o’br", "ie"}, {"brien maeve", "ie"},
		{"vandenberg", "nl"}, {"berg sanne", "nl"}, {"den van", "nl"},
		{"sanne maeve", ""}, {"zzzz", ""}, {"n", "nl"},
	}
	for _, tt := range tests {
		found := find(t, ix, session.Query{Text: tt.text})
		if got := references(found, people); got != tt.want || found.Forgiven {
			t.Errorf("%q found %q (forgiven %v), want %q", tt.text, got, found.Forgiven, tt.want)
		}
	}
}

func TestSearchForgives(t *testing.T) {
	ix, people := open(t, ""), invented()
	put(t, ix, people...)
	tests := []struct {
		text, want string
	}{
		{"kjaregard", "dk"},        // swapped
		{"papadopulos", "gr"},      // missing
		{"grossmuelller", "de"},    // too much
		{"jurgem gross", "de"},     // changed, beside a word that is right
		{"yildrim isi", "tr"},      // the wrong word first
		{"ghvinoash", "ge"},        // in a word not yet ended
		{"spcei2014", "nl"},        // in a number
		{"щербокова", "ru"},        // in another script
		{"yuldrim", ""},            // two errors in a word
		{"jurgem grosk", ""},       // one in each of two words
		{"obr", "ie"}, {"obx", ""}, // a short word has to be right
	}
	for _, tt := range tests {
		found := find(t, ix, session.Query{Text: tt.text})
		if got := references(found, people); got != tt.want {
			t.Errorf("%q found %q, want %q", tt.text, got, tt.want)
		}
		if want := tt.want != "" && tt.text != "obr"; found.Forgiven != want {
			t.Errorf("%q: forgiven %v, want %v", tt.text, found.Forgiven, want)
		}
	}
}

func TestSearchID(t *testing.T) {
	ix, people := open(t, ""), invented()
	put(t, ix, people...)
	for _, s := range people {
		for _, text := range []string{string(s.ID), strings.ToLower(string(s.ID)), string(s.ID[:24])} {
			if got := references(find(t, ix, session.Query{Text: text}), people); got != s.Reference {
				t.Errorf("%s found %q, want %q", text, got, s.Reference)
			}
		}
	}
	if found := find(t, ix, session.Query{Text: string(people[0].ID[:3])}); found.Total != len(people) {
		t.Errorf("the year's prefix found %d, want all %d", found.Total, len(people))
	}
	if got := references(find(t, ix, session.Query{Text: "01"}), people); got != "ge dk ar" && got != "ar ge dk" {
		t.Errorf("01 found %q, want the numbers that begin so and not every id", got)
	}
}

func TestSearchFilters(t *testing.T) {
	ix := open(t, "")
	one := func(i int, change func(*session.Session)) session.Session {
		s := session.Session{ID: session.NewID(start.Add(time.Duration(i) * time.Hour)), Reference: fmt.Sprint("r", i),
			Company: "acme", Status: session.Success, Document: session.Document{Type: session.Passport},
			Person: session.Person{Nationality: "GEO", FirstName: "Nino"}}
		change(&s)
		return s
	}
	people := []session.Session{
		one(0, func(s *session.Session) {}),
		one(1, func(s *session.Session) { s.Company = "zeta" }),
		one(2, func(s *session.Session) { s.Status = session.Rejected }),
		one(3, func(s *session.Session) { s.Document.Type = session.IDCard }),
		one(4, func(s *session.Session) { s.Person.Nationality = "EST" }),
		one(5, func(s *session.Session) { s.Screening.Status = session.Clear }),
		one(6, func(s *session.Session) { s.Findings = []session.Finding{{Code: "mrz_invalid"}} }),
		one(7, func(s *session.Session) { s.Extra = map[string]any{"iban": "GE29NB0000000101904917", "size": 42.0} }),
	}
	put(t, ix, people...)
	tests := []struct {
		name string
		q    session.Query
		want string
	}{
		{"none", session.Query{}, "r7 r6 r5 r4 r3 r2 r1 r0"},
		{"company", session.Query{Companies: []string{"zeta"}}, "r1"},
		{"companies", session.Query{Companies: []string{"zeta", "acme"}, Text: "nin"}, "r7 r6 r5 r4 r3 r2 r1 r0"},
		{"no company", session.Query{Companies: []string{}}, ""},
		{"another company", session.Query{Companies: []string{"acm"}}, ""},
		{"status", session.Query{Status: []session.Status{session.Rejected, session.Expired}}, "r2"},
		{"document", session.Query{Documents: []session.DocumentType{session.IDCard}}, "r3"},
		{"nation", session.Query{Nations: []string{"est"}}, "r4"},
		{"screening", session.Query{Screening: []session.ScreeningStatus{session.Clear}}, "r5"},
		{"not screened", session.Query{Screening: []session.ScreeningStatus{session.NotScreened}, From: start.Add(5 * time.Hour)}, "r7 r6"},
		{"reason", session.Query{Reasons: []string{"mrz_invalid"}}, "r6"},
		{"two filters", session.Query{Status: []session.Status{session.Rejected}, Nations: []string{"EST"}}, ""},
		{"extra text", session.Query{Text: "ge29 nb00 0000"}, "r7"},
		{"extra number", session.Query{Text: "42"}, "r7"},
		{"from", session.Query{From: start.Add(6 * time.Hour)}, "r7 r6"},
		{"from a little later", session.Query{From: start.Add(6*time.Hour + 1)}, "r7"},
		{"to", session.Query{To: start.Add(2 * time.Hour)}, "r1 r0"},
		{"to a little later", session.Query{To: start.Add(2*time.Hour + 1)}, "r2 r1 r0"},
		{"between", session.Query{From: start.Add(2 * time.Hour), To: start.Add(4 * time.Hour)}, "r3 r2"},
		{"the wrong way round", session.Query{From: start.Add(4 * time.Hour), To: start.Add(2 * time.Hour)}, ""},
		{"long ago", session.Query{To: time.Unix(-1, 0)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := find(t, ix, tt.q)
			if got := references(found, people); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			if want := len(strings.Fields(tt.want)); found.Total != want {
				t.Errorf("total %d, want %d", found.Total, want)
			}
		})
	}
}

func TestSearchRefuses(t *testing.T) {
	ix := open(t, "")
	tests := []struct {
		field string
		q     session.Query
	}{
		{"q", session.Query{Text: strings.Repeat("é", maxText+1)}},
		{"q", session.Query{Text: strings.Repeat("a ", maxTokens+1)}},
		{"limit", session.Query{Limit: -1}},
		{"limit", session.Query{Limit: maxLimit + 1}},
		{"cursor", session.Query{Cursor: "x"}},
		{"cursor", session.Query{Cursor: string(session.NewID(start))}},
	}
	for _, tt := range tests {
		_, err := ix.Search(t.Context(), tt.q)
		if session.CodeOf(err) != session.Invalid || !strings.Contains(err.Error(), "["+tt.field+":") {
			t.Errorf("%+v: %v, want an Invalid error about %s", tt.q, err, tt.field)
		}
	}
	if err := ix.Put(t.Context(), []session.Session{{ID: "seven"}}); session.CodeOf(err) != session.Invalid {
		t.Errorf("Put of a session without a ULID: %v", err)
	}
}

func TestTotal(t *testing.T) {
	ix := open(t, "")
	many := make([]session.Session, maxTotal+1)
	for i := range many {
		many[i] = session.Session{ID: session.NewID(start.Add(time.Duration(i) * time.Second)), Company: "acme", Person: session.Person{FirstName: "Nino"}}
	}
	put(t, ix, many[1:]...)
	if found := find(t, ix, session.Query{Text: "nino"}); found.Total != maxTotal || found.More {
		t.Errorf("total %d, more %v, want exactly %d", found.Total, found.More, maxTotal)
	}
	put(t, ix, many[0])
	if found := find(t, ix, session.Query{Text: "nino"}); found.Total != maxTotal || !found.More {
		t.Errorf("total %d, more %v, want more than %d", found.Total, found.More, maxTotal)
	}
}

// TestForIndex: what the store hands over of a session just written gives the same entry as the whole.
func TestForIndex(t *testing.T) {
	s := session.Session{ID: session.NewID(start), Company: "alpha", Reference: "order 7", Status: session.AwaitingAction,
		Person: session.Person{FirstName: "Mei", LastName: "Example", DocumentNumber: "P0000001", PersonalNumber: "01-1", Nationality: "chn",
			Local: &session.LocalName{FirstName: "美", LastName: "王", Lang: "zh"}},
		Document: session.Document{Type: session.Passport}, Screening: session.Screening{Status: session.Clear},
		Findings: []session.Finding{{Code: "document_expired", Severity: session.Reject}},
		Extra:    map[string]any{"occupation": "baker", "income": 1.5, "resident": true}, Proposal: &session.Proposal{By: "member:1"}}
	want, err := newEntry(s)
	if err != nil {
		t.Fatal(err)
	}
	of, ok := s.ForIndex()
	got, err := newEntry(of)
	if err != nil || !ok || !reflect.DeepEqual(got, want) || len(want.is) < 7 {
		t.Errorf("entry %+v, %v, %v\nwant %+v with 7 facets", got, ok, err, want)
	}
}
