package session

import (
	"context"
	"slices"
	"strings"
	"time"
)

// A Verdict is what a reviewer decides.
type Verdict string

// The verdicts. The last two answer a [Proposal].
const (
	VerdictVerify   Verdict = "verify"
	VerdictReject   Verdict = "reject"
	VerdictApprove  Verdict = "approve"
	VerdictSendBack Verdict = "send_back"
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
	if !slices.Contains([]Verdict{VerdictVerify, VerdictReject, VerdictApprove, VerdictSendBack}, d.Verdict) {
		bad.Add("decision", "Use verify, reject, approve or send_back.")
	}
	if d.Verdict == VerdictReject && len(d.Tags) == 0 {
		bad.Add("tags", "Choose at least one reason for the rejection.")
	}
	if d.Verdict != VerdictReject && len(d.Tags) > 0 {
		bad.Add("tags", "Reasons belong to a rejection.")
	}
	if d.Verdict == VerdictSendBack && strings.TrimSpace(d.Note) == "" {
		bad.Add("note", "Say why it is sent back.")
	}
	checkText(&bad, "note", d.Note, maxLongText)
	return bad.Err("session.Decide")
}

func (d Decision) sortedTags() []string {
	return slices.Compact(slices.Sorted(slices.Values(d.Tags)))
}

// Decide verifies or rejects a session that awaits action, or answers what another member proposed.
// Where the company asks for four eyes, the verdict becomes a [Proposal]: the session then awaits
// action until somebody else approves. It returns Conflict where the session changed since the reviewer
// saw it, together with what is true now, and where another member works on it.
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
		if err := s.unclaimed(ctx, actor, id); err != nil {
			return Change{}, err
		}
		company, err := s.store.Company(ctx, got.Company)
		if err != nil {
			return Change{}, err
		}
		for _, tag := range d.Tags {
			if !company.Settings.offers(tag) {
				return Change{}, Fields{"tags": "There is no reason " + clip(tag, 40) + "."}.Err("session.Decide")
			}
		}
		switch now := s.now().UTC(); {
		case d.Verdict == VerdictApprove:
			return got.approve(actor, d.Note, now)
		case d.Verdict == VerdictSendBack:
			return got.sendBack(actor, d.Note, now)
		case got.Proposal != nil:
			return Change{}, conflict("session.Decide", got.Proposal.Name+" has proposed to "+string(got.Proposal.Verdict)+" this session: approve that or send it back.")
		case company.Settings.NeedsSecond(*got):
			return got.propose(actor, d, now), nil
		default:
			return got.decide(actor, d, now), nil
		}
	})
}

// decide carries a verdict out.
func (s *Session) decide(actor Actor, d Decision, now time.Time) Change {
	verified := d.Verdict == VerdictVerify
	s.Status, s.Tags, s.Proposal = Success, nil, nil
	action, note := ActVerified, NoteVerified
	if !verified {
		s.Status, s.Tags = Rejected, d.sortedTags()
		action, note = ActRejected, NoteRejected
	}
	s.decided(verified, actor.ID, now)
	s.note(actor, now, note, d.Note)
	return Change{Unclaim: true, Events: []Event{actor.Event(now, action, s.Company, s.ID, map[string]string{"tags": strings.Join(s.Tags, ", ")})}}
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
		got.note(actor, now, NoteReopened, reason)
		return Change{Events: []Event{actor.Event(now, ActReopened, got.Company, id, nil)}}, nil
	})
}
