package kv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/ristretto/v2/z"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"dossier/session"
)

func damagedFiles(dir, what string, err error) error {
	return &session.Error{Code: session.Internal, Op: "kv.Open", Err: err,
		Message: fmt.Sprintf("The database in %s is damaged: %s. Nothing was changed. Keep a copy of the directory and restore a backup.", dir, what)}
}

// checkFiles refuses a database whose MANIFEST does not fit its tables. Badger takes the MANIFEST at its
// word: what it does not name, Badger deletes, so that a truncated one costs everything.
//
// A table that is not named is nothing to worry about in two cases, both left by a crash. The MANIFEST
// says that it was merged into others. Or it was being written: then what it holds is also in named
// tables, or still in a log of the memory table (.mem). Else it is newer than all of these, and the
// end of the MANIFEST is lost.
//
// It returns which tables there are.
func checkFiles(dir string, ring keyring) (found tables, err error) {
	m, err := readManifest(filepath.Join(dir, badger.ManifestFilename))
	if errors.Is(err, os.ErrNotExist) {
		return found, checkEmpty(dir)
	}
	if err != nil {
		return found, damagedFiles(dir, "its MANIFEST cannot be read", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil {
		return found, err
	}
	var stray []string
	for _, f := range files {
		if id, ok := table.ParseFileID(f); ok && !m.live[id] && !m.deleted[id] {
			stray = append(stray, f)
		}
	}
	named, err := checkTables(dir, m, ring)
	if err == nil && len(stray) > 0 {
		err = checkStray(dir, named, stray, ring)
	}
	return tables{all: len(m.live), unmerged: m.unmerged()}, err
}

// tables are how many there are of them.
type tables struct {
	all      int
	unmerged int // written from memory tables, and not merged with the others yet: each look-up goes through all of these
}

// checkTables opens the tables that are named, because Badger panics on one that is damaged at its end.
// It returns the highest version in them.
func checkTables(dir string, m manifest, ring keyring) (named uint64, err error) {
	var mu sync.Mutex // of named
	var looking errgroup.Group
	looking.SetLimit(runtime.GOMAXPROCS(0))
	for id := range m.live {
		looking.Go(func() error {
			path := table.NewFilename(id, dir)
			version, ok := ring.newest(path, m.keys[id], m.compression[id])
			if !ok {
				return damagedFiles(dir, fmt.Sprintf("the table %s, which its MANIFEST names, is missing or cannot be read", filepath.Base(path)), nil)
			}
			mu.Lock()
			defer mu.Unlock()
			named = max(named, version)
			return nil
		})
	}
	err = looking.Wait()
	return named, err
}

// Exists reports whether there is a database in dir, or what is left of one.
func Exists(dir string) bool {
	for _, pattern := range []string{badger.ManifestFilename, "*.sst", "*.vlog", "*.mem"} {
		if files, _ := filepath.Glob(filepath.Join(dir, pattern)); len(files) > 0 {
			return true
		}
	}
	return false
}

// checkEmpty refuses tables and logs without any MANIFEST.
func checkEmpty(dir string) error {
	if Exists(dir) {
		return damagedFiles(dir, "its MANIFEST is missing", nil)
	}
	return nil
}

// checkStray refuses stray tables that hold what nothing else holds; named is the highest version in
// named tables.
func checkStray(dir string, named uint64, stray []string, ring keyring) error {
	logged, err := oldestLogged(dir, ring)
	if err != nil {
		return err
	}
	for _, f := range stray {
		version, ok := ring.newest(f, 0, options.ZSTD)
		if !ok { // by a bulk
			version, ok = ring.newest(f, 0, options.None)
		}
		if ok && version > named && version < logged {
			return damagedFiles(dir, fmt.Sprintf("its MANIFEST is truncated, it does not name the table %s", filepath.Base(f)), nil)
		}
	}
	return nil
}

// castagnoli is the polynomial of the checksums in Badger's files.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A manifest is which tables are there, and which were.
type manifest struct {
	live, deleted map[uint64]bool
	levels        map[uint64]uint32
	keys          map[uint64]uint64 // by which a table is encrypted
	compression   map[uint64]options.CompressionType
}

// readManifest reads a MANIFEST: "Bdgr", two versions, then change sets, each after its length and
// CRC-32C. A last one that is not whole is left out, as Badger does: the crash came while it was written.
func readManifest(path string) (manifest, error) {
	m := manifest{live: map[uint64]bool{}, deleted: map[uint64]bool{}, levels: map[uint64]uint32{}, keys: map[uint64]uint64{}, compression: map[uint64]options.CompressionType{}}
	data, err := os.ReadFile(path)
	if err != nil {
		return m, err
	}
	if len(data) < 8 || !bytes.HasPrefix(data, []byte("Bdgr")) {
		return m, errors.New("it does not begin as a MANIFEST does")
	}
	for data = data[8:]; len(data) >= 8; {
		size, sum := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
		if uint64(size) > uint64(len(data)-8) {
			break
		}
		set := data[8 : 8+size]
		if crc32.Checksum(set, castagnoli) != sum {
			return m, errors.New("a checksum in it is not right")
		}
		if err := m.apply(set); err != nil {
			return m, err
		}
		data = data[8+size:]
	}
	return m, nil
}

func (m manifest) apply(set []byte) error {
	var changes pb.ManifestChangeSet
	if err := proto.Unmarshal(set, &changes); err != nil {
		return err
	}
	for _, c := range changes.Changes {
		gone := c.Op == pb.ManifestChange_DELETE
		m.live[c.Id], m.deleted[c.Id] = !gone, gone
		m.levels[c.Id], m.compression[c.Id] = c.Level, options.CompressionType(c.Compression)
		if c.KeyId != 0 {
			m.keys[c.Id] = c.KeyId
		}
		if gone {
			delete(m.live, c.Id)
		}
	}
	return nil
}

// unmerged counts the tables of level 0.
func (m manifest) unmerged() (n int) {
	for id := range m.live {
		if m.levels[id] == 0 {
			n++
		}
	}
	return n
}

// newest returns the highest version in a table; false for a file that is no whole table, as one that
// was being written.
func newest(path string, o table.Options) (version uint64, ok bool) {
	defer func() { // the library panics on some broken tables
		if recover() != nil {
			version, ok = 0, false
		}
	}()
	f, err := z.OpenMmapFile(path, os.O_RDONLY, 0)
	if err != nil {
		return 0, false
	}
	o.ReadOnly, o.BlockSize, o.ChkMode = true, blockSize, options.NoVerification
	t, err := table.OpenTable(f, o)
	if err != nil {
		return 0, false
	}
	defer t.Close(-1)
	return t.MaxVersion(), true
}

// oldestLogged returns the version of the first entry of the oldest .mem file, MaxUint64 without one.
func oldestLogged(dir string, ring keyring) (uint64, error) {
	oldest := uint64(math.MaxUint64)
	files, err := filepath.Glob(filepath.Join(dir, "*.mem"))
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		version, ok, err := firstLogged(f, ring)
		if err != nil {
			return 0, fmt.Errorf("kv: read %s: %w", f, err)
		}
		if ok {
			oldest = min(oldest, version)
		}
	}
	return oldest, nil
}

// firstLogged returns the version of the first entry of a .mem file: after 20 bytes come two bytes of
// flags, three varints (lengths of key and value, expiry), and the key, whose last 8 bytes are the
// version, counted down from the highest number.
func firstLogged(path string, ring keyring) (version uint64, ok bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.ReadAt(head, 0) // shorter is no error
	if n < 22 {
		return 0, false, nil
	}
	rest := head[22:n]
	keyLen, _ := binary.Uvarint(rest)
	for range 3 {
		_, used := binary.Uvarint(rest)
		if used <= 0 {
			return 0, false, nil
		}
		rest = rest[used:]
	}
	if keyLen < 8 || keyLen > uint64(len(rest)) {
		return 0, false, nil
	}
	rest = ring.decryptLog(head[:20], rest[:keyLen])
	return math.MaxUint64 - binary.BigEndian.Uint64(rest[keyLen-8:keyLen]), true, nil
}
