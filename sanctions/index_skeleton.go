package sanctions

import "strings"

// Skeletons find words by their consonants, for scripts that write no vowels.
type skeletons struct {
	words   map[string][]uint32
	classes map[string]struct{} // see appendClasses
}

func newSkeletons() skeletons {
	return skeletons{make(map[string][]uint32), make(map[string]struct{})}
}

func (s *skeletons) add(bare string, word uint32) {
	s.words[bare] = append(s.words[bare], word)
	s.classes[string(appendClasses(nil, bare))] = struct{}{}
}

// find calls found for every word whose consonants are a reading of those of key.
func (s *skeletons) find(key string, found func(word uint32)) {
	var room [32]byte
	if _, any := s.classes[string(appendClasses(room[:0], key))]; !any {
		return
	}
	eachReading(skeleton(key), func(bare string) {
		for _, w := range s.words[bare] {
			found(w)
		}
	})
}

// eachReading gives a skeleton and what neighbouring languages make of it: Arabic Fadl and Zahir are Fazl
// and Dahir elsewhere, Jamal is Gamal.
func eachReading(bare string, give func(string)) {
	give(bare)
	if other := strings.ReplaceAll(bare, "v", ""); other != bare && other != "" {
		give(other) // the letter for w is that for u as well
	}
	for _, r := range [][2]string{{"d", "s"}, {"s", "d"}, {"t", "s"}, {"j", "k"}, {"k", "j"}} {
		if other := strings.ReplaceAll(bare, r[0], r[1]); other != bare {
			give(other)
		}
	}
}

// appendClasses appends to b what all readings of a key have in common.
func appendClasses(b []byte, key string) []byte {
	for i := range len(key) {
		switch c := key[i]; c {
		case 'a', 'v':
		case 's', 't':
			b = append(b, 'd')
		case 'j':
			b = append(b, 'k')
		default:
			b = append(b, c)
		}
	}
	return b
}
