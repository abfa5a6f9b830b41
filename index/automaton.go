package index

import (
	"strings"
	"unicode/utf8"
)

// A walker is an automaton over the bytes of a term. It reads a word, character by character, and accepts
// the terms that stand for the word asked for, or for a word that begins with it: after such a beginning
// the rest is free up to the next level, because the prefixes stored there stand for all longer words.
//
// Its state is a number: what may have been read, see asTyped, in the lowest byte; above it the characters
// read so far; then the length up to which the rest is free, 0 while there is no beginning; then of a
// character under way the bits read so far, and how many bytes are to come.
type walker struct {
	word   []rune
	errors bool // one is forgiven: a character changed, missing, too much, or two neighbours swapped
}

// startsWith accepts the terms that stand for all words with this prefix.
func startsWith(prefix string) *walker { return &walker{word: []rune(prefix)} }

// nearly accepts the terms that stand for words which are word but for one error, or begin so.
func nearly(word string) *walker { return &walker{[]rune(word), true} }

// minForgiven is the length, in characters, from which a word may have a typing error.
const minForgiven = 4

const (
	shiftRead = 8
	shiftFree = 16
	shiftBits = 24
	shiftMore = 40
	dead      = -1
)

func (w *walker) Start() int { return w.settle(asTyped, 0, 0) }

// settle makes the state after a whole character.
func (w *walker) settle(inner, read, free int) int {
	if free == 0 && w.accepts(inner, read) {
		free = levelFrom(read)
	}
	if inner == 0 && read > free {
		return dead
	}
	return free<<shiftFree | read<<shiftRead | inner
}

func (w *walker) IsMatch(s int) bool {
	read, free := s>>shiftRead&0xff, s>>shiftFree&0xff
	return s != dead && s>>shiftMore == 0 && 0 < free && read <= free
}

func (w *walker) CanMatch(s int) bool { return s != dead }

func (w *walker) WillAlwaysMatch(int) bool { return false }

func (w *walker) Accept(s int, b byte) int {
	if s == dead {
		return dead
	}
	c, more := rune(b), s>>shiftMore
	switch {
	case more > 0:
		c, more = rune(s>>shiftBits&0xffff)<<6|c&0x3f, more-1
	case b >= 0xf0:
		c, more = c&0x07, 3
	case b >= 0xe0:
		c, more = c&0x0f, 2
	case b >= utf8.RuneSelf:
		c, more = c&0x1f, 1
	}
	if more > 0 {
		return more<<shiftMore | int(c)<<shiftBits | s&(1<<shiftBits-1)
	}
	inner, read, free := s&0xff, s>>shiftRead&0xff, s>>shiftFree&0xff
	switch {
	case inner == 0:
	case c == wordEnd && w.accepts(inner, read):
		return w.settle(0, read+1, read+1)
	default:
		inner = w.after(inner, read, c)
	}
	return w.settle(inner, read+1, free)
}

// whole reports whether an accepted term stands for the word asked for, not for one that begins so.
func (w *walker) whole(term string) bool {
	word, ended := strings.CutSuffix(term, string(wordEnd))
	state, n := asTyped, 0
	for _, c := range word {
		if state = w.after(state, n, c); state == 0 {
			return false
		}
		n++
	}
	return ended && w.accepts(state, n)
}

// What may have been read, one or more of these; none is dead.
const (
	asTyped  = 1 << iota // no error so far
	extra                // one character too much: the next is the one before the i-th of the word
	changed              // another character: the next is the i-th, as after two that were swapped
	missing              // one character too few: the next is the one behind the i-th
	swapping             // the second of two swapped neighbours: the next is the first of them
)

// after is what may have been read when c, the i-th character from 0, follows.
func (w *walker) after(state, i int, c rune) (next int) {
	is := func(at int) bool { return at < len(w.word) && w.word[at] == c }
	switch {
	case state&asTyped == 0:
	case is(i): // what an error here would allow, one further on allows too
		return asTyped
	case w.errors:
		next = extra
		if i < len(w.word) {
			next |= changed
		}
		if is(i + 1) {
			next |= missing | swapping
		}
	}
	if state&extra != 0 && is(i-1) {
		next |= extra
	}
	if state&changed != 0 && is(i) || state&swapping != 0 && is(i-1) {
		next |= changed
	}
	if state&missing != 0 && is(i+1) {
		next |= missing
	}
	return next
}

// accepts reports whether n characters are the whole word.
func (w *walker) accepts(state, n int) bool {
	beyond := n - len(w.word)
	return state&asTyped != 0 && (beyond == 0 || beyond == -1 && w.errors) || state&extra != 0 && beyond == 1 ||
		state&changed != 0 && beyond == 0 || state&missing != 0 && beyond == -1
}

func characters(text string) int { return utf8.RuneCountInString(text) }
