package cli

import (
	"bufio"
	"context"
	"crypto/rand"
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
		return nil
	})
}
