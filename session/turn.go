package session

import "time"

// A Turn is a step in the life of an alert, with what a report prints of it. Turns are added and never
// changed, so that the report of a past period comes out the same years later, whatever became of the
// alert and of its person since.
type Turn struct {
	At     time.Time        `json:"at"`
	State  DispositionState `json:"state"`               // from then on
	Raised string           `json:"raised_by,omitempty"` // what raised the alert, or raised it again after it was closed
	By     string           `json:"by,omitempty"`
	Second string           `json:"approved_by,omitempty"`
	Reason string           `json:"reason,omitempty"`
	Text   string           `json:"text,omitempty"`
	Person string           `json:"person"`
	Entry  string           `json:"entry"`
	Name   string           `json:"name"` // of the entry
	Score  float64          `json:"score"`
}

// maxTurns bounds the turns that an alert keeps.
const maxTurns = 500

// turn notes what the alert is from now on. What raised it is named where it was not waiting before.
func (a *Alert) turn(at time.Time, raised string) {
	d := a.Disposition
	a.Turns = append(a.Turns, Turn{At: at, State: d.State, Raised: raised, By: d.By, Second: d.ApprovedBy, Reason: d.Reason, Text: d.Text,
		Person: a.Person, Entry: a.Hit.EntryID, Name: a.Hit.Name, Score: a.Hit.Score})
	a.Turns = a.Turns[max(0, len(a.Turns)-maxTurns):]
}

// Recall gives an alert of before there were turns those that can be told from what it holds: that it was
// raised, and what it is. It changes nothing where they are there.
func (a Alert) Recall() Alert {
	d := a.Disposition
	if n := len(a.Turns); n > 0 { // those since there are turns
		if first := a.Turns[0]; first.Raised == "" && a.RaisedAt.Before(first.At) && n < maxTurns {
			first = Turn{At: a.RaisedAt, State: DispositionOpen, Raised: a.RaisedBy, Person: first.Person, Entry: first.Entry, Name: first.Name, Score: first.Score}
			a.Turns = append([]Turn{first}, a.Turns...)
		}
		return a
	}
	held := !d.State.undecided() && d.settledAt().Before(a.RaisedAt) // by a decision that is older
	if !held {
		a.Disposition = Disposition{State: DispositionOpen}
	}
	a.turn(a.RaisedAt, a.RaisedBy)
	if a.Disposition = d; !held && d.State != DispositionOpen {
		a.turn(d.settledAt(), "")
	}
	return a
}

// WithoutPerson is what remains of an alert when its session is erased: which entry was met and what became
// of it when, so that reports count it as before.
func (a Alert) WithoutPerson() Alert {
	bare := Alert{ID: a.ID, Version: a.Version, Company: a.Company, RaisedAt: a.RaisedAt, RaisedBy: a.RaisedBy,
		Disposition: Disposition{State: a.Disposition.State, At: a.Disposition.At}}
	bare.Hit.List, bare.Hit.EntryID = a.Hit.List, a.Hit.EntryID
	for _, t := range a.Turns {
		t.Person, t.Name, t.Text = "", "", ""
		bare.Turns = append(bare.Turns, t)
	}
	return bare
}

// A spell of an alert is from its raising to the next one.
type spell struct {
	Turn   // the last one
	raised time.Time
	by     string    // what raised it
	closed time.Time // for the first time; zero while nobody decided
	held   bool      // by an older decision, so that nobody had to look
}

// undecided reports whether somebody still has to look.
func (s spell) undecided() bool { return s.State.undecided() }

// spells are those of an alert as they stood at t, oldest first.
func (a Alert) spells(t time.Time) (all []spell) {
	for _, turn := range a.Turns {
		if !turn.At.Before(t) {
			break
		}
		if turn.Raised != "" || len(all) == 0 {
			all = append(all, spell{raised: turn.At, by: turn.Raised, held: !turn.State.undecided()})
		}
		s := &all[len(all)-1]
		s.Turn = turn
		if s.closed.IsZero() && !turn.State.undecided() {
			s.closed = turn.At
		}
	}
	return all
}
