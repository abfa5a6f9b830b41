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

// judge scores the entry behind a candidate name with all fields, and says whether it is a hit.
func (x *Index) judge(p *Person, c *candidate, o Options) (Hit, bool) {
	n := &x.names[c.name]
	e := x.entries[n.entry]
	h := Hit{List: e.List, EntryID: e.ID, Type: e.Type, Topic: e.Topic, Name: e.Names[0].Full, Programs: e.Programs}
	h.MatchedName = e.Names[n.name].Full
	h.WeakAlias = e.Names[n.name].Weak
	h.Reasons = fieldReasons(p, e)
	total := c.score
	agrees := false
	for _, r := range h.Reasons {
		total += float32(r.Points)
		agrees = agrees || r.Points >= pointsSwapped
	}
	h.Score = round4(min(max(total, 0), 1))
	if h.WeakAlias && !agrees && (slices.Contains(o.WeakNeedMore, h.List) || slices.Contains(o.WeakNeedMore, Base(h.List))) {
		return Hit{}, false
	}
	return h, h.Score >= o.Threshold
}

// fieldReasons compares everything but the names.
func fieldReasons(p *Person, e *Entry) []Reason {
	var rs []Reason
	if r, ok := birthReason(p.Born, e.Births); ok {
		rs = append(rs, r)
	}
	if r, ok := nationReason(p.Nationalities, e.Nationalities); ok {
		rs = append(rs, r)
	}
	if r, ok := sexReason(p.Sex, e.Sexes); ok {
		rs = append(rs, r)
	}
	if r, ok := placeReason(p.BirthPlace, e.BirthPlaces); ok {
		rs = append(rs, r)
	}
	return rs
}

// birthReason compares a birth date with those of an entry; the best of them counts.
func birthReason(born Date, listed []Date) (Reason, bool) {
	if born.From.Year == 0 || len(listed) == 0 {
		return Reason{}, false
	}
	var best Reason
	for i, d := range listed {
		if d.From.Year == 0 {
			continue
		}
		kind, points, text := compareBirth(born, d)
		if best.Kind == "" || points > best.Points {
			best = Reason{Field: "birth_date", Kind: kind, Query: showDate(born), Entry: showDate(listed[i]), Points: points, Text: text}
		}
	}
	return best, best.Kind != ""
}

func compareBirth(a, b Date) (kind string, points float64, text string) {
	switch {
	case exact(a) && exact(b) && a.From == b.From:
		return "same", pointsSameDay, "the same day of birth"
	case exact(a) && exact(b) && swapped(a.From, b.From):
		return "swapped", pointsSwapped, "the same day of birth with day and month swapped"
	case overlap(a, b):
		return "year", pointsSameYear, "the birth dates agree as far as both are known"
	case exact(a) && exact(b) && a.From.Year == b.From.Year:
		return "year", pointsSameYear, "the same year of birth"
	case exact(a) && exact(b) && oneDigit(a.From, b.From):
		return "digit", pointsOneDigit, "birth dates that differ in one digit"
	}
	switch years := yearsApart(a, b); {
	case years <= 2 || b.Circa && years <= 5:
		return "near", pointsNearYear, fmt.Sprintf("birth dates %d years apart", years)
	default:
		share := min(float64(years)/10, 1)
		return "differs", pointsFarBirth * share, fmt.Sprintf("birth dates %d years apart", years)
	}
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
	x := fmt.Sprintf("%04d%02d%02d", a.Year, a.Month, a.Day)
	y := fmt.Sprintf("%04d%02d%02d", b.Year, b.Month, b.Day)
	n := 0
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			n++
		}
	}
	return n == 1
}

func showDate(d Date) string {
	if exact(d) {
		return fmt.Sprintf("%04d-%02d-%02d", d.From.Year, d.From.Month, d.From.Day)
	}
	if d.From.Year == d.To.Year {
		return fmt.Sprintf("%04d", d.From.Year)
	}
	return fmt.Sprintf("%04d to %04d", d.From.Year, d.To.Year)
}

func nationReason(person, listed []string) (Reason, bool) {
	var codes []string
	for _, n := range person {
		if c := Country(n); c != "" {
			codes = append(codes, c)
		}
	}
	if len(codes) == 0 || len(listed) == 0 {
		return Reason{}, false
	}
	r := Reason{Field: "nationality", Query: strings.Join(codes, ", "), Entry: strings.Join(listed, ", ")}
	for _, c := range codes {
		if slices.Contains(listed, c) {
			r.Kind, r.Points, r.Text = "same", pointsNationality, "a nationality in common"
			return r, true
		}
	}
	r.Kind, r.Points, r.Text = "differs", pointsOtherNation, "no nationality in common"
	return r, true
}

func sexReason(sex string, listed []string) (Reason, bool) {
	if sex != "M" && sex != "F" || len(listed) == 0 || slices.Contains(listed, sex) {
		return Reason{}, false
	}
	return Reason{Field: "sex", Kind: "differs", Query: sex, Entry: listed[0], Points: pointsOtherSex, Text: "the list says another sex"}, true
}

func placeReason(place string, listed []string) (Reason, bool) {
	mine := strings.Fields(Normalise(place))
	if len(mine) == 0 {
		return Reason{}, false
	}
	for _, l := range listed {
		if slices.Contains(strings.Fields(Normalise(l)), mine[0]) {
			return Reason{Field: "place", Kind: "same", Query: place, Entry: l, Points: pointsSamePlace, Text: "the same place of birth"}, true
		}
	}
	return Reason{}, false
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
