//go:build !linux

package kv

import (
	"errors"
	"os"
)

// setAside gives f room of n bytes without writing them, where the system can do that.
func setAside(*os.File, int64) error { return errors.ErrUnsupported }
