package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"dossier/sanctions"
)

// SanctionsCompareCmd scores pairs of names.
type SanctionsCompareCmd struct {
	In string `arg:"" optional:"" default:"-" placeholder:"FILE" help:"CSV with the columns name1, name2 and perhaps schema; - is standard input."`
}

// Run copies the CSV and adds a column score. Where there is no column schema, names are persons'.
func (cmd *SanctionsCompareCmd) Run(env *Env) error {
	in, err := openInput(env, cmd.In)
	if err != nil {
		return err
	}
	defer in.Close()
	w := csv.NewWriter(env.Stdout)
	header := func(names []string) error { return w.Write(append(names, "score")) }
	err = eachPair(in, []string{"name1", "name2"}, header, func(record []string, cell func(string) string) error {
		schema := cell("schema")
		if schema == "" {
			schema = "Person"
		}
		score := sanctions.Compare(cell("name1"), cell("name2"), schema)
		return w.Write(append(record, strconv.FormatFloat(score, 'f', 4, 64)))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.In, err)
	}
	w.Flush()
	return w.Error()
}

// eachPair reads a CSV of pairs that must have the columns in need: it gives the header to begin, unless
// that is nil, and every row to do.
func eachPair(in io.Reader, need []string, begin func(header []string) error, do func(record []string, cell func(string) string) error) error {
	r := csv.NewReader(bufio.NewReaderSize(in, 1<<16))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the file is empty: its first line must name the columns %s", strings.Join(need, ", "))
	}
	if err != nil {
		return err
	}
	column := headerColumns(header)
	least := 0
	for _, n := range need {
		i, ok := column[n]
		if !ok {
			return fmt.Errorf("the header must name the columns %s; it has no %s", strings.Join(need, ", "), n)
		}
		least = max(least, i+1)
	}
	if begin != nil {
		if err := begin(header); err != nil {
			return err
		}
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(record) < least {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d has %d columns, must have %d", line, len(record), len(header))
		}
		err = do(record, func(name string) string {
			if i, ok := column[name]; ok && i < len(record) {
				return record[i]
			}
			return ""
		})
		if err != nil {
			return err
		}
	}
}

// headerColumns maps the names of a CSV header to their columns.
func headerColumns(header []string) map[string]int {
	column := make(map[string]int, len(header))
	for i, h := range header {
		column[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	return column
}
