package server

import (
	"slices"
	"strconv"
	"time"

	"dossier/session"
)

// A column is one that the list of sessions may have beside the name, which it always has.
type column struct {
	Code, Label string
	usual       bool   // unless the member chose others
	class       string // of its cells
	cell        func(v listView, got session.Row) cell
}

// A cell is what a list shows of a session in one column.
type cell struct {
	text  string
	at    time.Time // instead of text
	class string    // beside that of the column
	pills []pill    // instead of text
	sub   string    // below it, smaller
}

// A pill is a short text on a colour.
type pill struct{ text, tone string }

// columns are all that there are, in the order in which a list shows them.
var columns = []column{
	{"document_number", "Document number", true, "code", func(_ listView, s session.Row) cell { return plain(s.Person.DocumentNumber) }},
	{"personal_number", "Personal number", true, "code", func(_ listView, s session.Row) cell { return plain(s.Person.PersonalNumber) }},
	{"reference", "Reference", false, "code", func(_ listView, s session.Row) cell { return plain(s.Reference) }},
	{"birth_date", "Birth date", false, "", func(_ listView, s session.Row) cell { return plain(string(s.Person.BirthDate)) }},
	{"sex", "Sex", false, "", func(_ listView, s session.Row) cell { return plain(s.Person.Sex) }},
	{"type", "Type", true, "type", func(_ listView, s session.Row) cell { return plain(documentName(s.Document.Type)) }},
	{"expiration_date", "Expires", false, "", func(_ listView, s session.Row) cell { return plain(string(s.Person.ExpirationDate)) }},
	{"nationality", "Nationality", true, "", func(_ listView, s session.Row) cell { return plain(s.Person.Nationality) }},
	{"status", "Status", true, "kept", statusCell},
	{"screening", "Screening", true, "kept", func(_ listView, s session.Row) cell {
		return cell{pills: []pill{{screeningName(s.Screening.Status), screeningTone(s.Screening.Status)}}}
	}},
	{"reasons", "Reasons", false, "wrap", func(_ listView, s session.Row) cell { return plain(reasonsOf(s)) }},
	{"face_match", "Face match", false, "", func(_ listView, s session.Row) cell { return plain(levelOf(s)) }},
	{"attempts", "Attempts", false, "right", func(_ listView, s session.Row) cell { return plain(strconv.Itoa(len(s.Attempts))) }},
	{"client_ip", "Client IP", false, "code", func(_ listView, s session.Row) cell { return plain(s.Activity.ClientIP) }},
	{"started", "Started", true, "time later", func(_ listView, s session.Row) cell { return cell{at: s.Activity.StartedAt} }},
	{"finished", "Finished", false, "time later", func(_ listView, s session.Row) cell { return cell{at: s.Activity.FinishedAt} }},
	{"decided", "Decided", false, "time later", func(_ listView, s session.Row) cell { return cell{at: s.DecidedAt} }},
	{"decided_by", "Decided by", false, "later", func(v listView, s session.Row) cell { return plain(v.deciderOf(s)) }},
	{"company", "Company", true, "later", func(v listView, s session.Row) cell { return plain(v.Company[s.Company]) }},
}

func plain(text string) cell {
	if text == "" || text == unknown {
		return cell{text: unknown, class: "none"}
	}
	return cell{text: text}
}

// statusCell says beside the status what was proposed, and who works on the session.
func statusCell(v listView, s session.Row) cell {
	c := cell{pills: []pill{{statusName(s.Status), statusTone(s.Status)}}}
	if s.Proposal != nil {
		c.pills = append(c.pills, pill{"Proposed: " + string(s.Proposal.Verdict), "info"})
	}
	if claim, ok := v.Claims[s.ID]; ok {
		c.sub = claim.Name + ", " + v.s.since(claim.Since)
	}
	return c
}

func reasonsOf(s session.Row) string {
	text := ""
	for _, r := range session.ReasonNames {
		if slices.Contains(s.Reasons(), r.Code) {
			if text != "" {
				text += ", "
			}
			text += r.Name
		}
	}
	return text
}

func levelOf(s session.Row) string {
	if s.Checks.FaceMatchLevel == nil {
		return ""
	}
	return strconv.Itoa(*s.Checks.FaceMatchLevel)
}

func (v listView) deciderOf(s session.Row) string {
	if s.DecidedBy == "" {
		return ""
	}
	return v.names(s.DecidedBy)
}

// chosenColumns are the columns with these codes in our order, the usual ones where none is known.
func chosenColumns(codes []string) []column {
	pick := func(in func(column) bool) []column {
		var kept []column
		for _, c := range columns {
			if in(c) {
				kept = append(kept, c)
			}
		}
		return kept
	}
	if some := pick(func(c column) bool { return slices.Contains(codes, c.Code) }); len(some) > 0 {
		return some
	}
	return pick(func(c column) bool { return c.usual })
}

// ColumnChoice is what the member may choose from.
func (v listView) ColumnChoice() []option {
	all := make([]option, len(columns))
	for i, c := range columns {
		all[i] = option{c.Code, c.Label, slices.ContainsFunc(v.Columns, func(o column) bool { return o.Code == c.Code })}
	}
	return all
}

// pickable reports whether a session can be picked for being rejected with others.
func (v listView) pickable(got session.Row) bool {
	return got.Status == session.AwaitingAction && v.May("decide")
}

// AnyPickable reports whether any session of the page can be.
func (v listView) AnyPickable() bool { return slices.ContainsFunc(v.Rows, v.pickable) }

// In is path with the queue that the list is, for forms.
func (v listView) In(path string) string { return v.queue.at(v.s.base + path) }

// A hidden is a field of a form that nobody sees.
type hidden struct{ Name, Value string }

// Hidden is the list with its filters as fields of a form that is sent with GET.
func (v listView) Hidden() []hidden {
	var all []hidden
	for name, values := range v.queue.values() {
		for _, value := range values {
			all = append(all, hidden{name, value})
		}
	}
	slices.SortFunc(all, func(a, b hidden) int { return slices.Compare([]string{a.Name, a.Value}, []string{b.Name, b.Value}) })
	return all
}

// A chip is a saved filter.
type chip struct {
	Name, URL string
	On        bool // the list shows it
}

// Chips are the member's saved filters of all lists.
func (v listView) Chips() []chip {
	var all []chip
	for _, f := range v.Saved {
		at := f.List + "?" + f.Query
		all = append(all, chip{f.Name, v.s.base + at, at == v.Filter.first().at(v.Path)})
	}
	return all
}

// Savable is the query string that a saved filter would keep, "" where nothing is filtered.
func (v listView) Savable() string { return v.Filter.first().values().Encode() }
