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
	r := csv.NewReader(bufio.NewReaderSize(in, 1<<16))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	w := csv.NewWriter(env.Stdout)
	if err := compareAll(r, w); err != nil {
		return fmt.Errorf("%s: %w", cmd.In, err)
	}
	w.Flush()
	return w.Error()
}

func compareAll(r *csv.Reader, w *csv.Writer) error {
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: its first line must be name1,name2 or name1,name2,schema")
	}
	if err != nil {
		return err
	}
	column := headerColumns(header)
	one, haveOne := column["name1"]
	two, haveTwo := column["name2"]
	if !haveOne || !haveTwo {
		return errors.New("the header must name the columns name1 and name2")
	}
	schema, haveSchema := column["schema"]
	if err := w.Write(append(header, "score")); err != nil {
		return err
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(record) <= max(one, two) {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d has %d columns, must have %d", line, len(record), len(header))
		}
		kind := "Person"
		if haveSchema && schema < len(record) && record[schema] != "" {
			kind = record[schema]
		}
		score := sanctions.Compare(record[one], record[two], kind)
		if err := w.Write(append(record, strconv.FormatFloat(score, 'f', 4, 64))); err != nil {
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
