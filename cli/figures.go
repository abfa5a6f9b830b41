package cli

import (
	"context"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"dossier/kv"
	"dossier/server"
)

// figuresFor is how long figures are good: pages ask for them more often than they change.
const figuresFor = 2 * time.Second

// figures returns the function that puts the figures of the installation together; nextBackup is nil where
// none is planned.
func (c *serveSettings) figures(a *appliance, nextBackup cron.Schedule, zone *time.Location) func(context.Context) (server.Figures, error) {
	started := a.now()
	var (
		mu   sync.Mutex
		last server.Figures
		at   time.Time
	)
	return func(ctx context.Context) (server.Figures, error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) < figuresFor {
			return last, nil
		}
		f, err := a.gather(ctx)
		if err != nil {
			return f, err
		}
		f.Started = started
		if nextBackup != nil {
			f.Backup.Next = nextBackup.Next(a.now().In(zone))
		}
		last, at = f, time.Now()
		return f, nil
	}
}

// gather asks the parts.
func (a *appliance) gather(ctx context.Context) (f server.Figures, err error) {
	if f.Schema, _, err = a.db.Schema(ctx); err != nil {
		return f, err
	}
	if f.Sessions, err = a.db.Count(ctx); err != nil {
		return f, err
	}
	if f.Index.Backlog, err = a.db.Backlog(ctx); err != nil {
		return f, err
	}
	if f.Hooks, err = a.db.HookQueue(ctx); err != nil {
		return f, err
	}
	if f.Disk.Free, f.Disk.Least, err = kv.FreeSpace(a.dir); err != nil {
		return f, err
	}
	n, err := a.db.BackupNote(ctx)
	if err != nil {
		return f, err
	}
	f.Backup = server.BackupFigures{At: n.At, Old: a.now().Sub(n.At) > backupAge, File: n.File, Sessions: n.Sessions, Bytes: n.Bytes, FailedAt: n.FailedAt, Reason: n.Reason}
	if found := a.damage.Load(); found != nil && *found != nil {
		f.Damage = tell(*found)
	}
	f.Created = a.sessions.Created()
	f.Disk.Tree, f.Disk.Values = a.db.Size()
	commits := a.db.Commits()
	f.Commits = server.CommitFigures{Count: commits.Count, Changes: commits.Changes, Took: commits.Took, Within: commits.Within}
	i := a.index.Stats()
	f.Index.Documents, f.Index.Segments, f.Index.Bytes, f.Index.Errors = i.Documents, i.Segments, i.Bytes, i.Errors
	f.Index.NeedsRebuild, f.Index.Building, f.Index.Done = i.NeedsRebuild, i.Building, int(i.Done)
	return f, nil
}
