package demo

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed names.txt
var namesText string

// A nation is what the people of one state are made of.
type nation struct {
	code       string // ICAO code: "D", "UKR"
	lang       string // BCP 47, of the local names
	weight     int    // how often, against the others
	skin       [2]int
	dark       bool // hair and eyes
	number     string
	personal   string // "" where the documents carry none
	men, women []name
	families   []family
	towns      []string
}

// A name in Latin letters and, where it differs, in its own script.
type name struct{ latin, local string }

type family struct{ man, woman name }

// nations and their weights are read once; the file is part of the program, and a test reads it too.
var nations, nationByCode, totalWeight = readNations(namesText)

func readNations(text string) ([]nation, map[string]int, int) {
	var all []nation
	byCode, total := map[string]int{}, 0
	for i, line := range strings.Split(text, "\n") {
		key, rest, ok := strings.Cut(line, " ")
		if !ok || key == "#" {
			continue
		}
		if key == "=" {
			n, err := readNation(rest)
			if err != nil {
				panic(fmt.Sprintf("demo: names.txt line %d: %v", i+1, err))
			}
			byCode[n.code] = len(all)
			total += n.weight
			all = append(all, n)
			continue
		}
		all[len(all)-1].add(key, strings.Split(rest, ", "))
	}
	return all, byCode, total
}

func readNation(line string) (nation, error) {
	f := strings.Fields(line)
	if len(f) != 7 {
		return nation{}, fmt.Errorf("%d columns, want 7", len(f))
	}
	n := nation{code: f[0], lang: f[1], dark: f[4] == "1", number: f[5], personal: strings.TrimPrefix(f[6], "-")}
	var err error
	if n.weight, err = strconv.Atoi(f[2]); err != nil {
		return nation{}, err
	}
	_, err = fmt.Sscanf(f[3], "%d-%d", &n.skin[0], &n.skin[1])
	return n, err
}

func (n *nation) add(key string, values []string) {
	for _, v := range values {
		switch key {
		case "m":
			n.men = append(n.men, readName(v))
		case "f":
			n.women = append(n.women, readName(v))
		case "s":
			man, woman, two := strings.Cut(v, "/")
			if !two {
				woman = man
			}
			n.families = append(n.families, family{readName(man), readName(woman)})
		case "c":
			n.towns = append(n.towns, v)
		}
	}
}

func readName(text string) name {
	latin, local, _ := strings.Cut(text, "=")
	return name{latin, local}
}
