package mrz

import (
	"bytes"
	"encoding/json"
	"strings"
)

// MarshalJSON writes the form that the command line and the HTTP API share:
//
//	{"format","valid","fields":{name: value},"person":{…},"errors":[…]}
//
// and "repairs" where there are any. Fields come in the order of the zone, as printed without
// filler; separators, which say nothing, are left out.
func (r Result) MarshalJSON() ([]byte, error) {
	fields, err := r.marshalFields()
	if err != nil {
		return nil, err
	}
	return marshal(struct {
		Format  string          `json:"format"`
		Valid   bool            `json:"valid"`
		Fields  json.RawMessage `json:"fields"`
		Person  Person          `json:"person"`
		Errors  []Error         `json:"errors"`
		Repairs []Repair        `json:"repairs,omitempty"`
	}{r.Format, r.Valid, fields, r.Person, r.Errors(), r.Repairs})
}

func (r Result) marshalFields() ([]byte, error) {
	b := append(make([]byte, 0, 512), '{')
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Name == "separator1" || f.Name == "separator2" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), f.Name...), `":`...)
		if only(strings.ReplaceAll(f.Value, " ", ""), true) { // nothing to escape
			b = append(append(append(b, '"'), f.Value...), '"')
			continue
		}
		value, err := marshal(f.Value)
		if err != nil {
			return nil, err
		}
		b = append(b, value...)
	}
	return append(b, '}'), nil
}

// marshal leaves the filler as it is instead of writing \u003c.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
