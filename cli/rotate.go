package cli

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"dossier/kv"
)

// An encryptionKey is 32 bytes, written as 64 hexadecimal digits or in base64. It never prints itself.
type encryptionKey struct{ bytes []byte }

// UnmarshalText reads a key; an empty text is none.
func (k *encryptionKey) UnmarshalText(text []byte) error {
	written := strings.TrimSpace(string(text))
	if written == "" {
		return nil
	}
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString} {
		if b, err := decode(written); err == nil && len(b) == kv.KeySize {
			k.bytes = b
			return nil
		}
	}
	return errors.New("a key is 32 bytes as 64 hexadecimal digits or in base64, such as openssl rand -hex 32 gives")
}

// String hides the key.
func (k encryptionKey) String() string {
	if k.set() {
		return "(hidden)"
	}
	return ""
}

func (k encryptionKey) set() bool { return len(k.bytes) > 0 }

type rotateKeyCmd struct {
	storeSettings
	NewKeyFile string `help:"File that holds the new key." required:"" type:"path" placeholder:"FILE"`
}

// Run gives the encrypted database another key.
func (c *rotateKeyCmd) Run(env *Env) error {
	text, err := os.ReadFile(c.NewKeyFile)
	if err != nil {
		return err
	}
	var fresh encryptionKey
	if err := fresh.UnmarshalText(text); err != nil {
		return fmt.Errorf("%s: %w", c.NewKeyFile, err)
	}
	if !fresh.set() {
		return fmt.Errorf("%s is empty", c.NewKeyFile)
	}
	if err := kv.RotateKey(c.storeDir(), c.EncryptionKey.bytes, fresh.bytes); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Stdout, "The database has the new key. Set it wherever the old one was set; backups are not concerned.")
	return err
}
