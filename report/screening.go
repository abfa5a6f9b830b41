package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/session"
)

// sanctions draws the screening: against which lists, with what result.
func (p *printer) sanctions() {
	p.section("Sanctions screening")
	sc := p.s.Screening
	threshold := unknown
	if sc.Threshold > 0 {
		threshold = strconv.FormatFloat(sc.Threshold, 'f', -1, 64)
	}
	p.fields([]field{
		{"Status", p.screened().blocks(block{sc.Reason, small})},
		{"Screened", value(p.stamp(sc.ScreenedAt))},
		{"Confirmed by run", code(sc.Run)},
	}, []field{
		{"Hits", value(strconv.Itoa(len(sc.Hits)))},
		{"Matcher", value(sc.Matcher)},
		{"Threshold", value(threshold)},
	})
	p.lists(sc.Lists)
	for i, h := range sc.Hits {
		p.hit(i+1, h)
	}
	p.near(sc.Near)
}

// screened is what came of the screening. A person whose hits were all decided is clear, too.
func (p *printer) screened() mark {
	sc := p.s.Screening
	if sc.Status == session.Clear && len(sc.Hits) > 0 {
		return mark{"✓ Clear: every hit was decided", good}
	}
	return known(screeningLabels, sc.Status)
}

// near draws the entries that were compared and fell short of the threshold.
func (p *printer) near(near []session.NearMiss) {
	if len(near) == 0 {
		return
	}
	p.part("Closest entries below the threshold")
	var rows [][]cell
	for _, n := range near {
		rows = append(rows, []cell{value(n.Name), value(joined(n.List, n.EntryID)), plain(strconv.FormatFloat(n.Score, 'f', -1, 64))})
	}
	p.table([]column{{"Name", 0.5}, {"List entry", 0.35}, {"Score", 0.15}}, rows)
}

// lists draws the lists as they were when the person was compared with them.
func (p *printer) lists(lists []session.ScreenedList) {
	if len(lists) == 0 {
		return
	}
	p.y += 6
	var rows [][]cell
	for _, l := range lists {
		name := cell{{or(l.ID), strong}}
		if l.Stale {
			name = append(name, block{"Stale at the time", style{regular, small.size, warning}})
		}
		published := unknown
		if !l.Published.IsZero() {
			published = l.Published.UTC().Format("2006-01-02")
		}
		rows = append(rows, []cell{name, {{or(l.Version), body}, {"SHA-256 " + or(l.SHA256), digest}},
			plain(published), plain(thousands(l.Entries))})
	}
	p.table([]column{{"List", 0.19}, {"Version", 0.53}, {"Published", 0.15}, {"Entries", 0.13}}, rows)
}

// hit draws one entry that the person may be: how alike, why, what the list says, what was decided.
func (p *printer) hit(n int, h session.Hit) {
	p.part(fmt.Sprintf("Hit %d: %s", n, or(h.Name)))
	e := h.Entry
	matched := cell{{or(h.MatchedName), body}}
	if h.WeakAlias {
		matched = append(matched, block{"A weak alias", small})
	}
	p.fields([]field{
		{"Score", cell{{strconv.FormatFloat(h.Score, 'f', -1, 64), strong}}},
		{"List entry", value(joined(h.List, h.EntryID))},
		{"Matched name", matched},
		{"Type", value(joined(named(entryLabels, string(cmp.Or(e.Type, h.Type))), named(topicLabels, cmp.Or(e.Topic, h.Topic))))},
		{"Listed on", value(e.ListedOn)},
		{"Programmes", value(strings.Join(firstOf(e.Programs, h.Programs), ", "))},
	}, []field{
		{"Disposition", p.disposition(h.Disposition)},
		{"Births", value(births(h))},
		{"Birth places", value(strings.Join(e.BirthPlaces, "; "))},
		{"Nationalities, sexes", value(strings.Join(slices.Concat(e.Nationalities, e.Sexes), ", "))},
		{"Documents", value(documents(h))},
		{"Entry hash", code(shortHash(h.EntryHash))},
	})
	p.wide(
		field{"All names", value(names(h))},
		field{"Addresses", value(strings.Join(e.Addresses, "; "))},
		field{"Remarks", value(e.Remarks)},
		field{"Source", value(e.SourceURL)},
	)
	p.reasons(h)
}

func firstOf(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// disposition says what was decided of a hit, by whom and when.
func (p *printer) disposition(d session.Disposition) cell {
	m := known(dispositionLabels, cmp.Or(d.State, session.DispositionOpen))
	c := cell{{m.text, style{bold, body.size, m.colour}}}
	if d.By != "" || !d.At.IsZero() {
		c = append(c, block{p.who(d.By) + ", " + p.stamp(d.At), small})
	}
	if d.ApprovedBy != "" {
		c = append(c, block{"Approved by " + p.who(d.ApprovedBy) + ", " + p.stamp(d.ApprovedAt), small})
	}
	if len(d.Steps) > 0 {
		c = append(c, block{"Steps taken: " + strings.Join(d.Steps, ", "), small})
	}
	return append(c, block{strings.ReplaceAll(d.Reason, "_", " "), small}, block{d.Text, small})
}

func births(h session.Hit) string {
	var all []string
	for _, b := range h.Entry.Births {
		all = append(all, b.String())
	}
	return strings.Join(all, "; ")
}

func documents(h session.Hit) string {
	var all []string
	for _, d := range h.Entry.Documents {
		all = append(all, strings.Join(strings.Fields(d.Kind+" "+d.Number+" "+d.Country), " "))
	}
	return strings.Join(all, "; ")
}

func names(h session.Hit) string {
	var all []string
	for _, n := range h.Entry.Names {
		if n.Weak {
			n.Full += " (weak)"
		}
		all = append(all, n.Full)
	}
	return strings.Join(all, "; ")
}

// reasons draws how the score came about.
func (p *printer) reasons(h session.Hit) {
	if len(h.Reasons) == 0 {
		return
	}
	p.y += 6
	var rows [][]cell
	for _, r := range h.Reasons {
		rows = append(rows, []cell{
			plain(named(fieldLabels, r.Field)), value(r.Query), value(r.Entry), plain(or(r.Text)),
			plain(fmt.Sprintf("%+.3f", r.Points)),
		})
	}
	p.table([]column{{"Field", 0.14}, {"This person", 0.2}, {"The entry", 0.2}, {"Why", 0.36}, {"Points", 0.1}}, rows)
}
