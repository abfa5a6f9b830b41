package kv

import (
	"os"

	"golang.org/x/sys/unix"
)

// setAside gives f room of n bytes without writing them.
func setAside(f *os.File, n int64) error { return unix.Fallocate(int(f.Fd()), 0, 0, n) }
