package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

type onceKey struct{}

// Once makes what is done with the returned context happen at most once for this idempotency key and
// request: the key is stored with the change, in the same transaction. If it happened before, the
// session that it changed comes back, and the caller answers with that; the same key with another
// request is a Conflict. Ingest looks after its own key, which stands in the Intake.
func (s *Service) Once(ctx context.Context, actor Actor, key string, request []byte) (context.Context, ID, error) {
	if key == "" {
		return ctx, "", nil
	}
	sum := sha256.Sum256(request)
	o, before, err := s.repeated(ctx, actor, key, hex.EncodeToString(sum[:]))
	if o != nil {
		ctx = context.WithValue(ctx, onceKey{}, *o)
	}
	return ctx, before, err
}

// repeated looks an idempotency key up. It returns the record to store, or what the key did before.
func (s *Service) repeated(ctx context.Context, actor Actor, key, hash string) (*Once, ID, error) {
	if len(key) > 255 {
		return nil, "", Fields{"Idempotency-Key": "At most 255 bytes are taken."}.Err("session.Once")
	}
	o := &Once{Key: actor.ID + "/" + key, Hash: hash, At: s.now().UTC()}
	before, err := s.store.Once(ctx, o.Key)
	switch {
	case CodeOf(err) == NotFound:
		return o, "", nil
	case err != nil:
		return nil, "", err
	}
	id, err := before.repeats(hash)
	return nil, id, err
}

// repeats returns the session that the recorded request changed, if it is the same as the hashed one.
func (o Once) repeats(hash string) (ID, error) {
	if o.Hash != hash {
		return "", conflict("session.Once", "This idempotency key was used with another request. Use a new key for a new request.")
	}
	return o.Session, nil
}

// onceDone is ctx for what follows in other sessions, or later in the same one: it is stored without the
// idempotency key, which is taken by then.
func onceDone(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, nil) }

func onceOf(ctx context.Context, id ID) *Once {
	o, ok := ctx.Value(onceKey{}).(Once)
	if !ok {
		return nil
	}
	o.Session = id
	return &o
}
