package sanctions

// A fuzzy finds dictionary words near a given one. It keeps, for every word, the hashes of what is left
// when letters are dropped from its beginning part; two words within one error share such a rest, and
// so do those within two where two letters may be dropped. What it finds are suggestions: the caller
// compares. Buckets by the top bits of the hash keep a look-up to a handful of neighbours in memory.
type fuzzy struct {
	start []uint32 // per bucket, where it begins in slots
	slots []slot
	shift uint
}

type slot struct {
	hash uint32
	word uint32
}

// Letters beyond the first fuzzyPrefix are left to the comparison.
const fuzzyPrefix = 9

// newFuzzy builds the index of words under their keys: add calls put once for every (key, drops) of word i.
func newFuzzy(n int, add func(i int, put func(key string, drops int))) *fuzzy {
	var slots []slot
	for i := range n {
		add(i, func(key string, drops int) {
			eachRest(key, drops, func(h uint32) { slots = append(slots, slot{h, uint32(i)}) })
		})
	}
	return bucketed(slots)
}

func bucketed(slots []slot) *fuzzy {
	bits := uint(4)
	for 1<<bits < len(slots)/4 && bits < 24 {
		bits++
	}
	f := &fuzzy{start: make([]uint32, 1<<bits+1), slots: make([]slot, len(slots)), shift: 32 - bits}
	for _, s := range slots {
		f.start[s.hash>>f.shift+1]++
	}
	for i := 1; i < len(f.start); i++ {
		f.start[i] += f.start[i-1]
	}
	next := make([]uint32, len(f.start))
	copy(next, f.start)
	for _, s := range slots {
		b := s.hash >> f.shift
		f.slots[next[b]] = s
		next[b]++
	}
	return f
}

// find calls found for every word that shares a rest with key. A word may come more than once.
func (f *fuzzy) find(key string, drops int, found func(word uint32)) {
	eachRest(key, drops, func(h uint32) {
		b := h >> f.shift
		for _, s := range f.slots[f.start[b]:f.start[b+1]] {
			if s.hash == h {
				found(s.word)
			}
		}
	})
}

// eachRest gives the hash of key's beginning with up to drops letters left out (at most two).
func eachRest(key string, drops int, give func(uint32)) {
	key = key[:min(len(key), fuzzyPrefix)]
	give(restHash(noLetters, key))
	if drops == 0 || len(key) < 3 {
		return
	}
	before := noLetters // the hash of what stands before i
	for i := range len(key) {
		if i == 0 || key[i] != key[i-1] {
			give(restHash(before, key[i+1:]))
			if drops > 1 && len(key) >= 5 {
				between := before
				for j := i + 1; j < len(key); j++ {
					give(restHash(between, key[j+1:]))
					between = hashLetter(between, key[j])
				}
			}
		}
		before = hashLetter(before, key[i])
	}
}

// restHash is FNV-1a, from h over rest, mixed so that its top bits are good.
func restHash(h uint32, rest string) uint32 {
	for k := range len(rest) {
		h = hashLetter(h, rest[k])
	}
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	return h
}

const noLetters uint32 = 2166136261 // where FNV-1a begins

func hashLetter(h uint32, c byte) uint32 { return (h ^ uint32(c)) * 16777619 }
