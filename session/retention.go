package session

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Retention says how long a session is kept. Due and PhotosDue follow from the periods of the company
// as they are now, see [Session.KeptSince].
type Retention struct {
	Due          time.Time `json:"due,omitzero"`              // of the record; zero is never
	PhotosDue    time.Time `json:"photos_due,omitzero"`       // zero is never, or there are none
	PhotosErased time.Time `json:"photos_erased_at,omitzero"` // zero while they are there, or there were none
	Hold         bool      `json:"hold"`                      // legal hold: nothing is erased while it is set
	HoldBy       string    `json:"hold_by,omitempty"`         // "member:01J…"
	HoldAt       time.Time `json:"hold_at,omitzero"`
	HoldReason   string    `json:"hold_reason,omitempty"`
}

// An ErasureKind says what of a session is erased.
type ErasureKind string

// The kinds of erasure. Photos go with the record at the latest.
const (
	ErasePhotos ErasureKind = "photos"
	EraseRecord ErasureKind = "record"
)

// Kept is a session with the moment from which its periods count.
type Kept struct {
	ID    ID
	Since time.Time
}

// KeptSince is the moment from which the retention periods count: the decision, and for a session that
// nobody decided the last thing that the applicant or a member did. A re-screening is neither.
func (s Session) KeptSince() time.Time {
	if !s.DecidedAt.IsZero() {
		return s.DecidedAt
	}
	last := s.CreatedAt
	done := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	done(s.Activity.StartedAt)
	done(s.Activity.FinishedAt)
	for _, a := range s.Attempts {
		done(a.StartedAt)
		done(a.FinishedAt)
	}
	for _, n := range s.Notes {
		done(n.At)
	}
	for _, e := range s.Person.Edits {
		done(e.At)
	}
	for _, h := range s.Screening.Hits {
		done(h.Disposition.At)
	}
	return last
}

// PhotoHashes are the SHA-256 of all photos of all attempts, each once.
func (s Session) PhotoHashes() []string {
	var all []string
	add := func(photos []Photo) {
		for _, p := range photos {
			if !slices.Contains(all, p.SHA256) {
				all = append(all, p.SHA256)
			}
		}
	}
	add(s.Photos)
	for _, a := range s.Attempts {
		add(a.Photos)
	}
	return all
}

// days is how long a company keeps something; 0 is for ever.
func (set Settings) days(what ErasureKind) int {
	if what == ErasePhotos {
		return set.PhotoDays
	}
	return set.RecordDays
}

// DueDate is when something that is kept since a moment may go; zero is never.
func (set Settings) DueDate(what ErasureKind, since time.Time) time.Time {
	if set.days(what) <= 0 {
		return time.Time{}
	}
	return since.UTC().AddDate(0, 0, set.days(what))
}

// dateBy sets when the session may go, by these settings.
func (s *Session) dateBy(set Settings) {
	since := s.KeptSince()
	s.Retention.Due, s.Retention.PhotosDue = set.DueDate(EraseRecord, since), time.Time{}
	if len(s.PhotoHashes()) > 0 {
		s.Retention.PhotosDue = set.DueDate(ErasePhotos, since)
	}
}

// date sets when sessions may go, by the settings of their companies as they are now.
func (s *Service) date(ctx context.Context, sessions ...*Session) error {
	for _, got := range sessions {
		c, err := s.knownCompany(ctx, got.Company)
		if err != nil && CodeOf(err) != NotFound {
			return err
		}
		got.dateBy(c.Settings)
	}
	return nil
}

func pointers(sessions []Session) []*Session {
	all := make([]*Session, len(sessions))
	for i := range sessions {
		all[i] = &sessions[i]
	}
	return all
}

// A Due is something that may be erased by now.
type Due struct {
	Session ID          `json:"id"`
	Company string      `json:"company"`
	What    ErasureKind `json:"what"`
	Due     time.Time   `json:"due"`
	Held    bool        `json:"held,omitempty"` // a legal hold keeps it
}

// dueBatch is how many sessions are looked at at once.
const dueBatch = 500

// DueForErasure yields what may be erased by now in the companies that the actor sees, the longest due
// of each company first. What is on legal hold is named and marked.
func (s *Service) DueForErasure(ctx context.Context, actor Actor) iter.Seq2[Due, error] {
	return func(yield func(Due, error) bool) {
		if err := actor.need("session.DueForErasure", MayManage); err != nil {
			yield(Due{}, err)
			return
		}
		companies, err := s.companiesOf(ctx, actor)
		if err != nil {
			yield(Due{}, err)
			return
		}
		for _, c := range companies {
			for _, what := range []ErasureKind{EraseRecord, ErasePhotos} {
				for due, err := range s.dueIn(ctx, c, what) {
					if !yield(due, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// dueIn yields what of one kind is due in a company. Photos of a record that is due go with it.
func (s *Service) dueIn(ctx context.Context, c Company, what ErasureKind) iter.Seq2[Due, error] {
	return func(yield func(Due, error) bool) {
		days, records := c.Settings.days(what), c.Settings.days(EraseRecord)
		if days <= 0 {
			return
		}
		now := s.now().UTC()
		var after Kept
		if what == ErasePhotos && records > 0 {
			after.Since = now.AddDate(0, 0, -records).Add(1)
		}
		for {
			kept, err := s.store.Kept(ctx, c.Slug, what, after, now.AddDate(0, 0, -days), dueBatch)
			if err != nil {
				yield(Due{}, err)
				return
			}
			if len(kept) == 0 {
				return
			}
			after = kept[len(kept)-1]
			if !s.yieldDue(ctx, c, what, kept, yield) {
				return
			}
		}
	}
}

// yieldDue yields a batch, as far as its sessions are still there. It reports whether to go on.
func (s *Service) yieldDue(ctx context.Context, c Company, what ErasureKind, kept []Kept, yield func(Due, error) bool) bool {
	ids := make([]ID, len(kept))
	for i, k := range kept {
		ids[i] = k.ID
	}
	sessions, err := s.store.Load(ctx, ids)
	if err != nil {
		return yield(Due{}, err) && false
	}
	for _, got := range sessions {
		d := Due{Session: got.ID, Company: c.Slug, What: what, Due: c.Settings.DueDate(what, got.KeptSince()), Held: got.Retention.Hold}
		if !yield(d, nil) {
			return false
		}
	}
	return true
}
