package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"
)

// A Key lets a program use the API for one company. Every key reads.
type Key struct {
	ID        string    `json:"id"` // the part before the dot of the key, shown in lists
	Company   string    `json:"company"`
	Name      string    `json:"name"`
	Hash      string    `json:"hash"` // SHA-256 of the secret part, hex
	Write     bool      `json:"write"`
	Lists     bool      `json:"lists,omitempty"`    // may update sanctions lists and start re-screenings, for all companies
	Settings  bool      `json:"settings,omitempty"` // may read and change the settings of its company, and give cases to members
	MadeBy    string    `json:"made_by,omitempty"`  // "member:01J…"; "" is the operator, on the command line
	CreatedAt time.Time `json:"created_at"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	UsedAt    time.Time `json:"used_at,omitzero"` // the last time, to within minutes
}

// belongs reports whether a company is one of m's.
func (m Member) belongs(company string) bool {
	return m.Everyone || slices.Contains(m.Companies, company)
}

// managesKeys reports whether m may make and revoke the keys of a company.
func (m Member) managesKeys(company string) bool {
	return m.Role == Master && !m.Disabled && m.belongs(company)
}

// AddKey makes an API key with the company, name and rights of k, and returns its text, which is
// stored nowhere. A key for the lists, which concern all companies, only a master of all can make.
// Problems come as a *ProblemError; a company that is not by's is ErrNotFound.
func (s *Service) AddKey(ctx context.Context, by Member, k Key) (Key, string, error) {
	k.Name = strings.TrimSpace(k.Name)
	n := utf8.RuneCountInString(k.Name)
	switch {
	case k.Company == "" || n == 0 || n > 120:
		return Key{}, "", wrong("name", "Give the company and a name of 1 to 120 characters for the key.")
	case !by.managesKeys(k.Company):
		return Key{}, "", ErrNotFound
	case k.Lists && !by.Everyone:
		return Key{}, "", wrong("rights", "A key for the lists concerns all companies: a master of all of them can make it.")
	}
	secret := newToken(32)
	k.ID, k.Hash, k.CreatedAt = strings.ToLower(ulid.Make().String()[14:]), tokenHash(secret), s.now().UTC()
	if by.ID != "" {
		k.MadeBy = "member:" + by.ID
	}
	return k, "dk_" + k.ID + "." + secret, s.store.AddKey(ctx, k, s.noteKey(by, k, "added"))
}

func (s *Service) noteKey(by Member, k Key, change string) *Note {
	return s.note(by, ActKey, []string{k.Company}, map[string]string{"key": k.ID, "change": change})
}

// CheckKey returns the key whose text this is, or ErrRefused.
func (s *Service) CheckKey(ctx context.Context, text string) (Key, error) {
	id, secret, ok := strings.Cut(strings.TrimPrefix(text, "dk_"), ".")
	if !ok || len(text) > 200 {
		return Key{}, ErrRefused
	}
	k, err := s.store.Key(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Key{}, ErrRefused
	} else if err != nil {
		return Key{}, err
	}
	if subtle.ConstantTimeCompare([]byte(k.Hash), []byte(tokenHash(secret))) != 1 || !k.RevokedAt.IsZero() {
		return Key{}, ErrRefused
	}
	if now := s.now().UTC(); now.Sub(k.UsedAt) > keyUseStep {
		used, err := s.store.ChangeKey(ctx, k.ID, func(k *Key) *Note {
			k.UsedAt = now
			return nil
		})
		if err == nil { // on a full disk reads go on, and the next use is noted again
			return used, nil
		}
	}
	return k, nil
}

// keyUseStep is how exactly the last use of a key is known: a write for every request would be too many.
const keyUseStep = 5 * time.Minute

// RevokeKey ends a key of a company that by manages, or returns ErrNotFound; it stays in the list with
// the date.
func (s *Service) RevokeKey(ctx context.Context, by Member, id string) (Key, error) {
	k, err := s.store.Key(ctx, id)
	if err == nil && !by.managesKeys(k.Company) {
		err = ErrNotFound
	}
	if err != nil {
		return Key{}, err
	}
	return s.store.ChangeKey(ctx, id, func(k *Key) *Note {
		if !k.RevokedAt.IsZero() {
			return nil
		}
		k.RevokedAt = s.now().UTC()
		return s.noteKey(by, *k, "revoked")
	})
}

// Keys returns the keys of the companies that by belongs to, newest first.
func (s *Service) Keys(ctx context.Context, by Member) ([]Key, error) {
	all, err := s.store.Keys(ctx)
	return slices.DeleteFunc(all, func(k Key) bool { return !by.belongs(k.Company) }), err
}
