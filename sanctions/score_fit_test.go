package sanctions

import (
	"math/rand/v2"
	"os"
	"testing"
)

// A fitPair is a labelled pair, aligned once.
type fitPair struct {
	q, e  side
	met   []meeting
	match bool
}

// tallyPairs gives the best tally of prices c over the pairs that keep chooses.
func tallyPairs(pairs []fitPair, c *costs, keep func(i int) bool) Tally {
	var scored []Labelled
	for i := range pairs {
		if keep(i) {
			p := &pairs[i]
			scored = append(scored, Labelled{float64(nameScore(&p.q, &p.e, p.met, c)), p.match})
		}
	}
	return BestTally(scored)
}

// fitPrices searches at random around start for prices with a better F1.
func fitPrices(pairs []fitPair, start costs, keep func(i int) bool, steps int, r *rand.Rand) costs {
	best, f1 := start, tallyPairs(pairs, &start, keep).F1()
	for range steps {
		c := best
		prices := []*float32{&c.blur, &c.conflict, &c.query, &c.entry, &c.initial, &c.doubt}
		for range 1 + r.IntN(3) {
			*prices[r.IntN(len(prices))] *= 1 + float32(r.NormFloat64())*0.3
		}
		if got := tallyPairs(pairs, &c, keep).F1(); got > f1 {
			best, f1 = c, got
		}
	}
	return best
}

// TestFitPairs is the tool that fits pairCosts: DOSSIER_FIT=1 go test ./sanctions -run FitPairs -v. It
// prints prices and, over five folds, the F1 on pairs that were not fitted.
func TestFitPairs(t *testing.T) {
	if os.Getenv("DOSSIER_FIT") == "" {
		t.Skip("a tool: set DOSSIER_FIT=1 to fit the prices of comparing pairs")
	}
	var pairs []fitPair
	for _, row := range sharedTable(t, "names/pairs.csv") {
		if row["schema"] != "Person" {
			continue
		}
		q, e := newSide(tokenise(row["name1"]), nil), newSide(tokenise(row["name2"]), nil)
		var al aligner
		met, _ := al.align(&q, &e, func(i, j int) (float32, relation) { return likeness(&q.tokens[i], &e.tokens[j]) }, -1, &pairCosts)
		pairs = append(pairs, fitPair{q, e, append([]meeting(nil), met...), row["is_match"] == "true"})
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := func(int) bool { return true }
	fitted := fitPrices(pairs, pairCosts, all, 500, r)
	t.Logf("in force: F1 %.3f; fitted: F1 %.3f with %+v", tallyPairs(pairs, &pairCosts, all).F1(), tallyPairs(pairs, &fitted, all).F1(), fitted)
	var held []Labelled
	var sum Tally
	for k := range 5 {
		in := func(i int) bool { return i%5 != k }
		c := fitPrices(pairs, pairCosts, in, 150, r)
		threshold := tallyPairs(pairs, &c, in).Threshold
		held = held[:0]
		for i := range pairs {
			if p := &pairs[i]; !in(i) {
				held = append(held, Labelled{float64(nameScore(&p.q, &p.e, p.met, &c)), p.match})
			}
		}
		f := TallyAt(held, threshold)
		sum.TP, sum.FP, sum.FN, sum.TN = sum.TP+f.TP, sum.FP+f.FP, sum.FN+f.FN, sum.TN+f.TN
	}
	t.Logf("held out: F1 %.3f", sum.F1())
}
