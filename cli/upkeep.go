package cli

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dossier/session"
)

type rescreenCmd struct{ storeSettings }

// Run screens everybody again and prints the run's record.
func (c *rescreenCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		run, err := a.sessions.Rescreen(ctx, session.System, "manual")
		if err != nil {
			return err
		}
		if err := a.sessions.Drain(ctx); err != nil {
			return err
		}
		if run, err = a.sessions.RunRecord(ctx, session.System, run.ID); err != nil {
			return err
		}
		return printJSON(env, run)
	})
}

type reindexCmd struct{ storeSettings }

// Run builds the index anew.
func (c *reindexCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		began := time.Now()
		if err := a.sessions.Reindex(ctx, session.System); err != nil {
			return err
		}
		n, err := a.sessions.Count(ctx)
		if err != nil {
			return err
		}
		return printJSON(env, map[string]any{"sessions": n, "seconds": time.Since(began).Seconds()})
	})
}

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Prove that the chain of audit events is whole."`
}

type auditVerifyCmd struct{ storeSettings }

// Run walks the chain and names the first broken link.
func (c *auditVerifyCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		n, err := a.sessions.VerifyAudit(ctx, session.System)
		if err != nil {
			return fmt.Errorf("the audit chain is broken after event %d: %w", n, err)
		}
		return printJSON(env, map[string]any{"events": n, "whole": true})
	})
}

type healthCmd struct {
	URL string `help:"Address of the server; by default that of --addr, with the path of --base-url." placeholder:"URL"`
	addressSettings
}

// address is where the server is asked.
func (c *healthCmd) address() (string, error) {
	if c.URL != "" {
		return c.URL, nil
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return "", fmt.Errorf("base-url: %w", err)
	}
	return c.here() + base.Path, nil
}

// Run exits with 0 when the server says that it is ready.
func (c *healthCmd) Run(env *Env) error {
	address, err := c.address()
	if err != nil {
		return err
	}
	// The certificate names the public host, and this asks the machine itself.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	ctx, cancel := context.WithTimeout(env.Ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the server does not answer at %s: %w", address, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", res.Status)
	}
	_, err = fmt.Fprintln(env.Stdout, "ready")
	return err
}
