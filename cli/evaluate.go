package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"dossier/sanctions"
)

// SanctionsEvaluateCmd prints how accurate the matcher is on labelled data.
type SanctionsEvaluateCmd struct {
	Pairs     string   `arg:"" optional:"" placeholder:"FILE" help:"CSV of pairs: name1, name2, is_match, perhaps schema and group."`
	Lists     []string `sep:"none" placeholder:"PATH" help:"Lists to screen against."`
	Untreated string   `placeholder:"FILE" help:"CSV of persons on the first list, named as the list names them."`
	Treated   string   `placeholder:"FILE" help:"The same persons, by the column row, with altered names."`
	Negatives []string `sep:"none" placeholder:"FILE" help:"CSV of persons who are on no list. May be repeated."`
	Skip      []string `placeholder:"ROW" help:"Rows of the positives to leave out."`
	FAR       float64  `name:"far" default:"0.001" help:"Share of the negatives that may have a hit."`
	Seed      uint64   `default:"1" help:"Seed of the harder alterations."`
}

// evaluateFloor is the least score that an evaluation asks for; lower ones count as not found.
const evaluateFloor = 0.4

// Run prints the tables that the given files allow.
func (cmd *SanctionsEvaluateCmd) Run(env *Env) error {
	if cmd.Pairs == "" && len(cmd.Lists) == 0 {
		return errors.New("nothing to evaluate: give a file of pairs, or --lists with --negatives")
	}
	if cmd.Pairs != "" {
		if err := cmd.pairs(env); err != nil {
			return fmt.Errorf("%s: %w", cmd.Pairs, err)
		}
	}
	if len(cmd.Lists) > 0 {
		return cmd.screening(env)
	}
	return nil
}

func (cmd *SanctionsEvaluateCmd) pairs(env *Env) error {
	in, err := openInput(env, cmd.Pairs)
	if err != nil {
		return err
	}
	defer in.Close()
	var all []sanctions.Labelled
	groups := make(map[string][]sanctions.Labelled)
	var order []string
	err = eachRow(in, []string{"name1", "name2", "is_match"}, func(cell func(string) string) {
		schema := cell("schema")
		p := sanctions.Labelled{Score: sanctions.Compare(cell("name1"), cell("name2"), schema), Match: cell("is_match") == "true"}
		if schema == "" || schema == "Person" {
			all = append(all, p)
		}
		g := schema + " " + cell("group")
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], p)
	})
	if err != nil {
		return err
	}
	row := func(name string, t sanctions.Tally) {
		fmt.Fprintf(env.Stdout, "%-34s %9.3f %5d %5d %5d %5d %10.3f %7.3f %6.3f\n", name, t.Threshold, t.TP, t.FP, t.FN, t.TN, t.Precision(), t.Recall(), t.F1())
	}
	fmt.Fprintf(env.Stdout, "%-34s %9s %5s %5s %5s %5s %10s %7s %6s\n", "pairs", "threshold", "TP", "FP", "FN", "TN", "precision", "recall", "F1")
	row("all persons, best threshold", sanctions.BestTally(all))
	row("all persons", sanctions.TallyAt(all, sanctions.DefaultThreshold))
	for _, g := range order {
		row(g, sanctions.TallyAt(groups[g], sanctions.DefaultThreshold))
	}
	return nil
}

func (cmd *SanctionsEvaluateCmd) screening(env *Env) error {
	lists, err := openLists(env, cmd.Lists)
	if err != nil {
		return err
	}
	index := sanctions.NewIndex(lists...)
	fmt.Fprintf(env.Stdout, "%d entries in %d lists, matcher %s\n", index.Len(), len(lists), sanctions.MatcherVersion)
	for _, withBirth := range []bool{false, true} {
		threshold, err := cmd.threshold(env, index, withBirth)
		if err != nil {
			return err
		}
		if err := cmd.positives(env, index, lists[0], threshold, withBirth); err != nil {
			return err
		}
		if !withBirth {
			harder(env, index, lists[0], threshold, cmd.Seed)
		}
	}
	return nil
}

// threshold finds where the negatives give as many false alarms as --far allows.
func (cmd *SanctionsEvaluateCmd) threshold(env *Env, index *sanctions.Index, withBirth bool) (float64, error) {
	fields := "name only"
	if withBirth {
		fields = "name and birth date"
	}
	var scores []float64
	for _, path := range cmd.Negatives {
		people, err := readPeople(env, path, withBirth)
		if err != nil {
			return 0, err
		}
		mine := onAllCores(people, func(r personRow) float64 {
			if hits := index.Screen(r.person, sanctions.Options{Threshold: evaluateFloor, Top: 1}); len(hits) > 0 {
				return hits[0].Score
			}
			return 0
		})
		n := 0
		for _, s := range mine {
			if s >= sanctions.DefaultThreshold {
				n++
			}
		}
		fmt.Fprintf(env.Stdout, "%s: %d of %d have a hit at the default threshold of %g (%s)\n", path, n, len(mine), sanctions.DefaultThreshold, fields)
		scores = append(scores, mine...)
	}
	if len(scores) == 0 {
		return sanctions.DefaultThreshold, nil
	}
	t := sanctions.ThresholdFor(scores, cmd.FAR)
	fmt.Fprintf(env.Stdout, "%s: threshold %.4f at a false alarm rate of %g on %d negatives\n", fields, t, cmd.FAR, len(scores))
	return t, nil
}

// positives prints the recall on persons who are on the first list.
func (cmd *SanctionsEvaluateCmd) positives(env *Env, index *sanctions.Index, list sanctions.List, threshold float64, withBirth bool) error {
	if cmd.Untreated == "" || cmd.Treated == "" {
		return nil
	}
	plain, err := readPeople(env, cmd.Untreated, withBirth)
	if err != nil {
		return err
	}
	treated, err := readPeople(env, cmd.Treated, withBirth)
	if err != nil {
		return err
	}
	trials := cmd.trials(list, plain, treated)
	printRecall(env, index, trials, threshold)
	return nil
}

// trials joins both files by row. A treated row is altered where its name differs.
func (cmd *SanctionsEvaluateCmd) trials(list sanctions.List, plain, treated []personRow) []sanctions.Trial {
	truth := make(map[string]map[sanctions.Key]bool)
	for _, e := range list.Records {
		n := e.Names[0].Full
		if truth[n] == nil {
			truth[n] = make(map[sanctions.Key]bool)
		}
		truth[n][sanctions.Key{List: e.List, ID: e.ID}] = true
	}
	skip := make(map[string]bool)
	for _, s := range cmd.Skip {
		skip[s] = true
	}
	names := make(map[string]string)
	var out []sanctions.Trial
	for _, r := range plain {
		names[r.id] = r.person.Full
		if !skip[r.id] && truth[r.person.Full] != nil {
			out = append(out, sanctions.Trial{Class: "as listed", Person: r.person, Truth: truth[r.person.Full]})
		}
	}
	for _, r := range treated {
		name := names[r.id]
		if skip[r.id] || truth[name] == nil {
			continue
		}
		class := "treated, name unchanged"
		if r.person.Full != name {
			class = "altered"
		}
		out = append(out, sanctions.Trial{Class: class, Person: r.person, Truth: truth[name]})
	}
	return out
}

func harder(env *Env, index *sanctions.Index, list sanctions.List, threshold float64, seed uint64) {
	fmt.Fprintf(env.Stdout, "harder alterations of the persons of %s, seed %d\n", list.ID, seed)
	printRecall(env, index, sanctions.AlteredTrials(list, seed), threshold)
}

// printRecall prints how many trials of each class are found at a threshold.
func printRecall(env *Env, index *sanctions.Index, trials []sanctions.Trial, threshold float64) {
	scores := onAllCores(trials, func(t sanctions.Trial) float64 { return t.BestOf(index, evaluateFloor) })
	found, total := make(map[string]int), make(map[string]int)
	var order []string
	hits := 0
	for i, t := range trials {
		if total[t.Class] == 0 {
			order = append(order, t.Class)
		}
		total[t.Class]++
		if scores[i] >= threshold {
			found[t.Class]++
			hits++
		}
	}
	for _, c := range order {
		fmt.Fprintf(env.Stdout, "  %-32s %5d of %5d  %6.2f %%\n", c, found[c], total[c], 100*float64(found[c])/float64(total[c]))
	}
	if len(trials) > 0 {
		fmt.Fprintf(env.Stdout, "  %-32s %5d of %5d  %6.2f %%\n", "all", hits, len(trials), 100*float64(hits)/float64(len(trials)))
	}
}

// onAllCores applies work to every item, and keeps their order.
func onAllCores[T any](items []T, work func(T) float64) []float64 {
	out := make([]float64, len(items))
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(items); i += n {
				out[i] = work(items[i])
			}
		}()
	}
	wg.Wait()
	return out
}

// readPeople reads a file of persons, with nothing but names and perhaps birth dates.
func readPeople(env *Env, path string, withBirth bool) ([]personRow, error) {
	in, err := openInput(env, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	people, err := newPersonReader(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var out []personRow
	for {
		r, err := people.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if r.err != nil {
			fmt.Fprintf(env.Stderr, "%s: row %d: %v\n", path, r.row, r.err)
			continue
		}
		p := sanctions.Person{Full: r.person.Full, First: r.person.First, Middle: r.person.Middle, Last: r.person.Last}
		if p.Full != "" {
			p.First, p.Middle, p.Last = "", "", ""
		}
		if withBirth {
			p.Born = r.person.Born
		}
		r.person = p
		out = append(out, r)
	}
}

// eachRow calls do for every row of a CSV file that must have the named columns.
func eachRow(in io.Reader, need []string, do func(cell func(string) string)) error {
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	if err != nil {
		return err
	}
	column := headerColumns(header)
	for _, n := range need {
		if _, ok := column[n]; !ok {
			return fmt.Errorf("the header names no column %s", n)
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
		do(func(name string) string {
			if i, ok := column[name]; ok && i < len(record) {
				return record[i]
			}
			return ""
		})
	}
}
