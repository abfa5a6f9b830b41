package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"sync"
	"time"
)

// SetupTime is how long the link of the first set-up can be used.
const SetupTime = 30 * time.Minute

// ErrSetupClosed is returned when there is nothing to set up: a wrong or old token, or there are members.
var ErrSetupClosed = errors.New("staff: the set-up link is not valid")

// setup is the one token with which the first master may be made. It lives in memory only, so that a
// restart makes a new one.
type setup struct {
	mu    sync.Mutex
	hash  string
	until time.Time
}

// BeginSetup returns a new token for the first set-up, which replaces the one before. It is good for
// [SetupTime] and once. With members there is nothing to set up: the error is ErrSetupClosed.
func (s *Service) BeginSetup(ctx context.Context) (token string, err error) {
	if err := s.noMembers(ctx); err != nil {
		return "", err
	}
	token = newToken(32)
	s.setup.mu.Lock()
	defer s.setup.mu.Unlock()
	s.setup.hash, s.setup.until = tokenHash(token), s.now().Add(SetupTime)
	return token, nil
}

// SetupOpen reports whether token can be used for the first set-up now.
func (s *Service) SetupOpen(ctx context.Context, token string) bool {
	s.setup.mu.Lock()
	defer s.setup.mu.Unlock()
	return s.setup.is(token, s.now()) && s.noMembers(ctx) == nil
}

// FinishSetup makes the first member, who is a master of all companies, and uses the token up. It
// returns ErrSetupClosed or a *ProblemError; after a problem the token can still be used.
func (s *Service) FinishSetup(ctx context.Context, token string, m Member, password string) (Member, error) {
	s.setup.mu.Lock()
	defer s.setup.mu.Unlock()
	if !s.setup.is(token, s.now()) {
		return Member{}, ErrSetupClosed
	}
	if err := s.noMembers(ctx); err != nil {
		return Member{}, err
	}
	m.Role, m.Everyone = Master, true
	made, err := s.AddMember(ctx, m, password)
	if err == nil {
		s.setup.hash = ""
	}
	return made, err
}

func (t *setup) is(token string, now time.Time) bool {
	return t.hash != "" && now.Before(t.until) && subtle.ConstantTimeCompare([]byte(tokenHash(token)), []byte(t.hash)) == 1
}

func (s *Service) noMembers(ctx context.Context) error {
	members, err := s.store.Members(ctx)
	if err == nil && len(members) > 0 {
		return ErrSetupClosed
	}
	return err
}
