package sanctions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fingerprint is the SHA-256, in hex, of the facts about p that screening uses, normalised: another
// spelling of case, accents or a country does not change it, another fact does. A suppression holds for
// a fingerprint.
func (p Person) Fingerprint() string {
	b := make([]byte, 0, 512)
	field := func(name string, values ...string) {
		slices.Sort(values)
		b = append(append(b, name...), '=')
		for _, v := range slices.Compact(values) {
			b = append(strconv.AppendQuote(b, v), ' ')
		}
		b = append(b, '\n')
	}
	field("name", Normalise(p.Full))
	field("parts", Normalise(p.First+" "+p.Middle)+"|"+Normalise(p.Last))
	var local, nations, documents []string
	for _, l := range p.Local {
		local = append(local, Normalise(l))
	}
	for _, n := range p.Nationalities {
		if c := Country(n); c != "" {
			n = c
		}
		nations = append(nations, strings.ToUpper(n))
	}
	for _, d := range p.Documents {
		if k := documentKey(d); k != "" {
			documents = append(documents, k)
		}
	}
	field("local", local...)
	field("born", fmt.Sprint(p.Born.From, p.Born.To))
	field("place", Normalise(p.BirthPlace))
	field("nations", nations...)
	field("sex", p.Sex)
	field("documents", documents...)
	if p.Truncated {
		field("truncated")
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
