package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signintech/gopdf"

	"dossier/session"
)

// Screenings are what a screening report is made of.
type Screenings struct {
	session.ScreeningReport
	Company session.Company           // whose report it is; the zero Company is the installation's
	Names   func(actor string) string // what to call who "member:01J…" stands for
	By      string                    // the name of who asked for it
	Zone    *time.Location            // in which times are printed; nil is UTC
}

const screeningTitle = "Sanctions screening report"

// printedHits is how many alerts the PDF lists; the CSV has them all.
const printedHits = 2000

// WriteScreenings renders a screening report as a PDF to w. Equal data give equal bytes.
func WriteScreenings(w io.Writer, d Screenings) error {
	lib, err := loadFonts()
	if err != nil {
		return err
	}
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	p := &screeningPrinter{sheet: newSheet(lib, parseColour(d.Company.Settings.Colour).readable()), d: d}
	p.print()
	return p.writeTo(w)
}

// A screeningPrinter draws one screening report.
type screeningPrinter struct {
	*sheet
	d Screenings
}

func (p *screeningPrinter) print() {
	p.pdf.SetInfo(gopdf.PdfInfo{Title: clean(screeningTitle + ", " + p.period()), Author: clean(p.whose()),
		Producer: "Dossier", CreationDate: p.d.Made.In(p.d.Zone)})
	p.newPage()
	p.box(0, 0, pageWidth, 5, p.accent)
	p.text(p.whose(), style{bold, 11, ink}, marginX, 34, contentWide, 2)
	y := p.text(screeningTitle, style{bold, 17, ink}, marginX, 62, contentWide, 1)
	p.y = p.text(p.period(), style{regular, 10, muted}, marginX, y+1, contentWide, 1) + 8
	p.head = func() {
		p.text(p.whose()+"  ·  "+screeningTitle, style{regular, 7, muted}, marginX, 26, contentWide-170, 1)
		p.textRight(p.period(), style{regular, 7, muted}, pageWidth-marginX, 34)
		p.rule(marginX, 40, contentWide, hairline)
	}
	p.summary()
	p.coverage()
	p.lists()
	p.runs()
	p.hits()
	for n := 1; n <= p.pages; n++ {
		p.fail(p.pdf.SetPage(n))
		p.rule(marginX, 802, contentWide, hairline)
		p.text(fmt.Sprintf("Generated %s by %s", stampIn(p.d.Made, time.UTC), or(p.d.By)), style{regular, 6.5, muted}, marginX, 806, contentWide-90, 1)
		p.textRight(fmt.Sprintf("Page %d of %d", n, p.pages), style{regular, 6.5, muted}, pageWidth-marginX, 812.5)
	}
}

func (p *screeningPrinter) whose() string {
	if p.d.Company.Name != "" {
		return p.d.Company.Name
	}
	if len(p.d.Companies) > 0 {
		return strings.Join(p.d.Companies, ", ")
	}
	return "All companies of this installation"
}

func (p *screeningPrinter) period() string {
	if p.d.Run != "" {
		return "Run " + p.d.Run
	}
	last := p.d.To.Add(-time.Nanosecond).In(p.d.Zone)
	return p.d.From.In(p.d.Zone).Format(time.DateOnly) + " to " + last.Format(time.DateOnly)
}

func (p *screeningPrinter) stamp(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return stampIn(t, p.d.Zone)
}

// summary draws the figures that an examiner asks for first.
func (p *screeningPrinter) summary() {
	p.section("Alerts")
	state := func(of map[string]int, s session.DispositionState) cell { return value(thousands(of[string(s)])) }
	decided, undecided := p.d.Decided, p.d.Undecided
	end := "at its end"
	if p.d.Run != "" {
		end = "now"
	}
	p.fields([]field{
		{"Raised in the period", value(thousands(p.d.Raised))}, {"Closed in the period", value(thousands(sum(decided)))},
		{"Match", state(decided, session.DispositionMatch)}, {"No match", state(decided, session.DispositionNoMatch)}, {"Gone", state(decided, session.DispositionGone)},
	}, []field{
		{"Undecided " + end, value(thousands(sum(undecided)))}, {"Open", state(undecided, session.DispositionOpen)},
		{"Escalated", state(undecided, session.DispositionEscalated)}, {"Awaiting approval", state(undecided, session.DispositionProposed)},
	})
	p.y += 6
	var rows [][]cell
	for _, d := range durationRows(p.d.ScreeningReport) {
		rows = append(rows, []cell{plain(d.name), plain(thousands(d.N)), plain(lasting(d.N, d.Median)), plain(lasting(d.N, d.P95)), plain(lasting(d.N, d.Worst))})
	}
	p.table([]column{{"Time", 0.46}, {"Alerts", 0.12}, {"Median", 0.14}, {"95 of 100", 0.14}, {"Longest", 0.14}}, rows)
	p.paragraph("From publication: alerts that a re-screening raised; who came in later could not have been found before. "+
		"Where a list does not say when it was published, the time counts from when it was loaded.", small)
}

func sum(counts map[string]int) (n int) {
	for _, k := range counts {
		n += k
	}
	return n
}

type namedDurations struct {
	name string
	session.Durations
}

func durationRows(r session.ScreeningReport) []namedDurations {
	return []namedDurations{
		{"Publication of the list to the alert", r.ToAlert},
		{"Publication of the list to the decision", r.ToDecision},
		{"Alert to decision, all alerts", r.InQueue},
	}
}

// lasting is a duration as people say it, or unknown where there is none.
func lasting(n int, d time.Duration) string {
	switch {
	case n == 0:
		return unknown
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Round(time.Minute).Minutes())) + " min"
	case d < 72*time.Hour:
		return strconv.FormatFloat(d.Hours(), 'f', 1, 64) + " h"
	}
	return strconv.FormatFloat(d.Hours()/24, 'f', 1, 64) + " days"
}

// coverage draws who was screened.
func (p *screeningPrinter) coverage() {
	p.section("Population")
	if p.d.CountedBy == "" {
		p.paragraph("No re-screening of everybody was finished in this period.", body)
		return
	}
	c := p.d.Population
	p.fields([]field{{"Persons", value(thousands(c.Population))}, {"Screened", value(thousands(c.Screened))}},
		[]field{{"Failed", value(thousands(c.Failed))}, {"Excluded", value(thousands(c.ExcludedTotal()))}})
	var why []string
	for _, reason := range slices.Sorted(maps.Keys(c.Excluded)) {
		why = append(why, thousands(c.Excluded[reason])+" "+reason)
	}
	p.wide(field{"Excluded because", value(strings.Join(why, "; "))}, field{"Counted by the run", code(p.d.CountedBy)})
}

// lists draws the versions that were in force.
func (p *screeningPrinter) lists() {
	p.section("Lists in force")
	if len(p.d.Lists) == 0 {
		p.paragraph("No list was in force in this period.", body)
		return
	}
	var rows [][]cell
	for _, l := range p.d.Lists {
		version := cell{{or(l.Version), body}, {"SHA-256 " + l.SHA256, digest}}
		if l.Problems > 0 {
			version = append(version, block{"Records with problems: " + thousands(l.Problems), small})
		}
		if l.Retired != nil {
			version = append(version, block{"Taken out of force: " + l.Retired.Reason, style{regular, small.size, warning}})
		}
		published := unknown
		if !l.Published.IsZero() {
			published = l.Published.UTC().Format(time.DateOnly)
		}
		until := "in force"
		if !l.Until.IsZero() {
			until = p.stamp(l.Until)
		}
		rows = append(rows, []cell{{{l.ID, strong}}, version, plain(published), {{p.stamp(l.LoadedAt), when}}, {{until, when}}, plain(thousands(l.Entries)),
			plain(fmt.Sprintf("+%d −%d ~%d", l.Added, l.Removed, l.Changed))})
	}
	p.table([]column{{"List", 0.14}, {"Version", 0.28}, {"Published", 0.11}, {"From", 0.14}, {"Until", 0.14}, {"Entries", 0.08}, {"Changes", 0.11}}, rows)
}

// runs draws the re-screenings.
func (p *screeningPrinter) runs() {
	p.section("Re-screenings")
	if len(p.d.Runs) == 0 {
		p.paragraph("There was no re-screening in this period.", body)
		return
	}
	var rows [][]cell
	for _, r := range p.d.Runs {
		what := cell{{r.Trigger, body}}
		if r.Delta {
			what = append(what, block{"Changed entries alone: " + thousands(r.Entries), small})
		}
		for _, stop := range r.Stops {
			what = append(what, block{fmt.Sprintf("%s %s, resumed %s", stop.Status, p.stamp(stop.At), p.stamp(stop.ResumedAt)), small})
		}
		status := known(runLabels, r.Status).blocks(block{r.Problem, small})
		if r.Status == session.RunDone && !r.Whole() {
			status = append(status, block{"Not everybody is accounted for", style{regular, small.size, warning}})
		}
		if stale := staleOnes(r.Lists); stale != "" {
			status = append(status, block{"Stale: " + stale, style{regular, small.size, warning}})
		}
		count := func(n int) cell {
			if r.Status == session.RunRunning {
				return plain(unknown)
			}
			return plain(thousands(n))
		}
		rows = append(rows, []cell{{{p.stamp(r.StartedAt), when}}, what, status, count(r.Population), count(r.Screened),
			count(r.Failed), count(r.NewHits), count(r.Gone), count(r.Alerts)})
	}
	p.table([]column{{"Started", 0.2}, {"Why", 0.18}, {"Status", 0.12}, {"Persons", 0.1}, {"Screened", 0.1}, {"Failed", 0.08}, {"New hits", 0.08}, {"Gone", 0.07}, {"Alerts", 0.07}}, rows)
}

// staleOnes names the lists that were not refreshed within their limit when a run met them.
func staleOnes(lists []session.ScreenedList) string {
	var stale []string
	for _, l := range lists {
		if l.Stale {
			stale = append(stale, l.ID)
		}
	}
	return strings.Join(stale, ", ")
}

// hits draws the alerts.
func (p *screeningPrinter) hits() {
	p.section("Hits and dispositions")
	if len(p.d.Alerts) == 0 {
		p.paragraph("No alert was raised or decided in this period.", body)
		return
	}
	var rows [][]cell
	for _, a := range p.d.Alerts[:min(len(p.d.Alerts), printedHits)] {
		decision := known(dispositionLabels, a.State).blocks(block{strings.ReplaceAll(a.Reason, "_", " "), small}, block{a.Text, small})
		if !a.DecidedAt.IsZero() {
			decision = append(decision, block{p.name(a.By) + ", " + p.stamp(a.DecidedAt), small})
			if a.Second != "" {
				decision = append(decision, block{"Approved by " + p.name(a.Second), small})
			}
		}
		rows = append(rows, []cell{{{p.stamp(a.RaisedAt), when}}, {{or(a.Person), body}, {string(a.Session), digest}},
			{{or(a.Name), body}, {a.List + " " + a.Entry + ", " + or(a.Version), small}},
			plain(strconv.FormatFloat(a.Score, 'f', 2, 64)), decision})
	}
	p.table([]column{{"Raised", 0.17}, {"Person", 0.24}, {"Entry", 0.27}, {"Score", 0.07}, {"Disposition", 0.25}}, rows)
	if more := len(p.d.Alerts) - printedHits; more > 0 {
		p.paragraph(fmt.Sprintf("And %s more, which the CSV has.", thousands(more)), small)
	}
}

func (p *screeningPrinter) name(actor string) string {
	if p.d.Names == nil || actor == "" {
		return or(actor)
	}
	return or(p.d.Names(actor))
}
