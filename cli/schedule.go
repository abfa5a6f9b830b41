package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"dossier/session"
)

// A timetable is what happens by the clock.
type timetable struct {
	zone     *time.Location
	rescreen cron.Schedule // nil is never
	lists    cron.Schedule
	erasure  cron.Schedule
	backups  backupPlan
}

// schedule reads the cron expressions of the settings.
func (c *serveSettings) schedule(zone *time.Location) (timetable, error) {
	rescreen, err := parseCron("rescreen-at", c.RescreenAt)
	if err != nil {
		return timetable{}, err
	}
	lists, err := parseCron("lists-at", c.ListsAt)
	if len(c.ListSource) == 0 {
		lists = nil
	}
	if err != nil {
		return timetable{}, err
	}
	erasure, err := parseCron("retention-at", c.RetentionAt)
	if err != nil {
		return timetable{}, err
	}
	backups, err := c.plan()
	if err == nil && backups.at != nil && len(backups.recipients) == 0 && c.EncryptionKey.set() {
		err = fmt.Errorf("backup-recipient: the database is encrypted, and its scheduled backups would be in plain text: name an age recipient")
	}
	return timetable{zone: zone, rescreen: rescreen, lists: lists, erasure: erasure, backups: backups}, err
}

// parseCron reads one expression; "" is never. The library panics on some wrong ones ("TZ=0"), which
// must not end the program.
func parseCron(setting, text string) (s cron.Schedule, err error) {
	if text == "" {
		return nil, nil
	}
	defer func() {
		if recover() != nil {
			s, err = nil, fmt.Errorf("%s: %q is no cron expression", setting, text)
		}
	}()
	s, err = cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	return s, nil
}

// start runs the timetable; the function that it returns stops it and waits for the job under way.
func (t timetable) start(ctx context.Context, a *appliance) (stop func()) {
	// SkipIfStillRunning comes first: the other way round, a job that panicked once never runs again.
	log := cronLog{a.log}
	jobs := cron.New(cron.WithLocation(t.zone), cron.WithChain(cron.SkipIfStillRunning(log), cron.Recover(log)))
	add := func(s cron.Schedule, what string, do func() error) {
		if s == nil {
			return
		}
		jobs.Schedule(s, cron.FuncJob(func() {
			if err := do(); err != nil && ctx.Err() == nil {
				a.log.Error(what, "err", err)
			}
		}))
	}
	add(t.rescreen, "scheduled re-screening", func() error {
		_, err := a.sessions.Rescreen(ctx, session.System, "schedule")
		return err
	})
	add(t.lists, "scheduled list update", func() error { return a.sessions.RefreshAll(ctx, session.System) })
	add(t.erasure, "scheduled erasure", func() error {
		_, err := a.sessions.EraseDue(ctx, session.System, nil)
		return err
	})
	add(t.backups.at, "scheduled backup", func() error { return a.scheduledBackup(ctx, t.backups) })
	jobs.Start()
	return func() { <-jobs.Stop().Done() }
}

// cronLog says in our log what the scheduler says.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.log.Debug("schedule: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.log.Error("schedule: "+msg, append(args, "err", err)...)
}
