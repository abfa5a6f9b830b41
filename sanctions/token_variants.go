package sanctions

import (
	_ "embed"
	"strings"
)

// variants, tongues and nicknames map a word to the groups of names it belongs to: spellings of one
// name, its forms in other languages, its short forms.
var variants, tongues, nicknames = readVariants(variantsFile)

//go:embed token_variants.tsv
var variantsFile string

func readVariants(file string) (variants, tongues, nicknames map[string][]uint16) {
	variants, tongues, nicknames = make(map[string][]uint16), make(map[string][]uint16), make(map[string][]uint16)
	group := uint16(0)
	for line := range strings.Lines(file) {
		kind, names, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		into := variants
		switch kind {
		case "lang":
			into = tongues
		case "nick":
			into = nicknames
		}
		group++
		for _, n := range strings.Fields(names) {
			into[n] = append(into[n], group)
		}
	}
	return variants, tongues, nicknames
}

// groupMembers lists the words of each group, for looking up a word's other forms.
var groupMembers = func() map[uint16][]string {
	m := make(map[uint16][]string)
	for _, groups := range []map[string][]uint16{variants, tongues, nicknames} {
		for w, gs := range groups {
			for _, g := range gs {
				m[g] = append(m[g], w)
			}
		}
	}
	return m
}()

// A kinship holds the groups that a word belongs to.
type kinship struct{ variants, tongues, nicknames []uint16 }

var kinships = func() map[string]*kinship {
	m := make(map[string]*kinship)
	of := func(w string) *kinship {
		if m[w] == nil {
			m[w] = &kinship{}
		}
		return m[w]
	}
	for w, g := range variants {
		of(w).variants = g
	}
	for w, g := range tongues {
		of(w).tongues = g
	}
	for w, g := range nicknames {
		of(w).nicknames = g
	}
	return m
}()

// kinOf says how alike two words are as forms of one name.
func kinOf(a, b *kinship) (float32, relation) {
	switch {
	case a == nil || b == nil:
	case meets(a.variants, b.variants):
		return 0.95, variant
	case meets(a.tongues, b.tongues):
		return 0.82, variant
	case meets(a.nicknames, b.nicknames):
		return 0.85, nickname
	}
	return 0, unmet
}

// otherKin says whether two words belong to tables of spellings, but to different ones: Muhammad and
// Ahmad are near in letters, and two names all the same.
func otherKin(a, b *kinship) bool {
	return a != nil && b != nil && len(a.variants) > 0 && len(b.variants) > 0
}

func meets(a, b []uint16) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// eachForm gives the other forms of a name that a table knows.
func (k *kinship) eachForm(text string, give func(string)) {
	if k == nil {
		return
	}
	for _, groups := range [][]uint16{k.variants, k.tongues, k.nicknames} {
		for _, g := range groups {
			for _, w := range groupMembers[g] {
				if w != text {
					give(w)
				}
			}
		}
	}
}
