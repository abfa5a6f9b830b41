package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/blevesearch/bleve/v2/util"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sync/errgroup"
)

// generationPrefix begins the name of every generation's folder.
const generationPrefix = "generation-"

// current is the file that names the complete generation. It is written last, in one step.
const current = "current"

type currentFile struct {
	Mapping    int    `json:"mapping"`
	Generation string `json:"generation"`
}

// openCurrent opens the complete generation, or a new one where there is none that can be trusted, and
// removes every other: what a crash or a former version left behind.
func (ix *Index) openCurrent() (*generation, error) {
	if ix.dir == "" {
		ix.distrusted.Store(true)
		return openGeneration("", serving, ix.inBackground)
	}
	if err := os.MkdirAll(ix.dir, 0o700); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	g, err := ix.openComplete()
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("index: another process uses %s: %w", ix.dir, err)
	}
	if err != nil {
		ix.distrust(err)
		if g, err = ix.openNew(serving, ix.inBackground); err != nil {
			return nil, err
		}
	}
	return g, ix.removeOthers(g.dir)
}

func (ix *Index) openNew(to purpose, failed func(error)) (*generation, error) {
	dir, err := ix.newDir()
	if err != nil {
		return nil, err
	}
	return openGeneration(dir, to, failed)
}

// errNone is what a first start finds.
var errNone = errors.New("index: there is none yet")

// openComplete opens the generation that the file current names, after a look at every byte of it.
func (ix *Index) openComplete() (*generation, error) {
	dir, err := complete(ix.dir)
	if err != nil {
		return nil, err
	}
	return openGeneration(dir, serving, ix.inBackground)
}

// Examine says why the index in dir, which nobody has open, would be built anew by the next Open, or nil.
// It changes nothing.
func Examine(dir string) error {
	_, err := complete(dir)
	return err
}

// complete returns the folder of the generation that is in force, if it is whole.
func complete(root string) (dir string, err error) {
	data, err := os.ReadFile(filepath.Join(root, current))
	if errors.Is(err, os.ErrNotExist) {
		return "", errNone
	}
	if err != nil {
		return "", fmt.Errorf("index: %w", err)
	}
	var c currentFile
	if err := json.Unmarshal(data, &c); err != nil {
		return "", fmt.Errorf("index: the file %s cannot be read: %w", current, err)
	}
	if c.Mapping != mapping {
		return "", fmt.Errorf("index: it is of mapping %d, this program needs %d", c.Mapping, mapping)
	}
	if !strings.HasPrefix(c.Generation, generationPrefix) || filepath.Base(c.Generation) != c.Generation {
		return "", fmt.Errorf("index: the file %s names no generation", current)
	}
	dir = filepath.Join(root, c.Generation)
	return dir, verify(dir)
}

// setCurrent makes g the generation that the next start opens.
func (ix *Index) setCurrent(g *generation) error {
	if ix.dir == "" {
		return nil
	}
	data, err := json.Marshal(currentFile{mapping, filepath.Base(g.dir)})
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(ix.dir, current), data); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return nil
}

// replaceFile writes a file in one step that survives a power loss.
func replaceFile(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// removeOthers deletes everything in the folder that is not the generation kept or the file current.
func (ix *Index) removeOthers(keep string) error {
	entries, err := os.ReadDir(ix.dir)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	for _, e := range entries {
		other := e.Name() != filepath.Base(keep) && strings.HasPrefix(e.Name(), generationPrefix) ||
			strings.HasPrefix(e.Name(), current+"-")
		if !other {
			continue
		}
		ix.log.Debug("removing an unfinished or former search index", "folder", e.Name())
		if err := os.RemoveAll(filepath.Join(ix.dir, e.Name())); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	return nil
}

// verify looks at a generation before Bleve does. Bleve opens an older or an empty state without a
// word where the newest cannot be read, and does not look at checksums.
func verify(dir string) error {
	files, err := segmentFiles(filepath.Join(dir, "root.bolt"))
	if err != nil {
		return fmt.Errorf("index: %s: %w", filepath.Base(dir), err)
	}
	var looking errgroup.Group
	looking.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range files {
		looking.Go(func() error {
			if err := verifySegment(filepath.Join(dir, filepath.Base(name))); err != nil {
				return fmt.Errorf("index: segment %s: %w", name, err)
			}
			return nil
		})
	}
	return looking.Wait()
}

// segmentFiles lists the files of the newest state in Bleve's root file.
func segmentFiles(root string) (files []string, err error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	db, err := bolt.Open(root, 0o600, &bolt.Options{ReadOnly: true, Timeout: lockTimeout})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	defer faultsAsErrors(&err)() // bbolt panics on pages that make no sense
	err = db.View(func(tx *bolt.Tx) error {
		if tx.Size() > info.Size() {
			return errors.New("root file: its end is missing")
		}
		states := tx.Bucket(util.BoltSnapshotsBucket)
		if states == nil {
			return errors.New("root file: it holds no state")
		}
		newest, _ := states.Cursor().Last()
		state := states.Bucket(newest)
		if state == nil {
			return errors.New("root file: it holds no state")
		}
		if in := state.Bucket(util.BoltInternalKey); in == nil || in.Get(builtKey) == nil {
			return errors.New("root file: the state is not that of a complete index")
		}
		return state.ForEachBucket(func(name []byte) error {
			if path := state.Bucket(name).Get(util.BoltPathKey); path != nil {
				files = append(files, string(path))
			}
			return nil
		})
	})
	return files, err
}

// faultsAsErrors lets a panic in the caller, and a read beyond the end of a mapped file, which would end
// the process, become an error. Defer what it returns.
func faultsAsErrors(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			*err = fmt.Errorf("index: it is damaged: %v\n%s", r, debug.Stack())
		}
	}
}

// verifySegment checks the CRC-32 in the last four bytes of a segment's file.
func verifySegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-4); err != nil {
		return fmt.Errorf("it is too short: %w", err)
	}
	want, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if string(want) != string(sum.Sum(nil)) {
		return errors.New("its checksum is wrong")
	}
	return nil
}
