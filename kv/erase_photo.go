package kv

import (
	"bytes"
	"context"
	"iter"
	"sync"
	"time"
)

// photoGrace is how long a photo that no session shows stays after it was put: the session that it was
// put for is stored a moment later.
const photoGrace = time.Hour

// touchPhoto notes that a photo was put again, and reports whether it is still there.
func (db *DB) touchPhoto(ctx context.Context, sum []byte) (there bool, err error) {
	const op = "kv.PutPhoto"
	k := of(atPhoto).bytes(sum)
	recent := func(r reader) (b blob, fresh bool, err error) {
		there, err = getJSON(r, op, k, &b)
		return b, there && db.now().Sub(b.At) < photoGrace/2, err
	}
	fresh := false
	err = db.view(ctx, op, func(s snapshot) error {
		_, fresh, err = recent(s)
		return err
	})
	if err != nil || fresh {
		return there, err
	}
	err = db.update(ctx, op, func(t *tx) error {
		b, _, err := recent(t)
		if err != nil || !there {
			return err
		}
		b.At = db.now().UTC()
		return t.setJSON(k, b)
	})
	return there, err
}

// release deletes a photo, unless a session shows it or it was put a short while ago. Of one that has to wait
// it returns until when.
func (t *tx) release(op string, sum []byte, now time.Time) (kept time.Time, err error) {
	if len(t.keys(of(atPhotoUse).bytes(sum))) > 0 {
		return kept, nil
	}
	var b blob
	k := of(atPhoto).bytes(sum)
	if there, err := getJSON(t, op, k, &b); err == nil && there && now.Sub(b.At) < photoGrace {
		return b.At.Add(photoGrace), nil
	} // one whose record is damaged goes as well
	t.delete(k)
	for _, chunk := range t.keys(of(atPhotoChunk).bytes(sum)) {
		t.delete(chunk)
	}
	return kept, t.owe(time.Time{})
}

// uploads are the photos whose chunks are being stored.
type uploads struct {
	mu    sync.Mutex
	under map[[32]byte]int
}

func (u *uploads) begin(sum [32]byte) (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.under == nil {
		u.under = map[[32]byte]int{}
	}
	u.under[sum]++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.under[sum]--; u.under[sum] == 0 {
			delete(u.under, sum)
		}
	}
}

func (u *uploads) has(sum [32]byte) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.under[sum] > 0
}

// SweepPhotos deletes photos that no session shows, and chunks of which no photo came: what intakes
// leave that were cut off.
func (db *DB) SweepPhotos(ctx context.Context) (swept int, err error) {
	const op = "kv.SweepPhotos"
	if err := db.finishErasures(ctx); err != nil {
		return 0, err
	}
	var stray [][32]byte
	err = db.view(ctx, op, func(s snapshot) error {
		for sum := range s.strayPhotos() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			stray = append(stray, sum)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, sum := range stray {
		gone := false
		err := db.update(ctx, op, func(t *tx) error {
			if db.uploads.has(sum) {
				return nil
			}
			before := len(t.writes)
			_, err := t.release(op, sum[:], db.now())
			gone = len(t.writes) > before
			return err
		})
		if err != nil {
			return swept, err
		}
		if gone {
			swept++
		}
	}
	return swept, nil
}

// strayPhotos yields the hashes of chunks that no session shows, by going once through the keys of both,
// which are in the same order. Every photo has a chunk.
func (s snapshot) strayPhotos() iter.Seq[[32]byte] {
	return without(s.hashes(atPhotoChunk), s.hashes(atPhotoUse), func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
}

// hashes yields the SHA-256 after a prefix, each once.
func (s snapshot) hashes(prefix byte) iter.Seq[[32]byte] {
	return func(yield func([32]byte) bool) {
		var last [32]byte
		first := true
		for rest := range s.scan(span{prefix: of(prefix)}) {
			if len(rest) < 32 {
				continue
			}
			sum := [32]byte(rest[:32])
			if !first && sum == last {
				continue
			}
			first, last = false, sum
			if !yield(sum) {
				return
			}
		}
	}
}
