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
	lines := bufio.NewReaderSize(in, 64<<10)
	out := bufio.NewWriter(env.Stdout)
	options := mrzOptions(c.Correct)
	for {
		batch, readErr := readBatch(lines)
		for _, answer := range answerMRZBatch(batch, options) {
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

func mrzOptions(correct bool) mrz.Options {
	return mrz.Options{Correct: correct, Today: time.Now()}
}

// readBatch reads the lines that are there without waiting for more, at least one, within the limits
// of a batch. A line that is too long is nil. The error is the reader's, after the last line.
func readBatch(in *bufio.Reader) (batch [][]byte, err error) {
	for size := 0; len(batch) < maxBatch && size < maxBatchSize; {
		line, err := readLine(in, maxZoneLine)
		if err != nil && !errors.Is(err, errLongLine) {
			return batch, err
		}
		batch = append(batch, line)
		size += len(line)
		if in.Buffered() == 0 {
			break
		}
	}
	return batch, nil
}

// answerMRZBatch checks a batch on all processors and keeps its order.
func answerMRZBatch(batch [][]byte, o mrz.Options) [][]byte {
	answers := make([][]byte, len(batch))
	workers := runtime.GOMAXPROCS(0)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < len(batch); i += workers {
				answers[i] = answerMRZ(batch[i], o)
			}
		})
	}
	group.Wait()
	return answers
}

// answerMRZ is the line of output for one line of input.
func answerMRZ(line []byte, o mrz.Options) []byte {
	zone, err := zoneOf(line)
	if err != nil {
		return refusal(err)
	}
	result, err := mrz.Parse(zone, o)
	if err != nil {
		return refusal(err)
	}
	text, err := result.MarshalJSON()
	if err != nil {
		return refusal(err)
	}
	return append(text, '\n')
}

func refusal(err error) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]string{"error": err.Error()}) // a string always encodes
	return b.Bytes()
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
