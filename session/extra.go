package session

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ExtraTypes are the types of an [ExtraField].
var ExtraTypes = []string{"text", "number", "date", "choice", "email", "phone", "boolean"}

// checkExtra reports what is wrong with the values of a company's extra fields. Keys that the company
// did not define are refused by name. Required fields are asked for only when the applicant is done.
func (s Settings) checkExtra(extra map[string]any, finish bool) error {
	var bad Fields
	defined := map[string]ExtraField{}
	for _, f := range s.Extra {
		defined[f.Key] = f
		if value, given := extra[f.Key]; finish && f.Required && !f.Hidden && (!given || value == nil || value == "") {
			bad.Add("extra."+f.Key, f.Label+" is required.")
		}
	}
	for key, value := range extra {
		f, ok := defined[key]
		if !ok {
			bad.Add("extra."+clip(key, 60), "The company has no such extra field.")
			continue
		}
		if value == nil {
			continue
		}
		if problem := f.problem(value); problem != "" {
			bad.Add("extra."+key, problem)
		}
	}
	return bad.Err("session.Extra")
}

// problem says what is wrong with value, or "".
func (f ExtraField) problem(value any) string {
	switch f.Type {
	case "number":
		if _, ok := value.(float64); !ok {
			return "This must be a number."
		}
		return ""
	case "boolean":
		if _, ok := value.(bool); !ok {
			return "This must be true or false."
		}
		return ""
	}
	text, ok := value.(string)
	if !ok {
		return "This must be text in quotes."
	}
	var bad Fields
	checkText(&bad, "value", text, maxLongText)
	if len(bad) > 0 {
		return bad["value"]
	}
	return f.textProblem(text)
}

func (f ExtraField) textProblem(text string) string {
	switch {
	case f.Type == "date" && !Date(text).Valid():
		return "This must be a date, as YYYY-MM-DD."
	case f.Type == "choice" && !slices.Contains(f.Choices, text):
		return "Use one of: " + strings.Join(f.Choices, ", ") + "."
	case f.Type == "email" && !emailForm.MatchString(text):
		return "This must be an e-mail address."
	case f.Type == "phone" && !phoneForm.MatchString(text):
		return "This must be a phone number, such as +995 555 123 456."
	}
	if f.Pattern == "" {
		return ""
	}
	if form, err := regexp.Compile(`^(?:` + f.Pattern + `)$`); err != nil || !form.MatchString(text) {
		return "This does not have the form that the company asks for."
	}
	return ""
}

// ExtraText is the value of an extra field as pages and the index show it.
func ExtraText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "Yes"
		}
		return "No"
	case float64:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.6f", v), "0"), ".")
	}
	return fmt.Sprint(value)
}
