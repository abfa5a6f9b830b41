package cli

import (
	"encoding/json"
	"errors"
	"os"
	"sync"

	"dossier/session"
)

// turns are those of the lines of an import, which are finished in any order. Whoever has to say something
// about a line waits for its turn; the others go ahead.
type turns struct {
	mu       sync.Mutex
	next     int                   // the first that is not finished
	finished map[int]bool          // later ones that are
	waiting  map[int]chan struct{} // later ones that wait
}

func newTurns() *turns {
	return &turns{finished: map[int]bool{}, waiting: map[int]chan struct{}{}}
}

// of returns a channel that is closed as soon as all before n are finished.
func (t *turns) of(n int) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn := make(chan struct{})
	if n == t.next {
		close(turn)
	} else {
		t.waiting[n] = turn
	}
	return turn
}

func (t *turns) finish(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finished[n] = true
	for t.finished[t.next] {
		delete(t.finished, t.next)
		t.next++
	}
	if turn, waits := t.waiting[t.next]; waits {
		close(turn)
		delete(t.waiting, t.next)
	}
}

// rejects are the lines that were refused, one added after the other. The file appears with the first of them;
// one of an earlier run goes away.
type rejects struct {
	path string
	file *os.File
}

func (r *rejects) add(n int, line []byte, why error) error {
	if r.file == nil {
		f, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		r.file = f
	}
	entry := struct {
		Line   int            `json:"line"`
		Reason string         `json:"reason"`
		Fields session.Fields `json:"fields,omitempty"`
		Input  string         `json:"input"`
	}{Line: n, Reason: tell(why), Input: string(line)}
	var e *session.Error
	if errors.As(why, &e) {
		entry.Reason, entry.Fields = e.Message, e.Fields
	}
	return json.NewEncoder(r.file).Encode(entry)
}

func (r *rejects) close() error {
	if r.file != nil {
		return r.file.Close()
	}
	if err := os.Remove(r.path); err != nil && !notExist(err) {
		return err
	}
	return nil
}
