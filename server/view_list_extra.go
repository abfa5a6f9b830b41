package server

import "dossier/session"

// extraColumns are the extra fields that a company wants to see in lists, where the list is of that
// company alone: beside another's sessions they would be empty.
func extraColumns(companies []session.Company, only string) []column {
	if only == "" && len(companies) == 1 {
		only = companies[0].Slug
	}
	var all []column
	for _, c := range companies {
		if c.Slug != only {
			continue
		}
		for _, f := range c.Settings.Extra {
			if f.InLists && !f.Hidden {
				all = append(all, column{Code: "extra." + f.Key, Label: f.Label, cell: func(_ listView, s session.Row) cell { return plain(session.ExtraText(s.Extra[f.Key])) }})
			}
		}
	}
	return all
}
