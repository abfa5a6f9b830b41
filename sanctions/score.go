package sanctions

import (
	"math"
	"strings"
)

// MatcherVersion goes on every result. It changes whenever a score may.
const MatcherVersion = "1"

// DefaultThreshold is where recall on the labelled data is best at one false alarm in a thousand; see
// docs/matching.md.
const DefaultThreshold = 0.782

// Bits say how much a token tells about who is meant. A rare family name says much, a particle little.
const (
	bitsUnknown    = 10.0 // a name that no table and no list knows
	bitsMost       = 11.0
	bitsLeast      = 4.5
	bitsCommon     = 7.0 // borne by one person in a thousand or so
	bitsVeryCommon = 5.5 // by one in a hundred
	bitsTypical    = 9.0
	bitsStretch    = 0.3 // draws rare and common names further apart; fitted
	bitsPatronymic = 6.0
	bitsNumber     = 5.0
	bitsInitial    = 2.5
	bitsKunya      = 2.0
	bitsServant    = 2.5
	bitsParticle   = 0.6
	bitsLoneName   = 7.0 // that both names are one word alone: few people are
	bitsGeneration = 0.5
	bitsTitle      = 0.3
	listInitial    = 0.3 // price of a bit of a query's token that the list gives but an initial of
	bitsLoose      = 0.6 // of the bits of a word whose vowels are a guess
	bitsShort      = 0.4 // of the bits of a syllable, where it is spelt from a script with many of one sound
)

// costs are the prices, in bits per bit, of what did not meet, and how a score is made of the rest.
type costs struct {
	vague    float32 // words less alike than this tell nothing
	guess    float32 // words whose vowels are a guess must be this much alike
	blur     float32 // of bits lost because tokens met only nearly
	conflict float32 // of bits that stand unmatched on both sides
	query    float32 // of bits that only the query has
	entry    float32 // of bits that only the entry has
	initial  float32 // of the bits that an initial does not say
	middle   float32 // share of a token's price when it stands between others: middle names are left out first
	doubt    float32 // bits that are paid once two names are not the same
	enough   float32 // bits that make a match as likely as not
	spread   float32 // bits from there to a likely match
	near     float32 // names of which no larger share is missing need no further evidence
	agree    float32 // share of the score that comes from how far the names agree; the rest is from the bits
}

// screenCosts serve screening, where a name meets a hundred thousand others and must say enough.
var screenCosts = costs{vague: 0.35, guess: 0.85, blur: 0.516, conflict: 0.71, query: 1.25, entry: 0.5, initial: 0.02, middle: 0.45, doubt: 5.8, enough: 7.7, spread: 0.9, near: 0.06, agree: 0.45}

// reachCosts serve the estimate that picks candidates, from sums that know neither order nor conflicts:
// they forgive more, so that few true matches fall out before they are compared.
var reachCosts = costs{vague: 0.2, guess: 0.85, blur: 0.4, conflict: 0.6, query: 0.3, entry: 0.2, initial: 0.1, middle: 0.5, doubt: 1, enough: 8, spread: 3, near: 0.1, agree: 0.6}

// pairCosts serve comparing two names, where only their agreement counts.
var pairCosts = costs{vague: 0.2, blur: 0.6, conflict: 2.74, query: 0.15, entry: 0.2, initial: 0.14, middle: 0.7, doubt: 0.5, enough: 7, spread: 2, near: 0.04, agree: 0.91}

// weights tell how many bits a token carries, from how common it is on the lists screened.
type weights struct {
	bits map[string]float32 // by text
}

// of gives the bits of a token of a person's name.
func (w *weights) of(t *token) float32 {
	switch t.kind {
	case particle:
		return bitsParticle
	case title:
		return bitsTitle
	case generation:
		return bitsGeneration
	case initial:
		if w == nil {
			return 2 * bitsInitial
		}
		return bitsInitial
	case kunya:
		return bitsKunya
	case servant:
		if w == nil {
			return 2 * bitsServant
		}
		return bitsServant
	case number:
		return bitsNumber
	case legalForm:
		return bitsParticle
	}
	b := float32(bitsUnknown)
	if w != nil {
		if known, ok := w.bits[t.text]; ok {
			b = known
		}
	}
	if c, ok := commonBits[t.text]; ok {
		b = min(b, c)
	}
	if b > bitsCommon && (givenNames[t.text] || familyNames[t.text]) {
		b = bitsCommon
	}
	if t.kind == patronymic {
		b = min(b, bitsPatronymic)
	}
	if t.short {
		b *= bitsShort
	}
	if t.loose {
		b *= bitsLoose
	}
	switch len(t.text) {
	case 2:
		b *= 0.75
	case 3:
		b *= 0.88
	}
	return b * float32(math.Pow(float64(b)/bitsTypical, bitsStretch))
}

// rarity turns a share of all names into bits. It grows slower than the logarithm: that a name is twice
// as rare on a list says less than that about the world.
func rarity(names, with int) float32 {
	b := 3.5 + 0.55*math.Log2(float64(names)/float64(max(with, 1)))
	return float32(min(max(b, bitsLeast), bitsMost))
}

var commonBits = readCommon(commonNames)

func readCommon(text string) map[string]float32 {
	m := make(map[string]float32)
	for line := range strings.Lines(text) {
		kind, names, _ := strings.Cut(strings.TrimSpace(line), ":")
		b := float32(bitsCommon)
		if kind == "very" {
			b = bitsVeryCommon
		}
		for _, n := range strings.Fields(names) {
			m[n] = b
		}
	}
	return m
}

func newSide(tokens []token, w *weights) side {
	s := side{tokens: tokens, info: make([]float32, len(tokens))}
	for i := range tokens {
		s.info[i] = w.of(&tokens[i])
	}
	return s
}

// nameScore is what meetings leave of two names: 1 when all met the same, 0 when nothing did.
func nameScore(q, e *side, met []meeting, c *costs) float32 {
	matched, price := c.weigh(q, e, met)
	return c.score(matched, price)
}

// weigh gives the bits that met and the price of what did not.
func (c *costs) weigh(q, e *side, met []meeting) (matched, price float32) {
	var usedQ, usedE uint32
	for k := range met {
		m := &met[k]
		usedQ |= m.maskQ()
		usedE |= m.maskE()
		clear := c.clear(m.like)
		if m.how == transliterated && m.like < c.guess {
			clear = 0
		}
		matched += clear * m.info
		price += c.blur * (1 - clear) * m.info
		if m.how == asInitial {
			price += c.initial * max(0, e.most(m)-m.info)
			price += listInitial * max(0, q.bits(m.q, m.qn)-m.info)
		}
	}
	if len(q.tokens) == 1 && len(e.tokens) == 1 && matched > 0 {
		matched += bitsLoneName
	}
	price += crossedParents(q, e, met)
	onlyQ, softQ := c.only(q, usedQ)
	onlyE, softE := c.only(e, usedE)
	return matched, price + c.unmet(onlyQ, onlyE, softQ, softE)
}

// crossedParents is the price of "Omar bin Abdullah" for "Abdullah bin Omar": father and son.
func crossedParents(q, e *side, met []meeting) (price float32) {
	i, j := sonOf(q), sonOf(e)
	if i == 0 || j == 0 {
		return 0
	}
	for k := range met {
		if m := &met[k]; m.qn == 1 && m.en == 1 && (m.q == i-1 && m.e > j || m.q > i && m.e == j-1) {
			price += m.info / 2
		}
	}
	return price
}

// sonOf finds the first bin that stands between two names; 0 if there is none.
func sonOf(s *side) int {
	for i := 1; i < len(s.tokens)-1; i++ {
		if s.tokens[i].text == "bin" {
			return i
		}
	}
	return 0
}

// clear is the share of a token's bits that a likeness leaves.
func (c *costs) clear(like float32) float32 {
	if like >= 1 {
		return 1
	}
	return max(0, (like-c.vague)/(1-c.vague))
}

// unmet is the price of bits that stand on one side only. What both sides have is a conflict; what one
// has in excess costs the less the more of it (the soft part) stands in the middle of the name.
func (c *costs) unmet(onlyQ, onlyE, softQ, softE float32) float32 {
	both := min(onlyQ, onlyE)
	price := c.conflict * both
	if onlyQ > both {
		price += c.query * (onlyQ - both) * (1 - (1-c.middle)*softQ/onlyQ)
	}
	if onlyE > both {
		price += c.entry * (onlyE - both) * (1 - (1-c.middle)*softE/onlyE)
	}
	return price
}

// only sums the bits of the tokens that met nothing, and of those of them in the middle.
func (c *costs) only(s *side, used uint32) (all, middle float32) {
	for i, b := range s.info {
		if used>>i&1 != 0 {
			continue
		}
		all += b
		if i > 0 && i < len(s.info)-1 && i != s.family {
			middle += b
		}
	}
	return all, middle
}

// score joins how far two names agree with how much that says.
func (c *costs) score(matched, price float32) float32 {
	if matched <= 0 {
		return 0
	}
	if price <= 0 {
		return 1
	}
	agree := matched / (matched + price + c.doubt*price/(price+1))
	if c.agree >= 1 {
		return agree
	}
	says := 1 / (1 + float32(math.Exp(float64(c.enough-matched+price)/float64(c.spread))))
	says += (1 - says) * max(0, 1-price/(c.near*matched))
	return c.agree*agree + (1-c.agree)*says
}

// most gives the bits of the entry tokens of m.
func (s *side) most(m *meeting) float32 {
	if m.en < 0 {
		return s.info[0] + s.info[m.e]
	}
	return s.bits(m.e, m.en)
}

// Compare scores two names against each other, without any list: 0..1, 1 for the same name. The schema
// is that of FollowTheMoney: "Person", "Company", "Organization", "LegalEntity", "Vessel". Swapping the
// names changes the score by less than 0.1.
func Compare(a, b string, schema string) float64 {
	ta, tb := tokeniseAs(a, schema), tokeniseAs(b, schema)
	if len(ta) == 0 || len(tb) == 0 {
		return 0
	}
	q, e := newSide(ta, nil), newSide(tb, nil)
	var al aligner
	met := al.align(&q, &e, func(i, j int) (float32, relation) { return likeness(&ta[i], &tb[j]) }, -1)
	return round4(calibrate(nameScore(&q, &e, met, &pairCosts)))
}

// pairThreshold is the score of pairCosts that tells matches from others best; calibrate moves it to
// DefaultThreshold, so that one number serves comparing and screening.
const pairThreshold = 0.815

func calibrate(v float32) float32 {
	if v < pairThreshold {
		return v * DefaultThreshold / pairThreshold
	}
	return DefaultThreshold + (v-pairThreshold)*(1-DefaultThreshold)/(1-pairThreshold)
}

func tokeniseAs(name, schema string) []token {
	if schema == "" || schema == "Person" {
		return tokenise(name)
	}
	return tokeniseEntity(name)
}

func round4(v float32) float64 {
	return math.Round(float64(v)*10000) / 10000
}
