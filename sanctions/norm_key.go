package sanctions

import "strings"

// Sounds of a name. A sound is one byte: most Latin letters stand for themselves, capitals for what
// romanisations write with several letters. Two spellings of one name differ little in their sounds.
const (
	soundCH = 'C' // ch, tch, cz
	soundDH = 'D' // dh
	soundAI = 'E' // ai, ay, ei, ey
	soundGH = 'G' // gh
	soundAU = 'O' // au, aw, ow
	soundTS = 'Q' // ts, tz
	soundSH = 'S' // sh, sch, sz
	soundTH = 'T' // th
	soundKH = 'X' // kh
	soundZH = 'Z' // zh
)

type writing struct{ letters, sound string }

// spellings of a sound, longest first.
var spellings = []writing{
	{"tsch", "C"}, {"shch", "S"},
	{"sch", "S"}, {"tch", "C"}, {"tsh", "C"}, {"dzh", "j"}, {"chh", "C"}, {"eau", "o"},
	{"que", "ke"}, {"qui", "ki"}, {"sh", "S"}, {"ch", "C"}, {"kh", "X"}, {"gh", "G"}, {"dh", "D"}, {"th", "T"}, {"ph", "f"}, {"bh", "b"}, {"zh", "Z"},
	{"dj", "j"}, {"ck", "k"}, {"cz", "C"}, {"sz", "S"}, {"ts", "Q"}, {"tz", "Q"}, {"ks", "ks"},
	{"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"ie", "i"}, {"ai", "E"}, {"ay", "E"}, {"ei", "E"}, {"ey", "E"},
	{"au", "O"}, {"aw", "O"}, {"ow", "O"}, {"oe", "o"}, {"ue", "u"}, {"ae", "a"},
}

// spellingsBy finds the spellings by their first letter.
var spellingsBy = func() (t [128][]writing) {
	for _, s := range spellings {
		t[s.letters[0]] = append(t[s.letters[0]], s)
	}
	return t
}()

// sounds gives the sounds of a normalised word. Doubled letters are one sound.
func sounds(text string) string {
	b := make([]byte, 0, len(text))
	put := func(s string) {
		for i := range len(s) {
			if len(b) == 0 || b[len(b)-1] != s[i] || '0' <= s[i] && s[i] <= '9' {
				b = append(b, s[i])
			}
		}
	}
	for i := 0; i < len(text); {
		if sound, n := spelt(text, i); n > 0 {
			put(sound)
			i += n
			continue
		}
		put(letterSound(text, i))
		i++
	}
	return string(b)
}

// spelt finds the letters at i that together write one sound; n is 0 if there are none.
func spelt(text string, i int) (sound string, n int) {
	rest := text[i:]
	for _, s := range spellingsBy[text[i]&0x7f] {
		if !strings.HasPrefix(rest, s.letters) {
			continue
		}
		last := s.letters[len(s.letters)-1]
		next := at(text, i+len(s.letters))
		if (last == 'y' || last == 'w') && isVowel(next) {
			return "", 0 // "aya": the y is a consonant
		}
		return s.sound, len(s.letters)
	}
	return "", 0
}

func letterSound(text string, i int) string {
	switch c, next := text[i], at(text, i+1); c {
	case 'c':
		if next == 'e' || next == 'i' || next == 'y' {
			return "s"
		}
		return "k"
	case 'w':
		return "v"
	case 'x':
		if i == 0 && (next == 'i' || next == 'u') {
			return "S"
		}
		return "ks"
	case 'y':
		if isVowel(next) {
			return "y"
		}
		return "i"
	}
	return text[i : i+1]
}

func at(s string, i int) byte {
	if 0 <= i && i < len(s) {
		return s[i]
	}
	return 0
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', soundAI, soundAU:
		return true
	}
	return false
}

// coarse puts sounds that romanisations mix up into one class. Zero drops the sound.
var coarse = [128]byte{
	'a': 'a', 'e': 'a', 'i': 'a', 'o': 'a', 'u': 'a', soundAI: 'a', soundAU: 'a', 'y': 'a',
	'b': 'b', 'p': 'b', 'v': 'v', 'f': 'v',
	'd': 'd', soundDH: 'd', 't': 't', soundTH: 't',
	'k': 'k', 'q': 'k', 'g': 'k', soundGH: 'k', soundKH: 'k',
	's': 's', 'z': 's', soundSH: 's', soundTS: 's', soundZH: 'j', 'j': 'j', soundCH: 'j',
	'l': 'l', 'r': 'r', 'm': 'm', 'n': 'n',
	'0': '0', '1': '1', '2': '2', '3': '3', '4': '4', '5': '5', '6': '6', '7': '7', '8': '8', '9': '9',
}

// soundKey is the key under which spellings of one name meet: coarse sounds, every run of vowels one
// mark, h silent. "Muhammad", "Mohamed" and "Mahomet"'s first five letters share it.
func soundKey(sound string) string {
	b := make([]byte, 0, len(sound))
	for i := range len(sound) {
		c := coarse[sound[i]&0x7f]
		if c == 0 || len(b) > 0 && b[len(b)-1] == c && c > '9' {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}

// skeleton is soundKey without vowels, for scripts that do not write them.
func skeleton(key string) string {
	return strings.ReplaceAll(key, "a", "")
}

// fineKey tells more names apart than soundKey: it keeps three classes of vowels. It pools the
// spellings of a name when we count how common the name is.
func fineKey(sound string) string {
	b := make([]byte, 0, len(sound))
	for i := range len(sound) {
		c := sound[i]
		switch c {
		case 'e', soundAI:
			c = 'a'
		case 'u', soundAU:
			c = 'o'
		case 'y':
			c = 'i'
		case 'h':
			if i > 0 && i < len(sound)-1 {
				break
			}
			continue
		case soundDH:
			c = 'd'
		case soundTH:
			c = 't'
		case 'q':
			c = 'k'
		}
		if len(b) == 0 || b[len(b)-1] != c {
			b = append(b, c)
		}
	}
	return string(b)
}
