package report

import (
	"cmp"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"dossier/session"
)

// AlertsCSV writes a header and a row for each alert, as CSV does for sessions. names gives the name of
// whoever an id stands for.
func AlertsCSV(w io.Writer, alerts iter.Seq2[session.Alert, error], zone *time.Location, names func(string) string) error {
	zone = cmp.Or(zone, time.UTC)
	at := " (" + zone.String() + ")"
	header := []string{"Alert", "Company", "Session", "Person", "List", "Entry", "Listed as", "Matched as", "Weak alias", "Score", "Raised" + at, "State",
		"Assigned to", "Proposed", "Reason", "Why", "Steps", "Decided by", "Decided" + at, "Approved by", "Approved" + at, "Suppression"}
	return writeCSV(w, header, alerts, func(a session.Alert) []string {
		d := a.Disposition
		return []string{a.ID, a.Company, string(a.Session), a.Person, a.Hit.List, a.Hit.EntryID, a.Hit.Name, a.Hit.MatchedName, yesNo(&a.Hit.WeakAlias),
			strconv.FormatFloat(a.Hit.Score, 'f', -1, 64), csvTime(a.RaisedAt, zone), string(d.State), names(a.Assignee), string(d.Wants),
			d.Reason, d.Text, strings.Join(d.Steps, " | "), names(d.By), csvTime(d.At, zone), names(d.ApprovedBy), csvTime(d.ApprovedAt, zone), d.Suppression}
	})
}

// SuppressionsCSV writes a header and a row for each suppression.
func SuppressionsCSV(w io.Writer, all iter.Seq2[session.Suppression, error], zone *time.Location, names func(string) string) error {
	zone = cmp.Or(zone, time.UTC)
	at := " (" + zone.String() + ")"
	header := []string{"Suppression", "Company", "Session", "Person", "Birth date", "Nationality", "List", "Entry", "Former ids", "Listed as", "Score",
		"Reason", "Why", "Made by", "Made" + at, "Approved by", "Owner", "Review by" + at, "Reviews", "Only its own session", "Ended" + at, "Ended by", "Why it ended",
		"Person fingerprint", "Entry hash"}
	return writeCSV(w, header, all, func(p session.Suppression) []string {
		name := ""
		if len(p.Seen.Entry.Names) > 0 {
			name = p.Seen.Entry.Names[0].Full
		}
		return []string{p.ID, p.Company, string(p.Session), p.Seen.Person.FullName(), string(p.Seen.Person.BirthDate), p.Seen.Person.Nationality, p.List,
			p.EntryIDs[0], strings.Join(p.EntryIDs[1:], " | "), name, strconv.FormatFloat(p.Seen.Score, 'f', -1, 64), p.Reason, p.Text, names(p.By), csvTime(p.MadeAt, zone),
			names(p.ApprovedBy), names(p.Owner), csvTime(p.ReviewAt, zone), strconv.Itoa(len(p.Reviews)), yesNo(&p.Alone), csvTime(p.EndedAt, zone), names(p.EndedBy), p.EndReason,
			p.Fingerprint, p.Seen.EntryHash}
	})
}
