package session

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Difference is one field of the settings that two versions hold unlike values of.
type Difference struct {
	Field string `json:"field"` // as the JSON names it: "max_attempts", "extra.wallet.label"
	Old   string `json:"old"`   // "" where the version has no such field
	New   string `json:"new"`
}

// Compare returns what differs between two versions of a company's settings, field by field.
func Compare(old, new Company) []Difference {
	before, after := old.flat(), new.flat()
	var all []Difference
	for field, value := range after {
		if was, had := before[field]; !had || was != value {
			all = append(all, Difference{field, was, value})
		}
	}
	for field, value := range before {
		if _, kept := after[field]; !kept {
			all = append(all, Difference{field, value, ""})
		}
	}
	slices.SortFunc(all, func(a, b Difference) int { return cmp.Compare(a.Field, b.Field) })
	return all
}

// changedFields are the fields of the settings that differ, without the parts of lists: "extra", not
// "extra.wallet.label".
func changedFields(old, new Company) []string {
	fields := map[string]bool{}
	for _, d := range Compare(old, new) {
		field, _, _ := strings.Cut(d.Field, ".")
		fields[field] = true
	}
	return slices.Sorted(maps.Keys(fields))
}

// flat is every value of the settings as text, by field.
func (c Company) flat() map[string]string {
	logo := c.Settings.Logo
	c.Settings.Logo = nil
	data, err := json.Marshal(c.Settings)
	if err != nil { // settings are strings, numbers and booleans
		panic(fmt.Sprintf("session: settings do not encode: %v", err))
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		panic(fmt.Sprintf("session: settings do not decode: %v", err))
	}
	flat := map[string]string{"name": c.Name}
	if len(logo) > 0 {
		flat["logo"] = fmt.Sprintf("%d KB, SHA-256 %.12x", (len(logo)+1023)>>10, sha256.Sum256(logo))
	}
	for field, value := range tree {
		flatten(flat, field, value)
	}
	return flat
}

// flatten writes value as text under field. The items of a list of objects stand under their names, and
// the list itself says in which order they are.
func flatten(flat map[string]string, field string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, part := range v {
			flatten(flat, field+"."+key, part)
		}
	case []any:
		names := make([]string, len(v))
		for i, item := range v {
			names[i] = nameOf(item)
			if object, ok := item.(map[string]any); ok {
				flatten(flat, field+"."+names[i], object)
			}
		}
		flat[field] = strings.Join(names, ", ")
	case bool:
		flat[field] = map[bool]string{true: "on", false: "off"}[v]
	default:
		flat[field] = fmt.Sprint(v)
	}
}

// nameOf is what tells an item of a list from the others.
func nameOf(item any) string {
	if object, ok := item.(map[string]any); ok {
		for _, key := range []string{"key", "country", "name"} {
			if name, ok := object[key].(string); ok {
				return name
			}
		}
	}
	return fmt.Sprint(item)
}
