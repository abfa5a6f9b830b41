package staff

import (
	"context"
	"slices"
	"strings"
)

// Operator is whoever runs commands on the machine: a master of all companies without a record.
var Operator = Member{Name: "Dossier", Role: Master, Everyone: true}

// MembersFor returns the members that by may know of, by e-mail address, only to be read.
func (s *Service) MembersFor(ctx context.Context, by Member) ([]Member, error) {
	all, err := s.store.Members(ctx)
	if by.Everyone {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(m Member) bool { return !by.sees(m) }), err
}

// Member returns a member that by may know of, or ErrNotFound.
func (s *Service) Member(ctx context.Context, by Member, id string) (Member, error) {
	m, err := s.store.Member(ctx, id)
	if err == nil && !by.sees(m) && by.ID != m.ID {
		err = ErrNotFound
	}
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

// ByEmail returns the member with the address, or ErrNotFound.
func (s *Service) ByEmail(ctx context.Context, email string) (Member, error) {
	return s.store.MemberByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
}

// managed returns a member that by may change: oneself, or one whom by manages. It returns ErrNotFound
// for whom by does not see, and ErrForbidden for whom by only sees.
func (s *Service) managed(ctx context.Context, by Member, id string) (Member, error) {
	m, err := s.Member(ctx, by, id)
	if err == nil {
		err = by.mayChange(m)
	}
	return m, err
}

func (m Member) mayChange(other Member) error {
	if m.ID != other.ID && !m.Manages(other) {
		return ErrForbidden
	}
	return nil
}

// changeManaged changes a member whom by may change.
func (s *Service) changeManaged(ctx context.Context, by Member, id string, do func(*Member) (*Note, error)) (Member, error) {
	if _, err := s.managed(ctx, by, id); err != nil {
		return Member{}, err
	}
	m, err := s.store.ChangeMember(ctx, id, func(m *Member) (*Note, error) {
		if err := by.mayChange(*m); err != nil { // another master may have been quicker
			return nil, err
		}
		return do(m)
	})
	return m, taken(err)
}

// Invite stores a new member without a password, and returns the token of a link to set one with.
// Problems come as a *ProblemError.
func (s *Service) Invite(ctx context.Context, by, m Member) (Member, string, error) {
	m = m.tidied()
	bad := m.check()
	if len(bad) == 0 && !by.Manages(m) {
		bad["companies"] = "You may give access to your own companies only."
	}
	if len(bad) > 0 {
		return Member{}, "", &ProblemError{Fields: bad}
	}
	token, link := s.newLink()
	m.Link = link
	m, err := s.add(ctx, by, m, map[string]string{"with": "link"})
	return m, m.ID + "." + token, err
}

// Edit changes address, name, role and companies of a member to those of wish. The version of wish must
// be the one that was read, or it is ErrChanged. Role and companies are nobody's own to change: ErrSelf.
// Who loses rights is logged in no longer.
func (s *Service) Edit(ctx context.Context, by Member, id string, wish Member) (Member, error) {
	wish = wish.tidied()
	if bad := wish.check(); len(bad) > 0 {
		return Member{}, &ProblemError{Fields: bad}
	}
	return s.changeManaged(ctx, by, id, func(m *Member) (*Note, error) {
		if m.Version != wish.Version {
			return nil, ErrChanged
		}
		changed := m.differences(wish)
		if len(changed) == 0 {
			return nil, nil
		}
		rights := slices.ContainsFunc(changed, func(field string) bool { return field == "role" || field == "companies" || field == "exports" })
		switch {
		case rights && m.ID == by.ID:
			return nil, ErrSelf
		case rights && !by.Manages(wish):
			return nil, wrong("companies", "You may give access to your own companies only.")
		case rights:
			m.endLogins()
		}
		m.Email, m.Name, m.Role, m.Everyone, m.Companies = wish.Email, wish.Name, wish.Role, wish.Everyone, wish.Companies
		m.Impersonal = wish.Impersonal
		m.Version++
		n := s.noteOn(by, *m, ActMember, map[string]string{"change": strings.Join(changed, ", ")})
		if slices.Contains(changed, "role") {
			n.Detail["role"] = string(m.Role)
		}
		return n, nil
	})
}

// differences names the fields in which wish is another than m.
func (m Member) differences(wish Member) (fields []string) {
	if m.Email != wish.Email {
		fields = append(fields, "email")
	}
	if m.Name != wish.Name {
		fields = append(fields, "name")
	}
	if m.Role != wish.Role {
		fields = append(fields, "role")
	}
	if m.Everyone != wish.Everyone || !slices.Equal(slices.Sorted(slices.Values(m.Companies)), slices.Sorted(slices.Values(wish.Companies))) {
		fields = append(fields, "companies")
	}
	if m.Impersonal != wish.Impersonal {
		fields = append(fields, "exports")
	}
	return fields
}

// Rename gives a member another name.
func (s *Service) Rename(ctx context.Context, by Member, id, name string) (Member, error) {
	return s.changeManaged(ctx, by, id, s.noted(by, ActMember, map[string]string{"change": "name"}, func(m *Member) error {
		m.Name = strings.TrimSpace(name)
		m.Version++
		if text := m.check()["name"]; text != "" {
			return wrong("name", text)
		}
		return nil
	}))
}

// Disable keeps the member from logging in and ends the member's logins, or lets the member in again.
// Nobody disables themselves, and the last master stays.
func (s *Service) Disable(ctx context.Context, by Member, id string, disabled bool) (Member, error) {
	action := ActMemberEnabled
	if disabled {
		action = ActMemberDisabled
	}
	return s.changeManaged(ctx, by, id, s.noted(by, action, nil, func(m *Member) error {
		if m.ID == by.ID {
			return ErrSelf
		}
		m.Disabled = disabled
		m.Link = Link{}
		m.endLogins()
		return nil
	}))
}

// DropSecondFactor takes authenticator app, passkeys and recovery codes from a member who has lost them.
// One's own are taken away on the profile, with the password: ErrSelf.
func (s *Service) DropSecondFactor(ctx context.Context, by Member, id string) (Member, error) {
	return s.changeManaged(ctx, by, id, s.noted(by, ActFactorOff, map[string]string{"factor": "all"}, func(m *Member) error {
		if m.ID == by.ID {
			return ErrSelf
		}
		m.TOTP, m.Passkeys, m.Recovery = TOTP{}, nil, nil
		m.endLogins()
		return nil
	}))
}

// SetPassword gives the member a new password and ends all of the member's logins. It asks for nothing:
// it is for whoever runs commands on the machine.
func (s *Service) SetPassword(ctx context.Context, id, password string) (Member, error) {
	m, err := s.store.Member(ctx, id)
	if err != nil {
		return Member{}, err
	}
	return s.setPassword(ctx, Operator, m, password, "command line", func(Member) error { return nil })
}

// setPassword hashes outside of the transaction, and stores inside of it if check agrees. With is by what
// right it is set, for the note.
func (s *Service) setPassword(ctx context.Context, by, m Member, password, with string, check func(now Member) error) (Member, error) {
	if text := checkPassword(password, m); text != "" {
		return Member{}, wrong("password", text)
	}
	hash := HashPassword(password)
	return s.store.ChangeMember(ctx, m.ID, s.noted(by, ActPassword, map[string]string{"with": with}, func(now *Member) error {
		if err := check(*now); err != nil {
			return err
		}
		now.Password, now.Link = hash, Link{}
		now.endLogins()
		return nil
	}))
}

// ChangePassword gives the member a new password in exchange for the old one, and ends all of the
// member's logins. It returns a *ProblemError, also for a wrong old password, or a *WaitError.
func (s *Service) ChangePassword(ctx context.Context, m Member, old, password string) (Member, error) {
	if err := s.confirm(ctx, m, old); err != nil {
		return Member{}, err
	}
	return s.setPassword(ctx, m, m, password, "password", func(now Member) error {
		if now.Password != m.Password {
			return ErrRefused
		}
		return nil
	})
}

// confirm checks the password of somebody who is logged in, before something that a stranger at the
// screen must not do.
func (s *Service) confirm(ctx context.Context, m Member, password string) error {
	tries := limit{key: "p:" + m.ID, free: freeTries, keep: forgetAfter}
	if err := s.throttle.allow(tries); err != nil {
		return err
	}
	right, err := passwordIs(ctx, m.Password, password)
	if err != nil {
		return err
	}
	if !right {
		return wrong("current", "This is not your password.")
	}
	s.throttle.passed(tries)
	return nil
}
