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

	Export companyExportCmd `cmd:"" help:"Write the settings of a company as a file that import takes."`
	Import companyImportCmd `cmd:"" help:"Replace the settings of a company by those of an exported file, and print what changed."`
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
	data, err := readSettings(env, c.File)
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

// readSettings reads a file of settings; - is the standard input.
func readSettings(env *Env, file string) ([]byte, error) {
	in := env.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, 1<<20))
}

type companyExportCmd struct {
	storeSettings
	Slug string `arg:"" help:"The company."`
}

// Run writes the settings to the standard output.
func (c *companyExportCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		file, err := a.sessions.ExportSettings(ctx, session.System, c.Slug)
		if err != nil {
			return err
		}
		_, err = env.Stdout.Write(file)
		return err
	})
}

type companyImportCmd struct {
	storeSettings
	Slug   string `arg:"" help:"The company."`
	File   string `arg:"" optional:"" default:"-" help:"File that dossier company export wrote; - is the standard input."`
	Reason string `help:"Why; the history of the settings shows it." default:"imported on the command line"`
	DryRun bool   `help:"Only print what would change."`
}

// Run prints each difference as a line of JSON, and then the version in force.
func (c *companyImportCmd) Run(env *Env) error {
	data, err := readSettings(env, c.File)
	if err != nil {
		return err
	}
	return c.with(env, func(ctx context.Context, a *appliance) error {
		before, err := a.sessions.Company(ctx, session.System, c.Slug)
		if err != nil {
			return err
		}
		company, err := a.sessions.ReadSettings(ctx, session.System, c.Slug, data)
		if err != nil {
			return err
		}
		for _, d := range session.Compare(before, company) {
			err = errors.Join(err, printJSON(env, d))
		}
		if err != nil {
			return err
		}
		if c.DryRun {
			return a.sessions.MaySave(ctx, session.System, company)
		}
		company, err = a.sessions.SaveCompany(ctx, session.System, company, c.Reason)
		if err != nil {
			return err
		}
		return printJSON(env, map[string]int{"version": company.Version})
	})
}
