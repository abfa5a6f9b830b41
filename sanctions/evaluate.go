package sanctions

import (
	"math/rand/v2"
	"slices"
)

// A Labelled is a pair of names with the answer.
type Labelled struct {
	Score float64
	Match bool
}

// A Tally counts right and wrong answers at a threshold.
type Tally struct {
	Threshold      float64
	TP, FP, FN, TN int
}

// Precision is the share of hits that are right; 1 where there are none.
func (t Tally) Precision() float64 { return share(t.TP, t.TP+t.FP) }

// Recall is the share of matches that are found; 1 where there are none.
func (t Tally) Recall() float64 { return share(t.TP, t.TP+t.FN) }

// F1 is the harmonic mean of precision and recall.
func (t Tally) F1() float64 { return share(2*t.TP, 2*t.TP+t.FP+t.FN) }

func share(part, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(part) / float64(of)
}

// TallyAt counts at a threshold.
func TallyAt(pairs []Labelled, threshold float64) Tally {
	t := Tally{Threshold: threshold}
	for _, p := range pairs {
		switch hit := p.Score >= threshold; {
		case hit && p.Match:
			t.TP++
		case hit:
			t.FP++
		case p.Match:
			t.FN++
		default:
			t.TN++
		}
	}
	return t
}

// BestTally is the tally with the greatest F1 among thresholds in steps of 0.005.
func BestTally(pairs []Labelled) Tally {
	var best Tally
	for step := 1; step <= 200; step++ {
		if t := TallyAt(pairs, float64(step)*0.005); step == 1 || t.F1() > best.F1() {
			best = t
		}
	}
	return best
}

// ThresholdFor gives the least threshold at which at most a share of far of all negatives has a hit.
// scores holds the best score of each negative, 0 where it had none.
func ThresholdFor(scores []float64, far float64) float64 {
	sorted := slices.Clone(scores)
	slices.SortFunc(sorted, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	allowed := int(far * float64(len(sorted)))
	if allowed >= len(sorted) {
		return 0
	}
	return sorted[allowed] + 0.0001 // scores have four digits
}

// A Trial is a person whose entry is known: any of Truth is right.
type Trial struct {
	Class  string
	List   string // the list that the person is on
	Person Person
	Truth  map[Key]bool
}

// BestOf gives the score at which x finds one of the trial's entries, 0 if it does not.
func (t Trial) BestOf(x *Index, floor float64) float64 {
	best := 0.0
	for _, h := range x.Screen(t.Person, Options{Threshold: floor}) {
		if t.Truth[Key{h.List, h.EntryID}] {
			best = max(best, h.Score)
		}
	}
	return best
}

// AlteredTrials makes one trial of each class of [Alterations] for every person of the lists, where the
// class applies to the primary name. The same seed makes the same trials of a list. Entries of one name
// are all right answers, whatever their list.
func AlteredTrials(seed uint64, lists ...List) []Trial {
	same := make(map[string]map[Key]bool)
	for _, l := range lists {
		for _, e := range l.Records {
			n := commaFirst(e.Names[0].Full)
			if same[n] == nil {
				same[n] = make(map[Key]bool)
			}
			same[n][Key{e.List, e.ID}] = true
		}
	}
	var trials []Trial
	for _, a := range Alterations {
		for _, l := range lists {
			r := rand.New(rand.NewPCG(seed, uint64(len(a.Name))))
			for _, e := range l.Records {
				if e.Type != Individual || !isASCII(e.Names[0].Full) {
					continue
				}
				name := commaFirst(e.Names[0].Full)
				if altered, ok := a.Do(r, name); ok && altered != name {
					trials = append(trials, Trial{a.Name, l.ID, Person{Full: altered}, same[name]})
				}
			}
		}
	}
	return trials
}

// SplitScripts gives the persons of a list that has them in their own script as well: once with their
// names in Latin letters alone, once with the others alone.
func SplitScripts(list List) (latin, original List) {
	latin.ListInfo, original.ListInfo = list.ListInfo, list.ListInfo
	for _, e := range list.Records {
		var l, o []Name
		for _, n := range e.Names {
			if scriptOf(n.Full) == scriptLatin {
				l = append(l, n)
			} else {
				o = append(o, n)
			}
		}
		if e.Type != Individual || len(l) == 0 {
			continue
		}
		e.Names = l
		latin.Records = append(latin.Records, e)
		if len(o) > 0 {
			e.Names = o
			original.Records = append(original.Records, e)
		}
	}
	return latin, original
}

// FirstNames makes a trial of the first name of every entry.
func FirstNames(class string, list List) (trials []Trial) {
	for _, e := range list.Records {
		trials = append(trials, Trial{class, list.ID, Person{Full: e.Names[0].Full}, map[Key]bool{{e.List, e.ID}: true}})
	}
	return trials
}
