package sanctions

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// sharedTable reads a CSV file of the shared data.
func sharedTable(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	dir := os.Getenv("DOSSIER_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		tb.Skipf("the shared data is not here: %v", err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var rows []map[string]string
	for _, r := range all[1:] {
		row := make(map[string]string)
		for i, h := range all[0] {
			row[h] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// The labelled pairs keep the figures that docs/matching.md shows.
func TestSharedPairs(t *testing.T) {
	var all, made []Labelled
	for _, r := range sharedTable(t, "names/pairs.csv") {
		if r["schema"] != "Person" {
			continue
		}
		p := Labelled{Compare(r["name1"], r["name2"], "Person"), r["is_match"] == "true"}
		all = append(all, p)
		if r["group"] == "nk_checks" || r["group"] == "nk_unit_tests" {
			made = append(made, p)
		}
	}
	if f1 := TallyAt(all, DefaultThreshold).F1(); f1 < 0.84 {
		t.Errorf("F1 of all persons is %.3f", f1)
	}
	if f1 := TallyAt(made, DefaultThreshold).F1(); f1 < 0.92 {
		t.Errorf("F1 of the hand-made groups is %.3f", f1)
	}
}

// Altered names are found, and few who are on no list have a hit.
func TestSharedScreening(t *testing.T) {
	if testing.Short() {
		t.Skip("screens thousands of persons")
	}
	un := readShared(t, "un-consolidated-2026-02-27.xml.gz")
	x := NewIndex(un, readSharedSet(t))
	truth := make(map[string]map[string]bool)
	for _, e := range un.Records {
		n := e.Names[0].Full
		if truth[n] == nil {
			truth[n] = make(map[string]bool)
		}
		truth[n][e.ID] = true
	}
	listed := make(map[string]string)
	for _, r := range sharedTable(t, "screening/positives-un-untreated.csv") {
		listed[r["row"]] = r["full_name"]
	}
	missed, of := 0, 0
	for _, r := range sharedTable(t, "screening/positives-un-treated.csv") {
		name := listed[r["row"]]
		if r["row"] == "392" || truth[name] == nil { // 392 is the name of another listed person
			continue
		}
		of++
		found := false
		for _, h := range x.Screen(Person{Full: r["full_name"]}, Options{Top: 5}) {
			found = found || h.List == un.ID && truth[name][h.EntryID]
		}
		if !found {
			missed++
			t.Logf("missed: %s, listed as %s", r["full_name"], name)
		}
	}
	if missed > 1 {
		t.Errorf("%d of %d listed persons are missed", missed, of)
	}
	alarms, n := 0, 0
	for i, r := range sharedTable(t, "screening/negatives-global.csv") {
		if i%4 > 0 {
			continue
		}
		n++
		if len(x.Screen(Person{Full: r["full_name"]}, Options{Top: 1})) > 0 {
			alarms++
		}
	}
	if alarms > n/400 {
		t.Errorf("%d false alarms in %d", alarms, n)
	}
}

// Names in their own script find the Latin entry when the list has no original spelling.
func TestSharedOriginalScript(t *testing.T) {
	un := readShared(t, "un-consolidated-2026-02-27.xml.gz")
	var latin List
	originals := make(map[string]string)
	for _, e := range un.Records {
		var names []Name
		for _, n := range e.Names {
			if isASCII(n.Full) || scriptOf(n.Full) == scriptLatin {
				names = append(names, n)
			} else if e.Type == Individual && originals[e.ID] == "" {
				originals[e.ID] = n.Full
			}
		}
		if len(names) > 0 {
			e.Names = names
			latin.Records = append(latin.Records, e)
		}
	}
	x := NewIndex(latin)
	found := 0
	for id, name := range originals {
		for _, h := range x.Screen(Person{Full: name}, Options{}) {
			if h.EntryID == id {
				found++
				break
			}
		}
	}
	t.Logf("found %d of %d by their original script", found, len(originals))
	if 100*found < 92*len(originals) {
		t.Errorf("only %d of %d are found", found, len(originals))
	}
}

// manyPersons repeats the shared negatives and positives for benchmarks.
func manyPersons(b *testing.B) []Person {
	var ps []Person
	for _, f := range []string{"negatives-global.csv", "negatives-us.csv", "positives-un-treated.csv"} {
		for _, r := range sharedTable(b, "screening/"+f) {
			p := Person{Full: r["full_name"]}
			p.Born, _ = ParseDate(r["date_of_birth"])
			ps = append(ps, p)
		}
	}
	return ps
}

// benchLists gives UN + OFAC, and beyond it all larger lists under ids of their own, up to n entries.
func benchLists(b *testing.B, n int) []List {
	lists := []List{readShared(b, "un-consolidated-2026-02-27.xml.gz"), readSharedSet(b)}
	have := len(lists[0].Records) + len(lists[1].Records)
	for _, name := range []string{
		"uk-hmt-consolidated-2018-04-13.csv.gz", "ca-sema-2025-03.xml.gz", "opensanctions-interpol_red_notices-2025-05-23.targets.simple.csv.gz",
		"opensanctions-ua_war_sanctions-2026-03-13.targets.simple.csv.gz", "ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz",
	} {
		if have >= n {
			break
		}
		l, err := Read(openShared(b, name), ReadOptions{Name: name, ID: name})
		if err != nil {
			b.Logf("%s is left out: %v", name, err)
			continue
		}
		lists, have = append(lists, l), have+len(l.Records)
	}
	for have < n { // the rest are the same people under other names
		l := List{ListInfo: ListInfo{ID: fmt.Sprintf("again-%d", have)}}
		for _, from := range lists {
			for _, e := range from.Records {
				if have+len(l.Records) >= n {
					break
				}
				e.List = l.ID
				e.Names = []Name{{Full: turnLetters(e.Names[0].Full, len(lists))}}
				l.Records = append(l.Records, e)
			}
		}
		lists, have = append(lists, l), have+len(l.Records)
	}
	return lists
}

// turnLetters makes other names of the same shape.
func turnLetters(name string, by int) string {
	const vowels, others = "aeiou", "bdfghjklmnprstz"
	out := []byte(Normalise(name))
	for i, c := range out {
		for _, set := range []string{vowels, others} {
			for k := range len(set) {
				if set[k] == c && (i+by)%3 == 0 {
					out[i] = set[(k+by)%len(set)]
				}
			}
		}
	}
	return string(out)
}

func BenchmarkScreen(b *testing.B) {
	for _, n := range []int{10_000, 60_000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			x := NewIndex(benchLists(b, n)...)
			ps := manyPersons(b)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				x.Screen(ps[i%len(ps)], Options{Top: 5})
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "persons/s")
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	lists := benchLists(b, 60_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var x *Index
	for b.Loop() {
		x = NewIndex(lists...)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
	b.ReportMetric(float64(x.Len()), "entries")
}

// TestOnlyAgrees: a run over changed entries finds of them all that one over whole lists finds, with the
// same scores, and hardly more (of common names whole lists compare only the likeliest in full), whoever is
// compared: persons of no list, persons listed, their names altered, and pieces of both put together.
func TestOnlyAgrees(t *testing.T) {
	un, ofac := readShared(t, "un-consolidated-2026-02-27.xml.gz"), readSharedSet(t)
	x := NewIndex(un, ofac)
	rng := rand.New(rand.NewPCG(1, 2))
	var keys []Key
	changed := map[Key]bool{}
	for _, l := range []List{un, ofac} {
		for range 60 {
			e := l.Records[rng.IntN(len(l.Records))]
			keys = append(keys, Key{l.ID, e.ID})
			changed[Key{l.ID, e.ID}] = true
		}
	}
	part := x.Only(keys)
	var names []string
	for i, r := range sharedTable(t, "screening/negatives-global.csv") {
		if i%40 == 0 {
			names = append(names, r["full_name"])
		}
	}
	for _, k := range keys {
		e, _ := x.Entry(k.List, k.ID)
		for _, n := range e.Names {
			full := strings.Fields(n.Full)
			cut := rng.IntN(len(full))
			names = append(names, n.Full, strings.Join(append(slices.Clone(full[:cut]), full[cut+1:]...), " "), turnLetters(n.Full, 1), names[rng.IntN(len(names))]+" "+full[cut])
			for _, a := range Alterations {
				if altered, ok := a.Do(rng, n.Full); ok {
					names = append(names, altered)
				}
			}
		}
	}
	found, more := 0, 0
	for _, name := range names {
		p := Person{Full: name}
		of := map[Key]float64{}
		for _, h := range x.Screen(p, Options{}) {
			if k := (Key{h.List, h.EntryID}); changed[k] {
				of[k] = h.Score
			}
		}
		found += len(of)
		for _, h := range part.Screen(p, Options{}) {
			k := Key{h.List, h.EntryID}
			if score, ok := of[k]; !ok {
				more++
			} else if score != h.Score {
				t.Errorf("%s: %s scores %.4f of the changed entries, and %.4f of all", name, h.Name, h.Score, score)
			}
			delete(of, k)
		}
		for k, score := range of {
			t.Errorf("%s: %v scores %.4f of all entries, and is not found among the changed ones", name, k, score)
		}
	}
	if more > 3 {
		t.Errorf("%d hits are found among the changed entries alone", more)
	}
	if found < 1000 {
		t.Errorf("only %d hits among %d persons: nothing was tried", found, len(names))
	}
}
