package kv

import (
	"testing"
	"time"
)

// What is committed and how large it is can be seen from outside.
func TestFigures(t *testing.T) {
	dir := filled(t, 1)
	db := openTest(t, dir, Options{})
	for n := range 10 {
		commitExample(t, db, 100+n)
	}
	if _, err := db.PutPhoto(t.Context(), crashPhoto(3)); err != nil {
		t.Fatal(err)
	}
	c := db.Commits()
	if c.Changes < 10 || c.Count < 10 || c.Took <= 0 || c.Within[5*time.Second] > c.Count || c.Within[time.Millisecond] > c.Within[time.Second] {
		t.Errorf("Commits: %+v", c)
	}
	if tree, values := db.Size(); tree < 1000 || values < 100_000 {
		t.Errorf("Size: %d, %d", tree, values)
	}
	if n, err := db.Backlog(t.Context()); err != nil || n != 30 {
		t.Errorf("Backlog: %d, %v; want 30", n, err)
	}
}
