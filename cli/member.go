package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dossier/staff"
)

type memberCmd struct {
	Add             memberAddCmd     `cmd:"" help:"Add somebody who may log in."`
	Invite          memberInviteCmd  `cmd:"" help:"Add somebody who chooses the password with a link, which is printed."`
	List            memberListCmd    `cmd:"" help:"List the members, one JSON object a line."`
	Reset           memberResetCmd   `cmd:"" help:"Give a member a new password; ends the member's logins."`
	SecondFactorOff memberFactorsCmd `cmd:"" help:"Take authenticator app, passkeys and recovery codes from a member who has lost them."`
	Disable         memberDisableCmd `cmd:"" help:"Keep a member from logging in; ends the member's logins."`
	Enable          memberEnableCmd  `cmd:"" help:"Let a disabled member log in again."`
}

// newMember is how commands describe one.
type newMember struct {
	Email   string     `arg:"" help:"E-mail address, to log in with."`
	Name    string     `help:"Name to show." required:""`
	Role    staff.Role `help:"master, agent or auditor." enum:"master,agent,auditor" default:"agent"`
	Company []string   `help:"Companies that the member sees; all where none is named." placeholder:"SLUG"`
}

func (n newMember) member(ctx context.Context, a *appliance) (staff.Member, error) {
	for _, slug := range n.Company {
		if _, err := a.needCompany(ctx, slug); err != nil {
			return staff.Member{}, err
		}
	}
	return staff.Member{Email: n.Email, Name: n.Name, Role: n.Role, Companies: n.Company, Everyone: len(n.Company) == 0}, nil
}

type memberAddCmd struct {
	storeSettings
	password
	newMember
}

// Run adds the member.
func (c *memberAddCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		m, err := c.member(ctx, a)
		if err != nil {
			return err
		}
		password, err := c.read(env)
		if err != nil {
			return err
		}
		_, err = a.staff.AddMember(ctx, m, password)
		return err
	})
}

type memberInviteCmd struct {
	storeSettings
	newMember
	addressSettings
}

// Run adds the member and prints the link.
func (c *memberInviteCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		m, err := c.member(ctx, a)
		if err != nil {
			return err
		}
		m, token, err := a.staff.Invite(ctx, staff.Operator, m)
		if err != nil {
			return err
		}
		base := strings.TrimRight(c.BaseURL, "/")
		if base == "" {
			base = c.here()
			fmt.Fprintf(env.Stderr, "note: base-url is not set, so the link has the address that serve listens on, %s; put the name in its place by which %s reaches this server\n", base, m.Email)
		}
		return printJSON(env, map[string]any{"email": m.Email, "until": m.Link.Until, "link": base + "/set-password?token=" + token})
	})
}

type memberListCmd struct{ storeSettings }

// Run lists the members, without their secrets.
func (c *memberListCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		all, err := a.staff.Members(ctx)
		encoder := json.NewEncoder(env.Stdout)
		for _, m := range all {
			err = errors.Join(err, encoder.Encode(struct {
				Email        string      `json:"email"`
				Name         string      `json:"name"`
				Role         staff.Role  `json:"role"`
				Everyone     bool        `json:"everyone"`
				Companies    []string    `json:"companies,omitempty"`
				State        staff.State `json:"state"`
				SecondFactor bool        `json:"second_factor"`
				LastLogin    time.Time   `json:"last_login,omitzero"`
			}{m.Email, m.Name, m.Role, m.Everyone, m.Companies, m.State(), m.SecondFactor(), m.LastLogin}))
		}
		return err
	})
}

// namedMember is a command about one member.
type namedMember struct {
	storeSettings
	Email string `arg:"" help:"The member's e-mail address."`
}

// do changes the member.
func (c namedMember) do(env *Env, change func(ctx context.Context, a *appliance, id string) (staff.Member, error)) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		m, err := a.staff.ByEmail(ctx, c.Email)
		if err == nil {
			_, err = change(ctx, a, m.ID)
		}
		switch {
		case errors.Is(err, staff.ErrNotFound):
			return fmt.Errorf("there is no member %s", c.Email)
		case errors.Is(err, staff.ErrLastMaster):
			return fmt.Errorf("%s is the last master of all companies: make another one first", c.Email)
		}
		return err
	})
}

type memberResetCmd struct {
	namedMember
	password
}

// Run sets the password.
func (c *memberResetCmd) Run(env *Env) error {
	return c.do(env, func(ctx context.Context, a *appliance, id string) (staff.Member, error) {
		password, err := c.read(env)
		if err != nil {
			return staff.Member{}, err
		}
		return a.staff.SetPassword(ctx, id, password)
	})
}

type memberFactorsCmd struct{ namedMember }

// Run takes the second factor away.
func (c *memberFactorsCmd) Run(env *Env) error {
	return c.do(env, func(ctx context.Context, a *appliance, id string) (staff.Member, error) {
		return a.staff.DropSecondFactor(ctx, staff.Operator, id)
	})
}

type memberDisableCmd struct{ namedMember }

// Run disables the member.
func (c *memberDisableCmd) Run(env *Env) error {
	return c.do(env, func(ctx context.Context, a *appliance, id string) (staff.Member, error) {
		return a.staff.Disable(ctx, staff.Operator, id, true)
	})
}

type memberEnableCmd struct{ namedMember }

// Run enables the member.
func (c *memberEnableCmd) Run(env *Env) error {
	return c.do(env, func(ctx context.Context, a *appliance, id string) (staff.Member, error) {
		return a.staff.Disable(ctx, staff.Operator, id, false)
	})
}
