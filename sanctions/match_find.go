package sanctions

import (
	"cmp"
	"slices"
	"strings"
)

const (
	likeCache    = 4096 // must be a power of two
	leastLike    = 0.55 // words less alike than this suggest no candidate
	leastSplit   = 2    // letters of the shorter part when a word is taken for two written together
	maxMatches   = 200  // dictionary words that one query token may meet
	joinLeast    = 0.85
	leastMet     = 0.35 // of the bits of the shorter name that a candidate must have met
	minJoinedLen = 6
)

// A wordMatch is a word of the index that a query token may mean.
type wordMatch struct {
	word uint32
	like float32
}

// A lookedUp is what an index holds for a query's word.
type lookedUp struct {
	found  []wordMatch
	halves []uint32 // the words that it may be made of, see [Index.halves]
}

// collect adds up, for every name, the bits of the query tokens that it may have met. The sums may be
// too high, where one word of the name met two tokens, but seldom too low.
func (x *Index) collect(s *scratch, q *side, cut int, limit uint32) {
	s.touched = s.touched[:0]
	for i := range q.tokens {
		t := &q.tokens[i]
		if !findable(t.kind) {
			continue
		}
		known := x.lookUpCached(s, t)
		s.found = append(s.found[:0], known.found...)
		if i == cut {
			x.lookUpPrefix(s, t.text)
		}
		if x.add(s, q, i, 1, limit) < 0.97 {
			for _, w := range known.halves {
				x.credit(s, []wordMatch{{w, 0.98}}, x.bits[w], limit)
			}
		}
		for n := 2; n <= 3 && i+n <= len(q.tokens); n++ {
			if last := q.tokens[i+n-1].kind; n == 2 || findable(last) && len(q.tokens[i+1].text) <= 2 {
				x.addJoined(s, q, i, n, limit)
			}
		}
	}
}

// lookUpCached is lookUp, remembering what was found: names repeat from person to person.
func (x *Index) lookUpCached(s *scratch, t *token) lookedUp {
	key := vocabKey(t)
	if known := x.known.get(key); known != nil {
		return *known
	}
	s.found = s.found[:0]
	clear(s.probed)
	t.strange = x.weights.strangeness(t)
	x.lookUp(s, t)
	sortMatches(s.found)
	fresh := lookedUp{slices.Clone(s.found), x.halves(t.text)}
	x.known.put(key, fresh)
	return fresh
}

// lookUp finds the words that t may be.
func (x *Index) lookUp(s *scratch, t *token) {
	try := func(w uint32) {
		if _, done := s.probed[w]; done {
			return
		}
		s.probed[w] = struct{}{}
		if like, _ := likeness(t, &x.words[w]); like >= leastLike {
			s.found = append(s.found, wordMatch{w, like})
		}
	}
	key := soundKey(t.sound)
	if t.loose || t.abjad {
		x.bare.find(key, try)
	}
	if t.loose {
		return
	}
	x.byText.find(t.text, triedDrops(t), try)
	x.bySound.find(key, soundDrops(key), try)
	x.looses.find(key, try)
	t.kin.eachForm(t.text, func(form string) {
		if w, ok := x.vocab[form]; ok {
			try(w)
		}
	})
}

// lookUpPrefix finds the words that begin with the last token of a truncated name.
func (x *Index) lookUpPrefix(s *scratch, text string) {
	from, _ := slices.BinarySearchFunc(x.sorted, text, func(w uint32, text string) int {
		return cmp.Compare(x.words[w].text, text)
	})
	for _, w := range x.sorted[from:] {
		if !strings.HasPrefix(x.words[w].text, text) {
			return
		}
		s.found = append(s.found, wordMatch{w, 0.9})
	}
}

func sortMatches(found []wordMatch) {
	slices.SortFunc(found, func(a, b wordMatch) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.word, b.word))
	})
}

// add credits what was found for n tokens of q from i on, and gives the best likeness.
func (x *Index) add(s *scratch, q *side, i, n int, limit uint32) float32 {
	if len(s.found) == 0 {
		return 0
	}
	q.weigh(x.weights)
	sortMatches(s.found)
	s.found = s.found[:min(len(s.found), maxMatches)]
	x.credit(s, s.found, q.bits(i, n), limit)
	return s.found[0].like
}

// credit gives the names that hold the words found their bits, each name once.
func (x *Index) credit(s *scratch, found []wordMatch, bits float32, limit uint32) {
	round := s.nextRound()
	for _, m := range found {
		gain := m.like * min(bits, x.bits[m.word])
		for _, n := range x.posted[x.bounds[m.word]:x.bounds[m.word+1]] {
			if n >= limit {
				break
			}
			if s.stamp[n] == round {
				continue
			}
			s.stamp[n] = round
			if s.sum[n] == 0 {
				s.touched = append(s.touched, n)
			}
			s.sum[n] += gain
		}
	}
}

// halves takes a word for two written together, and gives the parts that the index knows. A short part is
// one only beside another word of the lists.
func (x *Index) halves(text string) (found []uint32) {
	for cut := leastSplit; cut+leastSplit <= len(text); cut++ {
		a, b := text[:cut], text[cut:]
		_, listedA := x.whole[a]
		_, listedB := x.whole[b]
		if w, ok := x.word(a); ok && (listedB || len(a) > 4) {
			found = append(found, w)
		}
		if w, ok := x.word(b); ok && (listedA || len(b) > 4) {
			found = append(found, w)
		}
	}
	return found
}

// word finds a word by its text, in Latin letters or, where none is, of another script.
func (x *Index) word(text string) (uint32, bool) {
	w, ok := x.plain[text]
	return w, ok
}

// addJoined takes n words, the middle one of three a particle, for one that was torn apart. An article
// between them may have been lost with the blanks.
func (x *Index) addJoined(s *scratch, q *side, i, n int, limit uint32) {
	s.found = s.found[:0]
	x.lookUpJoined(s, q.text(i, n), q.guessed(i, n))
	if n == 3 && q.tokens[i+1].text == "al" {
		x.lookUpJoined(s, q.tokens[i].text+q.tokens[i+2].text, q.guessed(i, n))
	}
	x.add(s, q, i, n, limit)
}

// lookUpJoined finds the words that text may be, whose vowels may be a guess.
func (x *Index) lookUpJoined(s *scratch, text string, guessed bool) {
	if len(text) < minJoinedLen { // too many words are near: only the same one counts
		if w, ok := x.word(text); ok {
			s.found = append(s.found, wordMatch{w, 0.98})
		}
		return
	}
	var t token // spelt when it meets a word: no other person has it
	loose := false
	try := func(w uint32) {
		if _, done := s.probed[w]; done {
			return
		}
		s.probed[w] = struct{}{}
		if t.text == "" {
			t = spell(text)
		}
		t.loose = loose
		if like, _ := likeness(&t, &x.words[w]); like >= joinLeast {
			s.found = append(s.found, wordMatch{w, like})
		}
	}
	clear(s.probed)
	x.byText.find(text, 1, try)
	clear(s.probed)
	words := x.looses
	if guessed {
		words, loose = x.bare, true
	}
	words.find(soundKey(sounds(ending(text))), try)
}

// shortlist turns the sums into candidates: the names whose estimate reaches floor.
func (x *Index) shortlist(s *scratch, q *side, floor float32) {
	total := q.bits(0, len(q.tokens))
	c := &reachCosts
	s.cands = s.cands[:0]
	for _, n := range s.touched {
		met := min(s.sum[n], total, x.names[n].total)
		s.sum[n] = 0
		onlyQ, onlyE := total-met, x.names[n].total-met
		if met < leastMet*min(total, x.names[n].total) {
			continue
		}
		if est := c.score(met, c.unmet(onlyQ, onlyE, onlyQ, onlyE, 1)); est >= floor {
			s.cands = append(s.cands, candidate{name: n, score: est})
		}
	}
	if len(s.cands) > maxCandidates {
		slices.SortFunc(s.cands, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.name, b.name))
		})
		s.cands = s.cands[:maxCandidates]
	}
}

// compareFull aligns the query with one name of the index.
func (x *Index) compareFull(s *scratch, q *side, name uint32, cut int, round uint32) float32 {
	ids := x.names[name].tokens
	e := &s.entry
	e.tokens, e.info, e.family = e.tokens[:0], e.info[:0], int(x.names[name].family)
	for _, w := range ids {
		e.tokens = append(e.tokens, x.words[w])
		e.info = append(e.info, x.bits[w])
	}
	_, score := s.al.align(q, e, func(i, j int) (float32, relation) {
		w := ids[j]
		c := &s.likes[(w*31+uint32(i)*2654435761)&(likeCache-1)]
		if c.round != round || c.word != w || int(c.at) != i {
			c.like, c.how = likeness(&q.tokens[i], &x.words[w])
			c.round, c.word, c.at = round, w, uint8(i)
		}
		return c.like, c.how
	}, cut, &screenCosts)
	return score
}
