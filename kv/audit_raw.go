package kv

import (
	"bytes"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
)

// A rawTest says of the stored bytes of an event that a filter cannot want it, which takes a small part of what
// decoding it does. What passes may still not be wanted.
type rawTest [][]byte // each is in the JSON of every event that is wanted

func rawTestOf(f session.EventFilter) (t rawTest) {
	if asWritten(f.Action) {
		text := `"action":"` + f.Action
		if !strings.HasSuffix(f.Action, ".") {
			text += `"`
		}
		t = append(t, []byte(text))
	}
	if asWritten(f.Actor) {
		text := `"actor":"` + f.Actor + `"`
		if id, is := strings.CutPrefix(f.Actor, "member:"); is {
			text = id + `"` // who did it, or in the detail to whom it was done
		}
		t = append(t, []byte(text))
	}
	return t
}

// asWritten reports whether a text is in JSON as it is, however it is encoded.
func asWritten(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._:-", r)
	})
}

// passes reports whether an event has to be decoded. Of a value that is damaged decoding says so.
func (t rawTest) passes(k, value []byte) bool {
	content, err := unseal(k, value)
	if err != nil || bytes.HasPrefix(content, packed) {
		return true
	}
	for _, text := range t {
		if !bytes.Contains(content, text) {
			return false
		}
	}
	return true
}

// unlike reports whether t rules an event out.
func (t rawTest) unlike(item *badger.Item) (out bool, err error) {
	if len(t) == 0 {
		return false, nil
	}
	err = item.Value(func(value []byte) error {
		out = !t.passes(item.Key(), value)
		return nil
	})
	return out, err
}
