package sanctions

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// A fitTrial is a person with the entries of an index that count: the right ones of a listed person, or
// those that come nearest to one who is on no list.
type fitTrial struct {
	class string // "" for a person on no list
	half  int    // the half of the data that it belongs to: fitted on one, judged on the other
	pairs []fitPair
}

// fitTrialOf aligns a person with the entries that want chooses, the likeliest few.
func fitTrialOf(x *Index, s *scratch, full string, floor, least float32, top int, want func(e *Entry) bool) (out []fitPair) {
	p := Person{Full: full}
	for _, n := range p.spellings() {
		q := newSide(n.tokens, x.weights)
		x.collect(s, &q, -1, x.persons)
		x.shortlist(s, &q, floor)
		for _, c := range s.cands {
			if !want(x.entries[x.names[c.name].entry]) {
				continue
			}
			e := side{family: int(x.names[c.name].family)}
			for _, w := range x.names[c.name].tokens {
				e.tokens, e.info = append(e.tokens, x.words[w]), append(e.info, x.bits[w])
			}
			met, _ := s.al.align(&q, &e, func(i, j int) (float32, relation) { return likeness(&q.tokens[i], &e.tokens[j]) }, -1, &screenCosts)
			out = append(out, fitPair{q, e, slices.Clone(met), true})
		}
	}
	worth := func(p fitPair) float32 { return nameScore(&p.q, &p.e, p.met, &screenCosts) }
	out = slices.DeleteFunc(out, func(p fitPair) bool { return worth(p) < least })
	slices.SortStableFunc(out, func(a, b fitPair) int { return cmp.Compare(worth(b), worth(a)) })
	return out[:min(len(out), top)]
}

// best is the score of the trial under prices c.
func (t *fitTrial) best(c *costs) (best float32) {
	for k := range t.pairs {
		p := &t.pairs[k]
		best = max(best, nameScore(&p.q, &p.e, p.met, c))
	}
	return best
}

// fitRecall gives the share of the listed persons of a half that are found, by class and in all, at a
// false alarm rate, and the threshold for it.
func fitRecall(trials []fitTrial, c *costs, half int, rates ...float64) (all float64, byClass map[string]float64, threshold float64) {
	var no []float64
	yes := make(map[string][]float64)
	n := 0
	for k := range trials {
		t := &trials[k]
		if half >= 0 && t.half != half {
			continue
		}
		if t.class == "" {
			no = append(no, float64(t.best(c)))
			continue
		}
		yes[t.class] = append(yes[t.class], float64(t.best(c)))
		n++
	}
	byClass = make(map[string]float64)
	for _, far := range rates {
		threshold = ThresholdFor(no, far)
		for class, scores := range yes {
			found := 0
			for _, v := range scores {
				if v >= threshold {
					found++
				}
			}
			byClass[class] += float64(found) / float64(len(scores)) / float64(len(rates))
			all += float64(found) / float64(n) / float64(len(rates))
		}
	}
	return all, byClass, threshold
}

// TestFitScreening is the tool that fits screenCosts: DOSSIER_FIT=1 go test ./sanctions -run FitScreening -v.
// It fits on one half of the entries and persons and shows the recall on the other.
func TestFitScreening(t *testing.T) {
	if os.Getenv("DOSSIER_FIT") == "" {
		t.Skip("a tool: set DOSSIER_FIT=1 to fit the prices of screening")
	}
	trials := fitTrials(t)
	show := func(name string, c *costs, half int) {
		all, byClass, threshold := fitRecall(trials, c, half, 0.001)
		t.Logf("%s: %.2f %% at threshold %.3f; %v", name, 100*all, threshold, byClass)
	}
	show("in force, all", &screenCosts, -1)
	if os.Getenv("DOSSIER_FIT") == "show" {
		return
	}
	for half := range 2 {
		show("in force", &screenCosts, 1-half)
		c := fitScreenCosts(trials, half, 400, rand.New(rand.NewPCG(1, uint64(half))))
		show("fitted, same half", &c, half)
		show("fitted, other half", &c, 1-half)
		t.Logf("%+v", c)
	}
	c := fitScreenCosts(trials, -1, 400, rand.New(rand.NewPCG(1, 9)))
	show("fitted on all", &c, -1)
	t.Logf("%+v", c)
}

func fitScreenCosts(trials []fitTrial, half, steps int, r *rand.Rand) costs {
	best := screenCosts
	judge := func(c *costs) float64 {
		all, _, _ := fitRecall(trials, c, half, 0.0005, 0.001, 0.002, 0.003)
		return all
	}
	most := judge(&best)
	for range steps {
		c := best
		prices := []*float32{&c.blur, &c.conflict, &c.query, &c.entry, &c.middle, &c.within, &c.doubt, &c.enough, &c.spread, &c.near, &c.agree, &c.slipInfo, &c.slipWord, &c.slipLetter, &c.slipError, &c.slipBase, &c.slipBlur, &c.oddFrom, &c.oddAlone, &c.order, &c.vague, &c.initial, &c.rareFrom, &c.rare}
		for range 1 + r.IntN(3) {
			*prices[r.IntN(len(prices))] *= 1 + float32(r.NormFloat64())*0.25
		}
		c.agree, c.middle, c.within = min(c.agree, 0.9), min(c.middle, 1), min(c.within, 1)
		if got := judge(&c); got > most {
			best, most = c, got
		}
	}
	return best
}

// fitTrials makes the trials of UN + OFAC: every eighth altered name, and the shared negatives.
func fitTrials(t *testing.T) []fitTrial {
	lists := []List{readShared(t, "un-consolidated-2026-02-27.xml.gz"), readSharedSet(t)}
	x := NewIndex(lists...)
	s := newScratch(x)
	var trials []fitTrial
	for _, f := range []string{"negatives-global.csv", "negatives-us.csv"} {
		for i, r := range sharedTable(t, "screening/"+f) {
			if p := fitTrialOf(x, s, r["full_name"], 0.3, 0.3, 5, func(*Entry) bool { return true }); len(p) > 0 {
				trials = append(trials, fitTrial{"", i & 1, p})
			} else {
				trials = append(trials, fitTrial{"", i & 1, nil})
			}
		}
	}
	for i, tr := range AlteredTrials(7, lists...) {
		if i%8 != 0 {
			continue
		}
		p := fitTrialOf(x, s, tr.Person.Full, 0.1, 0, 2, func(e *Entry) bool { return tr.Truth[Key{e.List, e.ID}] })
		trials = append(trials, fitTrial{tr.Class, halfOf(tr.Truth), p})
	}
	latin, original := SplitScripts(lists[0])
	own := make(map[string]bool)
	for _, e := range original.Records {
		own[e.ID] = true
	}
	latin.Records = slices.DeleteFunc(latin.Records, func(e Entry) bool { return !own[e.ID] })
	for i, l := range []List{original, latin} {
		x := NewIndex([]List{latin, original}[i])
		s := newScratch(x)
		for _, tr := range FirstNames([]string{"own script, Latin list", "Latin, list in own script"}[i], l) {
			p := fitTrialOf(x, s, tr.Person.Full, 0.1, 0, 2, func(e *Entry) bool { return tr.Truth[Key{e.List, e.ID}] })
			trials = append(trials, fitTrial{tr.Class, halfOf(tr.Truth), p})
		}
	}
	return trials
}

// halfOf puts entries of one name into one half.
func halfOf(truth map[Key]bool) int {
	least := ""
	for k := range truth {
		if least == "" || k.ID < least {
			least = k.ID
		}
	}
	h := fnv.New32a()
	h.Write([]byte(least))
	return int(h.Sum32() & 1)
}
