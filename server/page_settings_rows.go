package server

import (
	"strings"

	"dossier/session"
)

// The pages of Settings that edit a list row by row.
var (
	extraPage = rowsPage[session.ExtraField]{key: "fields", template: "settings_fields", most: 100,
		intro: "Questions of the company's own, in the order in which they are asked and shown.",
		blank: session.ExtraField{Type: "text"},
		get:   func(c session.Company) []session.ExtraField { return c.Settings.Extra },
		set:   func(c *session.Company, rows []session.ExtraField) { c.Settings.Extra = rows },
		read: func(row typedRow) session.ExtraField {
			return session.ExtraField{Key: row.text("key"), Label: row.text("label"), Type: row.text("type"), Required: row.on("required"),
				Pattern: row.text("pattern"), Choices: linesOf(row.text("choices")), Searchable: row.on("searchable"), InLists: row.on("in_lists"), Hidden: row.on("hidden")}
		},
	}

	riskPage = rowsPage[session.HighRisk]{key: "countries", template: "settings_countries", most: 300, previews: true,
		intro: "What a nationality, or the country of the client's address, calls for.",
		blank: session.HighRisk{Nationality: session.Review},
		get:   func(c session.Company) []session.HighRisk { return c.Settings.HighRisk },
		set:   func(c *session.Company, rows []session.HighRisk) { c.Settings.HighRisk = rows },
		read: func(row typedRow) session.HighRisk {
			return session.HighRisk{Country: strings.ToUpper(row.text("country")), Nationality: session.Severity(row.text("nationality")), ClientIP: session.Severity(row.text("client_ip"))}
		},
	}

	tagsPage = rowsPage[session.OwnTag]{key: "reasons", template: "settings_reasons", most: 200,
		intro: "Sub-groups that a rejection is filed under: the built-in ones, and the company's own.",
		blank: session.OwnTag{Group: session.TagGroups[0].Name},
		get:   func(c session.Company) []session.OwnTag { return c.Settings.Tags },
		set:   func(c *session.Company, rows []session.OwnTag) { c.Settings.Tags = rows },
		read: func(row typedRow) session.OwnTag {
			return session.OwnTag{Group: row.text("group"), Name: row.text("name"), Retired: row.on("retired")}
		},
	}
)

// linesOf are the lines of text that hold anything.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// BuiltIn are the rejection groups that every company has.
func (v rowsView[T]) BuiltIn() []session.TagGroup { return session.TagGroups }

// Countries are the codes that a high-risk country may be chosen by.
func (v rowsView[T]) Countries() []option { return options(session.StateCodes(), stateName, nil) }

func stateName(code string) string {
	name, _ := session.StateName(code)
	return name
}

// Addresses says whether the country of a client's address is known, and from what.
func (v rowsView[T]) Addresses() string { return v.s.o.GeoIP() }
