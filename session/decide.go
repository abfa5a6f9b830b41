package session

import (
	"context"
	"slices"
	"strings"
	"time"
)

// A Verdict is what a reviewer decides.
type Verdict string

// The verdicts.
const (
	VerdictVerify Verdict = "verify"
	VerdictReject Verdict = "reject"
)

// A Decision is a reviewer's verdict on the version of a session that the reviewer saw.
type Decision struct {
	Version int      `json:"version"`
	Verdict Verdict  `json:"decision"`
	Tags    []string `json:"tags,omitempty"` // sub-groups, for rejections
	Note    string   `json:"note,omitempty"`
}

func (d Decision) check() error {
	var bad Fields
	if d.Version < 1 {
		bad.Add("version", "Name the version of the session that you saw.")
	}
	if d.Verdict != VerdictVerify && d.Verdict != VerdictReject {
		bad.Add("decision", "Use verify or reject.")
	}
	if d.Verdict == VerdictReject && len(d.Tags) == 0 {
		bad.Add("tags", "Choose at least one reason for the rejection.")
	}
	if d.Verdict == VerdictVerify && len(d.Tags) > 0 {
		bad.Add("tags", "Reasons belong to a rejection.")
	}
	for _, tag := range d.Tags {
		if !knownTag(tag) {
			bad.Add("tags", "There is no reason "+clip(tag, 40)+".")
		}
	}
	checkText(&bad, "note", d.Note, maxLongText)
	return bad.Err("session.Decide")
}

// Decide verifies or rejects a session that awaits action. It returns Conflict where the session
// changed since the reviewer saw it, together with what is true now.
func (s *Service) Decide(ctx context.Context, actor Actor, id ID, d Decision) (Session, error) {
	if err := actor.need("session.Decide", MayDecide); err != nil {
		return Session{}, err
	}
	if err := d.check(); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, d.Version, func(got *Session) (Change, error) {
		if got.Status != AwaitingAction {
			return Change{}, conflict("session.Decide", "Only a session that awaits action can be decided; this one is "+strings.ReplaceAll(string(got.Status), "_", " ")+".")
		}
		company, err := s.store.Company(ctx, got.Company)
		if err != nil {
			return Change{}, err
		}
		now, verified := s.now().UTC(), d.Verdict == VerdictVerify
		got.Status, got.Tags = Success, nil
		action, note := ActVerified, NoteVerified
		if !verified {
			got.Status, got.Tags = Rejected, slices.Compact(slices.Sorted(slices.Values(d.Tags)))
			action, note = ActRejected, NoteRejected
		}
		got.decided(verified, actor.ID, now, company.Settings)
		got.note(actor, now, note, d.Note)
		return Change{Events: []Event{actor.Event(now, action, got.Company, id, map[string]string{"tags": strings.Join(got.Tags, ", ")})}}, nil
	})
}

func (s *Session) note(actor Actor, at time.Time, action NoteAction, text string) {
	s.Notes = append(s.Notes, Note{At: at.UTC(), By: actor.Name, Action: action, Text: strings.TrimSpace(text)})
}

// Comment adds a remark.
func (s *Service) Comment(ctx context.Context, actor Actor, id ID, text string) (Session, error) {
	if err := actor.need("session.Comment", MayDecide); err != nil {
		return Session{}, err
	}
	var bad Fields
	checkText(&bad, "note", text, maxLongText)
	if strings.TrimSpace(text) == "" {
		bad.Add("note", "Write something.")
	}
	if err := bad.Err("session.Comment"); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, 0, func(got *Session) (Change, error) {
		now := s.now().UTC()
		got.note(actor, now, NoteComment, text)
		return Change{Events: []Event{actor.Event(now, ActCommented, got.Company, id, nil)}}, nil
	})
}

// Reopen takes a decision back, so that the session awaits action again. It is a master's.
func (s *Service) Reopen(ctx context.Context, actor Actor, id ID, version int, reason string) (Session, error) {
	if err := actor.need("session.Reopen", MayManage); err != nil {
		return Session{}, err
	}
	var bad Fields
	checkText(&bad, "reason", reason, maxLongText)
	if strings.TrimSpace(reason) == "" {
		bad.Add("reason", "Say why it is reopened.")
	}
	if err := bad.Err("session.Reopen"); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, version, func(got *Session) (Change, error) {
		if got.Status != Success && got.Status != Rejected {
			return Change{}, conflict("session.Reopen", "Only a decided session can be reopened.")
		}
		now := s.now().UTC()
		got.Status, got.Verified, got.DecidedBy, got.DecidedAt, got.Tags = AwaitingAction, nil, "", time.Time{}, nil
		got.Retention.Due = time.Time{}
		got.note(actor, now, NoteReopened, reason)
		return Change{Events: []Event{actor.Event(now, ActReopened, got.Company, id, nil)}}, nil
	})
}

// Hold sets or lifts the legal hold: a session on hold is never deleted.
func (s *Service) Hold(ctx context.Context, actor Actor, id ID, hold bool) (Session, error) {
	if err := actor.need("session.Hold", MayDecide); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, 0, func(got *Session) (Change, error) {
		got.Retention.Hold = hold
		state := map[bool]string{true: "set", false: "lifted"}[hold]
		return Change{Events: []Event{actor.Event(s.now().UTC(), ActHold, got.Company, id, map[string]string{"hold": state})}}, nil
	})
}
