package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dossier/staff"
)

type keyCmd struct {
	Add    keyAddCmd    `cmd:"" help:"Make an API key. It is printed once and stored nowhere."`
	List   keyListCmd   `cmd:"" help:"List the API keys, one JSON object a line."`
	Revoke keyRevokeCmd `cmd:"" help:"End an API key."`
}

type keyAddCmd struct {
	storeSettings
	Company  string `help:"The company that the key is for." placeholder:"SLUG"`
	Name     string `help:"What uses it: \"website\"." required:""`
	Write    bool   `help:"The key may hand sessions in, not only read."`
	Lists    bool   `help:"The key may update sanctions lists and start re-screenings, which concern all companies."`
	Settings bool   `help:"The key may read and change the company's settings, and give cases to members."`
}

// Run makes the key.
func (c *keyAddCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		company, err := a.needCompany(ctx, c.Company)
		if err != nil {
			return err
		}
		k, text, err := a.staff.AddKey(ctx, staff.Operator, staff.Key{Company: company.Slug, Name: c.Name, Write: c.Write, Lists: c.Lists, Settings: c.Settings})
		if err != nil {
			return err
		}
		return printJSON(env, map[string]any{"id": k.ID, "company": k.Company, "write": k.Write, "lists": k.Lists, "settings": k.Settings, "key": text})
	})
}

type keyListCmd struct{ storeSettings }

// Run lists the keys, without their secrets.
func (c *keyListCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		all, err := a.staff.Keys(ctx, staff.Operator)
		encoder := json.NewEncoder(env.Stdout)
		for _, k := range all {
			err = errors.Join(err, encoder.Encode(struct {
				ID        string    `json:"id"`
				Company   string    `json:"company"`
				Name      string    `json:"name"`
				Write     bool      `json:"write"`
				Lists     bool      `json:"lists"`
				Settings  bool      `json:"settings"`
				CreatedAt time.Time `json:"created_at"`
				RevokedAt time.Time `json:"revoked_at,omitzero"`
			}{k.ID, k.Company, k.Name, k.Write, k.Lists, k.Settings, k.CreatedAt, k.RevokedAt}))
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
		_, err := a.staff.RevokeKey(ctx, staff.Operator, c.ID)
		if errors.Is(err, staff.ErrNotFound) {
			return fmt.Errorf("there is no key %q", c.ID)
		}
		return err
	})
}
