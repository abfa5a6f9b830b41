package sanctions

import (
	"fmt"
	"slices"
	"strings"
)

// Points that the other fields add to a name's score, or take from it. A name alone is worth up to 1.
const (
	pointsSameDay     = 0.15
	pointsSameYear    = 0.05
	pointsSwapped     = 0.10
	pointsOneDigit    = 0.04
	pointsNearYear    = -0.02
	pointsFarBirth    = -0.15
	pointsNationality = 0.02
	pointsOtherNation = -0.02
	pointsOtherSex    = -0.15
	pointsSamePlace   = 0.03
)

// An asked person is one with what is worked out once, however many entries it is compared with.
type asked struct {
	*Person
	nations []string // the codes of its nationalities, as far as we know the countries
	place   string   // the first word of its birth place
}

func (p *Person) asked() *asked {
	a := &asked{Person: p}
	for _, n := range p.Nationalities {
		if c := Country(n); c != "" {
			a.nations = append(a.nations, c)
		}
	}
	if place := words(p.BirthPlace); len(place) > 0 {
		a.place = place[0].text
	}
	return a
}

// judge scores the entry behind a candidate name with all fields, and says whether it is a hit. Only a hit
// gets reasons: few candidates are one.
func (x *Index) judge(p *asked, c *candidate, o Options) (Hit, bool) {
	n := &x.names[c.name]
	e := x.entries[n.entry]
	h := Hit{List: e.List, EntryID: e.ID, Type: e.Type, Topic: e.Topic, Name: e.Names[0].Full, Programs: e.Programs}
	h.MatchedName = e.Names[n.name].Full
	h.WeakAlias = e.Names[n.name].Weak
	met := metFields{compareBirths(p.Born, e.Births), compareNations(p.nations, e.Nationalities), compareSex(p.Sex, e.Sexes), comparePlaces(p.place, e.BirthPlaces)}
	total := c.score
	agrees := false
	for _, m := range met {
		total += float32(m.points)
		agrees = agrees || m.points >= pointsSwapped
	}
	h.Score = round4(min(max(total, 0), 1))
	if h.WeakAlias && !agrees && (slices.Contains(o.WeakNeedMore, h.List) || slices.Contains(o.WeakNeedMore, Base(h.List))) {
		return Hit{}, false
	}
	if h.Score < o.Threshold {
		return h, false
	}
	h.Reasons = met.reasons(p, e)
	return h, true
}

// A metField says how a field of a person meets that of an entry. The zero one says nothing.
type metField struct {
	kind   string
	points float64
	at     int // which of the entry's values it is
}

// metFields are all but the names: birth date, nationality, sex and birth place.
type metFields [4]metField

// reasons puts them into words.
func (met metFields) reasons(p *asked, e *Entry) (rs []Reason) {
	for i, m := range met {
		if m.kind == "" {
			continue
		}
		r := Reason{Kind: m.kind, Points: m.points}
		switch i {
		case 0:
			born := e.Births[m.at]
			r.Field, r.Query, r.Entry, r.Text = "birth_date", showDate(p.Born), showDate(born), birthText(m.kind, p.Born, born)
		case 1:
			r.Field, r.Query, r.Entry, r.Text = "nationality", strings.Join(p.nations, ", "), strings.Join(e.Nationalities, ", "), "no nationality in common"
			if m.kind == "same" {
				r.Text = "a nationality in common"
			}
		case 2:
			r.Field, r.Query, r.Entry, r.Text = "sex", p.Sex, e.Sexes[m.at], "the list says another sex"
		case 3:
			r.Field, r.Query, r.Entry, r.Text = "place", p.BirthPlace, e.BirthPlaces[m.at], "the same place of birth"
		}
		rs = append(rs, r)
	}
	return rs
}

// compareBirths compares a birth date with those of an entry; the best of them counts.
func compareBirths(born Date, listed []Date) (best metField) {
	if born.From.Year == 0 {
		return metField{}
	}
	for i, d := range listed {
		if d.From.Year == 0 {
			continue
		}
		if kind, points := compareBirth(born, d); best.kind == "" || points > best.points {
			best = metField{kind, points, i}
		}
	}
	return best
}

func compareBirth(a, b Date) (kind string, points float64) {
	switch {
	case exact(a) && exact(b) && a.From == b.From:
		return "same", pointsSameDay
	case exact(a) && exact(b) && swapped(a.From, b.From):
		return "swapped", pointsSwapped
	case overlap(a, b), exact(a) && exact(b) && a.From.Year == b.From.Year:
		return "year", pointsSameYear
	case exact(a) && exact(b) && oneDigit(a.From, b.From):
		return "digit", pointsOneDigit
	}
	switch years := yearsApart(a, b); {
	case years <= 2 || b.Circa && years <= 5:
		return "near", pointsNearYear
	default:
		return "differs", pointsFarBirth * min(float64(years)/10, 1)
	}
}

// birthText says what compareBirth found.
func birthText(kind string, a, b Date) string {
	switch kind {
	case "same":
		return "the same day of birth"
	case "swapped":
		return "the same day of birth with day and month swapped"
	case "year":
		if overlap(a, b) {
			return "the birth dates agree as far as both are known"
		}
		return "the same year of birth"
	case "digit":
		return "birth dates that differ in one digit"
	}
	return fmt.Sprintf("birth dates %d years apart", yearsApart(a, b))
}

func exact(d Date) bool { return d.From == d.To && d.From.Day > 0 }

func swapped(a, b Day) bool {
	return a.Year == b.Year && a.Month == b.Day && a.Day == b.Month
}

func overlap(a, b Date) bool { return !after(a.From, b.To) && !after(b.From, a.To) }

func after(a, b Day) bool {
	if a.Year != b.Year {
		return a.Year > b.Year
	}
	if a.Month != b.Month {
		return a.Month > b.Month
	}
	return a.Day > b.Day
}

func yearsApart(a, b Date) int {
	if overlap(a, b) {
		return 0
	}
	return int(max(a.From.Year-b.To.Year, b.From.Year-a.To.Year))
}

// oneDigit says whether two dates differ in one written digit.
func oneDigit(a, b Day) bool {
	n := 0
	for x, y := a.digits(), b.digits(); x != y; x, y = x/10, y/10 {
		if x%10 != y%10 {
			n++
		}
	}
	return n == 1
}

// digits is the day as it is written: 19760223.
func (d Day) digits() int { return int(d.Year)*10_000 + int(d.Month)*100 + int(d.Day) }

func showDate(d Date) string {
	if exact(d) {
		return fmt.Sprintf("%04d-%02d-%02d", d.From.Year, d.From.Month, d.From.Day)
	}
	if d.From.Year == d.To.Year {
		return fmt.Sprintf("%04d", d.From.Year)
	}
	return fmt.Sprintf("%04d to %04d", d.From.Year, d.To.Year)
}

func compareNations(codes, listed []string) metField {
	switch {
	case len(codes) == 0 || len(listed) == 0:
		return metField{}
	case slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(listed, c) }):
		return metField{kind: "same", points: pointsNationality}
	}
	return metField{kind: "differs", points: pointsOtherNation}
}

func compareSex(sex string, listed []string) metField {
	if sex != "M" && sex != "F" || len(listed) == 0 || slices.Contains(listed, sex) {
		return metField{}
	}
	return metField{kind: "differs", points: pointsOtherSex}
}

// comparePlaces looks for the first word of a birth place among those of an entry.
func comparePlaces(first string, listed []string) metField {
	if first == "" {
		return metField{}
	}
	for i, l := range listed {
		if slices.ContainsFunc(words(l), func(w word) bool { return w.text == first }) {
			return metField{"same", pointsSamePlace, i}
		}
	}
	return metField{}
}

// addDocumentHits makes hits of entries with a document number of p, whatever their names.
func (x *Index) addDocumentHits(hits []Hit, p *Person, o Options) []Hit {
	if len(x.numbers) == 0 {
		return hits
	}
	for _, d := range p.Documents {
		for _, i := range x.numbers[documentKey(d)] {
			e := x.entries[i]
			r := Reason{Field: "document_number", Kind: "same", Query: d, Entry: d, Points: 1, Text: "the same document number"}
			k := slices.IndexFunc(hits, func(h Hit) bool { return h.List == e.List && h.EntryID == e.ID })
			if k < 0 {
				hits = append(hits, Hit{List: e.List, EntryID: e.ID, Type: e.Type, Topic: e.Topic, Name: e.Names[0].Full, MatchedName: e.Names[0].Full, Programs: e.Programs})
				k = len(hits) - 1
			}
			hits[k].Score = 1
			hits[k].Reasons = append(hits[k].Reasons, r)
		}
	}
	return hits
}
