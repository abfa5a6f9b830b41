package sanctions

// Costs are hundredths of a typing error.
const (
	oneError  = 100
	maxErrors = 350 // two words farther apart than this are two words
	maxLetter = 40  // longer words are compared by their first letters
)

// near gives the cost of one sound for another where romanisations or hearing mix them up; other pairs
// cost a full error. Sources: the transliteration variants of ICAO 9303-3 section 6, the BGN/PCGN and ALA-LC
// tables, and the spellings of one person's aliases on the UN list.
var near = nearTable([]struct {
	pairs string // two sounds each
	cost  uint8
}{
	{"kq ou", 10},
	{"oO dD tT gG iy", 15}, {"eE", 15},
	{"ei iE Xh Zj", 20},
	{"ae Xk DZ Dz Ts", 25},
	{"uO qg qG vf sz yj yE uv", 30},
	{"aE aO sS sQ zZ fp kX", 35},
	{"ao bp zQ SC jC XG Xq GX ov bv ij jg jG CQ", 40},
	{"kg dt ZS kC", 45},
	{"ai au mn lr kG GX sC tQ XC", 50},
	{"eo eu iu Eu Eo io ui aS dz", 60},
})

func nearTable(groups []struct {
	pairs string
	cost  uint8
}) (t [128][128]uint8) {
	for i := range t {
		for j := range t[i] {
			t[i][j] = oneError
			if isVowel(byte(i)) && isVowel(byte(j)) {
				t[i][j] = 65
			}
		}
		t[i][i] = 0
	}
	for _, g := range groups {
		for i := 0; i+1 < len(g.pairs); i += 3 {
			a, b := g.pairs[i], g.pairs[i+1]
			t[a][b], t[b][a] = g.cost, g.cost
		}
	}
	return t
}

// soundDrop is the cost of a sound that one spelling has and the other has not.
func soundDrop(s string, i int) int {
	switch c := s[i]; {
	case c == 'h':
		return 35
	case isVowel(c):
		return 55
	case c == 'y':
		return 50
	}
	return oneError
}

// letterDrop is the cost of a letter too many; a doubled one is a lesser slip.
func letterDrop(s string, i int) int {
	if i > 0 && s[i] == s[i-1] || i+1 < len(s) && s[i] == s[i+1] {
		return 60
	}
	return oneError
}

func letterSwap(a, b byte) int {
	if a == b {
		return 0
	}
	if isVowel(a) && isVowel(b) {
		return 80
	}
	return oneError
}

func looseDrop(s string, i int) int {
	if isVowel(s[i]) || s[i] == 'y' || s[i] == 'h' {
		return 8
	}
	return oneError
}

func soundSwap(a, b byte) int { return int(near[a&0x7f][b&0x7f]) }

func looseSwap(a, b byte) int {
	if isVowel(a) && isVowel(b) {
		return 6
	}
	return int(near[a&0x7f][b&0x7f])
}

// distance is the least cost of turning a into b by dropping, swapping and transposing, or limit if it
// is not less (restricted Damerau-Levenshtein). It is symmetric.
func distance(a, b string, drop func(string, int) int, swap func(a, b byte) int, limit int) int {
	a, b = a[:min(len(a), maxLetter)], b[:min(len(b), maxLetter)]
	var rows [3][maxLetter + 1]int
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) {
		one[j+1] = one[j] + drop(b, j)
	}
	for i := range len(a) {
		da := drop(a, i)
		now[0] = one[0] + da
		best := now[0]
		for j := range len(b) {
			c := min(one[j]+swap(a[i], b[j]), one[j+1]+da, now[j]+drop(b, j))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] && a[i] != b[j] {
				c = min(c, two[j-1]+oneError)
			}
			now[j+1] = c
			best = min(best, c)
		}
		if best >= limit && i > 0 {
			return limit
		}
		two, one, now = one, now, two
	}
	return min(one[len(b)], limit)
}
