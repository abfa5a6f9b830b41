package server

import (
	"slices"
	"strconv"
	"strings"

	"dossier/session"
)

// A control is one field of a settings form: what it is called, how it looks, and where in the company
// it reads and writes. Its name is the one that problems and the JSON have.
type control struct {
	Name, Label, Hint string
	Kind              string // number, switch, line, choice, several or colour
	Low, High         int    // of a number
	Choices           []option
	get               func(*session.Company) []string
	set               func(c *session.Company, typed []string) (problem string)
}

// A controlGroup is a part of a settings form with a heading.
type controlGroup struct {
	Title, Hint string
	Controls    []control
}

func numberControl(name, label, hint string, low, high int, at func(*session.Company) *int) control {
	return control{Name: name, Label: label, Hint: hint, Kind: "number", Low: low, High: high,
		get: func(c *session.Company) []string { return []string{strconv.Itoa(*at(c))} },
		set: func(c *session.Company, typed []string) string {
			n, err := strconv.Atoi(strings.TrimSpace(first(typed)))
			if err != nil {
				return "Write a whole number."
			}
			*at(c) = n
			return ""
		}}
}

func switchControl(name, label, hint string, at func(*session.Company) *bool) control {
	return control{Name: name, Label: label, Hint: hint, Kind: "switch",
		get: func(c *session.Company) []string {
			if *at(c) {
				return []string{"on"}
			}
			return nil
		},
		set: func(c *session.Company, typed []string) string {
			*at(c) = first(typed) == "on"
			return ""
		}}
}

func lineControl(name, label, hint string, at func(*session.Company) *string) control {
	return control{Name: name, Label: label, Hint: hint, Kind: "line",
		get: func(c *session.Company) []string { return []string{*at(c)} },
		set: func(c *session.Company, typed []string) string {
			*at(c) = strings.TrimSpace(first(typed))
			return ""
		}}
}

func choiceControl[T ~string](name, label, hint string, choices []option, at func(*session.Company) *T) control {
	return control{Name: name, Label: label, Hint: hint, Kind: "choice", Choices: choices,
		get: func(c *session.Company) []string { return []string{string(*at(c))} },
		set: func(c *session.Company, typed []string) string {
			*at(c) = T(first(typed))
			return ""
		}}
}

func severalControl[T ~string](name, label, hint string, choices []option, at func(*session.Company) *[]T) control {
	return control{Name: name, Label: label, Hint: hint, Kind: "several", Choices: choices,
		get: func(c *session.Company) (values []string) {
			for _, v := range *at(c) {
				values = append(values, string(v))
			}
			return values
		},
		set: func(c *session.Company, typed []string) string {
			*at(c) = nil
			for _, v := range typed {
				*at(c) = append(*at(c), T(v))
			}
			return ""
		}}
}

// severityControl sets what a rule calls for. A severity that is the rule's own anyway is not kept.
func severityControl(rule session.Rule) control {
	return control{Name: "severities." + rule.Code, Label: rule.Title, Kind: "choice", Choices: severityChoices,
		get: func(c *session.Company) []string {
			if own, ok := c.Settings.Severities[rule.Code]; ok {
				return []string{string(own)}
			}
			return []string{string(rule.Severity)}
		},
		set: func(c *session.Company, typed []string) string {
			c.SetSeverity(rule.Code, session.Severity(first(typed)))
			return ""
		}}
}

var severityChoices = []option{
	{Value: string(session.Info), Name: "Note only"},
	{Value: string(session.Review), Name: "Review"},
	{Value: string(session.Reject), Name: "Reject"},
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// A field is a control with what it shows now.
type field struct {
	control
	Values  []string
	Problem string
}

// Value is what a field of one value shows.
func (f field) Value() string { return first(f.Values) }

// Options are the choices, with what is chosen.
func (f field) Options() []option {
	list := slices.Clone(f.Choices)
	for i := range list {
		list[i].On = slices.Contains(f.Values, list[i].Value)
	}
	return list
}

// A fieldGroup is a controlGroup with what it shows now.
type fieldGroup struct {
	Title, Hint string
	Fields      []field
}

// shown fills groups with what a company has, or with what was typed.
func shown(groups []controlGroup, c session.Company, typed func(name string) []string, bad session.Fields) []fieldGroup {
	var all []fieldGroup
	for _, g := range groups {
		filled := fieldGroup{Title: g.Title, Hint: g.Hint}
		for _, ctl := range g.Controls {
			f := field{control: ctl, Problem: bad[ctl.Name]}
			if typed != nil {
				f.Values = typed(ctl.Name)
			} else {
				f.Values = ctl.get(&c)
			}
			filled.Fields = append(filled.Fields, f)
		}
		all = append(all, filled)
	}
	return all
}

// read writes what was typed into c, and returns the problems of what cannot be read.
func read(groups []controlGroup, c *session.Company, typed func(name string) []string) session.Fields {
	var bad session.Fields
	for _, g := range groups {
		for _, ctl := range g.Controls {
			if problem := ctl.set(c, typed(ctl.Name)); problem != "" {
				bad.Add(ctl.Name, problem)
			}
		}
	}
	return bad
}
