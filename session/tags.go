package session

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A TagGroup is a reason for rejection with its sub-groups; sessions are tagged with the sub-groups.
type TagGroup struct {
	Name string
	Tags []string
}

// TagGroups are the built-in rejection groups.
var TagGroups = []TagGroup{
	{"Spam", []string{"Spam"}},
	{"Compromised person", []string{"PEP", "Sanctions lists", "Criminal records", "Adverse media"}},
	{"Suspected fraud", []string{"Fake", "Blacklist", "Selfie mismatch"}},
	{"Data mismatch", []string{"Full name issue", "ID or document number issue", "MRZ issue", "Date of birth issue"}},
	{"Regulation violations", []string{"Age", "Duplicate", "Wrong region"}},
}

// An OwnTag is a sub-group of the company's own, under a built-in group. A retired one stays on the
// sessions that have it and is offered no more.
type OwnTag struct {
	Group   string `json:"group"`
	Name    string `json:"name"`
	Retired bool   `json:"retired,omitempty"`
}

// TagGroups are the rejection groups as the company offers them: the built-in sub-groups, and its own
// that are not retired.
func (set Settings) TagGroups() []TagGroup {
	groups := slices.Clone(TagGroups)
	for i, g := range groups {
		groups[i].Tags = slices.Clone(g.Tags)
		for _, own := range set.Tags {
			if own.Group == g.Name && !own.Retired {
				groups[i].Tags = append(groups[i].Tags, own.Name)
			}
		}
	}
	return groups
}

// offers reports whether a session may be rejected for tag.
func (set Settings) offers(tag string) bool {
	return slices.ContainsFunc(set.TagGroups(), func(g TagGroup) bool { return slices.Contains(g.Tags, tag) })
}

func (set Settings) checkTags(bad *Fields) {
	if len(set.Tags) > maxTags {
		bad.Add("tags", fmt.Sprintf("At most %d sub-groups are taken.", maxTags))
	}
	seen := map[string]bool{}
	for _, g := range TagGroups {
		for _, tag := range g.Tags {
			seen[strings.ToLower(tag)] = true
		}
	}
	for i, own := range set.Tags {
		field := fmt.Sprintf("tags[%d]", i)
		if !slices.ContainsFunc(TagGroups, func(g TagGroup) bool { return g.Name == own.Group }) {
			bad.Add(field+".group", "Use one of the built-in groups.")
		}
		name := strings.ToLower(strings.TrimSpace(own.Name))
		switch {
		case name == "" || utf8.RuneCountInString(own.Name) > 60 || strings.ContainsAny(own.Name, ",\n\r"):
			bad.Add(field+".name", "Give a name of 1 to 60 characters, without a comma.")
		case seen[name]:
			bad.Add(field+".name", "There is a sub-group of this name already.")
		}
		checkText(bad, field+".name", own.Name, maxText)
		seen[name] = true
	}
}

// tagOf is the sub-group that a rejection by a rule falls under, by the rule's code.
var tagOf = map[string]string{
	"sanctions_hit": "Sanctions lists", "under_age": "Age", "duplicate_document": "Duplicate",
	"duplicate_personal": "Duplicate", "id_spoofed": "Fake", "low_face_match": "Selfie mismatch",
	"liveness_failed": "Fake", "mrz_invalid": "MRZ issue", "mrz_missing": "MRZ issue",
	"front_back_mismatch": "Full name issue", "document_expired": "ID or document number issue",
	"document_not_allowed": "ID or document number issue", "high_risk_nationality": "Wrong region",
	"high_risk_ip": "Wrong region", "person_incomplete": "Full name issue",
}
