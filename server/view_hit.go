package server

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dossier/session"
)

// A hitView is one hit with the form in which it is decided.
type hitView struct {
	frame
	Hit     session.Hit
	Person  session.Person
	Basis   string // what a decision rests on, for the form
	Post    string // where the form goes
	Form    form
	Open    bool // the form is shown
	Review  bool // on the page of the alert, where there is room for the steps
	FourEye bool // what is decided has to be approved by another member
	names   func(string) string
}

// By is the name of who decided the hit, "" while nobody has.
func (v hitView) By() string { return v.names(v.Hit.Disposition.By) }

// ApprovedBy is the name of the second member.
func (v hitView) ApprovedBy() string { return v.names(v.Hit.Disposition.ApprovedBy) }

// ReasonCodes are the reasons to choose from.
func (v hitView) ReasonCodes() []option { return reasonOptions(v.Form.Reason) }

func reasonOptions(chosen string) []option {
	all := make([]option, len(session.DispositionReasons))
	for i, r := range session.DispositionReasons {
		all[i] = option{r.Code, r.Name, r.Code == chosen}
	}
	return all
}

// dispositionReason gives the words of a reason code.
func dispositionReason(code string) string {
	for _, r := range session.DispositionReasons {
		if r.Code == code {
			return r.Name
		}
	}
	return title(code)
}

// decisions are what a hit may be decided to be.
var decisions = []session.DispositionState{session.DispositionNoMatch, session.DispositionMatch, session.DispositionEscalated}

// States are the decisions to choose from.
func (v hitView) States() []option {
	return options(decisions, dispositionName, []string{v.Form.Kind})
}

// A stepView is one of the steps of a review, with what the hit says to it.
type stepView struct {
	Code, Question, Answer string
	On                     bool
}

// Steps are the steps of a review.
func (v hitView) Steps() []stepView {
	answers := map[string]string{
		"list":    joined(" · ", listName(v.Hit.List), title(cmp.Or(v.Hit.Entry.Topic, v.Hit.Topic)), strings.Join(v.Hit.Programs, ", ")),
		"type":    "The entry is: " + cmp.Or(string(v.Hit.Entry.Type), "person") + ".",
		"name":    v.namesMet(),
		"fields":  v.verdicts(),
		"several": v.several(),
	}
	steps := make([]stepView, len(session.ReviewSteps))
	for i, s := range session.ReviewSteps {
		steps[i] = stepView{s.Code, s.Question, answers[s.Code], v.Form.Has(s.Code)}
	}
	return steps
}

// namesMet says how many parts of the listed name met one of the person's.
func (v hitView) namesMet() string {
	met, all := 0, 0
	for _, r := range v.Hit.Reasons {
		if r.Field != "name" || r.Entry == "" || r.Kind == "weak_alias" {
			continue
		}
		n := len(strings.Fields(r.Entry))
		all += n
		if r.Kind != "unmatched" {
			met += n
		}
	}
	if all == 0 {
		return "The name did not decide: a number is the same."
	}
	text := fmt.Sprintf("%d of %s met.", met, count(all, "listed part", "listed parts"))
	if v.Hit.WeakAlias {
		text += " It is a weak alias."
	}
	return text
}

// verdicts sums up the fields beside the name.
func (v hitView) verdicts() string {
	var texts []string
	for _, s := range v.Sides()[1:] {
		if s.Verdict != notCompared {
			texts = append(texts, s.Field+": "+strings.ToLower(s.Verdict.Text))
		}
	}
	if texts == nil {
		return "There is nothing to compare but the name."
	}
	return strings.Join(texts, " · ")
}

func (v hitView) several() string {
	agree := 0
	for _, s := range v.Sides() {
		if s.Verdict == agrees || s.Verdict == isClose {
			agree++
		}
	}
	return fmt.Sprintf("%s alike, score %s.", count(agree, "field is", "fields are"), score(v.Hit.Score))
}

// A verdict says how the two sides of a field compare.
type verdict struct{ Text, Tone string }

var (
	agrees      = verdict{"Agrees", "bad"} // what speaks for a match is what alarms
	isClose     = verdict{"Close", "warn"}
	differs     = verdict{"Differs", "good"}
	notCompared = verdict{"Not known", "none"}
)

// A side is one field of a hit, the person's beside the entry's.
type side struct {
	Field   string
	Person  []part
	Entry   []listed
	Verdict verdict
	Note    string
}

// A listed value is one of those that the entry has for a field.
type listed struct {
	Parts []part
	Label string // "weak alias" and the like
}

// A part of a text, and how it met the other side: "same", "near", "differs" or "" where it was not compared.
type part struct{ Text, Mark string }

func unmarked(text string) []part {
	if text == "" {
		return nil
	}
	return []part{{Text: text}}
}

// Sides are the fields of both sides, aligned.
func (v hitView) Sides() []side { return sides(v.Person, v.Hit) }

func sides(p session.Person, h session.Hit) []side {
	e := h.Entry
	var births, nations, documents, places []listed
	for _, b := range e.Births {
		births = append(births, value(b.String(), h, "birth_date"))
	}
	for _, n := range e.Nationalities {
		nations = append(nations, listed{Parts: marked(country(n), inCommon(h, n))})
	}
	for _, d := range e.Documents {
		documents = append(documents, value(joined(" · ", d.Kind, d.Number, d.Country), h, "document_number"))
	}
	for _, b := range e.BirthPlaces {
		places = append(places, value(b, h, "place"))
	}
	var sexes []listed
	for _, s := range e.Sexes {
		sexes = append(sexes, listed{Parts: marked(s, s == p.Sex)})
	}
	return []side{
		nameSide(p, h),
		fieldSide("Birth date", string(p.BirthDate), births, h, "birth_date", notCompared),
		fieldSide("Nationality", country(p.Nationality), nations, h, "nationality", notCompared),
		fieldSide("Sex", p.Sex, sexes, h, "sex", agrees),
		fieldSide("Place of birth", p.PlaceOfBirth, places, h, "place", differs),
		fieldSide("Documents", joined(" · ", p.DocumentNumber, p.PersonalNumber), documents, h, "document_number", differs),
	}
}

// inCommon reports whether the matcher found the nationality on both sides.
func inCommon(h session.Hit, code string) bool {
	return slices.ContainsFunc(h.Reasons, func(r session.HitReason) bool {
		return r.Field == "nationality" && r.Kind == "same" && slices.Contains(strings.Split(r.Query, ", "), code)
	})
}

// marked is a value that is the same on both sides, or one that is only shown.
func marked(text string, same bool) []part {
	if same {
		return []part{{text, "same"}}
	}
	return unmarked(text)
}

// value is a listed value, marked where the matcher's reason speaks of it.
func value(text string, h session.Hit, field string) listed {
	for _, r := range h.Reasons {
		if r.Field == field && r.Entry != "" && strings.Contains(text, r.Entry) {
			return listed{Parts: []part{{text, markOf(r.Kind)}}}
		}
	}
	return listed{Parts: unmarked(text)}
}

func markOf(kind string) string {
	switch kind {
	case "same":
		return "same"
	case "unmatched", "differs":
		return "differs"
	}
	return "near"
}

// fieldSide compares a field beside the name. Without a word of the matcher, silent is how two known
// sides compare: it speaks of most fields only where they agree, or only where they do not.
func fieldSide(name, person string, entry []listed, h session.Hit, field string, silent verdict) side {
	if person == unknown {
		person = ""
	}
	s := side{Field: name, Person: unmarked(person), Entry: entry, Verdict: notCompared}
	if person == "" || len(entry) == 0 {
		return s
	}
	s.Verdict = silent
	for _, r := range h.Reasons {
		if r.Field != field {
			continue
		}
		s.Note = r.Text
		switch markOf(r.Kind) {
		case "same":
			s.Verdict = agrees
		case "near":
			s.Verdict = isClose
		default:
			s.Verdict = differs
		}
		s.Person[0].Mark = markOf(r.Kind)
	}
	return s
}

// nameSide marks which parts of the names met. The name that met comes first.
func nameSide(p session.Person, h session.Hit) side {
	mine, theirs := map[string]string{}, map[string]string{}
	worst := "same"
	for _, r := range h.Reasons {
		if r.Field != "name" || r.Kind == "weak_alias" {
			continue
		}
		mark := markOf(r.Kind)
		if mark != "same" {
			worst = "near"
		}
		note(mine, r.Query, mark)
		note(theirs, r.Entry, mark)
	}
	s := side{Field: "Name", Person: markWords(joined(" · ", p.FullName(), p.Local.Full()), mine), Verdict: isClose}
	switch {
	case len(theirs) == 0:
		s.Verdict = notCompared
	case worst == "same":
		s.Verdict = agrees
	}
	for _, n := range h.Entry.Names {
		l := listed{Parts: unmarked(n.Full), Label: nameLabel(n.Weak, string(n.Kind))}
		if n.Full != h.MatchedName {
			s.Entry = append(s.Entry, l)
			continue
		}
		l.Parts = markWords(n.Full, theirs)
		s.Entry = append([]listed{l}, s.Entry...)
	}
	return s
}

func nameLabel(weak bool, kind string) string {
	if weak {
		return "weak alias"
	}
	return map[string]string{"fka": "former name", "original": "own script", "aka": "alias"}[kind]
}

// note marks the words of text, which are runs of letters and digits.
func note(marks map[string]string, text, mark string) {
	for _, word := range strings.FieldsFunc(text, notWord) {
		marks[strings.ToLower(word)] = mark
	}
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// markWords parts text at its words, and marks those that are in marks.
func markWords(text string, marks map[string]string) []part {
	var parts []part
	for text != "" {
		end := strings.IndexFunc(text, notWord)
		if end == 0 {
			if end = strings.IndexFunc(text, func(r rune) bool { return !notWord(r) }); end < 0 {
				end = len(text)
			}
			parts, text = append(parts, part{Text: text[:end]}), text[end:]
			continue
		}
		if end < 0 {
			end = len(text)
		}
		parts, text = append(parts, part{text[:end], marks[strings.ToLower(text[:end])]}), text[end:]
	}
	return parts
}

func bracketed(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), sep)
}
