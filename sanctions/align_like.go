package sanctions

import (
	"math/bits"
	"strings"
)

// likeness compares two words: 1 for the same, 0 for two different ones, and how they met.
func likeness(a, b *token) (float32, relation) {
	if a.text == b.text {
		return sameLetters(a, b)
	}
	if a.kind == number || b.kind == number {
		return 0, unmet
	}
	if q, how := kinOf(a.kin, b.kin); how != unmet {
		if how == variant && q > 0.9 && a.other != b.other {
			return 0.96, transliterated // another script is why the spelling differs
		}
		return q, how
	}
	shorter, longer := len(a.text), len(b.text)
	if shorter > longer {
		shorter, longer = longer, shorter
	}
	switch {
	case longer-shorter > 4 && 2*shorter < longer:
		return 0, unmet
	case a.short || b.short: // transliteration makes no typing errors
		return 0, unmet
	case a.loose || b.loose:
		return looseLikeness(a, b, longer)
	}
	return misspelt(a, b, longer)
}

// sameLetters compares two words that are the same in Latin letters, whatever they were written in.
func sameLetters(a, b *token) (float32, relation) {
	switch {
	case a.other == b.other && (!a.other || a.raw == b.raw):
		return 1, same
	case a.short != b.short:
		return 0.85, transliterated
	case a.short && scriptOf(a.raw) == scriptHangul && scriptOf(b.raw) == scriptHangul:
		return 0.6, sound // two syllables that Latin letters cannot tell apart
	case a.loose || b.loose:
		return 0.96, transliterated
	}
	return 0.98, transliterated
}

// misspelt compares two words, the longer of n letters, by the errors between their sounds or their letters,
// whichever are less.
func misspelt(a, b *token, n int) (float32, relation) {
	limit := min(maxErrors, 45*n+1)
	if n > 4 && scrambled(a, b) && letterCosts.distance(a.text, b.text, limit) > oneError {
		if reversed(a.text, b.text) {
			return 0.88, spelling
		}
		return 0.72, spelling
	}
	if !mayMeet(a.mask, b.mask, limit) {
		return 0, unmet
	}
	cost, heard := soundCosts.distance(a.sound, b.sound, limit), true
	if cost > 0 {
		if typed := letterCosts.distance(a.text, b.text, limit); typed < cost {
			cost, heard = typed, false
		}
	}
	if a.abjad != b.abjad && cost > 0 && !otherKin(a.kin, b.kin) {
		if like, how := looseLikeness(a, b, n); like >= screenCosts.guess {
			return like, how
		}
	}
	if cost >= limit {
		return 0, unmet
	}
	return priced(a, b, n, cost, heard)
}

// priced is the likeness of two words with errors of this cost between their sounds (heard) or their letters.
func priced(a, b *token, n, cost int, heard bool) (float32, relation) {
	how := spelling
	if heard {
		n = (n + max(len(a.sound), len(b.sound)) + 1) / 2 // "schou" is two sounds long, not five
		if cost <= 60 {
			how = sound
		}
	}
	if how == sound && n < 6 {
		cost += cost / 2 // the vowels of a short name tell it from others
	}
	q := 0.98 - 0.011*float32(cost)*shortness(n)/float32(n)
	if q < leastLikeness(n)-slack(a) {
		q = 0
	}
	if a.settled && b.settled {
		q -= otherName
	}
	if n > 4 && otherKin(a.kin, b.kin) {
		q -= 2 * otherName
	}
	return q, how
}

// leastLikeness is where two words of n letters begin to be two words. Among the names of the labelled
// data, pairs below it are far more often chance than an alteration.
func leastLikeness(n int) float32 {
	if n < 4 {
		return 0.5
	}
	return 0.66
}

// slack lowers that limit for a word of a query that nobody knows, the more the less it reads like a name.
func slack(t *token) float32 {
	if t.strange == 0 || len(t.text) < 4 {
		return 0
	}
	return min(max(0.05*(t.strange/float32(len(t.text)+1)-3.5), 0), 0.12)
}

// otherName is taken from the likeness of two words that are each a settled name of its own.
const otherName = 0.15

// shortness makes an error in a short word weigh more: half of a three-letter word's neighbours are
// other names.
func shortness(n int) float32 {
	if n < 5 {
		return 1.1
	}
	return 1
}

func looseLikeness(a, b *token, n int) (float32, relation) {
	limit := min(oneError, 20*n)
	cost := looseCosts.distance(a.sound, b.sound, limit)
	if cost > 25 {
		cost = min(cost, looseCosts.distance(apart(a), apart(b), limit))
	}
	n = 1 + max(consonants(a.sound), consonants(b.sound))
	like := 0.96 - 0.01*float32(cost)/float32(n)
	if endsInI(a.sound) != endsInI(b.sound) && !a.openEnd() && !b.openEnd() || startsWithVowel(a.sound) != startsWithVowel(b.sound) {
		return 0, unmet // these vowels are written: Muhammadi is another name than Muhammad, Ihsan than Husayn
	}
	if cost >= limit || like < 0.7 {
		return 0, unmet
	}
	return like, transliterated
}

// apart gives the sounds of a Latin word with kh, sh and the like taken as two letters, which a script without
// vowels parts: Lakhal is l-k-h-l, Ishaq '-s-h-q.
func apart(t *token) string {
	if t.loose {
		return t.sound
	}
	return twoSounds.Replace(t.sound)
}

var twoSounds = strings.NewReplacer("X", "kh", "S", "sh", "G", "gh", "D", "dh", "T", "th", "Z", "zh")

// openEnd says whether a word ends in a letter that stands for a and for i.
func (t *token) openEnd() bool { return t.loose && at(t.sound, len(t.sound)-1) == 'e' }

func endsInI(sound string) bool {
	last := at(sound, len(sound)-1)
	return last == 'i' || last == soundAI
}

func startsWithVowel(sound string) bool {
	first := at(sound, 0)
	return isVowel(first) || first == 'y' || first == 'v'
}

func consonants(sound string) (n int) {
	for i := range len(sound) {
		if !isVowel(sound[i]) {
			n++
		}
	}
	return n
}

// scrambled says whether two words have the same letters in another order.
func scrambled(a, b *token) bool {
	if a.mask != b.mask || len(a.text) != len(b.text) {
		return false
	}
	var count [128]int8
	for i := range len(a.text) {
		count[a.text[i]&0x7f]++
		count[b.text[i]&0x7f]--
	}
	return count == [128]int8{}
}

func reversed(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[len(b)-1-i] {
			return false
		}
	}
	return true
}

// mayMeet is a quick test: with too many letters that the other word lacks, distance cannot stay under
// limit but by cheap swaps only.
func mayMeet(a, b uint32, limit int) bool {
	return bits.OnesCount32(a^b)*oneError/2 <= limit+150
}

// letters is the set of coarse letters of a word.
func letters(s string) (m uint32) {
	for i := range len(s) {
		m |= 1 << (coarse[s[i]&0x7f] & 31)
	}
	return m &^ 1
}
