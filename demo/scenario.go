package demo

import (
	"dossier/demo/specimen"
	"dossier/session"
)

// A scenario is one case as it was thought up: who, with which company, and what is special.
type scenario struct {
	company string
	who     wish
	tell    []func(*Case) // in this order, on a case in which all went well
	want    session.Status
}

const (
	passport = session.Passport
	card     = session.IDCard
	permit   = session.ResidencePermit
	licence  = session.DrivingLicence
)

// scenarios are the demo's cases but for those of zoneFlaws, oldest first. Most people are who they say.
var scenarios = []scenario{
	{Acme, wish{state: "D", kind: card, sex: "F", age: 34}, nil, session.Success},
	{Acme, wish{state: "FRA", kind: passport, sex: "M", age: 51}, nil, session.Success},
	{Orbit, wish{state: "UKR", kind: passport, sex: "F", age: 29}, nil, session.Success},
	{Acme, wish{state: "GEO", kind: card, sex: "M", born: "1985-04-09", given: "Irakli=ირაკლი", last: "Lomtadze=ლომთაძე"}, does(listedLater), session.Success},
	{Acme, wish{state: "POL", kind: card, sex: "F", age: 16}, does(tooYoung), session.Rejected},
	{Orbit, wish{state: "BRA", kind: passport, sex: "M", age: 27}, does(secondAttempt("liveness_failed")), session.Success},
	{Acme, wish{state: "TUR", kind: card, sex: "F", age: 38}, does(noted("Called back: confirms the address on the form.")), session.Success},
	{Orbit, wish{state: "JPN", kind: passport, sex: "F", age: 45}, nil, session.Success},
	{Acme, wish{state: "ITA", kind: card, sex: "M", age: 63}, does(outOfDate), session.Rejected},
	{Acme, wish{state: "NGA", kind: passport, sex: "F", age: 31}, nil, session.Success},
	{Orbit, wish{state: "UTO", kind: passport, sex: "M", age: 36, given: "Alaric", last: "Thornbury"}, nil, session.Rejected},
	{Orbit, wish{state: "IND", kind: passport, sex: "M", age: 24}, does(left(1)), session.Expired},
	{Acme, wish{state: "GRC", kind: card, sex: "M", age: 57}, does(spoofed, rejected("Photographed from a screen: the lines of the display are plain to see.", "Fake")), session.AwaitingAction},
	{Acme, wish{state: "VNM", kind: permit, sex: "F", age: 26}, nil, session.Success},
	{Orbit, wish{state: "USA", kind: licence, sex: "M", age: 48}, nil, session.Success},
	{Acme, wish{state: "ARM", kind: passport, sex: "F", age: 22}, nil, session.Success},
	{Orbit, wish{state: "NLD", kind: card, sex: "M", age: 33}, does(poorMatch(2), otherFace, rejected("Not the same person.", "Selfie mismatch")), session.AwaitingAction},
	{Acme, wish{state: "MEX", kind: passport, sex: "M", age: 44}, nil, session.Success},
	{Orbit, wish{state: "EGY", kind: card, sex: "M", born: "1979-05-17", given: "Karim=كريم", last: "El Masry=المصري"}, does(sanctioned, escalated), session.AwaitingAction},
	{Acme, wish{state: "SRB", kind: card, sex: "F", age: 54}, nil, session.Success},
	{Acme, wish{state: "PRT", kind: card, sex: "F", age: 30, given: "Leonor", last: "Quaresma", number: "T3348121"}, nil, session.Success},
	{Orbit, wish{state: "KEN", kind: passport, sex: "M", age: 35}, does(withoutPhotos), session.Success},
	{Acme, wish{state: "ROU", kind: card, sex: "M", age: 40}, does(halfShown, secondAttempt("full_id_not_detected"), verified("The second photo is cut as well, but all fields can be read. Checked against the first one.")), session.AwaitingAction},
	{Orbit, wish{state: "KOR", kind: passport, sex: "F", age: 28}, nil, session.Success},
	{Acme, wish{state: "SWE", kind: card, sex: "M", age: 69}, does(corrected), session.AwaitingAction},
	{Orbit, wish{state: "GBR", kind: passport, sex: "F", age: 52}, does(pepByReviewer), session.AwaitingAction},
	{Acme, wish{state: "MAR", kind: permit, sex: "M", age: 47}, nil, session.Success},
	{Acme, wish{state: "CZE", kind: card, sex: "F", age: 36}, does(frontBack), session.AwaitingAction},
	{Orbit, wish{state: "ARG", kind: card, sex: "F", age: 25}, does(left(2)), session.Expired},
	{Orbit, wish{state: "ITA", kind: passport, sex: "F", born: "1988-11-02", given: "Giulia", last: "Terranova"}, does(sanctioned, namesake), session.AwaitingAction},
	{Acme, wish{state: "PAK", kind: passport, sex: "M", age: 39}, nil, session.Success},
	{Acme, wish{state: "ESP", kind: licence, sex: "F", age: 58}, does(noted("Prefers to be called in the afternoon.", "Loan paid out.")), session.Success},
	{Orbit, wish{state: "KAZ", kind: card, sex: "M", age: 32}, nil, session.Success},
	{Acme, wish{state: "PHL", kind: passport, sex: "F", age: 43}, does(reopened), session.AwaitingAction},
	{Orbit, wish{state: "UKR", kind: passport, sex: "M", born: "1971-09-23", given: "Mykola=Микола", last: "Zavhorodnii=Завгородній"}, does(sanctioned), session.AwaitingAction},
	{Acme, wish{state: "ZAF", kind: card, sex: "M", age: 37}, does(notAlive), session.AwaitingAction},
	{Acme, wish{state: "PRT", kind: card, sex: "M", age: 45, given: "Rui", last: "Falcão", number: "T3348121"}, nil, session.AwaitingAction},
	{Orbit, wish{state: "BGR", kind: card, sex: "M", age: 50}, does(outOfDate), session.Rejected},
	{Acme, wish{state: "D", kind: passport, sex: "X", age: 27}, nil, session.Success},
	{Orbit, wish{state: "FRA", kind: card, sex: "F", age: 61}, does(spoofed), session.AwaitingAction},
	{Acme, wish{state: "IND", kind: licence, sex: "F", age: 33}, does(fourAttempts), session.AwaitingAction},
	{Orbit, wish{state: "BRA", kind: card, sex: "M", born: "1968-02-11", given: "Raimundo", last: "Ouro Preto", number: "QK4410072"}, does(sanctioned), session.AwaitingAction},
	{Acme, wish{state: "USA", kind: passport, sex: "F", age: 30}, does(poorMatch(3)), session.AwaitingAction},
	{Acme, wish{state: "EGY", kind: passport, sex: "F", born: "1974-08", age: 52}, nil, session.Success},
	{Orbit, wish{state: "GEO", kind: passport, sex: "F", age: 25}, does(shortZone), session.AwaitingAction},
	{Orbit, wish{state: "NLD", kind: passport, sex: "M", age: 42}, does(onHold), session.Success},
	{Acme, wish{state: "GRC", kind: passport, sex: "F", age: 35}, nil, session.Success},
	{Acme, wish{state: "UKR", kind: permit, sex: "F", age: 46}, does(dazzled, halfShown), session.AwaitingAction},
	{Orbit, wish{state: "JPN", kind: licence, sex: "M", age: 29}, nil, session.Success},
	{Acme, wish{state: "TUR", kind: passport, sex: "M", age: 23}, does(onlyFront), session.InProgress},
	{Orbit, wish{state: "POL", kind: passport, sex: "M", age: 31}, does(justStarted), session.InProgress},
	{Acme, wish{state: "FRA", kind: passport, sex: "F", age: 26}, does(noSelfieYet), session.InProgress},
}

func does(tell ...func(*Case)) []func(*Case) { return tell }

// flawed are the scenarios of zoneFlaws: one passport each, of states that print a personal number.
func flawed() []scenario {
	issuers := []string{"UKR", "BGR", "ESP", "POL", "GEO", "ARM", "TUR", "SRB", "MAR", "SWE", "PAK", "KAZ", "ARG", "NGA", "CZE"}
	var all []scenario
	for i, flaw := range zoneFlaws {
		s := scenario{[]string{Acme, Orbit}[i%2], wish{state: issuers[i%len(issuers)], kind: passport}, does(misprinted(flaw)), session.AwaitingAction}
		switch i % 5 {
		case 1:
			s.tell = append(s.tell, rejected("The zone does not fit the visual zone.", "MRZ issue", "ID or document number issue"))
		case 3:
			s.tell = append(s.tell, verified("Read by eye: the zone is worn there, and all else agrees."))
		}
		all = append(all, s)
	}
	return all
}

// all is every scenario, those of flawed zones spread among the others.
func allScenarios() []scenario {
	out, faults := []scenario(nil), flawed()
	for i, s := range scenarios {
		out = append(out, s)
		if len(faults) > 0 && i%3 == 2 && i < len(scenarios)-4 {
			out, faults = append(out, faults[0]), faults[1:]
		}
	}
	return out
}

// photograph takes the photos of a case anew.
func (c *Case) photograph(pic picture) {
	c.Photos = pic.photos(c.Person)
	c.taken(0, c.Submission.Activity.StartedAt)
}

func spoofed(c *Case) {
	c.photograph(picture{flaw: specimen.FromScreen})
	c.Submission.Checks.IDReal = ptr(false)
}

func halfShown(c *Case) {
	c.photograph(picture{flaw: specimen.CutOff})
	c.Submission.Checks.FullIDDetected = ptr(false)
}

func dazzled(c *Case) {
	c.photograph(picture{flaw: specimen.Glare})
	c.Submission.Checks.DocumentValid = ptr(false)
}

func otherFace(c *Case) { c.photograph(picture{other: true}) }
