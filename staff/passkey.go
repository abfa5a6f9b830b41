package staff

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// maxPasskeys bounds how many passkeys a member has.
const maxPasskeys = 20

// A Passkey is a WebAuthn credential of a member.
type Passkey struct {
	ID      []byte          `json:"id"`
	Name    string          `json:"name"`
	Record  json.RawMessage `json:"record"` // the credential record, as the library writes it
	AddedAt time.Time       `json:"added_at"`
	UsedAt  time.Time       `json:"used_at,omitzero"`
}

// Ref names the passkey in addresses.
func (p Passkey) Ref() string { return base64.RawURLEncoding.EncodeToString(p.ID) }

// A Site is where browsers reach us. Passkeys belong to its host.
type Site struct {
	Host   string // "id.example.com"
	Origin string // "https://id.example.com"
}

func (site Site) open() (*webauthn.WebAuthn, error) {
	w, err := webauthn.New(&webauthn.Config{RPID: site.Host, RPDisplayName: "Dossier", RPOrigins: []string{site.Origin}})
	if err != nil {
		return nil, fmt.Errorf("staff: passkeys at %s: %w", site.Origin, err)
	}
	return w, nil
}

// A holder shows a member to the library.
type holder struct {
	m    Member
	keys []webauthn.Credential
}

func holderOf(m Member) (holder, error) {
	h := holder{m: m}
	for _, p := range m.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Record, &c); err != nil {
			return holder{}, fmt.Errorf("staff: passkey of %s: %w", m.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// WebAuthnID and the others are what the library asks of a user.
func (h holder) WebAuthnID() []byte                         { return []byte(h.m.ID) }
func (h holder) WebAuthnName() string                       { return h.m.Email }
func (h holder) WebAuthnDisplayName() string                { return h.m.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// A Challenge is what the browser is asked to answer with a passkey.
type Challenge struct {
	ID      string          `json:"id"` // names it when the answer comes
	Options json.RawMessage `json:"options"`
}

// BeginPasskey asks the browser to make a passkey for the member, whose password it takes. The answer
// goes to [Service.FinishPasskey].
func (s *Service) BeginPasskey(ctx context.Context, site Site, m Member, password string) (Challenge, error) {
	if err := s.confirm(ctx, m, password); err != nil {
		return Challenge{}, err
	}
	w, err := site.open()
	if err != nil {
		return Challenge{}, err
	}
	user, err := holderOf(m)
	if err != nil {
		return Challenge{}, err
	}
	creation, data, err := w.BeginRegistration(user,
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred),
		webauthn.WithExclusions(webauthn.Credentials(user.keys).CredentialDescriptors()),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation))
	if err != nil {
		return Challenge{}, fmt.Errorf("staff: passkey: %w", err)
	}
	return s.ceremonies.begin(s.now(), ceremony{member: m.ID, data: *data}, creation.Response)
}

// FinishPasskey takes the passkey that the browser made. It returns the recovery codes where the member
// had none before, and ends the member's logins.
func (s *Service) FinishPasskey(ctx context.Context, site Site, m Member, challenge, name string, answer []byte) (_ Member, codes []string, err error) {
	c, ok := s.ceremonies.end(s.now(), challenge)
	if !ok || c.member != m.ID {
		return Member{}, nil, wrong("passkey", "This took too long. Try again.")
	}
	w, err := site.open()
	if err != nil {
		return Member{}, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Member{}, nil, wrong("passkey", "The browser's answer cannot be read. Try again.")
	}
	made, err := w.CreateCredential(holder{m: m}, c.data, parsed)
	if err != nil {
		return Member{}, nil, wrong("passkey", "The passkey was not accepted. Try again, or with another one.")
	}
	made.Attestation = webauthn.CredentialAttestation{} // nobody asked for it
	record, err := json.Marshal(made)
	if err != nil {
		return Member{}, nil, err
	}
	key := Passkey{ID: made.ID, Name: passkeyName(name), Record: record, AddedAt: s.now().UTC()}
	m, err = s.store.ChangeMember(ctx, m.ID, s.noted(m, ActFactorOn, map[string]string{"factor": string(ByPasskey)}, func(m *Member) error {
		switch {
		case len(m.Passkeys) >= maxPasskeys:
			return wrong("passkey", fmt.Sprintf("You have %d passkeys. Remove one first.", maxPasskeys))
		case m.passkey(key.ID) >= 0:
			return wrong("passkey", "You have this passkey already.")
		}
		m.Passkeys = append(slices.Clone(m.Passkeys), key)
		codes = m.needRecovery()
		m.endLogins()
		return nil
	}))
	return m, codes, err
}

func passkeyName(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "Passkey"
	}
	for utf8.RuneCountInString(text) > 60 {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// passkey is where the passkey with this id stands in m.Passkeys, or -1.
func (m Member) passkey(id []byte) int {
	return slices.IndexFunc(m.Passkeys, func(p Passkey) bool { return bytes.Equal(p.ID, id) })
}

// RenamePasskey gives one of the member's passkeys another name.
func (s *Service) RenamePasskey(ctx context.Context, m Member, ref, name string) (Member, error) {
	return s.store.ChangeMember(ctx, m.ID, s.noted(m, ActMember, map[string]string{"change": "name of a passkey"}, func(m *Member) error {
		return m.changePasskey(ref, func(p *Passkey) { p.Name = passkeyName(name) })
	}))
}

// changePasskey changes a copy, since others may read m.Passkeys meanwhile.
func (m *Member) changePasskey(ref string, do func(*Passkey)) error {
	m.Passkeys = slices.Clone(m.Passkeys)
	for i := range m.Passkeys {
		if m.Passkeys[i].Ref() == ref {
			do(&m.Passkeys[i])
			return nil
		}
	}
	return ErrNotFound
}

// DropPasskey takes one of the member's passkeys away.
func (s *Service) DropPasskey(ctx context.Context, m Member, ref, password string) (Member, error) {
	return s.changeConfirmed(ctx, m, password, s.noted(m, ActFactorOff, map[string]string{"factor": string(ByPasskey)}, func(m *Member) error {
		before := len(m.Passkeys)
		m.Passkeys = slices.DeleteFunc(slices.Clone(m.Passkeys), func(p Passkey) bool { return p.Ref() == ref })
		if len(m.Passkeys) == before {
			return ErrNotFound
		}
		m.tidyRecovery()
		return nil
	}))
}

// BeginPasskeyLogin asks the browser for a passkey. With the token of a half login it is the second
// factor of that member; with "" it is the whole log-in, and the passkey must know its user by finger,
// face or PIN.
func (s *Service) BeginPasskeyLogin(ctx context.Context, site Site, halfToken string, from Browser) (Challenge, error) {
	w, err := site.open()
	if err != nil {
		return Challenge{}, err
	}
	if halfToken == "" {
		if err := s.throttle.allow(challenges(from)); err != nil {
			return Challenge{}, err
		}
		assertion, data, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return Challenge{}, fmt.Errorf("staff: passkey: %w", err)
		}
		return s.ceremonies.begin(s.now(), ceremony{data: *data}, assertion.Response)
	}
	m, err := s.HalfLogin(ctx, halfToken)
	if err != nil {
		return Challenge{}, err
	}
	user, err := holderOf(m)
	if err != nil {
		return Challenge{}, err
	}
	if len(user.keys) == 0 {
		return Challenge{}, ErrNotFound
	}
	assertion, data, err := w.BeginLogin(user, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Challenge{}, fmt.Errorf("staff: passkey: %w", err)
	}
	return s.ceremonies.begin(s.now(), ceremony{member: m.ID, data: *data}, assertion.Response)
}

// challenges bounds how many challenges one address leaves without an answer, so that it cannot take all
// that there may be.
func challenges(from Browser) limit {
	return limit{key: "k:" + from.IP, free: freeChallenges, keep: ceremonyTime, shared: true}
}

// FinishPasskeyLogin logs the holder of the passkey in. halfToken is "" or that of the half login,
// which ends. It returns the token of the login, or ErrRefused.
func (s *Service) FinishPasskeyLogin(ctx context.Context, site Site, halfToken, challenge string, answer []byte, from Browser) (Member, string, error) {
	c, ok := s.ceremonies.end(s.now(), challenge)
	if !ok {
		return Member{}, "", ErrRefused
	}
	m, made, err := s.checkPasskey(ctx, site, c, halfToken, answer)
	if err != nil {
		return m, "", err
	}
	record, err := json.Marshal(made)
	if err != nil {
		return m, "", err
	}
	s.throttle.passed(challenges(from))
	opened, token, err := s.open(ctx, m, from, func(now *Member) error {
		i := now.passkey(made.ID)
		if i < 0 || made.Authenticator.CloneWarning { // its counter went backwards: there are two of it
			return ErrRefused
		}
		return now.changePasskey(now.Passkeys[i].Ref(), func(p *Passkey) { p.Record, p.UsedAt = record, s.now().UTC() })
	})
	if err != nil {
		return m, "", err
	}
	if halfToken != "" {
		err = s.store.DeleteLogin(ctx, tokenHash(halfToken), nil)
	}
	return opened, token, err
}

// checkPasskey returns whose passkey gave the answer, with the credential as it is after this use.
func (s *Service) checkPasskey(ctx context.Context, site Site, c ceremony, halfToken string, answer []byte) (Member, *webauthn.Credential, error) {
	w, err := site.open()
	if err != nil {
		return Member{}, nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Member{}, nil, errors.Join(ErrRefused, err)
	}
	if halfToken == "" && c.member == "" {
		return s.checkDiscovered(ctx, w, c, parsed)
	}
	m, err := s.HalfLogin(ctx, halfToken)
	if err != nil {
		return Member{}, nil, err
	}
	user, err := holderOf(m)
	if err != nil || m.ID != c.member {
		return m, nil, errors.Join(ErrRefused, err)
	}
	made, err := w.ValidateLogin(user, c.data, parsed)
	if err != nil {
		return m, nil, errors.Join(ErrRefused, err)
	}
	return m, made, nil
}

func (s *Service) checkDiscovered(ctx context.Context, w *webauthn.WebAuthn, c ceremony, parsed *protocol.ParsedCredentialAssertionData) (m Member, _ *webauthn.Credential, err error) {
	find := func(_, handle []byte) (webauthn.User, error) {
		if m, err = s.store.Member(ctx, string(handle)); err != nil {
			return nil, err
		}
		return holderOf(m)
	}
	_, made, err := w.ValidatePasskeyLogin(find, c.data, parsed)
	if err != nil {
		return m, nil, errors.Join(ErrRefused, err)
	}
	return m, made, nil
}
