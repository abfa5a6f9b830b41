package sanctions

import (
	"math"
	"strings"
)

// MatcherVersion goes on every result. It changes whenever a score may.
const MatcherVersion = "1"

// DefaultThreshold is where recall on the labelled data is best at one false alarm in a thousand; see
// docs/matching.md.
const DefaultThreshold = 0.75

// Bits say how much a token tells about who is meant. A rare family name says much, a particle little.
const (
	bitsUnknown    = 10.0 // a name that no table and no list knows
	bitsMost       = 11.0
	bitsLeast      = 4.5
	bitsCommon     = 7.0 // borne by one person in a thousand or so
	bitsVeryCommon = 5.5 // by one in a hundred
	bitsPatronymic = 6.0
	bitsNumber     = 5.0
	bitsInitial    = 2.5
	bitsKunya      = 2.0
	bitsParticle   = 0.6
	bitsGeneration = 0.5
	bitsTitle      = 0.3
)

// cost are the prices, in bits per bit, of what did not meet.
type costs struct {
	blur     float32 // of bits lost because tokens met only nearly
	conflict float32 // of bits that stand unmatched on both sides
	query    float32 // of bits that only the query has
	entry    float32 // of bits that only the entry has
	middle   float32 // share of a token's price when it stands between others: middle names are left out first
}

var screenCosts = costs{blur: 1.1, conflict: 1.7, query: 0.7, entry: 0.35, middle: 0.7}

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
		return bitsInitial
	case kunya:
		return bitsKunya
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
	if t.kind == patronymic {
		b = min(b, bitsPatronymic)
	}
	switch len(t.text) {
	case 2:
		b *= 0.75
	case 3:
		b *= 0.88
	}
	return b
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
	var usedQ, usedE uint32
	var matched, blurred float32
	for k := range met {
		m := &met[k]
		usedQ |= m.maskQ()
		usedE |= m.maskE()
		matched += m.like * m.info
		blurred += (1 - m.like) * m.info
	}
	onlyQ, onlyE := loose(q, usedQ, c), loose(e, usedE, c)
	both := min(onlyQ, onlyE)
	if matched == 0 {
		return 0
	}
	price := c.blur*blurred + c.conflict*both + c.query*(onlyQ-both) + c.entry*(onlyE-both)
	return matched / (matched + price)
}

// loose sums the bits of the tokens that met nothing.
func loose(s *side, used uint32, c *costs) (sum float32) {
	for i, b := range s.info {
		if used>>i&1 != 0 {
			continue
		}
		if i > 0 && i < len(s.info)-1 {
			b *= c.middle
		}
		sum += b
	}
	return sum
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
	return round4(nameScore(&q, &e, met, &screenCosts))
}

func tokeniseAs(name, schema string) []token {
	return tokenise(name)
}

func round4(v float32) float64 {
	return math.Round(float64(v)*10000) / 10000
}
