package kv

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cespare/xxhash/v2"
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
	return seal(key, data), nil
}

// unsealJSON reads a sealed value of key into v.
func unsealJSON(key, value []byte, v any) error {
	data, err := unseal(key, value)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("the stored value does not decode: %w", err)
	}
	return nil
}
