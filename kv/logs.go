package kv

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dgraph-io/ristretto/v2/z"

	"dossier/session"
)

// Badger writes two kinds of logs: of what is not yet in tables (.mem) and of large values (.vlog). It reads
// one to the first entry that is not whole and takes that for the end, where a crash cut the last write off:
// what stands behind is thrown away. A byte that flipped in the middle would so cost everything that was
// written after it, without a word. So logs are read before Badger does it.

// logHeader is what stands before the entries: by which key they are encrypted (8 bytes), and a vector.
const logHeader = 20

// What Badger notes of an entry in its first byte.
const (
	metaTxn    = 1 << 6 // part of a transaction
	metaFinTxn = 1 << 7 // end of a transaction; its value is the version
)

// A logFile is a log of Badger's, mapped into memory.
type logFile struct {
	name   string
	file   *z.MmapFile
	data   []byte // without the zeros at the end
	block  cipher.Block
	vector []byte
}

// A logEntry is a header (two bytes, three varints: lengths of key and value, expiry), key and value, which
// may be encrypted, and the CRC-32C of all of that.
type logEntry struct {
	meta    byte
	version uint64
	value   []byte // only of the end of a transaction
	end     int
	strange bool // its checksum is right, and decrypted it is nothing of ours: the log's header is damaged
}

// openLog maps a log. One that is too short for entries has none.
func (r keyring) openLog(path string) (*logFile, error) {
	m, err := z.OpenMmapFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("kv: %w", err)
	}
	l := &logFile{name: filepath.Base(path), file: m}
	end := dataEnd(m.Fd, int64(len(m.Data)))
	l.data = bytes.TrimRight(m.Data[:end], "\x00")
	if len(m.Data) < logHeader {
		return l, nil
	}
	id := binary.BigEndian.Uint64(m.Data)
	l.vector = m.Data[8:logHeader]
	if len(r.keys) > 0 && 0 < id && id <= uint64(len(r.keys)) {
		l.block, err = aes.NewCipher(r.keys[id-1])
	} else if id != 0 {
		err = errDamaged
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the header of %s: %w", l.name, err), l.close())
	}
	return l, nil
}

func (l *logFile) close() error { return l.file.Close(-1) }

// at returns the entry at an offset; ok is false where there is none that is whole.
func (l *logFile) at(offset int) (e logEntry, ok bool) {
	const longestHeader = 22
	if offset < logHeader || offset >= len(l.data) {
		return e, false
	}
	all := l.file.Data // the zeros that were cut off may belong to the last entry
	head := all[offset:min(offset+longestHeader, len(all))]
	if len(head) < 5 || head[1] != 0 { // we set no bits of our own
		return e, false
	}
	var numbers [3]uint64
	size := 2
	for i := range numbers {
		n, used := binary.Uvarint(head[size:])
		if used <= 0 {
			return e, false
		}
		numbers[i] = n
		size += used
	}
	keyLen, valueLen, expires := numbers[0], numbers[1], numbers[2]
	if keyLen <= 8 || keyLen > 1<<16 || valueLen > uint64(len(all)) || expires > 1<<40 {
		return e, false
	}
	keyAt := offset + size
	valueAt := keyAt + int(keyLen)
	sumAt := valueAt + int(valueLen)
	if sumAt+crc32.Size > len(all) || crc32.Checksum(all[offset:sumAt], castagnoli) != binary.BigEndian.Uint32(all[sumAt:]) {
		return e, false
	}
	e = logEntry{meta: head[0], end: sumAt + crc32.Size}
	plain := all[keyAt:valueAt]
	if e.meta&metaFinTxn != 0 {
		plain = all[keyAt:sumAt]
	}
	plain = l.decrypt(plain, offset)
	key := plain[:keyLen-8]
	e.version, e.value = ^binary.BigEndian.Uint64(plain[keyLen-8:]), plain[keyLen:]
	_, ours := checks[key[0]]
	e.strange = !ours && !bytes.HasPrefix(key, []byte("!badger!"))
	return e, true
}

// decrypt decrypts the start of what stands behind the header of the entry at an offset.
func (l *logFile) decrypt(data []byte, offset int) []byte {
	if l.block == nil {
		return data
	}
	plain := make([]byte, len(data))
	vector := binary.BigEndian.AppendUint32(bytes.Clone(l.vector), uint32(offset))
	cipher.NewCTR(l.block, vector).XORKeyStream(plain, data)
	return plain
}

// next returns the first whole entry from an offset on, whatever stands before it.
func (l *logFile) next(offset int) (e logEntry, ok bool) {
	for ; offset < len(l.data); offset++ {
		if e, ok = l.at(offset); ok {
			return e, true
		}
	}
	return e, false
}

// readable returns up to where Badger reads the log, and the version of a transaction that has no end there.
func (l *logFile) readable() (end int, open uint64) {
	for at := logHeader; ; {
		e, ok := l.at(at)
		switch {
		case !ok || e.strange:
			return at, open
		case e.meta&metaTxn != 0:
			if open != 0 && open != e.version {
				return at, open
			}
			open = e.version
		case e.meta&metaFinTxn != 0:
			if version, err := strconv.ParseUint(string(e.value), 10, 64); err != nil || version != open {
				return at, open
			}
			open = 0
		case open != 0:
			return at, open
		}
		at = e.end
	}
}

// checkMemoryLogs refuses logs of the memory table of which more than the last transaction cannot be read:
// every one before it was synced, so no crash has done that.
func checkMemoryLogs(dir string, ring keyring) (err error) {
	defer faultsAsErrors(&err)()
	files, err := numbered(dir, "*.mem")
	if err != nil {
		return err
	}
	lost := lostEnd{}
	for _, path := range files {
		l, err := ring.openLog(path)
		if err != nil {
			return damagedFiles(dir, "a log cannot be read", err)
		}
		whole := lost.read(l)
		if err := l.close(); err != nil {
			return err
		}
		if !whole {
			return damagedFiles(dir, fmt.Sprintf("the log %s cannot be read from byte %d on, and more was written after that", lost.log, lost.from), nil)
		}
	}
	return nil
}

// A lostEnd is where the logs of the memory table stop to be readable, and which transactions stand there.
type lostEnd struct {
	log     string // "" while all is well
	from    int
	version uint64 // of the one transaction that a crash may have cut off
}

// read reads a log, and reports whether nothing but what a crash cuts off is lost so far.
func (t *lostEnd) read(l *logFile) bool {
	at := logHeader
	if t.log == "" {
		end, open := l.readable()
		if end >= len(l.data) && open == 0 {
			return true
		}
		t.log, t.from, t.version, at = l.name, end, open, end
	}
	for {
		e, ok := l.next(at)
		if !ok {
			return true
		}
		at = e.end
		if e.strange {
			return false
		}
		if e.meta&(metaTxn|metaFinTxn) == 0 {
			continue // values that were moved keep the version that they had
		}
		if t.version != 0 && t.version != e.version {
			return false
		}
		t.version = e.version
	}
}

// keepValues keeps Badger from cutting the newest file of the value log, the only one that it cuts, where more
// can be read behind a damage: with an empty file after it, it is not the newest. It returns that damage.
func keepValues(dir string, ring keyring) (found error, err error) {
	defer faultsAsErrors(&err)()
	files, err := numbered(dir, "*.vlog")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	newest := files[len(files)-1]
	l, err := ring.openLog(newest)
	if err != nil {
		return nil, damagedFiles(dir, "the value log cannot be read", err)
	}
	end, _ := l.readable()
	_, more := l.next(end)
	if err := l.close(); err != nil || !more {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(l.name, ".vlog"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.vlog", n+1)), make([]byte, logHeader), 0o600)
	}
	return fmt.Errorf("%s is damaged at byte %d", l.name, end), err
}

// checkValues refuses a file of the value log that cannot be read to its end: rewriting it would lose the rest.
func checkValues(path string, ring keyring) (err error) {
	defer faultsAsErrors(&err)()
	l, err := ring.openLog(path)
	if err != nil {
		return err
	}
	end, _ := l.readable()
	whole := end >= len(l.data)
	if err := l.close(); err != nil || whole {
		return err
	}
	return fmt.Errorf("%s is damaged at byte %d", l.name, end)
}

// In discardName, Badger notes how much of each file of the value log is deleted: its number and the bytes.
const (
	discardName = "DISCARD"
	discardSlot = 16
)

// dropDiscard removes that file where it is too short for Badger, which would panic. It is only good for
// giving back room sooner.
func dropDiscard(dir string) error {
	path := filepath.Join(dir, discardName)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 || info.Size() >= discardSlot {
		return nil // an empty one Badger makes anew
	}
	return os.Remove(path)
}

// checkGarbage looks at the files of the value log of which this share is deleted, and which Badger would
// therefore rewrite.
func (db *DB) checkGarbage(share float64) error {
	const op = "kv.checkGarbage"
	if db.space.dir == "" {
		return nil
	}
	files, err := numbered(db.space.dir, "*.vlog")
	if err != nil || len(files) == 0 {
		return err
	}
	inUse := files[len(files)-1] // which Badger does not rewrite
	discarded, err := os.ReadFile(filepath.Join(db.space.dir, discardName))
	if err != nil {
		return fmt.Errorf("kv: %w", err)
	}
	ring, err := openKeys(db.space.dir, db.badger.Opts().EncryptionKey)
	if err != nil {
		return err
	}
	defer ring.close()
	for ; len(discarded) >= discardSlot; discarded = discarded[discardSlot:] {
		n, garbage := binary.BigEndian.Uint64(discarded), binary.BigEndian.Uint64(discarded[8:])
		if n == 0 {
			return nil
		}
		path := filepath.Join(db.space.dir, fmt.Sprintf("%06d.vlog", n))
		info, err := os.Stat(path)
		if err != nil || path == inUse || garbage == 0 || float64(garbage) < share*float64(info.Size()) || db.soundLogs[path] {
			continue
		}
		if err := checkValues(path, ring); err != nil {
			return &session.Error{Code: session.Internal, Op: op, Err: err,
				Message: "A file of the value log is damaged, so nothing of it is given back: what stands behind the damage would be lost. Run dossier doctor, and restore a backup."}
		}
		db.soundLogs[path] = true
	}
	return nil
}

// numbered lists files whose names are numbers, in order of these.
func numbered(dir, pattern string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	slices.SortFunc(files, func(a, b string) int {
		if d := len(a) - len(b); d != 0 { // 100000 comes after 99999
			return d
		}
		return strings.Compare(a, b)
	})
	return files, err
}
