package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"dossier/mrz"
)

// MRZCmd is "dossier mrz".
type MRZCmd struct {
	Check MRZCheckCmd `cmd:"" help:"Check machine readable zones: one JSON object a line in, one a line out."`
}

// MRZCheckCmd is "dossier mrz check". Every line of input gives one line of output, in order: the
// assessed zone, or {"error": …} for a zone of no known shape and for a line that is not what it must be.
type MRZCheckCmd struct {
	File    string `arg:"" optional:"" default:"-" help:"File with one {\"mrz\": […]} a line; - for the standard input."`
	Correct bool   `help:"Repair characters that print readers confuse, where the field's alphabet or a check digit proves it."`
}

const (
	maxZoneLine  = 1 << 20 // bytes of one line of input
	maxBatch     = 1024    // lines checked together
	maxBatchSize = 4 << 20 // bytes of the lines checked together
)

// Run checks the zones of a file.
func (c *MRZCheckCmd) Run(env *Env) error {
	in := env.Stdin
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	return c.check(env, in)
}

func (c *MRZCheckCmd) check(env *Env, in io.Reader) error {
	lines := bufio.NewReaderSize(in, maxZoneLine)
	out := bufio.NewWriter(env.Stdout)
	options := mrz.Options{Correct: c.Correct, Today: time.Now()}
	for {
		batch, readErr := readBatch(lines)
		for _, answer := range answerAll(batch, options) {
			if _, err := out.Write(answer); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if errors.Is(readErr, io.EOF) {
			return nil
		}
		if readErr != nil {
			return fmt.Errorf("read zones: %w", readErr)
		}
		if err := env.Ctx.Err(); err != nil {
			return err
		}
	}
}

// readBatch reads the lines that are there without waiting for more, at least one, within the limits
// of a batch. A line that is too long is nil. The error is the reader's, after the last line.
func readBatch(in *bufio.Reader) (batch [][]byte, err error) {
	size := 0
	for len(batch) < maxBatch && size < maxBatchSize {
		line, err := readLine(in)
		if err != nil && len(line) == 0 {
			return batch, err
		}
		batch = append(batch, line)
		size += len(line)
		if err != nil || in.Buffered() == 0 {
			return batch, err
		}
	}
	return batch, nil
}

// readLine returns a copy of the next line, or nil for one that does not fit into the reader's buffer.
// An error comes with the rest of the input, if there is any.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return append([]byte{}, line...), err
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	return nil, nil // the end of the input, if that was it, is met again
}

// answerAll checks a batch on all processors and keeps its order.
func answerAll(batch [][]byte, o mrz.Options) [][]byte {
	answers := make([][]byte, len(batch))
	workers := runtime.GOMAXPROCS(0)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < len(batch); i += workers {
				answers[i] = answer(batch[i], o)
			}
		})
	}
	group.Wait()
	return answers
}

// answer is the line of output for one line of input.
func answer(line []byte, o mrz.Options) []byte {
	zone, err := zoneOf(line)
	if err == nil {
		var result mrz.Result
		if result, err = mrz.Parse(zone, o); err == nil {
			return jsonLine(result)
		}
	}
	return jsonLine(struct {
		Error string `json:"error"`
	}{err.Error()})
}

// zoneOf reads {"mrz": [lines]} or {"mrz": "text"}.
func zoneOf(line []byte) ([]string, error) {
	if line == nil {
		return nil, fmt.Errorf("the line is longer than %d bytes", maxZoneLine)
	}
	var object struct {
		MRZ json.RawMessage `json:"mrz"`
	}
	if err := json.Unmarshal(line, &object); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	var lines []string
	if json.Unmarshal(object.MRZ, &lines) == nil && lines != nil {
		return lines, nil
	}
	var text string
	if json.Unmarshal(object.MRZ, &text) == nil && text != "" {
		return []string{text}, nil
	}
	return nil, errors.New(`"mrz" must be a list of lines, or one string`)
}

func jsonLine(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // cannot happen: strings, numbers and booleans only
		return []byte(`{"error":"internal error"}` + "\n")
	}
	return b.Bytes()
}
