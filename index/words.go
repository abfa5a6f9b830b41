package index

import (
	"strings"
	"unicode"
)

// An atom is an unbroken run of letters and digits, as written.
type atom struct {
	text  string
	glued bool // follows the atom before it without white space: "Brien" in "O'Brien"
}

// split cuts text into at most n atoms; more says that there were more.
func split(text string, n int) (atoms []atom, more bool) {
	var word strings.Builder
	glued := false
	end := func() bool {
		if word.Len() == 0 {
			return true
		}
		if len(atoms) == n {
			return false
		}
		atoms = append(atoms, atom{word.String(), glued && len(atoms) > 0})
		word.Reset()
		glued = true
		return true
	}
	for _, r := range text {
		switch {
		case isWordRune(r):
			word.WriteRune(r)
		case isSilent(r):
			if word.Len() > 0 {
				word.WriteRune(r)
			}
		default:
			if !end() {
				return atoms, true
			}
			if unicode.IsSpace(r) {
				glued = false
			}
		}
	}
	return atoms, !end()
}

// maxAtoms is how many words of one value are stored.
const maxAtoms = 40

// words yields what of a value may be asked for: its words; words held together by punctuation as one
// ("obrien", "jeanpierre"); and the whole value without its gaps ("vandenberg", "ab123456").
func words(value string, yield func(word string)) {
	atoms, _ := split(value, maxAtoms)
	var chunk, whole strings.Builder
	parts, chunks := 0, 0
	endChunk := func() {
		if parts > 1 {
			yield(chunk.String())
		}
		chunk.Reset()
		parts = 0
	}
	for _, a := range atoms {
		if !a.glued {
			endChunk()
			chunks++
		}
		yield(a.text)
		chunk.WriteString(a.text)
		whole.WriteString(a.text)
		parts++
	}
	endChunk()
	if chunks > 1 {
		yield(whole.String())
	}
}

// levels are the lengths, in characters, of the prefixes under which a word is stored. A prefix of
// another length is answered by the terms of the next level that begin with it: close levels where
// many words share a prefix, wider ones where few do. The last is maxWord.
var levels = [...]int{1, 2, 3, 5, 8, 12, 16, 20, 26, maxWord}

// levelFrom is the smallest level of at least n characters.
func levelFrom(n int) int {
	for _, l := range levels {
		if l >= n {
			return l
		}
	}
	return maxWord
}

// wordEnd follows a word that is stored whole, so that it is told apart from the prefixes of others.
const wordEnd = '.'

// eachTerm yields the terms under which a folded word is stored: its prefixes of each level, and itself.
func eachTerm(word string, yield func(term string)) {
	n, level := 0, 0
	for i := range word {
		if level < len(levels) && n == levels[level] {
			yield(word[:i])
			level++
		}
		n++
	}
	if level < len(levels) && n == levels[level] {
		yield(word)
	}
	yield(word + string(wordEnd))
}
