package sanctions

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// someWords makes words of few letters, so that many are near to each other.
func someWords(r *rand.Rand, n int, letters string) []string {
	words := make([]string, n)
	for i := range words {
		word := make([]byte, r.IntN(12))
		for k := range word {
			word[k] = letters[r.IntN(len(letters))]
		}
		words[i] = string(word)
	}
	return words
}

// TestSkeletonsMissNone: what is ruled out by the classes of consonants has no reading that a word has.
func TestSkeletonsMissNone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := newSkeletons()
	for i, word := range someWords(r, 300, "abdjklmnrstv") {
		s.add(skeleton(word), uint32(i))
	}
	met := 0
	for _, key := range someWords(r, 20_000, "abdjklmnrstv") {
		var want, got []uint32
		eachReading(skeleton(key), func(bare string) { want = append(want, s.words[bare]...) })
		s.find(key, func(word uint32) { got = append(got, word) })
		if !slices.Equal(got, want) {
			t.Fatalf("%q finds %v, and %v has a reading of it", key, got, want)
		}
		met += len(got)
	}
	if met < 1000 {
		t.Errorf("only %d words were found: nothing was tried", met)
	}
}

// TestEachRest: every way to leave letters out gives its hash.
func TestEachRest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, key := range append(someWords(r, 2000, "abc"), "", "a", "ab", "abc", "abcd", "abcde", "aabbccdd") {
		for drops := range 3 {
			got := map[uint32]bool{}
			eachRest(key, drops, func(h uint32) { got[h] = true })
			want := map[uint32]bool{}
			head := key[:min(len(key), fuzzyPrefix)]
			want[restHash(noLetters, head)] = true
			for i := range head {
				one := head[:i] + head[i+1:]
				if drops > 0 && len(head) >= 3 {
					want[restHash(noLetters, one)] = true
				}
				for j := range one {
					if drops > 1 && len(head) >= 5 {
						want[restHash(noLetters, one[:j]+one[j+1:])] = true
					}
				}
			}
			for h := range got {
				if !want[h] {
					t.Errorf("%q without %d letters: a rest that it has not", key, drops)
				}
			}
			if drops < 2 && len(got) != len(want) {
				t.Errorf("%q without %d letters has %d rests, not %d", key, drops, len(want), len(got))
			}
		}
	}
}

// TestWordsMetBefore: a word means the same the second time, whatever stood around it the first.
func TestWordsMetBefore(t *testing.T) {
	words := []string{"Łukášžek", "Jürgens", "Γιώργοςx", "Дмитриевъ", "אברהם", "राजेशx", "김철", "毛泽东", "محمد", "الله", "سعیدالله", "გიორგი", "Anna", "Eвгений"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		a, b := words[r.IntN(len(words))], words[r.IntN(len(words))]
		first := Normalise(a + " " + b)
		if again := Normalise(a + " " + b); again != first {
			t.Errorf("%s %s is %q and then %q", a, b, first, again)
		}
		if alone := Normalise(a) + " " + Normalise(b); b != "الله" && alone != first {
			t.Errorf("%s %s is %q, alone %q", a, b, first, alone)
		}
	}
}
