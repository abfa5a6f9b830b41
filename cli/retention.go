package cli

import (
	"context"
	"encoding/json"
	"strings"

	"dossier/session"
)

type retentionCmd struct {
	storeSettings
	DryRun bool `help:"Erase nothing: show what is due."`
}

// Run prints a line for each session whose record or photos are due, and a summary.
func (c *retentionCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		lines := json.NewEncoder(env.Stdout)
		if !c.DryRun {
			run, err := a.sessions.EraseDue(ctx, session.System, func(d session.Due) error { return lines.Encode(d) })
			if err != nil {
				return err
			}
			return lines.Encode(run)
		}
		sum := retentionSummary{DryRun: true}
		for d, err := range a.sessions.DueForErasure(ctx, session.System) {
			if err != nil {
				return err
			}
			sum.add(d)
			if err := lines.Encode(d); err != nil {
				return err
			}
		}
		return lines.Encode(sum)
	})
}

// A retentionSummary is what a run would do.
type retentionSummary struct {
	DryRun  bool `json:"dry_run"`
	Records int  `json:"records"`
	Photos  int  `json:"photos"`
	Held    int  `json:"held"`
}

func (s *retentionSummary) add(d session.Due) {
	switch {
	case d.Held:
		s.Held++
	case d.What == session.EraseRecord:
		s.Records++
	default:
		s.Photos++
	}
}

type eraseCmd struct {
	storeSettings
	Session string `arg:"" help:"Id of the session."`
	Reason  string `help:"Why before its date: ${erasure_reasons}." placeholder:"REASON"`
}

// Run erases the session and takes it out of the files.
func (c *eraseCmd) Run(env *Env) error {
	id, err := session.ParseID(c.Session)
	if err != nil {
		return err
	}
	return c.with(env, func(ctx context.Context, a *appliance) error {
		if err := a.sessions.Erase(ctx, session.System, id, c.Reason); err != nil {
			return err
		}
		if err := a.sessions.Purge(ctx, session.System); err != nil {
			return err
		}
		return printJSON(env, map[string]any{"erased": id})
	})
}

// erasureReasons names the reasons, for the help.
func erasureReasons() string {
	var codes []string
	for _, r := range session.ErasureReasons {
		codes = append(codes, r.Code)
	}
	return strings.Join(codes, ", ")
}
