package server

import (
	"slices"

	"dossier/session"
)

// extraColumns are the extra fields that the companies of a list want to see there: those of the company
// that it is narrowed to, else of all.
func extraColumns(companies []session.Company, only string) []column {
	var all []column
	for _, c := range companies {
		if only != "" && c.Slug != only {
			continue
		}
		for _, f := range c.Settings.Extra {
			code := "extra." + f.Key
			if !f.InLists || f.Hidden || slices.ContainsFunc(all, func(known column) bool { return known.Code == code }) {
				continue
			}
			all = append(all, column{Code: code, Label: f.Label, cell: func(_ listView, s session.Session) cell { return plain(session.ExtraText(s.Extra[f.Key])) }})
		}
	}
	return all
}
