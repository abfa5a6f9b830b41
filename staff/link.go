package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"
)

// LinkTime is how long a link to set a password with is good for.
const LinkTime = 7 * 24 * time.Hour

// A Link lets a member set a password once. The token itself is only in the link.
type Link struct {
	Hash  string    `json:"hash"` // SHA-256 of the token, hex
	Until time.Time `json:"until"`
}

// Open reports whether l can be used now.
func (l Link) Open(now time.Time) bool { return l.Hash != "" && now.Before(l.Until) }

func (l Link) is(token string, now time.Time) bool {
	return l.Open(now) && subtle.ConstantTimeCompare([]byte(tokenHash(token)), []byte(l.Hash)) == 1
}

func (s *Service) newLink() (token string, l Link) {
	token = newToken(32)
	return token, Link{Hash: tokenHash(token), Until: s.now().UTC().Add(LinkTime)}
}

// NewLink makes a link with which the member may set a password; it replaces the one before. The
// password of now stays good until then. A disabled member gets none.
func (s *Service) NewLink(ctx context.Context, by Member, id string) (Member, string, error) {
	token, link := s.newLink()
	m, err := s.changeManaged(ctx, by, id, s.noted(by, ActMemberLink, nil, func(m *Member) error {
		switch {
		case m.ID == by.ID:
			return ErrSelf
		case m.Disabled:
			return ErrRefused
		}
		m.Link = link
		return nil
	}))
	return m, id + "." + token, err
}

// LinkOf returns the member who may set a password with the token, or ErrLinkClosed.
func (s *Service) LinkOf(ctx context.Context, token string) (Member, error) {
	id, secret, _ := strings.Cut(token, ".")
	m, err := s.store.Member(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && (m.Disabled || !m.Link.is(secret, s.now())) {
		err = ErrLinkClosed
	}
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

// UseLink sets the password of the member whose link it is, uses the link up and ends all of the
// member's logins. A second factor stays. It returns ErrLinkClosed or a *ProblemError, after which the
// link can still be used.
func (s *Service) UseLink(ctx context.Context, token, password string, from Browser) (Member, error) {
	m, err := s.LinkOf(ctx, token)
	if err != nil {
		return Member{}, err
	}
	m.From = from.IP
	return s.setPassword(ctx, m, m, password, "link", func(now Member) error {
		if now.Disabled || now.Link.Hash != m.Link.Hash {
			return ErrLinkClosed
		}
		return nil
	})
}
