package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"dossier/demo/specimen"
	"dossier/mrz"
	"dossier/session"
)

// A Person is somebody invented, with one document.
type Person struct {
	FirstName, LastName string             // Latin letters, as the visual zone has them
	Local               *session.LocalName // in their own script, where it differs
	Sex                 string             // M, F or X
	Born                session.Date
	BirthPlace          string
	Nationality         string // ICAO code

	Type           session.DocumentType
	State          string // ICAO code of the issuing state
	Number         string
	PersonalNumber string // "" where the state has none
	Issued         session.Date
	Expires        session.Date
	MRZ            []string // none on a driving licence
	Face           specimen.Face

	skin int
}

// wish is what somebody who is invented must be. Zero fields are left to chance.
type wish struct {
	state  string
	kind   session.DocumentType
	sex    string
	age    int          // years
	born   session.Date // instead of age
	given  string       // as in names.txt
	last   string
	number string // of the document
}

// invent makes a person as of today. serial is theirs alone, below ten million: their numbers hold it,
// so that no two people share one.
func invent(r *rand.Rand, today time.Time, serial int, w wish) Person {
	n := &nations[nationByCode[w.state]]
	if w.state == "" {
		n = &nations[chooseNation(r)]
	}
	p := Person{Sex: w.sex, Type: w.kind, State: n.code, Nationality: n.code, BirthPlace: choose(r, n.towns)}
	if p.Sex == "" {
		p.Sex = [...]string{"M", "F"}[r.IntN(2)]
	}
	if p.Type == "" {
		p.Type = chooseType(r)
	}
	p.name(r, n, w)
	p.dates(r, today, w.age)
	if w.born != "" {
		p.Born = w.born
	}
	if p.Type == session.ResidencePermit {
		p.State = host(r, n.code)
	}
	p.Number = fill(r, n.number, (serial*3141593+2718281)%serials)
	if w.number != "" {
		p.Number = w.number
	}
	p.PersonalNumber = fill(r, n.personal, (serial*7654321+1234567)%serials)
	p.skin = n.skin[0] + r.IntN(n.skin[1]-n.skin[0]+1)
	p.Face = specimen.NewFace(r.Uint64(), p.look(n, today))
	p.MRZ = p.zone()
	return p
}

func chooseNation(r *rand.Rand) int {
	at := r.IntN(totalWeight)
	for i, n := range nations {
		if at -= n.weight; at < 0 {
			return i
		}
	}
	return 0
}

// chooseType has passports and identity cards most often.
func chooseType(r *rand.Rand) session.DocumentType {
	switch k := r.IntN(100); {
	case k < 46:
		return session.Passport
	case k < 82:
		return session.IDCard
	case k < 92:
		return session.DrivingLicence
	}
	return session.ResidencePermit
}

// host is a state that gives a residence permit to foreigners from code.
func host(r *rand.Rand, code string) string {
	if h := choose(r, []string{"D", "FRA", "ITA", "ESP", "PRT", "NLD", "POL"}); h != code {
		return h
	}
	return "SWE"
}

func (p *Person) name(r *rand.Rand, n *nation, w wish) {
	given, last := n.draw(r, p.Sex)
	if w.given != "" {
		given, last = readName(w.given), readName(w.last)
	} else {
		longer, double := n.lengthen(r, p.Sex, given, last)
		if p.fits(longer.latin, double.latin) {
			given, last = longer, double
		}
	}
	p.FirstName, p.LastName = given.latin, last.latin
	if last.local != "" {
		p.Local = &session.LocalName{FirstName: given.local, LastName: last.local, Lang: n.lang}
	}
}

// fits reports whether the zone holds the whole name: cards have room for thirty characters, of which
// two part the names.
func (p *Person) fits(given, last string) bool {
	return len(mrz.Transliterate(last))+2+len(mrz.Transliterate(given)) < 30 || p.Type == session.Passport
}

// draw takes a given and a family name for somebody of a sex.
func (n *nation) draw(r *rand.Rand, sex string) (given, last name) {
	fam := choose(r, n.families)
	if sex == "F" {
		return choose(r, n.women), fam.woman
	}
	return choose(r, n.men), fam.man
}

// lengthen adds a second family name where that is the custom, and a second given name now and then.
func (n *nation) lengthen(r *rand.Rand, sex string, given, last name) (name, name) {
	more, mother := n.draw(r, sex)
	if (n.lang == "es" || n.lang == "pt") && r.IntN(10) < 7 && mother != last {
		return given, name{latin: last.latin + " " + mother.latin}
	}
	if oneGivenName[n.lang] || r.IntN(3) > 0 || more == given {
		return given, last
	}
	given.latin += " " + more.latin
	if given.local != "" {
		given.local += " " + more.local
	}
	return given, last
}

// oneGivenName are the languages whose speakers have no second given name.
var oneGivenName = map[string]bool{"ja": true, "ko": true, "vi": true, "ka": true, "hy": true, "uk": true, "kk": true}

// dates invents a birth date, and a document that is ten years valid and good today.
func (p *Person) dates(r *rand.Rand, today time.Time, age int) {
	if age == 0 {
		age = 18 + int(62*r.Float64()*r.Float64()) + r.IntN(4)
	}
	born := today.AddDate(-age, 0, -1-r.IntN(363))
	if young := today.AddDate(-age, 0, 0); age < 18 { // stays under age for months
		born = young.AddDate(0, 0, -r.IntN(90))
	}
	issued := today.AddDate(0, 0, -30-r.IntN(7*365)) // good for two years more at least
	p.Born, p.Issued, p.Expires = civil(born), civil(issued), civil(issued.AddDate(10, 0, 0))
}

func civil(t time.Time) session.Date { return session.Date(t.Format(time.DateOnly)) }

func (p Person) look(n *nation, today time.Time) specimen.Look {
	age, _ := p.Born.AgeOn(today)
	muslim := n.lang == "ar" || n.lang == "ur" || n.code == "TUR"
	return specimen.Look{Female: p.Sex == "F", Age: age, Skin: p.skin, Dark: n.dark,
		Scarf: muslim, Turban: n.code == "IND"}
}

// zone is the valid machine readable zone of the document.
func (p Person) zone() []string {
	format, details := mrz.TD1, mrz.Details{}
	switch p.Type {
	case session.DrivingLicence:
		return nil
	case session.Passport:
		format = mrz.TD3
	case session.ResidencePermit:
		details.DocumentCode = "IR"
	}
	lines, err := mrz.Generate(format, mrz.Person{
		LastName: p.LastName, FirstName: p.FirstName, DocumentNumber: p.Number, PersonalNumber: zoneNumber(p.PersonalNumber),
		Sex: p.Sex, BirthDate: string(p.Born), ExpirationDate: string(p.Expires), Nationality: p.Nationality, IssuingState: p.State,
	}, details)
	if err != nil {
		panic(fmt.Sprintf("demo: %s %s of %s has no zone: %v", p.FirstName, p.LastName, p.State, err))
	}
	return lines
}

// zoneNumber is a personal number without what a zone cannot hold, or none where it is too long.
func zoneNumber(number string) string {
	kept := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, number)
	if len(kept) > 14 {
		return ""
	}
	return kept
}

// serials is how many numbers a pattern holds at least: every one has seven digits.
const serials = 10_000_000

// fill replaces the 9s of a pattern by digits, the last seven by those of serial, and the As by letters.
func fill(r *rand.Rand, pattern string, serial int) string {
	out := []byte(pattern)
	left := 7
	for i := len(out) - 1; i >= 0; i-- {
		switch {
		case out[i] == '9' && left > 0:
			out[i] = byte('0' + serial%10)
			serial /= 10
			left--
		case out[i] == '9':
			out[i] = byte('1' + r.IntN(9))
		case out[i] == 'A':
			out[i] = "ABCDEFGHJKLMNPRSTUVWXYZ"[r.IntN(23)] // no I, O, Q: they look like digits
		}
	}
	return string(out)
}

func choose[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
