package session

import (
	"context"
	"fmt"
	"time"
)

// finish runs the rules and the screening over a session whose applicant is done.
func (s *Service) finish(ctx context.Context, actor Actor, got *Session, company Company, change *Change) error {
	now := s.now().UTC()
	if got.Activity.FinishedAt.IsZero() {
		got.Activity.FinishedAt = now
	}
	if got.Activity.Attempts < len(got.Attempts) {
		got.Activity.Attempts = len(got.Attempts)
	}
	var screened Change
	if err := s.screen(ctx, got, company, "ingest", &screened); err != nil {
		return err
	}
	change.Alerts, change.Suppressions = screened.Alerts, screened.Suppressions
	twins, err := s.store.Twins(ctx, got.Company, got.Person.DocumentNumber, got.Person.PersonalNumber, got.ID)
	if err != nil {
		return err
	}
	got.judge(company, Facts{Today: now, Twins: twins})
	got.endAttempt(got.Activity.FinishedAt, string(got.Status), firstText(got.Findings))
	change.Events = append(change.Events, actor.Event(now, ActFinished, got.Company, got.ID, map[string]string{
		"status": string(got.Status), "screening": string(got.Screening.Status), "findings": fmt.Sprint(len(got.Findings))}))
	change.Events = append(change.Events, screened.Events...)
	return nil
}

// judge lets the rules decide as far as they may.
func (s *Session) judge(company Company, f Facts) {
	s.Findings, s.Status = Judge(*s, company.Settings, f)
	s.RulesVersion = company.Version
	s.Verified, s.DecidedBy, s.DecidedAt, s.Tags = nil, "", time.Time{}, nil
	switch s.Status {
	case Success:
		s.decided(true, DecidedByRules, f.Today)
	case Rejected:
		s.decided(false, DecidedByRules, f.Today)
		for _, finding := range s.Findings {
			if tag := tagOf[finding.Code]; tag != "" && finding.Severity != Info {
				s.addTag(tag)
			}
		}
	}
}

// decided sets who decided what and when.
func (s *Session) decided(verified bool, by string, at time.Time) {
	s.Verified, s.DecidedBy, s.DecidedAt = &verified, by, at.UTC()
}

func (s *Session) addTag(tag string) {
	for _, t := range s.Tags {
		if t == tag {
			return
		}
	}
	s.Tags = append(s.Tags, tag)
}

func (s *Session) currentAttempt() *Attempt {
	if len(s.Attempts) == 0 {
		s.Attempts = []Attempt{{Number: 1, StartedAt: s.Activity.StartedAt}}
	}
	return &s.Attempts[len(s.Attempts)-1]
}

// endAttempt notes how the current attempt came out.
func (s *Session) endAttempt(at time.Time, outcome, reason string) {
	a := s.currentAttempt()
	a.FinishedAt, a.Outcome, a.Reason, a.Checks, a.Document = at, outcome, reason, s.Checks, s.Document
}

func firstText(findings []Finding) string {
	for _, severity := range []Severity{Reject, Review} {
		for _, f := range findings {
			if f.Severity == severity {
				return f.Text
			}
		}
	}
	return ""
}

// StartAttempt begins another run through the capture steps. What the attempt before gave stays with
// it; the session is in progress again. A session that verified somebody or that a member decided
// stays as it is, and the company's limit holds.
func (s *Service) StartAttempt(ctx context.Context, actor Actor, id ID) (Session, error) {
	if err := actor.need("session.StartAttempt", MayIngest); err != nil {
		return Session{}, err
	}
	return s.change(ctx, actor, id, 0, func(got *Session) (Change, error) {
		company, err := s.store.Company(ctx, got.Company)
		if err != nil {
			return Change{}, err
		}
		now := s.now().UTC()
		if err := got.mayRestart(company.Settings); err != nil {
			return Change{}, err
		}
		got.restart(now)
		return Change{Events: []Event{actor.Event(now, ActAttempt, got.Company, got.ID, map[string]string{"number": fmt.Sprint(len(got.Attempts))})}}, nil
	})
}

func (s *Session) mayRestart(set Settings) error {
	const op = "session.StartAttempt"
	switch {
	case s.Status == Success:
		return conflict(op, "The session has succeeded: there is nothing to try again.")
	case s.DecidedBy != "" && s.DecidedBy != DecidedByRules:
		return conflict(op, "A reviewer has decided this session. It must be reopened first.")
	case len(s.Attempts) >= set.MaxAttempts:
		return conflict(op, fmt.Sprintf("All %d attempts are used.", set.MaxAttempts))
	}
	return nil
}

func (s *Session) restart(now time.Time) {
	if s.Status == InProgress {
		s.endAttempt(now, "abandoned", "The applicant started again.")
	}
	s.Attempts = append(s.Attempts, Attempt{Number: len(s.Attempts) + 1, StartedAt: now})
	s.Status, s.Verified, s.DecidedBy, s.DecidedAt, s.Tags = InProgress, nil, "", time.Time{}, nil
	s.Proposal = nil
	s.Checks, s.Document, s.Findings = Checks{}, Document{}, []Finding{}
	s.Person = Person{Edits: s.Person.Edits}
	s.Activity.FinishedAt, s.Activity.LivenessFinished, s.Activity.DocumentFinished = time.Time{}, nil, nil
	s.Activity.Attempts = len(s.Attempts)
}
