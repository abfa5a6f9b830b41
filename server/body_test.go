package server

import (
	"errors"
	"testing"
	"time"
)

// TestRoom: one actor gets half of the room, everybody together all of it, and nobody waits for ever.
func TestRoom(t *testing.T) {
	r := newRoom()
	r.wait = 20 * time.Millisecond
	const photo = bodyRoom / 6
	enter := func(actor string, size int, fits bool) func() {
		t.Helper()
		leave, err := r.enter(t.Context(), actor, size)
		if fits == errors.Is(err, errBusy) {
			t.Errorf("%d bytes of %s: %v", size, actor, err)
		}
		return leave
	}
	var left []func()
	for _, actor := range []string{"a", "a", "a", "b", "b"} {
		left = append(left, enter(actor, photo, true))
	}
	enter("a", photo, false)
	enter("a", smallBody, true)
	last := enter("c", photo, true)
	enter("d", photo, false)
	last()
	enter("b", photo, true)()
	for _, leave := range left {
		leave()
	}
	enter("a", 2*bodyRoom, true)()
	enter("a", 2*bodyRoom, true)()
}
