package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	zap "github.com/blevesearch/zapx/v17"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"
)

// What personal data looks like in files, for tests that search all files for it.

// markersOf are the ways in which a text may stand in a file: as it is, in capitals and small letters, and in
// UTF-16 of either order.
func markersOf(text string) (all [][]byte) {
	for _, way := range []string{text, strings.ToUpper(text), strings.ToLower(text)} {
		little, big := []byte{}, []byte{}
		for _, unit := range utf16.Encode([]rune(way)) {
			little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
		}
		all = append(all, []byte(way), little, big)
	}
	return all
}

// filesWith names the files below dir that hold any way of a marker, by marker.
func filesWith(t *testing.T, dir string, markers map[string][][]byte) map[string][]string {
	t.Helper()
	for {
		found := map[string][]string{}
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, "reserve") {
				return err
			}
			parts, err := partsOf(path)
			for what, ways := range markers {
				if slices.ContainsFunc(ways, func(way []byte) bool {
					return slices.ContainsFunc(parts, func(part []byte) bool { return bytes.Contains(part, way) })
				}) {
					found[what] = append(found[what], d.Name())
				}
			}
			return err
		})
		if errors.Is(err, os.ErrNotExist) { // merged into others meanwhile, which may have been passed over
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// partsOf returns what a file holds: its bytes as far as they are on disk, since logs are mostly holes, what
// is compressed in them, and the terms of a segment of the index.
func partsOf(path string) (parts [][]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for at := int64(0); ; {
		from, err := unix.Seek(int(f.Fd()), at, unix.SEEK_DATA)
		if err != nil { // there is no more
			break
		}
		if at, err = unix.Seek(int(f.Fd()), from, unix.SEEK_HOLE); err != nil {
			return nil, err
		}
		data := make([]byte, at-from)
		if _, err := f.ReadAt(data, from); err != nil {
			return nil, err
		}
		parts = append(parts, data)
		parts = append(parts, unpacked(data, 2)...)
	}
	if strings.HasSuffix(path, ".zap") {
		terms, err := termsOf(path)
		if err != nil {
			return nil, err
		}
		parts = append(parts, terms)
	}
	return parts, nil
}

// unpacked is what data holds compressed, one in the other so many times: blocks of tables, backups, and in
// them the pieces of exports.
func unpacked(data []byte, depth int) (parts [][]byte) {
	magic := []byte{0x28, 0xB5, 0x2F, 0xFD}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil || depth == 0 {
		return nil
	}
	defer z.Close()
	for at := bytes.Index(data, magic); at >= 0; {
		if err := z.Reset(bytes.NewReader(data[at:])); err == nil {
			plain, _ := io.ReadAll(io.LimitReader(z, 64<<20)) // up to what is no part of it
			if len(plain) > 0 {
				parts = append(append(parts, plain), unpacked(plain, depth-1)...)
			}
		}
		next := bytes.Index(data[at+1:], magic)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return parts
}

// termsOf are the terms of a segment of the index, a line each.
func termsOf(path string) (terms []byte, err error) {
	segment, err := (&zap.ZapPlugin{}).Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, segment.Close()) }()
	for _, field := range segment.Fields() {
		dictionary, err := segment.Dictionary(field)
		if err != nil {
			return nil, err
		}
		all := dictionary.AutomatonIterator(nil, nil, nil)
		for entry, err := all.Next(); entry != nil && err == nil; entry, err = all.Next() {
			terms = append(append(terms, entry.Term...), '\n')
		}
	}
	return terms, nil
}

// A keeper holds on to every file that appears below some folders, by a second name for it, so that what a
// program deletes can be looked at all the same.
type keeper struct {
	dir  string
	stop func()
}

// keep starts a keeper. It looks a few hundred times a second.
func keep(t *testing.T, dirs ...string) *keeper {
	t.Helper()
	k := &keeper{dir: t.TempDir()}
	seen := map[uint64]bool{}
	look := func() {
		for _, dir := range dirs {
			filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
				if err != nil || !d.Type().IsRegular() { // gone again
					return nil
				}
				var about unix.Stat_t
				if unix.Stat(path, &about) == nil && !seen[about.Ino] {
					name := filepath.Base(filepath.Dir(path)) + "_" + strings.TrimSuffix(d.Name(), filepath.Ext(path)) + "_" + time.Now().Format("150405.000000") + filepath.Ext(path)
					seen[about.Ino] = os.Link(path, filepath.Join(k.dir, name)) == nil
				}
				return nil
			})
		}
	}
	done := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		for {
			look()
			select {
			case <-done:
				return
			case <-time.After(3 * time.Millisecond):
			}
		}
	})
	k.stop = sync.OnceFunc(func() { close(done); looking.Wait(); look() })
	t.Cleanup(k.stop)
	return k
}
