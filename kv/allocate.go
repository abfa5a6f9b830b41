package kv

import (
	"errors"
	"os"
)

// allocate makes a file of n bytes that really take their room on the disk. Where the system cannot
// just set room aside, zeros are written.
func allocate(path string, n int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = setAside(f, n); errors.Is(err, errors.ErrUnsupported) {
		err = writeZeros(f, n)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

func writeZeros(f *os.File, n int64) error {
	zeros := make([]byte, 1<<20)
	for n > 0 {
		written, err := f.Write(zeros[:min(n, int64(len(zeros)))])
		if err != nil {
			return err
		}
		n -= int64(written)
	}
	return nil
}
