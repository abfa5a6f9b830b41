package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"dossier/sanctions"
)

// SanctionsScreenCmd screens the persons of a CSV file against lists in files. It needs no database.
type SanctionsScreenCmd struct {
	Lists     []string `required:"" sep:"none" placeholder:"PATH" help:"A list file, gzipped or not, or a folder with list files or the OFAC CSV set. May be repeated."`
	In        string   `required:"" placeholder:"FILE" help:"CSV of persons with a header, or - for standard input."`
	Threshold float64  `default:"0" help:"Show hits that score at least this much, 0 to 1. 0 means the matcher's default."`
	Top       int      `default:"5" help:"Show at most this many hits a person."`
	Types     bool     `name:"all-types" help:"Compare with organisations, ships and aircraft too."`
}

// screenedRow is one line of the command's output.
type screenedRow struct {
	Row   int              `json:"row"`
	ID    string           `json:"id,omitempty"`
	Hits  *[]sanctions.Hit `json:"hits,omitempty"`
	Error string           `json:"error,omitempty"`
}

// Run writes one JSON object a row, in the order of the rows. Memory does not grow with their number.
func (cmd *SanctionsScreenCmd) Run(env *Env) error {
	if cmd.Threshold < 0 || cmd.Threshold > 1 {
		return fmt.Errorf("--threshold is %g, must be between 0 and 1", cmd.Threshold)
	}
	lists, err := openLists(env, cmd.Lists)
	if err != nil {
		return err
	}
	in, err := openInput(env, cmd.In)
	if err != nil {
		return err
	}
	defer in.Close()
	people, err := newPersonReader(in)
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.In, err)
	}
	index := sanctions.NewIndex(lists...)
	o := sanctions.Options{Threshold: cmd.Threshold, Top: cmd.Top, IncludeAllType: cmd.Types}
	return inOrder(env, people.next, func(r personRow) []byte { return screenRow(index, r, o) }, func(r personRow) {
		if r.err != nil {
			fmt.Fprintf(env.Stderr, "row %d: %v\n", r.row, r.err)
		} else if r.warn != "" {
			fmt.Fprintf(env.Stderr, "row %d: %s\n", r.row, r.warn)
		}
	})
}

func screenRow(index *sanctions.Index, r personRow, o sanctions.Options) []byte {
	out := screenedRow{Row: r.row, ID: r.id}
	if r.err != nil {
		out.Error = r.err.Error()
	} else {
		hits := index.Screen(r.person, o)
		if hits == nil {
			hits = []sanctions.Hit{}
		}
		out.Hits = &hits
	}
	line, err := json.Marshal(out)
	if err != nil { // cannot be: the types have no cycles and no functions
		line, _ = json.Marshal(screenedRow{Row: r.row, ID: r.id, Error: err.Error()})
	}
	return append(line, '\n')
}

// A batch is some rows on their way through a worker.
type batch struct {
	rows []personRow
	done chan []byte // what is to be written for them
}

// rowsPerBatch keeps the cost of channels small beside that of screening.
const rowsPerBatch = 64

// inOrder reads rows, works on them on all cores and writes the results in the order of the rows. next
// gives io.EOF at the end; an error of its own, not of a row, ends the work.
func inOrder(env *Env, next func() (personRow, error), work func(personRow) []byte, report func(personRow)) error {
	workers := runtime.GOMAXPROCS(0)
	todo := make(chan *batch, workers)
	queue := make(chan *batch, 4*workers)
	stop := make(chan struct{})
	failed := make(chan error, 1)
	for range workers {
		go func() {
			for b := range todo {
				var out []byte
				for _, r := range b.rows {
					out = append(out, work(r)...)
				}
				b.done <- out
			}
		}()
	}
	go func() {
		defer close(queue)
		defer close(todo)
		failed <- feed(env, next, func(b *batch) bool {
			select {
			case <-stop:
				return false
			case queue <- b:
			}
			todo <- b
			return true
		})
	}()
	err := drain(env.Stdout, queue, report)
	close(stop)
	for range queue { // let the feeder see that we stopped
	}
	return errors.Join(err, <-failed)
}

func feed(env *Env, next func() (personRow, error), send func(*batch) bool) error {
	for {
		b := &batch{done: make(chan []byte, 1)}
		var err error
		for len(b.rows) < rowsPerBatch && err == nil {
			var r personRow
			if r, err = next(); err == nil {
				b.rows = append(b.rows, r)
			}
		}
		if len(b.rows) > 0 && !send(b) {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if env.Ctx != nil && env.Ctx.Err() != nil {
			return env.Ctx.Err()
		}
	}
}

func drain(w io.Writer, queue <-chan *batch, report func(personRow)) error {
	for b := range queue {
		out := <-b.done
		for _, r := range b.rows {
			report(r)
		}
		if _, err := w.Write(out); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
	}
	return nil
}

func openInput(env *Env, path string) (io.ReadCloser, error) {
	if path == "-" || path == "" {
		return io.NopCloser(env.Stdin), nil
	}
	return os.Open(path)
}

// splitAny parts a cell that holds several values.
func splitAny(s string) []string {
	var out []string
	for _, v := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' }) {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
