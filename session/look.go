package session

import (
	"context"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"dossier/photo"
)

// photoPulse is how long a look at a photo counts as one: a strip of small ones, then the large one, then
// a closer look make one line in the audit log.
const photoPulse = 5 * time.Minute

// keptLooks bounds how many looks are remembered. One that was forgotten is noted a second time.
const keptLooks = 10_000

// A look is somebody at a photo.
type look struct {
	actor, ip string
	session   ID
	sha256    string
}

// looks are when each was last noted.
type looks struct{ at *lru.Cache[look, time.Time] }

func newLooks() looks {
	at, err := lru.New[look, time.Time](keptLooks)
	if err != nil { // only for sizes below 1
		panic(err)
	}
	return looks{at}
}

// Photo returns a photo of a session, in full with width 0, else as a JPEG at most so wide, and notes
// who looked. The photo is named by its kind or by its SHA-256; of a kind it is the newest.
func (s *Service) Photo(ctx context.Context, actor Actor, id ID, name string, width int) ([]byte, Photo, error) {
	got, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, Photo{}, err
	}
	p, ok := got.PhotoNamed(name)
	if !ok {
		return nil, Photo{}, notFound("session.Photo", "photo")
	}
	data, err := s.store.Photo(ctx, p.SHA256)
	if err != nil {
		return nil, Photo{}, err
	}
	if width > 0 {
		if data, err = photo.Thumbnail(data, width); err != nil {
			return nil, Photo{}, err
		}
		p.ContentType = "image/jpeg"
	}
	return data, p, s.SawPhoto(ctx, actor, got, p)
}

// PhotoNamed returns the newest photo of a kind, or the one with a SHA-256.
func (s Session) PhotoNamed(name string) (Photo, bool) {
	for _, p := range slices.Backward(s.Photos) {
		if string(p.Kind) == name || p.SHA256 == name {
			return p, true
		}
	}
	return Photo{}, false
}

// SawPhoto notes that the actor looked at a photo, unless that was noted a moment ago. Whoever keeps
// photos at hand calls it for each that is shown.
func (s *Service) SawPhoto(ctx context.Context, actor Actor, got Session, p Photo) error {
	now := s.now()
	key := look{actor.ID, actor.IP, got.ID, p.SHA256}
	if last, ok := s.looks.at.Get(key); ok && now.Sub(last) < photoPulse && !now.Before(last) {
		return nil
	}
	err := s.saw(ctx, actor.Event(now.UTC(), ActPhotoViewed, got.Company, got.ID, map[string]string{"kind": string(p.Kind), "sha256": p.SHA256}))
	if err == nil {
		s.looks.at.Add(key, now)
	}
	return err
}

// TakePhoto returns the original bytes of a photo to be kept by the actor, and notes that.
func (s *Service) TakePhoto(ctx context.Context, actor Actor, id ID, name string) ([]byte, Photo, error) {
	got, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, Photo{}, err
	}
	p, ok := got.PhotoNamed(name)
	if !ok {
		return nil, Photo{}, notFound("session.TakePhoto", "photo")
	}
	data, err := s.store.Photo(ctx, p.SHA256)
	if err == nil {
		err = s.store.Record(ctx, actor.Event(s.now().UTC(), ActPhotoTaken, got.Company, id, map[string]string{"kind": string(p.Kind), "sha256": p.SHA256}))
	}
	return data, p, err
}

// FaceOf cuts the portrait out of a photo of a document, as a JPEG at most so wide; it is NotFound where
// no face is found for sure. What it gives is derived and never stored.
func (s *Service) FaceOf(ctx context.Context, actor Actor, got Session, p Photo, width int) ([]byte, error) {
	if err := actor.need("session.FaceOf", MayRead); err != nil {
		return nil, err
	}
	if !actor.Sees(got.Company) {
		return nil, notFound("session.FaceOf", "session")
	}
	data, err := s.store.Photo(ctx, p.SHA256)
	if err != nil {
		return nil, err
	}
	face, found, err := photo.Portrait(data, width)
	if err != nil || !found {
		return nil, &Error{Code: NotFound, Op: "session.FaceOf", Message: "No face was found on this document.", Err: err}
	}
	return face, s.SawPhoto(ctx, actor, got, p)
}
