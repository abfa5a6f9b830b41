package sanctions

import (
	"cmp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
)

// An Index answers which entries of some lists a person may be. It is built once, never changes, and
// may be used by any number of goroutines.
type Index struct {
	lists   []ListInfo
	entries []*Entry
	ids     map[Key]uint32
	numbers map[string][]uint32 // entries by normalised document number

	names   []listed // persons' names first
	persons uint32   // how many of names are persons'
	words   []token  // distinct tokens of all names
	bits    []float32
	vocab   map[string]uint32 // word by vocabKey
	plain   map[string]uint32 // word by text, see [Index.word]
	whole   map[string]uint32 // the plain of the index that this one is of; its own where it is of none
	bounds  []uint32          // per word, where its names begin in posted
	posted  []uint32
	byText  *fuzzy
	bySound *fuzzy
	sorted  []uint32  // words by text
	bare    skeletons // words by skeleton, for scripts without vowels
	looses  skeletons // those of them from such a script
	weights *weights
	known   *cache[lookedUp]
	scratch *sync.Pool
}

// A Key names an entry.
type Key struct{ List, ID string }

// listed is one name of an entry, as the index holds it.
type listed struct {
	entry  uint32
	name   uint16 // which of the entry's names
	family uint8  // which token begins the family name, 0 if not known
	tokens []uint32
	total  float32 // bits of all tokens
}

// NewIndex builds the index of some lists. The lists must not be changed afterwards.
func NewIndex(lists ...List) *Index {
	x := &Index{}
	for i := range lists {
		x.lists = append(x.lists, lists[i].ListInfo)
		for k := range lists[i].Records {
			x.entries = append(x.entries, &lists[i].Records[k])
		}
	}
	x.build(nil)
	return x
}

// Only gives an index of the named entries alone. They score as they do in x, because how common a name
// is stays as x has it, and which words there are. Keys that x does not know are left out.
func (x *Index) Only(keys []Key) *Index {
	sub := &Index{lists: x.lists, whole: x.whole}
	seen := make(map[uint32]bool)
	for _, k := range keys {
		if i, ok := x.ids[k]; ok && !seen[i] {
			seen[i] = true
			sub.entries = append(sub.entries, x.entries[i])
		}
	}
	sub.build(x.weights)
	return sub
}

// Lists says which lists, in which versions, the index was built of.
func (x *Index) Lists() []ListInfo { return x.lists }

// Len is the number of entries.
func (x *Index) Len() int { return len(x.entries) }

// Entry finds an entry by its id or one that it had before.
func (x *Index) Entry(list, id string) (Entry, bool) {
	i, ok := x.ids[Key{list, id}]
	if !ok {
		return Entry{}, false
	}
	return *x.entries[i], true
}

func (x *Index) build(w *weights) {
	x.indexIDs()
	parsed := x.parse()
	x.fill(parsed)
	if w == nil {
		w = x.weigh()
	}
	x.weights = w
	x.bits = make([]float32, len(x.words))
	for i := range x.words {
		x.bits[i] = w.of(&x.words[i])
	}
	for i := range x.names {
		for _, t := range x.names[i].tokens {
			x.names[i].total += x.bits[t]
		}
	}
	x.post()
	x.indexWords()
	x.known = newCache[lookedUp]()
	x.scratch = &sync.Pool{New: func() any { return newScratch(x) }}
}

func (x *Index) indexIDs() {
	x.ids = make(map[Key]uint32, len(x.entries))
	x.numbers = make(map[string][]uint32)
	for i, e := range x.entries {
		for _, id := range e.FormerIDs {
			if _, taken := x.ids[Key{e.List, id}]; !taken {
				x.ids[Key{e.List, id}] = uint32(i)
			}
		}
		for _, d := range e.Documents {
			if n := documentKey(d.Number); n != "" {
				x.numbers[n] = append(x.numbers[n], uint32(i))
			}
		}
	}
	for i, e := range x.entries { // an id in force beats a former one
		x.ids[Key{e.List, e.ID}] = uint32(i)
	}
}

// A parsedName is a name between tokenising and indexing.
type parsedName struct {
	entry  uint32
	name   uint16
	family uint8
	tokens []token
}

// parse tokenises all names on all cores, and gives them in the order of the entries, persons first.
func (x *Index) parse() []parsedName {
	const chunk = 512
	parts := make([][]parsedName, (len(x.entries)+chunk-1)/chunk)
	var wg sync.WaitGroup
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	for p := range parts {
		wg.Add(1)
		limit <- struct{}{}
		go func() {
			defer func() { <-limit; wg.Done() }()
			for i := p * chunk; i < min((p+1)*chunk, len(x.entries)); i++ {
				parts[p] = appendParsed(parts[p], uint32(i), x.entries[i])
			}
		}()
	}
	wg.Wait()
	var out []parsedName
	for _, p := range parts {
		out = append(out, p...)
	}
	sort.SliceStable(out, func(i, j int) bool {
		return x.entries[out[i].entry].Type == Individual && x.entries[out[j].entry].Type != Individual
	})
	return out
}

func appendParsed(out []parsedName, i uint32, e *Entry) []parsedName {
	seen := make(map[string]bool, len(e.Names))
	for k := range e.Names {
		if k > 0xffff {
			break
		}
		tokens := entryTokens(e, k)
		key := tokenKey(tokens)
		if len(tokens) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, parsedName{i, uint16(k), familyStart(e.Names[k].Family, tokens), tokens})
	}
	return out
}

func entryTokens(e *Entry, k int) []token {
	if e.Type == Individual {
		return tokenise(e.Names[k].Full)
	}
	return tokeniseEntity(e.Names[k].Full)
}

// familyStart finds the token with which the family name begins. Where a family has two names, the first
// is the one that is never left out.
func familyStart(family string, tokens []token) uint8 {
	for _, f := range tokenise(family) {
		if f.kind != ordinary {
			continue
		}
		for i := len(tokens) - 1; i > 0; i-- {
			if tokens[i].text == f.text {
				return uint8(i)
			}
		}
		return 0
	}
	return 0
}

func tokenKey(tokens []token) string {
	var b strings.Builder
	for i := range tokens {
		b.WriteString(vocabKey(&tokens[i]))
		b.WriteByte(' ')
	}
	return b.String()
}

// vocabKey tells words apart: by text, by part of the name where that changes what it weighs, and by
// whether the vowels are a guess.
func vocabKey(t *token) string {
	if t.other {
		mark := "-"
		if t.loose {
			mark = "~"
		} else if t.short {
			mark = "+"
		}
		return t.text + mark
	}
	if t.kind == ordinary || t.kind == patronymic || t.kind == initial {
		return t.text
	}
	return t.text + "." + string(rune('0'+t.kind))
}

// sameWritten says whether two tokens have one vocabKey.
func sameWritten(a, b token) bool { return a.text == b.text && vocabKey(&a) == vocabKey(&b) }

// fill makes the vocabulary and the names.
func (x *Index) fill(parsed []parsedName) {
	x.vocab = make(map[string]uint32)
	x.names = make([]listed, len(parsed))
	for i, p := range parsed {
		ids := make([]uint32, len(p.tokens))
		for k := range p.tokens {
			t := &p.tokens[k]
			key := vocabKey(t)
			id, ok := x.vocab[key]
			if !ok {
				id = uint32(len(x.words))
				x.vocab[strings.Clone(key)] = id
				w := *t
				w.raw = ""
				x.words = append(x.words, w)
			}
			ids[k] = id
		}
		x.names[i] = listed{entry: p.entry, name: p.name, family: p.family, tokens: ids}
		if x.entries[p.entry].Type == Individual {
			x.persons = uint32(i + 1)
		}
	}
	x.plain = make(map[string]uint32, len(x.words))
	for _, mark := range []string{"", "-", "~"} {
		for i := range x.words {
			text := x.words[i].text
			if id, ok := x.vocab[text+mark]; ok && id == uint32(i) {
				if _, taken := x.plain[text]; !taken {
					x.plain[text] = id
				}
			}
		}
	}
	if x.whole == nil {
		x.whole = x.plain
	}
}

// weigh counts how many entries bear each name; spellings that sound alike count together.
func (x *Index) weigh() *weights {
	last := make(map[string]uint32)
	count := make(map[string]int)
	fine := make([]string, len(x.words))
	for i := range x.words {
		fine[i] = fineKey(x.words[i].sound)
	}
	for _, n := range x.names {
		for _, t := range n.tokens {
			if e, ok := last[fine[t]]; !ok || e != n.entry {
				last[fine[t]] = n.entry
				count[fine[t]]++
			}
		}
	}
	w := &weights{bits: make(map[string]float32, len(x.words)), letters: x.letters()}
	for i := range x.words {
		w.bits[x.words[i].text] = rarity(max(len(x.entries), 1000), count[fine[i]])
	}
	return w
}

// letters learns how names are spelt from the tables and from the words of the lists.
func (x *Index) letters() *letterModel {
	return newLetterModel(func(see func(string)) {
		for _, names := range []map[string]bool{givenNames, familyNames, spelledNames} {
			for n := range names {
				see(n)
			}
		}
		for n := range kinships {
			see(n)
		}
		for n := range commonBits {
			see(n)
		}
		for i := range x.words {
			if t := &x.words[i]; t.kind == ordinary && !t.loose && !t.short {
				see(t.text)
			}
		}
	})
}

// post makes the lists of names that hold each word.
func (x *Index) post() {
	x.bounds = make([]uint32, len(x.words)+1)
	for _, n := range x.names {
		for _, t := range n.tokens {
			x.bounds[t+1]++
		}
	}
	for i := 1; i < len(x.bounds); i++ {
		x.bounds[i] += x.bounds[i-1]
	}
	next := make([]uint32, len(x.bounds))
	copy(next, x.bounds)
	x.posted = make([]uint32, x.bounds[len(x.words)])
	for i, n := range x.names {
		for _, t := range n.tokens {
			x.posted[next[t]] = uint32(i)
			next[t]++
		}
	}
}

func (x *Index) indexWords() {
	x.byText = newFuzzy(len(x.words), func(i int, put func(string, int)) {
		if t := &x.words[i]; !t.loose && findable(t.kind) {
			put(t.text, textDrops(t.text))
		}
	})
	x.bySound = newFuzzy(len(x.words), func(i int, put func(string, int)) {
		if t := &x.words[i]; !t.loose && findable(t.kind) {
			key := soundKey(t.sound)
			put(key, soundDrops(key))
		}
	})
	for i := range x.words {
		if findable(x.words[i].kind) {
			x.sorted = append(x.sorted, uint32(i))
		}
	}
	slices.SortFunc(x.sorted, func(a, b uint32) int { return cmp.Compare(x.words[a].text, x.words[b].text) })
	x.bare, x.looses = newSkeletons(), newSkeletons()
	for i := range x.words {
		if t := &x.words[i]; findable(t.kind) {
			s := skeleton(soundKey(t.sound))
			x.bare.add(s, uint32(i))
			if t.loose || t.abjad {
				x.looses.add(s, uint32(i))
				if vowels := strings.ReplaceAll(s, "v", ""); t.loose && vowels != s && vowels != "" {
					x.looses.add(vowels, uint32(i)) // its w may be a u
				}
			}
		}
	}
}

// findable says whether a word of kind k leads to candidates; particles and titles do not.
func findable(k kind) bool { return k == ordinary || k == patronymic || k == number }

func textDrops(s string) int {
	switch {
	case len(s) < 3:
		return 0
	case len(s) < 5:
		return 1
	}
	return 2
}

// triedDrops is how many letters of a query's word are dropped in a look-up: of words that somebody knows,
// two only where they are long.
func triedDrops(t *token) int {
	if len(t.text) < 7 && t.strange == 0 {
		return min(textDrops(t.text), 1)
	}
	return textDrops(t.text)
}

func soundDrops(key string) int {
	switch {
	case len(key) < 6:
		return 0
	}
	return 1
}

// documentKey brings a document number to letters and digits; those too short to tell anything are "".
func documentKey(s string) string {
	if s = clip(s); !isASCII(s) {
		s = foldLatin(s)
	}
	k := strings.ToUpper(lowerASCII(s))
	if len(k) < 5 || !strings.ContainsAny(k, "0123456789") {
		return ""
	}
	return k
}
