package sanctions

import (
	"math"
	"strings"
)

// MatcherVersion goes on every result. It changes whenever a score may.
const MatcherVersion = "4"

// DefaultThreshold is where recall on the labelled data is best at one false alarm in a thousand; see
// docs/matching.md.
const DefaultThreshold = 0.765

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
	guessedVowels  = 0.4 // of the price of a blur that may come from vowels that the script does not write
	bitsShort      = 0.4 // of the bits of a syllable, where it is spelt from a script with many of one sound
)

// costs are the prices, in bits per bit, of what did not meet, and how a score is made of the rest.
type costs struct {
	vague      float32 // words less alike than this tell nothing
	guess      float32 // words whose vowels are a guess must be this much alike
	blur       float32 // of bits lost because tokens met only nearly
	conflict   float32 // of bits that stand unmatched on both sides
	query      float32 // of bits that only the query has
	entry      float32 // of bits that only the entry has
	initial    float32 // of the bits that an initial does not say
	middle     float32 // share of a token's price when it stands between others: middle names are left out first
	within     float32 // the same for the query's tokens
	doubt      float32 // bits that are paid once two names are not the same
	enough     float32 // bits that make a match as likely as not
	spread     float32 // bits from there to a likely match
	near       float32 // names of which no larger share is missing need no further evidence
	agree      float32 // share of the score that comes from how far the names agree; the rest is from the bits
	slipInfo   float32 // an unknown word that nearly met: share of the bits of the listed word,
	slipWord   float32 // of those that its own letters say,
	slipLetter float32 // of those that they say on average,
	slipError  float32 // less this for each error,
	slipBase   float32 // and this once
	slipBlur   float32 // price of a bit lost to its errors
	oddFrom    float32 // bits a letter from which an unknown word reads less like a name than most
	oddAlone   float32 // bits by which such a word costs less, for each bit a letter above oddFrom
	order      float32 // bits that are paid for meetings in another order
	rareFrom   float32 // bits met from which a name left out of the query costs less, and below which more:
	rare       float32 // by this share for each bit; a rare pair of names says who is meant, whatever else the list knows
}

// screenCosts serve screening, where a name meets a hundred thousand others and must say enough.
var screenCosts = costs{vague: 0.396, guess: 0.85, blur: 0.6, conflict: 0.81, query: 0.65, entry: 0.29, initial: 0.011, middle: 0.32, within: 0.6, doubt: 7, enough: 7.6, spread: 0.9, near: 0.06, agree: 0.6, slipInfo: 0.35, slipWord: 0.242, slipLetter: 1.48, slipError: 2.5, slipBase: 3.88, slipBlur: 0.16, oddFrom: 0.56, oddAlone: 2.04, order: 2.58, rareFrom: 14, rare: 0.09}

// reachCosts serve the estimate that picks candidates, from sums that know neither order nor conflicts:
// they forgive more, so that few true matches fall out before they are compared.
var reachCosts = costs{vague: 0.2, guess: 0.85, blur: 0.4, conflict: 0.6, query: 0.3, entry: 0.2, initial: 0.1, middle: 0.5, within: 0.5, doubt: 1, enough: 8, spread: 3, near: 0.1, agree: 0.6}

// pairCosts serve comparing two names, where only their agreement counts.
var pairCosts = costs{vague: 0.2, blur: 0.6, conflict: 2.74, query: 0.15, entry: 0.2, initial: 0.14, middle: 0.7, within: 0.7, doubt: 0.5, enough: 7, spread: 2, near: 0.04, agree: 0.91}

// weights tell how many bits a token carries, from how common it is on the lists screened.
type weights struct {
	bits    map[string]float32 // by text
	letters *letterModel
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
		b *= looseShare(consonants(t.sound))
	}
	switch len(t.text) {
	case 2:
		b *= 0.75
	case 3:
		b *= 0.88
	}
	return b * float32(math.Pow(float64(b)/bitsTypical, bitsStretch))
}

// looseShare is the share of its bits that a word keeps whose vowels are a guess: the more consonants
// must fit, the fewer other words do.
func looseShare(consonants int) float32 {
	switch {
	case consonants < 4:
		return 0.65
	case consonants == 4:
		return 0.8
	}
	return 0.95
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
	s := side{tokens: tokens}
	s.weigh(w)
	return s
}

// weigh works out what the tokens carry, unless it did.
func (s *side) weigh(w *weights) {
	if s.info != nil {
		return
	}
	s.info = make([]float32, len(s.tokens))
	for i := range s.tokens {
		s.info[i] = w.of(&s.tokens[i])
		s.tokens[i].strange = w.strangeness(&s.tokens[i])
	}
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
		gain, loss := clear*m.info, c.blur*(1-clear)*m.info
		if m.how == transliterated {
			loss *= guessedVowels
		}
		if strange, n := q.strange(m); n > 0 {
			gain, loss = c.slipped(m, clear, strange, n)
		}
		matched += gain
		price += loss
		if m.how == asInitial {
			price += c.initial * max(0, e.most(m)-m.info)
			price += listInitial * max(0, q.bits(m.q, m.qn)-m.info)
		}
	}
	if len(q.tokens) == 1 && len(e.tokens) == 1 && matched > 0 {
		matched += bitsLoneName
	}
	price += crossedParents(q, e, met)
	if len(met) > 1 {
		price += c.order * crossings(met)
	}
	onlyE, softE, others := c.only(e, usedE, 0)
	onlyQ, softQ, _ := c.only(q, usedQ, others)
	return matched, price + c.unmet(onlyQ, onlyE, softQ, softE, c.leftOut(matched))
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

// strange gives the bits that the letters of the query's part of m say, and their number, where it is one
// word that nobody knows; n is 0 where it is not.
func (s *side) strange(m *meeting) (bits float32, n int) {
	t := &s.tokens[m.q]
	if m.qn != 1 || m.how != spelling && m.how != sound || t.strange == 0 {
		return 0, 0
	}
	return t.strange, len(t.text)
}

// slipped gives the bits of an unknown word that nearly met a listed one. The less it reads like a name,
// the likelier it is a slip of the keyboard and not another person's name.
func (c *costs) slipped(m *meeting, clear, strange float32, n int) (gain, price float32) {
	errors := (1 - m.like) * float32(n)
	gain = c.slipInfo*clear*m.info + c.slipWord*strange + c.slipLetter*strange/float32(n+1) - c.slipError*errors - c.slipBase
	return min(max(gain, 0), bitsMost), c.slipBlur * (1 - clear) * m.info
}

// alone gives the bits at stake for a word that met nothing: fewer where it reads like no name.
func (c *costs) alone(bits float32, t *token) float32 {
	odd := t.strange/float32(len(t.text)+1) - c.oddFrom
	return min(max(bits-c.oddAlone*odd, 0.1*bits), 1.3*bits)
}

// crossings is 1 where nearly met tokens stand in another order than on the list.
func crossings(met []meeting) float32 {
	for i := range met {
		for j := range met {
			if met[i].q < met[j].q && met[i].e > met[j].e && min(met[i].like, met[j].like) < 0.97 {
				return 1
			}
		}
	}
	return 0
}

// strangeness gives the bits that the letters of a word say, 0 for names that a list or table knows.
func (w *weights) strangeness(t *token) float32 {
	if w == nil || w.letters == nil || t.kind != ordinary || t.other || t.settled || t.kin != nil || len(t.text) < 2 {
		return 0
	}
	if _, known := w.bits[t.text]; known || commonBits[t.text] > 0 || spelledNames[t.text] {
		return 0
	}
	return min(w.letters.surprise(t.text), 40)
}

// clear is the share of a token's bits that a likeness leaves.
func (c *costs) clear(like float32) float32 {
	if like >= 1 {
		return 1
	}
	return max(0, (like-c.vague)/(1-c.vague))
}

// leftOut is how many times its price a name costs that only the list has, by the bits that met.
func (c *costs) leftOut(matched float32) float32 {
	return min(max(1-c.rare*(matched-c.rareFrom), 0.3), 2)
}

// unmet is the price of bits that stand on one side only. What both sides have is a conflict; what one
// has in excess costs the less the more of it (the soft part) stands in the middle of the name.
func (c *costs) unmet(onlyQ, onlyE, softQ, softE, leftOut float32) float32 {
	both := min(onlyQ, onlyE)
	price := c.conflict * both
	if onlyQ > both {
		price += c.query * (onlyQ - both) * (1 - (1-c.within)*softQ/onlyQ)
	}
	if onlyE > both {
		price += leftOut * c.entry * (onlyE - both) * (1 - (1-c.middle)*softE/onlyE)
	}
	return price
}

// only sums the bits of the tokens that met nothing, and of those of them in the middle, and counts the
// names among them. As many words that nobody knows as the other side has names over may be those names,
// misspelt beyond recognition.
func (c *costs) only(s *side, used uint32, others int) (all, middle float32, names int) {
	for i, b := range s.info {
		if used>>i&1 != 0 {
			continue
		}
		if t := &s.tokens[i]; t.kind != particle && t.kind != initial && t.kind != generation {
			names++
			if t.strange > 0 && others > 0 {
				others--
				b = c.alone(b, t)
			}
		}
		all += b
		if i > 0 && i < len(s.info)-1 && i != s.family {
			middle += b
		}
	}
	return all, middle, names
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
	_, score := al.align(&q, &e, func(i, j int) (float32, relation) { return likeness(&ta[i], &tb[j]) }, -1, &pairCosts)
	return round4(calibrate(score))
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
