package sanctions

import (
	"cmp"
	"slices"
	"strings"
)

// maxCandidates is how many names of an index one spelling of a person is compared with in full.
const maxCandidates = 120

// leastEstimate is what a name's estimate must reach to be compared in full, at the default threshold.
// It is a guess from trials: a full comparison rarely scores high where the estimate is below.
const leastEstimate = 0.4

// Screen gives the entries that p may be, best first; equal scores by list and id.
func (x *Index) Screen(p Person, o Options) []Hit {
	hits, _ := x.Look(p, o, 0)
	return hits
}

// Look is Screen, and gives the best n entries that fell short of the threshold too: the evidence that
// they were seen. Those have no reasons.
func (x *Index) Look(p Person, o Options, n int) (hits, short []Hit) {
	if o.Threshold <= 0 {
		o.Threshold = DefaultThreshold
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.best = s.best[:0]
	for _, q := range p.spellings() {
		x.screenName(s, q, o)
	}
	hits, short = x.judgeAll(s.best, &p, o, n > 0)
	hits = x.addDocumentHits(hits, &p, o)
	short = slices.DeleteFunc(short, func(h Hit) bool {
		return slices.ContainsFunc(hits, func(is Hit) bool { return is.List == h.List && is.EntryID == h.EntryID })
	})
	sortHits(hits)
	sortHits(short)
	short = short[:min(n, len(short))]
	if o.Top > 0 && len(hits) > o.Top {
		hits = hits[:o.Top]
	}
	for i := range hits {
		x.explain(&p, &hits[i])
	}
	return hits, short
}

// judgeAll judges the names that a person may have, and gives the hits and, where they are wanted, the others.
func (x *Index) judgeAll(best []candidate, p *Person, o Options, others bool) (hits, short []Hit) {
	if len(best) == 0 {
		return nil, nil
	}
	who := p.asked()
	for k := range best {
		switch h, ok := x.judge(who, &best[k], o); {
		case ok:
			hits = append(hits, h)
		case others && h.EntryID != "":
			short = append(short, h)
		}
	}
	return hits, short
}

func sortHits(hits []Hit) {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.List, b.List), cmp.Compare(a.EntryID, b.EntryID))
	})
}

// A personName is one way of writing the person's name, with the last token that may be cut off.
type personName struct {
	tokens []token
	cut    int
}

// spellings gives the person's names without repetition.
func (p *Person) spellings() []personName {
	var out []personName
	add := func(tokens []token, cut int) {
		known := func(n personName) bool { return slices.EqualFunc(n.tokens, tokens, sameWritten) }
		if len(tokens) > 0 && !slices.ContainsFunc(out, known) {
			out = append(out, personName{tokens, cut})
		}
	}
	if full := tokenise(p.Full); len(full) > 0 {
		add(full, p.cutAt(full))
		if apart := lostBlanks(p.Full); apart != p.Full {
			full = tokenise(apart)
			add(full, p.cutAt(full))
		}
	}
	if parts := strings.TrimSpace(p.First + " " + p.Middle + " " + p.Last); parts != "" {
		tokens := tokenise(strings.ReplaceAll(parts, ",", " "))
		cut := p.cutAt(tokens)
		if p.Truncated {
			if given := len(tokenise(p.First + " " + p.Middle)); given > 0 {
				cut = given - 1
			}
		}
		add(tokens, cut)
	}
	for _, l := range p.Local {
		add(tokenise(l), -1)
	}
	return out
}

func (p *Person) cutAt(tokens []token) int {
	if p.Truncated {
		return len(tokens) - 1
	}
	return -1
}

// scratch is what one screening works with. It belongs to one goroutine at a time.
type scratch struct {
	sum     []float32 // per name, bits met so far
	stamp   []uint32  // per name, round and query token that added last
	touched []uint32
	round   uint32
	probed  map[uint32]struct{}
	al      aligner
	found   []wordMatch
	likes   [likeCache]cachedLike
	cands   []candidate
	entry   side
	best    []candidate
}

type cachedLike struct {
	round uint32
	word  uint32
	at    uint8
	how   relation
	like  float32
}

type candidate struct {
	name  uint32
	score float32
}

func newScratch(x *Index) *scratch {
	return &scratch{sum: make([]float32, len(x.names)), stamp: make([]uint32, len(x.names)), probed: make(map[uint32]struct{})}
}

// nextRound starts a new stamp; after four billion the stamps begin anew.
func (s *scratch) nextRound() uint32 {
	s.round++
	if s.round == 0 {
		clear(s.stamp)
		clear(s.likes[:])
		s.round = 1
	}
	return s.round
}

// screenName adds to s.best the entries that one spelling of a name may mean, with their best names.
func (x *Index) screenName(s *scratch, n personName, o Options) {
	q := side{tokens: n.tokens}
	limit := x.persons
	if o.IncludeAllType {
		limit = uint32(len(x.names))
	}
	x.collect(s, &q, n.cut, limit)
	if len(s.touched) == 0 { // what most names come to where few entries are searched
		return
	}
	q.weigh(x.weights)
	x.shortlist(s, &q, leastEstimate*min(1, float32(o.Threshold)/DefaultThreshold))
	round := s.nextRound()
	for _, c := range s.cands {
		if c.score = x.compareFull(s, &q, c.name, n.cut, round); c.score > 0 {
			s.keep(x, c)
		}
	}
}

// keep remembers the best name of each entry.
func (s *scratch) keep(x *Index, c candidate) {
	for k := range s.best {
		if x.names[s.best[k].name].entry == x.names[c.name].entry {
			if c.score > s.best[k].score {
				s.best[k] = c
			}
			return
		}
	}
	s.best = append(s.best, c)
}
