package sanctions

import (
	_ "embed"
	"strings"
)

// arabicNames gives the usual Latin spelling of common names and name parts in Arabic script. It is
// keyed by the form that arabicForms gives. Own work, from general knowledge of the names.
var arabicNames = readArabicNames(arabicNamesFile)

//go:embed norm_names.tsv
var arabicNamesFile string

func readArabicNames(file string) map[string]string {
	names := make(map[string]string)
	for line := range strings.Lines(file) {
		arabic, latin, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(arabic, "#") {
			names[string(arabicForms(arabic))] = latin
		}
	}
	return names
}
