package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"dossier/report"
	"dossier/session"
)

type listsReportCmd struct {
	storeSettings
	From    string `help:"First day, YYYY-MM-DD (UTC)." placeholder:"DATE"`
	To      string `help:"Last day." placeholder:"DATE"`
	RunID   string `name:"run" help:"A run instead of a period." placeholder:"ID"`
	Company string `help:"Only this company." placeholder:"SLUG"`
	Format  string `help:"pdf or csv." enum:"pdf,csv" default:"pdf"`
	Out     string `short:"o" help:"File to write; the standard output without it." type:"path" placeholder:"FILE"`
}

func (c *listsReportCmd) wish() (w session.ReportWish, err error) {
	if c.Company != "" {
		w.Companies = []string{c.Company}
	}
	if w.Run = c.RunID; w.Run != "" {
		return w, nil
	}
	for _, day := range []struct {
		flag, text string
		into       *time.Time
	}{{"from", c.From, &w.From}, {"to", c.To, &w.To}} {
		if *day.into, err = time.Parse(time.DateOnly, day.text); err != nil {
			return w, fmt.Errorf("--%s: give a day such as 2026-03-01, or --run ID", day.flag)
		}
	}
	w.To = w.To.AddDate(0, 0, 1)
	return w, nil
}

// Run writes the report.
func (c *listsReportCmd) Run(env *Env) error {
	wish, err := c.wish()
	if err != nil {
		return err
	}
	return c.with(env, func(ctx context.Context, a *appliance) (err error) {
		data := report.Screenings{By: "Dossier", Names: a.nameOf(ctx)}
		if c.Company != "" {
			if data.Company, err = a.sessions.Company(ctx, session.System, c.Company); err != nil {
				return err
			}
		}
		if data.ScreeningReport, err = a.sessions.ScreeningReport(ctx, session.System, wish); err != nil {
			return err
		}
		return env.writeOut(cmp.Or(c.Out, "-"), func(w io.Writer) error {
			if c.Format == "csv" {
				return report.ScreeningsCSV(w, data)
			}
			return report.WriteScreenings(w, data)
		})
	})
}

// nameOf says what to call members; others are called by their ids.
func (a *appliance) nameOf(ctx context.Context) func(string) string {
	names := map[string]string{}
	members, err := a.staff.Members(ctx)
	if err != nil {
		a.log.Warn("read the members", "err", err)
	}
	for _, m := range members {
		names["member:"+m.ID] = m.Name
	}
	return func(id string) string {
		if name, ok := names[id]; ok {
			return name
		}
		return id
	}
}
