package sanctions

import "math"

// A letterModel says how likely a word is as a name, from which letters follow which in the names it has
// seen. A typing error makes a word that it finds unlikely; another person's name it finds likely.
type letterModel struct {
	bits [nLetters][nLetters][nLetters]float32 // of the third letter after the first two
}

const (
	nLetters = 27 // a to z, and the edge of a word
	edge     = 26
)

// newLetterModel learns from names; each calls see once for every name.
func newLetterModel(each func(see func(text string))) *letterModel {
	var three [nLetters][nLetters][nLetters]float64
	var two [nLetters][nLetters]float64
	var one [nLetters]float64
	var all float64
	each(func(text string) {
		a, b := edge, edge
		for i := 0; i <= len(text); i++ {
			c := letterAt(text, i)
			three[a][b][c]++
			two[b][c]++
			one[c]++
			all++
			a, b = b, c
		}
	})
	m := new(letterModel)
	const trust = 8 // sightings after which a context counts as much as the shorter one behind it
	for b := range nLetters {
		var sum2 float64
		for c := range nLetters {
			sum2 += two[b][c]
		}
		for a := range nLetters {
			var sum3 float64
			for c := range nLetters {
				sum3 += three[a][b][c]
			}
			for c := range nLetters {
				p := (one[c] + 1) / (all + nLetters)
				p = (two[b][c] + trust*p) / (sum2 + trust)
				p = (three[a][b][c] + trust*p) / (sum3 + trust)
				m.bits[a][b][c] = float32(-math.Log2(p))
			}
		}
	}
	return m
}

func letterAt(text string, i int) int {
	if i < len(text) && 'a' <= text[i] && text[i] <= 'z' {
		return int(text[i] - 'a')
	}
	return edge
}

// surprise gives the bits that a word says as a name by its letters alone.
func (m *letterModel) surprise(text string) (sum float32) {
	a, b := edge, edge
	for i := 0; i <= len(text); i++ {
		c := letterAt(text, i)
		sum += m.bits[a][b][c]
		a, b = b, c
	}
	return sum
}
