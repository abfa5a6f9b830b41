package staff

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// TOTP is an authenticator app of a member (RFC 6238: SHA-1, six digits, 30 seconds, as all of them do).
type TOTP struct {
	Secret string    `json:"secret"` // base32
	Step   uint64    `json:"step"`   // of the last code that was used: no code is good twice
	Since  time.Time `json:"since"`
}

const (
	totpPeriod    = 30 // seconds
	totpIssuer    = "Dossier"
	recoveryCodes = 10
)

// step returns the time step of which code is, within one step of now for clocks that are apart.
func (t TOTP) step(code string, now time.Time) (uint64, bool) {
	at := uint64(now.Unix()) / totpPeriod
	for _, step := range []uint64{at, at - 1, at + 1} {
		right, err := hotp.ValidateCustom(code, step, t.Secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if right && err == nil {
			return step, true
		}
	}
	return 0, false
}

// use takes code for a log-in, once.
func (t *TOTP) use(code string, now time.Time) bool {
	step, right := t.step(code, now)
	if !right || t.Secret == "" || step <= t.Step {
		return false
	}
	t.Step = step
	return true
}

// An Enrolment is an authenticator app that a member is setting up.
type Enrolment struct {
	Secret string // to type, in groups of four
	URL    string // for the QR code: otpauth://totp/...
}

// Enrol returns the secret with which the member may set up an authenticator app in this browser. It
// stays the same as long as the login lasts.
func (s *Service) Enrol(ctx context.Context, m Member, l Login) (Enrolment, error) {
	if l.Secret == "" {
		raw := make([]byte, 20)
		rand.Read(raw)
		err := s.store.ChangeLogin(ctx, l.ID, func(stored *Login) {
			if stored.Secret == "" { // the page asks for its QR code at the same time
				stored.Secret = base32Text.EncodeToString(raw)
			}
			l.Secret = stored.Secret
		})
		if err != nil {
			return Enrolment{}, err
		}
	}
	raw, err := base32Text.DecodeString(l.Secret)
	if err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: m.Email, Secret: raw})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: strings.Join(groups(l.Secret), " "), URL: key.URL()}, nil
}

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// groups cuts text into pieces of four.
func groups(text string) (all []string) {
	for piece := range slices.Chunk([]byte(text), 4) {
		all = append(all, string(piece))
	}
	return all
}

// ConfirmEnrolment takes the authenticator app whose secret Enrol gave, once it shows the right code and
// the password is right. It returns the recovery codes where the member had none before, and ends the
// member's logins. Problems come as a *ProblemError or a *WaitError.
func (s *Service) ConfirmEnrolment(ctx context.Context, m Member, l Login, password, code string) (_ Member, codes []string, err error) {
	if err := s.confirm(ctx, m, password); err != nil {
		return Member{}, nil, err
	}
	app := TOTP{Secret: l.Secret, Since: s.now().UTC()}
	if !app.use(digits(code), s.now()) {
		return Member{}, nil, wrong("code", "This is not the code that the app shows now. Look whether the clock of the phone is right.")
	}
	m, err = s.store.ChangeMember(ctx, m.ID, s.noted(m, ActFactorOn, map[string]string{"factor": string(ByTOTP)}, func(m *Member) error {
		m.TOTP = app
		codes = m.needRecovery()
		m.endLogins()
		return nil
	}))
	return m, codes, err
}

// DropTOTP takes the authenticator app away.
func (s *Service) DropTOTP(ctx context.Context, m Member, password string) (Member, error) {
	return s.changeConfirmed(ctx, m, password, s.noted(m, ActFactorOff, map[string]string{"factor": string(ByTOTP)}, func(m *Member) error {
		m.TOTP = TOTP{}
		m.tidyRecovery()
		return nil
	}))
}

// NewRecovery replaces the recovery codes.
func (s *Service) NewRecovery(ctx context.Context, m Member, password string) (_ Member, codes []string, err error) {
	m, err = s.changeConfirmed(ctx, m, password, s.noted(m, ActRecovery, nil, func(m *Member) error {
		if !m.SecondFactor() {
			return ErrNotFound
		}
		m.Recovery = nil
		codes = m.needRecovery()
		return nil
	}))
	return m, codes, err
}

func (s *Service) changeConfirmed(ctx context.Context, m Member, password string, do func(*Member) (*Note, error)) (Member, error) {
	if err := s.confirm(ctx, m, password); err != nil {
		return Member{}, err
	}
	return s.store.ChangeMember(ctx, m.ID, do)
}

// needRecovery gives m recovery codes if it has none, and returns them to be shown once.
func (m *Member) needRecovery() (codes []string) {
	if len(m.Recovery) > 0 {
		return nil
	}
	for range recoveryCodes {
		raw := make([]byte, 10)
		rand.Read(raw)
		code := strings.ToLower(base32Text.EncodeToString(raw))
		codes = append(codes, strings.Join(groups(code), "-"))
		m.Recovery = append(m.Recovery, tokenHash(code))
	}
	return codes
}

// tidyRecovery takes the recovery codes away from who has no second factor any more.
func (m *Member) tidyRecovery() {
	if !m.SecondFactor() {
		m.Recovery = nil
	}
}

// useRecovery takes a recovery code for a log-in, once.
func (m *Member) useRecovery(code string) bool {
	i := slices.Index(m.Recovery, tokenHash(code))
	if i < 0 {
		return false
	}
	m.Recovery = slices.Delete(slices.Clone(m.Recovery), i, i+1)
	return true
}

// A Factor is how the second step of a log-in was taken.
type Factor string

// The factors.
const (
	ByTOTP     Factor = "authenticator app"
	ByRecovery Factor = "recovery code"
	ByPasskey  Factor = "passkey"
)

// LogInCode is the second step of a log-in: a code of the authenticator app, or a recovery code. token
// is that of the half login, which ends. It returns the token of the login, ErrRefused or a *WaitError.
// Codes are counted per account: who gets as far as this has the password.
func (s *Service) LogInCode(ctx context.Context, token, code string, from Browser) (m Member, next string, by Factor, err error) {
	if m, err = s.HalfLogin(ctx, token); err != nil {
		return Member{}, "", "", err
	}
	tries := limit{key: "c:" + m.ID, free: freeTries, keep: forgetCodes}
	if err := s.throttle.allow(tries); err != nil {
		return m, "", "", err
	}
	code = strings.ToLower(digits(code))
	opened, next, err := s.open(ctx, m, from, func(now *Member) error {
		switch {
		case now.TOTP.use(code, s.now()):
			by = ByTOTP
		case now.useRecovery(code):
			by = ByRecovery
		default:
			return ErrRefused
		}
		return nil
	})
	if err != nil {
		return m, "", "", err
	}
	s.throttle.passed(tries)
	return opened, next, by, s.store.DeleteLogin(ctx, tokenHash(token), nil)
}

// digits is code as typed without blanks and dashes.
func digits(code string) string {
	return strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(strings.TrimSpace(code))
}
