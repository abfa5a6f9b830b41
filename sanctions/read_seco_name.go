package sanctions

import "slices"

// names gives a name and its spellings. Spelling variants belong to a part; those of one language and
// script make one spelling of the whole name.
func (n secoName) names(main bool) []Name {
	kind := map[string]NameKind{"primary-name": Primary, "formerly-known-as": Former}[n.Type]
	if kind == "" || kind == Primary && !main {
		kind = Alias
	}
	weak := n.Quality == "low"
	values := make([]string, len(n.Parts))
	for i, p := range n.Parts {
		values[i] = tidy(p.Value)
	}
	names := n.compose(values, kind, weak)
	for _, spelling := range n.spellings(values) {
		names = append(names, n.compose(spelling, Alias, weak)...)
	}
	for i := 1; i < len(names); i++ {
		if script := isoScript(names[i].Full + names[i].Given + names[i].Family); script != "Latn" && script != "" {
			names[i].Kind = Original
		}
	}
	return names
}

// spellings gives, for every language and script of the variants, the parts of the name in it. A part
// without a variant keeps its value in Latin script, and is left out of others. Where a part has
// several variants, the first of each part go together, then the second, and so on.
func (n secoName) spellings(values []string) [][]string {
	var kinds []secoVariant
	for _, p := range n.Parts {
		for _, v := range p.Variants {
			if kind := (secoVariant{Lang: v.Lang, Script: v.Script}); !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	var spellings [][]string
	for _, kind := range kinds {
		variants := make([][]string, len(n.Parts))
		most := 0
		for i, p := range n.Parts {
			for _, v := range p.Variants {
				if v.Lang == kind.Lang && v.Script == kind.Script {
					variants[i] = append(variants[i], tidy(v.Text))
				}
			}
			most = max(most, len(variants[i]))
			if len(variants[i]) == 0 && kind.Script == "LATN" {
				variants[i] = []string{values[i]}
			}
		}
		for k := range most {
			parts := make([]string, len(variants))
			for i, v := range variants {
				if len(v) > 0 {
					parts[i] = v[min(k, len(v)-1)]
				}
			}
			spellings = append(spellings, parts)
		}
	}
	return spellings
}

// compose makes a name of the texts of its parts. A maiden name makes a second name of its own.
func (n secoName) compose(texts []string, kind NameKind, weak bool) []Name {
	name := Name{Kind: kind, Weak: weak}
	maiden := ""
	for i, text := range texts {
		switch n.Parts[i].Type {
		case "given-name", "further-given-name":
			name.Given = joinName(name.Given, text)
		case "father-name", "grand-father-name":
			name.Patronymic = joinName(name.Patronymic, text)
		case "family-name", "tribal-name":
			name.Family = joinName(name.Family, text)
		case "maiden-name":
			maiden = text
		case "title":
			name.Title = joinName(name.Title, text)
		default: // whole-name, suffix, other
			name.Full = joinName(name.Full, text)
		}
	}
	if name.Full != "" && name.Given+name.Family != "" { // a suffix beside parts
		name.Full = joinName(name.Given, name.Patronymic, name.Family, name.Full)
	}
	names := []Name{name}
	if maiden != "" {
		former := name
		former.Full, former.Family, former.Kind = "", maiden, Former
		names = append(names, former)
	}
	return names
}
