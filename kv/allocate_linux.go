package kv

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// setAside gives f room of n bytes without writing them.
func setAside(f *os.File, n int64) error { return unix.Fallocate(int(f.Fd()), 0, 0, n) }

// dataEnd returns where the data of a file of n bytes ends, or more: behind it is a hole, which reads as zeros.
func dataEnd(f *os.File, n int64) int64 {
	end := int64(0)
	for end < n {
		data, err := f.Seek(end, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) { // none
			return end
		}
		if err != nil {
			return n
		}
		if end, err = f.Seek(data, unix.SEEK_HOLE); err != nil {
			return n
		}
	}
	return min(end, n)
}
