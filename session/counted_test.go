package session

import (
	"context"
	"iter"
	"testing"
)

// A stubIndex finds as many as it is told to, and counts how often it is asked.
type stubIndex struct {
	Index
	total, asked int
	during       func() // called by a search before it returns
}

func (x *stubIndex) Search(context.Context, Query) (Found, error) {
	found := Found{Total: x.total}
	x.asked++
	x.during()
	return found, nil
}

func (x *stubIndex) Put(context.Context, []Session) error { x.total++; return nil }
func (x *stubIndex) Delete(context.Context, []ID) error   { x.total--; return nil }
func (x *stubIndex) Rebuild(context.Context, iter.Seq2[Session, error]) error {
	x.total = 50
	return nil
}

// What awaits action is counted once, and again after everything that may change the count.
func TestAwaitingIsCountedAfterChanges(t *testing.T) {
	stub := &stubIndex{total: 3, during: func() {}}
	x := &countedIndex{Index: stub}
	count := func(want, asked int, companies ...string) {
		t.Helper()
		found, err := x.awaiting(t.Context(), companies)
		if err != nil || found.Total != want || stub.asked != asked {
			t.Errorf("counted %d with %d searches, %v; want %d with %d", found.Total, stub.asked, err, want, asked)
		}
	}
	count(3, 1)
	count(3, 1)
	count(3, 2, "acme")
	count(3, 3, "acme", "orbit")
	count(3, 3, "acme")
	for _, change := range []struct {
		do   func() error
		want int
	}{
		{func() error { return x.Put(t.Context(), nil) }, 4},
		{func() error { return x.Delete(t.Context(), nil) }, 3},
		{func() error { return x.Rebuild(t.Context(), nil) }, 50},
	} {
		if err := change.do(); err != nil {
			t.Fatal(err)
		}
		asked := stub.asked
		count(change.want, asked+1, "acme")
		count(change.want, asked+1, "acme")
	}
	// A count that was under way when the index changed is not kept.
	stub.during = func() {
		stub.during = func() {}
		if err := x.Put(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	asked := stub.asked
	count(50, asked+1)
	count(51, asked+2)
	count(51, asked+2)
}
