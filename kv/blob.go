package kv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"dossier/session"
)

// A blob says how bytes are kept that are too big for one value: in chunks of chunkSize, which go to
// Badger's value log. It is written with or after the last chunk, so that a blob that is there is whole.
type blob struct {
	Bytes  int       `json:"bytes"`          // as given
	Stored int       `json:"stored"`         // as stored, in all chunks
	Zstd   bool      `json:"zstd,omitempty"` // stored compressed
	At     time.Time `json:"at,omitzero"`    // of a photo: when it was last put, see photoGrace
}

// A blobKind is where blobs of a kind are kept.
type blobKind struct {
	head, chunk byte
	what        string
	compress    bool
}

var (
	photos   = blobKind{atPhoto, atPhotoChunk, "photo", false}
	rawLists = blobKind{atRaw, atRawChunk, "list file", true}
)

// PutPhoto stores data under its SHA-256 (hex). A photo that is there already, and whole, is left alone.
func (db *DB) PutPhoto(ctx context.Context, data []byte) (string, error) {
	const op = "kv.PutPhoto"
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if _, err := db.Photo(ctx, name); err == nil {
		if there, err := db.touchPhoto(ctx, sum[:]); err != nil || there {
			return name, err
		}
	}
	defer db.uploads.begin(sum)()
	finish, err := db.putChunks(ctx, op, photos, sum[:], data)
	if err != nil {
		return "", err
	}
	return name, db.update(ctx, op, finish)
}

// Photo returns the bytes, or NotFound; bytes that no longer give their hash are an Internal error.
func (db *DB) Photo(ctx context.Context, sum string) ([]byte, error) {
	return db.blob(ctx, "kv.Photo", photos, sum)
}

// RawList returns the archived file with this SHA-256.
func (db *DB) RawList(ctx context.Context, sum string) ([]byte, error) {
	return db.blob(ctx, "kv.RawList", rawLists, sum)
}

// putChunks stores all chunks of a blob but the last, each in a write of its own so that others get
// their turn, and returns the write that stores the last one and makes the blob count.
func (db *DB) putChunks(ctx context.Context, op string, kind blobKind, sum, data []byte) (finish func(t *tx) error, err error) {
	b := blob{Bytes: len(data), Zstd: kind.compress}
	if kind == photos {
		b.At = db.now().UTC()
	}
	if kind.compress {
		if data, err = compress(data); err != nil {
			return nil, err
		}
	}
	b.Stored = len(data)
	n := uint64(0)
	for ; len(data) > chunkSize; n++ {
		k, chunk := of(kind.chunk).bytes(sum).number(n), data[:chunkSize]
		data = data[chunkSize:]
		if err := db.update(ctx, op, func(t *tx) error { t.set(k, chunk); return nil }); err != nil {
			return nil, err
		}
	}
	return func(t *tx) error {
		t.set(of(kind.chunk).bytes(sum).number(n), data)
		return t.setJSON(of(kind.head).bytes(sum), b)
	}, nil
}

func (db *DB) blob(ctx context.Context, op string, kind blobKind, name string) (data []byte, err error) {
	sum, ok := parseHash(name)
	if !ok {
		return nil, notFound(op, kind.what)
	}
	err = db.view(ctx, op, func(s snapshot) error {
		data, err = readBlob(s, op, kind, sum)
		return err
	})
	return data, err
}

func readBlob(s snapshot, op string, kind blobKind, sum []byte) ([]byte, error) {
	var b blob
	k := of(kind.head).bytes(sum)
	ok, err := getJSON(s, op, k, &b)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound(op, kind.what)
	}
	data, err := readChunks(s, of(kind.chunk).bytes(sum), b.Stored)
	if err == nil && b.Zstd {
		data, err = decompress(data, b.Bytes)
	}
	if err == nil {
		if got := sha256.Sum256(data); string(got[:]) != string(sum) {
			err = errDamaged
		}
	}
	if err != nil {
		return nil, &session.Error{Code: session.Internal, Op: op, Err: fmt.Errorf("%s %x: %w", kind.what, sum, err),
			Message: "This " + kind.what + " is damaged in the database. The operator finds out with dossier doctor what else is, and restores it from a backup."}
	}
	return data, nil
}

// readChunks joins size bytes of chunks.
func readChunks(s snapshot, prefix key, size int) ([]byte, error) {
	data := make([]byte, 0, size)
	for n := uint64(0); len(data) < size || n == 0; n++ {
		item, err := s.txn.Get(append(key{}, prefix...).number(n))
		if err != nil {
			return nil, fmt.Errorf("chunk %d: %w", n, err)
		}
		err = item.Value(func(chunk []byte) error {
			if size > 0 && len(chunk) == 0 || len(data)+len(chunk) > size {
				return errDamaged
			}
			data = append(data, chunk...)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("chunk %d: %w", n, err)
		}
	}
	return data, nil
}

func compress(data []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("kv: compress: %w", err)
	}
	defer w.Close()
	return w.EncodeAll(data, nil), nil
}

// decompress reads what compress wrote; size is what it must give.
func decompress(data []byte, size int) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(max(size, 8<<20))))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.DecodeAll(data, make([]byte, 0, size))
}
