package index

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/session"
)

// A model is the index as one would write it without an index: it looks at every session. It shares
// with the index what a word is and how it may be spelled, and nothing of how words are found.
type model map[session.ID]known

// A known session is kept with all spellings of all its words.
type known struct {
	session.Session
	forms []string
}

func (m model) put(s session.Session) {
	k := known{Session: s}
	for _, text := range texts(s) {
		words(text, func(w string) { k.forms = append(k.forms, spellings(w)...) })
	}
	slices.Sort(k.forms)
	k.forms = slices.Compact(k.forms)
	m[s.ID] = k
}

func (m model) search(q session.Query) (found []session.ID, forgiven bool) {
	atoms, _ := split(q.Text, maxTokens)
	all := groups(atoms)
	for _, r := range []reading{{}, {shortIDs: true}, {errors: true, whole: true}, {errors: true}} {
		for _, s := range m {
			if passes(s.Session, q) && s.reads(atoms, all, 0, r, r.errors) {
				found = append(found, s.ID)
			}
		}
		if len(found) > 0 || len(atoms) == 0 {
			slices.SortFunc(found, func(a, b session.ID) int { return cmp.Compare(b, a) })
			return found, r.errors
		}
	}
	return nil, false
}

// reads reports whether the atoms from i on are words of s. owing says that one error is yet to come.
func (s known) reads(atoms []atom, all []group, i int, r reading, owing bool) bool {
	if i == len(atoms) {
		return !owing
	}
	for _, g := range all {
		if g.from != i {
			continue
		}
		exact := slices.ContainsFunc(g.forms, func(f string) bool {
			return slices.ContainsFunc(s.forms, func(w string) bool { return strings.HasPrefix(w, f) })
		})
		if text := idText(atoms[g.from:g.to]); len(text) > shortID || r.shortIDs {
			exact = exact || strings.HasPrefix(string(s.ID), strings.ToUpper(text))
		}
		if exact && s.reads(atoms, all, g.to, r, owing) {
			return true
		}
		if owing && characters(g.forms[0]) >= minForgiven && nearAny(g.forms, s.forms, r.whole) &&
			s.reads(atoms, all, g.to, r, false) {
			return true
		}
	}
	return false
}

func idText(atoms []atom) string {
	var b strings.Builder
	for _, a := range atoms {
		b.WriteString(a.text)
	}
	return b.String()
}

func nearAny(asked, forms []string, whole bool) bool {
	for _, a := range asked {
		for _, f := range forms {
			d := distances([]rune(a), []rune(f))
			if whole && d[len(d)-1] <= 1 || !whole && slices.Min(d) <= 1 {
				return true
			}
		}
	}
	return false
}

// distances are the edit distances (with swaps of neighbours) of a to every prefix of b.
func distances(a, b []rune) []int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last
}

func passes(s session.Session, q session.Query) bool {
	in := func(n int, has bool) bool { return n == 0 || has }
	reason := slices.ContainsFunc(q.Reasons, func(r string) bool { return slices.Contains(s.Reasons(), r) })
	at := s.ID.Time()
	return (q.Companies == nil || slices.Contains(q.Companies, s.Company)) &&
		in(len(q.Status), slices.Contains(q.Status, s.Status)) &&
		in(len(q.Documents), slices.Contains(q.Documents, s.Document.Type)) &&
		in(len(q.Nations), slices.Contains(q.Nations, s.Person.Nationality)) &&
		in(len(q.Screening), slices.Contains(q.Screening, screening(s))) &&
		in(len(q.Reasons), reason) && (!q.Proposed || s.Proposal != nil) &&
		(q.From.IsZero() || !at.Before(q.From)) && (q.To.IsZero() || at.Before(q.To))
}

// A maker invents sessions and searches from so few parts that they meet.
type maker struct{ *rand.Rand }

func pick[T any](r maker, from ...T) T { return from[r.IntN(len(from))] }

func (r maker) name() string {
	return pick(r, "Anna", "Ann", "Annabel", "Łukasz", "Lukas", "Müller", "Mueller", "O'Neil", "de la Cruz", "Jean-Luc",
		"Юрий", "Юрьев", "გიორგი", "Γιώργος", "王", "小明", "محمد", "")
}

func (r maker) number() string {
	n := r.IntN(3000)
	return pick(r, fmt.Sprintf("AB%07d", n), fmt.Sprintf("AB %03d %04d", n/10, n), fmt.Sprint(n), fmt.Sprintf("2026-%05d-X", n), "")
}

func (r maker) session(at time.Time) session.Session {
	s := session.Session{ID: session.NewID(at), Company: pick(r, "acme", "zeta", "nova"), Reference: "ref-" + r.number()}
	return r.change(s)
}

func (r maker) change(s session.Session) session.Session {
	s.Status = pick(r, session.Statuses...)
	s.Document.Type = pick(r, session.DocumentTypes...)
	s.Screening.Status = pick(r, append(session.ScreeningStatuses, "")...)
	s.Person = session.Person{FirstName: r.name(), LastName: r.name() + " " + r.name(), DocumentNumber: r.number(),
		PersonalNumber: r.number(), Nationality: pick(r, "GEO", "EST", "POL", "")}
	if r.IntN(3) == 0 {
		s.Person.Local = &session.LocalName{FirstName: r.name(), LastName: r.name()}
	}
	if r.IntN(3) == 0 {
		s.Extra = map[string]any{"note": r.name() + ", " + r.number(), "count": float64(r.IntN(50)), "flag": true}
	}
	if s.Proposal = nil; r.IntN(3) == 0 {
		s.Proposal = &session.Proposal{Verdict: session.VerdictReject}
	}
	return s
}

// text is something to search for: parts of what sessions hold, as people type them.
func (r maker) text(some session.Session) string {
	var parts []string
	for range r.IntN(4) {
		word := pick(r, r.name(), r.number(), some.Person.LastName, some.Person.DocumentNumber, some.Reference,
			string(some.ID), some.Person.FirstName)
		runes := []rune(word)
		if len(runes) > 0 {
			runes = runes[:1+r.IntN(len(runes))]
		}
		if len(runes) > 1 && r.IntN(4) == 0 {
			runes[r.IntN(len(runes))] = pick(r, []rune("a1nи")...)
		}
		parts = append(parts, pick(r, string(runes), strings.ToUpper(string(runes)), strings.ReplaceAll(string(runes), " ", "")))
	}
	return strings.Join(parts, pick(r, " ", "  ", "-", ", "))
}

func (r maker) query(some session.Session) session.Query {
	q := session.Query{Text: r.text(some), Limit: pick(r, 0, 1, 7, 40, 200)}
	if r.IntN(3) == 0 {
		q.Companies = pick(r, []string{"acme"}, []string{"acme", "nova"}, []string{}, []string{"none"})
	}
	if r.IntN(4) == 0 {
		q.Status = []session.Status{pick(r, session.Statuses...), pick(r, session.Statuses...)}
	}
	if r.IntN(5) == 0 {
		q.Documents = []session.DocumentType{pick(r, session.DocumentTypes...)}
	}
	if r.IntN(5) == 0 {
		q.Nations = pick(r, []string{"GEO"}, []string{"EST", "POL"})
	}
	if r.IntN(5) == 0 {
		q.Screening = []session.ScreeningStatus{pick(r, session.ScreeningStatuses...)}
	}
	q.Proposed = r.IntN(6) == 0
	if r.IntN(4) == 0 {
		q.From = start.Add(time.Duration(r.IntN(200)) * time.Minute)
	}
	if r.IntN(4) == 0 {
		q.To = start.Add(time.Duration(r.IntN(400)) * time.Minute)
	}
	return q
}

// TestModel does random writes and searches on the index and on the model: every page, total and the
// word about a forgiven error has to be the same. On disk it is closed, opened and rebuilt in between.
func TestModel(t *testing.T) {
	for _, where := range []string{"memory", "disk"} {
		t.Run(where, func(t *testing.T) {
			dir := ""
			if where == "disk" {
				dir = t.TempDir()
			}
			testModel(t, dir, maker{rand.New(rand.NewPCG(7, uint64(len(where))))})
		})
	}
}

func testModel(t *testing.T, dir string, r maker) {
	ix, m := open(t, dir), model{}
	if err := ix.Rebuild(t.Context(), m.all()); err != nil {
		t.Fatal(err)
	}
	seen := []session.Session{{ID: session.NewID(start)}}
	for round := range 25 {
		var batch []session.Session
		for range r.IntN(20) {
			s := r.session(start.Add(time.Duration(r.IntN(400*60)) * time.Second))
			if r.IntN(3) == 0 {
				s = r.change(pick(r, seen...))
			}
			batch, seen = append(batch, s), append(seen, s)
			m.put(s)
		}
		put(t, ix, batch...)
		if gone := pick(r, seen...).ID; r.IntN(2) == 0 {
			delete(m, gone)
			if err := ix.Delete(t.Context(), []session.ID{gone}); err != nil {
				t.Fatal(err)
			}
		}
		if round%15 == 10 {
			if err := ix.Rebuild(t.Context(), m.all()); err != nil {
				t.Fatal(err)
			}
		}
		if dir != "" && round%10 == 5 {
			ix = reopen(t, ix, dir)
		}
		for range 15 {
			compare(t, ix, m, r.query(pick(r, seen...)))
		}
		if t.Failed() {
			return
		}
	}
}

// all yields the sessions in order of id, as a store does.
func (m model) all() func(yield func(session.Session, error) bool) {
	return func(yield func(session.Session, error) bool) {
		ids := make([]session.ID, 0, len(m))
		for id := range m {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			if !yield(m[id].Session, nil) {
				return
			}
		}
	}
}

func reopen(t *testing.T, ix *Index, dir string) *Index {
	t.Helper()
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	ix = open(t, dir)
	if ix.NeedsRebuild() {
		t.Fatal("a complete index needs a rebuild after it was closed and opened")
	}
	return ix
}

// compare goes through all pages of a search.
func compare(t *testing.T, ix *Index, m model, q session.Query) {
	t.Helper()
	want, forgiven := m.search(q)
	var got []session.ID
	for {
		found := find(t, ix, q)
		if found.Total != len(want) || found.Forgiven != forgiven {
			t.Errorf("%+v: total %d, forgiven %v, want %d, %v", q, found.Total, found.Forgiven, len(want), forgiven)
			return
		}
		got = append(got, found.IDs...)
		if q.Cursor = found.Next; q.Cursor == "" {
			break
		}
		if len(got) > len(want) {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v: found %v, want %v", q, got, want)
	}
	q.Cursor = ""
	compareNeighbours(t, ix, q, want)
}

// compareNeighbours asks for what stands beside each session of a list, and beside one that is in none.
func compareNeighbours(t *testing.T, ix *Index, q session.Query, list []session.ID) {
	t.Helper()
	for _, id := range append(slices.Clone(list[:min(len(list), 5)]), session.NewID(start.Add(200*time.Minute))) {
		older, newer := session.ID(""), session.ID("")
		for _, other := range list { // newest first
			if other > id {
				newer = other
			}
			if other < id && older == "" {
				older = other
			}
		}
		for isNewer, want := range map[bool]session.ID{false: older, true: newer} {
			if got, err := ix.Neighbour(t.Context(), q, id, isNewer); err != nil || got != want {
				t.Errorf("%+v: beside %s, newer %v: %q, %v; want %q", q, id, isNewer, got, err, want)
			}
		}
	}
}
