package session

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// A ListAttempt is one try to bring a list up to date, from its source or with a file, and what came of it.
type ListAttempt struct {
	List    string        `json:"list"` // "" where a file did not tell
	At      time.Time     `json:"at"`
	By      string        `json:"by"`
	Source  string        `json:"source"` // URL or file name
	Result  AttemptResult `json:"result"`
	Reason  string        `json:"reason,omitempty"` // why not
	Bytes   int           `json:"bytes"`
	Took    time.Duration `json:"nanoseconds"`
	Version string        `json:"version,omitempty"`
	SHA256  string        `json:"sha256,omitempty"`
}

// An AttemptResult says what came of a [ListAttempt].
type AttemptResult string

// The results of a [ListAttempt].
const (
	AttemptNew     AttemptResult = "new"     // a new version is in force
	AttemptSame    AttemptResult = "same"    // the version in force is the newest
	AttemptRefused AttemptResult = "refused" // the file looked wrong; the list in force stays
	AttemptFailed  AttemptResult = "failed"  // there was no file to be had
)

// notTaken remembers an update that did not come into force, and returns why.
func (s *Service) notTaken(ctx context.Context, actor Actor, u ListUpdate, result AttemptResult, why error) error {
	a := s.attempt(actor, u, result)
	a.Reason = clip(MessageOf(why), 1000)
	s.log.Warn("list update not taken", "list", cmp.Or(u.List, "unknown"), "source", u.Source, "result", result, "reason", a.Reason)
	detail := map[string]string{"reason": clip(a.Reason, 500)}
	if u.List != "" { // else nobody knows which one it was to be
		detail["list"] = u.List
	}
	return errors.Join(why, s.store.PutAttempt(ctx, a, actor.Event(a.At, ActListRefused, "", "", detail)))
}

// noteTaken remembers an update that came into force, or confirmed what is.
func (s *Service) noteTaken(ctx context.Context, actor Actor, u ListUpdate, change ListChange) error {
	result := AttemptNew
	if change.Same {
		result = AttemptSame
	}
	a := s.attempt(actor, u, result)
	a.List, a.Version, a.SHA256 = change.Record.ID, change.Record.Version, change.Record.SHA256
	return s.store.PutAttempt(ctx, a)
}

func (s *Service) attempt(actor Actor, u ListUpdate, result AttemptResult) ListAttempt {
	now := s.now().UTC()
	return ListAttempt{List: u.List, At: now, By: actor.ID, Source: clip(u.Source, 500), Result: result, Bytes: len(u.Raw), Took: now.Sub(u.began)}
}

// Attempts returns the newest n tries to bring a list up to date, "" is every list.
func (s *Service) Attempts(ctx context.Context, actor Actor, list string, n int) ([]ListAttempt, error) {
	if err := actor.need("session.Attempts", MayRead); err != nil {
		return nil, err
	}
	return s.store.Attempts(ctx, list, n)
}
