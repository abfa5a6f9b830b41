package session

import (
	"context"
	"fmt"
	"iter"
	"sync"
)

// A countedIndex is the index with the count that every page shows: how many sessions await action, which is
// kept until the index changes.
type countedIndex struct {
	Index
	mu      sync.Mutex
	counts  map[string]Found // by the companies that were asked for
	changes uint64           // so far
}

// awaiting counts the sessions of the companies; nil is all.
func (x *countedIndex) awaiting(ctx context.Context, companies []string) (Found, error) {
	k := fmt.Sprintf("%#v", companies)
	x.mu.Lock()
	found, ok := x.counts[k]
	moment := x.changes
	x.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := x.Index.Search(ctx, Query{Companies: companies, Status: []Status{AwaitingAction}, Limit: 1})
	if err != nil {
		return Found{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.changes == moment { // else the search may have been too early for what changed meanwhile
		if x.counts == nil {
			x.counts = map[string]Found{}
		}
		x.counts[k] = found
	}
	return found, nil
}

// forget is called after every change, before anybody is told of it.
func (x *countedIndex) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.changes++
	x.counts = nil
}

// Put indexes sessions.
func (x *countedIndex) Put(ctx context.Context, sessions []Session) error {
	defer x.forget()
	return x.Index.Put(ctx, sessions)
}

// Delete forgets sessions.
func (x *countedIndex) Delete(ctx context.Context, ids []ID) error {
	defer x.forget()
	return x.Index.Delete(ctx, ids)
}

// Rebuild builds the index anew.
func (x *countedIndex) Rebuild(ctx context.Context, all iter.Seq2[Session, error]) error {
	defer x.forget()
	return x.Index.Rebuild(ctx, all)
}
