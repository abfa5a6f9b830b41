package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A screen is a size at which pages are looked at.
type screen struct {
	name          string
	width, height int64
}

var screens = []screen{{"1440", 1440, 900}, {"768", 768, 1024}, {"390", 390, 844}, {"320", 320, 640}, {"2560", 2560, 1440}}

// TestShots writes a picture of every page at five widths, light and dark, to the folder
// DOSSIER_SHOTS. DOSSIER_SHOT, such as "session-*-light.png", takes only some; several are parted by blanks.
func TestShots(t *testing.T) {
	dir, only := os.Getenv("DOSSIER_SHOTS"), os.Getenv("DOSSIER_SHOT")
	if dir == "" {
		t.Skip("set DOSSIER_SHOTS to a folder for the pictures")
	}
	d := openDesk(t)
	b := openTab(t, d)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range views(t, d) {
		for _, s := range screens {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s-%s-%s.png", v.name, s.name, theme)
				if only != "" && !matches(only, name) {
					continue
				}
				b.look(s, theme)
				b.open(v)
				b.shoot(filepath.Join(dir, name))
			}
		}
	}
}

func matches(patterns, name string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		match, _ := filepath.Match(pattern, name)
		return match
	})
}
