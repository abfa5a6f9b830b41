package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// A cost is how much work a hash is. It stands in the hash, so that it can grow.
type cost struct {
	time, memory uint32 // memory in KiB
	threads      uint8
}

// argonCost is RFC 9106 section 4, the second recommended option with 64 MiB of memory. Only tests change it.
var argonCost = cost{time: 3, memory: 64 * 1024, threads: 2}

const (
	argonLength = 32
	argonSalt   = 16
)

// Length of a password, in characters (NIST SP 800-63B section 5.1.1.2: long, no composition rules).
const (
	MinPassword = 12
	MaxPassword = 256
)

// hashing bounds how many passwords are hashed at once, and with it the memory that logins may take.
var hashing = make(chan struct{}, 2)

func (c cost) hash(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, argonLength)
}

func (c cost) text(salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", c.memory, c.time, c.threads, b64(salt), b64(sum))
}

// HashPassword returns the Argon2id PHC string of password.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argonCost.text(salt, argonCost.hash(password, salt))
}

// noMember is hashed against when there is no such member, or one without a password, so that both
// answers take as long.
func noMember() string { return argonCost.text(make([]byte, argonSalt), make([]byte, argonLength)) }

// passwordIs compares, or gives up with ctx while too many others are being compared.
func passwordIs(ctx context.Context, hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || len(password) > 4*MaxPassword {
		return false, nil
	}
	var c cost
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return false, nil
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, nil
	}
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return subtle.ConstantTimeCompare(c.hash(password, salt), want) == 1, nil
}

// checkPassword says what is wrong with a password, or "".
func checkPassword(password string, m Member) string {
	n := utf8.RuneCountInString(password)
	rest := strings.ReplaceAll(strings.ToLower(password), strings.ToLower(localPart(m.Email)), "")
	switch {
	case n < MinPassword:
		return fmt.Sprintf("Use at least %d characters; a few words are fine.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("Use at most %d characters.", MaxPassword)
	case differentRunes(password) < 5:
		return "Use more different characters."
	case isCommon(password):
		return "Too many people use this password, or one like it. Put together a few words that have nothing to do with each other."
	case m.Email != "" && (strings.EqualFold(password, m.Email) || len(rest) < MinPassword/2):
		return "Do not build the password on the e-mail address."
	}
	return ""
}

func differentRunes(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

func localPart(email string) string {
	name, _, _ := strings.Cut(email, "@")
	return name
}

// newToken returns n random bytes as text that is safe in URLs and cookies.
func newToken(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
