package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// demoSeed makes the demo's people the same everywhere.
const demoSeed = 7

// demoSpan is how long ago the first case was.
const demoSpan = 30 * 24 * time.Hour

// Cases returns the demo's cases, oldest first. Their times lie in the thirty days before now, the last
// in the minutes before it.
func Cases(now time.Time) []Case {
	now = now.UTC()
	all := allScenarios()
	cases := make([]Case, len(all))
	for i, s := range all {
		cases[i] = s.play(i, caseTime(now, i, len(all)))
	}
	return cases
}

// caseTime spreads n cases over demoSpan, closer together toward now, in the hours when people are
// awake. The last three are minutes old.
func caseTime(now time.Time, i, n int) time.Time {
	if fresh := n - i; fresh <= 3 {
		return now.Add(-time.Duration(fresh*3) * time.Minute)
	}
	ago := time.Duration(float64(demoSpan) * math.Pow(1-float64(i)/float64(n-3), 1.4))
	at := now.Add(-ago - 2*time.Hour)
	r := rand.New(rand.NewPCG(demoSeed, uint64(i)))
	return at.Truncate(time.Minute).Add(time.Duration(r.IntN(60)) * time.Second)
}

// play makes the case of a scenario, which ends at at.
func (s scenario) play(i int, at time.Time) Case {
	r := rand.New(rand.NewPCG(demoSeed, uint64(1000+i)))
	p := invent(r, at, serials-1-i, s.who)
	c := Case{At: at, Person: p, Want: s.want, Photos: Documents(p)}
	c.Submission.Company = s.company
	c.Submission.Reference = reference(s.company, i)
	c.Submission.Locale = nations[nationByCode[p.Nationality]].lang
	c.Submission.Person, c.Submission.Document = p.read(len(p.MRZ) == 0), p.shown()
	c.Submission.Activity = device(r, p)
	c.Submission.Extra = answers(r, s.company, p)
	c.finished(2 + r.IntN(6))
	for _, tell := range s.tell {
		tell(&c)
	}
	return c
}
