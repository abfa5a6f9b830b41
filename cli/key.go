package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dossier/session"
	"dossier/staff"
)

type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Make an API key. It is printed once and stored nowhere."`
	List   keyListCmd   `cmd:"" help:"List the API keys, one JSON object a line."`
	Revoke keyRevokeCmd `cmd:"" help:"End an API key."`
}

type keyAddCmd struct {
	storeSettings
	Company string `help:"The company that the key is for." placeholder:"SLUG"`
	Name    string `help:"What uses it: \"website\"." required:""`
	Write   bool   `help:"The key may hand sessions in, not only read."`
	Lists   bool   `help:"The key may update sanctions lists and start re-screenings, which concern all companies."`
}

// Run makes the key.
func (c *keyAddCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		company, err := a.needCompany(ctx, c.Company)
		if err != nil {
			return err
		}
		k, text, err := a.staff.AddKey(ctx, staff.Key{Company: company.Slug, Name: c.Name, Write: c.Write, Lists: c.Lists})
		if err != nil {
			return err
		}
		if err := a.recordKey(ctx, "added", k); err != nil {
			return err
		}
		return printJSON(env, map[string]any{"id": k.ID, "company": k.Company, "write": k.Write, "lists": k.Lists, "key": text})
	})
}

func (a *appliance) recordKey(ctx context.Context, what string, k staff.Key) error {
	return a.sessions.Record(ctx, session.System, session.ActKey, k.Company, "", map[string]string{"key": k.ID, "change": what})
}

type keyListCmd struct{ storeSettings }

// Run lists the keys, without their secrets.
func (c *keyListCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		all, err := a.staff.Keys(ctx)
		encoder := json.NewEncoder(env.Stdout)
		for _, k := range all {
			err = errors.Join(err, encoder.Encode(struct {
				ID        string    `json:"id"`
				Company   string    `json:"company"`
				Name      string    `json:"name"`
				Write     bool      `json:"write"`
				Lists     bool      `json:"lists"`
				CreatedAt time.Time `json:"created_at"`
				RevokedAt time.Time `json:"revoked_at,omitzero"`
			}{k.ID, k.Company, k.Name, k.Write, k.Lists, k.CreatedAt, k.RevokedAt}))
		}
		return err
	})
}

type keyRevokeCmd struct {
	storeSettings
	ID string `arg:"" help:"The key's id, as dossier key list shows it."`
}

// Run revokes the key.
func (c *keyRevokeCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		k, err := a.staff.RevokeKey(ctx, c.ID)
		if errors.Is(err, staff.ErrNotFound) {
			return fmt.Errorf("there is no key %q", c.ID)
		}
		if err != nil {
			return err
		}
		return a.recordKey(ctx, "revoked", k)
	})
}
