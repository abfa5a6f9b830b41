package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"dossier/demo"
	"dossier/server"
)

// shutdownTime is how long requests under way may take when the program is asked to stop.
const shutdownTime = 10 * time.Second

type serveSettings struct {
	storeSettings
	sourceSettings
	backupSettings
	metricsSettings
	addressSettings
	TLSKey              string   `group:"Settings" help:"Key file of the certificate (PEM)." type:"path" placeholder:"FILE"`
	TrustedProxy        []string `group:"Settings" help:"Addresses or networks of proxies whose X-Forwarded-For is believed." placeholder:"CIDR"`
	Timezone            string   `group:"Settings" help:"Time zone of pages and of what happens by the clock." default:"UTC"`
	RequireSecondFactor bool     `group:"Settings" help:"Nobody goes on without a second factor: who has none is led to set one up."`
	RescreenAt          string   `group:"Settings" help:"When everybody is screened again, as a cron expression; empty is never." default:"0 3 * * *"`
	RetentionAt         string   `group:"Settings" help:"When what was kept long enough is erased, as a cron expression; empty is never." default:"30 2 * * *"`
	ListsAt             string   `group:"Settings" help:"When lists with a source are fetched, as a cron expression; empty is never." default:"15 1,7,13,19 * * *"`
}

type serveCmd struct {
	serveSettings
	Demo bool `help:"Serve invented people from a throw-away directory, or from the empty one that --data names."`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(env *Env, ctx *kong.Context) (err error) {
	RunAhead()
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return fmt.Errorf("timezone: %w", err)
	}
	jobs, err := c.schedule(zone)
	if err = errors.Join(err, c.metricsSettings.check()); err != nil {
		return err
	}
	if c.Demo {
		remove, err := c.demoDirectory(named(ctx, "data"))
		if err != nil {
			return err
		}
		defer remove()
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	log := c.logger(env.Stderr)
	c.paced = true
	c.upgrade = jobs.backups.beforeUpgrade(env.Ctx, log)
	clock := &demo.Clock{}
	a, err := c.open(env.Ctx, log, c.sourceSettings, clock.Now)
	if err != nil {
		return err
	}
	defer a.closeInto(&err)
	defer a.control(c.socket())()

	if c.BaseURL == "" {
		c.BaseURL = c.scheme() + "://" + listener.Addr().String()
	}
	web, err := server.New(server.Options{Sessions: a.sessions, Staff: a.staff, Log: log, Now: clock.Now, Zone: zone,
		BaseURL: c.BaseURL, RequireSecondFactor: c.RequireSecondFactor, TrustedProxies: c.TrustedProxy, Version: Version, Ready: a.ready, GeoIP: a.countries.About,
		Figures: c.figures(a, jobs.backups.at, zone), MetricsToken: c.MetricsToken})
	if err != nil {
		return err
	}
	stopMetrics, err := c.serveMetrics(web.MetricsHandler(), log)
	if err != nil {
		return err
	}
	defer stopMetrics()
	if err := c.greet(env, a, clock); err != nil {
		return err
	}
	defer a.work(jobs)()
	fmt.Fprintln(env.Stdout, "listening on", c.BaseURL)
	return serveUntil(env.Ctx, web, listener)
}

// work does what nobody waits for, until the returned function is called: that tells what is under way to
// stop first, and then waits for it.
func (a *appliance) work(jobs timetable) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { a.sessions.Work(ctx) })
	working.Go(func() { collectGarbage(ctx, a) })
	working.Go(func() { a.checkDaily(ctx) })
	stopJobs := jobs.start(ctx, a)
	return func() {
		cancel()
		stopJobs()
		working.Wait()
	}
}

// serveUntil serves until ctx ends, then lets requests under way finish.
func serveUntil(ctx context.Context, web *server.Server, listener net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := web.Shutdown(ending); err != nil {
		return fmt.Errorf("some requests did not finish in %s: %w", shutdownTime, err)
	}
	return <-served
}

// collectGarbage gives space of the value log back, once an hour.
func collectGarbage(ctx context.Context, a *appliance) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
			if err := a.db.CollectGarbage(ctx); err != nil {
				a.log.Warn("value log garbage collection", "err", err)
			}
		}
	}
}

// When the database is looked at: soon after the start, but not while everybody wants its first page.
const (
	firstCheck = 2 * time.Minute
	checkEvery = 24 * time.Hour
)

// checkDaily looks for damages that nobody would meet for a while.
func (a *appliance) checkDaily(ctx context.Context) {
	wait := time.NewTimer(firstCheck)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
			a.check(ctx)
			wait.Reset(checkEvery)
		}
	}
}

// check looks at the database; its outcome is in the log, on the page System and in the metrics.
func (a *appliance) check(ctx context.Context) {
	err := a.db.Check(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		a.log.Error("the database is damaged", "err", err)
	}
	a.damage.Store(&err)
}

// greet prints what somebody at the console needs to get in.
func (c *serveCmd) greet(env *Env, a *appliance, clock *demo.Clock) error {
	if c.Demo {
		return fillDemo(env, a, clock)
	}
	members, err := a.staff.Members(env.Ctx)
	if err != nil || len(members) > 0 {
		return err
	}
	token, err := a.staff.BeginSetup(env.Ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "first start: open %s/setup?token=%s within 30 minutes to make the first company and master\n", c.BaseURL, token)
	return err
}
