package session

import (
	"cmp"
	"context"
	"slices"

	"dossier/mrz"
)

// previewed is how many of a company's last sessions a preview looks at, and previewSamples how many of
// each change it names.
const (
	previewed      = 1000
	previewSamples = 5
)

// A Preview says how the last sessions of a company would have come out under other settings.
type Preview struct {
	Looked  int // sessions that the rules have judged, newest first
	Changes []StatusChange
}

// Changed is how many would have come out otherwise.
func (p Preview) Changed() int {
	n := 0
	for _, c := range p.Changes {
		n += c.Count
	}
	return n
}

// A StatusChange is what the rules give under the settings in force, and would give under the others.
type StatusChange struct {
	From, To Status
	Count    int
	Samples  []Session // the newest
}

// PreviewSettings judges the last sessions of a company twice, under the settings in force and under
// others, each as of the day on which it was finished. What members decided is left out of both.
func (s *Service) PreviewSettings(ctx context.Context, actor Actor, c Company) (Preview, error) {
	if err := actor.need("session.PreviewSettings", MayManage); err != nil {
		return Preview{}, err
	}
	inForce, err := s.company(ctx, actor, c.Slug)
	if err != nil {
		return Preview{}, err
	}
	if err := c.Validate(); err != nil {
		return Preview{}, err
	}
	counts := map[[2]Status]*StatusChange{}
	preview := Preview{}
	q := Query{Companies: []string{c.Slug}, Status: []Status{AwaitingAction, Success, Rejected}, Limit: 200}
	for preview.Looked < previewed {
		page, err := s.Find(ctx, actor, q)
		if err == nil {
			err = page.Whole()
		}
		if err != nil {
			return Preview{}, err
		}
		for _, got := range page.Sessions {
			if err := s.previewOne(ctx, got, inForce.Settings, c.Settings, counts); err != nil {
				return Preview{}, err
			}
		}
		preview.Looked += len(page.Sessions)
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, change := range counts {
		preview.Changes = append(preview.Changes, *change)
	}
	slices.SortFunc(preview.Changes, func(a, b StatusChange) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return preview, nil
}

func (s *Service) previewOne(ctx context.Context, got Session, old, new Settings, counts map[[2]Status]*StatusChange) error {
	twins, err := s.store.Twins(ctx, got.Company, got.Person.DocumentNumber, got.Person.PersonalNumber, got.ID)
	if err != nil {
		return err
	}
	f := Facts{Today: cmp.Or(got.Activity.FinishedAt, got.UpdatedAt), Twins: twins}
	_, from := Judge(got.under(old, f), old, f)
	_, to := Judge(got.under(new, f), new, f)
	if from == to {
		return nil
	}
	change := counts[[2]Status{from, to}]
	if change == nil {
		change = &StatusChange{From: from, To: to}
		counts[[2]Status{from, to}] = change
	}
	if change.Count++; len(change.Samples) < previewSamples {
		change.Samples = append(change.Samples, got)
	}
	return nil
}

// under is s with what the settings decide before the rules run: which errors of the zone count, and
// whether anybody is screened.
func (s Session) under(set Settings, f Facts) Session {
	if zone, err := mrz.Parse(s.Document.MRZ, mrz.Options{Today: f.Today}); err == nil {
		s.Document.MRZErrors = set.zoneErrors(zone)
	}
	if !set.Screen {
		s.Screening = Screening{Status: NotScreened}
	}
	return s
}
