package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// Errors that callers tell apart.
var (
	// ErrNotFound is returned by the Store for what is not there.
	ErrNotFound = errors.New("staff: not found")
	// ErrTaken is returned by the Store for an e-mail address that another member has.
	ErrTaken = errors.New("staff: e-mail address is taken")
	// ErrRefused is a wrong address or password, a disabled member, a revoked key, an ended login.
	ErrRefused = errors.New("staff: refused")
	// ErrThrottled is too many failed log-ins for the account or from the address.
	ErrThrottled = errors.New("staff: too many attempts")
	// ErrLastMaster keeps the last master from being disabled.
	ErrLastMaster = errors.New("staff: the last master stays")
)

// A Store keeps members, logins and keys. It returns ErrNotFound for what is not there.
type Store interface {
	Member(ctx context.Context, id string) (Member, error)
	MemberByEmail(ctx context.Context, email string) (Member, error) // email in lower case
	Members(ctx context.Context) ([]Member, error)                   // by e-mail address
	// PutMember stores m. It returns ErrTaken when another member has the address.
	PutMember(ctx context.Context, m Member) error
	Login(ctx context.Context, id string) (Login, error)
	PutLogin(ctx context.Context, l Login) error
	DeleteLogin(ctx context.Context, id string) error
	Logins(ctx context.Context, member string) ([]Login, error) // newest first
	Key(ctx context.Context, id string) (Key, error)
	Keys(ctx context.Context) ([]Key, error) // newest first
	PutKey(ctx context.Context, k Key) error
}

// How long a login lasts: without use, and at most.
const (
	IdleLogin = 8 * time.Hour
	MaxLogin  = 7 * 24 * time.Hour
)

// A Service checks who somebody is. Use [NewService].
type Service struct {
	store    Store
	now      func() time.Time
	throttle *throttle
	setup    setup
}

// NewService returns a service over store whose clock is now.
func NewService(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now, throttle: newThrottle(now)}
}

// AddMember stores a new member with a password. Problems come as a *ProblemError.
func (s *Service) AddMember(ctx context.Context, m Member, password string) (Member, error) {
	m.Email, m.Name = strings.ToLower(strings.TrimSpace(m.Email)), strings.TrimSpace(m.Name)
	bad := m.check()
	if text := checkPassword(password, m); text != "" {
		bad["password"] = text
	}
	if len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	m.Password = HashPassword(password)
	return s.addHashed(ctx, m)
}

// AddMemberLike stores a new member who has the password of another, without the time that hashing
// takes: the demo's members share one.
func (s *Service) AddMemberLike(ctx context.Context, m, other Member) (Member, error) {
	if bad := m.check(); len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	m.Password = other.Password
	return s.addHashed(ctx, m)
}

func (s *Service) addHashed(ctx context.Context, m Member) (Member, error) {
	m.ID, m.CreatedAt = ulid.Make().String(), s.now().UTC()
	err := s.store.PutMember(ctx, m)
	if errors.Is(err, ErrTaken) {
		return Member{}, &ProblemError{Fields: map[string]string{"email": "Another member has this e-mail address."}}
	}
	return m, err
}

// SetPassword gives the member a new password and ends all of the member's logins.
func (s *Service) SetPassword(ctx context.Context, email, password string) (Member, error) {
	m, err := s.store.MemberByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Member{}, err
	}
	if text := checkPassword(password, m); text != "" {
		return Member{}, &ProblemError{Fields: map[string]string{"password": text}}
	}
	m.Password = HashPassword(password)
	if err := s.store.PutMember(ctx, m); err != nil {
		return Member{}, err
	}
	return m, s.endLogins(ctx, m.ID)
}

// Disable keeps the member from logging in, or lets them again. The last master stays.
func (s *Service) Disable(ctx context.Context, email string, disabled bool) (Member, error) {
	m, err := s.store.MemberByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Member{}, err
	}
	if disabled && m.Role == Master && !m.Disabled {
		if last, err := s.lastMaster(ctx); err != nil || last {
			return Member{}, errors.Join(err, ErrLastMaster)
		}
	}
	m.Disabled = disabled
	if err := s.store.PutMember(ctx, m); err != nil {
		return Member{}, err
	}
	return m, s.endLogins(ctx, m.ID)
}

func (s *Service) lastMaster(ctx context.Context) (bool, error) {
	all, err := s.store.Members(ctx)
	n := 0
	for _, m := range all {
		if m.Role == Master && !m.Disabled {
			n++
		}
	}
	return n <= 1, err
}

func (s *Service) endLogins(ctx context.Context, member string) error {
	logins, err := s.store.Logins(ctx, member)
	for _, l := range logins {
		err = errors.Join(err, s.store.DeleteLogin(ctx, l.ID))
	}
	return err
}

// LogIn checks address and password and opens a login. It returns the cookie's token, ErrRefused or
// ErrThrottled. A wrong address takes as long as a wrong password.
func (s *Service) LogIn(ctx context.Context, email, password, ip, userAgent string) (Member, string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if !s.throttle.allow(email, ip) {
		return Member{}, "", ErrThrottled
	}
	m, err := s.store.MemberByEmail(ctx, email)
	hash := m.Password
	if errors.Is(err, ErrNotFound) {
		hash = noMember
	} else if err != nil {
		return Member{}, "", err
	}
	right, err := passwordIs(ctx, hash, password)
	if err != nil {
		return Member{}, "", err
	}
	if !right || m.Disabled || m.ID == "" {
		return m, "", ErrRefused
	}
	s.throttle.passed(email, ip)
	token := newToken(32)
	now := s.now().UTC()
	// Hashing takes a while: the member may have been changed meanwhile.
	if m, err = s.store.Member(ctx, m.ID); err != nil || m.Disabled || m.Password != hash {
		return m, "", errors.Join(ErrRefused, err)
	}
	m.LastLogin = now
	login := Login{ID: tokenHash(token), Member: m.ID, CSRF: newToken(32), IP: ip, UserAgent: userAgent, CreatedAt: now, SeenAt: now}
	return m, token, errors.Join(s.store.PutLogin(ctx, login), s.store.PutMember(ctx, m))
}

// LoggedIn returns the member and login that the cookie's token stands for, or ErrRefused.
func (s *Service) LoggedIn(ctx context.Context, token string) (Member, Login, error) {
	l, err := s.store.Login(ctx, tokenHash(token))
	if errors.Is(err, ErrNotFound) {
		return Member{}, Login{}, ErrRefused
	} else if err != nil {
		return Member{}, Login{}, err
	}
	now := s.now().UTC()
	if now.Sub(l.SeenAt) > IdleLogin || now.Sub(l.CreatedAt) > MaxLogin {
		return Member{}, Login{}, errors.Join(ErrRefused, s.store.DeleteLogin(ctx, l.ID))
	}
	m, err := s.store.Member(ctx, l.Member)
	if err != nil || m.Disabled {
		return Member{}, Login{}, errors.Join(ErrRefused, err)
	}
	if now.Sub(l.SeenAt) > 5*time.Minute { // a write for every request would be too many
		l.SeenAt = now
		err = s.store.PutLogin(ctx, l)
	}
	return m, l, err
}

// LogOut ends the login.
func (s *Service) LogOut(ctx context.Context, token string) error {
	return s.store.DeleteLogin(ctx, tokenHash(token))
}

// Members returns all members, by e-mail address.
func (s *Service) Members(ctx context.Context) ([]Member, error) { return s.store.Members(ctx) }

// AddKey makes an API key with the company, name and rights of k, and returns its text, which is
// stored nowhere.
func (s *Service) AddKey(ctx context.Context, k Key) (Key, string, error) {
	if k.Company == "" || strings.TrimSpace(k.Name) == "" {
		return Key{}, "", &ProblemError{Fields: map[string]string{"name": "Give the company and a name for the key."}}
	}
	secret := newToken(32)
	k.ID, k.Hash, k.CreatedAt = strings.ToLower(ulid.Make().String()[14:]), tokenHash(secret), s.now().UTC()
	return k, "dk_" + k.ID + "." + secret, s.store.PutKey(ctx, k)
}

// CheckKey returns the key whose text this is, or ErrRefused.
func (s *Service) CheckKey(ctx context.Context, text string) (Key, error) {
	id, secret, ok := strings.Cut(strings.TrimPrefix(text, "dk_"), ".")
	if !ok || len(text) > 200 {
		return Key{}, ErrRefused
	}
	k, err := s.store.Key(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Key{}, ErrRefused
	} else if err != nil {
		return Key{}, err
	}
	if subtle.ConstantTimeCompare([]byte(k.Hash), []byte(tokenHash(secret))) != 1 || !k.RevokedAt.IsZero() {
		return Key{}, ErrRefused
	}
	return k, nil
}

// RevokeKey ends a key; it stays in the list with the date.
func (s *Service) RevokeKey(ctx context.Context, id string) (Key, error) {
	k, err := s.store.Key(ctx, id)
	if err != nil {
		return Key{}, err
	}
	if k.RevokedAt.IsZero() {
		k.RevokedAt = s.now().UTC()
	}
	return k, s.store.PutKey(ctx, k)
}

// Keys returns all keys, newest first.
func (s *Service) Keys(ctx context.Context) ([]Key, error) { return s.store.Keys(ctx) }
