package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
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
	Show      int      `help:"So many misses of each class, and as many of the highest false alarms, by name."`
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
	err = eachPair(in, []string{"name1", "name2", "is_match"}, nil, func(_ []string, cell func(string) string) error {
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
		return nil
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
			cmd.harder(env, index, lists, threshold)
			cmd.acrossScripts(env, lists, threshold)
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
	var alarms []alarm
	for _, path := range cmd.Negatives {
		people, err := readPeople(env, path, withBirth)
		if err != nil {
			return 0, err
		}
		mine := onAllCores(people, func(r personRow) alarm {
			if hits := index.Screen(r.person, sanctions.Options{Threshold: evaluateFloor, Top: 1}); len(hits) > 0 {
				return alarm{hits[0].Score, r.person.Full, hits[0].MatchedName}
			}
			return alarm{}
		})
		n := 0
		for _, a := range mine {
			if a.score >= sanctions.DefaultThreshold {
				n++
			}
			scores = append(scores, a.score)
		}
		fmt.Fprintf(env.Stdout, "%s: %d of %d have a hit at the default threshold of %g (%s)\n", path, n, len(mine), sanctions.DefaultThreshold, fields)
		alarms = append(alarms, mine...)
	}
	if len(scores) == 0 {
		return sanctions.DefaultThreshold, nil
	}
	t := sanctions.ThresholdFor(scores, cmd.FAR)
	fmt.Fprintf(env.Stdout, "%s: threshold %.4f at a false alarm rate of %g on %d negatives\n", fields, t, cmd.FAR, len(scores))
	slices.SortStableFunc(alarms, func(a, b alarm) int { return cmp.Compare(b.score, a.score) })
	for _, a := range alarms[:min(cmd.Show, len(alarms))] {
		fmt.Fprintf(env.Stdout, "    false alarm %.4f: %s, for %s\n", a.score, a.person, a.listed)
	}
	return t, nil
}

// An alarm is the best hit of a person who is on no list; the score is 0 where there is none.
type alarm struct {
	score          float64
	person, listed string
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
	cmd.printRecall(env, trials, scoresOf(index, trials), threshold, everyTrial)
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

// harder prints the recall on names altered in many ways, for each list and for all.
func (cmd *SanctionsEvaluateCmd) harder(env *Env, index *sanctions.Index, lists []sanctions.List, threshold float64) {
	trials := sanctions.AlteredTrials(cmd.Seed, lists...)
	scores := scoresOf(index, trials)
	for _, l := range lists {
		fmt.Fprintf(env.Stdout, "harder alterations of the persons of %s, seed %d\n", l.ID, cmd.Seed)
		cmd.printRecall(env, trials, scores, threshold, func(t sanctions.Trial) bool { return t.List == l.ID })
	}
	if len(lists) > 1 {
		fmt.Fprintf(env.Stdout, "harder alterations of the persons of all lists, seed %d\n", cmd.Seed)
		cmd.printRecall(env, trials, scores, threshold, everyTrial)
	}
}

// acrossScripts prints how many persons of a list are found by their names in their own script where the
// list has only Latin letters, and the reverse.
func (cmd *SanctionsEvaluateCmd) acrossScripts(env *Env, lists []sanctions.List, threshold float64) {
	for _, l := range lists {
		latin, original := sanctions.SplitScripts(l)
		if len(original.Records) == 0 {
			continue
		}
		fmt.Fprintf(env.Stdout, "names of %s across scripts\n", l.ID)
		trials := sanctions.FirstNames("own script, Latin list", original)
		cmd.printRecall(env, trials, scoresOf(sanctions.NewIndex(latin), trials), threshold, everyTrial)
		have := make(map[string]bool)
		for _, e := range original.Records {
			have[e.ID] = true
		}
		latin.Records = slices.DeleteFunc(latin.Records, func(e sanctions.Entry) bool { return !have[e.ID] })
		trials = sanctions.FirstNames("Latin, list in own script", latin)
		cmd.printRecall(env, trials, scoresOf(sanctions.NewIndex(original), trials), threshold, everyTrial)
	}
}

func everyTrial(sanctions.Trial) bool { return true }

func scoresOf(index *sanctions.Index, trials []sanctions.Trial) []float64 {
	return onAllCores(trials, func(t sanctions.Trial) float64 { return t.BestOf(index, evaluateFloor) })
}

// printRecall prints how many of the trials that keep chooses are found at a threshold, by class.
func (cmd *SanctionsEvaluateCmd) printRecall(env *Env, trials []sanctions.Trial, scores []float64, threshold float64, keep func(sanctions.Trial) bool) {
	var order []string
	byClass := make(map[string]*sanctions.Tally)
	missed := make(map[string][]string)
	var all sanctions.Tally
	for i, t := range trials {
		if !keep(t) {
			continue
		}
		c := byClass[t.Class]
		if c == nil {
			c = &sanctions.Tally{}
			byClass[t.Class], order = c, append(order, t.Class)
		}
		if scores[i] >= threshold {
			c.TP, all.TP = c.TP+1, all.TP+1
		} else {
			c.FN, all.FN = c.FN+1, all.FN+1
			missed[t.Class] = append(missed[t.Class], fmt.Sprintf("%.4f: %s", scores[i], t.Person.Full))
		}
	}
	row := func(name string, t sanctions.Tally) {
		fmt.Fprintf(env.Stdout, "  %-32s %5d of %5d  %6.2f %%\n", name, t.TP, t.TP+t.FN, 100*t.Recall())
	}
	for _, c := range order {
		row(c, *byClass[c])
		for _, m := range missed[c][:min(cmd.Show, len(missed[c]))] {
			fmt.Fprintf(env.Stdout, "    missed %s\n", m)
		}
	}
	if len(order) > 1 {
		row("all", all)
	}
}

// onAllCores applies work to every item, and keeps their order.
func onAllCores[T, R any](items []T, work func(T) R) []R {
	out := make([]R, len(items))
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
