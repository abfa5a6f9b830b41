package server

import (
	"context"
	"time"
)

// Figures are what an operator wants to know of the installation: the page System shows them and /metrics
// counts them. The server knows neither the store nor the index, so whoever puts them together fills this.
type Figures struct {
	Schema   int
	Started  time.Time
	Sessions int
	Created  uint64 // sessions since the start
	Commits  CommitFigures
	Index    IndexFigures
	Disk     DiskFigures
	Damage   string // of the database, as far as it is known; "" is none
	Backup   BackupFigures
	Hooks    int // deliveries of webhooks that wait
}

// CommitFigures count the store's transactions since the start.
type CommitFigures struct {
	Count, Changes uint64
	Took           time.Duration
	Within         map[time.Duration]uint64 // how many took at most so long
}

// IndexFigures say how far the search index is.
type IndexFigures struct {
	Documents, Segments int
	Bytes               int64
	Backlog             int // sessions that it has not taken in yet
	NeedsRebuild        bool
	Building            bool
	Done                int // sessions of the rebuild under way
	Errors              int64
}

// DiskFigures are bytes.
type DiskFigures struct {
	Tree, Values int64 // the database's two parts
	Free, Least  int64 // below the least nothing is stored
}

// BackupFigures are of the last backup.
type BackupFigures struct {
	At       time.Time // zero: there was none
	Old      bool      // too long ago
	File     string
	Sessions int
	Bytes    int64
	FailedAt time.Time // zero, unless the last one failed
	Reason   string
	Next     time.Time // zero where none is planned
}

// figures asks for the figures; where nobody fills them in, all are zero.
func (s *Server) figures(ctx context.Context) (Figures, error) {
	if s.o.Figures == nil {
		return Figures{}, nil
	}
	return s.o.Figures(ctx)
}
