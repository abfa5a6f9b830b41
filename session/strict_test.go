package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
)

// FuzzDecodeStrict holds the quick reader to what encoding/json alone takes and reads.
func FuzzDecodeStrict(f *testing.F) {
	for _, text := range []string{
		`{"person":{"first_name":"Greta","sources":{"sex":"mrz"}},"extra":{"n":1.5e3,"a":[1,"x",null]},"finish":true}`,
		`{"PERSON":{"First_Name":"Greta"},"person":null,"reference":"a","reference":"b"}`,
		`{"activity":{"user_agent":"Mozilla/5.0","started_at":"2026-01-02T03:04:05Z","attempts":2}}`,
		`{"activity":{"user_agent":{"raw":"x","no":1}}}`, `{"checks":{"face_match_level":7.5}}`, `{"activity":{"started_at":"2026-1-2T3:04:05,5Z"}}`,
		`{"document":{"mrz":["P<D",null,3]}}`, `{"nobody":1}`, `{"reference":"\ud800"}`, `{} {}`, `{"extra":{"x":1e400}}`, `[]`, `{"attempts":[{"number":"1"}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var quick, slow Submission
		err := Decode(data, &quick)
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		want := d.Decode(&slow)
		if _, more := d.Token(); want == nil && !errors.Is(more, io.EOF) {
			want = errors.New("more after the end")
		}
		switch {
		case err == nil && want != nil:
			t.Fatalf("Decode(%q) takes what encoding/json refuses: %v", data, want)
		case err == nil && !reflect.DeepEqual(quick, slow):
			t.Fatalf("Decode(%q) reads %+v, encoding/json %+v", data, quick, slow)
		case err != nil && want == nil && CodeOf(err) != Invalid:
			t.Fatalf("Decode(%q): %v", data, err)
		}
	})
}
