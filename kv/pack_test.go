package kv

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"dossier/session"
)

// TestPackedValues: what is long is stored compressed and comes back as it was, what is not stays as it is.
func TestPackedValues(t *testing.T) {
	k := of(atAlert).last("a")
	for _, n := range []int{0, 10, packFrom, 100_000} {
		text := strings.Repeat("<é>", n/4)
		value, err := sealJSON(k, session.Alert{Person: text})
		if err != nil {
			t.Fatal(err)
		}
		if n > packFrom && len(value) > n/10 {
			t.Errorf("%d bytes take %d", n, len(value))
		}
		var back session.Alert
		if err := unsealJSON(k, value, &back); err != nil || back.Person != text {
			t.Errorf("%d bytes: %d came back, %v", n, len(back.Person), err)
		}
	}
	var v any
	if err := unsealJSON(k, seal(k, append(bytes.Clone(packed), "no frame"...)), &v); !errors.Is(err, errDamaged) {
		t.Errorf("what does not unfold: %v", err)
	}
}

// TestTooLargeToStore: what no transaction can hold is refused with words, keeps nobody else waiting, and
// nothing of it gets into the log.
func TestTooLargeToStore(t *testing.T) {
	for name, dir := range map[string]string{"memory": "", "disk": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, dir, Options{Memory: dir == "", small: true})
			for _, n := range []int{db.writer.largest + 1, 2 * db.writer.largest} {
				err := db.update(t.Context(), "test", func(t *tx) error { t.set([]byte("y1"), make([]byte, n)); return nil })
				if session.CodeOf(err) != session.TooLarge {
					t.Errorf("a value of %d bytes: %.300v", n, err)
				}
			}
			err := db.update(t.Context(), "test", func(tx *tx) error {
				for i := range 200 {
					tx.set([]byte{'y', byte(i)}, make([]byte, db.writer.inline-1))
				}
				return nil
			})
			if session.CodeOf(err) != session.TooLarge {
				t.Errorf("many values: %.300v", err)
			}
			if err := db.update(t.Context(), "test", func(t *tx) error { t.set([]byte("y2"), []byte("x")); return nil }); err != nil {
				t.Errorf("after that: %v", err)
			}
		})
	}
}
