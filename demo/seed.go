package demo

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"dossier/session"
)

// seedTogether is how many sessions come in at once while seeding, as of the same moment.
const seedTogether = 256

// SeedOptions say what Seed makes.
type SeedOptions struct {
	Now      time.Time // the invented past ends here
	Sessions int
	Seed     uint64
	Photos   bool
	Step     func(n int) // told after every n sessions; nil is fine
}

// Seed hands svc the first sessions of the sequence of Invent, in the order of time. clock must be the
// one that svc goes by.
func Seed(ctx context.Context, svc *session.Service, clock *Clock, o SeedOptions) error {
	defer clock.release()
	order := make([]int, o.Sessions)
	at := make([]int64, o.Sessions)
	for n := range order {
		order[n], at[n] = n, Invent(o.Now, o.Seed, n).At.UnixMilli()
	}
	slices.SortFunc(order, func(a, b int) int { return int(at[a] - at[b]) })
	companies, err := svc.Companies(ctx, session.System)
	if err != nil {
		return err
	}
	for group := range slices.Chunk(order, seedTogether) {
		clock.set(time.UnixMilli(at[group[len(group)-1]]).UTC())
		if err := seedGroup(ctx, svc, companies, group, o); err != nil {
			return err
		}
		if o.Step != nil {
			o.Step(len(group))
		}
	}
	return ctx.Err()
}

func seedGroup(ctx context.Context, svc *session.Service, companies []session.Company, group []int, o SeedOptions) error {
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(64)
	for _, n := range group {
		together.Go(func() error {
			c := Invent(o.Now, o.Seed, n)
			c.answerOnly(companies)
			if o.Photos && c.Submission.Finish {
				c.photograph(picture{})
			}
			got, err := svc.Ingest(ctx, session.System, c.Intake())
			if err != nil {
				return err
			}
			for _, step := range c.After {
				if err := step.apply(ctx, svc, session.System, got.ID); err != nil && session.CodeOf(err) != session.Conflict {
					return err
				}
			}
			return nil
		})
	}
	return together.Wait()
}

// answerOnly leaves out the answers that the case's company does not ask for: one of that name may have
// been there before.
func (c *Case) answerOnly(companies []session.Company) {
	at := slices.IndexFunc(companies, func(k session.Company) bool { return k.Slug == c.Submission.Company })
	if at < 0 {
		return
	}
	maps.DeleteFunc(c.Submission.Extra, func(key string, _ any) bool {
		return !slices.ContainsFunc(companies[at].Settings.Extra, func(f session.ExtraField) bool { return f.Key == key })
	})
}
