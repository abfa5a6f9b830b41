package kv

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/zstd"
)

// A sealed value is one byte for the form, four for the length of the content, eight of an XXH64 over
// key and content, then the content. The key is in the sum because a damaged value log can give one key
// the intact value of another. It guards against damage, not against people: the audit chain does that.
const (
	sealForm = 1
	sealHead = 1 + 4 + 8
)

// errDamaged is a value that is not what was stored.
var errDamaged = errors.New("the stored value is damaged: its length or checksum is not right")

// seal joins the parts into one sealed value of key.
func seal(key []byte, parts ...[]byte) []byte {
	n := sealHead
	for _, p := range parts {
		n += len(p)
	}
	value := make([]byte, sealHead, n)
	for _, p := range parts {
		value = append(value, p...)
	}
	value[0] = sealForm
	binary.BigEndian.PutUint32(value[1:], uint32(n-sealHead))
	binary.BigEndian.PutUint64(value[5:], checksum(key, value[sealHead:]))
	return value
}

// unseal returns the content of a sealed value, which it shares, or errDamaged.
func unseal(key, value []byte) ([]byte, error) {
	if len(value) < sealHead || value[0] != sealForm || int(binary.BigEndian.Uint32(value[1:])) != len(value)-sealHead {
		return nil, errDamaged
	}
	if checksum(key, value[sealHead:]) != binary.BigEndian.Uint64(value[5:]) {
		return nil, errDamaged
	}
	return value[sealHead:], nil
}

func checksum(key, content []byte) uint64 {
	var d xxhash.Digest
	d.Reset()
	d.Write(key) // never fails
	d.Write(content)
	return d.Sum64()
}

// sealJSON is v as a sealed value of key.
func sealJSON(key []byte, v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("kv: encode %T: %w", v, err)
	}
	if data, err = packJSON(data); err != nil {
		return nil, err
	}
	return seal(key, data), nil
}

// packFrom is from which size JSON is stored compressed: an alert holds several copies of an entry that are
// nearly the same, and one session may write a hundred alerts in one transaction.
const packFrom = 2 << 10

// packed starts what zstd wrote. No JSON starts so.
var packed = []byte{0x28, 0xB5, 0x2F, 0xFD}

// maxPacked bounds what a packed value may unfold to.
const maxPacked = 64 << 20

var (
	packer = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	})
	unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxPacked))
	})
)

func packJSON(data []byte) ([]byte, error) {
	if len(data) < packFrom || len(data) > maxPacked {
		return data, nil
	}
	to, err := packer()
	if err != nil {
		return nil, fmt.Errorf("kv: compress: %w", err)
	}
	return to.EncodeAll(data, nil), nil
}

func unpackJSON(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, packed) {
		return data, nil
	}
	from, err := unpacker()
	if err != nil {
		return nil, fmt.Errorf("kv: decompress: %w", err)
	}
	return from.DecodeAll(data, nil)
}

// unsealJSON reads a sealed value of key into v.
func unsealJSON(key, value []byte, v any) error {
	data, err := unseal(key, value)
	if err != nil {
		return err
	}
	if data, err = unpackJSON(data); err != nil {
		return errors.Join(errDamaged, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("the stored value does not decode: %w", err)
	}
	return nil
}
