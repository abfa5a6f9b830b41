package staff

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// The most used passwords, most used first: see common/README.md.
//
//go:embed common/passwords.txt
var commonText string

var commonWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.Lines(commonText) {
		words[strings.TrimSpace(word)] = true
	}
	return words
})

// keyboard is a walk over the letters of keyboards, row by row.
const keyboard = "qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm azertyuiopqsdfghjklmwxcvbn"

// spelt undoes what people put for letters.
var spelt = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// isCommon reports whether password is a common one that digits or signs were put around or into, that
// was written several times over, or a walk along the keyboard or the digits.
func isCommon(password string) bool {
	text := strings.ToLower(password)
	core := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	return isKnown(text) || isKnown(core) || isKnown(spelt.Replace(core)) || isSequence(text)
}

func isKnown(text string) bool {
	text = unit(text)
	return commonWords()[text] || len(text) >= 4 && strings.Contains(keyboard, text)
}

// unit is the shortest piece of which text is made by repeating it.
func unit(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// isSequence reports whether text goes up or down by one all the way, such as 123456789012, but for one jump.
func isSequence(text string) bool {
	jumps := 0
	for i := 1; i < len(text); i++ {
		step := int(text[i]) - int(text[i-1])
		if step != 1 && step != -1 && step != 0 {
			jumps++
		}
	}
	return jumps <= 1
}
