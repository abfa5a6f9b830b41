package sanctions

// Costs are hundredths of a typing error.
const (
	oneError   = 100
	transposed = 70
	maxErrors  = 350 // two words farther apart than this are two words
	maxLetter  = 40  // longer words are compared by their first letters
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

// A costTable prices the difference of two words.
type costTable struct {
	swap    *[128][128]uint8
	drop    [128]uint8
	doubled uint8 // a letter dropped or added beside its like; 0 prices it as any other
}

var (
	soundCosts  = costTable{swap: &near, drop: dropTable(55, 35, 50)}
	letterCosts = costTable{swap: letterSwaps(), drop: dropTable(oneError, oneError, oneError), doubled: 60}
	looseCosts  = costTable{swap: looseSwaps(), drop: dropTable(8, 30, 20)}
)

// dropTable prices a sound that one spelling has and the other has not.
func dropTable(vowel, h, y uint8) (t [128]uint8) {
	for c := range t {
		switch {
		case isVowel(byte(c)):
			t[c] = vowel
		default:
			t[c] = oneError
		}
	}
	t['h'], t['y'] = h, y
	return t
}

func letterSwaps() *[128][128]uint8 {
	t := new([128][128]uint8)
	for a := range t {
		for b := range t[a] {
			t[a][b] = oneError
			if isVowel(byte(a)) && isVowel(byte(b)) {
				t[a][b] = 80
			}
		}
		t[a][a] = 0
	}
	return t
}

// looseSwaps lets any vowel stand for any other, and a letter for how a neighbouring language reads it.
func looseSwaps() *[128][128]uint8 {
	t := near
	for a := range t {
		for b := range t[a] {
			if a != b && isVowel(byte(a)) && isVowel(byte(b)) {
				t[a][b] = 6
			}
		}
	}
	for _, p := range []string{"Ts", "zd", "zD", "jg", "qg", "kg", "kX", "GX", "SC"} { // what neighbouring languages make of one letter
		t[p[0]][p[1]], t[p[1]][p[0]] = 25, 25
	}
	for _, p := range []string{"vu", "vo", "vO", "yi", "yE"} { // one letter writes both
		t[p[0]][p[1]], t[p[1]][p[0]] = 15, 15
	}
	return &t
}

// drops writes down what leaving out each letter of s costs.
func (t *costTable) drops(s string, into *[maxLetter]uint16) {
	for i := range len(s) {
		into[i] = uint16(t.drop[s[i]&0x7f])
		if t.doubled > 0 && (i > 0 && s[i] == s[i-1] || i+1 < len(s) && s[i] == s[i+1]) {
			into[i] = uint16(t.doubled)
		}
	}
}

// distance is the least cost of turning a into b by dropping, swapping and transposing, or limit if it
// is not less (restricted Damerau-Levenshtein). It is symmetric.
func (t *costTable) distance(a, b string, limit int) int {
	a, b = a[:min(len(a), maxLetter)], b[:min(len(b), maxLetter)]
	var dropA, dropB [maxLetter]uint16
	t.drops(a, &dropA)
	t.drops(b, &dropB)
	var rows [3][maxLetter + 1]uint16
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) {
		one[j+1] = one[j] + dropB[j]
	}
	for i := range len(a) {
		swap := &t.swap[a[i]&0x7f]
		now[0] = one[0] + dropA[i]
		best := now[0]
		for j := range len(b) {
			c := min(one[j]+uint16(swap[b[j]&0x7f]), one[j+1]+dropA[i], now[j]+dropB[j])
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] && a[i] != b[j] {
				c = min(c, two[j-1]+transposed)
			}
			now[j+1] = c
			best = min(best, c)
		}
		if int(best) >= limit && i > 0 {
			return limit
		}
		two, one, now = one, now, two
	}
	return min(int(one[len(b)]), limit)
}
