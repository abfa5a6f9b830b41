package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"
)

// Errors that callers tell apart.
var (
	// ErrNotFound is returned for what is not there, or is no business of whoever asks.
	ErrNotFound = errors.New("staff: not found")
	// ErrTaken is returned by the Store for an e-mail address that another member has.
	ErrTaken = errors.New("staff: e-mail address is taken")
	// ErrRefused is a wrong address, password or code, a disabled member, a revoked key, an ended login.
	ErrRefused = errors.New("staff: refused")
	// ErrThrottled is too many failed attempts: for how long to wait is in a [WaitError].
	ErrThrottled = errors.New("staff: too many attempts")
	// ErrSecondFactor is a right password to which the second factor is still missing.
	ErrSecondFactor = errors.New("staff: the second factor is missing")
	// ErrForbidden is a change of a member who is seen but not managed by whoever asks.
	ErrForbidden = errors.New("staff: not allowed")
	// ErrSelf keeps members from disabling or demoting themselves.
	ErrSelf = errors.New("staff: not to oneself")
	// ErrLastMaster keeps the last master of all companies.
	ErrLastMaster = errors.New("staff: the last master stays")
	// ErrLinkClosed is a link to set a password with that was used, replaced, or is too old.
	ErrLinkClosed = errors.New("staff: the link is not valid")
)

// A WaitError is ErrThrottled with how long to wait.
type WaitError struct{ For time.Duration }

// Error says how long to wait.
func (e *WaitError) Error() string { return fmt.Sprintf("staff: too many attempts: wait %s", e.For) }

// Unwrap makes it an ErrThrottled.
func (e *WaitError) Unwrap() error { return ErrThrottled }

// A Store keeps members, logins and keys. It returns ErrNotFound for what is not there.
type Store interface {
	Member(ctx context.Context, id string) (Member, error)
	MemberByEmail(ctx context.Context, email string) (Member, error) // email in lower case
	Members(ctx context.Context) ([]Member, error)                   // by e-mail address
	// AddMember stores a new member. It returns ErrTaken when another member has the address.
	AddMember(ctx context.Context, m Member) error
	// ChangeMember stores what do leaves of the member, in one transaction, and returns it. An error of
	// do is returned as it is. It returns ErrTaken, and ErrLastMaster where nobody who leads would remain.
	ChangeMember(ctx context.Context, id string, do func(*Member) error) (Member, error)
	Login(ctx context.Context, id string) (Login, error)
	AddLogin(ctx context.Context, l Login) error
	// ChangeLogin stores what do leaves of a login that has not ended meanwhile, in one transaction.
	ChangeLogin(ctx context.Context, id string, do func(*Login)) error
	DeleteLogin(ctx context.Context, id string) error
	Logins(ctx context.Context, member string) ([]Login, error) // newest first
	Key(ctx context.Context, id string) (Key, error)
	Keys(ctx context.Context) ([]Key, error) // newest first
	PutKey(ctx context.Context, k Key) error
	// ChangeKey stores what do leaves of the key, in one transaction, and returns it.
	ChangeKey(ctx context.Context, id string, do func(*Key)) (Key, error)
}

// A Service checks who somebody is, and who may change whom. Use [NewService].
type Service struct {
	store      Store
	now        func() time.Time
	throttle   *throttle
	setup      setup
	ceremonies ceremonies
}

// NewService returns a service over store whose clock is now.
func NewService(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now, throttle: newThrottle(now)}
}

// AddMember stores a new member with a password. Problems come as a *ProblemError.
func (s *Service) AddMember(ctx context.Context, m Member, password string) (Member, error) {
	m = m.tidied()
	bad := m.check()
	if text := checkPassword(password, m); text != "" {
		bad["password"] = text
	}
	if len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	m.Password = HashPassword(password)
	return s.add(ctx, m)
}

// AddMemberLike stores a new member who has the password of another, without the time that hashing
// takes: the demo's members share one.
func (s *Service) AddMemberLike(ctx context.Context, m, other Member) (Member, error) {
	if bad := m.check(); len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	m.Password = other.Password
	return s.add(ctx, m)
}

func (m Member) tidied() Member {
	m.Email, m.Name = strings.ToLower(strings.TrimSpace(m.Email)), strings.TrimSpace(m.Name)
	return m
}

func (s *Service) add(ctx context.Context, m Member) (Member, error) {
	m.ID, m.CreatedAt = ulid.Make().String(), s.now().UTC()
	return m, taken(s.store.AddMember(ctx, m))
}

func taken(err error) error {
	if errors.Is(err, ErrTaken) {
		return wrong("email", "Another member has this e-mail address.")
	}
	return err
}

// Members returns all members, by e-mail address.
func (s *Service) Members(ctx context.Context) ([]Member, error) { return s.store.Members(ctx) }

// AddKey makes an API key with the company, name and rights of k, and returns its text, which is
// stored nowhere.
func (s *Service) AddKey(ctx context.Context, k Key) (Key, string, error) {
	if n := utf8.RuneCountInString(strings.TrimSpace(k.Name)); k.Company == "" || n == 0 || n > 120 {
		return Key{}, "", &ProblemError{Fields: map[string]string{"name": "Give the company and a name of 1 to 120 characters for the key."}}
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
	if now := s.now().UTC(); now.Sub(k.UsedAt) > keyUseStep {
		used, err := s.store.ChangeKey(ctx, k.ID, func(k *Key) { k.UsedAt = now })
		if err == nil { // on a full disk reads go on, and the next use is noted again
			return used, nil
		}
	}
	return k, nil
}

// keyUseStep is how exactly the last use of a key is known: a write for every request would be too many.
const keyUseStep = 5 * time.Minute

// RevokeKey ends a key; it stays in the list with the date.
func (s *Service) RevokeKey(ctx context.Context, id string) (Key, error) {
	return s.store.ChangeKey(ctx, id, func(k *Key) {
		if k.RevokedAt.IsZero() {
			k.RevokedAt = s.now().UTC()
		}
	})
}

// Keys returns all keys, newest first.
func (s *Service) Keys(ctx context.Context) ([]Key, error) { return s.store.Keys(ctx) }
