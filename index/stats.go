package index

import (
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Stats are figures of an index, for pages and metrics.
type Stats struct {
	Documents    int           // sessions that a search can find
	Segments     int           // parts that a search looks into
	Bytes        int64         // on disk
	NeedsRebuild bool          // see Index.NeedsRebuild
	Errors       int64         // of Bleve's background since opening
	Building     bool          // a rebuild runs
	Done         int64         // sessions that the running, or else the last rebuild has written
	BuildTook    time.Duration // of the last rebuild that succeeded, 0 before
}

// counters are what Stats counts as it happens.
type counters struct {
	errors, done, took atomic.Int64
	building           atomic.Bool
}

func (c *counters) start() {
	c.done.Store(0)
	c.building.Store(true)
}

func (c *counters) end(took time.Duration, err error) {
	c.building.Store(false)
	if err == nil {
		c.took.Store(int64(took))
	}
}

// Stats returns the figures of now. It looks at the folder, so once a second is often enough.
func (ix *Index) Stats() Stats {
	s := Stats{
		NeedsRebuild: ix.NeedsRebuild(), Errors: ix.stats.errors.Load(),
		Building: ix.stats.building.Load(), Done: ix.stats.done.Load(), BuildTook: time.Duration(ix.stats.took.Load()),
	}
	if v, err := ix.acquire(); err == nil {
		s.Documents, s.Segments = v.live(), len(v.parts)
		ix.release(v)
	}
	if ix.dir != "" {
		s.Bytes = folderSize(ix.dir)
	}
	return s
}

func folderSize(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() { // files come and go: what is gone counts nothing
			return nil
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
