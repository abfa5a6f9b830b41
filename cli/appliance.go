package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"dossier/fetch"
	"dossier/geo"
	"dossier/index"
	"dossier/kv"
	"dossier/session"
	"dossier/staff"
)

// An appliance is the parts of the back office, wired together, without its doors to the outside.
type appliance struct {
	db       *kv.DB
	index    *index.Index
	sessions *session.Service
	staff    *staff.Service
	log      *slog.Logger
	now      func() time.Time

	damage atomic.Pointer[error] // what the last check of the database found, nil before the first

	countries  *geo.DB
	dir        string        // of the database
	staleAfter time.Duration // of lists
}

// storeDir is where the database is.
func (s storeSettings) storeDir() string { return filepath.Join(s.Data, "store") }

// storeOptions are how the database is opened.
func (s storeSettings) storeOptions(log *slog.Logger, now func() time.Time) kv.Options {
	return kv.Options{Logger: log, Now: now, Upgrade: s.upgrade, Key: s.EncryptionKey.bytes, Bulk: s.bulk, Paced: s.paced}
}

// open opens the data directory and starts the service. Close it in the end.
func (s storeSettings) open(ctx context.Context, log *slog.Logger, lists sourceSettings, now func() time.Time) (_ *appliance, err error) {
	fetcher, err := lists.fetcher()
	if err != nil {
		return nil, err
	}
	sources, err := lists.sources()
	if err != nil {
		return nil, err
	}
	db, err := kv.Open(s.storeDir(), s.storeOptions(log, now))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	idx, err := s.openIndex(log)
	if err != nil {
		return nil, err
	}
	countries := geo.Open(s.GeoIPFile)
	if s.GeoIPFile != "" && !countries.Known() {
		log.Warn(countries.About())
	}
	a := &appliance{db: db, index: idx, log: log, countries: countries, now: now, dir: s.storeDir(), staleAfter: s.StaleAfter, staff: staff.NewService(db, now),
		sessions: session.NewService(session.Options{Store: db, Index: idx, Now: now, Log: log,
			StaleAfter: s.StaleAfter, Fetcher: fetcher, Deliverer: fetch.NewSender(lists.HookPrivate), Sources: sources, Countries: countries})}
	if err := a.sessions.Start(ctx); err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	return a, nil
}

// openIndex opens the search index. It has no encryption of its own: where the database is encrypted, it
// is kept in memory and built at each start, and what a time before that left on disk goes.
func (s storeSettings) openIndex(log *slog.Logger) (*index.Index, error) {
	dir := filepath.Join(s.Data, "index")
	if !s.EncryptionKey.set() {
		return index.Open(dir, index.Options{Logger: log, Paced: s.paced})
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	return index.Open("", index.Options{Memory: true, Logger: log, Paced: s.paced})
}

// close closes what open opened, in reverse order.
func (a *appliance) close() error {
	return errors.Join(a.index.Close(), a.db.Close())
}

// ready reports whether requests can be answered. On a full disk they can: reads go on.
func (a *appliance) ready(ctx context.Context) error {
	if err := a.db.Writable(ctx); session.CodeOf(err) != session.NoSpace {
		return err
	}
	return nil
}

// closeInto closes the appliance at the end of a function, whose error it joins.
func (a *appliance) closeInto(err *error) { *err = errors.Join(*err, a.close()) }

func printJSON(env *Env, v any) error { return json.NewEncoder(env.Stdout).Encode(v) }

// with runs do over an open appliance whose background work is under way, and closes everything. The
// sessions that do wrote are in the index when with returns.
func (s storeSettings) with(env *Env, do func(ctx context.Context, a *appliance) error) error {
	return s.withSources(env, sourceSettings{}, do)
}

// withBulk is with for a do that writes very much. What do wrote is merged while it is given to the index, with
// what an earlier one that was killed has left.
func (s storeSettings) withBulk(env *Env, do func(ctx context.Context, a *appliance) error) error {
	bulk := s
	bulk.bulk = true
	err := bulk.opened(env, sourceSettings{}, func(a *appliance) error { return do(env.Ctx, a) })
	if err != nil || s.EncryptionKey.set() {
		return err
	}
	return s.opened(env, sourceSettings{}, func(a *appliance) error { return a.bringIndexUpToDate(env, 0) })
}

// opened runs do over an open appliance.
func (s storeSettings) opened(env *Env, lists sourceSettings, do func(a *appliance) error) (err error) {
	a, err := s.open(env.Ctx, s.logger(env.Stderr), lists, time.Now)
	if err != nil {
		return err
	}
	defer a.closeInto(&err)
	return do(a)
}

// withSources is with, where lists may be fetched.
func (s storeSettings) withSources(env *Env, lists sourceSettings, do func(ctx context.Context, a *appliance) error) error {
	return s.opened(env, lists, func(a *appliance) error {
		before, err := a.db.Backlog(env.Ctx)
		if err != nil {
			return err
		}
		if err := do(env.Ctx, a); err != nil {
			return err
		}
		if s.EncryptionKey.set() {
			return nil // the index is in memory, and goes with this command
		}
		return a.bringIndexUpToDate(env, before)
	})
}

// bringIndexUpToDate gives the index what it does not have yet. Where that is more than what it has, building
// it anew takes less: few large parts instead of many small ones that are merged time and again. A command
// after which no more wait than before leaves that to the next start: whoever lists the members of a
// restored folder does not wait for its index.
func (a *appliance) bringIndexUpToDate(env *Env, before int) error {
	behind, err := a.db.Backlog(env.Ctx)
	if err != nil || behind <= before {
		return err
	}
	has := a.index.Stats().Documents
	if !a.index.NeedsRebuild() && behind <= max(has, smallBacklog) {
		return a.sessions.CatchUp(env.Ctx)
	}
	bar := newBar(env.Stderr, int64(has+behind), "search index")
	defer bar.Finish()
	built := make(chan error, 1)
	go func() { built <- a.sessions.Reindex(env.Ctx, session.System) }()
	for {
		select {
		case err := <-built:
			return err
		case <-time.After(time.Second / 5):
			_ = bar.Set64(a.index.Stats().Done) // a terminal that is gone is no reason to stop
		}
	}
}

// smallBacklog is how many sessions are always taken in one after the other.
const smallBacklog = 10_000

// needCompany makes sure that there is one, so that the first command on an empty directory can say what
// is missing.
func (a *appliance) needCompany(ctx context.Context, slug string) (session.Company, error) {
	all, err := a.sessions.Companies(ctx, session.System)
	if err != nil {
		return session.Company{}, err
	}
	for _, c := range all {
		if c.Slug == slug || slug == "" && len(all) == 1 {
			return c, nil
		}
	}
	if len(all) == 0 {
		return session.Company{}, fmt.Errorf("there is no company yet: run dossier setup first")
	}
	if slug == "" {
		return session.Company{}, fmt.Errorf("there is more than one company: name it with --company")
	}
	return session.Company{}, fmt.Errorf("there is no company %q: dossier company list shows those there are", slug)
}
