package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"dossier/session"
)

// Invent makes the n-th of a sequence of cases for trials: four in five succeed, the others fail, wait
// or were left in realistic shares. Times lie in the two years before now. n below ten million gives
// everybody a document number of their own. It takes some twenty microseconds, because there are no
// photos: Documents draws them where they are wanted.
func Invent(now time.Time, seed uint64, n int) Case {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	at := inventedTime(r, now.UTC())
	p := invent(r, at, int((uint64(n)+seed*1_000_003)%serials), wish{})
	c := Case{At: at, Person: p, Want: session.Success}
	s := &c.Submission
	s.Company = [...]string{Acme, Orbit}[r.IntN(2)]
	s.Reference = reference(s.Company, n)
	s.Locale = nations[nationByCode[p.Nationality]].lang
	s.Person, s.Document = p.read(len(p.MRZ) == 0), p.shown()
	s.Activity = device(r, p)
	s.Extra = answers(r, s.Company, p)
	c.finished(2 + r.IntN(7))
	s.Checks.FaceMatchLevel = ptr(5 + r.IntN(3))
	c.mishap(r, now)
	return c
}

// reference is a company's own number for an applicant.
func reference(company string, n int) string {
	if company == Acme {
		return fmt.Sprintf("LN-%06d", 100_003+n*7)
	}
	return fmt.Sprintf("OX/%07d", 2_000_011+n*13)
}

// inventedTime is more often lately than long ago, and more often by day than by night.
func inventedTime(r *rand.Rand, now time.Time) time.Time {
	days := 729 * (1 - r.Float64()*(0.4+0.6*r.Float64()))
	hour := 14 + 3.8*r.NormFloat64()
	at := now.AddDate(0, 0, -int(days)-1).Truncate(24 * time.Hour).Add(time.Duration(hour * float64(time.Hour)))
	return at.Truncate(time.Millisecond)
}

// mishap lets one case in five go wrong. Weights are in thousandths.
func (c *Case) mishap(r *rand.Rand, now time.Time) {
	kind := r.IntN(1000)
	for _, m := range mishaps {
		if kind -= m.weight; kind < 0 {
			m.tell(c)
			c.Want = m.want
			break
		}
	}
	if old := now.Sub(c.At) > 36*time.Hour; c.Want == session.AwaitingAction && old && r.IntN(10) > 0 {
		c.decide(r)
	}
}

var mishaps = []struct {
	weight int
	want   session.Status
	tell   func(*Case)
}{
	{34, session.Expired, func(c *Case) { c.unfinished(); c.Left = true }},
	{26, session.AwaitingAction, poorMatch(3)},
	{22, session.AwaitingAction, notAlive},
	{18, session.AwaitingAction, func(c *Case) { c.Submission.Checks.IDReal = ptr(false) }},
	{22, session.AwaitingAction, func(c *Case) { c.Submission.Checks.FullIDDetected = ptr(false) }},
	{30, session.AwaitingAction, (*Case).misread},
	{28, session.Rejected, (*Case).outdated},
	{20, session.Rejected, (*Case).underAge},
}

// misread breaks the last check digit of the zone, where there is a zone.
func (c *Case) misread() {
	lines := c.Person.MRZ
	if len(lines) == 0 {
		poorMatch(2)(c)
		return
	}
	lines = append([]string(nil), lines...)
	digit := []byte(lines[1])
	at := 27 // of the expiration date in TD3
	if len(lines) == 3 {
		at = 14
	}
	digit[at] = '0' + (digit[at]-'0'+3)%10
	lines[1] = string(digit)
	c.Person.MRZ, c.Submission.Document.MRZ = lines, lines
	c.Submission.Person = c.Person.read(true)
}

func (c *Case) outdated() {
	c.Person.Issued, c.Person.Expires = civil(c.At.AddDate(-10, -2, 0)), civil(c.At.AddDate(0, -2, 0))
	c.reread()
}

// underAge is somebody who will not be of age for months after now, whenever the session was.
func (c *Case) underAge() {
	c.Person.Born = civil(c.At.AddDate(-15, 3, 0))
	c.reread()
}

func (c *Case) reread() {
	c.Person.MRZ = c.Person.zone()
	c.Submission.Document, c.Submission.Person = c.Person.shown(), c.Person.read(true)
}

// decide has a reviewer verify or reject what awaits action.
func (c *Case) decide(r *rand.Rand) {
	if r.IntN(5) < 2 {
		c.after(time.Duration(20+r.IntN(900))*time.Minute, Step{Do: Verify, Text: "Checked by eye."})
		return
	}
	tag := choose(r, []string{"Fake", "Selfie mismatch", "MRZ issue", "ID or document number issue", "Full name issue"})
	c.after(time.Duration(20+r.IntN(900))*time.Minute, Step{Do: Reject, Text: "See the photos.", Tags: []string{tag}})
}
