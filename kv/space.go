package kv

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"dossier/session"
)

// A space watches the free space of the disk. Badger writes through memory maps, and where the disk is
// full the kernel answers with a signal that ends the process. So writes stop while there is still room
// for what Badger has to do behind our back (flushing tables, merging them), and a reserve file is given
// up to it when somebody else fills the disk further.
type space struct {
	dir     string // "" in memory: there is always room
	least   int64  // bytes that stay free: below, writes are refused
	reserve int64  // bytes of the reserve file, given up when so much less than least is free
	held    bool   // the reserve file is there
	log     *slog.Logger
	stop    chan struct{}
	stopped chan struct{}
}

// The least free space is a twentieth of the disk within these bounds.
const (
	minFreeLow  = 64 << 20
	minFreeHigh = 256 << 20
	openFree    = 3 * memTableSize // what opening may need: it writes tables from the logs of the memory tables
	watchEvery  = 250 * time.Millisecond
)

const reserveName = "reserve"

// openSpace looks whether there is room to open the database, and gives up the reserve for it if need be.
func openSpace(dir string, least int64, log *slog.Logger) (*space, error) {
	free, total, err := diskSpace(dir)
	if err != nil {
		return nil, fmt.Errorf("kv: free space of %s: %w", dir, err)
	}
	if least == 0 {
		least = leastFree(total)
	}
	s := &space{dir: dir, least: least, reserve: least / 2, log: log, stop: make(chan struct{}), stopped: make(chan struct{})}
	if info, err := os.Stat(s.path()); err == nil {
		s.held = true
		if free < openFree {
			s.release()
			free += info.Size()
		}
	}
	if need := min(openFree, least); free < need {
		return nil, &session.Error{Code: session.NoSpace, Op: "kv.Open",
			Message: fmt.Sprintf("The disk of %s is full: %d MB are free, and opening the database needs %d MB. Make room and start again.", dir, free>>20, need>>20)}
	}
	return s, nil
}

// leastFree is what stays free of a disk of so many bytes.
func leastFree(total int64) int64 { return min(max(minFreeLow, total/20), minFreeHigh) }

func (s *space) path() string { return filepath.Join(s.dir, reserveName) }

// check says whether n bytes may be written.
func (s *space) check(n int64) error {
	if s.dir == "" {
		return nil
	}
	free, _, err := diskSpace(s.dir)
	if err != nil {
		return fmt.Errorf("kv: free space of %s: %w", s.dir, err)
	}
	if free >= s.least+n {
		return nil
	}
	return &session.Error{Code: session.NoSpace, Op: "kv",
		Message: "The disk is full. Nothing can be stored until there is room again; what is there can be read.",
		Err:     fmt.Errorf("%s has %d MB free, %d MB are the least", s.dir, free>>20, s.least>>20)}
}

// watch takes the reserve and gives it up as the disk fills and empties, until close.
func (s *space) watch() {
	defer close(s.stopped)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		free, _, err := diskSpace(s.dir)
		switch {
		case err != nil:
			s.log.Error("cannot see the free disk space", "dir", s.dir, "error", err)
		case free < s.least-s.reserve:
			s.release()
		case free > s.least+2*s.reserve:
			s.hold()
		}
		select {
		case <-tick.C:
		case <-s.stop:
			return
		}
	}
}

// start begins to watch the disk, where there is one.
func (s *space) start() {
	if s.dir != "" {
		go s.watch()
	}
}

func (s *space) close() {
	if s.dir != "" {
		close(s.stop)
		<-s.stopped
	}
}

// hold takes the reserve.
func (s *space) hold() {
	if s.held {
		return
	}
	if err := allocate(s.path(), s.reserve); err != nil {
		s.log.Warn("cannot reserve disk space", "bytes", s.reserve, "error", errors.Join(err, os.Remove(s.path())))
		return
	}
	s.held = true
}

// release gives the reserve up.
func (s *space) release() {
	if !s.held {
		return
	}
	s.log.Warn("the disk is full: giving up the reserve", "dir", s.dir, "bytes", s.reserve)
	if err := os.Remove(s.path()); err != nil {
		s.log.Error("cannot give up the reserve", "error", err)
		return
	}
	s.held = false
}
