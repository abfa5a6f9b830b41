package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/session"
)

// edits draws what reviewers changed of what was read.
func (p *printer) edits() {
	if len(p.s.Person.Edits) == 0 {
		return
	}
	p.section("Corrections of client information")
	var rows [][]cell
	for _, e := range p.s.Person.Edits {
		rows = append(rows, []cell{
			{{p.stamp(e.At), when}}, plain(named(fieldLabels, e.Field)), value(e.Old), value(e.New),
			{{or(e.By), body}, {e.Reason, small}},
		})
	}
	p.table([]column{{"When", 0.22}, {"Field", 0.15}, {"Was", 0.19}, {"Is", 0.19}, {"By, and why", 0.25}}, rows)
}

// notes draws the remarks that stay with the session.
func (p *printer) notes() {
	if len(p.s.Notes) == 0 {
		return
	}
	p.section("Notes")
	var rows [][]cell
	for _, n := range p.s.Notes {
		rows = append(rows, []cell{
			{{p.stamp(n.At), when}}, {{or(n.By), body}, {named(noteLabels, n.Action), small}}, plain(or(n.Text)),
		})
	}
	p.table([]column{{"When", 0.22}, {"By", 0.19}, {"Note", 0.59}}, rows)
}

// attempts draws every run through the capture steps, with the photos of those before the last.
func (p *printer) attempts() {
	if len(p.s.Attempts) == 0 {
		return
	}
	p.section("Attempts")
	var rows [][]cell
	for _, a := range p.s.Attempts {
		outcome := known(outcomeLabels, a.Outcome)
		what := outcome.blocks(block{a.Reason, small})
		what = append(what, block{attemptChecks(a.Checks), small})
		for _, photo := range a.Photos {
			what = append(what, block{named(photoLabels, photo.Kind) + " " + or(photo.SHA256), digest})
		}
		rows = append(rows, []cell{
			plain(strconv.Itoa(a.Number)), {{p.stamp(a.StartedAt), when}}, {{p.stamp(a.FinishedAt), when}}, what,
		})
	}
	p.table([]column{{"No.", 0.06}, {"Started", 0.22}, {"Finished", 0.22}, {"Outcome", 0.5}}, rows)
}

// attemptChecks is a line of the checks of one attempt.
func attemptChecks(c session.Checks) string {
	level := unknown
	if c.FaceMatchLevel != nil {
		level = strconv.Itoa(*c.FaceMatchLevel)
	}
	return strings.Join([]string{
		"Liveness: " + verdict(c.LivenessPassed, "Yes", "No", unknown).text,
		"Face match: " + level,
		"ID real: " + verdict(c.IDReal, "Yes", "No", unknown).text,
		"Full ID: " + verdict(c.FullIDDetected, "Yes", "No", unknown).text,
	}, "   ")
}

// trail draws the session's part of the audit log.
func (p *printer) trail() {
	p.section("Audit trail")
	if len(p.Events) == 0 {
		p.paragraph("No events.", body)
		return
	}
	if p.Cut {
		p.paragraph(fmt.Sprintf("The newest %s events; those before are in the audit log.", thousands(len(p.Events))), small)
	}
	var rows [][]cell
	for _, e := range p.Events {
		what := cell{{named(actionLabels, e.Action), body}}
		if text := detail(e.Detail); text != "" {
			what = append(what, block{text, small})
		}
		by := e.Name
		if by == "" {
			by = e.Actor
		}
		rows = append(rows, []cell{
			{{strconv.FormatUint(e.Seq, 10), small}}, {{p.stamp(e.At), when}}, what,
			{{or(by), body}, {e.IP, small}}, {{or(shortHash(e.Hash)), style{mono, 6, muted}}},
		})
	}
	p.table([]column{{"No.", 0.08}, {"When", 0.22}, {"What", 0.35}, {"By", 0.19}, {"Hash", 0.16}}, rows)
}

// detail is what an event says beside who and what, in a fixed order.
func detail(d map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(d)) {
		parts = append(parts, strings.ReplaceAll(key, "_", " ")+": "+named(fieldLabels, d[key]))
	}
	return strings.Join(parts, "; ")
}
