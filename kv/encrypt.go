package kv

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/fb"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/ristretto/v2"
)

// KeySize is the length of an encryption key.
const KeySize = 32

// With a key, Badger encrypts tables and logs with data keys of its own, which it changes every ten days
// and keeps, encrypted with the key, in the file KEYREGISTRY. So a change of the key writes that file
// anew and nothing else.

// A keyring reads encrypted files before Badger does. The zero keyring is for plain ones.
type keyring struct {
	keys    [][]byte // by their id, from 1
	indexes *ristretto.Cache[uint64, *fb.TableIndex]
}

// openKeys looks whether the key is that of the database in dir, which may not be there yet.
func openKeys(dir string, key []byte) (keyring, error) {
	const op = "kv.Open"
	head := make([]byte, aes.BlockSize+len("Hello Badger"))
	f, err := os.Open(filepath.Join(dir, badger.KeyRegistryFileName))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, badger.ManifestFilename)); err == nil && len(key) > 0 {
			return keyring{}, damagedFiles(dir, "its KEYREGISTRY is missing, without which nothing can be decrypted", nil)
		}
		return keyring{}, nil
	}
	if err != nil {
		return keyring{}, fmt.Errorf("kv: %w", err)
	}
	_, err = f.ReadAt(head, 0)
	if err = errors.Join(err, f.Close()); err != nil {
		return keyring{}, damagedFiles(dir, "its KEYREGISTRY is truncated", err)
	}
	plain := bytes.HasSuffix(head, []byte("Hello Badger"))
	switch {
	case plain && len(key) == 0:
		return keyring{}, nil
	case plain:
		return keyring{}, unavailable(op, fmt.Sprintf("The database in %s is not encrypted, and an encryption key is set. To encrypt it, make a backup without the key and restore it with the key into another folder.", dir), nil)
	case len(key) == 0:
		return keyring{}, unavailable(op, fmt.Sprintf("The database in %s is encrypted. Set DOSSIER_ENCRYPTION_KEY, or DOSSIER_ENCRYPTION_KEY_FILE.", dir), nil)
	}
	return readKeys(dir, key)
}

func readKeys(dir string, key []byte) (keyring, error) {
	registry, err := badger.OpenKeyRegistry(badger.KeyRegistryOptions{Dir: dir, ReadOnly: true, EncryptionKey: key})
	if errors.Is(err, badger.ErrEncryptionKeyMismatch) {
		return keyring{}, unavailable("kv.Open", fmt.Sprintf("The encryption key is not that of the database in %s. Nothing was changed. If rotate-key was interrupted, the database has either the key from before or the new one: set the other.", dir), err)
	}
	if err != nil {
		return keyring{}, damagedFiles(dir, "its KEYREGISTRY cannot be read", err)
	}
	var ring keyring
	for id := uint64(1); ; id++ { // Badger counts them, and forgets none
		dk, err := registry.DataKey(id)
		if err != nil {
			break
		}
		ring.keys = append(ring.keys, dk.Data)
	}
	ring.indexes, err = ristretto.NewCache(&ristretto.Config[uint64, *fb.TableIndex]{NumCounters: 100, MaxCost: 16 << 20, BufferItems: 64})
	return ring, err
}

func (r keyring) close() {
	if r.indexes != nil {
		r.indexes.Close()
	}
}

// newest returns the highest version in a table. Which key a table has that the MANIFEST does not name,
// nobody knows: all are tried.
func (r keyring) newest(path string, id uint64, compression options.CompressionType) (version uint64, ok bool) {
	if len(r.keys) == 0 {
		return newest(path, table.Options{Compression: compression})
	}
	for i, key := range r.keys {
		if id != 0 && id != uint64(i+1) {
			continue
		}
		if version, ok = newest(path, table.Options{Compression: compression, DataKey: &pb.DataKey{Data: key}, IndexCache: r.indexes}); ok {
			return version, true
		}
	}
	return 0, false
}

// decryptLog decrypts the start of the first entry of a log: its header says which key and which vector.
func (r keyring) decryptLog(header, data []byte) []byte {
	id := binary.BigEndian.Uint64(header)
	if id == 0 || id > uint64(len(r.keys)) {
		return data
	}
	block, err := aes.NewCipher(r.keys[id-1])
	if err != nil {
		return data
	}
	vector := binary.BigEndian.AppendUint32(bytes.Clone(header[8:20]), uint32(len(header)))
	plain := make([]byte, len(data))
	cipher.NewCTR(block, vector).XORKeyStream(plain, data)
	return plain
}

// RotateKey gives the database in dir another key; where it has that already, nothing is left to do. It must
// not be open. A crash leaves it with the old key or with the new one, and nothing between.
func RotateKey(dir string, old, fresh []byte) (err error) {
	f, err := lock(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	ring, err := openKeys(dir, old)
	if err != nil {
		if done, again := openKeys(dir, fresh); again == nil && len(done.keys) > 0 {
			done.close()
			return nil // a rotation before this one was interrupted after its work was done
		}
		return err
	}
	ring.close()
	if len(ring.keys) == 0 || len(fresh) != KeySize {
		return unavailable("kv.RotateKey", fmt.Sprintf("There is no encrypted database in %s, or the new key does not have %d bytes.", dir, KeySize), nil)
	}
	registry, err := badger.OpenKeyRegistry(badger.KeyRegistryOptions{Dir: dir, ReadOnly: true, EncryptionKey: old})
	if err != nil {
		return explainOpen(dir, err)
	}
	if err := badger.WriteKeyRegistry(registry, badger.KeyRegistryOptions{Dir: dir, EncryptionKey: fresh}); err != nil {
		return fmt.Errorf("kv: write the KEYREGISTRY: %w", err)
	}
	ring, err = readKeys(dir, fresh)
	ring.close()
	return err
}
