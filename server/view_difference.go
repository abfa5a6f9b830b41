package server

import (
	"slices"
	"strings"

	"dossier/session"
)

// A difference is a field that is not what it was. Of a field with several values it holds those alone that
// went and that came: among thirty aliases nobody finds the new one.
type difference struct {
	Side, Field string
	Old, New    string
}

// differences are what has changed on both sides since they were seen.
func differences(before, after session.Sides) []difference {
	var all []difference
	for _, one := range []struct {
		side     string
		old, new map[string][]string
	}{{"Person", personFacts(before.Person), personFacts(after.Person)}, {"Entry", entryFacts(before.Entry), entryFacts(after.Entry)}} {
		for _, field := range factNames {
			went, came := without(one.old[field], one.new[field]), without(one.new[field], one.old[field])
			if len(went)+len(came) > 0 {
				all = append(all, difference{one.side, field, strings.Join(went, "; "), strings.Join(came, "; ")})
			}
		}
	}
	return all
}

// without are the values that the others have not.
func without(values, others []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" || slices.Contains(others, v) })
}

// factNames are the facts of both sides in the order in which they are shown: all that a decision rests on.
var factNames = []string{"Names", "Name in own script", "Name parts", "Birth date", "Nationality", "Sex", "Place of birth", "Document numbers", "Type", "Kind of list", "Programmes"}

func personFacts(p session.Person) map[string][]string {
	return map[string][]string{"Names": {p.FullName()}, "Name in own script": {p.Local.Full()}, "Birth date": {string(p.BirthDate)}, "Nationality": {p.Nationality},
		"Sex": {p.Sex}, "Place of birth": {p.PlaceOfBirth}, "Document numbers": {p.DocumentNumber, p.PersonalNumber}}
}

func entryFacts(e session.ListEntry) map[string][]string {
	facts := map[string][]string{"Nationality": e.Nationalities, "Sex": e.Sexes, "Place of birth": e.BirthPlaces, "Type": {string(e.Type)},
		"Kind of list": {title(e.Topic)}, "Programmes": e.Programs}
	for _, n := range e.Names {
		facts["Names"] = append(facts["Names"], joined(" ", n.Full, bracketed(nameLabel(n.Weak, string(n.Kind)))))
		parts := joined(" · ", labelled("given", n.Given), labelled("middle", n.Middle), labelled("patronymic", n.Patronymic),
			labelled("family", n.Family), labelled("title", n.Title))
		if parts != "" {
			facts["Name parts"] = append(facts["Name parts"], n.Full+": "+parts)
		}
	}
	for _, b := range e.Births {
		facts["Birth date"] = append(facts["Birth date"], b.String())
	}
	for _, d := range e.Documents {
		facts["Document numbers"] = append(facts["Document numbers"], joined(" ", d.Kind, d.Number, d.Country))
	}
	return facts
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + " " + text
}
