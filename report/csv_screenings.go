package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/session"
)

// ScreeningsCSV writes a screening report as one table: a column says what each row is. Cells are made as
// those of [CSV].
func ScreeningsCSV(w io.Writer, d Screenings) error {
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("report: csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := d.rows()
	for i := range rows {
		for k := range rows[i] {
			rows[i][k] = csvCell(rows[i][k])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("report: csv: %w", err)
	}
	return nil
}

func (d Screenings) rows() [][]string {
	t := table{screeningColumns}
	d.addSums(&t)
	d.addLists(&t)
	d.addRuns(&t)
	d.addAlerts(&t)
	return t
}

var screeningColumns = []string{"Row", "Id", "From", "To", "Company", "Session", "Person", "List", "Version", "Published", "SHA-256", "Entry", "Entry name", "Score",
	"State", "Reason", "Text", "By", "Approved by", "Count", "Screened", "Failed", "Excluded", "Hours from publication", "Hours from alert"}

// A table is rows of cells under the names of its first row.
type table [][]string

func (t *table) add(cells map[string]string) {
	row := make([]string, len((*t)[0]))
	for i, name := range (*t)[0] {
		row[i] = cells[name]
	}
	*t = append(*t, row)
}

func (d Screenings) at(t time.Time) string { return csvTime(t, d.Zone) }

func (d Screenings) addSums(t *table) {
	n, c := strconv.Itoa, d.Population
	t.add(map[string]string{"Row": "report", "Id": d.Run, "From": d.at(d.From), "To": d.at(d.To), "Company": strings.Join(d.Companies, " ")})
	t.add(map[string]string{"Row": "population", "Id": d.CountedBy, "Count": n(c.Population), "Screened": n(c.Screened), "Failed": n(c.Failed), "Excluded": n(c.ExcludedTotal())})
	t.add(map[string]string{"Row": "alerts raised", "Count": n(d.Raised)})
	for _, state := range slices.Sorted(maps.Keys(d.Decided)) {
		t.add(map[string]string{"Row": "alerts closed", "State": state, "Count": n(d.Decided[state])})
	}
	for _, state := range slices.Sorted(maps.Keys(d.Undecided)) {
		t.add(map[string]string{"Row": "alerts undecided", "State": state, "Count": n(d.Undecided[state])})
	}
	for _, took := range durationRows(d.ScreeningReport) {
		if took.N == 0 {
			continue
		}
		for _, q := range []struct {
			name string
			d    time.Duration
		}{{"median", took.Median}, {"95 of 100", took.P95}, {"longest", took.Worst}} {
			t.add(map[string]string{"Row": "hours: " + took.name, "Id": q.name, "Count": n(took.N), "Hours from alert": inHours(q.d)})
		}
	}
}

func (d Screenings) addLists(t *table) {
	for _, l := range d.Lists {
		why := ""
		if l.Retired != nil {
			why = l.Retired.Reason
		}
		t.add(map[string]string{"Row": "list", "List": l.ID, "Version": l.Version, "Published": d.at(l.Published), "From": d.at(l.LoadedAt), "To": d.at(l.Until),
			"SHA-256": l.SHA256, "Count": strconv.Itoa(l.Entries), "Text": why})
	}
}

func (d Screenings) addRuns(t *table) {
	n := strconv.Itoa
	for _, r := range d.Runs {
		run := map[string]string{"Row": "run", "Id": r.ID, "From": d.at(r.StartedAt), "To": d.at(r.FinishedAt), "State": string(r.Status), "Reason": r.Trigger, "Text": r.Problem}
		if r.Status != session.RunRunning { // how far it was then is not known
			run["Count"], run["Screened"], run["Failed"], run["Excluded"] = n(r.Population), n(r.Screened), n(r.Failed), n(r.ExcludedTotal())
		}
		t.add(run)
	}
}

func (d Screenings) addAlerts(t *table) {
	hours := func(from, to time.Time) string {
		if from.IsZero() || to.IsZero() {
			return ""
		}
		return inHours(to.Sub(from))
	}
	for _, a := range d.Alerts {
		by, second := a.By, a.Second
		if d.Names != nil {
			by, second = d.Names(by), d.Names(second)
		}
		t.add(map[string]string{"Row": "alert", "Id": a.Alert, "From": d.at(a.RaisedAt), "To": d.at(a.DecidedAt), "Company": a.Company, "Session": string(a.Session), "Person": a.Person,
			"List": a.List, "Version": a.Version, "Published": d.at(a.Published), "Entry": a.Entry, "Entry name": a.Name,
			"Score": strconv.FormatFloat(a.Score, 'f', 4, 64), "State": string(a.State), "Reason": a.Reason, "Text": a.Text, "By": by, "Approved by": second,
			"Hours from publication": hours(a.Published, a.DecidedAt), "Hours from alert": hours(a.RaisedAt, a.DecidedAt)})
	}
}

func inHours(d time.Duration) string { return strconv.FormatFloat(d.Hours(), 'f', 2, 64) }
