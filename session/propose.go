package session

import (
	"slices"
	"strings"
	"time"
)

// A Proposal is a decision that waits for a second member, where the company asks for four eyes.
type Proposal struct {
	By      string    `json:"by"`               // "member:<id>" or "key:<id>"
	Behind  string    `json:"behind,omitempty"` // the member who made that key
	Name    string    `json:"name"`             // of who proposed it, to show
	At      time.Time `json:"at"`
	Verdict Verdict   `json:"decision"` // verify or reject
	Tags    []string  `json:"tags,omitempty"`
	Note    string    `json:"note,omitempty"`
	Version int       `json:"version"` // of the session that holds it; at a later one something has changed since
}

// NeedsSecond reports whether a decision of got is proposed first. Where it is about sanctions, a hit
// counts until somebody found that it is not the person.
func (s Settings) NeedsSecond(got Session) bool {
	switch s.FourEyes {
	case FourEyesAll:
		return true
	case FourEyesSanctions:
		return slices.ContainsFunc(got.Screening.Hits, func(h Hit) bool {
			return h.Disposition.State != DispositionNoMatch && h.Disposition.State != DispositionGone
		})
	}
	return false
}

func (s *Session) propose(actor Actor, d Decision, now time.Time) Change {
	s.Proposal = &Proposal{By: actor.ID, Behind: actor.Behind, Name: actor.Name, At: now, Verdict: d.Verdict, Tags: d.sortedTags(), Note: strings.TrimSpace(d.Note), Version: s.Version + 1}
	s.note(actor, now, NoteProposed, joinNonEmpty(": ", "To "+string(d.Verdict), joinNonEmpty(". ", strings.Join(s.Proposal.Tags, ", "), d.Note)))
	return Change{Unclaim: true, Events: []Event{actor.Event(now, ActProposed, s.Company, s.ID,
		map[string]string{"decision": string(d.Verdict), "tags": strings.Join(s.Proposal.Tags, ", ")})}}
}

// approve carries the proposal out. Who proposed it cannot, and neither can a program: it has no eyes.
func (s *Session) approve(actor Actor, note string, now time.Time) (Change, error) {
	p := s.Proposal
	switch {
	case p == nil:
		return Change{}, conflict("session.approve", "Nothing is proposed for this session any more.")
	case p.By == actor.ID || p.Behind == actor.ID:
		return Change{}, conflict("session.approve", "You proposed this decision: another member must approve it.")
	case !actor.isMember():
		return Change{}, conflict("session.approve", "A proposed decision is approved by a member, on the page of the session.")
	}
	c := s.decide(actor, Decision{Verdict: p.Verdict, Tags: p.Tags, Note: note}, now)
	c.Events[0].Detail["proposed_by"] = p.By
	return c, nil
}

// sendBack takes the proposal away; the session waits for a decision again. Who proposed it may take it back.
func (s *Session) sendBack(actor Actor, note string, now time.Time) (Change, error) {
	if s.Proposal == nil {
		return Change{}, conflict("session.sendBack", "Nothing is proposed for this session any more.")
	}
	by := s.Proposal.By
	s.Proposal = nil
	s.note(actor, now, NoteSentBack, note)
	return Change{Unclaim: true, Events: []Event{actor.Event(now, ActSentBack, s.Company, s.ID, map[string]string{"proposed_by": by})}}, nil
}
