package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// strictly makes the second version of the JSON package read as the first one does.
var strictly = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv2.RejectUnknownMembers(true), jsontext.AllowInvalidUTF8(false))

// decodeStrict reads one JSON value into v and refuses fields that v does not have. The second version
// of the JSON package is twice as quick; what it refuses the first one reads again, which says what is wrong.
func decodeStrict(data []byte, v any) error {
	target := reflect.ValueOf(v).Elem()
	before := reflect.New(target.Type()).Elem()
	before.Set(target)
	if jsonv2.Unmarshal(data, v, strictly) == nil {
		return nil
	}
	target.Set(before)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("there is more after the end of the JSON value")
	}
	return nil
}
