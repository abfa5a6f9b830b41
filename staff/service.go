package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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
	// ErrChanged is a change over what somebody else has changed meanwhile.
	ErrChanged = errors.New("staff: changed meanwhile")
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
	Members(ctx context.Context) ([]Member, error)                   // by e-mail address, only to be read
	// AddMember stores a new member with its note. It returns ErrTaken when another member has the address.
	AddMember(ctx context.Context, m Member, n *Note) error
	// ChangeMember stores what do leaves of the member with the note that do makes, if any, in one
	// transaction, and returns the member. An error of do is returned as it is. It returns ErrTaken, and
	// ErrLastMaster where nobody who leads would remain.
	ChangeMember(ctx context.Context, id string, do func(*Member) (*Note, error)) (Member, error)
	Login(ctx context.Context, id string) (Login, error)
	AddLogin(ctx context.Context, l Login) error
	// ChangeLogin stores what do leaves of a login that has not ended meanwhile, in one transaction.
	ChangeLogin(ctx context.Context, id string, do func(*Login)) error
	// DeleteLogin ends a login, with the note if there is one. One that is not there is no error.
	DeleteLogin(ctx context.Context, id string, n *Note) error
	Logins(ctx context.Context, member string) ([]Login, error) // newest first
	Key(ctx context.Context, id string) (Key, error)
	Keys(ctx context.Context) ([]Key, error) // newest first
	AddKey(ctx context.Context, k Key, n *Note) error
	// ChangeKey stores what do leaves of the key with the note that do makes, if any, in one transaction,
	// and returns the key.
	ChangeKey(ctx context.Context, id string, do func(*Key) *Note) (Key, error)
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

// AddMember stores a new member with a password. Problems come as a *ProblemError. It asks for nothing:
// it is for whoever runs commands on the machine, and for the first member.
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
	return s.add(ctx, Operator, m, map[string]string{"with": "password"})
}

// AddMemberLike stores a new member who has the password of another, without the time that hashing
// takes: the demo's members share one.
func (s *Service) AddMemberLike(ctx context.Context, m, other Member) (Member, error) {
	if bad := m.check(); len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	m.Password = other.Password
	return s.add(ctx, Operator, m, map[string]string{"with": "password"})
}

func (m Member) tidied() Member {
	m.Email, m.Name = strings.ToLower(strings.TrimSpace(m.Email)), strings.TrimSpace(m.Name)
	return m
}

func (s *Service) add(ctx context.Context, by, m Member, detail map[string]string) (Member, error) {
	m.ID, m.CreatedAt = ulid.Make().String(), s.now().UTC()
	n := s.noteOn(by, m, ActMemberInvited, detail)
	n.Detail["role"] = string(m.Role)
	return m, taken(s.store.AddMember(ctx, m, n))
}

func taken(err error) error {
	if errors.Is(err, ErrTaken) {
		return wrong("email", "Another member has this e-mail address.")
	}
	return err
}

// Members returns all members, by e-mail address, only to be read.
func (s *Service) Members(ctx context.Context) ([]Member, error) { return s.store.Members(ctx) }
