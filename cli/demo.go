package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"

	"dossier/demo"
	"dossier/session"
	"dossier/staff"
)

// demoMembers are who can log in to the demo. All have the same password, made anew at each start.
var demoMembers = []staff.Member{
	{Email: "master@demo.example", Name: "Mira Demo", Role: staff.Master, Everyone: true},
	{Email: "agent@demo.example", Name: "Adam Demo", Role: staff.Agent, Everyone: true},
	{Email: "acme@demo.example", Name: "Ada Demo", Role: staff.Agent, Companies: []string{demo.Acme}},
	{Email: "auditor@demo.example", Name: "Otto Demo", Role: staff.Auditor, Everyone: true},
}

// demoDirectory makes a throw-away data directory; remove takes it away again. A folder that was named
// on the command line is used and kept, if it is empty: invented people never come among real ones.
func (c *serveCmd) demoDirectory(named bool) (remove func(), err error) {
	if !named {
		c.Data, err = os.MkdirTemp("", "dossier-demo-")
		return func() { os.RemoveAll(c.Data) }, err
	}
	files, err := os.ReadDir(c.Data)
	if err != nil && !notExist(err) {
		return nil, err
	}
	if len(files) > 0 {
		return nil, fmt.Errorf("%s is not empty: serve it without --demo, or name an empty folder for the demo", c.Data)
	}
	return func() {}, nil
}

// named reports whether a flag was given on the command line itself.
func named(ctx *kong.Context, flag string) bool {
	for _, p := range ctx.Path {
		if p.Flag != nil && p.Flag.Name == flag && !p.Resolved {
			return true
		}
	}
	return false
}

// fillDemo puts the invented people in, and prints how to get at them.
func fillDemo(env *Env, a *appliance, clock *demo.Clock) error {
	ctx := env.Ctx
	password := rand.Text()
	actors := map[staff.Role]session.Actor{}
	first, err := a.staff.AddMember(ctx, demoMembers[0], password)
	for i := 0; err == nil && i < len(demoMembers); i++ {
		made := first
		if i > 0 {
			made, err = a.staff.AddMemberLike(ctx, demoMembers[i], first)
		}
		if _, known := actors[made.Role]; !known {
			actors[made.Role] = session.Actor{ID: "member:" + made.ID, Name: made.Name, Everyone: true, May: session.System.May}
		}
	}
	if err != nil {
		return err
	}
	// Drawing makes much garbage in a short time, and somebody is waiting.
	defer debug.SetGCPercent(debug.SetGCPercent(600))
	by := demo.Reviewers{Agent: actors[staff.Agent], Master: actors[staff.Master]}
	if err := demo.Load(ctx, a.sessions, clock, time.Now(), by); err != nil {
		return err
	}
	if err := a.sessions.Reindex(ctx, session.System); err != nil {
		return err
	}
	_, key, err := a.staff.AddKey(ctx, staff.Operator, staff.Key{Company: demo.Acme, Name: "demo", Write: true, Lists: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, "demo login:", demoMembers[0].Email, password)
	for _, m := range demoMembers[1:] {
		fmt.Fprintf(env.Stdout, "also %s (%s, same password)\n", m.Email, m.Role)
	}
	_, err = fmt.Fprintln(env.Stdout, "demo api key:", key)
	return err
}

// seedCmd makes sessions for trials of size.
type seedCmd struct {
	storeSettings
	Sessions int    `help:"How many." default:"1000"`
	Photos   bool   `help:"Draw the documents and faces too; slow."`
	Seed     uint64 `name:"rng-seed" help:"The same seed gives the same people." default:"1"`
}

// Run tells the invented past in the order of time, so that rules and screening see each session as of
// its day. Where there is no company or list yet, it makes those of the demo.
func (c *seedCmd) Run(env *Env) (err error) {
	if c.Sessions < 1 || c.Sessions > 10_000_000 {
		return fmt.Errorf("sessions: make 1 to 10,000,000")
	}
	clock := &demo.Clock{}
	a, err := c.open(env.Ctx, c.logger(env.Stderr), sourceSettings{}, clock.Now)
	if err != nil {
		return err
	}
	defer a.closeInto(&err)
	if err := a.prepareTrial(env.Ctx); err != nil {
		return err
	}
	began := time.Now()
	bar := newBar(env.Stderr, int64(c.Sessions), "seeding")
	if err := demo.Seed(env.Ctx, a.sessions, clock, demo.SeedOptions{Now: began, Sessions: c.Sessions, Seed: c.Seed, Photos: c.Photos, Step: func(n int) { bar.Add(n) }}); err != nil {
		return err
	}
	if err := bar.Finish(); err != nil {
		return err
	}
	if err := a.sessions.Reindex(env.Ctx, session.System); err != nil {
		return err
	}
	return printJSON(env, map[string]any{"sessions": c.Sessions, "seconds": time.Since(began).Seconds()})
}

// prepareTrial makes sure that invented sessions have companies to belong to and a list to meet.
func (a *appliance) prepareTrial(ctx context.Context) error {
	for _, company := range demo.Companies(time.Now().UTC()) {
		if _, err := a.sessions.SaveCompany(ctx, session.System, company, ""); err != nil && session.CodeOf(err) != session.Conflict {
			return err
		}
	}
	lists, err := a.sessions.Lists(session.System)
	if err != nil || len(lists) > 0 {
		return err
	}
	if _, err := a.sessions.UpdateList(ctx, session.System, session.ListUpdate{List: demo.ListID, Source: "demo/list.csv", Raw: demo.ListCSV()}); err != nil {
		return err
	}
	return a.sessions.Drain(ctx)
}
