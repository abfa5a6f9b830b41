package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dossier/sanctions"
)

// A Replay is an old screening done once more, with the lists of its day from the archive.
type Replay struct {
	ScreenedAt  time.Time          `json:"screened_at"`
	Run         string             `json:"run,omitempty"` // the re-screening that made or confirmed it
	Confirmed   bool               `json:"confirmed"`     // by a run, which found what the session held already
	Lists       []ScreenedList     `json:"lists"`
	Matcher     string             `json:"matcher"`
	MatcherNow  string             `json:"matcher_now"`
	Threshold   float64            `json:"threshold"`
	Hits        int                `json:"hits"` // then
	Same        bool               `json:"same"`
	Problem     string             `json:"problem,omitempty"` // why it cannot be repeated
	Differences []ReplayDifference `json:"differences,omitempty"`
}

// A ReplayDifference is an entry that came out otherwise.
type ReplayDifference struct {
	List    string  `json:"list"`
	EntryID string  `json:"entry_id"`
	Name    string  `json:"name"`
	Then    float64 `json:"then"` // score; 0 is not among the hits, or the best below the threshold
	Now     float64 `json:"now"`
	What    string  `json:"what"`
}

// OtherMatcher reports whether another version of the matcher made the screening, so that it may well
// come out otherwise.
func (r Replay) OtherMatcher() bool { return r.Matcher != r.MatcherNow }

// Replay repeats the screenings of a session that are on record, newest first, and says of each whether
// it comes out the same.
func (s *Service) Replay(ctx context.Context, actor Actor, id ID) ([]Replay, error) {
	if err := actor.need("session.Replay", MayRead); err != nil {
		return nil, err
	}
	got, err := s.visible(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	s.replaying.Lock() // each reads whole lists
	defer s.replaying.Unlock()
	var all []Replay
	old := archive{s: s}
	screenings := append(slices.Clone(got.PastScreenings), got.Screening)
	for i, sc := range slices.Backward(screenings) {
		if sc.ScreenedAt.IsZero() {
			continue
		}
		if confirmed, err := s.confirmed(ctx, got); err != nil {
			return nil, err
		} else if i == len(screenings)-1 && confirmed.Screening.Run != sc.Run && !maps.Equal(hashesOf(confirmed.Screening.Lists), hashesOf(sc.Lists)) {
			later := confirmed.Screening
			later.Near = nil // those of the lists then
			r, err := old.replay(ctx, later)
			if err != nil {
				return nil, err
			}
			r.Confirmed = true
			all = append(all, r)
		}
		r, err := old.replay(ctx, sc)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, conflict("session.Replay", "This person was not screened yet: there is nothing to repeat.")
	}
	same := 0
	for _, r := range all {
		if r.Same {
			same++
		}
	}
	return all, s.store.Record(ctx, actor.Event(s.now().UTC(), ActReplayed, got.Company, id, map[string]string{"screenings": fmt.Sprint(len(all)), "same": fmt.Sprint(same)}))
}

// An archive gives the lists of old days. It keeps the last ones that it was asked for.
type archive struct {
	s      *Service
	hashes map[string]string
	lists  *inForce
}

// replay repeats one screening.
func (a *archive) replay(ctx context.Context, sc Screening) (Replay, error) {
	r := Replay{ScreenedAt: sc.ScreenedAt, Run: sc.Run, Lists: sc.Lists, Matcher: sc.Matcher, MatcherNow: sanctions.MatcherVersion, Threshold: sc.Threshold, Hits: len(sc.Hits)}
	switch {
	case sc.Query == nil:
		r.Problem = "What was compared then is not on record."
		return r, nil
	case len(sc.Lists) == 0:
		r.Problem = "No list was loaded then, so there was nothing to compare with."
		return r, nil
	}
	lists, problem, err := a.of(ctx, sc.Lists)
	if err != nil || problem != "" {
		r.Problem = problem
		return r, err
	}
	o := sanctions.Options{Threshold: sc.Threshold, Top: maxHits + 1, WeakNeedMore: sc.WeakMuted}
	hits, near := lists.index.Look(sc.Query.person(), o, maxNear)
	hits, _ = lists.keep(sc.Query.person(), o, hits, sc.Hits)
	r.Differences = differences(sc, lists.index, hits, near)
	r.Same = len(r.Differences) == 0
	return r, nil
}

// of returns the lists with these hashes, or what keeps them from being read.
func (a *archive) of(ctx context.Context, wanted []ScreenedList) (lists *inForce, problem string, err error) {
	hashes := hashesOf(wanted)
	if now := a.s.lists.Load(); maps.Equal(now.hashes(), hashes) {
		return now, "", nil
	}
	if a.lists != nil && maps.Equal(a.hashes, hashes) {
		return a.lists, "", nil
	}
	read := map[string]sanctions.List{}
	for _, l := range wanted {
		raw, err := a.s.store.RawList(ctx, l.SHA256)
		if CodeOf(err) == NotFound {
			return nil, fmt.Sprintf("The file of the list %s, %s, is not in the archive.", l.ID, l.Version), nil
		}
		if err != nil {
			return nil, "", err
		}
		list, err := ReadList(raw, l.ID, l.ID)
		if err != nil {
			return nil, fmt.Sprintf("The file of the list %s, %s, cannot be read any more: %s.", l.ID, l.Version, err), nil
		}
		read[l.ID] = list
	}
	a.hashes, a.lists = hashes, newInForce(nil, read)
	return a.lists, "", nil
}

// differences compares what was found then with what is found now, entry by entry.
func differences(then Screening, index *sanctions.Index, hits, near []sanctions.Hit) []ReplayDifference {
	var all []ReplayDifference
	add := func(list, id, name string, was, is float64, what string) {
		all = append(all, ReplayDifference{List: list, EntryID: id, Name: name, Then: was, Now: is, What: what})
	}
	now := map[entryKey]sanctions.Hit{}
	for _, h := range hits {
		now[entryKey{h.List, h.EntryID}] = h
	}
	for _, h := range then.Hits {
		again, found := now[h.key()]
		delete(now, h.key())
		entry, _ := index.Entry(h.List, h.EntryID)
		switch {
		case !found:
			add(h.List, h.EntryID, h.Name, h.Score, 0, "was a hit, and is none")
		case again.Score != h.Score:
			add(h.List, h.EntryID, h.Name, h.Score, again.Score, "another score")
		case entry.Hash() != h.EntryHash:
			add(h.List, h.EntryID, h.Name, h.Score, again.Score, "the entry reads otherwise in the archived file")
		}
	}
	for _, h := range hits {
		if _, left := now[entryKey{h.List, h.EntryID}]; left {
			add(h.List, h.EntryID, h.Name, 0, h.Score, "is a hit, and was none")
		}
	}
	if then.Near == nil || slices.Equal(then.Near, nearOf(near)) {
		return all
	}
	was := map[entryKey]NearMiss{}
	for _, n := range then.Near {
		was[entryKey{n.List, n.EntryID}] = n
	}
	for _, n := range nearOf(near) {
		old := was[entryKey{n.List, n.EntryID}]
		if old.Score != n.Score {
			add(n.List, n.EntryID, n.Name, old.Score, n.Score, "another score, below the threshold")
		}
	}
	return all
}
