//go:build !linux

package kv

import (
	"errors"
	"os"
)

// setAside gives f room of n bytes without writing them, where the system can do that.
func setAside(*os.File, int64) error { return errors.ErrUnsupported }

// dataEnd returns where the data of a file of n bytes ends, or more.
func dataEnd(_ *os.File, n int64) int64 { return n }
