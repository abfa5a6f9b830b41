package staff

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// How long a login lasts: without use, at most, and while the second factor is awaited.
const (
	IdleLogin = 8 * time.Hour
	MaxLogin  = 7 * 24 * time.Hour
	halfLogin = 10 * time.Minute
)

// A Browser is where a log-in comes from.
type Browser struct {
	IP, UserAgent string
}

// LogIn checks address and password and opens a login. It returns the cookie's token, ErrRefused or a
// *WaitError. Where the member has a second factor the error is ErrSecondFactor, and the token is good
// for [Service.LogInCode] and [Service.FinishPasskeyLogin] only. A wrong address takes as long as a
// wrong password.
func (s *Service) LogIn(ctx context.Context, email, password string, from Browser) (Member, string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	line := network(from.IP)
	account := limit{key: "a:" + email + " " + line, free: freeTries, keep: forgetAfter}
	address := limit{key: "i:" + line, free: freeTriesAddr, keep: forgetAfter, shared: true}
	if err := s.throttle.allow(account, address); err != nil {
		return Member{}, "", err
	}
	m, err := s.store.MemberByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Member{}, "", err
	}
	right, err := passwordIs(ctx, cmp.Or(m.Password, noMember()), password)
	if err != nil {
		return Member{}, "", err
	}
	if !right || m.State() != Active {
		return m, "", ErrRefused
	}
	s.throttle.passed(account, address)
	// Hashing takes a while: the member may have been changed meanwhile.
	same := func(now *Member) error {
		if now.Password != m.Password {
			return ErrRefused
		}
		return nil
	}
	if m.SecondFactor() {
		token, err := s.putLogin(ctx, m, Login{Half: true}, from)
		return m, token, errors.Join(ErrSecondFactor, err)
	}
	return s.open(ctx, m, from, same)
}

// open logs m in, unless the member was changed since m was read, or check says no of what is stored now.
func (s *Service) open(ctx context.Context, m Member, from Browser, check func(*Member) error) (Member, string, error) {
	m, err := s.store.ChangeMember(ctx, m.ID, unnoted(func(now *Member) error {
		if now.State() != Active || now.Epoch != m.Epoch {
			return ErrRefused
		}
		now.LastLogin = s.now().UTC()
		return check(now)
	}))
	if err != nil {
		return m, "", err
	}
	token, err := s.putLogin(ctx, m, Login{}, from)
	return m, token, err
}

func (s *Service) putLogin(ctx context.Context, m Member, l Login, from Browser) (token string, err error) {
	token = newToken(32)
	l.ID, l.Member, l.Epoch, l.CSRF, l.IP, l.UserAgent = tokenHash(token), m.ID, m.Epoch, newToken(32), from.IP, from.UserAgent
	l.CreatedAt = s.now().UTC()
	l.SeenAt = l.CreatedAt
	return token, s.store.AddLogin(ctx, l)
}

// LoggedIn returns the member and login that the cookie's token stands for, or ErrRefused.
func (s *Service) LoggedIn(ctx context.Context, token string) (Member, Login, error) {
	m, l, err := s.loginOf(ctx, token)
	if err != nil {
		return Member{}, Login{}, err
	}
	if l.Half {
		return Member{}, Login{}, ErrRefused
	}
	if now := s.now().UTC(); now.Sub(l.SeenAt) > 5*time.Minute { // a write for every request would be too many
		err = s.store.ChangeLogin(ctx, l.ID, func(stored *Login) { stored.SeenAt = now })
	}
	if errors.Is(err, ErrNotFound) { // ended just now
		err = ErrRefused
	}
	return m, l, err
}

// HalfLogin returns the member whose password was right and whose second factor is awaited, or ErrRefused.
func (s *Service) HalfLogin(ctx context.Context, token string) (Member, error) {
	m, l, err := s.loginOf(ctx, token)
	if err == nil && !l.Half {
		err = ErrRefused
	}
	return m, err
}

func (s *Service) loginOf(ctx context.Context, token string) (Member, Login, error) {
	l, err := s.store.Login(ctx, tokenHash(token))
	if errors.Is(err, ErrNotFound) {
		return Member{}, Login{}, ErrRefused
	} else if err != nil {
		return Member{}, Login{}, err
	}
	m, err := s.store.Member(ctx, l.Member)
	if err != nil || m.State() != Active {
		return Member{}, Login{}, errors.Join(ErrRefused, err)
	}
	if l.over(m, s.now()) {
		return Member{}, Login{}, errors.Join(ErrRefused, s.store.DeleteLogin(ctx, l.ID, nil))
	}
	return m, l, nil
}

// LogOut ends the login.
func (s *Service) LogOut(ctx context.Context, token string) error {
	return s.store.DeleteLogin(ctx, tokenHash(token), nil)
}

// Logins returns where the member is logged in, newest first.
func (s *Service) Logins(ctx context.Context, by Member, id string) ([]Login, error) {
	m, err := s.managed(ctx, by, id)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Logins(ctx, m.ID)
	now := s.now()
	return slices.DeleteFunc(all, func(l Login) bool { return l.Half || l.over(m, now) }), err
}

// EndLogin ends one login of the member, or ErrNotFound.
func (s *Service) EndLogin(ctx context.Context, by Member, id, login string) (Member, error) {
	m, err := s.managed(ctx, by, id)
	if err != nil {
		return Member{}, err
	}
	l, err := s.store.Login(ctx, login)
	if err != nil || l.Member != m.ID {
		return Member{}, errors.Join(ErrNotFound, err)
	}
	return m, s.store.DeleteLogin(ctx, login, s.noteOn(by, m, ActLoginEnded, nil))
}

// EndLogins ends all logins of the member. See [Service.Renew] for the own ones.
func (s *Service) EndLogins(ctx context.Context, by Member, id string) (Member, error) {
	which := map[bool]string{true: "all others", false: "all"}[by.ID == id]
	return s.changeManaged(ctx, by, id, s.noted(by, ActLoginEnded, map[string]string{"logins": which}, func(m *Member) error {
		m.endLogins()
		return nil
	}))
}

// Renew opens a new login for the member in place of the one of token, after a change that has ended all
// of them: whoever may have had the old cookie has nothing.
func (s *Service) Renew(ctx context.Context, m Member, token string, from Browser) (string, error) {
	if err := s.store.DeleteLogin(ctx, tokenHash(token), nil); err != nil {
		return "", err
	}
	return s.putLogin(ctx, m, Login{}, from)
}
