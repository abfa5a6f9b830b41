package index

import (
	"fmt"
	"sync"
	"unicode/utf8"

	segapi "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"
)

// A walker is an automaton over the bytes of a term that accepts in two phases: first an inner
// automaton reads a beginning of the term; once that accepts, the rest is free. The walk goes no deeper
// than the next level, because the prefixes stored there stand for all longer words.
//
// Its state is a number: the inner state in the low 32 bits, the characters read so far above it, and
// above those the length up to which the rest is free, 0 while the inner automaton still reads.
type walker struct {
	inner segapi.Automaton
	whole bool // the rest must be the end of the word
}

const (
	shiftRead = 32
	shiftFree = 48
	dead      = -1
)

func state(inner, read, free int) int { return free<<shiftFree | read<<shiftRead | inner }

func (w walker) Start() int { return w.settle(w.inner.Start(), 0) }

// settle decides after a whole character whether the inner automaton has what it wants.
func (w walker) settle(inner, read int) int {
	if w.whole || !w.inner.IsMatch(inner) {
		return state(inner, read, 0)
	}
	return state(inner, read, levelFrom(read))
}

func (w walker) IsMatch(s int) bool { return s != dead && s>>shiftFree != 0 }

func (w walker) CanMatch(s int) bool {
	if s == dead {
		return false
	}
	return s>>shiftFree != 0 || w.inner.CanMatch(int(uint32(s)))
}

func (w walker) WillAlwaysMatch(int) bool { return false }

func (w walker) Accept(s int, b byte) int {
	if s == dead {
		return dead
	}
	inner, read, free := int(uint32(s)), s>>shiftRead&0xffff, s>>shiftFree
	if utf8.RuneStart(b) {
		read++
	}
	if free != 0 {
		if read > free {
			return dead
		}
		return state(inner, read, free)
	}
	if w.whole && b == wordEnd {
		if w.inner.IsMatch(inner) {
			return state(inner, read, read)
		}
		return dead
	}
	next := w.inner.Accept(inner, b)
	if !w.inner.CanMatch(next) {
		return dead
	}
	return w.settle(next, read)
}

// startsWith accepts the terms that stand for all words with this prefix.
func startsWith(prefix string) segapi.Automaton { return walker{inner: literal(prefix)} }

// A literal accepts one text. Its state is how much of it was read, plus one; 0 is dead.
type literal string

func (l literal) Start() int               { return 1 }
func (l literal) IsMatch(s int) bool       { return s == len(l)+1 }
func (l literal) CanMatch(s int) bool      { return s > 0 }
func (l literal) WillAlwaysMatch(int) bool { return false }
func (l literal) Accept(s int, b byte) int {
	if s < 1 || s > len(l) || l[s-1] != b {
		return 0
	}
	return s + 1
}

// minForgiven is the length, in characters, from which a word may have a typing error.
const minForgiven = 4

// forgiving returns the automaton builder for one error: a character changed, missing, too much, or two
// neighbours swapped.
var forgiving = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
	return levenshtein.NewLevenshteinAutomatonBuilder(1, true)
})

// nearly accepts the terms that stand for words which are word but for one error, or, unless whole,
// which begin so.
func nearly(word string, whole bool) (segapi.Automaton, error) {
	b, err := forgiving()
	if err != nil {
		return nil, fmt.Errorf("index: typing errors: %w", err)
	}
	dfa, err := b.BuildDfa(word, 1)
	if err != nil {
		return nil, fmt.Errorf("index: typing errors of a word of %d bytes: %w", len(word), err)
	}
	return walker{inner: dfa, whole: whole}, nil
}

func characters(text string) int { return utf8.RuneCountInString(text) }
