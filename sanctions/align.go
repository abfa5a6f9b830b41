package sanctions

import (
	"math/bits"
	"slices"
	"strings"
)

// A relation says how two tokens met; it is the kind of a [Reason].
type relation uint8

const (
	unmet relation = iota
	same
	spelling
	sound
	variant
	nickname
	asInitial
	joined
	prefix
	transliterated
)

var relationNames = [...]string{"unmatched", "same", "spelling", "sound", "variant", "nickname", "initial", "joined", "truncated", "transliterated"}

func (r relation) String() string { return relationNames[r] }

// A meeting is a run of query tokens that met a run of entry tokens.
type meeting struct {
	q, qn int // first query token, how many
	e, en int // first entry token, how many
	like  float32
	info  float32
	how   relation
}

// A name being compared.
type side struct {
	tokens []token
	info   []float32 // bits that each token carries
	family int       // where the family name begins, if known to be inside the name; else 0
}

func (s *side) text(i, n int) string {
	if n == 1 {
		return s.tokens[i].text
	}
	var b strings.Builder
	for _, t := range s.tokens[i : i+n] {
		b.WriteString(t.text)
	}
	return b.String()
}

// guessed says whether vowels of a run are a guess.
func (s *side) guessed(i, n int) bool {
	return slices.ContainsFunc(s.tokens[i:i+n], func(t token) bool { return t.loose || t.abjad })
}

func (s *side) mask(i, n int) (m uint32) {
	for _, t := range s.tokens[i : i+n] {
		m |= t.mask
	}
	return m
}

func (s *side) length(i, n int) (sum int) {
	for _, t := range s.tokens[i : i+n] {
		sum += len(t.text)
	}
	return sum
}

func (s *side) bits(i, n int) (sum float32) {
	for _, v := range s.info[i : i+n] {
		sum += v
	}
	return sum
}

// aligner finds which tokens of two names belong together. It is reused from candidate to candidate.
type aligner struct {
	options []meeting
	chosen  []meeting
	other   []meeting
}

// align picks meetings that share no token, dearest first, and gives the score that they make at prices c.
// A join that was chosen is given up where the names score higher without it. cut lists the last token of a
// truncated name, or -1.
func (al *aligner) align(q, e *side, like func(i, j int) (float32, relation), cut int, c *costs) ([]meeting, float32) {
	al.collect(q, e, like, cut)
	al.chosen = al.choose(al.chosen[:0])
	score := nameScore(q, e, al.chosen, c)
	for {
		k := slices.IndexFunc(al.chosen, func(m meeting) bool { return m.how == joined && m.like < 0.97 })
		if k < 0 {
			return al.chosen, score
		}
		al.drop(&al.chosen[k])
		al.other = al.choose(al.other[:0])
		without := nameScore(q, e, al.other, c)
		if without <= score {
			return al.chosen, score
		}
		al.chosen, al.other, score = al.other, al.chosen, without
	}
}

// drop takes an option away.
func (al *aligner) drop(m *meeting) {
	for k := range al.options {
		if al.options[k] == *m {
			al.options[k].like = 0
		}
	}
}

// collect lists which runs of tokens may have met.
func (al *aligner) collect(q, e *side, like func(i, j int) (float32, relation), cut int) {
	al.options = al.options[:0]
	var bestQ, bestE [maxTokens]float32
	for i := range q.tokens {
		for j := range e.tokens {
			m := meetOne(q, e, i, j, like, cut)
			if m.like <= 0 {
				continue
			}
			bestQ[i], bestE[j] = max(bestQ[i], m.like), max(bestE[j], m.like)
			al.options = append(al.options, m)
		}
	}
	al.joins(q, e, &bestQ, &bestE)
}

func meetOne(q, e *side, i, j int, like func(i, j int) (float32, relation), cut int) meeting {
	a, b := &q.tokens[i], &e.tokens[j]
	m := meeting{q: i, qn: 1, e: j, en: 1, info: min(q.info[i], e.info[j])}
	if a.kind == initial || b.kind == initial {
		if a.text[0] == b.text[0] && a.kind != title {
			m.like, m.how = 1, asInitial
			m.info = min(m.info, 3)
			if a.kind == b.kind {
				m.how = same
			}
		}
		return m
	}
	m.like, m.how = like(i, j)
	if i == cut && m.like < 0.9 && len(a.text) < len(b.text) && strings.HasPrefix(b.text, a.text) {
		m.like, m.how = 0.9, prefix
	}
	if a.kind != b.kind && m.like < 1 && !slippedTitle(a, b, &m) && (weak(a.kind) || weak(b.kind)) ||
		m.like < 0.75 && (a.kind == kunya || b.kind == kunya || a.kind == servant || b.kind == servant) {
		m.like = 0
	}
	return m
}

// slippedTitle says whether a word of the query may be a misspelt title or particle of the list, which is no
// name and costs nothing: one that nobody knows, or one with a letter left out.
func slippedTitle(a, b *token, m *meeting) bool {
	switch {
	case b.kind == legalForm:
		return false
	case m.how == variant:
		return b.kind == title
	case a.strange > 0:
		return m.like >= 0.75 || b.kind == title && m.like >= 0.66
	}
	return b.kind == title && m.like >= 0.66 && len(a.text) == len(b.text)-1 && !a.settled
}

func weak(k kind) bool { return k == particle || k == title || k == generation || k == legalForm }

// choose appends the options that it takes greedily: those that explain most first.
func (al *aligner) choose(chosen []meeting) []meeting {
	var usedQ, usedE uint32
	for {
		best, value := -1, float32(0)
		for k := range al.options {
			o := &al.options[k]
			if o.like <= 0 || usedQ&o.maskQ() != 0 || usedE&o.maskE() != 0 {
				continue
			}
			if v := o.value(); v > value {
				best, value = k, v
			}
		}
		if best < 0 {
			return chosen
		}
		o := al.options[best]
		usedQ |= o.maskQ()
		usedE |= o.maskE()
		chosen = append(chosen, o)
	}
}

func (m *meeting) maskQ() uint32 { return (1<<m.qn - 1) << m.q }

func (m *meeting) maskE() uint32 {
	if m.en < 0 { // first and last token of the entry
		return 1 | 1<<m.e
	}
	return (1<<m.en - 1) << m.e
}

// value orders options: what was explained, near places first among equals.
func (m *meeting) value() float32 {
	d := m.q - m.e
	if d < 0 {
		d = -d
	}
	return m.like*m.like*(m.info+0.5) + 0.01/float32(1+d)
}

// joins adds options for words written together or apart.
func (al *aligner) joins(q, e *side, bestQ, bestE *[maxTokens]float32) {
	for n := 2; n <= 3; n++ {
		for i := 0; i+n <= len(q.tokens); i++ {
			for j := range e.tokens {
				if bestE[j] < 0.97 && !settled(bestQ[i:i+n]) {
					al.join(q, e, i, n, j, 1)
				}
			}
		}
		for j := 0; j+n <= len(e.tokens); j++ {
			for i := range q.tokens {
				if bestQ[i] < 0.97 && !settled(bestE[j:j+n]) {
					al.join(q, e, i, 1, j, n)
				}
			}
		}
	}
	for i := 0; i+2 <= len(q.tokens); i++ { // a space in the wrong place
		for j := 0; j+2 <= len(e.tokens); j++ {
			if max(bestQ[i], bestQ[i+1], bestE[j], bestE[j+1]) < 0.95 && len(q.tokens[i].text) != len(e.tokens[j].text) {
				al.join(q, e, i, 2, j, 2)
			}
		}
	}
	if last := len(e.tokens) - 1; last >= 2 {
		for i := range q.tokens {
			if bestQ[i] < 0.97 && len(q.tokens[i].text) > 3 {
				al.joinEnds(q, e, i, last)
			}
		}
	}
	al.initials(q, e, bestQ)
}

func settled(best []float32) bool {
	for _, v := range best {
		if v < 0.99 {
			return false
		}
	}
	return true
}

func (al *aligner) join(q, e *side, i, qn, j, en int) {
	la, lb := q.length(i, qn), e.length(j, en)
	if la-lb > 2 || lb-la > 2 || la < 4 || bits.OnesCount32(q.mask(i, qn)^e.mask(j, en)) > 4 {
		return
	}
	a, b := q.text(i, qn), e.text(j, en)
	if la < 7 && a != b {
		return
	}
	l := joinLikeness(a, b, false)
	if qn != en && (q.guessed(i, qn) || e.guessed(j, en)) {
		l = max(l, joinLikeness(a, b, true))
	}
	if l > 0 && (qn != en || l > 0.9) {
		al.options = append(al.options, meeting{i, qn, j, en, l, min(float32(en)*q.bits(i, qn), e.bits(j, en)), joined})
	}
}

func (al *aligner) joinEnds(q, e *side, i, last int) {
	a := q.tokens[i].text
	if bits.OnesCount32(q.tokens[i].mask^(e.tokens[0].mask|e.tokens[last].mask)) > 3 {
		return
	}
	for _, b := range []string{e.tokens[0].text + e.tokens[last].text, e.tokens[last].text + e.tokens[0].text} {
		if d := len(a) - len(b); d > 1 || d < -1 || len(a) < 7 && a != b {
			continue
		}
		if l := joinLikeness(a, b, false); l > 0 {
			al.options = append(al.options, meeting{i, 1, last, -1, l, min(q.info[i]*2, e.info[0]+e.info[last]), joined})
		}
	}
}

func joinLikeness(a, b string, loose bool) float32 {
	ta, tb := newToken(word{text: a, loose: loose}), newToken(word{text: b})
	l, _ := likeness(&ta, &tb)
	if l < 0.7 {
		return 0
	}
	return l * 0.98
}

// initials lets "JC" meet Jean Claude. With a vowel, as in "Sa", it is taken for a name.
func (al *aligner) initials(q, e *side, bestQ *[maxTokens]float32) {
	for i := range q.tokens {
		t := q.tokens[i].text
		n := len(t)
		if bestQ[i] > 0.6 || n < 2 || n > 3 || n > len(e.tokens) || q.tokens[i].kind != ordinary || q.tokens[i].settled {
			continue
		}
		for j := 0; j+n <= len(e.tokens); j++ {
			if spellInitials(t, e.tokens[j:j+n]) {
				al.options = append(al.options, meeting{i, 1, j, n, 0.95, 2.5 * float32(n), asInitial})
			}
		}
	}
}

func spellInitials(t string, names []token) bool {
	for k := range names {
		if names[k].text[0] != t[k] || len(names[k].text) < 3 || isVowel(t[k]) {
			return false
		}
	}
	return true
}
