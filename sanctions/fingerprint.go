package sanctions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Fingerprint is the SHA-256 (hex) of the facts that a screening compares. It stays the same while
// only spacing, case or the order of numbers change; decisions about hits hang on it.
func (p Person) Fingerprint() string {
	facts := []string{plain(p.Full), plain(p.First), plain(p.Middle), plain(p.Last), fmt.Sprint(p.Born.From, p.Born.To), plain(p.BirthPlace), p.Sex}
	for _, group := range [][]string{p.Local, p.Nationalities, p.Documents} {
		folded := make([]string, len(group))
		for i, text := range group {
			folded[i] = plain(text)
		}
		slices.Sort(folded)
		facts = append(facts, strings.Join(folded, "\x1f"))
	}
	sum := sha256.Sum256([]byte(strings.Join(facts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func plain(text string) string { return strings.ToUpper(strings.Join(strings.Fields(text), " ")) }
