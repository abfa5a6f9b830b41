package kv

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// A sealed value is one byte for the form, four for the length of the content, sixteen of a SHA-256
// over key and content, then the content. The key is in the sum because a damaged value log can give
// one key the intact value of another.
const (
	sealForm = 1
	sealHead = 1 + 4 + 16
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
	copy(value[5:], checksum(key, value[sealHead:]))
	return value
}

// unseal returns the content of a sealed value, which it shares, or errDamaged.
func unseal(key, value []byte) ([]byte, error) {
	if len(value) < sealHead || value[0] != sealForm || int(binary.BigEndian.Uint32(value[1:])) != len(value)-sealHead {
		return nil, errDamaged
	}
	if string(checksum(key, value[sealHead:])) != string(value[5:sealHead]) {
		return nil, errDamaged
	}
	return value[sealHead:], nil
}

func checksum(key, content []byte) []byte {
	h := sha256.New()
	h.Write(key)
	h.Write(content)
	return h.Sum(nil)[:16]
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
