package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"dossier/session"
)

type companyCmd struct {
	Add  companyAddCmd  `cmd:"" help:"Add a company, with default settings."`
	List companyListCmd `cmd:"" help:"List the companies with their settings, one JSON object a line."`
	Set  companySetCmd  `cmd:"" help:"Change settings of a company: a JSON object of those that change, from a file or the standard input."`
}

type companyAddCmd struct {
	storeSettings
	Slug string `arg:"" help:"Short name, for URLs: a-z, 0-9 and -."`
	Name string `help:"Full name." required:""`
}

// Run adds the company.
func (c *companyAddCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		company := session.NewCompany(c.Slug, c.Name, time.Now().UTC())
		_, err := a.sessions.SaveCompany(ctx, session.System, company, "")
		if session.CodeOf(err) == session.Conflict {
			return fmt.Errorf("there is a company %q already", c.Slug)
		}
		return err
	})
}

type companyListCmd struct{ storeSettings }

// Run lists the companies.
func (c *companyListCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		all, err := a.sessions.Companies(ctx, session.System)
		encoder := json.NewEncoder(env.Stdout)
		for _, company := range all {
			err = errors.Join(err, encoder.Encode(company))
		}
		return err
	})
}

type companySetCmd struct {
	storeSettings
	Slug   string `arg:"" help:"The company."`
	Reason string `help:"Why; the history of the settings shows it." default:"changed on the command line"`
	File   string `arg:"" optional:"" default:"-" help:"File with the settings, such as {\"minimum_age\": 21}; - is the standard input."`
}

// Run changes the settings that the object names, and leaves the others.
func (c *companySetCmd) Run(env *Env) error {
	in := env.Stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return err
	}
	return c.with(env, func(ctx context.Context, a *appliance) error {
		company, err := a.sessions.Company(ctx, session.System, c.Slug)
		if err != nil {
			return err
		}
		if err := session.Decode(data, &company.Settings); err != nil {
			return err
		}
		company, err = a.sessions.SaveCompany(ctx, session.System, company, c.Reason)
		if err != nil {
			return err
		}
		return printJSON(env, company)
	})
}
