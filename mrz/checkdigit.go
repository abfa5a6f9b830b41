package mrz

// weights repeat over every sum (9303-3 §4.9).
var weights = [3]int{7, 3, 1}

// values gives the value of each ASCII character in a check digit's sum: 0 to 9, A to Z as 10 to 35,
// the filler as 0. Characters outside the zone's alphabet have no value in ICAO's rules. They are an
// error of their own field; here they only get the number that common parsers give them, so that the
// digit named in a message is the same everywhere.
var values = func() (v [128]int) {
	for c := range v {
		v[c] = valueOf(rune(c))
	}
	return v
}()

func valueOf(c rune) int {
	v := int(c)
	if c == filler {
		v = 0
	}
	if v >= 'A' {
		v -= 'A' - 10
	}
	if v >= '0' {
		v -= '0'
	}
	return v
}

// A sum is a check digit's sum under way; n is the weight of the next character, so that the weights
// go on from one part to the next.
type sum struct{ total, n int }

func (s *sum) add(text string) {
	total, n := s.total, s.n
	for _, c := range text {
		if c < 128 {
			total += values[c] * weights[n]
		} else {
			total += valueOf(c) * weights[n]
		}
		if n++; n == len(weights) {
			n = 0
		}
	}
	s.total, s.n = total, n
}

// digit is the check digit as a character, '0' to '9'.
func (s *sum) digit() byte { return byte('0' + s.total%10) }

// CheckDigit computes the check digit of text by 9303-3 §4.9: weights 7, 3, 1, modulus 10.
// It returns a character, '0' to '9'.
func CheckDigit(text string) byte {
	var s sum
	s.add(text)
	return s.digit()
}
