package demo

import (
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"dossier/session"
)

// What may be special about a case. Each function changes a case in which all went well.

func poorMatch(level int) func(*Case) {
	return func(c *Case) { c.Submission.Checks.FaceMatchLevel = ptr(level) }
}

func notAlive(c *Case) {
	c.Submission.Checks.LivenessPassed = ptr(false)
	c.Submission.Activity.LivenessFinished = ptr(false)
}

// tooYoung needs nothing: the birth date says it.
func tooYoung(*Case) {}

// outOfDate is a document that expired some weeks before.
func outOfDate(c *Case) {
	c.Person.Issued, c.Person.Expires = civil(c.At.AddDate(-10, 0, -40)), civil(c.At.AddDate(0, 0, -40))
	c.Person.MRZ = c.Person.zone()
	c.retold()
}

// retold reads and photographs the document again after it was changed.
func (c *Case) retold() {
	c.Submission.Document = c.Person.shown()
	c.Submission.Person = c.Person.read(true)
	c.photograph(picture{})
}

func misprinted(flaw zoneFlaw) func(*Case) {
	return func(c *Case) {
		c.Person.MRZ = flaw.damage(c.Person.MRZ)
		c.retold()
	}
}

// shortZone is a zone of which the capture side read too little.
func shortZone(c *Case) {
	lines := c.Person.MRZ
	c.Submission.Document.MRZ = []string{lines[0], lines[1][:39]}
	c.Submission.Person = c.Person.read(true)
}

// frontBack is a visual zone that says something else than the zone on the back.
func frontBack(c *Case) {
	p := c.Person
	p.LastName, p.Local = "Zahradníčková Bártová", nil
	c.Submission.Person.LastName = p.LastName
	c.Person = p
	c.photograph(picture{})
}

func withoutPhotos(c *Case) { c.Photos = nil }

// secondAttempt puts an attempt before the one that is shown, which ended as code says.
func secondAttempt(code string) func(*Case) {
	return func(c *Case) { c.addAttempts(code) }
}

// fourAttempts is one more than the companies let through.
func fourAttempts(c *Case) {
	c.addAttempts("liveness_failed", "full_id_not_detected", "low_face_match")
}

// addAttempts puts failed attempts before the last one. They show the same document and another selfie.
func (c *Case) addAttempts(codes ...string) {
	last, document := len(codes)+1, []Photo(nil)
	for i := range c.Photos {
		p := &c.Photos[i]
		p.Attempt = last
		if p.Kind != session.Selfie {
			p.Draw = sync.OnceValue(p.Draw)
			document = append(document, *p)
		}
	}
	start := c.Submission.Activity.StartedAt.Add(-time.Duration(len(codes)) * 6 * time.Minute)
	for i, code := range codes {
		checks, reason := failed(code)
		begun := start.Add(time.Duration(i) * 6 * time.Minute)
		c.Submission.Attempts = append(c.Submission.Attempts, session.Attempt{
			Number: i + 1, StartedAt: begun, FinishedAt: begun.Add(4 * time.Minute), Outcome: string(session.AwaitingAction),
			Reason: reason, Checks: checks, Document: *c.Person.shown(),
		})
		for _, p := range slices.Concat(document, []Photo{picture{place: uint64(i + 1)}.selfie(c.Person)}) {
			p.Attempt = i + 1
			c.Photos = append(c.Photos, p)
		}
		c.taken(i+1, begun)
	}
	c.Submission.Activity.Attempts = last
}

// failed are the checks of an attempt that ended as code says.
func failed(code string) (session.Checks, string) {
	checks := *passed()
	switch code {
	case "liveness_failed":
		checks.LivenessPassed = ptr(false)
		return checks, "The liveness check was not passed."
	case "full_id_not_detected":
		checks.FullIDDetected = ptr(false)
		return checks, "The photo does not show the whole document."
	}
	checks.FaceMatchLevel = ptr(2)
	return checks, "The face match level is 2."
}

// unfinished takes back what only a finished session has.
func (c *Case) unfinished(done ...session.PhotoKind) {
	s := &c.Submission
	s.Finish = false
	s.Activity.FinishedAt, s.Activity.LivenessFinished = time.Time{}, ptr(false)
	s.Activity.DocumentFinished = ptr(len(done) > 1)
	s.Checks, s.Person, s.Document = &session.Checks{Consent: ptr(true)}, nil, nil
	var kept []Photo
	for _, p := range c.Photos {
		for _, kind := range done {
			if p.Kind == kind {
				kept = append(kept, p)
			}
		}
	}
	c.Photos = kept
}

// left went away after n photos; the session expires.
func left(n int) func(*Case) {
	return func(c *Case) {
		done := []session.PhotoKind{session.DocumentFront, session.DocumentBack}[:n]
		c.unfinished(done...)
		c.Left = true
	}
}

func onlyFront(c *Case) { c.unfinished(session.DocumentFront) }

func justStarted(c *Case) { c.unfinished() }

// noSelfieYet has shown the document and was read.
func noSelfieYet(c *Case) {
	person, document := c.Submission.Person, c.Submission.Document
	c.unfinished(session.DocumentFront, session.Portrait)
	c.Submission.Person, c.Submission.Document = person, document
}

// after adds a step some time after the one before.
func (c *Case) after(wait time.Duration, s Step) {
	last := c.At
	if n := len(c.After); n > 0 {
		last = c.After[n-1].At
	}
	s.At = last.Add(wait)
	c.After = append(c.After, s)
}

func noted(texts ...string) func(*Case) {
	return func(c *Case) {
		for _, text := range texts {
			c.after(3*time.Hour, Step{Do: Comment, Text: text})
		}
	}
}

func verified(why string) func(*Case) {
	return func(c *Case) { c.after(95*time.Minute, Step{Do: Verify, Text: why}) }
}

func rejected(why string, tags ...string) func(*Case) {
	return func(c *Case) { c.after(130*time.Minute, Step{Do: Reject, Text: why, Tags: tags}) }
}

// pepByReviewer is turned down for something that no list says.
func pepByReviewer(c *Case) {
	c.Submission.Extra["public_office"] = true
	c.Submission.Checks.LivenessPassed = ptr(false)
	c.after(time.Hour, Step{Do: Comment, Text: "Holds an office abroad; asked compliance."})
	c.after(4*time.Hour, Step{By: Master, Do: Reject, Text: "Outside of what we accept without a meeting.", Tags: []string{"PEP", "Adverse media"}})
}

// corrected has a place of birth that was read wrongly, and is mended by a reviewer.
func corrected(c *Case) {
	right := c.Person.BirthPlace
	_, size := utf8.DecodeRuneInString(right)
	c.Submission.Person.PlaceOfBirth = "0" + right[size:]
	c.Submission.Checks.FaceMatchLevel = ptr(3)
	c.after(40*time.Minute, Step{Do: Edit, Fields: map[string]string{"place_of_birth": right}, Text: "Misread: the first letter was taken for a nought."})
	c.after(5*time.Minute, Step{Do: Verify, Text: "Same person; the beard is new."})
}

func reopened(c *Case) {
	c.Submission.Checks.FaceMatchLevel = ptr(3)
	c.after(2*time.Hour, Step{Do: Reject, Text: "Selfie too dark.", Tags: []string{"Selfie mismatch"}})
	c.after(20*time.Hour, Step{By: Master, Do: Reopen, Text: "The applicant complained with reason: the photo is good enough to compare."})
	c.after(15*time.Minute, Step{By: Master, Do: Comment, Text: "Please look once more."})
}

func onHold(c *Case) {
	c.after(3*time.Hour, Step{By: Master, Do: Hold, Text: "Asked for by the court."})
	c.after(time.Minute, Step{By: Master, Do: Comment, Text: "Legal hold: a court has asked for the file."})
}

// sanctioned needs nothing: the name is on the list.
func sanctioned(*Case) {}

// listedLater is on the list's newest version only, see ListBefore.
func listedLater(*Case) {}

func namesake(c *Case) {
	c.after(50*time.Minute, Step{Do: Dispose, State: session.DispositionNoMatch, Reason: "birth_date_differs", Text: "The listed person was born in 1951, ours in 1988."})
	c.after(2*time.Minute, Step{Do: Verify, Text: "Namesake."})
}

func escalated(c *Case) {
	c.after(70*time.Minute, Step{Do: Dispose, State: session.DispositionEscalated, Reason: "needs_compliance", Text: "Name and year agree; compliance decides."})
	c.after(5*time.Hour, Step{By: Master, Do: Dispose, State: session.DispositionMatch, Reason: "all_fields_agree", Text: "Same birth date and place. Reported."})
	c.after(3*time.Minute, Step{By: Master, Do: Reject, Text: "Listed person.", Tags: []string{"Sanctions lists"}})
}
