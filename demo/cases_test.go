package demo

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/demo/specimen"
	"dossier/mrz"
	"dossier/session"
)

var today = time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)

func TestCasesInOrder(t *testing.T) {
	cases := Cases(today)
	if len(cases) < 60 {
		t.Fatalf("%d cases", len(cases))
	}
	states, references := map[string]bool{}, map[string]bool{}
	for i, c := range cases {
		if i > 0 && c.At.Before(cases[i-1].At) || c.At.After(today) {
			t.Errorf("case %d is at %v", i, c.At)
		}
		at := c.At
		for _, s := range c.After {
			if s.At.Before(at) || s.At.After(today) {
				t.Errorf("case %d: step %s at %v", i, s.Do, s.At)
			}
			at = s.At
		}
		for _, p := range c.Photos {
			if a := c.Submission.Activity; p.TakenAt.Before(a.StartedAt.Add(-time.Hour)) || p.TakenAt.After(c.At) {
				t.Errorf("case %d: %s taken at %v, session from %v to %v", i, p.Kind, p.TakenAt, a.StartedAt, c.At)
			}
		}
		states[c.Person.State] = true
		if references[c.Submission.Reference] {
			t.Errorf("reference %s twice", c.Submission.Reference)
		}
		references[c.Submission.Reference] = true
	}
	if len(states) < 20 {
		t.Errorf("%d issuing states", len(states))
	}
}

// TestCasesRepeat: the same moment gives the same cases, photos included.
func TestCasesRepeat(t *testing.T) {
	a, b := Cases(today), Cases(today)
	for i := range a {
		if !reflect.DeepEqual(a[i].Submission, b[i].Submission) || !reflect.DeepEqual(a[i].After, b[i].After) || a[i].Person.Face != b[i].Person.Face {
			t.Fatalf("case %d differs", i)
		}
	}
	if x, y := a[2].Intake(), b[2].Intake(); !reflect.DeepEqual(x, y) || len(x.Photos) != 3 {
		t.Error("the photos differ")
	}
}

// TestZones: every zone is sound, but for those that are meant not to be: they have errors of the one
// category they were made for, and every category has its case.
func TestZones(t *testing.T) {
	want, cases := map[string]string{}, Cases(today)
	for _, c := range cases {
		if c.Person.Type != session.Passport {
			continue
		}
		for _, flaw := range zoneFlaws {
			if slices.Equal(flaw.damage(c.Person.zone()), c.Person.MRZ) {
				want[c.Submission.Reference] = flaw.category
			}
		}
	}
	if len(want) != len(zoneFlaws) {
		t.Errorf("%d cases of %d kinds of fault", len(want), len(zoneFlaws))
	}
	for _, c := range cases {
		if c.Submission.Document == nil || len(c.Person.MRZ) == 0 {
			continue
		}
		r, err := mrz.Parse(c.Person.MRZ, mrz.Options{Today: today})
		if err != nil {
			t.Errorf("%s: %v", c.Submission.Reference, err)
		}
		var got []string
		for _, e := range r.Errors() {
			got = append(got, e.Category)
		}
		if strings.Join(got, ", ") != want[c.Submission.Reference] {
			t.Errorf("%s: errors of %q, want %q: %q", c.Submission.Reference, got, want[c.Submission.Reference], c.Person.MRZ)
		}
	}
}

// TestNumbersAreOnes: only the one pair that is meant to share a document number does.
func TestNumbersAreOnes(t *testing.T) {
	by := map[string][]string{}
	for _, c := range Cases(today) {
		by[c.Person.Number] = append(by[c.Person.Number], c.Person.LastName)
	}
	for number, names := range by {
		if len(names) > 1 && number != "T3348121" || number == "T3348121" && len(names) != 2 {
			t.Errorf("document number %s: %q", number, names)
		}
	}
}

func TestNames(t *testing.T) {
	given, families := map[string]bool{}, map[string]bool{}
	looks := specimen.States()
	for _, n := range nations {
		if !slices.Contains(looks, n.code) {
			t.Errorf("the documents of %s have no look", n.code)
		}
		if _, ok := mrz.State(n.code); !ok || len(n.men) < 8 || len(n.women) < 8 || len(n.families) < 20 || len(n.towns) < 5 {
			t.Errorf("%s is incomplete: %+v", n.code, n)
		}
		for _, g := range append(n.men, n.women...) {
			given[g.latin] = true
		}
		for _, f := range n.families {
			families[f.man.latin] = true
			if (f.man.local == "") != (n.families[0].man.local == "") {
				t.Errorf("%s: %s has a local spelling and others have not, or the other way round", n.code, f.man.latin)
			}
		}
	}
	if len(nations) < 20 || len(given) < 400 || len(families) < 600 {
		t.Errorf("%d nations, %d given names, %d family names", len(nations), len(given), len(families))
	}
}

func TestInvent(t *testing.T) {
	const n = 5_000
	numbers, names, statuses := map[string]bool{}, map[string]bool{}, map[session.Status]int{}
	for i := range n {
		c := Invent(today, 1, i)
		if c.At.After(today) || c.At.Before(today.AddDate(-2, 0, -3)) {
			t.Fatalf("case %d at %v", i, c.At)
		}
		if numbers[c.Person.State+c.Person.Number] {
			t.Fatalf("number %s of %s twice", c.Person.Number, c.Person.State)
		}
		numbers[c.Person.State+c.Person.Number] = true
		names[c.Person.FirstName+" "+c.Person.LastName] = true
		statuses[final(c)]++
	}
	if share := float64(statuses[session.Success]) / n; share < 0.76 || share > 0.90 {
		t.Errorf("%.2f succeed: %v", share, statuses)
	}
	for _, s := range []session.Status{session.Rejected, session.AwaitingAction, session.Expired} {
		if statuses[s] < n/500 {
			t.Errorf("only %d are %s", statuses[s], s)
		}
	}
	if len(names) < n*3/5 {
		t.Errorf("%d different names of %d", len(names), n)
	}
	a, b := Invent(today, 1, 77), Invent(today, 1, 77)
	if !reflect.DeepEqual(a.Submission, b.Submission) || reflect.DeepEqual(a.Submission, Invent(today, 2, 77).Submission) {
		t.Error("the seed does not decide who it is")
	}
	if in := a.Intake(); len(in.Photos) != 0 {
		t.Errorf("%d photos unasked", len(in.Photos))
	}
}

// final is the status of a case after its steps.
func final(c Case) session.Status {
	status := c.Want
	for _, s := range c.After {
		switch s.Do {
		case Verify:
			status = session.Success
		case Reject:
			status = session.Rejected
		case Reopen:
			status = session.AwaitingAction
		}
	}
	return status
}

func TestLists(t *testing.T) {
	whole, err := session.ReadList(ListCSV(), ListID, "list.csv")
	if err != nil || len(whole.Records) != 12 || len(whole.Problems) != 0 {
		t.Fatalf("%d entries, %v, %v", len(whole.Records), whole.Problems, err)
	}
	before, err := session.ReadList(ListBefore(), ListID, "list.csv")
	if err != nil || len(before.Records) != 11 || !bytes.HasPrefix(ListCSV(), ListBefore()) {
		t.Fatalf("%d entries before, %v", len(before.Records), err)
	}
}

func BenchmarkInvent(b *testing.B) {
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		Invent(today, 1, n)
	}
}

// BenchmarkDemoPhotos draws all photos of the demo, one after the other: what Load spreads over the
// processors.
func BenchmarkDemoPhotos(b *testing.B) {
	for b.Loop() {
		photos, size := 0, 0
		for _, c := range Cases(today) {
			for _, p := range c.Intake().Photos {
				photos++
				size += len(p.Data)
			}
		}
		b.ReportMetric(float64(photos), "photos")
		b.ReportMetric(float64(size)/(1<<20), "MB")
	}
}
