package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"dossier/session"
	"dossier/staff"
)

// password is how commands take one: from a terminal unseen, or as a line of the standard input.
type password struct {
	Stdin    bool `name:"password-stdin" help:"Read the password as a line of the standard input."`
	Generate bool `name:"generate-password" help:"Make a password and print it."`
}

func (p password) read(env *Env) (string, error) {
	f, isFile := env.Stdin.(*os.File)
	switch {
	case p.Generate:
		text := rand.Text()
		fmt.Fprintln(env.Stdout, "password:", text)
		return text, nil
	case p.Stdin:
		line, err := bufio.NewReader(env.Stdin).ReadString('\n')
		if line == "" && err != nil {
			return "", fmt.Errorf("no password came on the standard input: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	case isFile && term.IsTerminal(int(f.Fd())):
		fmt.Fprint(env.Stderr, "Password: ")
		text, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(env.Stderr)
		return string(text), err
	}
	return "", fmt.Errorf("there is no terminal to ask for the password: use --password-stdin or --generate-password")
}

type memberCmd struct {
	Add     memberAddCmd     `cmd:"" help:"Add somebody who may log in."`
	List    memberListCmd    `cmd:"" help:"List the members, one JSON object a line."`
	Reset   memberResetCmd   `cmd:"" help:"Give a member a new password; ends the member's logins."`
	Disable memberDisableCmd `cmd:"" help:"Keep a member from logging in; ends the member's logins."`
	Enable  memberEnableCmd  `cmd:"" help:"Let a disabled member log in again."`
}

type memberAddCmd struct {
	storeSettings
	password
	Email   string     `arg:"" help:"E-mail address, to log in with."`
	Name    string     `help:"Name to show." required:""`
	Role    staff.Role `help:"master, agent or auditor." enum:"master,agent,auditor" default:"agent"`
	Company []string   `help:"Companies that the member sees; all where none is named." placeholder:"SLUG"`
}

// Run adds the member.
func (c *memberAddCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		for _, slug := range c.Company {
			if _, err := a.needCompany(ctx, slug); err != nil {
				return err
			}
		}
		password, err := c.read(env)
		if err != nil {
			return err
		}
		m, err := a.staff.AddMember(ctx, staff.Member{Email: c.Email, Name: c.Name, Role: c.Role, Companies: c.Company, Everyone: len(c.Company) == 0}, password)
		if err != nil {
			return err
		}
		return a.recordMember(ctx, "added", m)
	})
}

func (a *appliance) recordMember(ctx context.Context, what string, m staff.Member) error {
	return a.sessions.Record(ctx, session.System, session.ActMember, "", "", map[string]string{"member": m.ID, "change": what, "role": string(m.Role)})
}

type memberListCmd struct{ storeSettings }

// Run lists the members, without their secrets.
func (c *memberListCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		all, err := a.staff.Members(ctx)
		encoder := json.NewEncoder(env.Stdout)
		for _, m := range all {
			err = errors.Join(err, encoder.Encode(struct {
				Email     string     `json:"email"`
				Name      string     `json:"name"`
				Role      staff.Role `json:"role"`
				Everyone  bool       `json:"everyone"`
				Companies []string   `json:"companies,omitempty"`
				Disabled  bool       `json:"disabled"`
				LastLogin time.Time  `json:"last_login,omitzero"`
			}{m.Email, m.Name, m.Role, m.Everyone, m.Companies, m.Disabled, m.LastLogin}))
		}
		return err
	})
}

type memberResetCmd struct {
	storeSettings
	password
	Email string `arg:"" help:"The member's e-mail address."`
}

// Run sets the password.
func (c *memberResetCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		password, err := c.read(env)
		if err != nil {
			return err
		}
		m, err := a.staff.SetPassword(ctx, c.Email, password)
		if err != nil {
			return noMember(err, c.Email)
		}
		return a.recordMember(ctx, "password", m)
	})
}

type memberDisableCmd struct {
	storeSettings
	Email string `arg:"" help:"The member's e-mail address."`
}

// Run disables the member.
func (c *memberDisableCmd) Run(env *Env) error {
	return c.storeSettings.disable(env, c.Email, true)
}

type memberEnableCmd struct {
	storeSettings
	Email string `arg:"" help:"The member's e-mail address."`
}

// Run enables the member.
func (c *memberEnableCmd) Run(env *Env) error {
	return c.storeSettings.disable(env, c.Email, false)
}

func (s storeSettings) disable(env *Env, email string, disabled bool) error {
	return s.with(env, func(ctx context.Context, a *appliance) error {
		m, err := a.staff.Disable(ctx, email, disabled)
		if err != nil {
			return noMember(err, email)
		}
		return a.recordMember(ctx, map[bool]string{true: "disabled", false: "enabled"}[disabled], m)
	})
}

func noMember(err error, email string) error {
	switch {
	case errors.Is(err, staff.ErrNotFound):
		return fmt.Errorf("there is no member %s", email)
	case errors.Is(err, staff.ErrLastMaster):
		return fmt.Errorf("%s is the last master: make another one first", email)
	}
	return err
}

type setupCmd struct {
	storeSettings
	password
	Company     string `help:"Short name of the first company, for URLs: a-z, 0-9 and -." required:"" placeholder:"SLUG"`
	CompanyName string `help:"Its full name." placeholder:"NAME"`
	Email       string `help:"E-mail address of the first master." required:""`
	Name        string `help:"The master's name." required:""`
}

// Run makes the first company and master. It refuses where there is a member already.
func (c *setupCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		members, err := a.staff.Members(ctx)
		if err != nil {
			return err
		}
		if len(members) > 0 {
			return fmt.Errorf("this installation is set up already; dossier member add adds people")
		}
		password, err := c.read(env)
		if err != nil {
			return err
		}
		name := c.CompanyName
		if name == "" {
			name = c.Company
		}
		company := session.NewCompany(c.Company, name, time.Now().UTC())
		if _, err := a.sessions.SaveCompany(ctx, session.System, company, ""); err != nil && session.CodeOf(err) != session.Conflict {
			return err
		}
		m, err := a.staff.AddMember(ctx, staff.Member{Email: c.Email, Name: c.Name, Role: staff.Master, Everyone: true}, password)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.Stderr, "made the company %s and the master %s in %s\n", company.Slug, m.Email, c.Data)
		return a.recordMember(ctx, "set up", m)
	})
}
