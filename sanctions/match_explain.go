package sanctions

import (
	"fmt"
	"slices"
	"strings"
)

// explain puts the tokens that met, and those that did not, in front of a hit's reasons. Their points
// share out the score of the name: what met adds, what stands alone takes.
func (x *Index) explain(p *Person, h *Hit) {
	i, ok := x.ids[Key{h.List, h.EntryID}]
	if !ok {
		return
	}
	e := x.entries[i]
	k := slices.IndexFunc(e.Names, func(n Name) bool { return n.Full == h.MatchedName })
	if k < 0 {
		return
	}
	entry := newSide(entryTokens(e, k), x.weights)
	entry.family = int(familyStart(e.Names[k].Family, entry.tokens))
	var al aligner
	var best []Reason
	var bestScore float32
	for _, n := range p.spellings() {
		q := newSide(n.tokens, x.weights)
		met, score := al.align(&q, &entry, func(i, j int) (float32, relation) { return likeness(&q.tokens[i], &entry.tokens[j]) }, n.cut, &screenCosts)
		if score > bestScore {
			best, bestScore = nameReasons(&q, &entry, met, score), score
		}
	}
	if h.WeakAlias && len(best) > 0 {
		best = append(best, Reason{Field: "name", Kind: "weak_alias", Entry: h.MatchedName, Text: "the list marks this name as a weak alias"})
	}
	h.Reasons = append(best, h.Reasons...)
}

// nameReasons tells each meeting and each token left over. Their points add up to score.
func nameReasons(q, e *side, met []meeting, score float32) []Reason {
	var usedQ, usedE uint32
	var all float32
	for k := range met {
		all += met[k].like * met[k].info
	}
	rest := 1 - score
	var rs []Reason
	slices.SortStableFunc(met, func(a, b meeting) int { return a.q - b.q })
	for k := range met {
		m := &met[k]
		usedQ |= m.maskQ()
		usedE |= m.maskE()
		a, b := rawText(q, m.q, m.qn), rawText(e, m.e, m.en)
		rs = append(rs, Reason{
			Field: "name", Kind: m.how.String(), Query: a, Entry: b,
			Points: round4(m.like * m.info / all), Text: meetingText(m.how, a, b),
		})
	}
	only := lonely(q, usedQ, "the list does not have")
	rs = append(rs, only...)
	for _, r := range lonely(e, usedE, "only the list has") {
		r.Query, r.Entry = "", r.Query
		rs = append(rs, r)
	}
	sharePrice(rs, rest)
	return rs
}

// lonely gives a reason for each token that met nothing. Its points are its bits until sharePrice.
func lonely(s *side, used uint32, text string) (rs []Reason) {
	for i, t := range s.tokens {
		if used>>i&1 == 0 {
			rs = append(rs, Reason{Field: "name", Kind: unmet.String(), Query: t.raw, Points: -float64(s.info[i]), Text: fmt.Sprintf("%s: %s this name", t.raw, text)})
		}
	}
	return rs
}

// sharePrice spreads what the score lacks over the tokens that met nothing or, where all met, over those
// that met not the same.
func sharePrice(rs []Reason, lacks float32) {
	share := func(r *Reason) float64 {
		if r.Kind == unmet.String() {
			return -r.Points
		}
		return 0
	}
	var sum float64
	for k := range rs {
		sum += share(&rs[k])
	}
	if sum == 0 { // all met: take it from each in proportion
		for k := range rs {
			rs[k].Points = round4(float32(rs[k].Points) * (1 - lacks))
		}
		return
	}
	for k := range rs {
		if s := share(&rs[k]); s > 0 {
			rs[k].Points = round4(-lacks * float32(s/sum))
		}
	}
}

func rawText(s *side, i, n int) string {
	if n < 0 {
		return s.tokens[0].raw + " " + s.tokens[i].raw
	}
	parts := make([]string, 0, n)
	for _, t := range s.tokens[i : i+n] {
		parts = append(parts, t.raw)
	}
	return strings.Join(parts, " ")
}

func meetingText(how relation, a, b string) string {
	said := map[relation]string{
		same:           "the same",
		spelling:       "nearly the same spelling",
		sound:          "another spelling of the same sounds",
		variant:        "another form of one name",
		nickname:       "a short form of the name",
		asInitial:      "the initial fits",
		joined:         "the same letters, written together or apart",
		prefix:         "the zone cut the name short; its beginning fits",
		transliterated: "the same name written in another script",
	}
	return fmt.Sprintf("%s met %s: %s", a, b, said[how])
}
