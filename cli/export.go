package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dossier/report"
	"dossier/session"
)

type exportCmd struct {
	storeSettings
	Format string `help:"ndjson (everything) or csv (a table)." enum:"ndjson,csv" default:"ndjson"`
	Out    string `help:"File to write; - is the standard output." default:"-" short:"o" placeholder:"FILE"`
	Photos string `help:"Write the photos too, each session's in a folder of its own below DIR." placeholder:"DIR" type:"path"`
}

// Run writes all sessions, oldest first.
func (c *exportCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) (err error) {
		out := io.Writer(env.Stdout)
		if c.Out != "-" {
			f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			out = f
		}
		buffered := bufio.NewWriter(out)
		if err := c.write(ctx, a, buffered); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
		return a.sessions.Record(ctx, session.System, session.ActExport, "", "", map[string]string{"format": c.Format})
	})
}

func (c *exportCmd) write(ctx context.Context, a *appliance, out io.Writer) error {
	all := a.sessions.Each(ctx, session.System)
	if c.Format == "csv" {
		if err := report.CSV(out, all, report.CSVOptions{Personal: true}); err != nil || c.Photos == "" {
			return err
		}
	}
	encoder := json.NewEncoder(out)
	for got, err := range all {
		if err != nil {
			return err
		}
		if c.Format == "ndjson" {
			if err := encoder.Encode(got); err != nil {
				return err
			}
		}
		if c.Photos != "" {
			if err := c.writePhotos(ctx, a, got); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (c *exportCmd) writePhotos(ctx context.Context, a *appliance, got session.Session) error {
	dir := filepath.Join(c.Photos, string(got.ID))
	for i, p := range got.Photos {
		data, _, err := a.sessions.Photo(ctx, session.System, got.ID, p.SHA256, 0)
		if err != nil {
			return fmt.Errorf("session %s, %s: %w", got.ID, p.Kind, err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		name := fmt.Sprintf("%02d-%s-%d.%s", i+1, p.Kind, p.Attempt, strings.TrimPrefix(p.ContentType, "image/"))
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
